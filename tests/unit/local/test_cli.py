from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.local.cli import app
from deploy.local.demo import CATALOGUE
from deploy.local.runner import CannotStart, Runner
from deploy.local.system import plan
from shared.catalogue.yaml_files import load_directory
from shared.runtime.clock import SystemClock

WRONG = """\
council: {code: c, name: C}
datasets:
  - code: visits
    title: Visits
    key: [ref]
    fields:
      - {name: ref, type: text}
      - {name: day, type: dtae}
"""


def irf(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_a_catalogue_without_problems_is_counted() -> None:
    code, said = irf("catalogue", "check", str(CATALOGUE))
    assert code == 0
    assert "No problems" in said
    document, _ = load_directory(CATALOGUE)
    assert f"{len(document['indicators'])} indicators" in " ".join(said.split())


def test_each_problem_of_a_catalogue_is_shown_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "council.yml").write_text(WRONG)
    for command in (["check"], ["apply", "--url", "http://127.0.0.1:9"]):
        code, said = irf("catalogue", command[0], str(tmp_path), *command[1:])
        assert code == 1
        assert f"{tmp_path}/council.yml:8:" in said


def test_a_file_cannot_be_loaded_where_nothing_answers(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a\n1\n")
    code, said = irf("load", "visits", str(file), "--url", "http://127.0.0.1:9")
    assert code == 2
    assert "Is the system running?" in said


def test_only_a_service_can_be_replayed() -> None:
    code, said = irf("replay", "kafka", "--url", "http://127.0.0.1:9")
    assert code == 2
    assert "publisher, ingest, indicators, finance, risk" in said
    assert irf("replay", "risk", "--url", "http://127.0.0.1:9")[0] == 2


def test_a_port_in_use_is_said_before_anything_is_started(tmp_path: Path, port_in_use: int) -> None:
    system = plan(tmp_path, port_in_use, None, False, {})
    said: list[str] = []
    runner = Runner(system, True, tmp_path, SystemClock(), said.append)
    with pytest.raises(CannotStart, match=f"Port {port_in_use}.* in use"):
        runner.run(lambda _: None)
    assert not (tmp_path / ".irf").exists()
