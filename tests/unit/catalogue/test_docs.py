"""The page on the catalogue says what is true: its examples are read from it and put to work."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.finance.domain.positions import Totals, transaction
from services.indicators.domain.cells import ALL, Cells, Deltas
from services.indicators.domain.evaluate import Evaluator
from services.indicators.domain.plan import Plan, plan
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import Prepared
from services.risk.domain.scoring import score
from shared.catalogue.arithmetic import NotCalculable
from shared.catalogue.check import check, read
from shared.catalogue.expressions import parse
from shared.catalogue.functions import SHAPES
from shared.catalogue.model import Catalogue, Indicator, RagRule, Target
from shared.catalogue.periods import parse_period
from shared.catalogue.rag import judge
from shared.catalogue.words import FUNCTIONS
from shared.catalogue.yaml_files import load_directory
from shared.contracts.states import Record
from shared.delivery.change import Cause
from tests.unit.ingest.contracts import checked

PAGE = (Path(__file__).parents[3] / "docs" / "catalogue.md").read_text("utf-8")
PROSE = re.sub(r"^```.*?^```$", "", PAGE, flags=re.DOTALL | re.MULTILINE)
SPACES = re.compile(r"\s+")
CALL = re.compile(r"\b([a-z_]+)\(")


def blocks(kind: str) -> list[str]:
    found = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert found, kind
    return found


def table(first: str) -> list[list[str]]:
    """The rows of the table whose first heading this is."""
    found = re.search(rf"^\| {first} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, flags=re.MULTILINE)
    assert found, first
    lines = found[1].splitlines()
    # A bar inside backquotes would be a column of its own here and on the page: there is none.
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def code(cell: str) -> str:
    assert cell[0] == cell[-1] == "`", cell
    return cell.strip("`")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("catalogue")
    for number, text in enumerate(blocks("yaml")):
        (folder / f"{number:02}.yml").write_text(text, "utf-8")
    document, positions = load_directory(folder)
    assert [str(problem) for problem in check(document, positions)] == []
    return document


@pytest.fixture(scope="module")
def catalogue(document: dict[str, Any]) -> Catalogue:
    return read(document)


@pytest.fixture(scope="module")
def loaded(catalogue: Catalogue) -> Prepared:
    return checked(blocks("csv potholes")[0], Contract(catalogue.datasets["potholes"]))


@pytest.fixture(scope="module")
def records(loaded: Prepared) -> dict[str, dict[str, Any]]:
    states = [msgspec.json.decode(body or b"", type=Record) for _, body in loaded.states]
    return {state.key: state.fields for state in states}


@pytest.fixture(scope="module")
def evaluator(catalogue: Catalogue, records: dict[str, dict[str, Any]]) -> Evaluator:
    made: Plan = plan(catalogue)
    deltas = Deltas()
    for fields in records.values():
        deltas.change(made.by_dataset["potholes"], None, fields, Cause("", ""))
    cells = Cells()
    for series, delta in deltas.by_series.items():
        cells.add(series, delta)
    return Evaluator(made, cells)


def published(evaluator: Evaluator, indicator: str, period: str, member: str = ALL) -> str | None:
    planned = evaluator.plan.indicators[indicator]
    (found,) = evaluator.values(planned, member, [parse_period(period)], 1)
    return found.value


def test_the_examples_are_one_catalogue_of_every_kind_without_a_problem(
    catalogue: Catalogue,
) -> None:
    for part in msgspec.structs.fields(Catalogue):
        assert getattr(catalogue, part.name), part.name


def test_the_records_are_accepted_and_rejected_as_told(
    loaded: Prepared, records: dict[str, dict[str, Any]]
) -> None:
    assert list(records) == ["P1", "P2", "P3", "P4", "P5"]
    assert "a resident" not in str(records)
    told = SPACES.sub(" ", PAGE)
    for each in loaded.rejections:
        assert f'row {each.row}, `{each.field}`: "{each.reason}"' in told
    assert told.count("row 7, ") == len(loaded.rejections) == 2


def test_measures_come_to_what_is_told(catalogue: Catalogue, evaluator: Evaluator) -> None:
    rows = table("Measure")
    assert {code(row[0]) for row in rows} == set(catalogue.measures)
    inputs = {
        (name, period): given.value
        for indicator in catalogue.indicators
        for period in ("2026-04", "2026-05")
        for found in evaluator.values(
            evaluator.plan.indicators[indicator], ALL, [parse_period(period)], 1
        )
        for name, given in found.measures.items()
    }
    for name, way, april, may, _ in rows:
        assert catalogue.measures[code(name)].aggregate == code(way)
        for period, told in (("2026-04", april), ("2026-05", may)):
            places = Decimal(told).as_tuple().exponent
            found = round(Decimal(inputs[code(name), period] or "NaN"), -int(places))
            assert found == Decimal(told), (name, period)


def test_indicators_come_to_what_is_told(catalogue: Catalogue, evaluator: Evaluator) -> None:
    rows = table("Indicator")
    assert {row[0] for row in rows} == set(catalogue.indicators)
    for indicator, april, may, quarter, _ in rows:
        assert published(evaluator, indicator, "2026-04") == april
        assert published(evaluator, indicator, "2026-05") == may
        if quarter:
            assert published(evaluator, indicator, "2026-27-Q1") == quarter
        else:
            assert "quarter" not in catalogue.indicators[indicator].periods
    told = re.search(r"HW01 is ([\d.]+) for `ward=Abbey` and ([\d.]+) for\s`ward=Mill`", PAGE)
    assert told
    found = [published(evaluator, "HW01", "2026-04", f"ward={each}") for each in ("Abbey", "Mill")]
    assert found == list(told.groups())


@pytest.mark.parametrize(("polarity", "target", "within", "value", "told"), table("Polarity"))
def test_values_are_judged_as_told(
    catalogue: Catalogue, polarity: Any, target: str, within: str, value: str, told: str
) -> None:
    amount, _, of = within.partition(" ")
    rule = {"amber_within": amount, "of": of}
    indicator: Indicator = msgspec.structs.replace(
        catalogue.indicators["HW01"],
        polarity=polarity,
        targets=[Target(value=Decimal(target))],
        rag=msgspec.convert(rule, RagRule, strict=False) if within else None,
    )
    assert judge(Decimal(value), indicator, parse_period("2026-04")).rule == told


def test_the_ledger_comes_to_what_is_told(catalogue: Catalogue) -> None:
    said = re.search(
        r"£([\d,.]+) and £([\d,.]+) and one of -£([\d,.]+) give a month's spend of £([\d,.]+), "
        r"credits of £([\d,.]+) and £([\d,.]+) net",
        SPACES.sub(" ", PAGE),
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


def test_the_risk_scores_what_is_told(catalogue: Catalogue) -> None:
    fields = {"likelihood": 3, "impact": 4, "aim_likelihood": 2, "aim_impact": 4}
    matrix, register = catalogue.risk_matrices["default"], catalogue.risk_registers["highways"]
    risk = score("HR1", fields, register, matrix)
    assert "likelihood 3 and impact 4 scores 12, high" in PAGE
    assert (risk.score, risk.band) == (12, "high")
    assert "brought down to 2 and 4, it aims at 8, medium" in PAGE
    assert (risk.target_score, risk.target_band) == (8, "medium")


BARE = {"true": True, "false": False, "blank": None}


@pytest.mark.parametrize(("expression", "p4", "p5", "_"), table("Expression"))
def test_expressions_give_what_is_told(
    catalogue: Catalogue, records: dict[str, dict[str, Any]], expression: str, p4: str, p5: str,
    _: str,
) -> None:  # fmt: skip
    types = catalogue.datasets["potholes"].types()
    value = parse(code(expression)).compile(types, closure_days=catalogue.closure_days)
    for record, told in (("P4", p4), ("P5", p5)):
        if told == "not calculable":
            with pytest.raises(NotCalculable):
                value(records[record])
            continue
        found = value(records[record])
        assert found is BARE[told] if told in BARE else found == Decimal(told), record


def test_every_function_is_told_and_no_other() -> None:
    told = PAGE.replace("\n".join(f"| {' | '.join(row)} |" for row in table("You write")), "")
    assert "working_day(" in PAGE and "working_day(" not in told
    spans = [
        *re.findall(r"`([^`\n]+)`", told),
        *re.findall(r'"([^"\n]+)"', "".join(blocks("yaml"))),
    ]
    assert {name for span in spans for name in CALL.findall(span)} == set(FUNCTIONS) == set(SHAPES)
    examples = "".join(row[0] for row in table("Expression"))
    assert set(CALL.findall(examples)) == set(FUNCTIONS)


@pytest.mark.parametrize(("written", "told"), table("You write"))
def test_mistakes_are_told_as_the_check_tells_them(
    document: dict[str, Any], written: str, told: str
) -> None:
    assert told in [message for _, message in problems_with(document, code(written))]


def test_a_filter_given_in_the_text_is_right(document: dict[str, Any]) -> None:
    given = re.findall(r"`(where: .*)`\.$", PROSE, flags=re.MULTILINE)
    assert len(given) == 1
    assert problems_with(document, given[0]) == []


def problems_with(document: dict[str, Any], written: str) -> list[tuple[str, str]]:
    """What is wrong once this stands in the page's first filter or its first formula."""
    name, _, text = written.partition(": ")
    section, at = {"where": ("measures", "potholes-in-2"), "formula": ("indicators", "HW01")}[name]
    listed = [{**each, name: text} if each["code"] == at else each for each in document[section]]
    return [(each.path, each.message) for each in check({**document, section: listed})]


@pytest.mark.parametrize(("period", "kind", "start", "end"), table("Code"))
def test_periods_are_what_is_told(period: str, kind: str, start: str, end: str) -> None:
    found = parse_period(code(period))
    assert found.kind == code(kind)
    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


def test_the_years_that_are_written_in_full_are_those_told() -> None:
    assert "so are the years 2000/01 to 2011/12" in PAGE
    full = {f"{year}-{year + 1}" for year in range(2000, 2012)}
    for year in range(1995, 2020):
        written = f"{year}-{year + 1}"
        short = f"{year}-{(year + 1) % 100:02}"
        in_use = written if written in full else short
        assert parse_period(in_use).kind == "financial-year"
