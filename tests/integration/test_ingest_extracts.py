"""Files that wait for a look, what was sent and is kept, and reading it again."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import RequestRefused
from services.ingest.store import extracts
from services.ingest.taking_files import Coming
from tests.integration.arrived import leave, row
from tests.integration.connecting import Connecting, catalogue, connecting, dataset

GOOD = "Ref,received,amount\na1,31/01/2026,5\na2,01/02/2026,6\n"


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Connecting]:
    async with connecting(tmp_path) as started:
        await started.apply({"datasets": [dataset(keep_extracts_days=10)]})
        yield started


async def sent(at: Connecting, text: str, **more: Any) -> Receipt:
    at.clock.pass_(seconds=1)
    outcome = await at.door.taking_files.take(
        Coming(io.BytesIO(text.encode()), "requests", "may.csv", "Test", **more)
    )
    assert isinstance(outcome, Receipt)
    return outcome


async def staged(at: Connecting, text: str) -> str:
    return await at.door.extracts.keep(
        io.BytesIO(text.encode()), dataset="requests", mode="changes", name="may.csv", by="Ann"
    )


def on_disk(at: Connecting) -> list[str]:
    folder = at.door.taking_files.kept.folder
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []


async def test_a_file_that_waits_is_looked_at_and_then_applied_once(at: Connecting) -> None:
    name = await staged(at, GOOD)
    found = await at.door.extracts.preview(name)
    assert (found.received, found.new) == (2, 2)
    assert await at.records("requests") == {}
    first = await at.door.extracts.apply(name, "Ann")
    again = await at.door.extracts.apply(name, "Ann")
    assert isinstance(first, Receipt)
    assert first == again
    assert sorted(await at.records("requests")) == ["a1", "a2"]
    assert (await at.batch(first.batch)).detail["by"] == "Ann"
    kept = await at.store.read(lambda tx: at.door.extracts.of_batch(tx, first.batch))
    assert [each.id for each in kept] == [name]
    assert on_disk(at) == [name]


async def test_a_file_is_gone_once_it_was_applied_where_its_dataset_keeps_nothing(
    at: Connecting,
) -> None:
    await at.apply({"datasets": [dataset()]})
    outcome = await at.door.extracts.apply(await staged(at, GOOD), "Ann")
    assert isinstance(outcome, Receipt)
    assert on_disk(at) == []
    await sent(at, GOOD)
    assert on_disk(at) == []


async def test_a_file_that_waits_is_discarded_or_goes_after_two_days(at: Connecting) -> None:
    first, second = await staged(at, GOOD), await staged(at, GOOD)
    await at.door.extracts.discard(first)
    assert on_disk(at) == [second]
    with pytest.raises(RequestRefused, match="not kept any more"):
        await at.door.extracts.apply(first, "Ann")
    at.clock.pass_(days=2, seconds=1)
    with pytest.raises(RequestRefused, match="not kept any more"):
        await at.door.extracts.preview(second)
    assert await at.door.extracts.clean() == 1
    assert on_disk(at) == []


async def test_a_file_that_nothing_tells_of_is_cleared_away_after_a_day(at: Connecting) -> None:
    name = await staged(at, GOOD)
    await at.store.write(lambda tx: extracts.forget(tx, [name]))
    assert await at.door.extracts.clean() == 0
    at.clock.pass_(days=1, seconds=1)
    assert await at.door.extracts.clean() == 1
    assert on_disk(at) == []


async def test_names_on_disk_are_ours_and_the_folder_is_closed_to_others(at: Connecting) -> None:
    name = await at.door.extracts.keep(
        io.BytesIO(b"x"), dataset="requests", mode="full", name="../../etc/passwd", by="Ann"
    )
    folder = at.door.taking_files.kept.folder
    assert on_disk(at) == [name]
    assert folder.stat().st_mode & 0o777 == 0o700
    for hostile in ("../ingest.db", "", f"{name}/..", "a" * 45):
        with pytest.raises(RequestRefused):
            at.door.extracts.open(hostile)


async def test_an_extract_is_taken_again_once_its_contract_was_mended(at: Connecting) -> None:
    first = await sent(at, "Ref,received,amount\na1,2026/01/31,5\na2,2026/02/01,6\n")
    assert first.rejected == 2
    mended = dataset(keep_extracts_days=10)
    mended["fields"][1]["formats"].append("%Y/%m/%d")
    await at.apply({"datasets": [mended]})
    at.clock.pass_(hours=1)
    again = await at.door.extracts.replay(first.batch, "Ann")
    assert isinstance(again, Receipt)
    assert (again.accepted, again.rejected) == (2, 0)
    assert (await at.batch(again.batch)).detail["replays"] == first.batch
    at.clock.pass_(days=11)
    with pytest.raises(RequestRefused) as refused:
        await at.door.extracts.replay(first.batch, "Ann")
    assert refused.value.status == 409


async def test_an_older_extract_stands_over_later_ones_only_if_that_is_confirmed(
    at: Connecting,
) -> None:
    first = await sent(at, GOOD)
    await sent(at, "Ref,received,amount\na1,31/01/2026,9\n")
    with pytest.raises(RequestRefused, match=r"1 later batch") as refused:
        await at.door.extracts.replay(first.batch, "Ann")
    assert refused.value.status == 409
    assert (await at.records("requests"))["a1"]["amount"] == "9.00"
    await at.door.extracts.replay(first.batch, "Ann", confirmed=True)
    assert (await at.records("requests"))["a1"]["amount"] == "5.00"


async def test_what_a_connector_brought_is_kept_and_can_be_taken_again(tmp_path: Path) -> None:
    drop = tmp_path / "drop" / "in"
    drop.mkdir(parents=True)
    async with connecting(tmp_path, drop=tmp_path / "drop") as at:
        await at.apply(catalogue({"kind": "folder", "place": "in"}, keep_extracts_days=3))
        leave(drop, "may.csv", at.clock.at, row("A"), row("B"), minutes=30)
        await at.look()
        await at.look()
        [run] = await at.runs("source")
        assert run.accepted == 2
        at.clock.pass_(hours=1)
        again = await at.door.extracts.replay(run.batches[0], "Ann")
        assert isinstance(again, Receipt)
        assert again.unchanged == 2


async def test_a_refused_file_is_not_kept(at: Connecting) -> None:
    with pytest.raises(RequestRefused):
        await sent(at, "Other\nx\n")
    assert on_disk(at) == []
