"""How an indicator's target is set and how its figures are judged, in plain English."""

from decimal import Decimal

from services.publisher.domain import words
from services.publisher.domain.expression_words import listed
from services.publisher.domain.saying import Saying, saying
from shared.catalogue.model import Catalogue, Indicator, RagRule, Relative, Target

_EVERY_WAY = {
    "high": ("or more", "at least", "no lower than"),
    "low": ("or less", "at most", "no higher than"),
}
_IMPROVED = {
    "better than a year ago": "the figure is better than a year ago",
    "no worse than a year ago": "the figure is no worse than a year ago",
    "better than the period before": "the figure is better than in the period before",
    "no worse than the period before": "the figure is no worse than in the period before",
}


def targets(catalogue: Catalogue, found: Indicator) -> list[str]:
    """Each target with the time that it is in force; where there is none, that."""
    if found.polarity == "none" or not found.targets:
        return []
    told = ((_when(each), _target(catalogue, found, each)) for each in found.targets)
    return [f"{when}{target}" if when else words.sentence(target) for when, target in told]


def judged(found: Indicator) -> list[str]:
    """When a figure is green, amber and red."""
    if found.polarity == "none":
        return [
            "It is for information: neither a high nor a low figure is good, so it has no colour"
        ]
    rule = found.rag or RagRule()
    say = saying(found, found.unit)
    if rule.green is not None:
        green, amber = _thresholds(found, rule, say)
    elif found.targets:
        green, amber = _around_target(found, rule, say)
    else:
        return ["It has no target, so it has no colour"]
    if rule.amber_if:
        amber.append(f"or missed by more, where {_IMPROVED[rule.amber_if]}")
    told = [f"Green: {green}"]
    if amber:
        told.append(f"Amber: {', '.join(amber)}")
    return [*told, "Red: anything else"]


def _when(target: Target) -> str:
    start = f"from {words.period(target.from_)}" if target.from_ else ""
    end = f"until {words.period(target.to)}" if target.to else ""
    told = " ".join(filter(None, (start, end)))
    if target.periods:
        kinds = listed(
            [words.KINDS[each].lower() for each in words.KINDS if each in target.periods]
        )
        told = f"{told} (by {kinds})" if told else f"by {kinds}"
    return f"{words.sentence(told)}: " if told else ""


def _target(catalogue: Catalogue, found: Indicator, target: Target) -> str:
    say = saying(found, found.unit)
    side = f" {_EVERY_WAY[found.polarity][0]}" if found.polarity in _EVERY_WAY else ""
    parts = []
    if target.relative is not None:
        parts.append(_relative(catalogue, target.relative, say))
    elif target.low is not None or target.high is not None:
        parts.append(_range(target.low, target.high, say))
    elif target.value is not None:
        parts.append(f"{_said(target.value, say)}{side}")
    if target.spread is not None:
        parts.append("for the whole year, of which a part of the year has its even share")
    if target.profile:
        known = (f"{_part(key)} {_said(each, say)}" for key, each in target.profile.items())
        parts.append(f"by its profile over the year: {', '.join(known)}")
    if target.floor is not None:
        word = "least" if found.polarity != "low" else "most"
        parts.append(f"the {word} that will do is {_said(target.floor, say)}")
    return "; ".join(parts)


def _range(low: Decimal | None, high: Decimal | None, say: Saying) -> str:
    if low is not None and high is not None:
        return f"from {_said(low, say)} to {_said(high, say)}"
    return (
        f"{_said(low, say)} or more"
        if low is not None
        else f"{_said(high or Decimal(0), say)} or less"
    )


def _relative(catalogue: Catalogue, relative: Relative, say: Saying) -> str:
    if relative.to == "area":
        of = "the figure of the area that it is compared with"
    elif relative.to == "peers":
        group = catalogue.peer_groups.get(relative.group or "")
        of = f"the {relative.statistic} of {group.name if group else 'other areas'}"
    else:
        of = "the figure of the same period a year before"
        if relative.to == "the period before":
            of = "the figure of the period before"
    if relative.change == 0:
        return of
    more = "more" if relative.change > 0 else "less"
    far = abs(relative.change)
    told = f"{_plain(far)}%" if relative.of == "percent" else _points(far, say)
    return f"{told} {more} than {of}"


def _part(key: str) -> str:
    """A part of the year: `July to September` of Q2, `September` of 09."""
    if key.startswith("Q"):
        first = (3 + 3 * (int(key[1:]) - 1)) % 12 + 1
        return f"{words.month_name(first)} to {words.month_name(first + 2)}"
    return words.month_name(int(key))


def _thresholds(found: Indicator, rule: RagRule, say: Saying) -> tuple[str, list[str]]:
    side = _EVERY_WAY[found.polarity][0]
    amber = [] if rule.amber is None else [f"{_said(rule.amber, say)} {side}"]
    return f"{_said(rule.green or Decimal(0), say)} {side}", amber


def _around_target(found: Indicator, rule: RagRule, say: Saying) -> tuple[str, list[str]]:
    green = "the target is met"
    if rule.green_within:
        green += f", or missed by no more than {_within(rule.green_within, rule, say)}"
    amber = []
    if rule.amber_within:
        amber.append(f"missed by no more than {_within(rule.amber_within, rule, say)}")
    if any(each.floor is not None for each in found.targets) and found.polarity in _EVERY_WAY:
        word = "least" if found.polarity == "high" else "most"
        amber.append(f"{'or ' if amber else ''}missed, but not beyond the {word} that will do")
    return green, amber


def _within(amount: Decimal, rule: RagRule, say: Saying) -> str:
    return (
        f"{_plain(amount)}% of the target"
        if rule.of == "percent of target"
        else _points(amount, say)
    )


def _points(amount: Decimal, say: Saying) -> str:
    if say.unit == "percentage":
        return f"{_plain(amount)} percentage point{'' if amount == 1 else 's'}"
    return _said(amount, say)


def _said(number: Decimal, say: Saying) -> str:
    return say.plain(f"{number:f}")


def _plain(number: Decimal) -> str:
    return words.number(number, words.places(f"{number:f}"))
