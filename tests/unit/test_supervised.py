"""Background work of a service: whatever ends it ends the service, but for the service’s end."""

import asyncio
import os
import signal
from types import SimpleNamespace
from typing import Any

import pytest

from shared.runtime.service import Service


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The signals that this process would have been sent."""
    sent: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _pid, sign: sent.append(sign))
    return sent


def stopping(already: bool) -> Any:
    told = SimpleNamespace(stopping=asyncio.Event())
    if already:
        told.stopping.set()
    return told


@pytest.mark.parametrize("fault", [ValueError("a bug"), asyncio.CancelledError()])
async def test_work_that_fails_or_is_cancelled_by_no_one_ends_the_service(
    fault: BaseException, killed: list[int]
) -> None:
    async def work() -> None:
        raise fault

    await Service._supervised(stopping(False), work)
    assert killed == [signal.SIGTERM]


async def test_work_that_the_service_cancels_at_its_end_just_ends(killed: list[int]) -> None:
    async def work() -> None:
        await asyncio.sleep(60)

    working = asyncio.create_task(Service._supervised(stopping(True), work))
    await asyncio.sleep(0)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert killed == []


async def test_work_that_is_done_ends_nothing(killed: list[int]) -> None:
    async def work() -> None:
        pass

    await Service._supervised(stopping(False), work)
    assert killed == []
