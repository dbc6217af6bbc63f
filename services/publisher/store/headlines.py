"""Which indicators moved between two cursors, and what stood before. Never commits."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from services.publisher.domain.messages import HeldRow
from services.publisher.store.repository import KEPT_COLUMNS, KeptVersion, listed_texts
from services.publisher.store.tables import FIGURES, LIVE, TABLES, VERSIONS
from shared.contracts.topics import INDICATORS
from shared.db.tx import Tx

HELD = TABLES.held
_COLUMNS = [HELD.c[name] for name in HeldRow._fields]
_MOVED = f"SELECT topic, subject FROM held WHERE {LIVE} AND cursor > ? AND cursor <= ? LIMIT ?"  # noqa: S608


def moved(tx: Tx, start: int, end: int, limit: int) -> set[str] | None:
    """The indicators of which a figure over all records changed after `start` up to `end`; None
    where more changed than `limit`, whatever it was."""
    found = tx.rows(_MOVED, (start, end, limit + 1))
    if len(found) > limit:
        return None
    return {
        subject.partition("/")[0]
        for topic, subject in found
        if topic == INDICATORS and subject.count("/") == 1
    }


def before(tx: Tx, subjects: Sequence[str]) -> dict[str, HeldRow]:
    """Of each figure over all records the one of the period before it that exists, by subject."""
    if not subjects:
        return {}
    rows = tx.connection.execute(_periods_before(tx.postgres), _asked(tx, subjects))
    return {row[0]: HeldRow(*row[1:]) for row in rows}


def stood(tx: Tx, subjects: Sequence[str], instant: str) -> dict[str, KeptVersion]:
    """Of each figure the newest version before the one it is now, of those said by an instant.

    One descent of the versions for each, however many versions there are.
    """
    if not subjects:
        return {}
    asked = {**_asked(tx, subjects), "instant": instant}
    rows = tx.connection.execute(_versions_before(tx.postgres), asked)
    return {row.subject: KeptVersion(*row) for row in rows}


def _asked(tx: Tx, subjects: Sequence[str]) -> dict[str, Any]:
    return {"listed": list(subjects) if tx.postgres else json.dumps(list(subjects))}


@lru_cache
def _periods_before(postgres: bool) -> sa.Select[Any]:
    codes, now, then, state = listed_texts(postgres), FIGURES.alias(), FIGURES.alias(), HELD.alias()
    descent = (
        select(then.c.subject)
        .join(state, (state.c.topic == INDICATORS) & (state.c.subject == then.c.subject))
        .where(
            then.c.indicator == now.c.indicator,
            then.c.field == "",
            then.c.kind == now.c.kind,
            then.c.ends < now.c.ends,
            state.c.body.is_not(None),
        )
        .order_by(then.c.ends.desc())
        .limit(1)
        .correlate(now)
        .scalar_subquery()
    )
    known = (
        select(now.c.subject.label("now"), descent.label("subject"))
        .join(codes, now.c.subject == codes.c.value)
        .subquery()
    )
    return select(known.c.now, *_COLUMNS).join(
        known, (HELD.c.topic == INDICATORS) & (HELD.c.subject == known.c.subject)
    )


@lru_cache
def _versions_before(postgres: bool) -> sa.Select[Any]:
    codes = listed_texts(postgres)
    before = (
        select(VERSIONS.c.version)
        .join(HELD, (HELD.c.topic == INDICATORS) & (HELD.c.subject == VERSIONS.c.subject))
        .where(
            VERSIONS.c.subject == codes.c.value,
            VERSIONS.c.version < HELD.c.version,
            VERSIONS.c.time <= sa.bindparam("instant"),
        )
        .order_by(VERSIONS.c.version.desc())
        .limit(1)
        .correlate(codes)
        .scalar_subquery()
    )
    known = select(codes.c.value.label("subject"), before.label("version")).subquery()
    return select(*KEPT_COLUMNS).join(
        known, (known.c.subject == VERSIONS.c.subject) & (known.c.version == VERSIONS.c.version)
    )
