"""The page on the council's finances says what is true: its records are put through the engine."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.finance.handlers import FinanceHandlers
from services.finance.store.tables import TABLES
from services.finance.world import Worlds
from services.ingest.domain.intake import Prepared
from shared.catalogue.model import Catalogue, definitions
from shared.catalogue.roles import ROLES
from shared.contracts.topics import CATALOGUE, FINANCE, RECORDS
from shared.delivery.business_date import BusinessDate
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.marks import Marks
from shared.delivery.own import Own
from shared.delivery.tables import DeliveryTables
from tests.unit.catalogue.pages import TOLD, code, table
from tests.unit.fed import StoppedClock, fed

ROAD_REPAIRS, VERGES = "cost-centre/2026-27/H100", "cost-centre/2026-27/V200"
LEDGER = ("cost-centres", "ledger", "budgets", "virements", "forecasts")


class July(StoppedClock):
    """The day on which the page is read."""

    def now(self) -> datetime:
        return datetime(2026, 7, 12, 9, 0, tzinfo=UTC)


def _handlers(tables: DeliveryTables) -> FinanceHandlers:
    own, marks = Own(tables), Marks(tables)
    days = BusinessDate(marks, July())
    return FinanceHandlers(Worlds(Held(tables), Definitions(tables), own, marks, days), own)


@pytest.fixture
def states(
    tmp_path: Path, catalogue: Catalogue, loaded: dict[str, Prepared]
) -> Iterator[dict[str, Any]]:
    """What the finance service says of the page's records."""
    with fed(tmp_path, "finance", TABLES, _handlers, FINANCE) as finance:
        found = definitions(catalogue)
        finance.say(CATALOGUE, {subject: json.loads(body) for subject, body in found.items()})
        for dataset in LEDGER:
            bodies = dict(loaded[dataset].states)
            finance.say(RECORDS, {s: json.loads(body or b"null") for s, body in bodies.items()})
        yield finance.states()


def test_the_figures_are_what_is_told(states: dict[str, Any]) -> None:
    rows = table("Figure")
    for subject, column in ((ROAD_REPAIRS, 1), (VERGES, 2)):
        figures = states[subject]["figures"]
        told = {code(row[0]): int(Decimal(row[column]) * 100) for row in rows}
        assert {name: figures.get(name, 0) for name in told} == told
        assert set(figures) <= set(told)
    assert states[ROAD_REPAIRS]["period"] == 3
    assert states[ROAD_REPAIRS]["rag"]["outcome"] == "red"


def test_what_is_held_and_what_nobody_knows_are_told(states: dict[str, Any]) -> None:
    assert states["virement/V1"]["applied"] is True
    assert f'"{states["virement/V2"]["held"]}"' in TOLD
    unknown = states["cost-centre/2026-27/X999"]
    assert (unknown["known"], unknown["figures"]["actual"]) == (False, 7500)


def test_the_one_bad_row_is_told(loaded: dict[str, Prepared]) -> None:
    rejected = {name: loaded[name].rejections for name in LEDGER}
    (row,) = rejected.pop("ledger")
    assert f'row {row.row}, `{row.field}`: "{row.reason}"' in TOLD
    assert not any(rejected.values())


def test_history_is_cut_as_it_was_and_as_it_is(states: dict[str, Any]) -> None:
    def lines(basis: str, directorate: str) -> Any:
        place = f"position/{basis}/2026-27/general/directorate/{directorate}"
        return states[place]["lines"]["employees"].get("actual", [])

    # Verges' £900 of May, and what road repairs spent in April.
    assert lines("as-was", "place") == [1040000, 90000, 0, -90000, *[0] * 9]
    assert lines("as-is", "place") == [1040000, *[0] * 12]
    assert lines("as-is", "communities") == [0, 90000, *[0] * 11]


def test_every_role_and_each_of_its_fields_is_told() -> None:
    def names(cell: str) -> list[str]:
        return [each.strip("` ") for each in cell.split(",") if each.strip()]

    told = {code(role): (names(needed), names(may)) for role, needed, may in table("Role")}
    assert told == {
        role: (
            [part.name for part in parts if part.needed],
            [part.name for part in parts if not part.needed],
        )
        for role, parts in ROLES.items()
    }
