"""Review, challenge and cycle in words, for pages and for the stream alike.

Rule: what may be shown to whoever is not signed in is decided by `public` and nowhere else: the
commentary of a review, and that a quarter has reached a stage. Challenges, data queries, sign-offs
and reminders are for people who are signed in.
"""

from collections import Counter
from collections.abc import Iterable
from urllib.parse import unquote

import msgspec

from services.publisher.domain import words
from services.publisher.domain.contracts import Parts, Told, count, on
from services.publisher.domain.figures import Stamp
from shared.contracts.review import Challenge, Cycle, Reminder, Review, SignOff, Voice
from shared.review.about import POSITION, read_about
from shared.review.cycle import FROZEN
from shared.review.signing import DIRECTOR, OWNER, VOICES

KINDS = ("review", "challenge", "cycle", "reminder")
# In the order in which a page shows them.
STAGES = {
    "commentary": "Commentary to be written",
    "owner sign-off": "Waits for the owner’s sign-off",
    "director sign-off": "Waits for the director’s sign-off",
    "signed off": "Signed off",
}
CHALLENGES = {
    "open": "Open: waits for an answer",
    "answered": "Answered: waits for whoever raised it",
    "closed": "Closed",
}
CYCLE = {
    "open": "Open: nobody collects yet",
    "collecting": "Collecting figures and commentary",
    "owner sign-off": "Owners sign off",
    "director sign-off": "Directors sign off",
    "frozen": "Frozen: as reported",
}
TASKS = {
    "commentary": "Write the commentary",
    "owner sign-off": "Sign off as the owner",
    "director sign-off": "Sign off as the director",
    "answer": "Answer a challenge",
}

decode_review = msgspec.json.Decoder(Review).decode
decode_challenge = msgspec.json.Decoder(Challenge).decode
decode_cycle = msgspec.json.Decoder(Cycle).decode
decode_reminder = msgspec.json.Decoder(Reminder).decode
_encode = msgspec.json.Encoder().encode


def told(subject: str, body: bytes | None, stamp: Stamp) -> Told:
    """What an open page of somebody who is signed in is told; nothing of a state that is gone."""
    if body is None:
        return Told()
    kind = subject.partition("/")[0]
    if kind == "review":
        review = decode_review(body)
        parts, service = review_parts(review), review.service or None
        announce = f"{about_words(review.about)}: {parts['stage_word']}"
    elif kind == "challenge":
        challenge = decode_challenge(body)
        parts, service = challenge_parts(challenge), None
        announce = f"Challenge of {about_words(challenge.about)}: {parts['stage_word']}"
    elif kind == "cycle":
        cycle = decode_cycle(body)
        parts, service = cycle_parts(cycle), None
        announce = f"{words.period(cycle.period)}: {parts['stage_word']}"
    elif kind == "reminder":
        reminder = decode_reminder(body)
        parts, service = reminder_parts(reminder), reminder.service or None
        announce = ""
    else:
        return Told({})
    at = stamp.origin or stamp.time
    fresh = {"fresh": f"Updated {words.moment(at)}", "fresh_at": at}
    return Told({**parts, **fresh, "announce": announce}, service)


def is_private(subject: str) -> bool:
    """Whether a state of irf.risks is not for everybody as it stands."""
    return subject.partition("/")[0] in KINDS


def about_of(subject: str) -> str:
    """What a review, or the reminder of one, is about; empty for other states."""
    kind, _, rest = subject.partition("/")
    if kind == "reminder":
        return about_of(rest)
    # The parts of `about` stay apart in a subject, each encoded.
    return unquote(rest.partition("/")[2]) if kind == "review" else ""


def public(subject: str, body: bytes | None) -> bytes | None:
    """What is left of a state for whoever is not signed in; None: nothing, not even that it is."""
    kind = subject.partition("/")[0]
    if kind == "review":
        return b"null" if body is None else _encode(commentary(decode_review(body)))
    if kind == "cycle":
        return b"null" if body is None else _encode(stage_only(decode_cycle(body)))
    return None


def commentary(found: Review) -> dict[str, object]:
    """Of a review only what its voices say."""
    return {
        "kind": "review",
        "period": found.period,
        "about": found.about,
        "topic": found.topic,
        "subject": found.subject,
        "voices": {
            name: msgspec.structs.asdict(voice) | {"personal": []}
            for name, voice in ordered(found.voices)
        },
    }


def stage_only(found: Cycle) -> dict[str, object]:
    """Of a cycle only where the quarter stands."""
    return {"kind": "cycle", "period": found.period, "stage": found.stage}


