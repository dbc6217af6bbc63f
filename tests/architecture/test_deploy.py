"""What is deployed is what the code is: files that no test reads drift away from it."""

import importlib
import json
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import promql_parser
import psycopg
import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase
from pydantic import ValidationError

from shared.runtime.settings import ServiceSettings
from tests.architecture import guards
from tests.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
PORTS = {"publisher": 8000, "ingest": 8001, "indicators": 8002, "finance": 8003, "risk": 8004}
SERVICES = sorted(PORTS)
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
ALERTS: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
DASHBOARDS = sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))
ENDINGS = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
VARIABLE = re.compile(r"\$\{(\w+)([^}]*)\}")


def settings_class(service: str) -> type[ServiceSettings]:
    found: type[ServiceSettings] = importlib.import_module(f"services.{service}.settings").Settings
    return found


def exported() -> set[str]:
    """Every name under which a metric of ours is exported."""
    names = {"up", "process_resident_memory_bytes"}
    for path in [*ROOT.glob("services/*/metrics.py"), *ROOT.glob("shared/*/metrics.py")]:
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for metric in vars(module).values():
            if isinstance(metric, MetricWrapperBase):
                (about,) = metric.describe()
                names |= {about.name + end for end in ENDINGS.get(about.type, [""])}
    return names


def unknown_metrics(expression: str) -> set[str]:
    promql_parser.parse(expression)  # raises on a slip of the pen
    return set(re.findall(r"\b(?:(?:irf|process)_[a-z_]+|up)\b", expression)) - exported()


def test_the_compose_file_runs_every_service_on_its_own_port() -> None:
    assert guards.services(ROOT) == SERVICES
    for service, port in PORTS.items():
        environment = COMPOSE["services"][service]["environment"]
        assert environment[f"{service.upper()}_PORT"] == str(port)
        assert COMPOSE["services"][service]["build"]["args"] == {"SERVICE": service}
        assert settings_class(service)().port == port


@pytest.mark.parametrize("service", SERVICES)
def test_every_variable_of_a_service_is_one_of_its_settings(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = COMPOSE["services"][service]["environment"]
    prefix = f"{service.upper()}_"
    for name, value in environment.items():
        assert name.startswith(prefix)
        assert name.removeprefix(prefix).lower() in settings_class(service).model_fields
        monkeypatch.setenv(name, VARIABLE.sub("secret", value))
    settings = settings_class(service).read()
    assert settings.store_url == f"postgresql+psycopg://{service}:secret@postgres/{service}"
    assert settings.kafka == "kafka:9092"
    assert settings.kafka_idempotence


@pytest.mark.parametrize("service", SERVICES)
def test_settings_are_frozen(service: str) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        settings_class(service)().__setattr__("port", 1)


def test_no_password_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / ".env.example").read_text()
    asked = {name for name, _ in VARIABLE.findall(text)}
    assert asked == set(re.findall(r"^(\w+)=$", example, re.MULTILINE))
    assert all(rest.startswith(":?") for _, rest in VARIABLE.findall(text))
    assert {f"{service.upper()}_DB_PASSWORD" for service in SERVICES} < asked


def test_every_image_is_pinned_and_kafka_is_the_one_that_the_tests_run() -> None:
    images = [service.get("image", "") for service in COMPOSE["services"].values()]
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    for image in [*(image for image in images if not image.startswith("irf-")), *bases]:
        assert re.search(r":v?\d+\.\d+", image), f"{image} is not pinned"
    kafka = COMPOSE["services"]["kafka"]["image"].partition(":")[2]
    assert f"<version>{kafka}</version>" in (ROOT / "deploy/brokers/pom.xml").read_text()


