"""Questions that both the JSON calls and the pages ask of a snapshot."""

from collections.abc import Iterable

import msgspec

from services.publisher.domain import explain
from services.publisher.domain.figures import (
    Figure,
    compared_with,
    decode_value,
    figure,
    headline_kind,
    number_of,
)
from services.publisher.domain.messages import HeldRow
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.tables import TABLES
from shared.catalogue.model import Indicator
from shared.catalogue.periods import Period
from shared.contracts.states import Control, IndicatorValue, Record, Risk, Spend
from shared.contracts.subjects import part
from shared.contracts.topics import FINANCE, INDICATORS, RECORDS, RISKS
from shared.delivery.held import Held, HeldState

SCANNED_RECORDS = 20_000

_held = Held(TABLES)
_record = msgspec.json.Decoder(Record).decode
_spend = msgspec.json.Decoder(Spend).decode
_control = msgspec.json.Decoder(Control).decode
_risk = msgspec.json.Decoder(Risk).decode


def latest(view: Snapshot, indicators: Iterable[Indicator]) -> dict[str, HeldRow]:
    """The newest value of each indicator, for the kind of period it is shown by."""
    kinds = {each.code: headline_kind(each) for each in indicators}
    return repository.latest(view.tx, kinds, view.today.isoformat())


def figures(view: Snapshot, rows: Iterable[HeldRow], *, trends: bool = True) -> list[Figure]:
    """Rows in words, with what they are compared with."""
    listed = [(row, decode_value(row.body)) for row in rows if row.body is not None]
    others: dict[str, IndicatorValue] = {}
    if trends:
        wanted = {subject for row, _ in listed for subject in compared_with(row.subject)}
        others = repository.values(view.tx, wanted)
    numbers = {subject: number_of(value) for subject, value in others.items()}
    return [
        figure(
            row.subject,
            value,
            view.catalogue.indicators.get(value.indicator),
            row.stamp,
            view.today,
            numbers,
        )
        for row, value in listed
    ]


def one_value(view: Snapshot, subject: str) -> HeldRow | None:
    """The value of a subject, if it exists."""
    return repository.rows(view.tx, INDICATORS, [subject]).get(subject)


def controls(view: Snapshot) -> dict[str, tuple[HeldState, Control]]:
    """The control total of each ledger, by code."""
    return {
        state.subject.partition("/")[2]: (state, _control(state.body))
        for state in _held.scan(view.tx, FINANCE, "control/")
    }


def spend(view: Snapshot, ledger: str) -> list[tuple[HeldState, Spend]]:
    """A ledger's spend by unit and month."""
    return [
        (state, _spend(state.body)) for state in _held.scan(view.tx, FINANCE, f"spend/{ledger}/")
    ]


def risks(view: Snapshot) -> list[tuple[HeldState, Risk]]:
    """The register, the highest score first."""
    found = [(state, _risk(state.body)) for state in _held.scan(view.tx, RISKS)]
    return sorted(found, key=lambda each: (-each[1].score, each[1].reference))


class Sources:
    """The records behind a value, a page at a time, by dataset and key."""

    def __init__(
        self, view: Snapshot, indicator: Indicator, value: IndicatorValue, period: Period
    ) -> None:
        self._view = view
        self._value = value
        self._period = period
        catalogue = view.catalogue
        self.measures = [
            measure
            for measure in explain.measures_of(indicator, catalogue)
            if measure.dataset in catalogue.datasets
        ]

    def page(
        self, after: str, limit: int
    ) -> tuple[list[tuple[HeldState, Record, list[explain.Counted]]], str | None]:
        """Up to `limit` records after the subject `after`, and where the next page starts.

        A page may come out short when few of the records looked at were counted; as long as
        there is a next one, the list goes on.
        """
        found: list[tuple[HeldState, Record, list[explain.Counted]]] = []
        looked, last = 0, after
        for dataset in sorted({measure.dataset for measure in self.measures}):
            if after and dataset < after.partition("/")[0]:
                continue
            contributors = explain.Contributors(
                self.measures, self._view.catalogue, dataset, self._value, self._period
            )
            start = after if after.startswith(f"{dataset}/") else ""
            for state in _held.scan(self._view.tx, RECORDS, f"{dataset}/", start):
                if len(found) >= limit or looked >= SCANNED_RECORDS:
                    return found, last
                looked += 1
                last = state.subject
                record = _record(state.body)
                counted = contributors.counted(record.fields)
                if counted:
                    found.append((state, record, counted))
        return found, None


def risk_subject(reference: str) -> str:
    """The subject of a risk."""
    return part(reference)
