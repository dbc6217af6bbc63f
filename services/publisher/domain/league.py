"""Who owes figures: the owners of returns, whoever has most overdue first.

Rule: what a return is called and whose it is, its definition says; where it stands, ingest does. A
return that is defined no more is owed by nobody.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from services.publisher.domain import words
from shared.catalogue.connectors import Return
from shared.catalogue.model import Catalogue
from shared.contracts.returns import Standing


class Owed(NamedTuple):
    """A return that is not given yet for a period that is over. `days` is how long it is overdue;
    0 while it is still in time."""

    asked: Return
    standing: Standing
    service: str
    days: int

    @property
    def period(self) -> str:
        """In words."""
        return words.period(self.standing.period)

    @property
    def late(self) -> str:
        """How long it is overdue, in words; blank while it is in time."""
        if not self.days:
            return ""
        return "1 day overdue" if self.days == 1 else f"{self.days:,} days overdue"


class Owner(NamedTuple):
    """Who owes what: what is overdue longest first, then what is due next."""

    name: str
    overdue: int
    in_time: int
    returns: list[Owed]


def league(catalogue: Catalogue, standings: Iterable[Standing], today: date) -> list[Owner]:
    """The owners who owe something: by how much is overdue, then by how long."""
    owed: dict[str, list[Owed]] = {}
    for each in standings:
        asked = catalogue.returns.get(each.code)
        if asked is None or each.given is not None:
            continue
        dataset = catalogue.datasets.get(asked.dataset)
        # What ingest says is overdue is so by a day at least, whatever the day is here.
        days = max(1, (today - date.fromisoformat(each.due)).days) if each.overdue else 0
        service = catalogue.services.get((dataset.service if dataset else "") or "")
        found = Owed(asked, each, service.name if service else "", days)
        owed.setdefault(asked.owner, []).append(found)
    return sorted((_owner(*each) for each in owed.items()), key=_standing)


def overdue(owners: Iterable[Owner]) -> list[Owed]:
    """Every return that is overdue, the longest first."""
    found = [each for owner in owners for each in owner.returns if each.days]
    return sorted(found, key=_by_due)


def _owner(name: str, owed: list[Owed]) -> Owner:
    late = sum(1 for each in owed if each.days)
    return Owner(name, late, len(owed) - late, sorted(owed, key=_by_due))


def _by_due(owed: Owed) -> tuple[str, str, str]:
    return owed.standing.due, owed.asked.title, owed.standing.period


def _standing(owner: Owner) -> tuple[int, str, str]:
    return -owner.overdue, owner.returns[0].standing.due, owner.name
