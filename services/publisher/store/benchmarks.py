"""Other areas' figures for many indicators at once. Never commits."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import select

from services.publisher.domain.messages import HeldRow
from services.publisher.store.tables import FIGURES, TABLES
from shared.contracts.topics import INDICATORS
from shared.db.tx import Tx

HELD = TABLES.held
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
    found: dict[tuple[str, str], list[str]] = {}
    for start in range(0, len(pairs), PART):
        query = (
            select(FIGURES.c.indicator, FIGURES.c.field, FIGURES.c.period)
            .where(sa.tuple_(FIGURES.c.indicator, FIGURES.c.field).in_(pairs[start : start + PART]))
            .group_by(FIGURES.c.indicator, FIGURES.c.field, FIGURES.c.period, FIGURES.c.ends)
            .order_by(FIGURES.c.ends.desc(), FIGURES.c.period)
        )
        for indicator, field, period in tx.connection.execute(query):
            found.setdefault((indicator, field), []).append(period)
    return found


def areas(tx: Tx, asked: Sequence[Asked], limit: int) -> list[HeldRow]:
    """The figures that are asked for, by subject."""
    columns = [HELD.c[name] for name in HeldRow._fields]
    key = sa.tuple_(FIGURES.c.indicator, FIGURES.c.field, FIGURES.c.period)
    found: list[HeldRow] = []
    for start in range(0, len(asked), PART):
        query = (
            select(*columns)
            .join(FIGURES, FIGURES.c.subject == HELD.c.subject)
            .where(HELD.c.topic == INDICATORS, HELD.c.body.is_not(None))
            .where(key.in_(asked[start : start + PART]))
            .order_by(HELD.c.subject)
            .limit(limit)
        )
        found += [HeldRow(*row) for row in tx.connection.execute(query)]
    return found
