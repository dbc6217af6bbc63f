"""Questions about what changed of the newest figures since somebody looked."""

from services.publisher import reading
from services.publisher.domain import since
from services.publisher.domain.figures import compared_with, decode_value, earlier
from services.publisher.domain.looks import Look
from services.publisher.domain.since import Changed
from services.publisher.readmodel import Snapshot
from services.publisher.store import headlines as moves
from services.publisher.store import repository
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
    new = [each.figure.subject for each in moved if each.figure.subject not in stood]
    values = repository.values(
        view.tx, {other for subject in new for other in compared_with(subject)}
    )
    found = []
    for each in moved:
        figure = each.figure
        indicator = view.catalogue.indicators[figure.indicator]
        kept = stood.get(figure.subject)
        if kept is not None:
            before = decode_value(kept.body) if kept.body else None
            change = since.changed(figure, indicator, each.time, before)
        else:
            code, _ = earlier(figure.period_code)
            before = values.get(f"{figure.indicator}/{code}")
            change = since.follows(figure, indicator, each.time, before)
        if change is not None:
            found.append(change)
    return since.ordered(found)
