"""Reads and writes the publisher's read model, inside the caller's transaction. Never commits."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import ARRAY

from services.publisher.domain.figures import decode_value
from services.publisher.domain.messages import HeldRow
from services.publisher.store.tables import FIGURES, LIVE, TABLES, VERSIONS
from shared.contracts.states import IndicatorValue
from shared.contracts.subjects import SYSTEM
from shared.contracts.topics import INDICATORS, RECORDS
from shared.db.tx import Tx
from shared.delivery.marks import CURSOR, Marks
from shared.delivery.pages import prefix_end

HELD = TABLES.held
COLUMNS = HeldRow._fields
# What most calls read is written out: SQLAlchemy would take longer to say it than the store to
# answer. Names come from here, values travel as parameters.
_HELD = ", ".join(f"held.{name}" for name in COLUMNS)
_VERSION = ", ".join(f"v.{name}" for name in ("subject", "version", "time", "body", "correlation"))
_FIGURES = (
    f"SELECT {_HELD} FROM figures JOIN held ON held.topic = ? AND held.subject = figures.subject"  # noqa: S608
    " WHERE held.body IS NOT NULL"
)
_AFTER = f"SELECT {_HELD} FROM held WHERE {{}} AND cursor > ? AND cursor <= ? ORDER BY cursor LIMIT ?"  # noqa: S608, E501
_NEW = _AFTER.format(LIVE)
_SUPPLIED = _AFTER.format("topic = ? AND subject >= ? AND subject < ?")
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
    # What ingest says of how data comes travels among the records, which the index leaves out; it
    # is little, and found by key.
    told = tx.rows(_NEW, (start, end, limit))
    supplies = tx.rows(_SUPPLIED, (RECORDS, SYSTEM, prefix_end(SYSTEM), start, end, limit))
    found = [HeldRow(*row) for row in (*told, *supplies)]
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
        answers = tx.rows(_descents(tx.postgres), (INDICATORS, kind, today, tx.listed(codes)))
        subjects.update((code, subject) for code, subject in answers if subject is not None)
    found = rows(tx, INDICATORS, subjects.values())
    return {code: found[subject] for code, subject in subjects.items() if subject in found}


def listed_sql(postgres: bool) -> str:
    """The texts of one parameter, which Tx.listed makes, as a table `asked` of one column."""
    return "unnest(?::text[]) AS asked(value)" if postgres else "json_each(?) AS asked"


def listed_texts(postgres: bool) -> sa.TableValuedAlias:
    """The texts of the parameter `listed`, as a table of one column, `value`."""
    if postgres:
        listed = sa.bindparam("listed", type_=ARRAY(sa.Text))
        return sa.func.unnest(listed).table_valued("value").render_derived()
    return sa.func.json_each(sa.bindparam("listed", type_=sa.Text)).table_valued("value")


@lru_cache
def _descents(postgres: bool) -> str:
    """The newest subject for each of a list of codes. The list travels as one parameter."""
    return (
        "SELECT asked.value, (SELECT figures.subject FROM figures"  # noqa: S608
        " JOIN held ON held.topic = ? AND held.subject = figures.subject"
        " WHERE figures.indicator = asked.value AND figures.field = '' AND figures.kind = ?"
        " AND figures.opens <= ? AND held.body IS NOT NULL ORDER BY figures.ends DESC LIMIT 1)"
        f" FROM {listed_sql(postgres)}"
    )


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
    within, asked = _within(span)
    ends = "figures.ends DESC" if newest else "figures.ends"
    order = f" ORDER BY figures.kind, {ends}, figures.member LIMIT ?"
    found = tx.rows(_FIGURES + within + order, (INDICATORS, *asked, limit))
    return [HeldRow(*row) for row in found]


def series_as_at(tx: Tx, span: Span, instant: str, limit: int) -> list[HeldRow]:
    """The figures of a span as they were known at an instant."""
    within, asked = _within(span)
    known = (
        "SELECT v.subject, MAX(v.version) AS version FROM figure_versions AS v"  # noqa: S608
        " JOIN figures ON figures.subject = v.subject"
        f" WHERE v.time <= ?{within} GROUP BY v.subject"
    )
    sql = (
        f"SELECT {_VERSION} FROM figure_versions AS v JOIN ({known}) AS known"  # noqa: S608
        " ON known.subject = v.subject AND known.version = v.version"
        " JOIN figures ON figures.subject = v.subject WHERE v.body IS NOT NULL"
        " ORDER BY figures.kind, figures.ends, figures.member LIMIT ?"
    )
    return [as_held(KeptVersion(*row)) for row in tx.rows(sql, (instant, *asked, limit))]


def versions(tx: Tx, subject: str, until: int, limit: int) -> list[KeptVersion]:
    """The kept versions of a figure up to one, the newest first."""
    sql = (
        f"SELECT {_VERSION} FROM figure_versions AS v"  # noqa: S608
        " WHERE v.subject = ? AND v.version <= ? ORDER BY v.version DESC LIMIT ?"
    )
    return [KeptVersion(*row) for row in tx.rows(sql, (subject, until, limit))]


def version_at(tx: Tx, subject: str, instant: str) -> int | None:
    """The version of a figure that was known at an instant."""
    sql = "SELECT MAX(version) FROM figure_versions WHERE subject = ? AND time <= ?"
    found: int | None = tx.rows(sql, (subject, instant))[0][0]
    return found


def ends_of_days(
    tx: Tx, subjects: Sequence[str], until: str | None = None
) -> dict[str, list[KeptVersion]]:
    """The last version of each day (by an instant) of some figures, oldest first; only of those
    that were said on more than one day."""
    by = "" if until is None else " AND v.time <= ?"
    known = (
        "SELECT v.subject, MAX(v.version) AS version FROM figure_versions AS v"  # noqa: S608
        f" WHERE v.subject IN (SELECT asked.value FROM {listed_sql(tx.postgres)}){by}"
        " GROUP BY v.subject, SUBSTR(v.time, 1, 10)"
    )
    sql = (
        f"SELECT {_VERSION} FROM figure_versions AS v JOIN ({known}) AS known"  # noqa: S608
        " ON known.subject = v.subject AND known.version = v.version"
        " ORDER BY v.subject, v.version"
    )
    asked = (tx.listed(subjects), *(() if until is None else (until,)))
    found: dict[str, list[KeptVersion]] = {}
    for row in tx.rows(sql, asked):
        found.setdefault(row[0], []).append(KeptVersion(*row))
    return {subject: kept for subject, kept in found.items() if len(kept) > 1}


def as_held(kept: KeptVersion) -> HeldRow:
    """A kept version in the shape of a held state. When its cause was accepted is not kept."""
    return HeldRow(
        INDICATORS, kept.subject, kept.version, kept.body, kept.time, kept.correlation, "", 0
    )


def _within(span: Span) -> tuple[str, list[str]]:
    """The conditions of a span, each after AND, and what they ask for."""
    found = {
        "indicator = ?": span.indicator,
        "field = ?": span.field,
        "kind = ?": span.kind,
        "member = ?": span.member,
        "period = ?": span.period,
        "ends >= ?": span.ends_from,
        "ends <= ?": span.ends_to,
    }
    asked = {text: wanted for text, wanted in found.items() if wanted is not None}
    return "".join(f" AND figures.{text}" for text in asked), list(asked.values())
