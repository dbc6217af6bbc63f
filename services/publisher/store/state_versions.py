"""Every version of the states that people answer for: who said what, when, and what stood before.

Rule: versions are only added; a rebuild keeps them, since the topics hold the newest alone.
"""

from collections.abc import Sequence

from sqlalchemy import select

from services.publisher.store.repository import KeptVersion
from services.publisher.store.tables import STATE_VERSIONS
from shared.db.tx import Tx

# The states of irf.risks whose versions are kept.
KEPT = frozenset({"review", "challenge", "cycle", "risk"})
_COLUMNS = [STATE_VERSIONS.c[name] for name in KeptVersion._fields]


def is_kept(subject: str) -> bool:
    """Whether the versions of a state of irf.risks are kept."""
    return subject.partition("/")[0] in KEPT


def add(tx: Tx, rows: Sequence[KeptVersion]) -> None:
    """Keeps versions."""
    tx.upsert(STATE_VERSIONS, rows, ["subject", "version"])


def of(tx: Tx, subject: str, limit: int) -> list[KeptVersion]:
    """The newest versions of a state, the newest first."""
    query = (
        select(*_COLUMNS)
        .where(STATE_VERSIONS.c.subject == subject)
        .order_by(STATE_VERSIONS.c.version.desc())
        .limit(limit)
    )
    return [KeptVersion(*row) for row in tx.connection.execute(query)]
