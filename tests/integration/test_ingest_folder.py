"""The folder connector: files that appear, on a real file system."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.ingest.connect import folder as module
from services.ingest.connect.folder import Folder, LocalPlace
from services.ingest.connect.source import Extract, Fetching, Outcome
from tests.integration.arrived import HEADER, date, leave, lies, row
from tests.integration.connecting import Connecting, catalogue, connecting

ROOT = Path(__file__).parents[2]
ASKED = {"kind": "folder", "place": "highways/out", "files": {"pattern": "*.csv"}}


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """The folder that files come to."""
    found = tmp_path / "drop" / "highways" / "out"
    found.mkdir(parents=True)
    return found


@pytest.fixture
async def at(tmp_path: Path, drop: Path) -> AsyncIterator[Connecting]:
    """The door, with a connector that watches the folder."""
    async with connecting(tmp_path, drop=tmp_path / "drop", max_file_bytes=5_000) as found:
        await found.apply(catalogue(ASKED))
        yield found


async def test_files_are_let_in_the_oldest_first_and_moved_with_a_report(
    at: Connecting, drop: Path
) -> None:
    leave(drop, "b.csv", at.clock.at, row("A", "02/06/2026"), row("B"), minutes=30)
    leave(drop, "a.csv", at.clock.at, row("A", "03/06/2026"), minutes=20)
    await at.look()
    await at.look()
    run = (await at.runs("source"))[0]
    assert (run.outcome, run.extracts, run.accepted) == ("done", 2, 3)
    records = await at.records("requests")
    assert records["A"]["received"] == "2026-06-03"
    assert lies(drop) == {
        "done/a.csv", "done/a.csv.report.txt", "done/b.csv", "done/b.csv.report.txt"
    }  # fmt: skip
    said = (drop / "done/b.csv.report.txt").read_text()
    assert f"Batch {run.batches[0]}\nRows received: 2\nAccepted (new or changed): 2\n" in said
    assert "1 July 2026 at 10:00" in said  # As London's clocks say it.


async def test_a_file_with_a_bad_row_is_done_and_its_report_says_what_is_wrong(
    at: Connecting, drop: Path
) -> None:
    leave(drop, "a.csv", at.clock.at, row("A"), row("B", "31/02/2026"))
    await at.run("source")
    said = (drop / "done/a.csv.report.txt").read_text()
    assert "Rejected: 1" in said
    assert "- Row 3, field received, rule " in said


async def test_what_is_no_good_at_all_is_put_aside_and_holds_up_nothing(
    at: Connecting, drop: Path
) -> None:
    leave(drop, "1.csv", at.clock.at, row("A", "31/02/2026"), minutes=40)
    (drop / "2.csv").write_text("Name,Colour\nx,y\n")
    date(drop / "2.csv", at.clock.at, 30)
    leave(drop, "3.csv", at.clock.at, row("C"), minutes=20)
    run = await at.run("source")
    assert (run.outcome, run.refused, run.accepted, run.rejected) == ("done", 1, 1, 1)
    assert {"failed/1.csv", "failed/2.csv", "done/3.csv"} <= lies(drop)
    assert "Rejected: 1" in (drop / "failed/1.csv.report.txt").read_text()
    said = (drop / "failed/2.csv.report.txt").read_text()
    assert "was refused" in said and "The column for ref is missing." in said


async def test_a_file_is_taken_once_it_stands_still(at: Connecting, drop: Path) -> None:
    path = leave(drop, "a.csv", at.clock.at, row("A"), minutes=0)
    await at.look()
    await at.look()
    assert lies(drop) == {"a.csv"}
    for _ in range(3):  # It grows: each time it is watched from the beginning.
        at.clock.pass_(seconds=8)
        with path.open("a") as file:
            file.write(row("B"))
        date(path, at.clock.at, 0)
        await at.look()
    assert lies(drop) == {"a.csv"}
    at.clock.pass_(seconds=11)
    await at.look()
    assert "done/a.csv" in lies(drop)
    assert set(await at.records("requests")) == {"A", "B"}


async def test_the_date_of_a_share_whose_clock_is_ahead_is_not_believed(
    at: Connecting, drop: Path
) -> None:
    leave(drop, "a.csv", at.clock.at, row("A"), minutes=-5_000)
    await at.look()
    await at.look()
    assert lies(drop) == {"a.csv"}
    at.clock.pass_(seconds=11)
    await at.look()
    assert "done/a.csv" in lies(drop)


async def test_a_file_that_grows_while_it_is_copied_is_left_for_later(
    at: Connecting, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = leave(drop, "a.csv", at.clock.at, row("A"))
    copy = module._copy

    def slow(source: Path, into: Path, most: int) -> None:
        copy(source, into, most)
        with path.open("a") as file:
            file.write(row("B"))
        monkeypatch.setattr(module, "_copy", copy)

    monkeypatch.setattr(module, "_copy", slow)
    run = await at.run("source")
    assert (run.outcome, run.extracts) == ("done", 0)
    date(path, at.clock.at)
    await at.run("source")
    assert set(await at.records("requests")) == {"A", "B"}
    assert "done/a.csv" in lies(drop)


async def test_a_file_that_is_changed_while_it_is_let_in_is_a_new_one(
    at: Connecting, drop: Path
) -> None:
    path = leave(drop, "a.csv", at.clock.at, row("A"))

    class Late(Folder):
        async def settled(self, asked: Fetching, extract: Extract, outcome: Outcome) -> None:
            path.write_text(HEADER + row("A") + row("B"))
            date(path, at.clock.at)
            await super().settled(asked, extract, outcome)

    at.door.connectors._source = lambda _: Late()
    await at.run("source")
    assert lies(drop) == {"a.csv"}
    at.door.connectors._source = lambda _: Folder()
    run = await at.run("source")
    assert (run.accepted, run.unchanged) == (1, 1)
    assert "done/a.csv" in lies(drop)


async def test_a_schedule_does_not_lose_a_file_that_is_still_written(
    at: Connecting, drop: Path
) -> None:
    await at.apply(catalogue(ASKED | {"schedule": "daily at 05:30"}))
    leave(drop, "a.csv", at.clock.at, row("A"), minutes=0)
    run = await at.run("source")
    assert (run.outcome, run.reason) == ("failed", "1 of the files may still be written to.")
    at.clock.pass_(seconds=31)
    await at.look()
    assert "done/a.csv" in lies(drop)


async def test_names_that_are_not_meant_are_never_touched(at: Connecting, drop: Path) -> None:
    others = {"a.csv.part", "b.tmp", "c.csv.filepart", ".d.csv", "e.txt", "F.CSV.TMP", "done.csv/x"}
    (drop / "done.csv").mkdir()
    for name in others:
        leave(drop, name, at.clock.at, row("A"))
    outside = leave(drop.parent, "secret.csv", at.clock.at, row("S"))
    (drop / "link.csv").symlink_to(outside)
    os.mkfifo(drop / "pipe.csv")
    run = await at.run("source")
    assert (run.outcome, run.extracts) == ("done", 0)
    assert others <= lies(drop)
    os.rename(drop / "a.csv.part", drop / "a.csv")  # It arrives by being renamed.
    await at.run("source")
    assert "done/a.csv" in lies(drop)


async def test_a_folder_outside_the_operators_is_not_read(
    at: Connecting, drop: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    leave(elsewhere, "a.csv", at.clock.at, row("A"))
    (drop.parent / "away").symlink_to(elsewhere)
    await at.apply(catalogue(ASKED | {"place": "highways/away"}))
    run = await at.run("source")
    assert run.outcome == "failed"
    assert run.reason is not None and "outside" in run.reason
    assert lies(elsewhere) == {"a.csv"}


async def test_done_may_not_be_a_way_out(at: Connecting, drop: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (drop / "done").symlink_to(tmp_path / "elsewhere")
    leave(drop, "a.csv", at.clock.at, row("A"))
    run = await at.run("source")
    assert (run.outcome, run.extracts) == ("failed", 0)
    assert lies(tmp_path / "elsewhere") == set()


async def test_nothing_is_overwritten(at: Connecting, drop: Path) -> None:
    for ref in "ABC":
        leave(drop, "a.csv", at.clock.at, row(ref))
        await at.run("source")
    assert {"done/a.csv", "done/a.2.csv", "done/a.3.csv", "done/a.2.csv.report.txt"} <= lies(drop)
    assert (drop / "done/a.csv").read_text() == HEADER + row("A")
    assert (drop / "done/a.3.csv").read_text() == HEADER + row("C")


async def test_odd_names_come_through(at: Connecting, drop: Path) -> None:
    names = {"with space.csv", "Straße £5.csv", "x" * 245 + ".csv", "line\nbreak.csv"}
    for number, name in enumerate(sorted(names)):
        leave(drop, name, at.clock.at, row(f"R{number}"))
    raw = os.fsencode(drop) + b"/latin\xe9.csv"
    Path(os.fsdecode(raw)).write_text(HEADER + row("L"))
    date(Path(os.fsdecode(raw)), at.clock.at)
    run = await at.run("source")
    assert (run.outcome, run.accepted) == ("done", 5)
    assert lies(drop).isdisjoint(names)
    assert {"done/with space.csv", "done/Straße £5.csv"} <= lies(drop)


async def test_a_file_that_is_too_large_is_put_aside_and_the_run_says_so(
    at: Connecting, drop: Path
) -> None:
    leave(drop, "big.csv", at.clock.at, *(row(f"R{each}") for each in range(1_000)), minutes=30)
    leave(drop, "small.csv", at.clock.at, row("S"))
    run = await at.run("source")
    assert (run.outcome, run.accepted) == ("failed", 1)
    assert run.reason is not None and "big.csv is larger than" in run.reason
    assert {"failed/big.csv", "failed/big.csv.report.txt", "done/small.csv"} <= lies(drop)
    assert (await at.run("source")).outcome == "done"


async def test_what_cannot_be_moved_fails_the_run_and_waits_longer_each_time(
    at: Connecting, drop: Path
) -> None:
    leave(drop, "a.csv", at.clock.at, row("A"))
    (drop / "done").write_text("This is no folder.")
    await at.look()
    for wait in (30, 60, 120):
        await at.look()
        await at.look()  # It is not due: nothing happens.
        standing = await at.standing("source")
        assert standing.reason == "The folder 'highways/out' cannot be written to: File exists."
        due = at.clock.at + timedelta(seconds=wait)
        assert standing.due == due.isoformat(timespec="milliseconds")
        at.clock.at = due
    assert await at.records("requests") == {}
    assert lies(drop) == {"a.csv", "done"}
    (drop / "done").unlink()
    await at.look()
    assert "done/a.csv" in lies(drop)


async def test_a_move_that_fails_after_the_commit_is_made_good_by_the_next_run(
    at: Connecting, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(drop, "a.csv", at.clock.at, row("A"))

    async def full(self: LocalPlace, path: str, text: str) -> None:
        await self._do("be written to", lambda: os.write(os.open("/dev/full", os.O_WRONLY), b"x"))

    with monkeypatch.context() as patched:
        patched.setattr(LocalPlace, "write", full)
        run = await at.run("source")
    assert (run.outcome, run.accepted) == ("failed", 1)
    assert run.reason is not None and "No space left" in run.reason
    run = await at.run("source")
    assert (run.outcome, run.accepted, run.unchanged) == ("done", 0, 1)
    assert "done/a.csv" in lies(drop)


async def test_a_folder_that_is_not_there_is_told(at: Connecting, drop: Path) -> None:
    drop.rmdir()
    await at.look()
    await at.look()
    run = (await at.runs("source"))[0]
    assert run.reason == "The folder 'highways/out' cannot be read: No such file or directory."


async def test_a_file_that_cannot_be_read_is_told_and_holds_up_no_other(
    at: Connecting, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(drop, "a.csv", at.clock.at, row("A"), minutes=30)
    leave(drop, "b.csv", at.clock.at, row("B"))
    copy = module._copy

    def guarded(source: Path, into: Path, most: int) -> None:
        if source.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        copy(source, into, most)

    monkeypatch.setattr(module, "_copy", guarded)
    run = await at.run("source")
    assert (run.outcome, run.accepted) == ("failed", 1)
    assert run.reason == "The folder 'highways/out' cannot give 'a.csv': Permission denied."
    assert lies(drop) == {"a.csv", "done/b.csv", "done/b.csv.report.txt"}


async def test_two_connectors_may_watch_one_folder(at: Connecting, drop: Path) -> None:
    document = catalogue(ASKED)
    [first] = document["connectors"]
    files = {"pattern": "*.txt"}
    document["connectors"].append(first | {"code": "other", "files": files})
    await at.apply(document)
    leave(drop, "a.csv", at.clock.at, row("A"), minutes=0)
    leave(drop, "b.txt", at.clock.at, row("B"), minutes=0)
    await at.look()
    for _ in range(4):
        at.clock.pass_(seconds=4)
        await at.look()
    assert {"done/a.csv", "done/b.txt"} <= lies(drop)


DIES = """
import asyncio, os, sys
from pathlib import Path
from services.ingest.connect.folder import Folder
from tests.integration.connecting import catalogue, connecting

