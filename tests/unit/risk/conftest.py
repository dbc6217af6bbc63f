"""The risk service on a store of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.risk.handlers import RiskHandlers
from services.risk.store.tables import TABLES
from services.risk.world import Worlds
from shared.contracts.topics import RISKS
from shared.delivery.business_date import BusinessDate
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.marks import Marks
from shared.delivery.own import Own
from shared.delivery.tables import DeliveryTables
from tests.unit.fed import Fed, StoppedClock, fed


def _handlers(tables: DeliveryTables) -> RiskHandlers:
    own, days = Own(tables), BusinessDate(Marks(tables), StoppedClock())
    return RiskHandlers(Worlds(Held(tables), Definitions(tables), own, days), own)


@pytest.fixture(scope="session")
def kept_risk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fed]:
    """One store for many examples: each must begin with `forget`."""
    with fed(tmp_path_factory.mktemp("risk"), "risk", TABLES, _handlers, RISKS) as found:
        yield found


@pytest.fixture
def risk(tmp_path: Path) -> Iterator[Fed]:
    """The risk service on a new store."""
    with fed(tmp_path, "risk", TABLES, _handlers, RISKS) as found:
        yield found
