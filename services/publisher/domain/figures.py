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
from services.publisher.domain.trend import Trend, trend
from shared.catalogue import periods
from shared.catalogue.model import Indicator
from shared.contracts.states import IndicatorValue

decode_value = msgspec.json.Decoder(IndicatorValue).decode

# The period a person wants first, of those an indicator is published for.
PREFERRED = ("quarter", "month", "financial-year", "year-to-date")


def headline_kind(definition: Indicator) -> str:
    """The kind of period that stands for an indicator on overviews."""
    return next((kind for kind in PREFERRED if kind in definition.periods), "quarter")


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
    period_code: str
    period_kind: str
    period: str
    ends: str
    unfinished: bool
    target: str
    outcome: str
    outcome_word: str
    rule: str
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
        return f"{base}?breakdown={quote(member, safe='')}" if member else base

    def display(self) -> dict[str, str]:
        """What an open page replaces when this figure moves."""
        return {
            "title": self.title,
            "link": self.link,
            "value": self.text,
            "period": self.period,
            "target": self.target,
            "outcome": self.outcome,
            "outcome_word": self.outcome_word,
            "rule": self.rule,
            "fresh": self.fresh,
            "fresh_at": self.fresh_at,
            **trend_parts(self.previous, "previous"),
            **trend_parts(self.last_year, "last_year"),
        }


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
    precision = definition.precision if definition else words.places(value.value or "")
    polarity = definition.polarity if definition else "none"
    unfinished = value.period.end >= today.isoformat()

    def quantity(amount: Decimal) -> str:
        return words.quantity(amount, value.unit, precision)

    def since(code: str | None) -> Trend:
        return trend(
            number,
            others.get(_sibling(subject, code)) if code else None,
            unit=value.unit,
            precision=precision,
            polarity=polarity,
            since=words.period(code) if code else "an earlier period",
            unfinished=unfinished,
        )

    before, year_before = earlier(value.period.code)
    label = words.period(value.period.code)
    return Figure(
        subject=subject,
        indicator=value.indicator,
        title=definition.title if definition else value.indicator,
        text=words.no_value(value.reason) if number is None else quantity(number),
        number=number,
        period_code=value.period.code,
        period_kind=value.period.kind,
        period=f"{label} so far" if unfinished else label,
        ends=value.period.end,
        unfinished=unfinished,
        target=_target(value, precision),
        outcome=value.rag.outcome,
        outcome_word=words.OUTCOMES.get(value.rag.outcome, words.sentence(value.rag.outcome)),
        rule=words.sentence(value.rag.rule),
        member=member_words(value),
        fresh=f"Updated {words.moment(stamp.origin or stamp.time)}",
        fresh_at=stamp.origin or stamp.time,
        previous=since(before),
        last_year=since(year_before),
    )


def _target(value: IndicatorValue, precision: int) -> str:
    """The target as it was set: 75% and not 75.0%."""
    if value.target is None:
        return "None set"
    decimals = min(precision, words.places(value.target.value))
    return words.quantity(Decimal(value.target.value), value.unit, decimals)


@lru_cache(maxsize=4096)
def earlier(code: str) -> tuple[str | None, str | None]:
    """The codes of the period before, and of the same period a year earlier."""
    try:
        period = periods.parse_period(code)
        return periods.previous(period).code, periods.same_period_last_year(period).code
    except ValueError:
        return None, None


def compared_with(subject: str) -> list[str]:
    """The subjects that a figure is compared with."""
    return [_sibling(subject, code) for code in earlier(_period_of(subject)) if code]


def compared_by(subject: str) -> list[str]:
    """The subjects of later figures that are compared with this one."""
    try:
        period = periods.parse_period(_period_of(subject))
        return [_sibling(subject, code) for code in (_later(period, 1), _later(period, 12))]
    except ValueError:
        return []


@lru_cache(maxsize=4096)
def _later(period: periods.Period, months: int) -> str:
    """The code of the period of the same kind that holds the month so long after its end."""
    month = period.end.year * 12 + period.end.month - 1 + months
    code = f"{month // 12:04}-{month % 12 + 1:02}"
    return periods.periods_containing(code, [period.kind])[0].code


def _period_of(subject: str) -> str:
    return subject.split("/")[1] if "/" in subject else ""


def _sibling(subject: str, code: str) -> str:
    parts = subject.split("/")
    return "/".join([parts[0], code, *parts[2:]])
