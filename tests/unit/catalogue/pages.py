"""The pages on the catalogue: their blocks, tables and prose, and the figures of their example."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import yaml

from services.indicators.domain.cells import Cells, Deltas
from services.indicators.domain.evaluate import Evaluator
from services.indicators.domain.plan import plan
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import Prepared
from shared.catalogue.breakdowns import ALL
from shared.catalogue.model import Catalogue
from shared.catalogue.periods import parse_period
from shared.catalogue.references import References, table_of
from shared.contracts.states import IndicatorValue, Record
from shared.delivery.change import Cause
from tests.unit.ingest.contracts import checked

DOCS = Path(__file__).parents[3] / "docs"
NAMES = (
    "catalogue",
    "catalogue-judging",
    "catalogue-language",
    "catalogue-finance",
    "catalogue-risk",
    "catalogue-connecting",
    "catalogue-keeping",
)
# Everything that the pages say, in the order in which they are read.
PAGE = "\n".join((DOCS / f"{name}.md").read_text("utf-8") for name in NAMES)
PROSE = re.sub(r"^```.*?^```$", "", PAGE, flags=re.DOTALL | re.MULTILINE)
_SPACES = re.compile(r"\s+")
# On one line, as a reader takes it in.
TOLD = _SPACES.sub(" ", PAGE)
TODAY = date(2026, 6, 12)

Records = dict[str, dict[str, dict[str, Any]]]


def blocks(kind: str) -> list[str]:
    found = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert found, kind
    return found


def table(first: str) -> list[list[str]]:
    """The rows of all tables whose first heading this is."""
    tables = re.findall(rf"^\| {first} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, flags=re.MULTILINE)
    assert tables, first
    lines = [line for each in tables for line in each.splitlines()]
    # A bar inside backquotes would be a column of its own here and on the page: there is none.
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def code(cell: str) -> str:
    assert cell[0] == cell[-1] == "`", cell
    return cell.strip("`")


def written(cell: str) -> Any:
    """What YAML in a cell means; None for an empty one."""
    return yaml.load(code(cell), Loader=yaml.BaseLoader) if cell else None  # noqa: S506


def loaded(catalogue: Catalogue) -> dict[str, Prepared]:
    """The records of each dataset that the pages give, as they are let in."""
    listed = re.findall(r"^```csv (\S+)$", PAGE, flags=re.MULTILINE)
    return {
        name: checked(blocks(f"csv {name}")[0], Contract(catalogue.datasets[name]))
        for name in listed
    }


def records(found: dict[str, Prepared]) -> Records:
    """Their fields, by dataset and key."""
    return {
        name: {
            state.key: state.fields
            for state in (
                msgspec.json.decode(body or b"", type=Record) for _, body in prepared.states
            )
        }
        for name, prepared in found.items()
    }


def references(catalogue: Catalogue, held: Records) -> References:
    return References(
        catalogue.datasets,
        {"wards": table_of(catalogue.datasets["wards"].key, held["wards"].values())},
    )


def evaluator(catalogue: Catalogue, held: Records) -> Evaluator:
    """All records counted, as of the day that the pages tell."""
    made = plan(catalogue, references(catalogue, held))
    deltas = Deltas()
    for name, listed in held.items():
        for fields in listed.values():
            deltas.change(made.by_dataset.get(name, ()), None, fields, Cause("", ""))
    cells = Cells()
    for series, delta in deltas.by_series.items():
        cells.add(series, delta)
    return Evaluator(made, cells, TODAY, {})


def value(
    found: Evaluator, indicator: str, period: str, member: str = ALL
) -> IndicatorValue | None:
    """A value as it is published; None where there is none."""
    return found.state(found.plan.indicators[indicator], member, parse_period(period))


def published(found: Evaluator, indicator: str, period: str, member: str = ALL) -> str | None:
    state = value(found, indicator, period, member)
    assert state is not None, (indicator, period, member)
    return state.value
