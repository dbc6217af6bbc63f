"""States as messages of the live stream.

`data` of an event is the state's own event (subject, version, time, origin, correlation, data)
with `display` beside it: the same words that the server puts on a page, by part. `also` holds,
by subject, the parts of other figures that read differently because of this one: the trend of the
quarter after it, for instance, and the counts that it is counted in. Pages copy these texts; they
calculate and format nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from services.publisher.domain import contracts, finance_live, live, review_words, risks
from services.publisher.domain.figures import (
    Stamp,
    compared_by,
    compared_with,
    decode_value,
    earlier,
    figure,
    number_of,
    trend_parts,
)
from services.publisher.domain.lateness import LATE, Lateness
from shared.catalogue.model import Catalogue
from shared.contracts.states import IndicatorValue, Record
from shared.contracts.subjects import SYSTEM
from shared.contracts.supply import PREFIX
from shared.contracts.topics import CONTRACTS, FINANCE, INDICATORS, RECORDS, RISKS

_record = msgspec.json.Decoder(Record).decode
_encode = msgspec.json.Encoder().encode


class HeldRow(NamedTuple):
    """A consumed state with its cursor. `body` None: it is gone."""

    topic: str
    subject: str
    version: int
    body: bytes | None
    time: str
    correlation: str
    origin: str
    cursor: int

    @property
    def stamp(self) -> Stamp:
        """When it was said and why."""
        return Stamp(self.time, self.origin, self.correlation)


class Scope(NamedTuple):
    """What a stream filter asks about a subject."""

    service: str | None = None
    themes: frozenset[str] = frozenset()


def is_headline(subject: str) -> bool:
    """Whether an indicator's subject is about all records, not one member of a breakdown."""
    return subject.count("/") == 1


def is_supply(row: HeldRow) -> bool:
    """Whether a row is of how data comes: a dataset's supply, or where a return stands."""
    return row.topic == RECORDS and row.subject.startswith(SYSTEM)


def neighbours(rows: list[HeldRow]) -> set[str]:
    """The subjects whose values are needed to put these rows into words."""
    wanted: set[str] = set()
    for row in rows:
        if row.topic == INDICATORS and row.body is not None and is_headline(row.subject):
            wanted.update(compared_with(row.subject))
            wanted.update(compared_by(row.subject))
    return wanted


def message(
    row: HeldRow,
    store: str,
    catalogue: Catalogue,
    today: date,
    known: Mapping[str, IndicatorValue],
    counted: Mapping[str, Mapping[str, str]] | None = None,
) -> live.Message:
    """The message that a row makes. `known` holds the values of its neighbours, `counted` the
    counts that it may have moved.

    A state that cannot be put into words is told without them: one odd state must not silence
    the rest.
    """
    also: dict[str, dict[str, str]] = {}
    display: dict[str, str] | None
    # Also where it cannot be put into words: then nobody is told who is not signed in.
    private = row.topic == RISKS and review_words.is_private(row.subject)
    try:
        if private:
            return _reviewed(row, store)
        if row.topic == FINANCE:
            display, service = finance_live.told(row.subject, row.body, row.stamp, catalogue)
            scope = Scope(service)
        elif row.topic == CONTRACTS:
            display, service = contracts.told(row.subject, row.body, row.stamp)
            scope = Scope(service)
        elif row.topic == RISKS:
            display, service, named = risks.told(
                row.subject, row.body, row.stamp, catalogue.risk_policy
            )
            scope = Scope(service, themes_of(named, catalogue))
        else:
            display, also = _words(row, catalogue, today, known)
            scope = _scope(row, catalogue)
    except (msgspec.MsgspecError, ArithmeticError, ValueError):
        display, also, scope = None, {}, Scope()
    wire = _wire(row, store, row.body, display, {**also, **(counted or {})})
    kind = live.KINDS[row.topic]
    return live.Message(
        row.cursor, kind, row.subject, scope.service, scope.themes, wire, private=private
    )


