"""Whether an indicator can be judged as its targets and its RAG rule are written, and whether the
peer groups that targets follow can be read."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from shared.catalogue.draft import Draft, Entry
from shared.catalogue.model import Indicator, Membership, PeerGroup, RagRule, Target
from shared.catalogue.periods import parse_period
from shared.catalogue.problems import Report, brief

_PROFILE = frozenset({f"{month:02}" for month in range(1, 13)} | {"Q1", "Q2", "Q3", "Q4"})


def is_month(text: str) -> bool:
    """Whether a text is a month such as 2025-04."""
    try:
        return parse_period(text).kind == "month"
    except ValueError:
        return False


def is_date(text: str) -> bool:
    """Whether a text is a date such as 2025-04-01."""
    try:
        return date.fromisoformat(text).isoformat() == text and "1900" <= text < "2200"
    except ValueError:
        return False


def check_targets(entry: Entry, draft: Draft, report: Report) -> None:
    """The targets of one indicator, and its RAG rule."""
    indicator: Indicator = entry.definition
    if indicator.targets and indicator.polarity == "none":
        report.add(f"{entry.path}.targets", "a target needs a polarity: is high or low good?")
    spans: list[tuple[str, str]] = []
    for index, target in enumerate(indicator.targets):
        path = f"{entry.path}.targets[{index}]"
        _check_span(target, "target", path, spans, report)
        _check_approval(target, path, report)
        _check_aim(target, indicator, path, report)
        _check_profile(target, indicator, path, report)
        _check_relative(target, indicator, draft, path, report)
    if indicator.rag is not None:
        _check_rule(indicator.rag, indicator, f"{entry.path}.rag", report)


def check_peer_group(entry: Entry, report: Report) -> None:
    """The issues of one peer group."""
    group: PeerGroup = entry.definition
    spans: list[tuple[str, str]] = []
    for index, issue in enumerate(group.issues):
        path = f"{entry.path}.issues[{index}]"
        _check_span(issue, "issue", path, spans, report)
        for at, area in enumerate(issue.areas):
            if area in issue.areas[:at]:
                report.add(f"{path}.areas[{at}]", f"{brief(area)} is given twice")


def _check_span(
    given: Target | Membership, noun: str, path: str, spans: list[tuple[str, str]], report: Report
) -> None:
    for name, month in (("from", given.from_), ("to", given.to)):
        if month is not None and not is_month(month):
            report.add(f"{path}.{name}", f"{brief(month)} is not a month such as 2025-04")
    span = (given.from_ or "0000-00", given.to or "9999-99")
    if span[0] > span[1]:
        report.add(path, f"the {noun} ends before it starts")
    elif any(start <= span[1] and span[0] <= end for start, end in spans):
        report.add(path, f"two {noun}s are in force in the same month")
    spans.append(span)


def _check_approval(target: Target, path: str, report: Report) -> None:
    if target.approved_on is not None and not is_date(target.approved_on):
        message = f"{brief(target.approved_on)} is no date like 2025-02-13"
        report.add(f"{path}.approved_on", message)


def _check_aim(target: Target, indicator: Indicator, path: str, report: Report) -> None:
    ranged = target.low is not None or target.high is not None
    if indicator.polarity == "goldilocks":
        if target.floor is not None:
            report.add(f"{path}.floor", "a floor belongs to high or low, not to goldilocks")
        if target.value is not None and ranged:
            report.add(path, "a goldilocks target has a value or a range from low to high")
        elif ranged and (target.low is None or target.high is None or target.low > target.high):
            report.add(path, "a range needs low and high, and low is not above high")
    elif ranged:
        report.add(path, "low and high are the range of a goldilocks target")
    floor, value = target.floor, target.value
    if floor is not None and value is not None and indicator.polarity in ("high", "low"):
        beyond = floor > value if indicator.polarity == "high" else floor < value
        if beyond:
            report.add(f"{path}.floor", "the floor is on the better side of the target")
    if not (ranged or value is not None or target.profile or target.relative is not None):
        report.add(path, "a target needs a value, a profile, a range or what it is relative to")


def _check_profile(target: Target, indicator: Indicator, path: str, report: Report) -> None:
    for key in target.profile:
        if key not in _PROFILE:
            report.add(
                f"{path}.profile", f"{brief(key)} is no part of a year: Q1 to Q4, or 01 to 12"
            )
    if target.spread is not None and target.value is None:
        report.add(f"{path}.spread", "there is no value to spread over the year")
    if sum(bool(each) for each in (target.spread, target.profile, target.periods)) > 1:
        report.add(path, "a target has a profile, a spread or periods: only one of them")
    for index, kind in enumerate(target.periods):
        if kind not in indicator.periods:
            report.add(f"{path}.periods[{index}]", f"{indicator.code} is not given by {kind}")


def _check_relative(
    target: Target, indicator: Indicator, draft: Draft, path: str, report: Report
) -> None:
    relative = target.relative
    if relative is None:
        return
    path = f"{path}.relative"
    if target.value is not None or target.profile or target.spread is not None:
        report.add(path, "a relative target has no value of its own")
    if relative.statistic == "best quartile" and indicator.polarity == "goldilocks":
        report.add(f"{path}.statistic", "a goldilocks indicator has no best quartile")
    if relative.to in ("area", "peers") and indicator.benchmark is None:
        report.add(path, f"{indicator.code} has no benchmark to take other areas' values from")
    if (relative.to == "area") != (relative.area is not None):
        report.add(path, "area is the GSS code of the area that the target follows")
    if (relative.to == "peers") != (relative.group is not None):
        report.add(path, "group is the peer group that the target follows")
    elif relative.group is not None and relative.group not in draft.held["peer_groups"]:
        report.add(f"{path}.group", f"there is no peer group {brief(relative.group)}")


def _check_rule(rule: RagRule, indicator: Indicator, path: str, report: Report) -> None:
    if indicator.polarity == "none":
        report.add(path, "a RAG rule needs a polarity: is high or low good?")
    within = [each for each in (rule.green_within, rule.amber_within) if each is not None]
    if rule.green is None and rule.amber is not None:
        report.add(f"{path}.amber", "amber needs green: the threshold above it")
    if rule.green is not None:
        if within:
            report.add(path, "a rule has thresholds or tolerances, not both")
        if indicator.polarity == "goldilocks":
            report.add(path, "thresholds belong to high or low, not to goldilocks")
        elif rule.amber is not None:
            beyond = rule.amber > rule.green
            if beyond if indicator.polarity == "high" else rule.amber < rule.green:
                report.add(f"{path}.amber", "amber is on the better side of green")
    elif not indicator.targets:
        report.add(path, "a RAG rule needs a target to judge against, or thresholds")
    for name in ("green_within", "amber_within"):
        given = getattr(rule, name)
        if given is not None and given < 0:
            colour = name.partition("_")[0]
            report.add(f"{path}.{name}", f"{colour} is 0 or more away from the target")
    if any(nearer > further for nearer, further in pairwise(within)):
        report.add(f"{path}.amber_within", "amber reaches less far than green")
