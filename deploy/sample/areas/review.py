"""What people have said of the figures: commentary, challenges, sign-offs, queries, and the cycle.

The quarters before the last two are frozen, with the strategic figures written about and signed;
the one before the last waits to be frozen.
The last one is where its days have brought it: collecting, or at the owners' sign-off, with some of
it still missing.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from deploy.sample.made import Fields, Manner, Manners, Record, quarters_to
from deploy.sample.risk.words import (
    AGAIN,
    AND_AGAIN,
    CABINET,
    CHALLENGES,
    DESPITE,
    DIRECTORS,
    MEMBERS,
    MONEY,
    MONEY_TEXT,
    QUERIES,
    SETTLED,
    SPOKEN,
    Spoken,
    Text,
)
from shared.review.about import quarter_of

WRITTEN = "commentary"
CHALLENGED = "challenges"
SIGNED = "sign-offs"
QUERIED = "data-queries"
STEPS = "cycle-steps"
FORMS = Manner(moment="%Y-%m-%dT%H:%M:%S")
MANNERS: Manners = dict.fromkeys((WRITTEN, CHALLENGED, SIGNED, QUERIED, STEPS), FORMS)

OFFICER = "Performance and insight manager"
# Frozen quarters, the one that waits to be, and the last one.
QUARTERS = 5
# Days after its last day by which a quarter goes on, as the review cycle of the catalogue has it.
CYCLE = (("Collecting", 1), ("Owner sign-off", 20), ("Director sign-off", 30), ("Frozen", 41))


def records(rng: Random, end: date) -> Iterator[Record]:
    """Everything that people have said."""
    ends = quarters_to(end, QUARTERS)
    yield from (Record(WRITTEN, fields) for fields in _commentary(rng, ends, end))
    yield from (Record(CHALLENGED, fields) for fields in _challenges(rng, ends, end))
    yield from (Record(SIGNED, fields) for fields in _sign_offs(rng, ends, end))
    yield from (Record(QUERIED, fields) for fields in _queries(rng, ends, end))
    yield from (Record(STEPS, fields) for fields in _steps(rng, ends, end))


def quarter_code(last: date) -> str:
    """The quarter that ends on a day."""
    return quarter_of(last.isoformat()).code


def spoken_of(last: date) -> list[tuple[int, Spoken]]:
    """What is written about of a quarter that ends on a day, with numbers that stay."""
    return [
        (number, each) for number, each in enumerate(SPOKEN) if each.only_in in (None, last.month)
    ]


def text_of(spoken: Spoken, last: date) -> Text:
    """What an owner writes about a quarter that ends on this day."""
    if spoken.by_season:
        return spoken.texts[last.month in (12, 3)]
    return spoken.texts[(last.year + last.month // 3) % 2]


def _at(rng: Random, day: date) -> datetime:
    """Some time of an office day, in whole minutes: the Friday before, if it is a weekend."""
    day -= timedelta(days=max(0, day.weekday() - 4))
    return datetime.combine(day, time(9 + rng.randrange(8), rng.randrange(60)))


def _said(rng: Random, last: date, days: int, end: date) -> datetime | None:
    """So many days after a quarter, if that has come."""
    at = _at(rng, last + timedelta(days=days))
    return at if last < at.date() <= end else None


def _commentary(rng: Random, ends: list[date], end: date) -> Iterator[Fields]:
    for last in ends:
        newest = last == ends[-1]
        for number, spoken in spoken_of(last):
            about = f"indicator/{spoken.code}"
            # Of the last quarter two in three have been written, and the directors' are to come.
            owner = None if newest and number % 3 == 2 else _said(rng, last, 6 + number, end)
            if owner is None:
                continue
            yield _voice(last, about, "Owner", spoken.owner, owner, text_of(spoken, last))
            director = None if newest else _said(rng, last, 22 + number % 7, end)
            if director is not None:
                text = Text(rng.choice(DIRECTORS), "", "")
                yield _voice(last, about, "Director", spoken.director, director, text)
            member = MEMBERS.get(spoken.code)
            if director is not None and member is not None:
                text = Text(rng.choice(CABINET), "", "")
                later = director + timedelta(days=3)
                yield _voice(last, about, "Cabinet member", member, later, text)
        for place, (owner_post, _) in MONEY.items():
            written = None if newest else _said(rng, last, 18, end)
            if written is not None:
                yield _voice(last, f"position/{place}", "Owner", owner_post, written, MONEY_TEXT)


def _voice(last: date, about: str, voice: str, by: str, at: datetime, text: Text) -> Fields:
    return {
        "period": quarter_code(last),
        "about": about,
        "voice": voice,
        "what_happened": text.what_happened,
        "why": text.why or None,
        "what_next": text.what_next or None,
        "by": by,
        "at": at,
    }


def _challenges(rng: Random, ends: list[date], end: date) -> Iterator[Fields]:
    for number, challenge in enumerate(CHALLENGES, 1):
        about, back, days, by, asked, owner, answer, then = challenge
        # The newest are raised lately, whichever quarter was over by then; others in their cycle.
        raised = _at(
            rng, ends[-1 - back] + timedelta(days=days) if back else end - timedelta(days=days)
        )
        over = [last for last in ends if last < raised.date()]
        last = over[-1] if not back else ends[-1 - back]
        said = [("Raise", by, asked)]
        said += [("Answer", owner, answer)] if answer else []
        for each in then:
            said.append(
                {
                    "Close": ("Close", by, SETTLED),
                    "Reopen": ("Reopen", by, AGAIN),
                    "Answer again": ("Answer", owner, AND_AGAIN),
                }[each]
            )
        for step, (does, who, text) in enumerate(said, 1):
            yield {
                "challenge": f"CH-{number:03}",
                "step": str(step),
                "does": does,
                "about": about,
                "period": quarter_code(last),
                "text": text,
                "by": who,
                "at": raised + timedelta(days=step - 1, minutes=7 * step),
            }


def _sign_offs(rng: Random, ends: list[date], end: date) -> Iterator[Fields]:
    """Of the frozen quarters all that is written about; of the last one, a few by their owners."""
    for last in ends:
        newest = last == ends[-1]
        found = [each for _, each in spoken_of(last)]
        signed = [(f"indicator/{each.code}", each.owner, each.director) for each in found]
        signed += [(f"position/{place}", *posts) for place, posts in MONEY.items()]
        for number, (about, owner, director) in enumerate(signed):
            for level, by, days in (("Owner", owner, 20), ("Director", director, 30)):
                if newest and (level == "Director" or number % 4):
                    continue
                at = _said(rng, last, days - number % 2, end)
                if at is not None:
                    yield {
                        "period": quarter_code(last),
                        "about": about,
                        "level": level,
                        "status": "Signed",
                        # What was seen is not known of signatures from before the forms.
                        "value": None,
                        "by": by,
                        "at": at,
                    }


def _queries(rng: Random, ends: list[date], end: date) -> Iterator[Fields]:
    for about, back, status, reason in QUERIES:
        last = ends[-1 - back]
        at = _said(rng, last, 12, end)
        if at is not None:
            yield {
                "period": quarter_code(last),
                "about": about,
                "status": status,
                "reason": reason,
                "by": OFFICER,
                "at": at,
            }


def _steps(rng: Random, ends: list[date], end: date) -> Iterator[Fields]:
    for number, last in enumerate(ends):
        # The one before the last is signed and waits to be frozen: the day's work does that, and
        # only what is frozen while it is watched is copied as reported.
        cycle = {ends[-1]: CYCLE[:2], ends[-2]: CYCLE[:3]}.get(last, CYCLE)
        for step, (to, days) in enumerate(cycle, 1):
            # On the very last day of a quarter nobody has begun with it.
            at = datetime.combine(last + timedelta(days=days), time(9, 5 * step))
            if at.date() <= end:
                yield {
                    "period": quarter_code(last),
                    "step": str(step),
                    "to": to,
                    "despite": DESPITE[number % 2] if to == "Frozen" else None,
                    "by": OFFICER,
                    "at": at,
                }
