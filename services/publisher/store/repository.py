"""Reads and writes the publisher's read model, inside the caller's transaction. Never commits."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import ARRAY

from services.publisher.domain.figures import decode_value
from services.publisher.domain.messages import HeldRow
from services.publisher.store.tables import FIGURES, LIVE, TABLES, VERSIONS
from shared.contracts import supply
from shared.contracts.states import IndicatorValue
from shared.contracts.topics import INDICATORS, RECORDS
from shared.db.tx import Tx
from shared.delivery.marks import CURSOR, Marks
from shared.delivery.pages import prefix_end

HELD = TABLES.held
COLUMNS = HeldRow._fields
_COLUMNS = [HELD.c[name] for name in COLUMNS]
KEPT_COLUMNS = [VERSIONS.c[name] for name in ("subject", "version", "time", "body", "correlation")]
_marks = Marks(TABLES)

LAST_CHANGES = 2_000


class Place(NamedTuple):
    """Where a figure stands among its like: one row of `figures`."""

    subject: str
    indicator: str
    field: str
    member: str
    kind: str
    opens: str
    period: str
    ends: str


class Span(NamedTuple):
    """Which figures of an indicator: `field` empty means all records, `member` None every one."""

    indicator: str
    field: str = ""
    member: str | None = None
    kind: str | None = None
    period: str | None = None
    ends_from: str | None = None
    ends_to: str | None = None


class KeptVersion(NamedTuple):
    """A version of a figure as it arrived; `correlation` is the batch that led to it."""

    subject: str
    version: int
    time: str
    body: bytes | None
    correlation: str


def cursor(tx: Tx) -> int:
    """The cursor of the newest change that was applied."""
    return _marks.number(tx, CURSOR) or 0


def store_id(tx: Tx) -> str:
    """This store's name; it was given at start."""
    return _marks.store_id(tx)


def add_figures(tx: Tx, places: Sequence[Place]) -> None:
    """Notes where figures stand."""
    tx.upsert(FIGURES, places, ["subject"])


def add_versions(tx: Tx, rows: Sequence[KeptVersion]) -> None:
    """Keeps versions of figures."""
    tx.upsert(VERSIONS, rows, ["subject", "version"])


def after(tx: Tx, start: int, end: int, limit: int) -> list[HeldRow]:
    """What the stream may tell, applied after `start` up to `end`, oldest first."""
    # Supplies travel among the records, which the index leaves out; they are few, and found by key.
    subject, first = HELD.c.subject, supply.PREFIX
    supplies = (HELD.c.topic == RECORDS) & (subject >= first) & (subject < prefix_end(first))
    found: list[HeldRow] = []
    for told in (sa.text(LIVE), supplies):
        query = select(*_COLUMNS).where(told, HELD.c.cursor > start, HELD.c.cursor <= end)
        rows = tx.connection.execute(query.order_by(HELD.c.cursor).limit(limit))
        found += [HeldRow(*row) for row in rows]
    return sorted(found, key=lambda row: row.cursor)[:limit]


def newest(tx: Tx, limit: int) -> list[HeldRow]:
    """The indicators' figures (over all records) that moved last, newest first.

    Of the last changes alone: whatever is held, the question costs the same.
    """
    last = (
        select(HELD.c.topic, HELD.c.subject, HELD.c.cursor, HELD.c.body.is_not(None).label("there"))
        .where(sa.text(LIVE))
        .order_by(HELD.c.cursor.desc())
        .limit(LAST_CHANGES)
        .subquery()
    )
    query = (
        select(last.c.subject)
        .where(last.c.topic == INDICATORS, last.c.there, last.c.subject.not_like("%/%/%"))
        .order_by(last.c.cursor.desc())
        .limit(limit)
    )
    # Bodies of those alone that are shown.
    found = rows(tx, INDICATORS, tx.connection.execute(query).scalars())
    return sorted(found.values(), key=lambda row: -row.cursor)


