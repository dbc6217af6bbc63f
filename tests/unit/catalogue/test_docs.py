"""The page on the catalogue says what is true: its examples are read from it and put to work."""

import re
from decimal import Decimal
from typing import get_args

import msgspec

from services.finance.domain.spending import Totals, transaction
from services.indicators.domain.evaluate import Evaluator
from services.ingest.domain.intake import Prepared
from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.definition import Aggregate, Rounding, Unit
from shared.catalogue.model import Catalogue, Measure
from shared.catalogue.periods import parse_period
from tests.unit.catalogue.pages import (
    DOCS,
    NAMES,
    PAGE,
    TOLD,
    Records,
    code,
    published,
    references,
    table,
    value,
)


def test_the_examples_are_one_catalogue_of_every_kind_without_a_problem(
    catalogue: Catalogue,
) -> None:
    for part in msgspec.structs.fields(Catalogue):
        assert getattr(catalogue, part.name), part.name


def test_no_page_is_too_long_to_read_and_all_are_linked() -> None:
    for name in NAMES:
        assert len((DOCS / f"{name}.md").read_text("utf-8").splitlines()) <= 450
    entry = (DOCS / "catalogue.md").read_text("utf-8")
    assert all(f"({name}.md)" in entry for name in NAMES[1:])
    headings = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^##? (.*)$", PAGE, flags=re.MULTILINE)
    }
    assert set(re.findall(r"\.md#([a-z0-9-]+)\)", PAGE)) <= headings


def test_the_records_are_accepted_and_rejected_as_told(
    loaded: dict[str, Prepared], records: Records
) -> None:
    assert list(records["potholes"]) == ["P1", "P2", "P3", "P4", "P5"]
    assert "a resident" not in str(records)
    rejections = [each for found in loaded.values() for each in found.rejections]
    for each in rejections:
        assert f'row {each.row}, `{each.field}`: "{each.reason}"' in TOLD
    assert TOLD.count("row 7, ") == len(rejections) == 3
    assert {name for name, found in loaded.items() if found.rejections} == {"potholes", "ledger"}


def test_derived_fields_come_to_what_is_told(catalogue: Catalogue, records: Records) -> None:
    rows = table("Derived")
    dataset = catalogue.datasets["potholes"]
    assert [code(row[0]) for row in rows] == [each.name for each in dataset.derived]
    for name, *told, _ in rows:
        asked = Measure(
            code="m", dataset="potholes", aggregate="distinct", of=code(name), date="reported"
        )
        known = references(catalogue, records)
        compiled = CompiledMeasure(asked, dataset, (), catalogue.closure_days, known)
        for record, expected in zip(("P1", "P4", "P5"), told, strict=True):
            found = [each[2] for each in compiled.contributions(records["potholes"][record])]
            assert found == ([] if expected == "blank" else [expected]), (name, record)


def test_measures_come_to_what_is_told(catalogue: Catalogue, evaluator: Evaluator) -> None:
    rows = table("Measure")
    others = {"share-elsewhere", "lg-planning"}
    assert {code(row[0]) for row in rows} == set(catalogue.measures) - others
    assert {code(row[1]) for row in rows} == set(get_args(Aggregate))
    for name, way, april, may, _ in rows:
        assert catalogue.measures[code(name)].aggregate == code(way)
        for period, told in (("2026-04", april), ("2026-05", may)):
            found = evaluator.input(code(name), "all", parse_period(period)).value
            if told == "blank":
                assert found is None
                continue
            places = -int(Decimal(told).as_tuple().exponent)
            assert found is not None
            assert round(Decimal(found), places) == Decimal(told), (name, period)


def test_indicators_come_to_what_is_told(catalogue: Catalogue, evaluator: Evaluator) -> None:
    rows = table("Indicator")
    monthly = [row for row in rows if not row[1].startswith("`")]
    elsewhere = {"HW06", "HW08", "NB01", "NB02"}
    assert {row[0] for row in monthly} == set(catalogue.indicators) - elsewhere
    for indicator, april, may, quarter, _ in monthly:
        for period, told in (("2026-04", april), ("2026-05", may), ("2026-27-Q1", quarter)):
            if told:
                expected = None if told == "blank" else told
                assert published(evaluator, indicator, period) == expected, (indicator, period)
            else:
                assert "quarter" not in catalogue.indicators[indicator].periods


def test_breakdowns_come_to_what_is_told(evaluator: Evaluator) -> None:
    told = re.findall(r"HW01 is ([\d.]+) for `(\S+)` and ([\d.]+) for `(\S+)`", TOLD)
    assert len(told) == 2
    for first, member, second, other in told:
        assert published(evaluator, "HW01", "2026-04", member) == first
        assert published(evaluator, "HW01", "2026-04", other) == second


def test_small_numbers_are_marked_as_told(evaluator: Evaluator) -> None:
    assert "`ward=Mill` (one repair) and not for `ward=Abbey` (two)" in TOLD
    small = {}
    for ward in ("Mill", "Abbey"):
        state = value(evaluator, "HW01", "2026-04", f"ward={ward}")
        assert state is not None
        small[ward] = (state.small, state.measures["potholes-repaired"].records)
    assert small == {"Mill": (True, 1), "Abbey": (False, 2)}


def test_every_unit_and_way_of_rounding_is_told() -> None:
    paragraph = TOLD[TOLD.index("The `unit` is one of") : TOLD.index("A formula has to fit")]
    for word in (*get_args(Unit), *get_args(Rounding)):
        assert word in paragraph, word


def test_the_ledger_comes_to_what_is_told(catalogue: Catalogue) -> None:
    said = re.search(
        r"£([\d,.]+) and £([\d,.]+) and one of -£([\d,.]+) give a month's spend of £([\d,.]+), "
        r"credits of £([\d,.]+) and £([\d,.]+) net",
        TOLD,
    )
    assert said
    first, second, back, spend, credit, net = (each.replace(",", "") for each in said.groups())
    ledger = catalogue.ledgers["contractors"]
    totals = Totals()
    for amount in (first, second, f"-{back}"):
        fields = {"team": "North", "paid": "2026-04-09", "amount": amount}
        totals.count(transaction(ledger, fields), 1)
    pence = (totals.spend_pence, totals.credits_pence, totals.spend_pence - totals.credits_pence)
    assert pence == tuple(int(Decimal(each) * 100) for each in (spend, credit, net))
