"""The runner of connectors: schedules, holds, positions, failures, with a source of our own."""

import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.ingest.connect import holder
from services.ingest.connect.running import AlreadyRuns, Connectors
from services.ingest.connect.source import Extract, Fetching, Outcome, Rows, SourceFailed
from services.ingest.store import connections
from services.ingest.store.connections import Run
from shared.db.tx import Tx
from shared.runtime.clock import iso
from tests.integration.connecting import Connecting, catalogue, connecting

ASKED = {
    "kind": "rest",
    "place": "https://council.example/requests",
    "schedule": "every 15 minutes",
    "calls": {},
}


def taken_by_another(tx: Tx) -> None:
    """Another process takes the connector in hand at five past nine."""
    now = "2026-07-01T09:05:00.000+00:00"
    connections.take(tx, "source", "other", now, now)


class Scripted:
    """A source whose answers the test gives: rows to say, or a reason to fail with."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.stood: list[Any] = []
        self.heard: list[Outcome] = []

    async def waits(self, asked: Fetching) -> bool:
        return bool(self.answers)

    async def fetch(self, asked: Fetching) -> AsyncGenerator[Extract, None]:
        self.stood.append(dict(asked.position))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        for number, rows in enumerate(answer, 1):
            with Rows(asked.folder / f"{number}") as written:
                for row in rows:
                    written.said(row)
            yield Extract(written.path, f"part {number}", "rows", position={"at": rows[-1]["Ref"]})

    async def settled(self, asked: Fetching, extract: Extract, outcome: Outcome) -> None:
        self.heard.append(outcome)


def put(into: Connecting, source: Scripted) -> None:
    """Has connectors of every kind fetch from this source."""
    door = into.door
    door.connectors = Connectors(
        door.service.store,
        into.clock,
        door.keeper,
        door.taking_in,
        door.settings,
        lambda _kind: source,
    )


async def test_a_run_lets_rows_in_and_remembers_where_the_source_stands(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        source = Scripted([[{"Ref": "A"}], [{"Ref": "B"}]], [[{"Ref": "B"}]])
        put(at, source)
        await at.apply(catalogue(ASKED))
        run = await at.run("source")
        assert (run.outcome, run.extracts, run.received, run.accepted) == ("done", 2, 2, 2)
        assert set(await at.records("requests")) == {"A", "B"}
        assert (await at.standing("source")).position == {"at": "B"}
        batch = await at.batch(run.batches[0])
        assert (batch.detail["connector"], batch.detail["run"]) == ("source", run.id)
        at.clock.pass_(seconds=1)
        again = await at.run("source")
        assert (again.accepted, again.unchanged) == (0, 1)
        assert source.stood == [{}, {"at": "B"}]
        assert [each.id for each in await at.runs("source")] == [again.id, run.id]


async def test_a_schedule_is_kept_across_restarts_and_runs_once(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        source = Scripted(*[[[{"Ref": "A"}]]] * 3)
        put(at, source)
        await at.apply(catalogue(ASKED))
        await at.look()  # It is new: planned, and due at once.
        await at.look()
        assert len(source.stood) == 1
        at.clock.pass_(minutes=14)
        put(at, source)  # As after a restart: nothing of it is in memory.
        await at.look()
        assert len(source.stood) == 1
        at.clock.pass_(hours=3)
        await at.look()
        await at.look()
        assert len(source.stood) == 2  # What was missed is made good once.


async def test_one_process_at_a_time_has_a_connector_in_hand(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        source = Scripted([[{"Ref": "A"}]])
        put(at, source)
        await at.apply(catalogue(ASKED))
        now, later = "2026-07-01T09:00:00.000+00:00", "2026-07-01T09:01:00.000+00:00"
        await at.store.write(lambda tx: connections.take(tx, "source", "other", now, later))
        with pytest.raises(AlreadyRuns):
            await at.door.connectors.start("source", "Test")
        await at.look()
        assert source.stood == []
        at.clock.pass_(minutes=2)  # The other one died: its hold is over.
        run = await at.run("source")
        assert run.outcome == "done"
        with pytest.raises(connections.HoldLost):
            await at.store.write(lambda tx: connections.hold(tx, "source", "other"))


async def test_what_was_let_in_by_one_who_lost_the_hold_is_nothing(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:

        class Slow(Scripted):
            async def fetch(self, asked: Fetching) -> AsyncGenerator[Extract, None]:
                async for extract in super().fetch(asked):
                    at.clock.pass_(minutes=5)
                    await at.store.write(taken_by_another)
                    yield extract

        put(at, Slow([[{"Ref": "A"}]]))
        await at.apply(catalogue(ASKED))
        await at.door.connectors.start("source", "Test")
        assert await at.door.connectors.settle("source") is None
        assert await at.records("requests") == {}
        assert [each.outcome for each in await at.runs("source")] == ["cut off"]


async def test_a_failure_says_why_and_is_tried_again_later_each_time(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        down = SourceFailed("The source is away.")
        source = Scripted(down, down, RuntimeError("a mistake"), [[{"Ref": "A"}]])
        put(at, source)
        await at.apply(catalogue(ASKED | {"schedule": "daily at 05:30"}))
        run = await at.run("source")
        assert (run.outcome, run.reason) == ("failed", "The source is away.")
        standing = await at.standing("source")
        assert (standing.failures, standing.due) == (1, "2026-07-01T09:00:30.000+00:00")
        await at.run("source")
        assert (await at.standing("source")).due == "2026-07-01T09:01:00.000+00:00"
        run = await at.run("source")
        assert run.reason is not None and "RuntimeError" in run.reason
        assert "a mistake" not in run.reason
        run = await at.run("source")
        standing = await at.standing("source")
        assert (run.outcome, standing.failures) == ("done", 0)
        assert standing.due == "2026-07-02T04:30:00.000+00:00"  # 05:30 in Europe/London.


async def test_rows_that_do_not_fit_stop_the_run_and_the_position_stays(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        source = Scripted([[{"Ref": "A"}], [{"Reference": "B", "Ref": None}], [{"Ref": "C"}]])
        source.answers[0][1] = [{"Other": "B", "Ref": "B"}]
        put(at, source)
        document = catalogue(ASKED)
        document["datasets"][0]["fields"][1]["optional"] = True
        await at.apply(document)
        run = await at.run("source")
        assert run.outcome == "done"
        source.answers = [[[{"Ref": "D"}], [{"Name": "E", "Ref": "E"}]]]
        document["datasets"][0]["fields"][3] = {"name": "place", "type": "text"}
        await at.apply(document)
        run = await at.run("source")
        assert (run.outcome, run.extracts, run.refused) == ("failed", 1, 1)
        assert run.reason is not None and "place" in run.reason
        assert (await at.standing("source")).position == {"at": "C"}


def number_of_one_that_ended() -> int:
    """The number of a process of this machine that is gone."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def holding(at: Connecting, token: str) -> Callable[[Tx], object]:
    """A process takes the connector in hand for an hour from now."""
    now, until = at.clock.at, at.clock.at + timedelta(hours=1)
    return lambda tx: connections.take(tx, "source", token, iso(now), iso(until))


