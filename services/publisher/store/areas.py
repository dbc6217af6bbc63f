"""Finds the figures of areas that indicators are compared with. Never commits."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from services.publisher.store.repository import listed_texts
from services.publisher.store.tables import FIGURES
from shared.db.tx import Tx

MOST_FIGURES = 50_000
# By indicator and field, then by period, the subjects of the members' figures.
Members = dict[tuple[str, str], dict[str, list[str]]]


def members(tx: Tx, wanted: Iterable[tuple[str, str]]) -> Members:
    """The figures of these indicators by these fields. One question for each field, however many
    indicators there are."""
    by_field: dict[str, list[str]] = {}
    for indicator, field in wanted:
        by_field.setdefault(field, []).append(indicator)
    found: Members = {}
    for field, codes in by_field.items():
        listed = codes if tx.postgres else json.dumps(codes)
        asked = {"listed": listed, "field": field}
        for row in tx.connection.execute(_question(tx.postgres), asked):
            periods = found.setdefault((row.indicator, field), {})
            periods.setdefault(row.period, []).append(row.subject)
    return found


@lru_cache
def _question(postgres: bool) -> sa.Select[Any]:
    codes = listed_texts(postgres)
    return (
        select(FIGURES.c.subject, FIGURES.c.indicator, FIGURES.c.period)
        .where(
            FIGURES.c.indicator.in_(select(codes.c.value)), FIGURES.c.field == sa.bindparam("field")
        )
        .order_by(FIGURES.c.ends.desc())
        .limit(MOST_FIGURES)
    )
