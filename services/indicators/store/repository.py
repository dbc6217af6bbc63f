"""Reads and writes the spans of measures. Never commits."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Table

from services.indicators.domain.windows import Span
from shared.db.tx import Tx


class Spans:
    """The span of each measure."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, tx: Tx, measures: Iterable[str]) -> dict[str, Span]:
        """The spans of those measures that have one."""
        columns = ("measure", "first_month", "last_month")
        rows = tx.select_in(self._table, columns, "measure", list(measures))
        return {measure: Span(first, last) for measure, first, last in rows}

    def set(self, tx: Tx, spans: Mapping[str, Span]) -> None:
        """Writes spans."""
        rows = [(measure, *span) for measure, span in spans.items()]
        tx.upsert(self._table, rows, ["measure"])
