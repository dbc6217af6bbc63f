"""Who reads: what is not for everybody is shown to somebody who is signed in, whoever it is."""

from collections.abc import Awaitable, Callable

from fastapi import Request

from services.publisher.readmodel import ReadModel
from services.publisher.settings import Settings
from shared.catalogue.model import Catalogue
from shared.catalogue.review import Person
from shared.identity.identity import Identity
from shared.runtime.problems import Problem

Reader = Callable[[Request], Awaitable[Person | None]]


def reader_of(settings: Settings, reads: ReadModel) -> Reader:
    """Tells who reads, by the catalogue in force."""

    async def catalogue() -> Catalogue:
        return await reads.read(lambda view: view.catalogue)

    return Identity(settings, catalogue).who


def signed_in(person: Person | None) -> Person:
    """The person, or a refusal. Raises Problem."""
    if person is None:
        raise Problem(403, "This is for people who are signed in.")
    return person
