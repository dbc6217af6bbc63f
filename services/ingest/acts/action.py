"""How far an improvement action is.

Rule: the form changes what it asks about; every other field of the record stays as it is kept.
"""

from services.ingest.acts.review import moved, not_yours
from services.ingest.acts.risk import written
from services.ingest.domain import acting
from services.ingest.domain.acting import Thing
from services.ingest.domain.forms import Asked, Entry, refused
from services.ingest.kept import Found, Kept
from shared.catalogue.review import PersonRole
from shared.contracts.fields import text

CHANGES = ("status", "progress", "forecast", "done")
ANSWERS: tuple[PersonRole, ...] = ("owner", "risk owner", "performance officer")
STATUSES = ("Not started", "In progress", "Complete", "Cancelled")


def action_named(kept: Kept, reference: str) -> Found:
    """An action. Raises FormRefused."""
    found = kept.one("action", reference=reference)
    if found is None:
        raise refused(404, f"There is no action {reference[:100]!r}.")
    return found


def may_progress(kept: Kept, asked: Asked, found: Found) -> bool:
    """Whether a person says how far an action is."""
    said = found.fields
    thing = Thing("action", text(said, "title"), text(said, "service"), text(said, "owner"))
    return acting.owns(asked.person, thing, kept.catalogue, *ANSWERS)


def progress(kept: Kept, asked: Asked, reference: str) -> Entry:
    """An action's progress."""
    found = action_named(kept, reference)
    if not may_progress(kept, asked, found):
        raise not_yours(asked, "answer for this action")
    if found.version != asked.version:
        raise moved(found)
    if asked.text("status") not in STATUSES:
        raise refused(422, "Choose where the action stands.", "status", "choices")
    done = asked.text("progress")
    if done and not (done.isascii() and done.isdigit() and int(done[:4]) <= 100):
        raise refused(422, "Progress is a whole number from 0 to 100.", "progress", "maximum")
    contract = kept.contract("action")
    days = {each.name for each in contract.dataset.fields if each.type == "date"}
    kept_as_it_is = {
        name: written(contract, name, str(value)) if value and name in days else value
        for name, value in found.fields.items()
    }
    changed = {
        name: written(contract, name, asked.text(name)) if name in days else asked.text(name)
        for name in CHANGES
    }
    return Entry(contract, kept_as_it_is | changed)