def public_parts(subject: str, body: bytes | None) -> Parts | None:
    """The words that go with what `public` leaves."""
    if body is None:
        return None
    if subject.startswith("cycle/"):
        cycle = decode_cycle(body)
        return {"stage": cycle.stage, "stage_word": cycle_stage(cycle.stage), "announce": ""}
    return {"announce": ""}


def review_parts(found: Review) -> Parts:
    """The parts of a review's row that move."""
    return {
        "stage": found.stage,
        "stage_word": STAGES.get(found.stage, words.sentence(found.stage)),
        "waits_for": found.waits_for,
        "due": due(found.due, overdue=found.overdue),
        "overdue": "Late" if found.overdue else "",
        "query": query(found),
        "owner_signed": signed(found.sign_offs.get(OWNER)),
        "director_signed": signed(found.sign_offs.get(DIRECTOR)),
    }


def challenge_parts(found: Challenge) -> Parts:
    """The parts of a challenge that move."""
    return {
        "stage": found.stage,
        "stage_word": CHALLENGES.get(found.stage, words.sentence(found.stage)),
        "waits_for": found.waits_for,
        "steps": count(len(found.steps), "step"),
    }


def cycle_stage(stage: str) -> str:
    """Where a quarter stands, as a label."""
    return CYCLE.get(stage, words.sentence(stage))


def cycle_parts(found: Cycle) -> Parts:
    """The parts of a quarter's cycle that move."""
    return {
        "stage": found.stage,
        "stage_word": cycle_stage(found.stage),
        "figures": f"{found.figures:,}",
        "written": f"{found.written:,} of {found.required:,}",
        "owner_signed": f"{found.owner_signed:,} of {found.figures:,}",
        "director_signed": f"{found.director_signed:,} of {found.figures:,}",
        "queried": f"{found.queried:,}",
        "challenged": f"{found.challenged:,}",
        "late": f"{found.late:,}",
    }


def reminder_parts(found: Reminder) -> Parts:
    """The parts of a reminder that move."""
    return {
        "task": TASKS.get(found.task, words.sentence(found.task)),
        "who": found.who or "Nobody is named",
        "due": due(found.due, overdue=found.overdue),
    }


def due(day: str, *, overdue: bool) -> str:
    """`20 July 2026`, `20 July 2026: late`; empty where nothing is due."""
    if not day:
        return ""
    return f"{on(day)}: late" if overdue else on(day)


def query(found: Review) -> str:
    """Why a figure is under query; empty where it is not."""
    if found.query is None:
        return ""
    why = f": {found.query.reason}" if found.query.reason else ""
    return f"Since {words.said(found.query.at)}, by {found.query.by}{why}"


def signed(found: SignOff | None) -> str:
    """Who answered for a figure, and whether it has changed since."""
    if found is None:
        return "Not signed off"
    stale = f". It was {found.value} then, and has changed since" if found.stale else ""
    return f"Signed off by {found.by}, {words.said(found.at)}{stale}"


def ordered(voices: dict[str, Voice]) -> list[tuple[str, Voice]]:
    """Voices in the order of their places: the owner's first."""
    known = [(name, voices[name]) for name in VOICES if name in voices]
    return known + sorted((n, v) for n, v in voices.items() if n not in VOICES)


def about_words(about: str) -> str:
    """What a review is about, where no definition gives it a name."""
    found = read_about(about)
    if found is None:
        return about
    if found.kind == POSITION:
        return f"The money of {found.code} ({found.fund})"
    return f"{found.kind.capitalize()} {found.code}"


def unsigned(reviews: Iterable[Review]) -> list[str]:
    """What figures lack for a freeze, a sentence each."""
    waiting = Counter(each.stage for each in reviews if each.query is None)
    return _told(
        (waiting["commentary"], "figure needs", "figures need", "commentary"),
        (waiting["owner sign-off"], "figure waits", "figures wait", "for the owner’s sign-off"),
        (waiting["director sign-off"], "figure waits", "figures wait", "for a director’s sign-off"),
    )


def missing(reviews: Iterable[Review], challenges: int) -> list[str]:
    """What stands against a freeze, a sentence each; nothing where all is there."""
    found = list(reviews)
    queried = sum(each.query is not None for each in found)
    return unsigned(found) + _told(
        (queried, "figure is", "figures are", "under query"),
        (challenges, "challenge is", "challenges are", "not closed"),
    )


def _told(*counted: tuple[int, str, str, str]) -> list[str]:
    return [f"{count(n, one, many)} {rest}" for n, one, many, rest in counted if n]


def is_frozen(found: Cycle | None) -> bool:
    """Whether a quarter is as it was reported."""
    return found is not None and found.stage == FROZEN
