"""Hanging up on a broker that is gone: only who asks to end is ended."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError

from shared.messaging.connection import hang_up


class Client:
    """Stops as it is told."""

    def __init__(self, outcome: BaseException | None, rest: float = 0) -> None:
        self.outcome = outcome
        self.rest = rest
        self.stopped = False

    async def stop(self) -> None:
        self.stopped = True
        await asyncio.sleep(self.rest)
        if self.outcome:
            raise self.outcome


def told(outcome: BaseException | None, rest: float = 0) -> Any:
    return Client(outcome, rest)


@pytest.mark.parametrize(
    "outcome", [None, KafkaConnectionError(), OSError(), TimeoutError(), asyncio.CancelledError()]
)
async def test_whatever_a_client_says_of_its_end_the_work_goes_on(
    outcome: BaseException | None,
) -> None:
    client = told(outcome)
    await hang_up(client)
    assert client.stopped


async def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        await hang_up(told(ZeroDivisionError()))


async def test_who_is_cancelled_while_hanging_up_ends() -> None:
    hanging = asyncio.create_task(hang_up(told(None, rest=60)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging


async def test_who_was_cancelled_before_hangs_up_all_the_same() -> None:
    client = told(asyncio.CancelledError())

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await hang_up(client)

    working = asyncio.create_task(work())
    await asyncio.sleep(0)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert client.stopped


async def test_a_cancellation_that_the_client_keeps_to_itself_ends_the_work_too() -> None:
    class Keeping:
        async def stop(self) -> None:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)

    client: Any = Keeping()
    hanging = asyncio.create_task(hang_up(client))
    await asyncio.sleep(0.01)
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
