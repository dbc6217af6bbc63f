"""A value and its versions: which one is asked for, what came before it, and why it changed."""

from dataclasses import dataclass
from itertools import pairwise

from services.publisher import reading
from services.publisher.api import query
from services.publisher.domain import changed
from services.publisher.domain.changed import Move, Reason
from services.publisher.domain.figures import Figure, decode_value
from services.publisher.domain.messages import HeldRow
from services.publisher.domain.saying import Saying, saying
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.repository import KeptVersion
from shared.catalogue.model import Catalogue, Indicator
from shared.catalogue.periods import Period
from shared.contracts.states import IndicatorValue
from shared.contracts.subjects import indicator_value
from shared.runtime.problems import Problem


@dataclass(frozen=True)
class Asked:
    """Which value, and which version of it (by number, or as known at an instant)."""

    period: str
    breakdown: str | None = None
    version: int | None = None
    instant: str | None = None


def asked_for(period: str, breakdown: str | None, version: str | None, as_at: str | None) -> Asked:
    """What an address asks for."""
    if version and as_at:
        raise Problem(400, "Ask for a version or as_at, not for both.")
    number = query.whole("version", version, 0, 1, 999_999_999) if version else None
    return Asked(period, breakdown, number, query.instant("as_at", as_at))


@dataclass(frozen=True)
class Found:
    """One version of a value, with its words."""

    indicator: Indicator
    period: Period
    row: HeldRow
    value: IndicatorValue
    figure: Figure
    newest: bool
    say: Saying


@dataclass(frozen=True)
class Step:
    """From one version of a value to the next."""

    version: KeptVersion
    before: KeptVersion
    text: str
    before_text: str
    before_value: str | None
    moves: list[Move]
    reasons: list[Reason]


def find(view: Snapshot, indicator: Indicator, asked: Asked) -> Found:
    """The version that is asked for, or 404."""
    period = query.period(asked.period)
    within = query.breakdown(asked.breakdown, indicator)
    if within.field and within.stored is None:
        raise query.refuse("breakdown", asked.breakdown or "", "one member, such as ward=27")
    subject = indicator_value(indicator.code, period.code, within.text)
    newest = reading.one_value(view, subject)
    row = newest
    if asked.version is not None or asked.instant is not None:
        row = _older(view, subject, asked)
        if newest is not None and row is not None and row.version == newest.version:
            row = newest
    if row is None or row.body is None:
        raise Problem(404, f"{indicator.code} has no value for {period.label()} there.")
    value = decode_value(row.body)
    is_newest = row is newest
    (figure,) = reading.figures(view, [row], at=None if is_newest else row.time)
    say = saying(indicator, value.unit, value.value)
    return Found(indicator, period, row, value, figure, is_newest, say)


def _older(view: Snapshot, subject: str, asked: Asked) -> HeldRow | None:
    version = asked.version
    if version is None:
        version = repository.version_at(view.tx, subject, asked.instant or "")
    kept = repository.versions(view.tx, subject, version, 1) if version is not None else []
    if not kept or kept[0].version != version:
        return None
    return repository.as_held(kept[0])


def steps(view: Snapshot, found: Found, limit: int) -> list[Step]:
    """What changed from version to version up to the one found, the newest first."""
    kept = repository.versions(view.tx, found.row.subject, found.row.version, limit + 1)

    def title_of(code: str) -> str:
        return title(view.catalogue, code)

    told = []
    for after, before in pairwise(kept):
        now = decode_value(after.body) if after.body else None
        old = decode_value(before.body) if before.body else None
        if now is None or old is None:
            what = "It was withdrawn." if now is None else "It had been withdrawn."
            moved, why = [], [Reason(changed.CALENDAR, what)]
        else:
            moved = changed.moves(now, old)
            why = changed.reasons(now, old, after.correlation, found.say, title_of)
        told.append(
            Step(
                version=after,
                before=before,
                text=_text(now, found.say),
                before_text=_text(old, found.say),
                before_value=old.value if old else None,
                moves=moved,
                reasons=why,
            )
        )
    return told


def _text(value: IndicatorValue | None, say: Saying) -> str:
    if value is None:
        return "Withdrawn"
    return changed.told(value, say)


def title(catalogue: Catalogue, code: str) -> str:
    """What a measure, or an indicator within a formula, is called."""
    if code in catalogue.measures:
        return catalogue.measures[code].title or code
    return catalogue.indicators[code].title if code in catalogue.indicators else code
