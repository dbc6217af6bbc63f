"""The facts of the overview: how the council does, what needs attention, and what changed.

Rule: it shows counts and short lists, never a row for each indicator; all of it is one link away.
"""

from collections.abc import Mapping
from urllib.parse import quote

from services.publisher import reading, reading_changes, reading_risks
from services.publisher.domain import looks, risks, since
from services.publisher.domain.attention import Watched
from services.publisher.domain.looks import Looks
from services.publisher.domain.messages import HeldRow
from services.publisher.domain.tallies import COUNCIL, Place, Tally
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.summary import funds
from services.publisher.web.attention_lists import attention_lists, more
from services.publisher.web.tables import Facts, frame, ledgers
from shared.catalogue.model import Service

RECENT = 6
# Of how many changes those are chosen.
MOVED = 200
CHANGES = 8
CHANGES_LISTED = 100


def home(view: Snapshot, seen: Looks) -> Facts:
    """The overview, and what changed since somebody looked."""
    catalogue = view.catalogue
    counts = reading.counts(view)
    watched = (
        Watched(catalogue.indicators[code], each.figure)
        for code, each in reading.headlines(view).items()
    )
    register = [each for _, each in reading_risks.risks(view)]
    period, money = funds(view)
    return {
        **frame(view, "/", {}),
        "defined": len(catalogue.indicators),
        "tally": counted(COUNCIL, counts),
        "parts_of_it": [
            ("By portfolio", "Portfolio", parts_of(view, "portfolio", counts)),
            ("By directorate", "Directorate", parts_of(view, "directorate", counts)),
        ],
        "attention": attention_lists(view, watched, register),
        "changes": changes(view, seen, CHANGES),
        "themes": themes(view, counts),
        "funds": money,
        "funds_at": period,
        "ledgers": ledgers(view),
        "risks": risks.bands(register),
        "recent": reading.figures(view, _recent(view), trends=False),
    }


def _recent(view: Snapshot) -> list[HeldRow]:
    """The figures that moved last, one of each indicator: a record moves many periods at once."""
    found: dict[str, HeldRow] = {}
    for row in repository.newest(view.tx, MOVED):
        found.setdefault(row.subject.partition("/")[0], row)
    return list(found.values())[:RECENT]


def changed(view: Snapshot, seen: Looks) -> Facts:
    """All that changed since somebody looked."""
    return {
        **frame(view, "/changes", {"kinds": "indicators"}),
        "changes": changes(view, seen, CHANGES_LISTED),
    }


def changes(view: Snapshot, seen: Looks, limit: int) -> Facts:
    """What changed, of which so much is shown."""
    found = reading_changes.changes(view, seen.since)
    return {
        "since": looks.since_words(seen),
        "sentence": since.counted(found),
        "rows": found[:limit],
        "left": len(found) - limit,
        "more": more(len(found), limit, "change"),
    }


def counted(place: Place, counts: Mapping[Place, Tally]) -> Facts:
    """The count of a place, and the name that it moves by."""
    return {"subject": place.subject, **counts.get(place, Tally(0, 0, 0)).parts()}


def parts_of(view: Snapshot, kind: str, counts: Mapping[Place, Tally]) -> list[Facts]:
    """Every directorate or portfolio with its services and its count."""
    catalogue = view.catalogue
    known = catalogue.directorates if kind == "directorate" else catalogue.portfolios
    return [
        {
            "name": each.name,
            "href": f"/{kind}s/{quote(code, safe='')}",
            "services": services_of(view, kind, code),
            **counted(Place(kind, code), counts),
        }
        for code, each in known.items()
    ]


def services_of(view: Snapshot, kind: str, code: str) -> list[Service]:
    """The services that stand in a directorate or portfolio now."""
    return [each for each in view.catalogue.services.values() if getattr(each, kind) == code]


def themes(view: Snapshot, counts: Mapping[Place, Tally]) -> list[Facts]:
    """Every theme with its count."""
    return [
        {
            "name": each.name,
            "summary": each.summary,
            "lead": each.lead,
            "href": f"/themes/{quote(code, safe='')}",
            **counted(Place("theme", code), counts),
        }
        for code, each in view.catalogue.themes.items()
    ]
