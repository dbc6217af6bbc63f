import os
from pathlib import Path

from deploy.local.system import PORTS, environment, plan, remembered


def test_ports_follow_the_base(tmp_path: Path) -> None:
    system = plan(tmp_path, 30100, None, False, {})
    assert system.ports == {
        "publisher": 30100,
        "ingest": 30101,
        "indicators": 30102,
        "finance": 30103,
        "risk": 30104,
    }
    assert system.address("ingest") == "http://127.0.0.1:30101"


def test_each_service_has_its_own_store_in_the_data_directory(tmp_path: Path) -> None:
    system = plan(tmp_path, 8000, None, False, {})
    assert set(system.stores) == set(PORTS)
    assert system.stores["risk"] == f"sqlite:///{tmp_path}/risk.db"


def test_a_store_named_in_the_environment_wins_and_is_remembered(tmp_path: Path) -> None:
    url = "postgresql+psycopg://irf@localhost/ingest"
    system = plan(tmp_path, 8000, None, False, {"INGEST_STORE_URL": url})
    assert system.stores["ingest"] == url
    system.save(tmp_path)
    again = remembered(tmp_path)
    assert again == system


def test_the_embedded_broker_is_spoken_to_in_its_own_way(tmp_path: Path) -> None:
    system = plan(tmp_path, 8000, None, False, {})
    env = environment(system, "indicators", True, {})
    assert env["INDICATORS_KAFKA"] == "127.0.0.1:8009"
    assert env["INDICATORS_PARTITIONS"] == "1"
    assert env["INDICATORS_KAFKA_IDEMPOTENCE"] == "false"
    other = plan(tmp_path, 8000, "kafka:9092", False, {})
    env = environment(other, "indicators", False, {"INDICATORS_LOG_LEVEL": "DEBUG"})
    assert env["INDICATORS_KAFKA"] == "kafka:9092"
    assert env["INDICATORS_PARTITIONS"] == "6"
    assert env["INDICATORS_KAFKA_IDEMPOTENCE"] == "true"
    assert env["INDICATORS_LOG_LEVEL"] == "DEBUG"


def test_the_environment_wins_over_the_runners_settings(tmp_path: Path) -> None:
    system = plan(tmp_path, 8000, None, False, {})
    env = environment(system, "risk", True, {"RISK_FETCH_WAIT_MS": "50", "PATH": "/bin"})
    assert (env["RISK_FETCH_WAIT_MS"], env["PATH"]) == ("50", "/bin")


def test_a_folder_without_a_system_remembers_none(tmp_path: Path) -> None:
    assert remembered(tmp_path) is None
    (tmp_path / ".irf").mkdir()
    (tmp_path / ".irf/run.json").write_text("{half")
    assert remembered(tmp_path) is None


def test_a_system_runs_as_long_as_one_of_its_processes_is_alive(tmp_path: Path) -> None:
    system = plan(tmp_path, 8000, None, False, {})
    assert not system.running()
    system.pids = {"risk": os.getpid()}
    assert system.running()
