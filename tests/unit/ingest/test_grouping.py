"""Requests that wait together share one transaction; what cannot be taken soon is refused."""

import asyncio
from collections.abc import Sequence

import pytest

from services.ingest.grouping import Grouping, Overloaded


class Work:
    """Work that waits for its turn and keeps the groups that it was given."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.go = asyncio.Event()

    async def __call__(self, items: Sequence[int]) -> Sequence[int]:
        self.groups.append(list(items))
        await self.go.wait()
        if 13 in items:
            raise RuntimeError("unlucky")
        return [item * 10 for item in items]


async def started(grouping: Grouping[int, int], *items: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(grouping.add(item, 1)) for item in items]
    await asyncio.sleep(0.01)
    return tasks


async def test_the_first_goes_at_once_and_those_that_come_meanwhile_go_together() -> None:
    work = Work()
    grouping = Grouping(work, group_size=3, most_waiting=100)
    tasks = await started(grouping, 1)
    tasks += await started(grouping, 2, 3, 4, 5)
    assert work.groups == [[1]]
    work.go.set()
    assert await asyncio.gather(*tasks) == [10, 20, 30, 40, 50]
    assert work.groups == [[1], [2, 3, 4], [5]]


async def test_a_group_that_fails_fails_its_own_and_no_other() -> None:
    work = Work()
    grouping = Grouping(work, group_size=2, most_waiting=100)
    tasks = await started(grouping, 1, 13)
    tasks += await started(grouping, 2)
    work.go.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(answer, RuntimeError) for answer in answers] == [True, True, False]
    assert await grouping.add(3, 1) == 30


async def test_a_sender_that_hangs_up_does_not_disturb_its_group() -> None:
    work = Work()
    grouping = Grouping(work, group_size=5, most_waiting=100)
    tasks = await started(grouping, 1)
    tasks += await started(grouping, 2, 3)
    tasks[1].cancel()
    work.go.set()
    assert list(await asyncio.gather(tasks[0], tasks[2])) == [10, 30]
    assert work.groups == [[1], [2, 3]]


async def test_what_cannot_be_taken_soon_is_refused_and_room_comes_back() -> None:
    work = Work()
    grouping = Grouping(work, group_size=5, most_waiting=2)
    tasks = await started(grouping, 1, 2)
    with pytest.raises(Overloaded):
        await grouping.add(3, 1)
    work.go.set()
    assert await asyncio.gather(*tasks) == [10, 20]
    # One item always fits, however large.
    assert await grouping.add(4, 1_000) == 40
