"""What a database is asked: the columns that the contract names, of a view or of one SELECT.

Rule: a SELECT is put inside another, so that nothing but a query can run, and a view's name is
quoted by the dialect. Nothing is asked for that the contract would drop.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnClause,
    Date,
    DateTime,
    FromClause,
    Numeric,
    Select,
    bindparam,
    column,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.types import TypeEngine

from services.ingest.connect.source import SourceFailed
from shared.catalogue.connectors import Query

# What a watermark may be.
Mark = datetime | date | int | Decimal


def source(query: Query, schema: str | None, names: Sequence[str]) -> FromClause:
    """The view or the SELECT, with these of its columns."""
    columns: list[ColumnClause[Any]] = [column(each) for each in names]
    words = query.select.split()
    if len(words) == 1:
        owner, _, view = words[0].rpartition(".")
        return table(view, *columns, schema=owner or schema)
    # A colon would be a parameter of ours; a line of its own ends a comment.
    said = query.select.replace(":", "\\:")
    return text(f"\n{said}\n").columns(*columns).subquery("q")


def looking(query: Query, schema: str | None) -> Select[Any]:
    """A query that answers with no rows, and so with the names of the columns."""
    # Not `false`: what a dialect says for it, an older Oracle does not take.
    return select(literal_column("*")).select_from(source(query, schema, ())).where(text("1 = 0"))


def reading(
    query: Query, schema: str | None, names: Sequence[str], mark: str | None, since: Mark | None
) -> Select[Any]:
    """The rows: all of them, or by the watermark `mark` those from `since` on. Those without a
    watermark are read each time: nothing tells whether they changed."""
    found = source(query, schema, names)
    asked = select(*(found.c[each] for each in names))
    if mark is None:
        return asked
    by = found.c[mark]
    if since is not None:
        value = bindparam("since", since, type_=_type(since))
        asked = asked.where(or_(by >= value, by.is_(None)))
    return asked.order_by(by)


def before(newest: Mark, query: Query) -> Mark:
    """From where on is read, where this is the newest that was seen: what was committed late is
    within the overlap, and the newest itself is read again for others of the same watermark."""
    if isinstance(newest, datetime):
        return newest - timedelta(minutes=query.overlap_minutes)
    if isinstance(newest, date):
        return newest - timedelta(days=-(-query.overlap_minutes // 1440))
    return newest - query.overlap


def not_after(newest: Mark, now: datetime) -> Mark:
    """A watermark, or now where it lies in the future: a row of the year 2999 would hide the rest.
    What has no offset is wall time."""
    if isinstance(newest, datetime):
        return min(newest, now if newest.tzinfo is not None else now.replace(tzinfo=None))
    return min(newest, now.date()) if isinstance(newest, date) else newest


def mark_of(value: Any, name: str) -> Mark | None:
    """A watermark. Raises SourceFailed for what does not grow by order."""
    if value is None or (isinstance(value, datetime | date | int) and not isinstance(value, bool)):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        return value
    raise SourceFailed(
        f"The watermark {name} is neither a date, a time nor a whole or exact number. Have the view"
        " turn it into one: a rowversion into a bigint, say."
    )


def kept(newest: Mark) -> dict[str, str]:
    """A watermark as a position keeps it."""
    if isinstance(newest, datetime | date):
        kind = "time" if isinstance(newest, datetime) else "date"
        return {"watermark": newest.isoformat(), "type": kind}
    return {"watermark": str(newest), "type": "number"}


def found(position: Mapping[str, str]) -> Mark:
    """A watermark as it was kept."""
    said, kind = position["watermark"], position["type"]
    if kind == "time":
        return datetime.fromisoformat(said)
    if kind == "date":
        return date.fromisoformat(said)
    number = Decimal(said)
    return int(number) if number == number.to_integral_value() else number


def _type(mark: Mark) -> TypeEngine[Any]:
    if isinstance(mark, datetime):
        return DateTime(timezone=mark.tzinfo is not None)
    if isinstance(mark, date):
        return Date()
    return BigInteger() if isinstance(mark, int) and abs(mark) < 1 << 63 else Numeric()
