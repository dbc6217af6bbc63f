"""The page about a thing in a quarter: what is said of it, and what the person who looks can do."""

from collections.abc import Iterator

from services.ingest.acts.matters import Matter, challenges_of, matter
from services.ingest.acts.review import queried, sign_offs
from services.ingest.domain import acting
from services.ingest.domain.forms import Asked
from services.ingest.kept import Kept
from services.ingest.web import words
from services.ingest.web.desk import Page
from services.ingest.web.form import Field, Form, has, limit
from shared.contracts.fields import text
from shared.contracts.subjects import part
from shared.review import challenges, signing

TEXTS = (
    ("what_happened", "What happened"),
    ("why", "Why"),
    ("what_next", "What is done about it, and by when"),
)
STEPS = {
    challenges.ANSWER: ("answer", "Answer the challenge", "Answer"),
    challenges.CLOSE: ("close", "Close the challenge", "Close challenge"),
    challenges.REOPEN: ("reopen", "Reopen the challenge", "Reopen challenge"),
}


def review_page(kept: Kept, asked: Asked, period: str, about: str) -> Page:
    """The page, with a form for each thing that the person may do now."""
    found = matter(kept, period, about)
    forms = [*_commentary(kept, asked, found), *_challenges(kept, asked, found)]
    if not found.closed():
        forms += [*_signing(kept, asked, found), *_querying(kept, asked, found)]
    said = sign_offs(kept, found)
    rows = [
        ("Quarter", f"{words.quarter(found.quarter)}: {found.stage}"),
        ("Owner", found.thing.owner or "Nobody"),
        ("You act as", asked.person.post),
        *[
            (f"{each.level} sign-off", f"{each.status}: {each.by}, {words.instant(each.at)}")
            for each in said
        ],
    ]
    if queried(kept, found):
        rows.append(("Under query", "Yes: no sign-off counts until it is resolved"))
    return Page(
        found.thing.title,
        found.about.text,
        rows,
        forms,
        voices=list(_voices(kept, found)),
        challenges=[
            {"by": each.by, "stage": each.stage, "steps": each.steps}
            for each in challenges_of(kept, found.quarter.code, found.about.text).values()
        ],
        note=found.closed() or f"There is nothing to do here for {asked.person.post}.",
    )


def _voices(kept: Kept, found: Matter) -> Iterator[dict[str, object]]:
    for voice in signing.VOICES:
        held = kept.one("commentary", **found.named, voice=voice)
        if held:
            said = held.fields
            texts = [(label, text(said, name)) for name, label in TEXTS]
            by, at = text(said, "by"), text(said, "at")
            yield {"voice": voice, "by": by, "at": at, "texts": texts}


def _commentary(kept: Kept, asked: Asked, found: Matter) -> Iterator[Form]:
    if found.closed():
        return
    contract = kept.contract("commentary")
    for voice in acting.voices(asked.person, found.thing, kept.catalogue):
        held = kept.one("commentary", **found.named, voice=voice)
        said = held.fields if held else {}
        yield Form(
            f"comment-{voice.split()[0].lower()}",
            "comment",
            f"Commentary as {voice.lower()}",
            "Save commentary",
            has(
                contract,
                *(
                    Field(name, label, value=text(said, name), limit=limit(contract, name))
                    for name, label in TEXTS
                ),
            ),
            hidden={"voice": voice, "version": str(held.version if held else 0)},
        )


def _challenges(kept: Kept, asked: Asked, found: Matter) -> Iterator[Form]:
    person = asked.person
    contract = kept.contract("challenge-step")
    longest = limit(contract, "text")
    owns = acting.owns(person, found.thing, kept.catalogue)
    for reference, each in challenges_of(kept, found.quarter.code, found.about.text).items():
        for does in challenges.onward(each.stage, each.by, person.post):
            if does == challenges.ANSWER and not owns:
                continue
            if does == challenges.REOPEN and found.closed():
                continue
            name, title, button = STEPS[does]
            label = "Answer" if does == challenges.ANSWER else "Why"
            yield Form(
                f"{name}-{part(reference)}",
                name,
                title,
                button,
                [Field("text", label, limit=longest)],
                hidden={"challenge": reference},
            )
    if not found.closed() and acting.may_challenge(person, found.thing, kept.catalogue):
        yield Form(
            "raise",
            "raise",
            "Challenge this figure or what is said of it",
            "Raise challenge",
            [Field("text", "What do you challenge, and why?", limit=longest)],
            intro="It is open until you close it. Its owner answers.",
        )


def _signing(kept: Kept, asked: Asked, found: Matter) -> Iterator[Form]:
    signed = {each.level: each for each in sign_offs(kept, found)}
    value = asked.text("value")
    for level in signing.LEVELS:
        if level not in acting.voices(asked.person, found.thing, kept.catalogue):
            continue
        held = signed.get(level)
        mine = {"level": level}
        as_level = f"as {level.lower()}"
        if held is None or held.status != signing.SIGNED or held.value != value:
            figure = f"The figure you answer for: {value}." if value else ""
            yield Form(
                f"sign-{level.lower()}",
                "sign",
                f"Sign off {as_level}",
                "Sign off",
                [],
                figure,
                mine,
            )
        if held is not None and held.status == signing.SIGNED:
            yield Form(
                f"withdraw-{level.lower()}",
                "withdraw",
                f"Take back the sign-off {as_level}",
                "Withdraw sign-off",
                [],
                f"{held.by} signed it on {words.instant(held.at)}.",
                mine,
            )


def _querying(kept: Kept, asked: Asked, found: Matter) -> Iterator[Form]:
    if not acting.may_query(asked.person, found.thing, kept.catalogue):
        return
    contract = kept.contract("data-query")
    longest = limit(contract, "reason")
    if queried(kept, found):
        fields = has(contract, Field("reason", "What came of it", limit=longest))
        yield Form("resolve", "resolve", "Resolve the query", "Resolve query", fields)
    else:
        fields = has(contract, Field("reason", "What is in doubt?", limit=longest))
        yield Form("query", "query", "Put the figure under query", "Put under query", fields)
