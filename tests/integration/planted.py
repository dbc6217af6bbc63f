"""Bugs planted in delivery, to prove that the checks would see them.

Rule: a bug is planted in the code as it is. Where that code has changed so that the bug no longer
fits, planting fails, and says so.
"""

import inspect
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from aiokafka import TopicPartition

from shared.db.tx import Tx
from shared.delivery.change import Change, Statement
from shared.delivery.inbox import Inbox
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from tests.integration.two_services import Totals

Plant = Callable[[pytest.MonkeyPatch], None]


def rewritten(function: Callable[..., Any], right: str, wrong: str) -> Any:
    """The function with one piece of its source replaced."""
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(right) == 1, f"{function.__qualname__} no longer says {right!r} once"
    names = dict(function.__globals__)
    exec(compile(source.replace(right, wrong), "<planted>", "exec"), names)  # noqa: S102
    return names[function.__name__]


def guard_lets_the_same_version_in(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Inbox, "_fold", rewritten(Inbox._fold, "number > version", "number >= version"))


def guard_lets_anything_in(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Inbox, "_fold", rewritten(Inbox._fold, "number > version", "number"))


def offsets_are_committed_before_the_work(patch: pytest.MonkeyPatch) -> None:
    consume = Consumer._consume

    async def acknowledges_first(self: Consumer, records: Any) -> None:
        for record in records:
            self._applied[TopicPartition(record.topic, record.partition)] = record.offset + 1
        await self.acknowledge()
        await consume(self, records)

    patch.setattr(Consumer, "_consume", acknowledges_first)


def nothing_is_taken_back(patch: pytest.MonkeyPatch) -> None:
    _changes_as(patch, lambda change: replace(change, before=None))


def deletions_are_ignored(patch: pytest.MonkeyPatch) -> None:
    _changes_as(patch, lambda change: None if change.after is None else change)


def relay_remembers_a_position(patch: pytest.MonkeyPatch) -> None:
    """`id > last`: what failed to be sent, or became visible late, is passed over."""
    parcels = Relay._next_parcels

    def after_the_last(self: Any, tx: Tx) -> Sequence[tuple[int, Any]]:
        last = getattr(self, "last", 0)
        found = [(number, parcel) for number, parcel in parcels(self, tx) if number > last]
        self.last = max([last, *(number for number, _ in found)])
        return found

    patch.setattr(Relay, "_next_parcels", after_the_last)


def relay_marks_before_it_sends(patch: pytest.MonkeyPatch) -> None:
    send = Relay._send

    async def marks_first(self: Any, sender: Any, parcels: Sequence[tuple[int, Any]]) -> None:
        await self._store.write(lambda tx: self._mark(tx, [number for number, _ in parcels], {}))
        await send(self, sender, parcels)

    patch.setattr(Relay, "_send", marks_first)


def _changes_as(patch: pytest.MonkeyPatch, see: Callable[[Change], Change | None]) -> None:
    apply = Totals.apply

    def seen(self: Totals, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        return apply(self, [each for change in changes if (each := see(change))], tx)

    patch.setattr(Totals, "apply", seen)
