"""The review of a figure, from the figure and what people said of it; and where a quarter stands.

Rule: pure. A state follows from records, definitions, the figure and the business date alone; of
several records that say the same thing, the last by its time, then by its subject, holds.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shared.catalogue.model import Catalogue
from shared.catalogue.review import ReviewCycle
from shared.contracts.fields import Fields, named, text
from shared.contracts.review import Cycle, CycleStep, DataQuery, Review, SignOff, Voice
from shared.review import cycle as cycles
from shared.review.about import About, Quarter, read_about, read_quarter
from shared.review.personal import personal
from shared.review.posts import director_of
from shared.review.signing import (
    LEVELS,
    OWNER,
    QUERIES,
    RESOLVED,
    VOICES,
    Said,
    due,
    standing,
    waits_for,
)

# What is shown of a word that is none of those there are.
SHOWN = 40
Records = Mapping[str, Fields]


class Place(NamedTuple):
    """A figure in the review of a quarter."""

    period: str
    about: About


class Figure(NamedTuple):
    """What is reviewed: where it is published, as what, and who answers for it."""

    topic: str
    subject: str
    value: str
    rag: str
    service: str
    owner: str


class Words(NamedTuple):
    """What people said of a figure in a quarter: records of each role, by their subjects, and the
    references of the challenges that are not closed."""

    commentary: Records
    sign_offs: Records
    queries: Records
    challenges: list[str]


def place_of(fields: Fields | None) -> Place | None:
    """What a record is about, and in which quarter; None where it does not say."""
    if fields is None:
        return None
    quarter, about = read_quarter(text(fields, "period")), read_about(text(fields, "about"))
    return None if quarter is None or about is None else Place(quarter.code, about)


def review_of(
    quarter: Quarter, about: About, figure: Figure, words: Words, catalogue: Catalogue, today: str
) -> Review:
    """The review of a figure for a quarter."""
    rule = catalogue.review_cycle
    set_aside: dict[str, str] = {}
    voices = _voices(words.commentary, set_aside)
    query = _query(words.queries, set_aside)
    required = figure.rag in rule.required_when
    stands = standing(
        figure.value,
        required=required,
        written=OWNER in voices,
        queried=query is not None,
        said=(_said(record, fields) for record, fields in words.sign_offs.items()),
    )
    by = due(stands.stage, quarter, rule)
    director = director_of(figure.service, catalogue)
    return Review(
        period=quarter.code,
        about=about.text,
        topic=figure.topic,
        subject=figure.subject,
        stage=stands.stage,
        value=figure.value,
        rag=figure.rag,
        service=figure.service,
        owner=figure.owner,
        required=required,
        voices=voices,
        sign_offs={
            level: SignOff(each.by, each.at, each.value, each.stale)
            for level, each in stands.sign_offs.items()
        },
        query=query,
        challenges=words.challenges,
        waits_for=waits_for(stands.stage, figure.owner, director),
        due=by,
        overdue=bool(by) and by < today,
        set_aside=dict(sorted((set_aside | stands.set_aside).items())),
    )


def _in_order(records: Records) -> list[tuple[str, Fields]]:
    return sorted(records.items(), key=lambda each: (text(each[1], "at"), each[0]))


def _voices(commentary: Records, set_aside: dict[str, str]) -> dict[str, Voice]:
    found = {}
    for record, fields in _in_order(commentary):
        voice = named(text(fields, "voice"), VOICES)
        if voice not in VOICES:
            set_aside[record] = f"nobody speaks as {voice[:SHOWN]!r}"
            continue
        said = [text(fields, name) for name in ("what_happened", "why", "what_next")]
        found[voice] = Voice(
            what_happened=said[0],
            by=text(fields, "by"),
            at=text(fields, "at"),
            why=said[1],
            what_next=said[2],
            personal=personal(*said),
        )
    return {voice: found[voice] for voice in VOICES if voice in found}


def _query(queries: Records, set_aside: dict[str, str]) -> DataQuery | None:
    found = None
    for record, fields in _in_order(queries):
        status = named(text(fields, "status"), QUERIES)
        if status not in QUERIES:
            set_aside[record] = f"{status[:SHOWN]!r} is neither under query nor resolved"
        elif status == RESOLVED:
            found = None
        else:
            found = DataQuery(text(fields, "by"), text(fields, "at"), text(fields, "reason"))
    return found


def _said(record: str, fields: Fields) -> Said:
    names = ("level", "status", "by", "at")
    level, status, by, at = (text(fields, name) for name in names)
    return Said(level, status, by, at, record, text(fields, "value").strip())


def step_of(record: str, fields: Fields) -> cycles.Step:
    """A step of a quarter's cycle, as a record says it."""
    to, by, at, despite = (text(fields, name) for name in ("to", "by", "at", "despite"))
    return cycles.Step(to, by, at, record, despite)


def cycle_of(
    quarter: Quarter, stands: cycles.Standing, reviews: Iterable[Review], rule: ReviewCycle
) -> Cycle:
    """Where a quarter stands, with the counts of its figures."""
    found = Cycle(
        period=quarter.code,
        stage=stands.stage,
        due={
            cycles.OWNER: quarter.days_after(rule.owner_days),
            cycles.DIRECTOR: quarter.days_after(rule.director_days),
            cycles.FROZEN: quarter.days_after(rule.freeze_days),
        },
        steps=[CycleStep(each.to, each.by, each.at, each.record, each.despite)
               for each in stands.steps],
        set_aside=dict(sorted(stands.set_aside.items())),
    )  # fmt: skip
    for each in reviews:
        owner, director = (
            level in each.sign_offs and not each.sign_offs[level].stale for level in LEVELS
        )
        found.figures += 1
        found.required += each.required
        found.written += each.required and OWNER in each.voices
        found.owner_signed += owner
        found.director_signed += director
        found.queried += each.query is not None
        found.challenged += bool(each.challenges)
        found.late += each.overdue
    return found
