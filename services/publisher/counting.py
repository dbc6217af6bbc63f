"""The counts that changes may have moved, for the stream."""

from services.publisher import reading
from services.publisher.domain.figures import compared_by
from services.publisher.domain.messages import HeldRow, is_headline
from services.publisher.domain.tallies import places
from services.publisher.readmodel import Snapshot
from shared.contracts.topics import INDICATORS


def counted(view: Snapshot, rows: list[HeldRow]) -> dict[str, dict[str, dict[str, str]]]:
    """By subject, the counts that it may have moved, as they are now. A figure that is neither the
    newest of its indicator nor compared with it moves none; one that is gone may."""
    listed = [row for row in rows if row.topic == INDICATORS and is_headline(row.subject)]
    if not listed:
        return {}
    newest, counts = reading.standing(view)
    found = {}
    for row in listed:
        code = row.subject.partition("/")[0]
        definition, stands = view.catalogue.indicators.get(code), newest.get(code)
        near = {row.subject, *compared_by(row.subject)}
        if definition is None or (row.body and stands and stands.figure.subject not in near):
            continue
        found[row.subject] = {
            place.subject: counts[place].parts() for place in places(definition, view.catalogue)
        }
    return found
