"""Contracts and intentions in words, and the pipeline's file."""

import csv
import io
from typing import Any

import msgspec
import pytest

from services.publisher.domain import contracts as said
from services.publisher.domain.figures import Stamp
from services.publisher.domain.pipeline import (
    HEADERS,
    PipelineRow,
    as_text,
    csv_file,
    in_pipeline,
    pipeline_row,
)
from shared.contracts.commissioning import Contract, ContractKpi, ContractSpend, Intention

STAMP = Stamp("2026-11-24T10:00:00.000+00:00", "2026-11-24T09:30:00.000+00:00", "batch-1")


def contract(**fields: Any) -> Contract:
    usual: dict[str, Any] = {
        "reference": "C1", "title": "Bins", "start": "2020-04-01", "end": "2030-03-31",
        "expiry": "2030-03-31", "last_expiry": "2030-03-31", "decision_by": "2029-03-31",
        "stage": "in force", "on_horizon": False, "spent": 0,
    }  # fmt: skip
    return Contract(**{**usual, **fields})


def intention(**fields: Any) -> Intention:
    usual: dict[str, Any] = {
        "reference": "I1", "title": "Bins again", "option": "Recommission", "status": "Proposed",
        "overdue": False, "value": 3_000_000_00, "notice": "2027-01-31",
    }  # fmt: skip
    return Intention(**{**usual, **fields})


# Contracts


@pytest.mark.parametrize(
    ("stages", "counts"),
    [
        ([], "No contract is running."),
        (["expired"], "No contract is running."),
        (["decision due"], "1 of 1 contract needs a decision; none is overdue."),
        (
            ["decision due", "decision overdue", "in force", "expired", "not started"],
            "2 of 4 contracts need a decision; 1 is overdue.",
        ),
        (["decision overdue"] * 2, "2 of 2 contracts need a decision; 2 are overdue."),
    ],
)
def test_what_needs_a_decision_is_counted_in_words(stages: list[str], counts: str) -> None:
    assert said.counts(contract(stage=stage) for stage in stages) == counts


def test_a_contract_whose_following_is_decided_needs_no_decision() -> None:
    assert not said.needs_decision(contract(stage="decision due", decided=True))
    assert said.needs_decision(contract(stage="decision due"))


def test_a_decision_that_is_taken_is_not_shown_as_due() -> None:
    taken, due = (contract(stage="decision due", decided=each) for each in (True, False))
    assert (said.stage(taken), said.outcome(taken)) == ("Decision taken", "green")
    assert (said.stage(due), said.outcome(due)) == ("Decision due", "amber")


def test_the_expired_are_counted_beside_the_rest() -> None:
    assert said.expired([contract()]) == ""
    assert said.expired([contract(stage="expired")]) == "1 more has expired."
    assert said.expired([contract(stage="expired")] * 2) == "2 more have expired."


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "It expires on 31 March 2030, its last day: no extension has been taken."),
        (
            {"expiry": "2032-09-30", "extensions": [12, 6], "extensions_taken": 4},
            "Its first term ends on 31 March 2030; 4 extensions, of 30 months in all, move that to "
            "30 September 2032.",
        ),
        (
            {"expiry": "2029-01-15", "expiry_set": True},
            "The register itself says that it expires on 15 January 2029; its end before any "
            "extension is 31 March 2030.",
        ),
        (
            {"expiry": "", "end": ""},
            "When it expires is not known: it has no end, or one outside the calendar.",
        ),
        ({"extensions": []}, "The register allows no extension."),
        (
            {"extensions": [12, 1], "last_expiry": "2031-04-30"},
            "It can be extended by 12 months and then 1 month: to 30 April 2031 with all of that.",
        ),
        (
            {"extensions": [12], "extensions_taken": 1},
            "It could be extended by 12 months; it can be extended no further.",
        ),
        ({}, "No notice period is recorded."),
        (
            {"notice_months": 1, "notice_by": "2030-02-28"},
            "Ending it needs 1 month of notice, so notice is to be given by 28 February 2030.",
        ),
        (
            {},
            "What follows is to be decided 12 months before it expires, by the council's own rule: "
            "by 31 March 2029.",
        ),
        (
            {"decision_set": True},
            "The register itself says that what follows is to be decided by 31 March 2029.",
        ),
        ({"decision_by": ""}, "By when what follows is to be decided is not known."),
    ],
)
def test_each_date_says_how_it_was_worked_out(fields: dict[str, Any], sentence: str) -> None:
    assert sentence in said.dates(contract(**fields), 12)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"stage": "expired"}, "It expired on 31 March 2030."),
        ({"stage": "not started"}, "It starts on 1 April 2020."),
        (
            {"stage": "decision overdue"},
            "What follows it should have been decided by 31 March 2029; it expires on "
            "31 March 2030.",
        ),
        ({"decided": True}, "What follows it is decided; it expires on 31 March 2030."),
        ({"decision_by": ""}, "It expires on 31 March 2030."),
        ({"decision_by": "", "expiry": ""}, "Its expiry is not known."),
    ],
)
def test_a_contract_says_what_is_next(fields: dict[str, Any], sentence: str) -> None:
    assert said.what_is_next(contract(**fields)) == sentence