class Dies(Folder):
    async def settled(self, asked, extract, outcome):
        os._exit(9)

async def main(folder):
    async with connecting(folder, drop=folder / "drop") as at:
        await at.apply(catalogue({"kind": "folder", "place": "highways/out"}))
        at.door.connectors._source = lambda _: Dies()
        await at.run("source")

asyncio.run(main(Path(sys.argv[1])))
"""


async def test_a_process_that_dies_between_the_commit_and_the_move_loses_and_doubles_nothing(
    tmp_path: Path, drop: Path
) -> None:
    async with connecting(tmp_path, drop=tmp_path / "drop") as at:
        path = leave(drop, "a.csv", at.clock.at, row("A"), row("B"))
        died = await asyncio.create_subprocess_exec(
            sys.executable, "-c", DIES, str(tmp_path), cwd=ROOT
        )
        assert await died.wait() == 9
        assert path.exists()
        assert set(await at.records("requests")) == {"A", "B"}
        at.clock.pass_(minutes=2)  # Its hold is over.
        run = await at.run("source")
        assert (run.outcome, run.accepted, run.unchanged) == ("done", 0, 2)
        assert [each.outcome for each in await at.runs("source")] == ["done", "cut off"]
        assert lies(drop) == {"done/a.csv", "done/a.csv.report.txt"}
