"""What ingest says of the supply of a dataset that must not grow old.

Rule: it travels as a record of the system's own dataset `irf-supply`, keyed by the dataset's code.
"""

from datetime import date, datetime, timedelta

import msgspec

from shared.contracts import subjects
from shared.contracts.states import Record
from shared.runtime.clock import LONDON

SUPPLY = "irf-supply"
PREFIX = f"{SUPPLY}/"


class Supply(msgspec.Struct, frozen=True):
    """`received` is the instant of the newest load that was let in, `changed` of the newest that
    changed a record, `batch` the newest load. Where nothing came yet these are blank, and the
    first load is due as if one had come on the day `since`. From the day after `due` on, the
    supply is `late`."""

    dataset: str
    since: str
    due: str
    received: str | None = None
    changed: str | None = None
    batch: str = ""
    late: bool = False

    def as_of(self, today: date, days: int) -> "Supply":
        """The same supply on a day, where a load may be so many days old."""
        newest = self.since if self.received is None else london_day(self.received).isoformat()
        due = date.fromisoformat(newest) + timedelta(days=days)
        return msgspec.structs.replace(self, due=due.isoformat(), late=today > due)


class _Told(msgspec.Struct):
    fields: Supply


_decode = msgspec.json.Decoder(_Told).decode
_encode = msgspec.json.Encoder().encode


def subject(dataset: str) -> str:
    """Where a dataset's supply is said: `irf-supply/{dataset}`"""
    return subjects.record(SUPPLY, dataset)


def body(supply: Supply) -> bytes:
    """A supply as it travels."""
    return _encode(Record(SUPPLY, supply.dataset, msgspec.to_builtins(supply)))


def read(state: bytes) -> Supply:
    """A supply as it was said."""
    return _decode(state).fields


def london_day(instant: str) -> date:
    """The day on which an instant falls in Europe/London."""
    return datetime.fromisoformat(instant).astimezone(LONDON).date()
