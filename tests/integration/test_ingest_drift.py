"""A source that changed is told as such, not as a thousand bad rows; what rejected rows said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.ingest.domain.refusals import RequestRefused
from services.ingest.store import rejected
from services.ingest.store.rejected import RejectedRow
from tests.integration.intake_engine import VISITS, Engine, engine

HEADER = "Ref,Hours,Ward"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine(tmp_path_factory.mktemp("drift")) as started:
        yield started


@pytest.fixture
def door(shared: Engine) -> Engine:
    shared.empty()
    return shared


def kept(door: Engine, batch: str, after: int = 0) -> list[RejectedRow]:
    return door.store.read_now(lambda tx: rejected.rows(tx, batch, after, 1_000))


def refusal(door: Engine, text: str) -> RequestRefused:
    with pytest.raises(RequestRefused) as raised:
        door.file(text, "changes")
    return raised.value


@pytest.mark.parametrize(
    ("header", "near"), [("Hours spent", "Hours spent"), ("hrs_Hours", "hrs_Hours")]
)
def test_a_missing_column_is_told_with_what_it_was_perhaps_renamed_to(
    door: Engine, header: str, near: str
) -> None:
    [problem] = refusal(door, f"Ref,{header},Colour\na,1,red\n").problems
    assert (problem["rule"], problem["column"], problem["field"]) == ("header", "Hours", "hours")
    assert problem["message"].endswith(f"It was perhaps renamed to {near!r}.")


def test_a_missing_column_is_not_told_with_one_that_is_nothing_like_it(door: Engine) -> None:
    [problem] = refusal(door, "Ref,Colour\na,red\n").problems
    assert problem["message"] == "The column for hours is missing."


def test_a_batch_says_which_columns_came_and_went(door: Engine) -> None:
    first = door.file(f"{HEADER},Old\na,1,,x\n")
    assert "columns_new" not in door.batch(first.batch).detail
    detail = door.batch(door.file(f"{HEADER},New\na,1,,x\n").batch).detail
    assert (detail["columns_new"], detail["columns_gone"]) == (["New"], ["Old"])
    third = door.batch(door.file(f"{HEADER},new\na,1,,x\n").batch).detail
    assert not third.keys() & {"columns_new", "columns_gone"}


def test_a_column_that_became_something_else_is_told_once(door: Engine) -> None:
    door.file(f"{HEADER}\na,1,North\n")
    bad = "\n".join(f"r{number},{number % 9} hours,North" for number in range(300))
    refused = refusal(door, f"{HEADER}\nb,2,\n{bad}\n")
    assert refused.status == 422
    assert refused.problems == [
        {
            "column": "Hours",
            "field": "hours",
            "rule": "type",
            "share": "99 %",
            "values": ["0 hours", "1 hours", "2 hours"],
            "message": refused.problems[0]["message"],
        }
    ]
    assert "Hours" in refused.detail
    assert list(door.held()) == ["a"]


def test_bad_rows_that_are_few_or_differ_stay_bad_rows(door: Engine) -> None:
    few = "\n".join(f"r{number},x," for number in range(99))
    assert door.file(f"{HEADER}\n{few}\n", "changes").rejected == 99
    door.empty()
    some = "\n".join(f"r{number},{'x' if number % 10 < 8 else 1}," for number in range(500))
    assert door.file(f"{HEADER}\n{some}\n", "changes").rejected == 400


def test_blanks_are_drift_only_where_the_column_has_nothing_else(door: Engine) -> None:
    blank = "\n".join(f",{number}," for number in range(150))
    assert door.file(f"{HEADER}\na,1,\n{blank}\n", "changes").rejected == 150
    [problem] = refusal(door, f"{HEADER}\n{blank}\n").problems
    assert (problem["column"], problem["rule"], problem["share"]) == ("Ref", "required", "100 %")


def test_rejected_rows_are_kept_as_they_came_in_the_fields_of_the_contract(door: Engine) -> None:
    done = door.file(f"Extra,{HEADER}\nsecret,a, x1 ,North\n,b,2,\n,b,3,\nshort\n", "changes")
    first, second, third = kept(door, done.batch)
    assert (first.row, first.cells) == (2, {"hours": " x1 ", "ref": "a", "ward": "North"})
    assert [(each.field, each.rule) for each in first.rejections] == [("hours", "type")]
    assert (second.row, second.cells) == (4, {"hours": "3", "ref": "b", "ward": ""})
    assert (third.row, third.cells) == (5, {})
    assert [each.row for each in kept(door, done.batch, 2)] == [4, 5]
    door.store.write_now(lambda tx: rejected.mark_fixed(tx, done.batch, 2, "another"))
    assert [each.fixed_by for each in kept(door, done.batch)] == ["another", None, None]


def test_the_first_ten_thousand_rejected_rows_are_kept(
    door: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rejected, "MOST_ROWS", 1_050)
    good = "\n".join(f"g{number},1," for number in range(400))
    bad = "\n".join(f"r{number},x," for number in range(2_000))
    done = door.file(f"{HEADER}\n{good}\n{bad}\n", "changes")
    assert done.rejected == 2_000
    assert door.store.read_now(lambda tx: rejected.count(tx, done.batch)) == 1_050


def test_what_tells_who_somebody_is_stands_in_no_rejection(tmp_path: Path) -> None:
    fields = [
        {"name": "nino", "type": "text", "max_length": 9, "personal": "identifier"},
        {"name": "ref", "type": "text", "required": True},
        {"name": "hours", "type": "integer"},
    ]
    why = "Payroll knows its staff by it."
    people = {**VISITS, "fields": fields, "identifiers_because": why}
    with engine(tmp_path, datasets=[people]) as door:
        text = "ref,nino,hours\na,QQ123456CQQ,1\nb,QQ1,x\nc,QQ2,1\nc,QQ3,2\n"
        done = door.file(text, "changes")
        assert done.rejected == 3
        rows = kept(door, done.batch)
        assert [each.cells["nino"] for each in rows] == ["…", "…", "…"]
        assert "QQ" not in repr([done.rejections, rows])
        assert [each.raw for each in done.rejections] == ["…", "x", "c"]
        assert "QQ" not in repr(door.preview(text, "changes"))
