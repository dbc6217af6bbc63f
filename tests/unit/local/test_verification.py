"""`irf verify` over real SQLite stores, at rest and while they move."""

import json
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.local.cli import app
from deploy.local.system import plan
from deploy.local.verification import Stores, Unsettled, verify_running
from deploy.verify.source import Row
from tests.unit.verify import a_council
from tests.unit.verify.test_compare import published


def fill(path: Path, table: str, rows: Iterable[Row]) -> str:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {table}"
            " (topic, subject, version, body BLOB, PRIMARY KEY (topic, subject))"
        )
        connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?)", rows)
        connection.commit()
    return f"sqlite:///{path}"


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(
        fill(tmp_path / "ingest.db", "owned", a_council.owned()),
        fill(tmp_path / "publisher.db", "held", published()),
    )


def wrong(value: str) -> Row:
    right = next(row for row in published() if row.subject == "REC/2025-04")
    body = json.loads(right.body or b"") | {"value": value}
    return right._replace(version=2, body=json.dumps(body).encode())


def verify(*options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["verify", *options])
    return result.exit_code, result.output


def test_a_system_at_rest_that_is_right_is_said_to_be_so(stores: Stores, tmp_path: Path) -> None:
    code, said = verify("--data-dir", str(tmp_path))
    assert code == 0
    assert f"{len(published())} values compared" in said
    assert "0 mismatches" in said


def test_a_wrong_value_is_named_and_the_exit_code_says_so(stores: Stores, tmp_path: Path) -> None:
    fill(tmp_path / "publisher.db", "held", [wrong("4")])
    code, said = verify("--ingest-store", stores.ingest, "--publisher-store", stores.publisher)
    assert code == 1
    assert "1 mismatches" in said
    assert "REC/2025-04" in said
    assert '"value": "4"' in said
    assert '"value": "3"' in said


def test_the_system_last_started_in_this_folder_is_found(
    stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plan(tmp_path, 30190, None, False, {}).save(tmp_path)
    assert verify()[0] == 0


def test_a_folder_in_which_nothing_was_started_is_said_to_be_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = verify()
    assert code == 2
    assert "--data-dir" in said


def test_stores_that_are_not_there_cannot_be_verified(tmp_path: Path) -> None:
    code, said = verify("--data-dir", str(tmp_path / "elsewhere"))
    assert code == 2
    assert "no store" in said


def test_a_difference_that_was_only_under_way_does_not_count(
    stores: Stores, tmp_path: Path
) -> None:
    fill(tmp_path / "publisher.db", "held", [wrong("4")])
    slept = 0

    def it_arrives(_: float) -> None:
        nonlocal slept
        slept += 1
        if slept == 2:
            fill(tmp_path / "publisher.db", "held", [wrong("3")])

    assert verify_running(stores, it_arrives).mismatches == []


def test_a_difference_that_stays_counts(stores: Stores, tmp_path: Path) -> None:
    fill(tmp_path / "publisher.db", "held", [wrong("4")])
    report = verify_running(stores, lambda _: None)
    assert [mismatch.subject for mismatch in report.mismatches] == ["REC/2025-04"]


def test_values_that_never_settle_are_not_called_right(stores: Stores, tmp_path: Path) -> None:
    values = iter(range(100, 200))

    def it_moves(_: float) -> None:
        fill(tmp_path / "publisher.db", "held", [wrong(str(next(values)))])

    it_moves(0)
    with pytest.raises(Unsettled):
        verify_running(stores, it_moves)


def test_the_stores_are_read_in_a_pause_between_changes(stores: Stores, tmp_path: Path) -> None:
    """A record accepted while we waited means that figures may be under way: wait again."""
    late = a_council.record(
        "requests", "8", ref="8", received="2025-04-20T09:00:00", closed=None, ward=None, cost=None
    )
    waited = 0

    def accepted_meanwhile(_: float) -> None:
        nonlocal waited
        waited += 1
        if waited == 1:
            fill(tmp_path / "ingest.db", "owned", [late])
        if waited == 2:
            # Its figures arrive a moment later.
            fill(tmp_path / "ingest.db", "owned", [late._replace(version=2, body=None)])

    assert verify_running(stores, accepted_meanwhile).mismatches == []
    assert waited == 3


def test_verifying_changes_nothing(stores: Stores, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.db")}
    verify("--data-dir", str(tmp_path))
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.db")} == before


def test_a_system_that_never_rests_is_said_to_be_so(
    stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("deploy.local.cli.QUIET_SECONDS", 0.0)
    system = plan(tmp_path, 30190, None, False, {})
    system.pids = {"risk": os.getpid()}
    system.save(tmp_path)
    code, said = verify()
    assert "not at rest" in said
    assert code == 0
