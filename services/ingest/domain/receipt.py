"""What the sender of a batch is told, and what is kept about it.

Rule: received = accepted + unchanged + rejected. Deletions of a full extract stand beside, since
no row brought them.
"""

from collections.abc import Sequence
from typing import Any

import msgspec


class RejectionLine(msgspec.Struct, gc=False):
    """One fault of a rejected row."""

    row: int
    field: str | None
    rule: str
    reason: str
    raw: str | None


class Receipt(msgspec.Struct, kw_only=True):
    """The answer to a delivery. `rejections` are the first hundred."""

    batch: str
    received: int
    accepted: int
    unchanged: int
    rejected: int
    deleted: int = 0
    rejections: Sequence[RejectionLine] = ()

    @property
    def all_rejected(self) -> bool:
        """Whether rows came and none of them was good."""
        return self.received > 0 and self.received == self.rejected


class Batch(msgspec.Struct):
    """A batch as it is kept. `detail` says how the request was read."""

    batch: str
    received: int
    accepted: int
    unchanged: int
    rejected: int
    deleted: int
    created: str
    dataset: str
    mode: str
    detail: dict[str, Any]

    def receipt(self, rejections: Sequence[RejectionLine]) -> Receipt:
        """The receipt that says so."""
        return Receipt(
            batch=self.batch,
            received=self.received,
            accepted=self.accepted,
            unchanged=self.unchanged,
            rejected=self.rejected,
            deleted=self.deleted,
            rejections=rejections,
        )
