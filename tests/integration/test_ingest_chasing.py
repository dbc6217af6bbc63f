"""Returns at the door: what is said of each, in whatever order answers come and days turn."""

import io
from pathlib import Path
from typing import Any

import pytest

from services.ingest.domain.receipt import Receipt
from services.ingest.store import repository
from services.ingest.taking_files import Coming
from shared.contracts import returns
from shared.contracts.returns import Standing
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Statement
from tests.integration.connecting import Connecting, connecting
from tests.integration.test_ingest_supply import send

CARE: dict[str, Any] = {
    "code": "care",
    "title": "Care",
    "key": ["item", "period_end"],
    "fields": [
        {"name": "item", "type": "text", "required": True},
        {"name": "period_end", "type": "date", "required": True},
        {"name": "part", "type": "decimal"},
        {"name": "whole", "type": "decimal"},
        {"name": "note", "type": "text", "choices": ["suppressed", "not applicable"]},
    ],
}
WAITING: dict[str, Any] = {
    "code": "waiting", "title": "People waiting", "dataset": "care", "period": "period_end",
    "fields": {"item": "Waiting"}, "ask": ["part", "whole"], "note": "note",
    "owner": "Head of care", "due_days": 20, "first": "2026-27-Q1",
}  # fmt: skip
QUARTER = "waiting/2026-27-Q1"
COUNCIL = {"datasets": [CARE], "returns": [WAITING]}
ROW = {"item": "Waiting", "period_end": "2026-06-30"}


async def give(at: Connecting, **answer: Any) -> None:
    """Sends an answer for the first quarter."""
    await send(at, ROW | answer, dataset="care")


async def upload(at: Connecting, content: bytes) -> str:
    """Lets a file in; answers its batch."""
    outcome = await at.door.taking_files.take(
        Coming(io.BytesIO(content), "care", "care.csv", "upload", "changes")
    )
    assert isinstance(outcome, Receipt)
    return outcome.batch


async def said(at: Connecting) -> dict[str, Standing]:
    """What stands on the topic."""

    def found(tx: Tx) -> dict[str, bytes]:
        return dict(at.door.own.scan(tx, RECORDS, returns.PREFIX))

    stands = await at.store.read(found)
    return {
        subject.removeprefix(returns.PREFIX): returns.read(body) for subject, body in stands.items()
    }


async def version(at: Connecting) -> int:
    """How often the quarter was spoken of."""
    subject = returns.PREFIX + QUARTER
    found = await at.store.read(lambda tx: repository.record(tx, subject))
    return 0 if found is None else found.version


async def test_a_return_is_due_then_overdue_by_the_day_alone_and_each_is_said_once(
    tmp_path: Path,
) -> None:
    async with connecting(tmp_path) as at:  # 1 July 2026
        await at.apply(COUNCIL)
        await at.door.watch.look()
        assert await said(at) == {QUARTER: Standing("waiting", "2026-27-Q1", "2026-07-20", 2)}
        at.clock.pass_(days=19, hours=13, minutes=59)  # One minute to midnight of the 20th, BST.
        await at.door.watch.look()
        assert (await version(at), (await said(at))[QUARTER].overdue) == (1, False)
        at.clock.pass_(minutes=1)
        await at.door.watch.look()
        await at.door.watch.look()
        assert (await version(at), (await said(at))[QUARTER].overdue) == (2, True)


async def test_an_answer_is_said_in_its_own_transaction_and_corrections_keep_its_day(
    tmp_path: Path,
) -> None:
    async with connecting(tmp_path) as at:
        await at.apply(COUNCIL)
        at.clock.pass_(days=24)
        await at.door.watch.look()
        await give(at, part="3")
        now = (await said(at))[QUARTER]
        assert (now.overdue, now.missing, now.given) == (False, 1, "2026-07-25")
        at.clock.pass_(days=3)
        await give(at, part="3", whole="9")
        now = (await said(at))[QUARTER]
        assert (now.missing, now.given) == (0, "2026-07-25")
        told = await version(at)
        await give(at, part="4", whole="9")
        assert await version(at) == told  # Another figure, and nothing else to say of it.


async def test_an_answer_before_the_first_look_comes_to_the_same(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        await at.apply(COUNCIL)
        await give(at, note="not applicable")
        early = await said(at)
        await at.door.watch.look()
        assert await said(at) == early
        assert early[QUARTER] == Standing("waiting", "2026-27-Q1", "2026-07-20", 0,
                                          given="2026-07-01")  # fmt: skip


async def test_an_answer_that_is_taken_back_is_missing_again_at_once(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        await at.apply(COUNCIL)
        at.clock.pass_(days=24)
        file = b"item,period_end,part,whole,note\nWaiting,2026-06-30,3,9,\n"
        batch = await upload(at, file)
        assert not (await said(at))[QUARTER].overdue
        await at.door.undoing.take_back(batch, "Head of care")
        now = (await said(at))[QUARTER]
        assert (now.overdue, now.missing, now.given) == (True, 2, None)


@pytest.mark.parametrize("gone", ["return", "dataset"])
async def test_a_return_that_is_asked_for_no_more_is_not_spoken_of(
    tmp_path: Path, gone: str
) -> None:
    async with connecting(tmp_path) as at:
        await at.apply(COUNCIL)
        await at.door.watch.look()
        assert await said(at)
        await at.apply({"datasets": [CARE]} if gone == "return" else {})
        await at.door.watch.look()
        assert await said(at) == {}


async def test_another_due_day_is_said_at_the_next_look(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        await at.apply(COUNCIL)
        at.clock.pass_(days=24)
        await at.door.watch.look()
        assert (await said(at))[QUARTER].overdue
        await at.apply({"datasets": [CARE], "returns": [WAITING | {"due_days": 40}]})
        await at.door.watch.look()
        now = (await said(at))[QUARTER]
        assert (now.due, now.overdue) == ("2026-08-09", False)


async def test_what_an_older_release_said_otherwise_is_said_anew(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        await at.apply(COUNCIL)
        odd = b'{"dataset":"irf-return","key":"waiting/2026-27-Q1","fields":{"code":7}}'
        statement = Statement(RECORDS, returns.PREFIX + QUARTER, odd, Cause("", ""))
        await at.store.write(lambda tx: at.door.service.outbox.publish(tx, [statement]))
        await at.door.watch.look()
        assert (await said(at))[QUARTER].missing == 2
