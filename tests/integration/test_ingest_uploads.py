"""A file is uploaded, looked at, and only then applied or thrown away."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.ingest_forms import FINANCE, OFFICER, OWNER, People, Shown, people
from tests.integration.ingest_returns import DATASET, HEADER, giving, history

OTHER = "owner-homes"
ROWS = (
    f"{HEADER}\n"
    "Waiting,30/09/2026,105,,,\n"  # new
    "Waiting,30/06/2026,104,,,\n"  # was 103
    "Payments,30/06/2026,124,398,,\n"  # as it is
    "Waiting,31/12/2026,many,,,\n"  # no number
)
YEARS = "Year,Hours,Words\n2023-24,10,\n2024-25,11,\n2025-26,12,\n"


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """The same for tests that change nothing."""
    with people(f"sqlite:///{tmp_path_factory.mktemp('still') / 'ingest.db'}", giving()) as started:
        history(started)
        yield started


@pytest.fixture
def door(tmp_path: Path) -> Iterator[People]:
    with people(f"sqlite:///{tmp_path / 'ingest.db'}", giving()) as started:
        history(started)
        yield started


def words(shown: Shown) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", shown.text).split())


def looked_at(
    door: People, content: str, dataset: str = DATASET, **typed: str
) -> tuple[str, Shown]:
    """Uploads a file; the address and the page on which it is looked at."""
    sent = door.upload(OWNER if dataset == DATASET else OFFICER, content, dataset, **typed)
    assert sent.status == 303, words(sent)
    assert sent.to.startswith("/uploads/")
    return sent.to, door.get(sent.to, OWNER if dataset == DATASET else OFFICER)


def decide(door: People, path: str, shown: Shown, does: str = "apply", **more: Any) -> Shown:
    """Says yes or no on the page."""
    persona = OWNER if "Returns of care" in shown.text else OFFICER
    return door.send(path, persona, shown.forms["who"], does=does, **more)


# The form.


def test_it_offers_the_datasets_that_somebody_keeps(still: People) -> None:
    mine = still.get("/upload", OWNER).text
    assert 'value="care-returns"' in mine
    assert 'value="overtime"' not in mine
    everything = still.get("/upload", OFFICER).text
    assert 'value="overtime"' in everything
    # What people said themselves is not brought in files.
    assert 'value="sign-offs"' not in everything
    assert "keeps no dataset" in still.get("/upload", "cabinet-adults").text
    assert 'value="care-returns" selected' in still.get("/upload/care-returns", OWNER).text


def test_who_does_not_keep_a_dataset_brings_nothing_into_it(still: People) -> None:
    before = still.records()
    for persona in (OTHER, FINANCE, "cabinet-adults", "director-adults"):
        assert still.upload(persona, ROWS, DATASET).status == 403
        assert still.get("/upload/care-returns", persona).status == 403
    assert still.upload(OFFICER, "period\n1", "sign-offs").status == 403
    assert still.upload("", ROWS, DATASET).status == 403
    assert still.get("/upload/none", OFFICER).status == 404
    assert still.records() == before


@pytest.mark.parametrize(
    ("content", "dataset", "told", "at"),
    [
        (ROWS, "", "Choose a dataset.", "dataset"),
        ("", DATASET, "empty", "file"),
        ("Nothing,known\n1,2\n", DATASET, "Measure", "file"),
        (b"\xd0\xcf\x11\xe0 old", DATASET, "old kind", "file"),
        (b"%PDF-1.7", DATASET, "PDF", "file"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_form_and_nothing_is_kept(
    still: People, content: str | bytes, dataset: str, told: str, at: str
) -> None:
    sent = still.upload(OWNER, content, dataset, mode="full")
    assert sent.status in (415, 422), sent.status
    assert told in words(sent)
    assert f'href="#{at}"' in sent.text
    assert re.search(r'value="full" checked', sent.text)
    assert not list(still.ingest.service.settings.files_folder().glob("extracts/*"))


def test_no_file_is_asked_for(still: People) -> None:
    sent = still.send("/upload", OWNER, {"dataset": DATASET})
    assert sent.status == 415
    answer = still.upload(OWNER, "", DATASET, name="")
    assert "Choose a file." in answer.text


# The look.


def test_the_page_says_what_would_change_and_nothing_has(door: People) -> None:
    before = door.records()
    _, shown = looked_at(door, ROWS)
    said = words(shown)
    for told in (
        "Rows 4", "New records 1", "Changed records 1", "Unchanged 1", "Rejected rows 1",
        "Records that it deletes 0", "What is new or changed: other records stay",
    ):  # fmt: skip
        assert told in said, told
    assert "Waiting|2026-06-30 Changed Numerator 103 104" in said
    assert "5 Numerator many" in said
    assert "is not a number" in said
    assert door.records() == before


def test_applied_it_is_a_batch_with_who_brought_it(door: People) -> None:
    path, shown = looked_at(door, ROWS)
    sent = decide(door, path, shown)
    assert sent.status == 303
    assert "looked" not in sent.to
    assert door.records()[f"{DATASET}/Waiting%7C2026-09-30"]["numerator"] == "105"
    batch = words(door.get(sent.to, OWNER))
    assert "Head of adult social care operations: rows.csv" in batch
    assert "Waiting|2026-09-30 New" in batch
    # Sent twice it is in once, and the address leads to what it became.
    assert decide(door, path, shown).to == sent.to
    assert door.get(path, OWNER).to == sent.to


def test_thrown_away_it_is_gone(door: People) -> None:
    before = door.records()
    path, shown = looked_at(door, ROWS)
    assert decide(door, path, shown, "discard").to == "/upload/care-returns"
    assert door.get(path, OWNER).status == 404
    assert decide(door, path, shown).status == 404
    assert door.records() == before


def test_nobody_else_decides(door: People) -> None:
    path, shown = looked_at(door, ROWS)
    for persona in (OTHER, OFFICER):
        assert door.get(path, persona).status == 403
        assert door.send(path, persona, shown.forms["who"], does="apply").status == 403
    assert decide(door, path, shown, "else").status == 400


def test_if_the_dataset_changed_meanwhile_they_look_again(door: People) -> None:
    path, shown = looked_at(door, ROWS)
    door.ingest.post(
        [{"data": {"item": "Waiting", "period_end": "30/09/2026", "numerator": "99"}}], DATASET
    )
    again = decide(door, path, shown)
    assert again.status == 409
    assert "The dataset changed since you looked" in words(again)
    assert "New records 0 Changed records 2" in words(again)
    assert door.records()[f"{DATASET}/Waiting%7C2026-09-30"]["numerator"] == "99"
    assert decide(door, path, again).status == 303
    assert door.records()[f"{DATASET}/Waiting%7C2026-09-30"]["numerator"] == "105"


def test_deleting_is_confirmed_by_itself(door: People) -> None:
    path, shown = looked_at(door, YEARS, "overtime")
    decide(door, path, shown)
    path, shown = looked_at(door, "Year,Hours,Words\n2023-24,10,\n2024-25,11,\n", "overtime")
    assert "Records that it deletes 1" in words(shown)
    asked = decide(door, path, shown)
    assert asked.status == 422
    assert "Say that the records may be deleted" in words(asked)
    assert "overtime/2025-26" in door.records()
    sent = decide(door, path, asked, confirmed="yes")
    assert sent.status == 303
    assert "overtime/2025-26" not in door.records()


def test_a_file_of_formulas_and_markup_is_shown_as_it_is(door: People) -> None:
    path, shown = looked_at(
        door, 'Year,Hours,Words\n2025-26,1,"<script>=cmd()</script>"\n', "overtime"
    )
    assert "<script>=cmd" not in shown.text
    assert "&lt;script&gt;=cmd" in shown.text
    assert decide(door, path, shown).status == 303
