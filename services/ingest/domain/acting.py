"""Who may do what: whether a person answers for a thing, and with which voice they speak of it.

Rule: a post that is named as a thing's owner owns it; otherwise a role counts for the services,
directorates and portfolios that the person answers for, or the whole council where none is named.
"""

from typing import NamedTuple

from shared.catalogue.model import Catalogue, Dataset
from shared.catalogue.review import Person, PersonRole
from shared.catalogue.roles import OF_FINANCE
from shared.contracts.fields import Fields, text
from shared.review.about import INDICATOR, POSITION, RISK, About
from shared.review.posts import owner_of_position, same_post
from shared.review.signing import DIRECTOR, OWNER, VOICES

CABINET = VOICES[2]
# Whose role speaks for the owner of each kind of thing.
_OWN: dict[str, tuple[PersonRole, ...]] = {
    INDICATOR: ("owner",),
    POSITION: ("owner", "finance officer"),
    RISK: ("risk owner",),
}
# Their records say who spoke and when, by the door: nobody brings or takes back another's words.
SAID_AT_THE_DOOR = frozenset(
    ("commentary", "challenge-step", "sign-off", "data-query", "cycle-step", "risk-review",
     "risk-move")
)  # fmt: skip
_CHALLENGE: tuple[PersonRole, ...] = ("director", "cabinet member", "performance officer")


class Thing(NamedTuple):
    """What somebody speaks about: an indicator, a position, a risk or an action."""

    kind: str
    title: str
    service: str
    owner: str


def thing_of(about: About, catalogue: Catalogue, risk: Fields | None) -> Thing | None:
    """The thing of the catalogue, or of the register, that a review is about; None without one."""
    if about.kind == INDICATOR:
        found = catalogue.indicators.get(about.code)
        if found is None:
            return None
        return Thing(INDICATOR, found.title, found.service or "", found.owner or "")
    if about.kind == POSITION:
        service = catalogue.services.get(about.code)
        funds = catalogue.books.funds if catalogue.books else []
        fund = next((each for each in funds if each.code == about.fund), None)
        if service is None or fund is None:
            return None
        owner = owner_of_position(service.code, catalogue)
        return Thing(POSITION, f"{service.name}, {fund.name}", service.code, owner)
    if risk is None:
        return None
    return Thing(RISK, text(risk, "title"), text(risk, "service"), text(risk, "owner"))


def answers_for(person: Person, service: str, catalogue: Catalogue) -> bool:
    """Whether a service is among what a person answers for."""
    if not (person.services or person.directorates or person.portfolios):
        return True
    found = catalogue.services.get(service)
    if found is None:
        return False
    return (
        service in person.services
        or found.directorate in person.directorates
        or found.portfolio in person.portfolios
    )


def owns(person: Person, thing: Thing, catalogue: Catalogue, *roles: PersonRole) -> bool:
    """Whether somebody speaks as the owner of a thing."""
    if thing.owner and same_post(person.post, thing.owner):
        return True
    wanted = roles or _OWN[thing.kind]
    return bool(set(wanted) & set(person.roles)) and answers_for(person, thing.service, catalogue)


def voices(person: Person, thing: Thing, catalogue: Catalogue) -> list[str]:
    """The voices in which a person may comment on a thing."""
    answers = answers_for(person, thing.service, catalogue)
    may = {
        OWNER: owns(person, thing, catalogue),
        DIRECTOR: answers and "director" in person.roles,
        CABINET: answers and "cabinet member" in person.roles,
    }
    return [voice for voice in VOICES if may[voice]]


def may_challenge(person: Person, thing: Thing, catalogue: Catalogue) -> bool:
    """Whether a person may challenge what is said of a thing."""
    return bool(set(_CHALLENGE) & set(person.roles)) and answers_for(
        person, thing.service, catalogue
    )


def may_query(person: Person, thing: Thing, catalogue: Catalogue) -> bool:
    """Whether a person may put a figure under query."""
    return owns(person, thing, catalogue) or "performance officer" in person.roles


def keeps(person: Person, dataset: Dataset, catalogue: Catalogue) -> bool:
    """Whether a person brings the rows of a dataset, mends those that were rejected, and takes a
    batch back: a performance officer, a finance officer for the council's money, the dataset's
    owner, and the owners of its service."""
    if dataset.role in SAID_AT_THE_DOOR:
        return False
    if "performance officer" in person.roles:
        return True
    if "finance officer" in person.roles and dataset.role in OF_FINANCE:
        return True
    if dataset.owner and same_post(person.post, dataset.owner):
        return True
    return "owner" in person.roles and answers_for(person, dataset.service or "", catalogue)
