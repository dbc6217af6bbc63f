"""What came and what became of it: history, rejected rows mended, batches taken back."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.ingest_forms import FINANCE, OFFICER, OWNER, People, Shown, people
from tests.integration.ingest_returns import DATASET, FORM, HEADER, giving, history

OTHER, DEPUTY = "owner-homes", "owner-waste"
ROWS = (
    f"{HEADER},New one\n"
    "Waiting,30/09/2026,105,,,,x\n"
    "Waiting,31/12/2026,many,,,=1+1,x\n"
    "Nobody,31/12/2026,1,-2,,,x\n"
)
SUBJECT = f"{DATASET}/Waiting%7C2026-09-30"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[People]:
    with people(f"sqlite:///{tmp_path / 'ingest.db'}", giving()) as started:
        history(started)
        yield started


@pytest.fixture
def batch(door: People) -> str:
    """A batch of one good row and two that were rejected."""
    answer = door.ingest.upload(ROWS, DATASET, name="care.csv")
    assert answer.status_code == 202, answer.text
    return str(answer.json()["batch"])


def words(shown: Shown) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", shown.text).split())


def of(**typed: Any) -> dict[str, Any]:
    """Fields of the dataset, as a form calls them."""
    return {f"of-{name}": value for name, value in typed.items()}


# The history.


def test_what_came_stands_newest_first_with_who_brought_it(door: People, batch: str) -> None:
    form = door.do(FORM, OWNER, "give", **of(numerator="106"))
    shown = words(door.get("/batches", OTHER))
    assert "Head of adult social care operations, by a form 1 changed" in shown
    assert "A call by a system: care.csv 1 changed, 2 rejected" in shown
    assert shown.index("by a form") < shown.index("care.csv")
    one = words(door.get("/batches", OTHER, dataset="overtime"))
    assert "Nothing has come yet." in one
    assert form.to.rpartition("/")[2] in door.get("/batches", OTHER, dataset=DATASET).text


def test_a_long_history_comes_in_pages(door: People) -> None:
    for number in range(60):
        door.ingest.post([{"data": {"year": "2024-25", "hours": number}}], "overtime")
    first = door.get("/batches", OTHER, dataset="overtime")
    assert first.text.count('href="/batches/01') == 50
    older = re.search(r'href="/batches\?dataset=overtime&amp;before=([^"]+)"', first.text)
    assert older is not None
    second = door.get("/batches", OTHER, dataset="overtime", before=older[1])
    assert second.text.count('href="/batches/01') == 10
    assert door.get("/batches", OTHER, before="nonsense").status == 200
    assert door.get("/batches").status == 403


def test_a_batch_says_what_it_came_to_and_how_it_was_read(door: People, batch: str) -> None:
    said = words(door.get(f"/batches/{batch}", OWNER))
    for told in (
        "Rows received 3 Changed a record 1 Unchanged 0 Rejected 2 Records deleted 0",
        "Columns that the contract does not name, and that were dropped: New one.",
        "Waiting|2026-09-30 New Item", "Numerator 105",
        "Mend row 3", "is not a number", "Mend row 4", "is not one of: Waiting, Payments, Score",
    ):  # fmt: skip
        assert told.replace("Item", "Measure") in said, told
    for name in ("none", "01a2", "../etc"):
        assert door.get(f"/batches/{name}", OWNER).status == 404


def test_who_does_not_keep_the_dataset_sees_how_much_and_not_what(door: People, batch: str) -> None:
    for persona in (OTHER, FINANCE, "cabinet-adults"):
        said = words(door.get(f"/batches/{batch}", persona))
        assert "Rejected 2" in said
        assert "Who keeps this dataset sees what the rows said." in said
        assert "many" not in said
        assert "Numerator 105" not in said
        assert door.get(f"/batches/{batch}/rejections.csv", persona).status == 403
        assert door.get(f"/batches/{batch}/rows/3", persona).status in (403, 404)


# Rejected rows.


def test_they_are_downloaded_corrected_and_uploaded_again(door: People, batch: str) -> None:
    answer = door.download(f"/batches/{batch}/rejections.csv", OWNER)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    text = answer.content.decode("utf-8-sig")
    first, second = list(csv.DictReader(io.StringIO(text)))
    assert first["Row"] == "3"
    assert first["Numerator"] == "many"
    # What a spreadsheet would run is shown to it as text.
    assert first["Source"] == "'=1+1"
    assert "is not a number" in first["What is wrong"]
    assert second["What is wrong"].count(".") == 2
    mended = text.replace("many", "12").replace("Nobody", "Score").replace("-2", "2")
    sent = door.upload(OWNER, mended.encode("utf-8-sig"), DATASET)
    shown = door.get(sent.to, OWNER)
    assert "New records 2" in words(shown)
    assert "Row, What is wrong" in words(shown)


def test_a_row_is_mended_in_place_and_marked(door: People, batch: str) -> None:
    path = f"/batches/{batch}/rows/3"
    shown = door.get(path, OWNER)
    assert 'value="many"' in shown.text
    assert "is not a number" in shown.text
    form = shown.forms["mend"]
    typed: dict[str, Any] = {
        "of-item": "Waiting",
        "of-period_end": "31/12/2026",
        "of-source": "=1+1",
    }
    wrong = door.send(path, OWNER, form, **typed, **of(numerator="lots"))
    assert wrong.status == 422
    assert 'href="#mend-of-numerator"' in wrong.text
    assert 'value="lots"' in wrong.text
    batches = door.get("/batches", OWNER, dataset=DATASET).text.count('href="/batches/01')
    sent = door.send(path, OWNER, form, **typed, **of(numerator="1,212"))
    assert sent.status == 303
    record = door.records()[f"{DATASET}/Waiting%7C2026-12-31"]
    assert (record["numerator"], record["source"]) == ("1212", "=1+1")
    said = words(door.get(sent.to, OWNER))
    assert f"It mends row 3 of batch {batch}" in said
    assert "Head of adult social care operations mended row 3" in said
    after = words(door.get(f"/batches/{batch}", OWNER))
    assert "3 Mended" in after
    assert "Mend row 3" not in after
    # What was refused left no batch behind.
    now = door.get("/batches", OWNER, dataset=DATASET).text.count('href="/batches/01')
    assert now == batches + 1
    assert "many" not in door.download(f"/batches/{batch}/rejections.csv", OWNER).text
    again = door.send(path, OWNER, form, **typed, **of(numerator="1"))
    assert again.status == 409
    assert "Somebody mended this row meanwhile" in again.text


def test_only_who_keeps_the_dataset_mends(door: People, batch: str) -> None:
    path = f"/batches/{batch}/rows/3"
    form = door.get(path, OWNER).forms["mend"]
    before = door.records()
    for persona in (OTHER, FINANCE, "director-adults"):
        assert door.send(path, persona, form, **of(item="Waiting")).status == 403
    assert door.get(f"/batches/{batch}/rows/2", OWNER).status == 404
    assert door.get(f"/batches/{batch}/rows/99", OWNER).status == 404
    assert door.get(path, OFFICER).status == 200
    assert door.records() == before


# Taken back.


def test_undoing_asks_first_and_says_how_many_go_back(door: People, batch: str) -> None:
    shown = door.get(f"/batches/{batch}/undo", OWNER)
    assert "1 record goes back to what it was before" in words(shown)
    assert SUBJECT in door.records()
    sent = door.send(f"/batches/{batch}/undo", OWNER, {})
    assert sent.status == 303
    assert SUBJECT not in door.ingest.records()
    said = words(door.get(sent.to, OWNER))
    assert f"Head of adult social care operations took back {batch}" in said
    # It is a batch too, so it is undone likewise.
    back = door.send(f"{sent.to}/undo", OWNER, {})
    assert back.status == 303
    assert door.records()[SUBJECT]["numerator"] == "105"


def test_what_changed_since_stays_and_is_counted(door: People, batch: str) -> None:
    door.ingest.post(
        [{"data": {"item": "Waiting", "period_end": "30/09/2026", "numerator": "99"}}], DATASET
    )
    said = words(door.get(f"/batches/{batch}/undo", OWNER))
    assert "0 records go back" in said
    assert "1 stays as it is: something later changed it" in said
    assert "There is nothing to take back." in said


def test_who_gave_a_figure_takes_it_back_and_others_do_not(door: People) -> None:
    given = door.do(FORM, DEPUTY, "give", **of(numerator="106"))
    batch = given.to.rpartition("/")[2]
    for persona in (OTHER, FINANCE):
        assert door.get(f"/batches/{batch}/undo", persona).status == 403
        assert door.send(f"/batches/{batch}/undo", persona, {}).status == 403
    assert door.records()[SUBJECT]["numerator"] == "106"
    assert "1 record goes back" in words(door.get(f"/batches/{batch}/undo", DEPUTY))
    assert door.send(f"/batches/{batch}/undo", DEPUTY, {}).status == 303
    assert SUBJECT not in door.records()
    # Given anew, as if it had never been given.
    assert door.do(FORM, OWNER, "give", **of(numerator="107")).status == 303


def test_what_people_said_in_forms_is_taken_back_by_nobody(door: People) -> None:
    door.collect()
    path = "/review/2026-27-Q2/indicator/AD01"
    said = door.do(path, OWNER, "comment-owner", what_happened="More asked.")
    batch = said.to.rpartition("/")[2]
    for persona in (OWNER, OFFICER):
        assert door.send(f"/batches/{batch}/undo", persona, {}).status == 403
    assert door.of("commentary")
