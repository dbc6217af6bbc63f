"""Whether the risk matrix, the risk policy, people and the review cycle can be used as written."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from shared.catalogue.draft import Draft, Entry
from shared.catalogue.model import Person, ReviewCycle, RiskMatrix, RiskPolicy
from shared.catalogue.problems import Report, brief
from shared.catalogue.scale import Scale

_FEWEST, _MOST = 2, 10


def check_risk_matrix(entry: Entry, draft: Draft, report: Report) -> None:
    matrix: RiskMatrix = entry.definition
    path, sound = entry.path, True
    for name in ("likelihood", "impact"):
        given = getattr(matrix, name)
        many = given if isinstance(given, int) else len(given)
        if not _FEWEST <= many <= _MOST:
            report.add(f"{path}.{name}", "a matrix has 2 to 10 levels each way")
            sound = False
        weights = [] if isinstance(given, int) else [each.weight for each in given]
        if any(weight is not None and not 1 <= weight <= 1000 for weight in weights):
            report.add(f"{path}.{name}", "a weight is a whole number from 1 to 1000")
            sound = False
    names = [band.name for band in matrix.bands]
    _once(names, f"{path}.bands", "name", report)
    for index, band in enumerate(matrix.bands):
        if not 1 <= band.review_months <= 60:
            report.add(f"{path}.bands[{index}].review_months", "1 to 60 months are needed")
    if not names:
        report.add(f"{path}.bands", "at least one band is needed")
    elif sound:
        scale = Scale(matrix)
        if matrix.cells:
            _check_cells(matrix, scale, names, path, report)
        else:
            _check_starts(matrix, scale, path, report)
        _check_criteria(matrix, scale, draft, path, report)


def _check_starts(matrix: RiskMatrix, scale: Scale, path: str, report: Report) -> None:
    starts = [band.from_ for band in matrix.bands]
    if not 0 <= starts[0] <= scale.lowest:
        report.add(f"{path}.bands", f"the first band starts from {scale.lowest}")
    for index, (before, start) in enumerate(pairwise(starts), 1):
        if start <= before:
            report.add(f"{path}.bands[{index}].from", "each band starts above the one before")
    if starts[-1] > scale.highest:
        message = "this band starts above the highest score that the matrix has"
        report.add(f"{path}.bands[{len(starts) - 1}].from", message)


def _check_cells(
    matrix: RiskMatrix, scale: Scale, names: Sequence[str], path: str, report: Report
) -> None:
    rows, across = len(scale.likelihood), len(scale.impact)
    if len(matrix.cells) != rows or any(len(row) != across for row in matrix.cells):
        report.add(f"{path}.cells", f"{rows} rows of {across} bands are needed")
    for index, row in enumerate(matrix.cells):
        for at, name in enumerate(row):
            if name not in names:
                report.add(f"{path}.cells[{index}][{at}]", f"there is no band {brief(name)}")


def _check_criteria(
    matrix: RiskMatrix, scale: Scale, draft: Draft, path: str, report: Report
) -> None:
    policies = draft.usable("risk_policies")
    known = {each.code for entry in policies for each in entry.definition.categories}
    many = len(scale.impact)
    for index, each in enumerate(matrix.criteria):
        here = f"{path}.criteria[{index}]"
        if each.category not in known:
            report.add(f"{here}.category", f"there is no risk category {brief(each.category)}")
        if each.levels and len(each.levels) != many:
            report.add(f"{here}.levels", f"{many} levels of impact need {many} texts")
        money = each.money
        if money and (len(money) != many - 1 or sorted(set(money)) != money):
            report.add(f"{here}.money", f"{many - 1} rising amounts of pounds are needed")
        elif any(limit <= 0 or limit * 100 % 1 for limit in money):
            report.add(f"{here}.money", "each is more than nought, in pounds and whole pence")


def check_risk_policy(entry: Entry, report: Report) -> None:
    policy: RiskPolicy = entry.definition
    _once([each.code for each in policy.categories], f"{entry.path}.categories", "code", report)
    _once([each.code for each in policy.tiers], f"{entry.path}.tiers", "code", report)
    for index, each in enumerate(policy.categories):
        to, tolerated = each.appetite_to, each.tolerance_to
        if to is not None and tolerated is not None and tolerated < to:
            report.add(
                f"{entry.path}.categories[{index}].tolerance_to",
                "what is tolerated is not below what is within appetite",
            )


def check_person(entry: Entry, draft: Draft, report: Report) -> None:
    person: Person = entry.definition
    if not person.roles:
        report.add(f"{entry.path}.roles", "at least one role is needed")
    if not person.post.strip():
        report.add(f"{entry.path}.post", "the post is blank: records name people by it")
    for name in ("services", "directorates", "portfolios"):
        for index, code in enumerate(getattr(person, name)):
            if code not in draft.held[name]:
                path = f"{entry.path}.{name}[{index}]"
                report.add(path, f"there is no {name.removesuffix('s')} {brief(code)}")


def check_review_cycle(entry: Entry, report: Report) -> None:
    cycle: ReviewCycle = entry.definition
    if not 0 <= cycle.owner_days <= cycle.director_days <= cycle.freeze_days <= 366:
        report.add(entry.path, "owner_days, director_days and freeze_days follow each other")
    if not 0 <= cycle.remind_days <= 60:
        report.add(f"{entry.path}.remind_days", "0 to 60 days are needed")


def _once(names: Sequence[str], path: str, what: str, report: Report) -> None:
    for index, name in enumerate(names):
        if not name.strip() or name in names[:index]:
            report.add(f"{path}[{index}].{what}", f"{brief(name)} is blank or given twice")
