"""Money and performance meet in one figure: a unit cost divides what finance says was spent.

The two engines read the same postings, each in its own way, and share no arithmetic.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deploy.local.demo import CATALOGUE
from deploy.sample.areas import ledger
from deploy.sample.generate import records
from deploy.sample.records import as_source_writes
from services.finance.store.tables import TABLES
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import from_records
from services.ingest.domain.json_rows import Item
from shared.accounts.calendar import of_month
from shared.catalogue.check import read
from shared.catalogue.model import definitions
from shared.catalogue.periods import months_of, parse_period
from shared.catalogue.yaml_files import load_directory
from shared.contracts import subjects
from shared.contracts.topics import CATALOGUE as DEFINITIONS
from shared.contracts.topics import CONTRACTS, FINANCE, RECORDS
from tests.unit.fed import Fed, fed
from tests.unit.finance.conftest import _handlers
from tests.unit.sample.figures import figures

END = date(2026, 11, 22)
# Unit costs over whole cost centres: the indicator, its measure of money, and the cost centres.
OVER = {
    "UC01": ("cost-placements", ("C1030", "C1040")),
    "UC04": ("cost-defects", ("R6110",)),
    "UC05": ("cost-planning", ("L6010",)),
}


@pytest.fixture(scope="module")
def finance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fed]:
    """The finance service, with the sample's structure and postings."""
    catalogue = read(load_directory(CATALOGUE)[0])
    folder: Path = tmp_path_factory.mktemp("unit-costs")
    with fed(folder, "finance", TABLES, _handlers, FINANCE, CONTRACTS) as service:
        service.say(
            DEFINITIONS, {each: json.loads(body) for each, body in definitions(catalogue).items()}
        )
        for dataset in (ledger.CENTRES, ledger.POSTINGS):
            rows = [
                Item(data=as_source_writes(dataset, each.fields))
                for each in records(END)
                if each.dataset == dataset
            ]
            contract = Contract(catalogue.datasets[dataset])
            prepared = from_records(contract, list(enumerate(rows, 1)))
            service.say(RECORDS, {name: json.loads(body) for name, body in prepared.states if body})
        yield service


def test_a_unit_cost_divides_what_the_finance_position_says(finance: Fed) -> None:
    states = finance.states()
    catalogue = read(load_directory(CATALOGUE)[0])
    shown = figures(catalogue, records(END), END + timedelta(days=1))
    compared: set[str] = set()
    for (indicator, member, _), value in shown.items():
        if indicator not in OVER or member != "all" or value.period.kind != "quarter":
            continue
        measure, cost_centres = OVER[indicator]
        counted = value.measures[measure].value
        if counted is None:
            continue  # no posting in this quarter: the measure says so, and finance has no line
        actual = sum(
            _actual(states[subjects.cost_centre_year(when.year, each)], when.period)
            for when in map(of_month, months_of(parse_period(value.period.code)))
            for each in cost_centres
        )
        assert Decimal(counted) * 100 == actual, (indicator, value.period.code)
        compared.add(indicator)
    assert compared == set(OVER)


def _actual(cost_centre: dict[str, Any], period: int) -> int:
    """Pence in a month; what is adjusted after the year's end stands in its last one."""
    until = 13 if period == 12 else period
    lines = cost_centre["lines"].values()
    return sum(sum(line.get("actual", [])[period - 1 : until]) for line in lines)
