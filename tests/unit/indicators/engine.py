"""The indicators service on a store of its own, and the recompute beside it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import msgspec

from deploy.verify.compare import Report, verify
from deploy.verify.source import Row
from services.indicators.counting import Counting
from services.indicators.handlers import IndicatorHandlers
from services.indicators.planning import Planning
from services.indicators.store.repository import Counted
from services.indicators.store.tables import COUNTED, TABLES
from shared.catalogue.check import check, read
from shared.catalogue.model import Catalogue, definitions
from shared.catalogue.yaml_files import load_directory
from shared.contracts.topics import CATALOGUE, INDICATORS, RECORDS
from shared.delivery.business_date import BusinessDate
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.marks import Marks
from shared.delivery.own import Own
from shared.delivery.tables import DeliveryTables
from tests.unit.fed import Fed, Said, fed

CATALOGUE_FOLDER = Path(__file__).parents[2] / "data" / "engine"


class Calendar:
    """A clock that a test turns over by whole days."""

    def __init__(self, today: date) -> None:
        self.today = today

    def now(self) -> datetime:
        return datetime.combine(self.today, time(12), UTC)

    def monotonic(self) -> float:
        return 0.0


class Engine:
    """Feeds the service changes as ingest would say them, and remembers what ingest holds."""

    def __init__(self, service: Fed, clock: Calendar) -> None:
        self.service = service
        self.clock = clock
        self._newest: dict[tuple[str, str], tuple[int, bytes | None]] = {}
        self._waiting: list[Said] = []

    def begin(self, today: date) -> None:
        """An empty store on a new day."""
        self.service.forget()
        self._newest.clear()
        self._waiting.clear()
        self.clock.today = today
        self.pass_time()

    def forget_all_but_the_topics(self) -> None:
        """An empty store, on the same day, beside topics that hold everything."""
        self.service.forget()
        self.pass_time()

    def define(self, found: dict[str, bytes], *, remove: bool = True) -> None:
        """A whole catalogue, as its definitions; only what is other than before is said."""
        for subject, body in found.items():
            self._say(CATALOGUE, subject, json.loads(body))
        gone = [s for topic, s in self._newest if topic == CATALOGUE and s not in found]
        for subject in gone if remove else []:
            self._say(CATALOGUE, subject, None)

    def record(self, dataset: str, key: str, fields: dict[str, Any] | None) -> None:
        """What a record is now; None where it is deleted."""
        state = None if fields is None else {"dataset": dataset, "key": key, "fields": fields}
        self._say(RECORDS, f"{dataset}/{key}", state)

    def _say(self, topic: str, subject: str, state: dict[str, Any] | None) -> None:
        version, body = self._newest.get((topic, subject), (0, None))
        new = None if state is None else json.dumps(state).encode()
        if new == body:
            return
        self._newest[topic, subject] = (version + 1, new)
        self._waiting.append(Said(topic, subject, version + 1, state))

    def send(self, order: Callable[[list[Said]], list[Said]] = list) -> None:
        """What was said since the last time, as one batch."""
        batch, self._waiting = order(self._waiting), []
        if batch:
            self.service.feed(batch)

    def send_all_again(self, order: Callable[[list[Said]], list[Said]] = list) -> None:
        """The newest state of everything, as a compacted topic would bring it."""
        self.service.feed(
            order(
                [
                    Said(topic, subject, version, None if body is None else json.loads(body))
                    for (topic, subject), (version, body) in self._newest.items()
                ]
            )
        )

    def pass_time(self, days: int = 0) -> None:
        """The calendar turns, and the service looks at it."""
        self.clock.today = date.fromordinal(self.clock.today.toordinal() + days)
        service = self.service
        outbox, handlers = service.inbox._outbox, service.handlers
        assert isinstance(handlers, IndicatorHandlers)
        service.store.write_now(lambda tx: outbox.say(tx, handlers.pass_time(tx)))

    def compared(self) -> Report:
        """The published values beside the recompute."""
        held = [
            Row(topic, subject, version, body)
            for (topic, subject), (version, body) in self._newest.items()
        ]
        published = [
            Row(INDICATORS, subject, version, None if state is None else json.dumps(state).encode())
            for subject, (version, state, *_) in self.service.owned().items()
        ]
        return verify(held, published, self.clock.today)


def _handlers(clock: Calendar) -> Callable[[DeliveryTables], IndicatorHandlers]:
    def make(tables: DeliveryTables) -> IndicatorHandlers:
        held, marks = Held(tables), Marks(tables)
        planning = Planning(held, Definitions(tables), marks)
        counting = Counting(held, Own(tables))
        return IndicatorHandlers(planning, counting, Counted(COUNTED), BusinessDate(marks, clock))

    return make


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """An engine on a new store."""
    clock = Calendar(date(2024, 11, 20))
    with fed(folder, "indicators", TABLES, _handlers(clock), INDICATORS) as service:
        yield Engine(service, clock)


def whole_catalogue() -> Catalogue:
    """The catalogue that uses every rule."""
    document, positions = load_directory(CATALOGUE_FOLDER)
    assert [str(problem) for problem in check(document, positions)] == []
    return read(document)


def defined(catalogue: Catalogue, **changed: Any) -> dict[str, bytes]:
    """A catalogue's definitions, some of its sections changed."""
    made = msgspec.structs.replace(catalogue, **changed)
    return definitions(made)