def supplied(row: HeldRow, store: str, late: Lateness) -> live.Message:
    """What is said of how data comes; with a dataset's supply the words of every indicator that
    rests on it."""
    resting = []
    if row.subject.startswith(PREFIX):
        resting = late.resting_on(unquote(row.subject.removeprefix(PREFIX)))
    also = {f"{LATE}/{code}": late.parts_of(code) for code in resting}
    body = None
    if row.body is not None:
        body = _encode(_record(row.body).fields)
    return live.Message(
        row.cursor,
        live.SUPPLY,
        row.subject,
        None,
        frozenset(),
        _wire(row, store, body, None, also, kind=live.SUPPLY),
        indicators=frozenset(resting),
    )


def _reviewed(row: HeldRow, store: str) -> live.Message:
    """A state of review: whoever is not signed in is told less of it, or nothing."""
    display, service = review_words.told(row.subject, row.body, row.stamp)
    public = review_words.public(row.subject, row.body)
    shown = review_words.public_parts(row.subject, row.body)
    return live.Message(
        row.cursor,
        live.KINDS[row.topic],
        row.subject,
        service,
        frozenset(),
        _wire(row, store, row.body, display),
        private=True,
        public=None if public is None else _wire(row, store, public, shown),
        about=review_words.about_of(row.subject),
    )


def _wire(
    row: HeldRow,
    store: str,
    body: bytes | None,
    display: Mapping[str, str] | None,
    also: Mapping[str, Mapping[str, str]] | None = None,
    kind: str = "",
) -> bytes:
    data: dict[str, object] = {
        "subject": row.subject,
        "version": row.version,
        "time": row.time,
        "origin": row.origin,
        "correlation": row.correlation,
        "data": msgspec.Raw(body or b"null"),
        "display": display,
    }
    if also:
        data["also"] = also
    return live.block(
        kind or live.KINDS[row.topic], live.event_id(store, row.cursor), _encode(data)
    )


def _words(
    row: HeldRow, catalogue: Catalogue, today: date, known: Mapping[str, IndicatorValue]
) -> tuple[dict[str, str] | None, dict[str, dict[str, str]]]:
    if row.body is None:
        return None, {}
    if row.topic == INDICATORS:
        return _indicator_words(row, row.body, catalogue, today, known)
    return {}, {}


def _indicator_words(
    row: HeldRow,
    body: bytes,
    catalogue: Catalogue,
    today: date,
    known: Mapping[str, IndicatorValue],
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    value = decode_value(body)
    definition = catalogue.indicators.get(value.indicator)
    near = compared_with(row.subject) if is_headline(row.subject) else ()
    numbers = {subject: number_of(known[subject]) for subject in near if subject in known}
    numbers[row.subject] = number_of(value)
    shown = figure(row.subject, value, definition, row.stamp, today, numbers)
    display = shown.display()
    display["announce"] = f"{shown.title}, {shown.period}: {shown.text}, {shown.outcome_word}"
    if not is_headline(row.subject):
        # Members of a breakdown are shown without trends, so none were looked up.
        for part in ("previous", "previous_way", "last_year", "last_year_way"):
            del display[part]
        display["announce"] = ""
        return display, {}
    also: dict[str, dict[str, str]] = {}
    for subject in compared_by(row.subject):
        later = known.get(subject)
        if later is None:
            continue
        told = figure(subject, later, definition, row.stamp, today, numbers)
        before, year_before = (f"{value.indicator}/{code}" for code in earlier(later.period.code))
        parts = also.setdefault(subject, {})
        if before == row.subject:
            parts.update(trend_parts(told.previous, "previous"))
        if year_before == row.subject:
            parts.update(trend_parts(told.last_year, "last_year"))
    return display, also


def themes_of(indicators: Iterable[str], catalogue: Catalogue) -> frozenset[str]:
    """The themes of some indicators: what names them belongs there too."""
    known = (catalogue.indicators.get(code) for code in indicators)
    return frozenset(theme for each in known if each is not None for theme in each.themes)


def _scope(row: HeldRow, catalogue: Catalogue) -> Scope:
    """Which service and themes a subject belongs to."""
    parts = row.subject.split("/")
    if row.topic == INDICATORS:
        definition = catalogue.indicators.get(parts[0])
        if definition is not None:
            return Scope(definition.service, frozenset(definition.themes))
    return Scope()
