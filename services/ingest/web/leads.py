"""What a figure that was given leads to: the indicators that it moves, on the publisher's pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from services.ingest import returning
from services.ingest.domain.returns import leads
from services.ingest.kept import Kept
from services.ingest.returning import Unusable
from shared.catalogue.connectors import Return
from shared.catalogue.periods import parse_period
from shared.catalogue.review import Person


@dataclass(frozen=True)
class Leads:
    """The return that a batch gave, if it gave one, and which indicators use it."""

    given: Return | None = None
    period: str = ""
    figure: str = ""
    indicators: Sequence[tuple[str, str]] = ()

    def mine(self, person: Person) -> bool:
        """Whether somebody gives this return."""
        return self.given is not None and returning.may_give(person, self.given)


def leads_to(kept: Kept, detail: Mapping[str, Any]) -> Leads:
    """What the figure of a batch leads to, by what the batch says of itself."""
    given = kept.catalogue.returns.get(str(detail.get("return", "")))
    if given is None:
        return Leads()
    try:
        period = parse_period(str(detail.get("period", "")))
        found = returning.series(kept, given, period)
    except (ValueError, Unusable):
        return Leads()
    if found.found is None or found.given is None:
        return Leads(given, period.label())
    dataset = found.contract.dataset
    moved = leads.indicators(kept.catalogue, dataset, found.found.fields)
    figure = returning.figure(found.given).text() if any(found.given.values) else ""
    links = [(each.title, f"indicators/{quote(each.code, safe='')}") for each in moved]
    return Leads(given, period.label(), figure, links)
