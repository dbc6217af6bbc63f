"""A figure as people see it: the value of an indicator for a period, in words.

Rule: the page and the stream show what is made here, so a figure reads the same before and after
it moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote

import msgspec

from services.publisher.domain import words
from services.publisher.domain.saying import (
    aim_of,
    basis_words,
    marks,
    miss,
    saying,
    small_words,
    standing_words,
)
from services.publisher.domain.trend import Trend, trend
from shared.catalogue import periods
from shared.catalogue.breakdowns import AND
from shared.catalogue.model import Indicator
from shared.contracts.states import IndicatorValue, PeriodState
from shared.contracts.subjects import split_member

decode_value = msgspec.json.Decoder(IndicatorValue).decode


def opens(period: PeriodState) -> str:
    """The day on which a period begins to be shown: the first of its last month where it ends with
    every month, of its last year where years are pooled."""
    if period.kind.startswith("pooled"):
        return periods.first_day(periods.month_number(period.end[:7]) - 11).isoformat()
    rolls = period.kind.startswith("rolling") or period.kind == "cumulative"
    return f"{period.end[:7]}-01" if rolls or period.kind.endswith("to-date") else period.start


@dataclass(frozen=True)
class Stamp:
    """When a state was said, and when the change behind it was accepted at the door."""

    time: str
    origin: str
    correlation: str = ""


@dataclass(frozen=True)
class Figure:
    """One value, ready to show."""

    subject: str
    indicator: str
    title: str
    text: str
    number: Decimal | None
    miss: Decimal
    period_code: str
    period_kind: str
    period: str
    ends: str
    unfinished: bool
    target: str
    basis: str
    outcome: str
    outcome_word: str
    rule: str
    status: str
    standing: str
    marks: str
    small: str
    why: str
    member: str
    fresh: str
    fresh_at: str
    previous: Trend
    last_year: Trend

    @property
    def link(self) -> str:
        """The page that explains the figure."""
        base = f"/indicators/{quote(self.indicator, safe='')}/values/{self.period_code}"
        _, _, member = self.subject.partition(f"/{self.period_code}/")
        return f"{base}?breakdown={quote(_plain(member), safe='')}" if member else base

    def display(self) -> dict[str, str]:
        """What an open page replaces when this figure moves."""
        return {
            "title": self.title,
            "link": self.link,
            "value": self.text,
            "period": self.period,
            "target": self.target,
            "basis": self.basis,
            "outcome": self.outcome,
            "outcome_word": self.outcome_word,
            "rule": self.rule,
            "standing": self.standing,
            "marks": self.marks,
            "small": self.small,
            "why": self.why,
            "fresh": self.fresh,
            "fresh_at": self.fresh_at,
            **trend_parts(self.previous, "previous"),
            **trend_parts(self.last_year, "last_year"),
        }


def _plain(member: str) -> str:
    """A member for an address, which is encoded once: as its subject spells it only where the plain
    text could be taken for something else."""
    parts = [split_member(each) for each in member.split("&")]
    if any("%" in value or "&" in value or value != value.strip() for _, value in parts):
        return member
    return "&".join(f"{field}={value}" for field, value in parts)


def trend_parts(found: Trend, name: str) -> dict[str, str]:
    """A trend as parts of a display."""
    return {name: found.text, f"{name}_way": found.way}


def number_of(value: IndicatorValue) -> Decimal | None:
    """The number that a value is, if it is one."""
    return None if value.value is None else Decimal(value.value)


def member_words(value: IndicatorValue) -> str:
    """`Ward 27`, `Noise Request`, `Not recorded`: a member of a breakdown as a heading."""
    if value.breakdown is None:
        return ""
    if value.breakdown.parts:
        return AND.join(each or "Not recorded" for each in value.breakdown.parts.values())
    return value.breakdown.member or "Not recorded"


def figure(
    subject: str,
    value: IndicatorValue,
    definition: Indicator | None,
    stamp: Stamp,
    today: date,
    others: Mapping[str, Decimal | None],
) -> Figure:
    """The figure that a value makes. `others` holds the values, by subject, it compares with."""
    number = number_of(value)
    say = saying(definition, value.unit, value.value)
    unfinished = value.period.end >= today.isoformat()

    def since(code: str | None) -> Trend:
        return trend(
            number,
            others.get(_sibling(subject, code)) if code else None,
            unit=value.unit,
            precision=say.precision,
            polarity=definition.polarity if definition else "none",
            since=words.period(code) if code else "an earlier period",
            unfinished=unfinished,
            stability=(definition.stability if definition else None) or Decimal(0),
            aim=aim_of(value.target),
            say=say.difference,
        )

    before, year_before = earlier(value.period.code)
    label = words.period(value.period.code)
    return Figure(
        subject=subject,
        indicator=value.indicator,
        title=definition.title if definition else value.indicator,
        text=words.no_value(value.reason) if number is None else say(number),
        number=number,
        miss=miss(number, value.target),
        period_code=value.period.code,
        period_kind=value.period.kind,
        period=f"{label} so far" if unfinished else label,
        ends=value.period.end,
        unfinished=unfinished,
        target=say.target(value.target),
        basis=f"({basis})" if (basis := basis_words(value.target)) else "",
        outcome=value.rag.outcome,
        outcome_word=words.OUTCOMES.get(value.rag.outcome, words.sentence(value.rag.outcome)),
        rule=words.sentence(value.rag.rule),
        status=value.status,
        standing=standing_words(value, definition),
        marks=marks(value),
        small=small_words(value, definition),
        why=words.REASONS.get(value.reason or "", "") if number is None else "",
        member=member_words(value),
        fresh=f"Updated {words.moment(stamp.origin or stamp.time)}",
        fresh_at=stamp.origin or stamp.time,
        previous=since(before),
        last_year=since(year_before),
    )


@lru_cache(maxsize=4096)
def earlier(code: str) -> tuple[str | None, str | None]:
    """The codes of the period before, and of the same period a year earlier."""
    try:
        period = periods.parse_period(code)
        found = periods.previous(period), periods.same_period_last_year(period)
    except ValueError:
        return None, None
    before, year_before = found
    return before.code if before else None, year_before.code if year_before else None


def compared_with(subject: str) -> list[str]:
    """The subjects that a figure is compared with."""
    return [_sibling(subject, code) for code in earlier(_period_of(subject)) if code]


def compared_by(subject: str) -> list[str]:
    """The subjects of later figures that are compared with this one."""
    return [_sibling(subject, code) for code in _later(_period_of(subject))]


@lru_cache(maxsize=4096)
def _later(code: str) -> tuple[str, ...]:
    try:
        period = periods.parse_period(code)
        return periods.following(period).code, periods.later(period, 12).code
    except ValueError:
        return ()


def _period_of(subject: str) -> str:
    return subject.split("/")[1] if "/" in subject else ""


def _sibling(subject: str, code: str) -> str:
    parts = subject.split("/")
    return "/".join([parts[0], code, *parts[2:]])