def test_the_image_runs_any_service_as_nobody_in_particular() -> None:
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM") :]
    users = re.findall(r"^USER (\S+)", last_stage, re.MULTILINE)
    assert users == ["irf"]
    assert last_stage.index("\nUSER") < last_stage.index("\nCMD")
    assert "python -m services.${SERVICE}" in last_stage
    assert "HEALTHCHECK" in last_stage
    assert "--require-hashes" in DOCKERFILE


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignore[0] == "*"
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), f"{source} is copied, and not there"
            assert f"!{source}" in ignore, f"{source} is copied, and ignored"


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_says_what_the_service_says(status: int, code: int) -> None:
    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health/ready" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keeps the test's output to the test."""

    with HTTPServer(("127.0.0.1", 0), Ready) as server:
        Thread(target=server.handle_request, daemon=True).start()
        assert health_check(server.server_port) == code


def test_the_health_check_fails_where_nothing_answers() -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        port = server.server_port
    assert health_check(port) == 1


def health_check(port: int) -> int:
    return subprocess.run(
        [sys.executable, ROOT / "deploy/healthcheck.py"],
        env={"SERVICE": "risk", "RISK_PORT": str(port)},
        capture_output=True,
        check=False,
    ).returncode


@pytest.mark.postgres
def test_each_role_enters_its_own_database_and_no_other(
    own_postgres_server: PostgresServer,
) -> None:
    own_postgres_server.initialise(
        ROOT / "deploy/postgres/init.sh",
        {f"{service.upper()}_DB_PASSWORD": "secret" for service in SERVICES},
    )
    for role in SERVICES:
        for database in SERVICES:
            address = f"postgresql://{role}@127.0.0.1:{own_postgres_server.port}/{database}"
            if role == database:
                with psycopg.connect(address) as connection:
                    connection.execute("CREATE TABLE mine (number integer)")
            else:
                with pytest.raises(psycopg.OperationalError, match="permission denied"):
                    psycopg.connect(address)


def test_prometheus_asks_every_service_where_it_listens() -> None:
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    asked = {
        target: group["labels"]["service"]
        for job in config["scrape_configs"]
        for group in job["static_configs"]
        for target in group["targets"]
    }
    assert asked == {f"{service}:{port}": service for service, port in PORTS.items()}
    for file in config["rule_files"]:
        assert (ROOT / "deploy/prometheus" / file).is_file()


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: str(alert["alert"]))
def test_an_alert_asks_for_what_is_exported_and_says_what_to_do(alert: dict[str, Any]) -> None:
    assert unknown_metrics(alert["expr"]) == set()
    assert alert["labels"]["severity"] in ("page", "ticket")
    assert alert["annotations"]["summary"]
    assert alert["annotations"]["action"]


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: str(file.stem))
def test_a_dashboard_asks_for_what_is_exported(file: Path) -> None:
    dashboard = json.loads(file.read_text())
    panels = dashboard["panels"]
    assert panels
    assert len({panel["id"] for panel in panels}) == len(panels)
    sources = yaml.safe_load(
        (ROOT / "deploy/grafana/provisioning/datasources/prometheus.yml").read_text()
    )
    known = {source["uid"] for source in sources["datasources"]}
    for panel in panels:
        assert panel["description"], f"{panel['title']} does not say what it shows"
        assert panel["datasource"]["uid"] in known
        for target in panel["targets"]:
            assert unknown_metrics(target["expr"]) == set(), panel["title"]


def test_a_metric_that_nobody_exports_is_found() -> None:
    assert unknown_metrics("rate(irf_events_aplied_total[1m])") == {"irf_events_aplied_total"}
    with pytest.raises(ValueError):
        unknown_metrics("sum by (topic (irf_outbox_events)")


def test_grafana_finds_its_dashboards() -> None:
    providers = yaml.safe_load(
        (ROOT / "deploy/grafana/provisioning/dashboards/irf.yml").read_text()
    )["providers"]
    mounts = {
        inside: outside
        for outside, inside, *_ in (
            volume.split(":") for volume in COMPOSE["services"]["grafana"]["volumes"]
        )
    }
    for provider in providers:
        folder = ROOT / mounts[provider["options"]["path"]]
        assert list(folder.glob("*.json")) == DASHBOARDS


def test_every_mounted_path_is_in_the_repository() -> None:
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", []):
            outside = volume.split(":")[0]
            assert outside in COMPOSE["volumes"] or (ROOT / outside).exists(), outside
