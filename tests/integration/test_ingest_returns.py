"""A figure is given in a minute: what is due, the form, what it asks about, what it comes to."""

import io
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from services.ingest.workbook.guide import FIGURES
from tests.integration.ingest_forms import OFFICER, OWNER, People, people
from tests.integration.ingest_returns import DATASET, FORM, SHARE, giving, history
from tests.integration.workbooks import written

DEPUTY, OTHER = "owner-waste", "owner-homes"
WAITING = f"{DATASET}/Waiting%7C2026-09-30"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """The same for tests that change nothing."""
    with people(f"sqlite:///{tmp_path_factory.mktemp('shown') / 'ingest.db'}", giving()) as started:
        history(started)
        yield started


@pytest.fixture
def door(tmp_path: Path) -> Iterator[People]:
    with people(f"sqlite:///{tmp_path / 'ingest.db'}", giving()) as started:
        history(started)
        yield started


def of(**typed: Any) -> dict[str, Any]:
    """Fields of the dataset, as a form calls them."""
    return {f"of-{name}": value for name, value in typed.items()}


def give(door: People, path: str = FORM, persona: str = OWNER, **typed: str) -> str:
    """Gives a figure, and says where the browser is led to."""
    sent = door.do(path, persona, "give", **typed)
    assert sent.status == 303, sent.text
    return sent.to


