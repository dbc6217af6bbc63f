"""How long a request's body may take to come.

Rule: whoever sends is given time, and none for ever: a body that pauses too long, or that comes
slower than any real line, is answered 408 and its connection closed. What it held is free again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.runtime.problems import Problem, answer

TOO_SLOW = 408


@dataclass(frozen=True)
class Patience:
    """The longest pause, in seconds; and how many bytes a second a body must have come with, once
    it has had `grace` seconds. A modem was faster."""

    pause: float = 30.0
    grace: float = 60.0
    rate: float = 1_000.0

    def exhausted(self, seconds: float, received: int) -> bool:
        """Whether so few bytes in this time are too few."""
        return received < (seconds - self.grace) * self.rate


class BodyInTime:
    """An application whose requests must bring their body in time."""

    def __init__(
        self, app: ASGIApp, patience: Patience, now: Callable[[], float] | None = None
    ) -> None:
        self._app = app
        self._patience = patience
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        now = self._now or asyncio.get_running_loop().time
        began, received, complete, answered = now(), 0, False, False

        async def in_time() -> Message:
            nonlocal received, complete
            if complete:
                # What comes now is only that the other side has gone.
                return await receive()
            try:
                async with asyncio.timeout(self._patience.pause):
                    message = await receive()
            except TimeoutError:
                raise _TooSlow from None
            received += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if not complete and self._patience.exhausted(now() - began, received):
                raise _TooSlow
            return message

        async def noticed(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, in_time, noticed)
        except _TooSlow:
            if not answered:
                await _too_slow(scope, receive, send)


class _TooSlow(BaseException):
    """Not an Exception: nothing on its way out may take it for an error of its own."""


async def _too_slow(scope: Scope, receive: Receive, send: Send) -> None:
    problem = Problem(
        TOO_SLOW,
        "The body did not come in time. Nothing was kept; send it again.",
        headers={"Connection": "close"},
    )
    await answer(problem)(scope, receive, send)
