"""Requests that wait at the same time share one transaction.

Rule: the first does not wait for others; those that come while a transaction runs go into the
next one together. Past a bound a request is refused before anything of it is kept: what was told
"accepted" is never thrown away, and what cannot be taken soon is said so at once.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class Overloaded(Exception):
    """More waits than can be taken soon."""


class Grouping(Generic[Item, Outcome]):
    """Runs `work` on groups of items, one group at a time. Sizes are in rows."""

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Awaitable[Sequence[Outcome]]],
        *,
        group_size: int,
        most_waiting: int,
    ) -> None:
        self._work = work
        self._group_size = group_size
        self._most_waiting = most_waiting
        self._waiting: deque[tuple[Item, int, asyncio.Future[Outcome]]] = deque()
        self._size = 0
        self._running: asyncio.Task[None] | None = None

    async def add(self, item: Item, size: int) -> Outcome:
        """The outcome of an item, once its group is done. Raises Overloaded."""
        # One item always fits, however large: otherwise it never would.
        if self._size and self._size + size > self._most_waiting:
            raise Overloaded
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, size, outcome))
        self._size += size
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await outcome

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._run_group(self._next_group())
        finally:
            self._running = None

    def _next_group(self) -> list[tuple[Item, int, asyncio.Future[Outcome]]]:
        group = [self._waiting.popleft()]
        room = self._group_size - group[0][1]
        while self._waiting and self._waiting[0][1] <= room:
            group.append(self._waiting.popleft())
            room -= group[-1][1]
        return group

    async def _run_group(self, group: list[tuple[Item, int, asyncio.Future[Outcome]]]) -> None:
        waiting = [outcome for _, _, outcome in group]
        try:
            outcomes = await self._work([item for item, _, _ in group])
        except Exception as error:
            for outcome in waiting:
                if not outcome.done():
                    outcome.set_exception(error)
        else:
            for outcome, answer in zip(waiting, outcomes, strict=True):
                # A sender that hung up waits no more; its rows are in all the same.
                if not outcome.done():
                    outcome.set_result(answer)
        finally:
            self._size -= sum(size for _, size, _ in group)
