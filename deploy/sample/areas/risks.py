"""The risk register: risks, the controls that hold them, their reviews and their moves.

A risk's score goes from where it was put on the register to where it is now, review by review, with
a detour now and then. Reviews come as often as the band of the score asks, except for a few risks
whose owners are late.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample.made import Fields, Manner, Manners, Record, exact, last_day, pick
from deploy.sample.money.register import months_on
from deploy.sample.risk.controls import (
    BETTER,
    CONTROLS,
    EFFECTIVENESS,
    FORUMS,
    LATER,
    LINES,
    LOWERED,
    PROXIMITY,
    RAISED,
    SAME,
    SLOW,
    VELOCITY,
    WORSE,
)
from deploy.sample.risk.register import RISKS, Levels, RiskRow
from shared.review.about import quarter_of

REGISTER = "risk-register"
HELD_BY = "risk-controls"
REVIEWS = "risk-reviews"
MOVES = "risk-moves"
UK = Manner(day="%d/%m/%Y")
MANNERS: Manners = {REGISTER: UK, HELD_BY: UK, REVIEWS: UK, MOVES: UK}

# Months between reviews from a score on, and the least loss of a level of impact, in thousands of
# pounds: both as the catalogue has them.
CADENCE = ((16, 1), (10, 3), (5, 6), (0, 12))
LOSSES = (50, 250, 1_000, 5_000)
BY_LOSS = ("financial", "commercial")
# Indicators by the quarter, whose prompts some owners say that they have considered.
QUARTERLY = ("ASC01", "CH03", "ED01", "EP02", "PL16", "WS01")
TIERS = ("service", "directorate", "corporate")


def records(rng: Random, end: date) -> Iterator[Record]:
    """The register, dataset by dataset."""
    days = {risk.reference: _opened(rng, risk, end) for risk in RISKS}
    yield from (Record(REGISTER, _registered(rng, risk, days, end)) for risk in RISKS)
    for risk in RISKS:
        yield from (Record(HELD_BY, fields) for fields in _controls(rng, risk, end))
    for risk in RISKS:
        opened = days[risk.reference]
        yield from (Record(REVIEWS, fields) for fields in _reviews(rng, risk, opened, end))
    for risk in RISKS:
        yield from (Record(MOVES, fields) for fields in _moves(rng, risk, end))


def cadence(levels: Levels) -> int:
    """Months until the next review."""
    score = levels.likelihood * levels.impact
    return next(months for least, months in CADENCE if score >= least)


def _opened(rng: Random, risk: RiskRow, end: date) -> date:
    return months_on(end, -risk.opened) + timedelta(days=rng.randrange(20))


def _closed(risk: RiskRow, end: date) -> date | None:
    return None if risk.closed is None else months_on(end, -risk.closed) + timedelta(days=9)


def _registered(rng: Random, risk: RiskRow, days: dict[str, date], end: date) -> Fields:
    closed = _closed(risk, end)
    pounds = None if risk.thousands is None else exact(risk.thousands * 1000, 2)
    # Where the loss tells the level, the register leaves it to be worked out.
    told = risk.category in BY_LOSS and risk.thousands is not None and not risk.opportunity
    loss = 1 + sum((risk.thousands or 0) >= least for least in LOSSES)
    return {
        "reference": risk.reference,
        "title": risk.title,
        "service": risk.service,
        "portfolio": None,
        "owner": risk.owner,
        "status": "Closed" if closed else "Open",
        "nature": "Opportunity" if risk.opportunity else "Threat",
        "cause": risk.cause,
        "event": risk.title,
        "consequence": risk.consequence,
        "category": risk.category,
        "tier": risk.tier,
        "likelihood": risk.start.likelihood,
        "impact": None if told and loss == risk.start.impact else risk.start.impact,
        "inherent_likelihood": risk.inherent.likelihood,
        "inherent_impact": risk.inherent.impact,
        "target_likelihood": risk.target.likelihood,
        "target_impact": risk.target.impact,
        "target_date": last_day(months_on(end, rng.randrange(-2, 15))),
        "response": risk.response,
        "proximity": PROXIMITY.get(risk.now.likelihood, LATER),
        "velocity": VELOCITY.get(risk.category, SLOW),
        "exposure": pounds,
        "opened": days[risk.reference],
        "closed": closed,
        "objective": risk.objective,
        "indicators": risk.indicators,
        "cost_centres": risk.cost_centres,
        "contracts": risk.contracts,
        "projects": risk.projects,
    }


def _controls(rng: Random, risk: RiskRow, end: date) -> Iterator[Fields]:
    titles = rng.sample(CONTROLS[risk.category], rng.randint(2, 4))
    for number, title in enumerate(titles, 1):
        effectiveness = pick(rng, EFFECTIVENESS)
        assured = end - timedelta(days=rng.randrange(15, 420))
        yield {
            "risk": risk.reference,
            "control": str(number),
            "title": title,
            "owner": risk.owner if number < 3 else "Risk and assurance manager",
            "line": LINES[number - 1],
            "effectiveness": effectiveness,
            "assured": None if effectiveness == "Not assessed" else assured,
        }


def _reviews(rng: Random, risk: RiskRow, opened: date, end: date) -> Iterator[Fields]:
    last = _closed(risk, end) or end
    found = _path(rng, risk, opened, last)
    if risk.late:
        # The owner has missed the newest.
        missed = end - timedelta(days=31 * cadence(risk.now) + 25)
        found = [each for each in found if each[0] <= missed]
    before = risk.start
    for day, now in found:
        was, score = before.likelihood * before.impact, now.likelihood * now.impact
        reasons = WORSE if score > was else BETTER if score < was else SAME
        yield {
            "risk": risk.reference,
            "reviewed": day,
            "review": "1",
            # A level that stays is left blank as often as it is written again.
            "likelihood": _level(rng, before.likelihood, now.likelihood),
            "impact": _level(rng, before.impact, now.impact),
            "reason": rng.choice(reasons),
            "considered": considered(risk, day),
            "by": risk.owner,
        }
        before = now


def _path(rng: Random, risk: RiskRow, opened: date, last: date) -> list[tuple[date, Levels]]:
    """The days of reviews, and what was found on each; the newest found what stands now."""
    found: list[tuple[date, Levels]] = []
    day, levels = opened, risk.start
    while True:
        day = _workday(_months_later(day, cadence(levels)) - timedelta(days=rng.randrange(2, 9)))
        if day > last:
            break
        levels = _on_the_way(rng, risk, (day - opened) / (last - opened))
        found.append((day, levels))
    if not found:
        return found
    day = found[-1][0]
    found[-1] = (day, risk.now)
    # Should that have brought it into a higher band, the next reviews have been too.
    while (day := _workday(_months_later(day, cadence(risk.now)) - timedelta(days=3))) <= last:
        found.append((day, risk.now))
    return found


def _on_the_way(rng: Random, risk: RiskRow, share: float) -> Levels:
    def between(start: int, now: int) -> int:
        return round(start + (now - start) * min(1.0, 1.15 * share))

    likelihood = between(risk.start.likelihood, risk.now.likelihood)
    if rng.random() < 0.14:
        likelihood = max(1, min(5, likelihood + rng.choice((-1, 1))))
    return Levels(likelihood, between(risk.start.impact, risk.now.impact))


def _level(rng: Random, before: int, now: int) -> int | None:
    return None if before == now and rng.random() < 0.5 else now


def considered(risk: RiskRow, day: date) -> str | None:
    """The prompt of the quarter that was over, where the owner is one who says so."""
    codes = [each for each in (risk.indicators or "").split(",") if each in QUARTERLY]
    if not codes or int(risk.reference[1:]) % 2:
        return None
    first = date.fromisoformat(quarter_of(day.isoformat()).start)
    quarter = quarter_of((first - timedelta(days=1)).isoformat())
    return ",".join(f"indicator/{code}@{quarter.code}" for code in codes)


def _moves(rng: Random, risk: RiskRow, end: date) -> Iterator[Fields]:
    stands = risk.tier
    for move in risk.moves:
        up = TIERS.index(move.tier) > TIERS.index(stands)
        yield {
            "risk": risk.reference,
            "moved": _workday(months_on(end, -move.months) + timedelta(days=rng.randrange(3, 20))),
            "tier": move.tier,
            "reason": rng.choice(RAISED if up else LOWERED),
            "by": FORUMS[move.tier if up else stands],
        }
        stands = move.tier


def _months_later(day: date, months: int) -> date:
    first = months_on(day, months)
    return first.replace(day=min(day.day, last_day(first).day))


def _workday(day: date) -> date:
    """The day, or the Friday before."""
    return day - timedelta(days=max(0, day.weekday() - 4))