async def test_what_a_process_that_died_left_is_taken_up_at_once(tmp_path: Path) -> None:
    ended = number_of_one_that_ended()
    host = holder.mark().partition("-")[0]
    async with connecting(tmp_path) as at:
        put(at, Scripted([[{"Ref": "A"}]]))
        await at.apply(catalogue(ASKED))
        # One of this machine that lives, and one of another machine, whatever its number.
        for token in (f"x.{host}-{os.getppid()}", f"x.0123abcd-{ended}"):
            await at.store.write(holding(at, token))
            with pytest.raises(AlreadyRuns):
                await at.door.connectors.start("source", "Test")
            at.clock.pass_(hours=2)
        dead = f"x.{host}-{ended}"
        await at.store.write(holding(at, dead))
        left = Run(dead, "source", iso(at.clock.at), "x")
        await at.store.write(lambda tx: connections.save_run(tx, left))
        at.clock.pass_(seconds=1)
        run = await at.run("source")
        assert run.outcome == "done"
        assert [each.outcome for each in await at.runs("source")] == ["done", "cut off"]


async def test_a_source_that_was_asked_and_has_nothing_new_is_not_late(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        source = Scripted([[{"Ref": "A"}]], [], SourceFailed("The source is away."))
        put(at, source)
        await at.apply(catalogue(ASKED, freshness_days=2))
        await at.run("source")
        at.clock.pass_(days=4)
        late = (await at.door.watch.look())["requests"]
        assert late.late
        await at.run("source")
        found = (await at.door.watch.look())["requests"]
        assert (found.late, found.changed) == (False, late.changed)
        assert found.received is not None
        assert late.received is not None
        assert found.received > late.received
        at.clock.pass_(days=4)
        await at.run("source")  # It failed: nobody knows.
        assert (await at.door.watch.look())["requests"].late


async def test_runs_that_brought_nothing_are_forgotten_after_a_month(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        source = Scripted([[{"Ref": "A"}]], [[{"Ref": "A"}]], [])
        put(at, source)
        await at.apply(catalogue(ASKED))
        first = await at.run("source")
        at.clock.pass_(seconds=1)
        await at.run("source")
        at.clock.pass_(days=29)
        last = await at.run("source")
        at.clock.pass_(days=2)
        await at.door.cleaning.once()
        assert [each.id for each in await at.runs("source")] == [last.id, first.id]
