"""Where cost centres and services stand on a day, worked out again.

Rule: of a cost centre's rows the one in force covers the day, of several the newest; where none
does, the newest of those that had begun; else the first. Rows from the same day are in the order of
their subjects. A service stood, up to and with the month `until`, where its `earlier` says.
"""

from datetime import date

from deploy.verify.accounting import PERIODS, Books, Entry, end_of
from deploy.verify.source import Json

NOWHERE: Json = {"fund": "", "service": "", "directorate": "", "portfolio": ""}


class Structure:
    """The structure as these records and this catalogue have it."""

    def __init__(self, books: Books) -> None:
        self._services = books.services
        self.today = date.fromisoformat(books.today)
        self.rows: dict[str, list[Entry]] = {}
        for entry in books.of("cost-centre"):
            self.rows.setdefault(entry.text("cost_centre"), []).append(entry)
        for rows in self.rows.values():
            rows.sort(key=lambda row: (row.day("valid_from"), row.subject))

    def row(self, cost_centre: str, day: date) -> Entry | None:
        """The row in force on a day; None for a cost centre that no row names."""
        rows = self.rows.get(cost_centre)
        if rows is None:
            return None
        on = day.isoformat()
        begun = [row for row in rows if row.day("valid_from") <= on]
        covering = [row for row in begun if not row.day("valid_to") or on <= row.day("valid_to")]
        return (covering or begun or rows[:1])[-1]

    def node(self, cost_centre: str, day: date) -> Json:
        """Where a cost centre stood on a day."""
        row = self.row(cost_centre, day)
        if row is None:
            return dict(NOWHERE)
        placed = self.service(row.text("service"), day)
        return {"fund": row.text("fund"), "service": row.text("service")} | placed

    def now(self, cost_centre: str) -> Json:
        """Where a cost centre stands on the business day."""
        return self.node(cost_centre, self.today)

    def was(self, cost_centre: str, year: str) -> list[Json]:
        """Where a cost centre stood at the end of each of P01 to P13."""
        return [self.node(cost_centre, end_of(year, p)) for p in range(1, PERIODS + 1)]

    def service(self, code: str, day: date) -> Json:
        """The directorate and the portfolio of a service on a day."""
        stands = self._services.get(code) or {}
        for earlier in sorted(
            stands.get("earlier") or (), key=lambda each: each["until"], reverse=True
        ):
            if day.isoformat()[:7] <= earlier["until"]:
                stands = earlier
        return {
            "directorate": stands.get("directorate") or "",
            "portfolio": stands.get("portfolio") or "",
        }

    def owned(self, entry: Entry) -> Json:
        """Who answers for a record that names its service, and may name its portfolio."""
        placed = self.service(entry.text("service"), self.today)
        return {
            "service": entry.text("service"),
            "directorate": placed["directorate"],
            "portfolio": entry.text("portfolio") or placed["portfolio"],
        }
