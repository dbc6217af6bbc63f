"""What people did in a review, in order: the steps of a quarter's cycle, of a challenge, sign-offs.

Rule: records count in the order of the instant they name, then of their subjects; what does not
fit by then counts for nothing, and is listed as set aside.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from deploy.verify.accounting import Entry
from deploy.verify.periods import UnknownPeriod, parse
from deploy.verify.source import Json

STAGES = ("open", "collecting", "owner sign-off", "director sign-off", "frozen")
LONGEST = 256


def word(said: str, words: Sequence[str]) -> str:
    """Which of some words is meant; empty for none."""
    plain = said.strip().casefold()
    return next((each for each in words if each.casefold() == plain), "")


def post(said: str) -> str:
    """A post as it is compared."""
    return " ".join(said.casefold().split())


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Records in the order in which they count."""
    return sorted(entries, key=lambda entry: (entry.text("at"), entry.subject))


def quarter_code(text: str) -> str:
    """The quarter that a text names; empty for none."""
    try:
        found = parse(text.strip())
    except UnknownPeriod:
        return ""
    return found.code if found.kind == "quarter" else ""


def about_text(text: str) -> str:
    """What can be reviewed by that name; empty for nothing."""
    plain = text.strip()
    kind, slash, rest = plain.partition("/")
    if not slash or len(text) > LONGEST or not rest.strip():
        return ""
    if kind == "indicator":
        return "" if "/" in rest else plain
    if kind == "position":
        fund, slash, service = rest.rpartition("/")
        return plain if fund and service else ""
    return plain if kind == "risk" else ""


def said_by(entry: Entry) -> Json:
    """Who and when."""
    return {"by": entry.text("by"), "at": entry.text("at")}


class Walk(NamedTuple):
    """Where steps led, which of them counted, and the records of those that did not."""

    stage: str
    steps: list[Json]
    set_aside: list[str]


def walk(entries: Iterable[Entry]) -> Walk:
    """A quarter's cycle."""
    at, steps, set_aside = 0, [], []
    for entry in in_order(entries):
        to = word(entry.text("to"), STAGES[1:])
        if at == 4 or not to or STAGES.index(to) not in (at - 1, at + 1):
            set_aside.append(entry.subject)
            continue
        at = STAGES.index(to)
        despite = entry.text("despite")
        steps.append(said_by(entry) | {"to": to, "record": entry.subject, "despite": despite})
    return Walk(STAGES[at], steps, set_aside)


class Dispute(NamedTuple):
    """Where a challenge stands; its stage is empty where nobody raised it."""

    stage: str
    raised: Entry | None
    steps: list[Json]
    set_aside: list[str]

    @property
    def place(self) -> tuple[str, str]:
        """The quarter and what is challenged."""
        if self.raised is None:
            return "", ""
        return quarter_code(self.raised.text("period")), about_text(self.raised.text("about"))


def dispute(entries: Iterable[Entry]) -> Dispute:
    """A challenge, from its steps."""
    stage, steps, set_aside = "", [], []
    raised: Entry | None = None
    for entry in in_order(entries):
        does = word(entry.text("does"), ("Raise", "Answer", "Close", "Reopen"))
        own = raised is not None and post(raised.text("by")) == post(entry.text("by"))
        to = ""
        if does == "Raise" and not stage:
            sound = quarter_code(entry.text("period")) and about_text(entry.text("about"))
            to = "open" if sound else ""
        elif does == "Answer" and stage == "open" and not own:
            to = "answered"
        elif does == "Close" and stage in ("open", "answered") and own:
            to = "closed"
        elif does == "Reopen" and stage == "closed" and own:
            to = "open"
        if not to:
            set_aside.append(entry.subject)
            continue
        if does == "Raise":
            raised = entry
        stage = to
        steps.append(
            said_by(entry) | {"does": does, "text": entry.text("text"), "record": entry.subject}
        )
    return Dispute(stage, raised, steps, set_aside)


class Signed(NamedTuple):
    """The sign-offs that count, by level, and the records of those that do not."""

    counting: dict[str, Json]
    set_aside: list[str]

    def fresh(self, level: str) -> bool:
        """Whether one counts, of the value that the figure has now."""
        return level in self.counting and not self.counting[level]["stale"]


def signed(entries: Iterable[Entry], value: str, *, barred: bool) -> Signed:
    """Who signed a figure off. `barred`: it is under query, or lacks its commentary."""
    last: dict[str, Entry] = {}
    set_aside, counting = [], {}
    for entry in in_order(entries):
        level = word(entry.text("level"), ("Owner", "Director"))
        if level and word(entry.text("status"), ("Signed", "Withdrawn")):
            last[level] = entry
        else:
            set_aside.append(entry.subject)
    for level in ("Owner", "Director"):
        held = last.get(level)
        if held is None or word(held.text("status"), ("Signed",)) == "":
            continue
        if barred or (level == "Director" and "Owner" not in counting):
            set_aside.append(held.subject)
            continue
        saw = held.text("value").strip()
        counting[level] = said_by(held) | {"value": saw, "stale": bool(saw) and saw != value}
    return Signed(counting, set_aside)
