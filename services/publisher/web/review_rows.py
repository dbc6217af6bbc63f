"""What the pages of review share: what a review is about, in words, and what was said of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import quote, urlencode

from services.publisher import reading_reviews as reading
from services.publisher.domain import finance, words
from services.publisher.domain.finance_sums import fund_name, node_name
from services.publisher.domain.review_words import (
    CHALLENGES,
    about_words,
    challenge_parts,
    due,
    ordered,
    reminder_parts,
    review_parts,
)
from services.publisher.domain.saying import saying
from services.publisher.reading_finance import address_code
from services.publisher.web.asking import Asker
from services.publisher.web.tables import Facts
from shared.catalogue.model import Catalogue
from shared.contracts.review import Challenge, Reminder, Review, Voice
from shared.delivery.held import HeldState
from shared.review.about import INDICATOR, POSITION, RISK, read_about


class Named(NamedTuple):
    """What a review is about: its title and its page."""

    title: str
    href: str


def named(about: str, catalogue: Catalogue) -> Named:
    """What a review is about, by the names of the catalogue."""
    found = read_about(about)
    if found is None:
        return Named(about, "")
    code = quote(found.code, safe="")
    if found.kind == INDICATOR:
        definition = catalogue.indicators.get(found.code)
        return Named(definition.title if definition else about_words(about), f"/indicators/{code}")
    if found.kind == RISK:
        return Named(about_words(about), f"/risks/{quote(found.code, safe='/')}")
    service = node_name(catalogue, "service", found.code)
    fund = fund_name(catalogue.books, found.fund)
    query = urlencode({"fund": address_code(found.fund)})
    return Named(f"{service}: money ({fund})", f"/finance/service/{code}?{query}")


def value_text(found: Review, catalogue: Catalogue) -> str:
    """The figure under review, as it is shown."""
    about = read_about(found.about)
    if not found.value or about is None:
        return "No figure"
    try:
        if about.kind == POSITION:
            return words.sentence(finance.variance(int(found.value)))
        definition = catalogue.indicators.get(about.code)
        return saying(definition, definition.unit if definition else "count", found.value)(
            Decimal(found.value)
        )
    except (ArithmeticError, ValueError):
        return found.value


def review_row(state: HeldState, found: Review, catalogue: Catalogue, asker: Asker) -> Facts:
    """A figure under review as a row of a table."""
    service = catalogue.services.get(found.service)
    return {
        "subject": state.subject,
        "about": named(found.about, catalogue),
        "value": value_text(found, catalogue),
        "outcome": found.rag,
        "outcome_word": words.OUTCOMES.get(found.rag, words.sentence(found.rag)) or "Not judged",
        "service": service.name if service else found.service or "No service",
        "is_overdue": found.overdue,
        "form": asker.review_form(found.period, found.about, found.value),
        **review_parts(found),
    }


def reminder_row(state: HeldState, found: Reminder, catalogue: Catalogue) -> Facts:
    """A reminder as a row of a table."""
    about = named(found.about, catalogue)
    return {"subject": state.subject, "about": about, **reminder_parts(found)}


def voices(found: Mapping[str, Voice], *, signed_in: bool) -> list[Facts]:
    """What each voice says, the owner's first. The warning is for people who are signed in."""
    return [voice_facts(name, said, signed_in=signed_in) for name, said in ordered(dict(found))]


def voice_facts(name: str, said: Voice, *, signed_in: bool) -> Facts:
    """What a voice says, as it was written."""
    personal = ", ".join(said.personal) if signed_in else ""
    return {
        "voice": name,
        "parts": [
            (title, text)
            for title, text in (
                ("What happened", said.what_happened),
                ("Why", said.why),
                ("What is done next", said.what_next),
            )
            if text
        ],
        "by": said.by,
        "at": words.said(said.at),
        "personal": personal,
    }


def history(found: list[reading.Saying], *, signed_in: bool) -> list[Facts]:
    """Texts that stood earlier, the newest first."""
    return [
        voice_facts(each.voice, each.said, signed_in=signed_in) for each in found if not each.now
    ]


def challenge_facts(state: HeldState, found: Challenge, catalogue: Catalogue) -> Facts:
    """A challenge with its steps, as they were taken."""
    return {
        "subject": state.subject,
        "reference": found.reference,
        "period": words.period(found.period),
        "about": named(found.about, catalogue),
        "is_open": found.stage != "closed",
        "label": CHALLENGES.get(found.stage, words.sentence(found.stage)),
        **challenge_parts(found),
        "steps_taken": [
            {
                "does": step.does,
                "by": step.by,
                "at": words.said(step.at),
                "text": step.text,
                "personal": ", ".join(step.personal),
            }
            for step in found.steps
        ],
        "set_aside": list(found.set_aside.values()),
    }


def due_day(day: str) -> str:
    """A day by which something is due."""
    return due(day, overdue=False) or "No date"
