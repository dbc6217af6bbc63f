"""Posts: how people are named in records, and which of them answers for what.

Rule: two posts are the same whatever their capitals and spaces. Of several who could answer, it is
who names the service, else its directorate, else its portfolio, else nothing at all; of equals, the
first by code.
"""

from __future__ import annotations

from collections.abc import Iterable

from shared.catalogue.model import Catalogue
from shared.catalogue.review import Person, PersonRole


def same_post(one: str, other: str) -> bool:
    """Whether two posts are the same."""
    return _folded(one) == _folded(other)


def _folded(post: str) -> str:
    return " ".join(post.split()).casefold()


def post_for(role: PersonRole, service: str, catalogue: Catalogue) -> str:
    """The post of whoever has a role for a service; empty where nobody has."""
    found = catalogue.services.get(service)
    places = (
        ("services", service),
        ("directorates", (found.directorate if found else None) or ""),
        ("portfolios", (found.portfolio if found else None) or ""),
    )
    people = sorted(
        (each for each in catalogue.people.values() if role in each.roles),
        key=lambda each: each.code,
    )
    for name, code in places:
        for person in people:
            if code and code in getattr(person, name):
                return person.post
    return next((each.post for each in people if _of_the_whole(each)), "")


def director_of(service: str, catalogue: Catalogue) -> str:
    """The post of the director of a service."""
    return post_for("director", service, catalogue)


def owner_of_position(service: str, catalogue: Catalogue) -> str:
    """The post that answers for a service's money: an owner's, else a finance officer's."""
    roles: Iterable[PersonRole] = ("owner", "finance officer")
    return next((post for role in roles if (post := post_for(role, service, catalogue))), "")


def _of_the_whole(person: Person) -> bool:
    return not (person.services or person.directorates or person.portfolios)