@pytest.mark.parametrize(
    ("spent", "total", "share"),
    [
        (150_00, 600_00, "25.0% of its total value"),
        (700_00, 600_00, "116.7% of its total value"),
        (-5_00, 600_00, "−0.8% of its total value"),
        (5_00, 0, "Its total value is not recorded."),
        (5_00, None, "Its total value is not recorded."),
    ],
)
def test_what_was_paid_is_a_share_of_the_total_value(
    spent: int, total: int | None, share: str
) -> None:
    assert said.share(contract(spent=spent, total_value=total)) == share


def test_the_horizon_has_what_expires_and_what_is_to_be_decided_in_the_order_of_days() -> None:
    found = said.events(
        [
            contract(reference="A", stage="decision due", on_horizon=True, expiry="2027-12-31",
                     decision_by="2026-12-31"),
            contract(reference="B", stage="decision overdue", decision_by="2026-10-01"),
            contract(reference="C", stage="decision due", on_horizon=True, expiry="2027-01-31",
                     decided=True, decision_by="2026-12-01"),
            contract(reference="D"),
            contract(reference="E", stage="in force", decision_by="2027-02-01"),
            contract(reference="F", stage="expired", decision_by="2026-02-01"),
        ],
        "2028-05-24",
    )  # fmt: skip
    assert [(each.day, each.what, each.contract.reference, each.overdue) for each in found] == [
        ("2026-10-01", "Decision", "B", True),
        ("2026-12-31", "Decision", "A", False),
        ("2027-01-31", "Expires", "C", False),
        ("2027-02-01", "Decision", "E", False),
        ("2027-12-31", "Expires", "A", False),
    ]


def test_a_day_that_is_none_is_shown_as_it_stands() -> None:
    assert said.on("soon") == "soon"
    assert said.on("") == "Not known"
    assert said.quarter("soon") == "soon"
    assert said.quarter("2027-01-31") == "January to March 2027"


def test_a_contract_short_of_indicators_says_how_many_it_names() -> None:
    kpis = {"k/1": ContractKpi("K1"), "k/2": ContractKpi("K1")}
    found = contract(kpis=kpis, kpis_short=2)
    assert said.short_of_kpis(found) == "names 1 key performance indicator of 3."


# The stream


def test_every_state_of_contracts_is_told_in_words() -> None:
    def told(subject: str, state: msgspec.Struct) -> said.Told:
        return said.told(subject, msgspec.json.encode(state), STAMP)

    display, service = told("contract/C1", contract(service="waste", stage="decision due"))
    assert display is not None
    assert (display["outcome"], display["announce"], service) == (
        "amber",
        "Bins: Decision due",
        "waste",
    )
    assert display["fresh"] == "Updated 24 November 2026 at 9:30am"
    display, service = told("intention/I1", intention(overdue=True, service="waste"))
    assert display is not None
    assert (display["overdue"], display["value"], service) == ("Overdue", "£3.0 million", "waste")
    display, _ = told("contract-spend/C1", ContractSpend("C1", 1_50, 2, {}, False))
    assert display is not None
    assert (display["spent"], display["transactions"]) == ("£1.50", "2")
    assert said.told("contract/C1", None, STAMP) == (None, None)
    assert said.told("something/else", b"{}", STAMP) == ({}, None)


# The pipeline


@pytest.mark.parametrize(
    ("fields", "there"),
    [
        ({}, True),
        ({"value": 2_000_000_00}, False),
        ({"value": 2_000_000_01}, True),
        ({"value": None}, False),
        ({"notice": "2026-11-23"}, False),
        ({"notice": "2026-11-24"}, True),
        ({"notice": "2028-05-24"}, True),
        ({"notice": "2028-05-25"}, False),
        ({"notice": "", "start": "2027-04-01"}, True),
        ({"notice": "", "start": ""}, False),
        ({"option": "Decommission"}, False),
        ({"option": "Insource"}, False),
        ({"status": "Withdrawn"}, False),
        ({"status": "Awarded"}, False),
    ],
)
def test_the_pipeline_has_what_is_still_to_come_to_market(
    fields: dict[str, Any], there: bool
) -> None:
    found = intention(**fields)
    assert in_pipeline(found, 2_000_000_00, "2026-11-24", "2028-05-24") is there


@pytest.mark.parametrize("begins", ["=1+1", "+44 20", "-cmd", "@SUM(A1)", "\tx", "\rx"])
def test_a_text_that_reads_as_a_formula_is_marked_as_text(begins: str) -> None:
    assert as_text(begins) == f"'{begins}"
    found = pipeline_row(intention(title=begins, lead=begins), begins, begins)
    text = csv_file([found]).decode()
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    for name in ("Buyer", "Title", "Contact", "Service"):
        assert row[name] == f"'{begins}"


def test_numbers_days_and_plain_texts_stay_as_they_are() -> None:
    content = csv_file(
        [
            pipeline_row(
                intention(value=-1_50, title='A "quoted", title\nof two lines — £'), "C", "S"
            )
        ]
    )
    text = content.decode("utf-8")
    assert not content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["Estimated value excluding VAT (GBP)"] == "-1.50"
    assert row["Title"] == 'A "quoted", title\nof two lines — £'
    assert row["Estimated tender notice date"] == "2027-01-31"
    assert text.splitlines()[0].startswith("Buyer,Reference,Title")


def test_a_file_without_rows_has_its_headers() -> None:
    (header,) = csv.reader(io.StringIO(csv_file([]).decode(), newline=""))
    assert len(header) == len(PipelineRow.__dataclass_fields__)
    assert header[0] == HEADERS.buyer
