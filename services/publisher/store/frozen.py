"""Keeps quarters as they were reported, and reads them. Never commits.

Rule: rows are inserted once. Nothing here updates or deletes; a second copy of a quarter would
break the primary key.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from services.publisher.domain.frozen import Entry
from services.publisher.store.tables import FIGURES, FROZEN_ENTRIES, FROZEN_REPORTS, HELD
from shared.contracts.topics import INDICATORS
from shared.db.tx import Tx
from shared.delivery.pages import prefix_end

PAGE_ROWS = 2_000
_ENTRY = [FROZEN_ENTRIES.c[name] for name in Entry._fields]


class Report(NamedTuple):
    """A quarter that was frozen: when, from what, and the hash of its entries."""

    period: str
    frozen_at: str
    taken_at: str
    cursor: int
    store: str
    sha256: str
    counts: Mapping[str, int]


def add_report(tx: Tx, found: Report) -> None:
    """Notes that a quarter is frozen."""
    counts = json.dumps(dict(found.counts), sort_keys=True)
    tx.insert(FROZEN_REPORTS, [(*found[:-1], counts)])


def add_entries(tx: Tx, period: str, entries: Sequence[Entry]) -> None:
    """Keeps states as they were reported."""
    tx.insert(FROZEN_ENTRIES, [(period, *entry) for entry in entries])


def report(tx: Tx, period: str) -> Report | None:
    """The report of a quarter, if this store holds one."""
    return next(iter(reports(tx, period)), None)


def reports(tx: Tx, period: str | None = None) -> list[Report]:
    """Every report that this store holds, the newest quarter first."""
    query = select(FROZEN_REPORTS).order_by(FROZEN_REPORTS.c.period.desc())
    if period is not None:
        query = query.where(FROZEN_REPORTS.c.period == period)
    return [
        Report(*row)._replace(counts=json.loads(row.counts)) for row in tx.connection.execute(query)
    ]


def entries(tx: Tx, period: str, topic: str = "", prefix: str = "") -> Iterator[Entry]:
    """The entries of a report in the order of its listing: all, or those of a topic whose subject
    starts with a prefix."""
    topic_column, subject = FROZEN_ENTRIES.c.topic, FROZEN_ENTRIES.c.subject
    base = select(*_ENTRY).where(FROZEN_ENTRIES.c.period == period)
    if topic:
        base = base.where(topic_column == topic)
    if prefix:
        base = base.where(subject >= prefix, subject < prefix_end(prefix))
    base = base.order_by(topic_column, subject).limit(PAGE_ROWS)
    query = base
    while True:
        rows = tx.connection.execute(query).all()
        yield from (Entry(*row) for row in rows)
        if len(rows) < PAGE_ROWS:
            return
        last = rows[-1]
        query = base.where(
            (topic_column > last.topic) | ((topic_column == last.topic) & (subject > last.subject))
        )


def headlines(tx: Tx, period: str) -> Iterator[Entry]:
    """The values over all records that a report holds."""
    query = select(*_ENTRY).where(
        FROZEN_ENTRIES.c.period == period,
        FROZEN_ENTRIES.c.topic == INDICATORS,
        FROZEN_ENTRIES.c.subject.not_like("%/%/%"),
    )
    yield from (Entry(*row) for row in tx.connection.execute(query))


def some(tx: Tx, period: str, topic: str, subjects: Iterable[str]) -> dict[str, Entry]:
    """Those of the subjects that a report holds."""
    found = tx.select_in(
        FROZEN_ENTRIES, Entry._fields, "subject", list(subjects), period=period, topic=topic
    )
    return {row[1]: Entry(*row) for row in found}


def figures_ending(tx: Tx, first: str, last: str) -> list[str]:
    """The subjects of every value whose period ends in a span of days, in order."""
    query = select(FIGURES.c.subject).where(FIGURES.c.ends >= first, FIGURES.c.ends <= last)
    return sorted(row.subject for row in tx.connection.execute(query))


def held_figures(tx: Tx, subjects: Sequence[str]) -> Iterator[Entry]:
    """The values of subjects, which come in order, a page at a time."""
    for start in range(0, len(subjects), PAGE_ROWS):
        part = list(subjects[start : start + PAGE_ROWS])
        found = tx.select_in(HELD, Entry._fields, "subject", part, topic=INDICATORS)
        yield from (Entry(*row) for row in sorted(found) if row[4] is not None)