def rows(tx: Tx, topic: str, subjects: Iterable[str]) -> dict[str, HeldRow]:
    """Those of the subjects that exist."""
    found = tx.select_in(HELD, COLUMNS, "subject", list(subjects), topic=topic)
    return {row[1]: HeldRow(*row) for row in found if row[3] is not None}


def values(tx: Tx, subjects: Iterable[str]) -> dict[str, IndicatorValue]:
    """The newest values of those figures that exist."""
    found = rows(tx, INDICATORS, subjects).values()
    return {row.subject: decode_value(row.body) for row in found if row.body is not None}


def latest(tx: Tx, kinds: Mapping[str, str], today: str) -> dict[str, HeldRow]:
    """For each indicator its newest figure of a kind of period that has begun.

    One descent of the index for each, however many periods and wards there are.
    """
    by_kind: dict[str, list[str]] = {}
    for code, kind in kinds.items():
        by_kind.setdefault(kind, []).append(code)
    subjects: dict[str, str] = {}
    for kind, codes in by_kind.items():
        listed = codes if tx.postgres else json.dumps(codes)
        asked = {"listed": listed, "kind": kind, "today": today}
        answers = tx.connection.execute(_descents(tx.postgres), asked)
        subjects.update((row[0], row[1]) for row in answers if row[1] is not None)
    found = rows(tx, INDICATORS, subjects.values())
    return {code: found[subject] for code, subject in subjects.items() if subject in found}


def listed_texts(postgres: bool) -> sa.TableValuedAlias:
    """The texts of the parameter `listed`, as a table of one column, `value`."""
    if postgres:
        listed = sa.bindparam("listed", type_=ARRAY(sa.Text))
        return sa.func.unnest(listed).table_valued("value").render_derived()
    return sa.func.json_each(sa.bindparam("listed", type_=sa.Text)).table_valued("value")


@lru_cache
def _descents(postgres: bool) -> sa.Select[Any]:
    """The newest subject for each of a list of codes. The list travels as one parameter."""
    codes = listed_texts(postgres)
    descent = (
        select(FIGURES.c.subject)
        .join(HELD, (HELD.c.topic == INDICATORS) & (HELD.c.subject == FIGURES.c.subject))
        .where(
            FIGURES.c.indicator == codes.c.value,
            FIGURES.c.field == "",
            FIGURES.c.kind == sa.bindparam("kind"),
            FIGURES.c.opens <= sa.bindparam("today"),
            HELD.c.body.is_not(None),
        )
        .order_by(FIGURES.c.ends.desc())
        .limit(1)
        .correlate(codes)
        .scalar_subquery()
    )
    return select(codes.c.value, descent)


def periods(tx: Tx, indicator: str, field: str, limit: int) -> list[str]:
    """The periods for which an indicator is given by a field, the newest first."""
    query = (
        select(FIGURES.c.period)
        .where(FIGURES.c.indicator == indicator, FIGURES.c.field == field)
        .group_by(FIGURES.c.period, FIGURES.c.ends)
        .order_by(FIGURES.c.ends.desc())
        .limit(limit)
    )
    return [row.period for row in tx.connection.execute(query)]


def series(tx: Tx, span: Span, limit: int, *, newest: bool = False) -> list[HeldRow]:
    """The figures of a span as they are now, by period and member; the newest first if asked."""
    ends = FIGURES.c.ends.desc() if newest else FIGURES.c.ends
    query = (
        select(*_COLUMNS)
        .join(FIGURES, FIGURES.c.subject == HELD.c.subject)
        .where(HELD.c.topic == INDICATORS, HELD.c.body.is_not(None), *_within(span))
        .order_by(FIGURES.c.kind, ends, FIGURES.c.member)
        .limit(limit)
    )
    return [HeldRow(*row) for row in tx.connection.execute(query)]


