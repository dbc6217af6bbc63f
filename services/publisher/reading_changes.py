"""Questions about what changed of the newest figures since somebody looked."""

from services.publisher import reading
from services.publisher.domain import since
from services.publisher.domain.figures import earlier
from services.publisher.domain.looks import Look
from services.publisher.domain.since import Changed, Was
from services.publisher.readmodel import Snapshot
from services.publisher.store import headlines as moves
from services.publisher.store import repository
from shared.contracts.topics import INDICATORS
from shared.runtime.clock import iso


def changes(view: Snapshot, look: Look) -> list[Changed]:
    """The newest figures that changed since a look, what matters most first. By its cursor, where
    that is known, what came late to this service is not passed over."""
    at = iso(look.at)
    moved = [
        each
        for each in reading.headlines(view).values()
        if (each.time > at if look.cursor is None else each.cursor > look.cursor)
    ]
    stood = moves.stood(view.tx, [each.figure.subject for each in moved], at)
    earlier_ones = {
        figure.subject: f"{figure.indicator}/{code}"
        for figure in (each.figure for each in moved)
        if figure.subject not in stood and (code := earlier(figure.period_code)[0])
    }
    known = repository.rows(view.tx, INDICATORS, earlier_ones.values())
    found = []
    for each in moved:
        figure = each.figure
        indicator = view.catalogue.indicators[figure.indicator]
        kept = stood.get(figure.subject)
        if kept is not None:
            change = since.changed(figure, indicator, each.time, _was(kept.body))
        else:
            row = known.get(earlier_ones.get(figure.subject, ""))
            change = since.follows(figure, indicator, each.time, _was(row.body if row else None))
        if change is not None:
            found.append(change)
    return since.ordered(found)


def _was(body: bytes | None) -> Was | None:
    return since.decode(body) if body is not None else None
