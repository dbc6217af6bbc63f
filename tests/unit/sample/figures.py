"""The figures that the sample council's records come to, by the engine and without a store."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import msgspec

from deploy.local.demo import CATALOGUE
from deploy.sample.generate import records
from deploy.sample.made import Record
from deploy.sample.records import as_source_writes
from services.indicators.domain.cells import Cells, Deltas
from services.indicators.domain.evaluate import Evaluator
from services.indicators.domain.plan import looked_into, plan
from services.indicators.domain.wanted import Wanted
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import from_records
from services.ingest.domain.json_rows import Item
from shared.catalogue.check import read
from shared.catalogue.model import Catalogue
from shared.catalogue.references import References, table_of
from shared.catalogue.yaml_files import load_directory
from shared.contracts.states import IndicatorValue
from shared.delivery.change import Cause

NOBODY = Cause("", "")
# (indicator, member, period's code)
Figures = dict[tuple[str, str, str], IndicatorValue]


def sample_figures(end: date) -> tuple[Catalogue, Figures]:
    """Every value of the sample on the day after its last record."""
    catalogue = read(load_directory(CATALOGUE)[0])
    return catalogue, figures(catalogue, records(end), end + timedelta(days=1))


def figures(catalogue: Catalogue, given: Iterable[Record], today: date) -> Figures:
    """Every value that these records come to."""
    held = _accepted(catalogue, given)
    tables = {
        code: table_of(catalogue.datasets[code].key, held[code]) for code in looked_into(catalogue)
    }
    made = plan(catalogue, References(catalogue.datasets, tables))
    deltas = Deltas()
    for code, measures in made.by_dataset.items():
        for fields in held[code]:
            deltas.change(measures, None, fields, NOBODY)
    deltas.settle()
    cells = Cells()
    for series, delta in deltas.by_series.items():
        cells.add(series, delta)
    wanted = Wanted(made, today)
    for planned in made.indicators.values():
        wanted.all_of(planned, cells, NOBODY)
    evaluator = Evaluator(made, cells, today, {})
    found: Figures = {}
    for (code, member), periods in wanted.periods.items():
        for period in periods:
            state = evaluator.state(made.indicators[code], member, period)
            if state is not None:
                found[code, member, period.code] = state
    return found


def _accepted(
    catalogue: Catalogue, given: Iterable[Record]
) -> dict[str, list[Mapping[str, object]]]:
    """The fields of each dataset's records, as its contract lets them in."""
    items: dict[str, list[Item]] = {code: [] for code in catalogue.datasets}
    for dataset, fields in given:
        items[dataset].append(Item(data=as_source_writes(dataset, fields)))
    held = {}
    for code, rows in items.items():
        prepared = from_records(Contract(catalogue.datasets[code]), list(enumerate(rows, 1)))
        held[code] = [msgspec.json.decode(body)["fields"] for _, body in prepared.states if body]
    return held
