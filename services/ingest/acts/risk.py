"""A risk is reviewed, or moves between the tiers of the register."""

from contextlib import suppress
from datetime import date

from services.ingest.acts.matters import not_now
from services.ingest.acts.review import not_yours
from services.ingest.domain import acting
from services.ingest.domain.acting import Thing
from services.ingest.domain.contract import Contract
from services.ingest.domain.forms import Asked, Entry, refused
from services.ingest.kept import Found, Kept
from shared.catalogue.scale import Scale
from shared.contracts.fields import named, text
from shared.review.about import RISK

LEVELS = ("likelihood", "impact")
# How many prompts one review takes up, and how long the name of one is.
MOST_PROMPTS, LONGEST_PROMPT = 50, 200


def risk_named(kept: Kept, reference: str) -> Found:
    """A risk of the register. Raises FormRefused."""
    found = kept.one("risk", reference=reference)
    if found is None:
        raise refused(404, f"There is no risk {reference[:100]!r}.")
    return found


def thing(found: Found) -> Thing:
    """The risk, as somebody answers for it."""
    said = found.fields
    return Thing(RISK, text(said, "title"), text(said, "service"), text(said, "owner"))


def review(kept: Kept, asked: Asked, reference: str) -> Entry:
    """What a review of a risk found."""
    _own(kept, asked, reference)
    contract = kept.contract("risk-review")
    data: dict[str, object] = {
        "risk": reference,
        "reviewed": written(contract, "reviewed", asked.today.isoformat()),
        "review": asked.token(),
        "by": asked.person.post,
        "reason": asked.text("reason"),
        "considered": ",".join(considered(asked.text("considered"))),
    }
    matrix = kept.catalogue.matrix
    for name in LEVELS:
        said = asked.text(name)
        levels = getattr(Scale(matrix), name) if matrix else []
        if said and said not in {str(number + 1) for number in range(len(levels))}:
            raise refused(422, f"The {name} is none of the matrix.", name, "choices")
        data[name] = said
    if not asked.text("reason"):
        raise refused(422, "Say why the score is what it is.", "reason", "required")
    return Entry(contract, data, ("reason",), new=True)


def move(kept: Kept, asked: Asked, reference: str) -> Entry:
    """A risk moves to another tier."""
    _own(kept, asked, reference)
    tiers = [tier.code for tier in kept.catalogue.risk_policy.tiers]
    to = asked.text("tier")
    if to not in tiers:
        raise refused(422, "Choose a tier of the register.", "tier", "choices")
    if to == stands_at(kept, reference):
        raise not_now("the risk stands there already")
    if not asked.text("reason"):
        raise refused(422, "Say why it moves.", "reason", "required")
    contract = kept.contract("risk-move")
    return Entry(
        contract,
        {
            "risk": reference,
            "moved": written(contract, "moved", asked.today.isoformat()),
            "tier": to,
            "reason": asked.text("reason"),
            "by": asked.person.post,
        },
        ("reason",),
        new=True,
    )


def stands_at(kept: Kept, reference: str) -> str:
    """The tier where a risk stands: by its newest move, else the register, else the lowest."""
    moves = list(kept.where("risk-move", "risk", reference))
    if moves:
        last = max(moves, key=lambda each: (text(each.fields, "moved"), each.subject))
        return text(last.fields, "tier")
    tiers = kept.catalogue.risk_policy.tiers
    lowest = tiers[0].code if tiers else ""
    return text(risk_named(kept, reference).fields, "tier") or lowest


def considered(typed: str) -> list[str]:
    """The names of prompts, each once. Raises FormRefused."""
    names = list(dict.fromkeys(each.strip() for each in typed.split(",") if each.strip()))
    if len(names) > MOST_PROMPTS or any(len(each) > LONGEST_PROMPT for each in names):
        raise refused(422, "These are too many prompts for one review.", "considered", "limit")
    return names


def written(contract: Contract, name: str, day: str) -> str:
    """A day as a dataset's own contract reads it."""
    formats = next((each.formats for each in contract.dataset.fields if each.name == name), [])
    if any(each.startswith("%Y-") for each in formats):
        with suppress(ValueError):
            return date.fromisoformat(day).strftime(formats[0])
    return day


def _own(kept: Kept, asked: Asked, reference: str) -> None:
    found = risk_named(kept, reference)
    if not acting.owns(asked.person, thing(found), kept.catalogue):
        raise not_yours(asked, "own this risk")
    if named(text(found.fields, "status"), ("Closed",)) == "Closed":
        raise not_now("the risk is closed")
