"""The finance service on a store of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.finance.handlers import FinanceHandlers
from services.finance.store.tables import TABLES
from services.finance.world import Worlds
from shared.contracts.topics import CONTRACTS, FINANCE
from shared.delivery.business_date import BusinessDate
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.marks import Marks
from shared.delivery.own import Own
from shared.delivery.tables import DeliveryTables
from tests.unit.fed import Fed, StoppedClock, fed


def _handlers(tables: DeliveryTables) -> FinanceHandlers:
    own, marks = Own(tables), Marks(tables)
    days = BusinessDate(marks, StoppedClock())
    worlds = Worlds(Held(tables), Definitions(tables), own, marks, days)
    return FinanceHandlers(worlds, own)


@pytest.fixture(scope="session")
def kept_finance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fed]:
    """One store for many examples: each must begin with `forget`."""
    folder = tmp_path_factory.mktemp("finance")
    with fed(folder, "finance", TABLES, _handlers, FINANCE, CONTRACTS) as found:
        yield found


@pytest.fixture
def finance(tmp_path: Path) -> Iterator[Fed]:
    """The finance service on a new store."""
    with fed(tmp_path, "finance", TABLES, _handlers, FINANCE, CONTRACTS) as found:
        yield found
