"""What people say of a figure: commentary, sign-off, and that it is in doubt."""

from services.ingest.acts.matters import Matter, matter, not_now
from services.ingest.domain import acting
from services.ingest.domain.forms import Asked, Entry, Moved, refused
from services.ingest.kept import Found, Kept
from shared.contracts.fields import text
from shared.review import signing

TEXTS = ("what_happened", "why", "what_next")


def commentary(kept: Kept, asked: Asked, period: str, about: str) -> Entry:
    """What one voice says. What somebody else said since the form was made is never overwritten."""
    found = matter(kept, period, about)
    voice = asked.text("voice")
    if voice not in acting.voices(asked.person, found.thing, kept.catalogue):
        raise not_yours(asked, f"speak as {voice.lower()[:40]!r} about this")
    if found.closed():
        raise not_now(found.closed())
    held = kept.one("commentary", **found.named, voice=voice)
    if (held.version if held else 0) != asked.version:
        raise moved(held)
    return Entry(
        kept.contract("commentary"),
        {
            **found.named,
            "voice": voice,
            **{name: asked.text(name) for name in TEXTS},
            "by": asked.person.post,
            "at": asked.moment([text(held.fields, "at")] if held else []),
        },
        TEXTS,
    )


def moved(held: Found | None) -> Moved:
    """Somebody else's version of the record that a form was made from."""
    if held is None:
        return Moved({}, 0, "", "")
    said = held.fields
    return Moved(said, held.version, text(said, "by"), text(said, "at") or held.time)


def sign(kept: Kept, asked: Asked, period: str, about: str) -> Entry:
    """Somebody answers for a figure of the value that they saw."""
    return _signed(kept, asked, matter(kept, period, about), signing.SIGNED)


def withdraw(kept: Kept, asked: Asked, period: str, about: str) -> Entry:
    """A sign-off is taken back."""
    return _signed(kept, asked, matter(kept, period, about), signing.WITHDRAWN)


def _signed(kept: Kept, asked: Asked, found: Matter, status: str) -> Entry:
    level = asked.text("level")
    if level not in signing.LEVELS or level not in acting.voices(
        asked.person, found.thing, kept.catalogue
    ):
        raise not_yours(asked, f"sign this off as {level.lower()[:40]!r}")
    if found.closed():
        raise not_now(found.closed())
    subject = kept.subject("sign-off", **found.named, level=level)
    before = [each for each in sign_offs(kept, found) if each.record != subject]
    held = kept.one("sign-off", **found.named, level=level)
    signed = held is not None and text(held.fields, "status") == signing.SIGNED
    if status == signing.WITHDRAWN and not signed:
        raise not_now("nobody has signed it off at this level")
    at = asked.moment([text(held.fields, "at")] if held else [])
    value = asked.text("value")
    said = signing.Said(level, status, asked.person.post, at, subject, value)
    # What the figure is worth, and whether it needs commentary, is not known at the door.
    comes_to = signing.standing(
        value, required=False, written=False, queried=queried(kept, found), said=[*before, said]
    )
    if status == signing.SIGNED and subject in comes_to.set_aside:
        raise not_now(comes_to.set_aside[subject])
    return Entry(
        kept.contract("sign-off"),
        {
            **found.named,
            "level": level,
            "status": status,
            "value": value,
            "by": asked.person.post,
            "at": at,
        },
    )


def sign_offs(kept: Kept, found: Matter) -> list[signing.Said]:
    """The sign-offs of a thing in a quarter, at each level."""
    held = {level: kept.one("sign-off", **found.named, level=level) for level in signing.LEVELS}
    return [
        signing.Said(
            level,
            text(each.fields, "status"),
            text(each.fields, "by"),
            text(each.fields, "at"),
            each.subject,
            text(each.fields, "value"),
        )
        for level, each in held.items()
        if each is not None
    ]


def query(kept: Kept, asked: Asked, period: str, about: str) -> Entry:
    """A figure is put under query: no sign-off counts until that is resolved."""
    return _queried(kept, asked, matter(kept, period, about), signing.UNDER_QUERY)


def resolve(kept: Kept, asked: Asked, period: str, about: str) -> Entry:
    """A query is resolved."""
    return _queried(kept, asked, matter(kept, period, about), signing.RESOLVED)


def _queried(kept: Kept, asked: Asked, found: Matter, status: str) -> Entry:
    if not acting.may_query(asked.person, found.thing, kept.catalogue):
        raise not_yours(asked, "say whether this figure is in doubt")
    if found.closed():
        raise not_now(found.closed())
    if queried(kept, found) == (status == signing.UNDER_QUERY):
        raise not_now("it is under query already" if queried(kept, found) else "no query is open")
    if status == signing.UNDER_QUERY and not asked.text("reason"):
        raise refused(422, "Say what is in doubt.", "reason", "required")
    held = kept.one("data-query", **found.named)
    return Entry(
        kept.contract("data-query"),
        {
            **found.named,
            "status": status,
            "reason": asked.text("reason"),
            "by": asked.person.post,
            "at": asked.moment([text(held.fields, "at")] if held else []),
        },
        ("reason",),
    )


def queried(kept: Kept, found: Matter) -> bool:
    """Whether a figure is under query."""
    held = kept.one("data-query", **found.named)
    return held is not None and text(held.fields, "status") == signing.UNDER_QUERY


def not_yours(asked: Asked, what: str) -> Exception:
    """A form that is somebody else's to fill in."""
    return refused(403, f"You act as {asked.person.post}, who does not {what}.")
