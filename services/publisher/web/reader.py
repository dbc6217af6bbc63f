"""Who reads: the one place where the publisher asks who somebody is."""

from starlette.requests import Request

from services.publisher.readmodel import Snapshot
from shared.catalogue.review import Person

COOKIE = "persona"


def reader(request: Request, view: Snapshot) -> Person | None:
    """The person who asks, or None for somebody who is not signed in. The people of a sample
    council are chosen, not proved: a real one has nobody signed in this way."""
    council = view.catalogue.council
    if council is None or not council.sample:
        return None
    return view.catalogue.people.get(request.cookies.get(COOKIE, ""))
