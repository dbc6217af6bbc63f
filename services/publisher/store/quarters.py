"""Finds the figures that ended in a stretch of time, of many indicators at once. Never commits."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from services.publisher.domain.strategic import Ended
from services.publisher.store.repository import listed_texts
from services.publisher.store.tables import FIGURES
from shared.db.tx import Tx


def ended(tx: Tx, kinds: Mapping[str, str], first: str, last: str) -> list[Ended]:
    """The figures over all records of these indicators, each of its kind of period, that ended
    between two days. One question for each kind, however many indicators there are."""
    by_kind: dict[str, list[str]] = {}
    for code, kind in kinds.items():
        by_kind.setdefault(kind, []).append(code)
    found = []
    for kind, codes in by_kind.items():
        listed = codes if tx.postgres else json.dumps(codes)
        asked = {"listed": listed, "kind": kind, "first": first, "last": last}
        found += [Ended(*row) for row in tx.connection.execute(_question(tx.postgres), asked)]
    return found


@lru_cache
def _question(postgres: bool) -> sa.Select[Any]:
    codes = listed_texts(postgres)
    columns = (FIGURES.c.subject, FIGURES.c.indicator, FIGURES.c.kind, FIGURES.c.ends)
    return select(*columns).where(
        FIGURES.c.indicator.in_(select(codes.c.value)),
        FIGURES.c.field == "",
        FIGURES.c.kind == sa.bindparam("kind"),
        FIGURES.c.ends >= sa.bindparam("first"),
        FIGURES.c.ends <= sa.bindparam("last"),
    )