def words(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# What is due.


def test_the_list_says_what_is_due_when_and_what_was_given_last(shown: People) -> None:
    page = words(shown.get("/returns", OWNER).text)
    assert "2 figures are to be given, 1 of them overdue" in page
    overdue = "People with a direct payment , July to September 2026 July to September 2026"
    assert f"{overdue} 5 October 2026 Overdue 124 out of 398 (31.2%) in April to June 2026" in page
    due = "People waiting , July to September 2026 July to September 2026 20 October 2026 Due"
    assert f"{due} 103 in April to June 2026" in page
    assert page.index("direct payment") < page.index("People waiting")
    assert "Hours of overtime" not in page


def test_the_deputy_sees_it_too_an_officer_everything_and_others_nothing(shown: People) -> None:
    assert "People waiting" in shown.get("/returns", DEPUTY).text
    assert "direct payment" not in shown.get("/returns", DEPUTY).text
    everything = shown.get("/returns", OFFICER).text
    assert "direct payment" in everything
    assert "Hours of overtime" in everything
    assert "Temporary accommodation manager gives by hand" in shown.get("/returns", OTHER).text
    assert shown.get("/returns").status == 403


def test_an_officer_narrows_the_list(shown: People) -> None:
    assert "Hours of overtime" not in shown.get("/returns", OFFICER, owner="Nobody").text
    by_owner = shown.get("/returns", OFFICER, owner="Head of SEND").text
    assert "Hours of overtime" in by_owner
    assert "People waiting" not in by_owner
    by_service = shown.get("/returns", OFFICER, service="adult-social-care").text
    assert "/returns/waiting/" in by_service
    assert "/returns/overtime/" not in by_service
    coming = shown.get("/returns", OFFICER, state="not yet").text
    assert "/returns/waiting/2026-27-Q3" in coming
    assert "/returns/waiting/2026-27-Q2" not in coming
    assert shown.get("/returns", OFFICER, state="<script>").status == 200


def test_a_workbook_is_offered_where_many_figures_of_a_dataset_are_to_be_given(
    shown: People,
) -> None:
    assert f"/returns/workbook/{DATASET}" in shown.get("/returns", OWNER).text
    assert "workbook" not in shown.get("/returns", DEPUTY).text


def test_what_somebody_gives_too_late_was_given_late_and_what_a_system_brought_was_not(
    door: People,
) -> None:
    give(door, SHARE, **of(numerator="125", denominator="399"))
    shown = words(door.get("/returns", OWNER, state="given late").text)
    assert "People with a direct payment , July to September 2026" in shown
    assert "April to June" not in shown


# The form.


def test_the_form_asks_for_what_the_columns_are_called_beside_what_was_given_before(
    shown: People,
) -> None:
    page = shown.get(SHARE, OWNER)
    said = words(page.text)
    assert "Numerator April to June 2026: 124" in said
    assert "Denominator April to June 2026: 398" in said
    assert "July to September 2025 120 398" in said
    assert "Count who waits on the last day." in shown.get(FORM, OWNER).text


def test_a_figure_becomes_a_record_with_who_gave_it_and_leads_to_its_indicator(
    door: People,
) -> None:
    to = give(door, **of(numerator=" 105.5 ", source="https://example.org/a?b=c"))
    record = door.records()[WAITING]
    assert record == {
        "item": "Waiting",
        "period_end": "2026-09-30",
        "numerator": "105.5",
        "denominator": None,
        "note": None,
        "source": "https://example.org/a?b=c",
    }
    shown = door.get(to, OWNER)
    assert "People waiting, July to September 2026" in shown.text
    assert 'href="http://127.0.0.1:8000/indicators/AD20"' in shown.text
    assert "AD19" not in shown.text
    assert "105.5" in shown.text
    batch = to.rpartition("/")[2]
    assert f"/batches/{batch}/undo" in shown.text
    assert f"/batches/{batch}/undo" not in door.get(to, OTHER).text
    kept = door.ingest.client.get(f"/v1/batches/{batch}").json()["detail"]
    assert kept["return"] == "waiting"
    assert kept["period"] == "2026-27-Q2"
    assert kept["form"] == "Head of adult social care operations"


def test_thousands_may_be_written_with_commas(shown: People) -> None:
    sent = shown.do(FORM, OWNER, "give", **of(numerator="1,200"))
    assert "1,200 is about 11.7 times last quarter" in sent.text


def test_a_figure_that_is_given_again_replaces_itself(door: People) -> None:
    give(door, **of(numerator="105"))
    again = door.get(FORM, OWNER)
    assert 'value="105"' in again.text
    assert "It is given already" in again.text
    give(door, **of(numerator="106", source="https://example.org/"))
    assert door.records()[WAITING]["numerator"] == "106"


def test_a_figure_may_be_withheld_with_a_reason(door: People) -> None:
    give(door, SHARE, **of(numerator="", denominator="", note="suppressed"))
    record = door.records()[f"{DATASET}/Payments%7C2026-09-30"]
    assert (record["numerator"], record["note"]) == (None, "suppressed")


@pytest.mark.parametrize(
    ("typed", "told", "field"),
    [
        ({}, "Enter the figure. Or choose why there is none.", "numerator"),
        ({"numerator": "many"}, "is not a number", "numerator"),
        ({"numerator": "-101"}, "less than", "numerator"),
        ({"numerator": "1", "note": "missing"}, "There is a figure", "note"),
        ({"note": "because"}, "is not one of", "note"),
        ({"numerator": "1", "source": "javascript:alert(1)"}, "begins with https://", "source"),
        ({"numerator": "1", "source": "http://example.org"}, "begins with https://", "source"),
        ({"numerator": "1", "source": "https://a@b.example"}, "begins with https://", "source"),
        ({"numerator": "1", "source": "https://"}, "begins with https://", "source"),
        ({"numerator": "1", "source": "https://[::1"}, "begins with https://", "source"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(
    shown: People, typed: dict[str, str], told: str, field: str
) -> None:
    before = shown.records()
    sent = shown.do(FORM, OWNER, "give", **of(**typed))
    assert sent.status == 422
    assert f'href="#give-of-{field}"' in sent.text
    assert told in words(sent.text)
    for value in typed.values():
        assert value in sent.text
    assert shown.records() == before


def test_half_of_a_ratio_is_not_enough(shown: People) -> None:
    sent = shown.do(SHARE, OWNER, "give", **of(numerator="125"))
    assert sent.status == 422
    assert "Denominator must have a value" in words(sent.text)


# The second look.


def test_an_unusual_figure_is_asked_about_and_kept_once_somebody_says_that_it_is_right(
    door: People,
) -> None:
    asked = door.do(FORM, OWNER, "give", **of(numerator="412"))
    assert asked.status == 422
    assert "412 is four times last quarter&#39;s 103. Is it right?" in asked.text
    assert WAITING not in door.records()
    mark = re.search(r'name="sure"[^>]*value="([0-9a-f]+)"', asked.text)
    assert mark is not None
    sent = door.send(FORM, OWNER, asked.forms["give"], **of(numerator="412"), sure=mark[1])
    assert sent.status == 303
    assert door.records()[WAITING]["numerator"] == "412"


def test_who_confirms_one_figure_confirms_no_other(door: People) -> None:
    asked = door.do(FORM, OWNER, "give", **of(numerator="412"))
    mark = re.search(r'name="sure"[^>]*value="([0-9a-f]+)"', asked.text)
    assert mark is not None
    form = asked.forms["give"]
    other = door.send(FORM, OWNER, form, **of(numerator="4120"), sure=mark[1])
    assert other.status == 422
    assert "4,120 is about 40 times" in other.text
    assert door.send(FORM, OWNER, form, **of(numerator="104")).status == 303


def test_a_note_about_a_person_and_an_unusual_figure_are_both_asked_about_once(
    door: People,
) -> None:
    path = "/returns/overtime/2025-26"
    officer = OFFICER
    door.ingest.post([{"data": {"year": "2024-25", "hours": 10}}], "overtime")
    typed: dict[str, Any] = {"hours": "900", "words": "Ring 020 7946 0018"}
    first = door.do(path, officer, "give", **of(**typed))
    mark = re.search(r'name="sure"[^>]*value="([0-9a-f]+)"', first.text)
    assert mark is not None
    second = door.send(path, officer, first.forms["give"], **of(**typed), sure=mark[1])
    assert "telephone number" in second.text
    assert second.forms["give"]["sure"] == mark[1]
    third = door.send(
        path, officer, second.forms["give"], **of(**typed), confirmed="telephone number"
    )
    assert third.status == 303
    assert door.records()["overtime/2025-26"]["hours"] == 900


# Who, when, and at the same time.


@pytest.mark.parametrize("persona", [OTHER, "director-adults", "cabinet-adults"])
def test_others_see_it_and_are_told_who_gives_it(shown: People, persona: str) -> None:
    page = shown.get(FORM, persona)
    assert page.status == 200
    assert "does not give this return: Head of adult social care operations does" in page.text
    assert "give" not in page.forms
    form = shown.get(FORM, OWNER).forms["give"]
    sent = shown.send(FORM, persona, form, **of(numerator="105"))
    assert sent.status == 403
    assert "who does not give this return" in sent.text
    assert "105" in sent.text
    assert WAITING not in shown.records()


def test_what_is_not_over_yet_and_what_was_never_asked_for_cannot_be_given(shown: People) -> None:
    early = "/returns/waiting/2026-27-Q3"
    assert "is not over yet" in shown.get(early, OWNER).text
    form = shown.get(FORM, OWNER).forms["give"]
    assert shown.send(early, OWNER, form, **of(numerator="105")).status == 409
    for path in ("/returns/waiting/2026-09", "/returns/waiting/2001-02-Q1", "/returns/no/2026"):
        assert shown.get(path, OWNER).status == 404
        assert shown.send(path, OWNER, form, **of(numerator="105")).status == 404
    assert shown.get("/returns/overtime/2023-24", OFFICER).status == 404


def test_two_who_give_at_once_see_each_others_figure_and_nothing_is_overwritten(
    door: People,
) -> None:
    form = door.get(FORM, OWNER).forms["give"]
    give(door, persona=DEPUTY, **of(numerator="100"))
    clash = door.send(FORM, OWNER, form, **of(numerator="105"))
    assert clash.status == 409
    assert "Numerator: the newer text" in clash.text
    assert "100" in clash.text
    assert 'value="105"' in clash.text
    assert door.records()[WAITING]["numerator"] == "100"
    assert door.send(FORM, OWNER, clash.forms["give"], **of(numerator="105")).status == 303
    assert door.records()[WAITING]["numerator"] == "105"


def test_the_same_form_sent_twice_has_one_effect(door: People) -> None:
    form = door.get(FORM, OWNER).forms["give"]
    first = door.send(FORM, OWNER, form, **of(numerator="105"))
    second = door.send(FORM, OWNER, form, **of(numerator="105"))
    assert (second.status, second.to) == (303, first.to)
    assert [event.subject for event in door.ingest.events()].count(WAITING) == 1


# Many at once.


def grid(raw: bytes) -> list[list[Any]]:
    """The sheet that is filled in."""
    return CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_name(FIGURES).to_python()


def filled(raw: bytes, figures: dict[str, dict[str, Any]]) -> bytes:
    """The workbook as a spreadsheet program saves it: `figures` were written beside items."""
    rows = grid(raw)
    for row in rows[1:]:
        for heading, value in figures.get(str(row[0]), {}).items():
            row[rows[0].index(heading)] = value

    def write(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "d mmm yy"})
        for number, cells in enumerate(rows):
            for at, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(number, at, value, day)
                elif value != "":
                    sheet.write(number, at, value)

    return written(write)


def test_a_workbook_has_a_line_for_each_figure_and_comes_back_by_the_upload(door: People) -> None:
    answer = door.download(f"/returns/workbook/{DATASET}", OWNER)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{DATASET}-returns.xlsx"'
    rows = grid(answer.content)
    assert "103 in April to June 2026" in str(rows)
    assert len(rows) == 3
    raw = filled(
        answer.content,
        {"Waiting": {"Numerator": 105}, "Payments": {"Numerator": 125, "Denominator": 399}},
    )
    sent = door.upload(OWNER, raw, DATASET, name="figures.xlsx")
    assert sent.status == 303, words(sent.text)
    shown = door.get(sent.to, OWNER)
    assert "New records 2" in words(shown.text)
    assert "Rejected rows 0" in words(shown.text)
    done = door.send(sent.to, OWNER, shown.forms["who"], does="apply")
    assert done.status == 303
    assert door.records()[WAITING]["numerator"] == "105"
    assert "Nothing is to be given now" in words(door.get("/returns", OWNER).text)
    assert door.download(f"/returns/workbook/{DATASET}", OWNER).status_code == 404


def test_a_workbook_with_one_line_filled_in_gives_that_figure_alone(door: People) -> None:
    raw = door.download(f"/returns/workbook/{DATASET}", OWNER).content
    sent = door.upload(OWNER, filled(raw, {"Waiting": {"Numerator": 105}}), DATASET)
    shown = door.get(sent.to, OWNER)
    assert "New records 1" in words(shown.text)
    assert "Rejected rows 0" in words(shown.text)


def test_what_is_unusual_in_a_workbook_is_asked_about_too(door: People) -> None:
    raw = door.download(f"/returns/workbook/{DATASET}", OWNER).content
    sent = door.upload(OWNER, filled(raw, {"Waiting": {"Numerator": 412}}), DATASET)
    shown = door.get(sent.to, OWNER)
    told = "People waiting, July to September 2026: 412 is four times last quarter's 103."
    assert told in unescape(words(shown.text))
    form = shown.forms["who"]
    asked = door.send(sent.to, OWNER, form, does="apply")
    assert asked.status == 422
    assert "Say that the unusual figures are right" in asked.text
    assert WAITING not in door.records()
    done = door.send(sent.to, OWNER, form, does="apply", sure=form["doubtful"])
    assert done.status == 303
    assert door.records()[WAITING]["numerator"] == "412"


def test_nobody_gets_a_workbook_of_figures_that_they_do_not_give(shown: People) -> None:
    assert shown.download(f"/returns/workbook/{DATASET}", OTHER).status_code == 404
    assert shown.download("/returns/workbook/none", OFFICER).status_code == 404
    assert shown.download(f"/returns/workbook/{DATASET}", "").status_code == 403
