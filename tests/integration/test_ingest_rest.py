"""Connectors of the kind rest, over real HTTP: pages, changes, what is gone, and where it stops."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import stamina

from services.ingest.connect import rest
from tests.integration.answering import Answering, Asked, Told, answering, told
from tests.integration.connecting import catalogue, connecting

Row = dict[str, Any]


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """What is tried again is tried at once."""
    with stamina.set_testing(True, attempts=5):
        yield


def rows(*numbers: int) -> list[Row]:
    return [{"Ref": f"R{number}", "amount": f"{number}.00"} for number in numbers]


def source(service: Answering, calls: Row, path: str = "/rows", **more: Any) -> Row:
    """A catalogue with a connector that asks this service."""
    said = {
        "kind": "rest",
        "place": service.address + path,
        "schedule": "every 15 minutes",
        "calls": calls,
    }
    return catalogue(said | more)


class Collection:
    """Rows that are given out in pages, by whatever way is asked for."""

    def __init__(self, held: list[Row], size: int = 10) -> None:
        self.held = held
        self.size = size
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self, asked: Asked) -> Told:
        query = asked.query
        size = int(query.get("limit", self.size))
        start = int(query.get("offset") or query.get("after") or 0)
        if "page" in query:
            start = (int(query["page"]) - 1) * size
        page = self.held[start : start + size]
        more = start + size if start + size < len(self.held) else None
        self.meanwhile()
        following = None if more is None else f"{asked.path}?after={more}"
        return told({"data": {"items": page}, "cursor": more, "links": {"next": following}})


PAGED: dict[str, Row] = {
    "next": {"paging": "next", "next": "links.next"},
    "cursor": {"paging": "cursor", "next": "cursor", "parameter": "after"},
    "page": {"paging": "page"},
    "offset": {"paging": "offset", "size": 7, "size_parameter": "limit"},
}


@pytest.mark.parametrize("way", PAGED)
async def test_every_way_of_paging_reads_the_whole_collection(tmp_path: Path, way: str) -> None:
    with answering(Collection(rows(*range(25)))) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, {"items": "data.items", **PAGED[way]}))
            run = await at.run("source")
            assert (run.outcome, run.reason) == ("done", None)
            assert set(await at.records("requests")) == {f"R{number}" for number in range(25)}
            assert len(service.asked) >= 3


async def test_one_answer_without_paging_is_the_collection(tmp_path: Path) -> None:
    body = b'[{"Ref":"A","amount":1E3,"ward":"x"},{"Ref":"B","amount":0.10,"nested":{"big":[1]}}]'
    with answering(lambda _: Told(body, headers={"Content-Type": "application/json"})) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, {}))
            run = await at.run("source")
            assert (run.outcome, run.accepted, run.rejected) == ("done", 2, 0)
            found = await at.records("requests")
            assert (found["A"]["amount"], found["B"]["amount"]) == ("1000.00", "0.10")


@pytest.mark.parametrize(
    ("calls", "reason"),
    [
        ({"paging": "next", "next": "again"}, "in a circle"),
        ({"paging": "cursor", "next": "cursor", "parameter": "after"}, "in a circle"),
        ({"paging": "page"}, "page 2 came before"),
        ({"paging": "offset"}, "came before"),
        ({"paging": "next", "next": "elsewhere"}, "The next page is elsewhere: http://localhost:1"),
        ({"paging": "next", "next": "wrong"}, "neither text nor number"),
        ({"paging": "none", "items": "data"}, "Rows are looked for at data, and there is nothing"),
    ],
)
async def test_pages_that_lead_in_a_circle_or_away_are_a_failure(
    tmp_path: Path, calls: Row, reason: str
) -> None:
    said = {
        "items": rows(1, 2, 3),
        "again": "/rows?on=1",
        "cursor": "same",
        "elsewhere": "http://localhost:1/rows?key=hidden",
        "wrong": {"href": "/rows"},
    }
    with answering(lambda _: told(said)) as service:
        async with connecting(tmp_path, reach=f"{service.address} http://localhost:1") as at:
            await at.apply(source(service, {"items": "items", **calls}))
            run = await at.run("source")
            assert run.outcome == "failed"
            assert run.reason is not None and reason in run.reason
            assert "hidden" not in run.reason
            assert len(service.asked) < 10


@pytest.mark.parametrize("way", ["page", "offset"])
async def test_a_row_that_slips_over_the_seam_between_two_pages_is_read_all_the_same(
    tmp_path: Path, way: str
) -> None:
    held = Collection(rows(*range(25)))
    with answering(held) as service:

        def delete_an_early_one() -> None:
            if len(service.asked) == 1:
                del held.held[0]

        held.meanwhile = delete_an_early_one
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, {"items": "data.items", **PAGED[way]}, mode="full"))
            run = await at.run("source")
            assert (run.outcome, run.received) == ("done", 24)
            assert set(await at.records("requests")) == {f"R{number}" for number in range(1, 25)}


@pytest.mark.parametrize("way", ["page", "offset"])
async def test_rows_that_come_in_while_pages_are_read_come_twice_and_harm_nothing(
    tmp_path: Path, way: str
) -> None:
    held = Collection(rows(*range(25)))
    with answering(held) as service:

        def add_one_in_front() -> None:
            if len(service.asked) == 1:
                held.held.insert(0, rows(99)[0])

        held.meanwhile = add_one_in_front
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, {"items": "data.items", **PAGED[way]}, mode="changes"))
            run = await at.run("source")
            assert run.outcome == "done"
            assert {f"R{number}" for number in range(25)} <= set(await at.records("requests"))


async def test_pages_that_never_stand_still_fail_and_delete_nothing(tmp_path: Path) -> None:
    held = Collection(rows(*range(40)))
    with answering(held) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, {"items": "data.items", "paging": "page"}, mode="full"))
            await at.run("source")

            def delete_the_first() -> None:
                if held.held:
                    del held.held[0]

            held.meanwhile = delete_the_first
            run = await at.run("source")
            assert run.outcome == "failed"
            assert run.reason is not None and "3 times" in run.reason
            assert len(await at.records("requests")) == 40


async def test_a_whole_collection_is_compared_and_a_page_that_fails_deletes_nothing(
    tmp_path: Path,
) -> None:
    held = Collection(rows(*range(25)))

    def answer(asked: Asked) -> Told:
        broken = len(held.held) < 25 and asked.query.get("after") == "20" and not mended
        return told({}, 503) if broken else held(asked)

    mended: list[bool] = []
    with answering(answer) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            calls = {"items": "data.items", **PAGED["cursor"]}
            await at.apply(source(service, calls, mode="full"))
            await at.run("source")
            del held.held[3]
            run = await at.run("source")
            assert (run.outcome, run.reason) == ("failed", f"{service.address}/rows answered 503.")
            assert len(await at.records("requests")) == 25
            mended.append(True)
            run = await at.run("source")
            assert (run.deleted, run.unchanged) == (1, 24)
            assert "R3" not in await at.records("requests")


def changed(ref: str, when: str, **more: Any) -> Row:
    return {"id": ref, "meta": {"at": when}, "where": {"ward": "Abbey"}, **more}


CHANGES: Row = {
    "items": "items",
    "since": "updated_since",
    "changed": "meta.at",
    "overlap_minutes": 30,
    "deleted": "removed",
    "fields": {"ref": "id", "ward": "where.ward"},
}


async def test_what_changed_is_asked_for_with_an_overlap_and_what_is_gone_is_deleted(
    tmp_path: Path,
) -> None:
    first = [changed("A", "2026-06-30T10:00:00Z"), changed("B", "2026-06-30T12:15:00+01:00")]
    answers = [first, [changed("A", "2026-06-30T11:20:00Z", removed="2026-06-30")], []]
    with answering(lambda _: told({"items": answers.pop(0)})) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, CHANGES, "/rows?kind=all"))
            await at.run("source")
            assert (await at.records("requests"))["A"]["ward"] == "Abbey"
            run = await at.run("source")
            assert (run.received, run.accepted) == (1, 1)
            assert set(await at.records("requests")) == {"B"}
            await at.run("source")
            assert service.targets() == [
                "/rows?kind=all",
                "/rows?kind=all&updated_since=2026-06-30T11%3A45%3A00%2B01%3A00",
                "/rows?kind=all&updated_since=2026-06-30T10%3A50%3A00Z",
            ]
            standing = await at.standing("source")
            assert standing.position["since"] == "2026-06-30T11:20:00Z"


async def test_what_is_gone_may_be_told_by_a_word(tmp_path: Path) -> None:
    states = {"A": "New", "B": "Updated", "C": "Deleted"}
    answers = [[{"ref": ref, "row": {"state": "New"}} for ref in states]]
    answers.append([{"ref": ref, "row": {"state": state}} for ref, state in states.items()])
    with answering(lambda _: told(answers.pop(0))) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, {"deleted": "row.state=deleted"}))
            for _ in range(2):
                await at.run("source")
            assert set(await at.records("requests")) == {"A", "B"}


async def test_a_run_that_breaks_off_keeps_its_rows_and_asks_for_the_same_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "ROWS_AT_ONCE", 2)
    pages = {
        "": ([changed("A", "2026-06-30T10:00:00Z"), changed("B", "2026-06-30T11:00:00Z")], "2"),
        "2": ([changed("C", "2026-06-29T10:00:00Z")], None),
    }
    down = True

    def answer(asked: Asked) -> Told:
        at_page = asked.query.get("after", "")
        if at_page and down:
            return told({}, 500)
        items, following = pages[at_page]
        return told({"items": items, "cursor": following})

    with answering(answer) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, CHANGES | PAGED["cursor"] | {"items": "items"}))
            run = await at.run("source")
            assert (run.outcome, run.accepted) == ("failed", 2)
            assert set(await at.records("requests")) == {"A", "B"}
            assert (await at.standing("source")).position == {}
            down = False
            run = await at.run("source")
            assert (run.outcome, run.accepted, run.unchanged) == ("done", 1, 2)
            assert (await at.standing("source")).position["since"] == "2026-06-30T11:00:00Z"


async def test_a_row_of_next_year_does_not_keep_out_those_of_tomorrow(tmp_path: Path) -> None:
    with answering(lambda _: told({"items": [changed("A", "2099-01-01T00:00:00Z")]})) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, CHANGES))
            await at.run("source")
            assert (await at.standing("source")).position["since"] == "2026-07-01T09:00:00Z"


async def test_rows_that_never_say_when_they_changed_are_a_failure(tmp_path: Path) -> None:
    with answering(lambda _: told({"items": [{"id": "A"}, {"id": "B", "meta": {}}]})) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, CHANGES))
            run = await at.run("source")
            assert run.reason == "No row says when it changed, at meta.at."


async def test_another_place_begins_anew(tmp_path: Path) -> None:
    with answering(lambda _: told({"items": [changed("A", "2026-06-30T10:00:00Z")]})) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, CHANGES, "/old"))
            await at.run("source")
            await at.apply(source(service, CHANGES, "/new"))
            await at.run("source")
            assert service.targets() == ["/old", "/new"]
