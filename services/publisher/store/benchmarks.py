"""Other areas' figures for many indicators at once. Never commits."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from services.publisher.domain.messages import HeldRow
from services.publisher.store import repository
from services.publisher.store.tables import FIGURES
from shared.contracts.topics import INDICATORS
from shared.db.tx import Tx

# So many are asked for in one statement.
PART = 300


class Asked(NamedTuple):
    """The figures of an indicator by a field in one period."""

    indicator: str
    field: str
    period: str


def periods(tx: Tx, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
    """For each indicator and field the periods for which it is given by that field, the newest
    first."""
    wanted, found = set(pairs), dict[tuple[str, str], list[str]]()
    for part in _parts([indicator for indicator, _ in pairs]):
        query = (
            select(FIGURES.c.indicator, FIGURES.c.field, FIGURES.c.period)
            .where(FIGURES.c.indicator.in_(part), FIGURES.c.field != "")
            .group_by(FIGURES.c.indicator, FIGURES.c.field, FIGURES.c.period, FIGURES.c.ends)
            .order_by(FIGURES.c.ends.desc(), FIGURES.c.period)
        )
        for indicator, field, period in tx.connection.execute(query):
            if (indicator, field) in wanted:
                found.setdefault((indicator, field), []).append(period)
    return found


def areas(tx: Tx, asked: Sequence[Asked], limit: int) -> list[HeldRow]:
    """The figures that are asked for, by subject."""
    wanted, subjects = set(asked), list[str]()
    # First where they stand, by the index of figures, then what they are, by their keys: joined,
    # the store may go through everything that is held instead.
    for part in _parts([each.indicator for each in asked]):
        query = select(
            FIGURES.c.indicator, FIGURES.c.field, FIGURES.c.period, FIGURES.c.subject
        ).where(
            FIGURES.c.indicator.in_(part),
            FIGURES.c.field.in_({each.field for each in asked}),
            FIGURES.c.period.in_({each.period for each in asked}),
        )
        rows = tx.connection.execute(query)
        subjects += [subject for *place, subject in rows if Asked(*place) in wanted]
    found = repository.rows(tx, INDICATORS, sorted(subjects)[:limit])
    return sorted(found.values(), key=lambda row: row.subject)


def _parts(indicators: Sequence[str]) -> list[list[str]]:
    """Indicators, each once, so many at a time as a statement takes."""
    each_once = list(dict.fromkeys(indicators))
    return [each_once[start : start + PART] for start in range(0, len(each_once), PART)]
