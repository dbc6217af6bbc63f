"""Review on the page of what it is about: commentary for everybody; challenges, data queries,
sign-offs and whom it waits for to people who are signed in."""

from services.publisher import reading_reviews as reading
from services.publisher.domain import words
from services.publisher.domain.figures import Figure
from services.publisher.domain.review_words import cycle_stage, review_parts
from services.publisher.readmodel import Snapshot
from services.publisher.web import review_rows as rows
from services.publisher.web.asking import Asker
from services.publisher.web.tables import Facts
from shared.contracts import subjects
from shared.review.about import quarter_of

EARLIER = 8


def for_indicator(view: Snapshot, code: str, figure: Figure | None, asker: Asker) -> Facts:
    """The review of an indicator: of the quarter that its figure ends in where that has one, else
    of the newest quarter in which people spoke of it."""
    return _of(view, f"indicator/{code}", quarter_of(figure.ends).code if figure else "", asker)


def for_position(view: Snapshot, fund: str, service: str, ends: str, asker: Asker) -> Facts:
    """The review of a service's money in a fund, in the quarter of a day."""
    return _of(view, f"position/{fund}/{service}", quarter_of(ends).code, asker)


def for_risk(view: Snapshot, reference: str, asker: Asker) -> Facts:
    """What is said of a risk, in the newest quarter in which anybody spoke of it."""
    return _of(view, f"risk/{reference}", "", asker)


def _of(view: Snapshot, about: str, period: str, asker: Asker) -> Facts:
    every = reading.reviews_about(view, about)
    by_period = {each.period: (state, each) for state, each in every}
    if period not in by_period and by_period:
        period = max(by_period)
    if not period:
        period = quarter_of(view.today.isoformat()).code
    found = by_period.get(period)
    subject = subjects.review(period, about)
    cycle = reading.cycle(view, period)
    signed_in = asker.signed_in
    facts: Facts = {
        "period": words.period(period),
        "subject": subject,
        "signed_in": signed_in,
        "voices": rows.voices(found[1].voices, signed_in=signed_in) if found else [],
        "earlier_texts": rows.history(reading.commentary(view, subject), signed_in=signed_in),
        "earlier": [
            {
                "period": words.period(each.period),
                "voices": rows.voices(each.voices, signed_in=signed_in),
            }
            for _, each in every
            if each.period < period and each.voices
        ][:EARLIER],
        "sign_in": asker.sign_in(),
    }
    if not signed_in:
        return facts
    challenges = reading.challenges(view, about=about)
    return {
        **facts,
        "form": asker.review_form(period, about, found[1].value if found else ""),
        "cycle_form": asker.cycle_form(period),
        "cycle_link": f"/cycle/{period}",
        "cycle": cycle_stage(cycle[1].stage if cycle else "open"),
        "required": found is not None and found[1].required,
        "review": review_parts(found[1]) if found else None,
        "set_aside": list(found[1].set_aside.values()) if found else [],
        "challenges": [rows.challenge_facts(*each, view.catalogue) for each in challenges],
    }