def series_as_at(tx: Tx, span: Span, instant: str, limit: int) -> list[HeldRow]:
    """The figures of a span as they were known at an instant."""
    known = (
        select(VERSIONS.c.subject, sa.func.max(VERSIONS.c.version).label("version"))
        .join(FIGURES, FIGURES.c.subject == VERSIONS.c.subject)
        .where(VERSIONS.c.time <= instant, *_within(span))
        .group_by(VERSIONS.c.subject)
        .subquery()
    )
    query = (
        _of(known)
        .join(FIGURES, FIGURES.c.subject == VERSIONS.c.subject)
        .where(VERSIONS.c.body.is_not(None))
        .order_by(FIGURES.c.kind, FIGURES.c.ends, FIGURES.c.member)
        .limit(limit)
    )
    return [as_held(KeptVersion(*row)) for row in tx.connection.execute(query)]


def versions(tx: Tx, subject: str, until: int, limit: int) -> list[KeptVersion]:
    """The kept versions of a figure up to one, the newest first."""
    query = (
        select(*KEPT_COLUMNS)
        .where(VERSIONS.c.subject == subject, VERSIONS.c.version <= until)
        .order_by(VERSIONS.c.version.desc())
        .limit(limit)
    )
    return [KeptVersion(*row) for row in tx.connection.execute(query)]


def version_at(tx: Tx, subject: str, instant: str) -> int | None:
    """The version of a figure that was known at an instant."""
    query = select(sa.func.max(VERSIONS.c.version)).where(
        VERSIONS.c.subject == subject, VERSIONS.c.time <= instant
    )
    found: int | None = tx.connection.execute(query).scalar()
    return found


def ends_of_days(
    tx: Tx, subjects: Sequence[str], until: str | None = None
) -> dict[str, list[KeptVersion]]:
    """The last version of each day (by an instant) of some figures, oldest first; only of those
    that were said on more than one day."""
    listed = listed_texts(tx.postgres)
    day = sa.func.substr(VERSIONS.c.time, 1, 10)
    known = (
        select(VERSIONS.c.subject, sa.func.max(VERSIONS.c.version).label("version"))
        .where(VERSIONS.c.subject.in_(select(listed.c.value)))
        .where(sa.true() if until is None else VERSIONS.c.time <= until)
        .group_by(VERSIONS.c.subject, day)
        .subquery()
    )
    query = _of(known).order_by(VERSIONS.c.subject, VERSIONS.c.version)
    asked = {"listed": list(subjects) if tx.postgres else json.dumps(list(subjects))}
    found: dict[str, list[KeptVersion]] = {}
    for row in tx.connection.execute(query, asked):
        found.setdefault(row.subject, []).append(KeptVersion(*row))
    return {subject: kept for subject, kept in found.items() if len(kept) > 1}


def _of(known: sa.Subquery) -> sa.Select[Any]:
    """The versions that a subquery names."""
    return select(*KEPT_COLUMNS).join(
        known, (known.c.subject == VERSIONS.c.subject) & (known.c.version == VERSIONS.c.version)
    )


def as_held(kept: KeptVersion) -> HeldRow:
    """A kept version in the shape of a held state. When its cause was accepted is not kept."""
    return HeldRow(
        INDICATORS, kept.subject, kept.version, kept.body, kept.time, kept.correlation, "", 0
    )


def _within(span: Span) -> list[sa.ColumnElement[bool]]:
    found = [FIGURES.c.indicator == span.indicator, FIGURES.c.field == span.field]
    for column, wanted in (
        (FIGURES.c.kind, span.kind),
        (FIGURES.c.member, span.member),
        (FIGURES.c.period, span.period),
    ):
        if wanted is not None:
            found.append(column == wanted)
    if span.ends_from is not None:
        found.append(FIGURES.c.ends >= span.ends_from)
    if span.ends_to is not None:
        found.append(FIGURES.c.ends <= span.ends_to)
    return found
