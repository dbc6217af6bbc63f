"""Whether accounts, the datasets that feed them, and ledgers can be used as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from shared.catalogue.accounts import Accounts, Ledger
from shared.catalogue.check_datasets import DATES, need_field
from shared.catalogue.draft import Draft, Entry
from shared.catalogue.kinds_of_period import month_number
from shared.catalogue.model import Dataset, Service
from shared.catalogue.problems import Report, brief
from shared.catalogue.role_parts import WHEN
from shared.catalogue.roles import OF_FINANCE, ROLES

_MONTHS_OF_A_YEAR = 12
# Roles whose records must say when they are, in one of three ways.
_SAY_WHEN = ("posting", "commitment", "capital-posting")
# Roles of which one record says what a thing is, and the fields that name the thing.
_NAMED_BY = {
    "saving": ("year", "reference"),
    "reserve": ("year", "reserve"),
    "capital-scheme": ("scheme",),
    "contract": ("reference",),
    "intention": ("reference",),
    "risk": ("reference",),
    "action": ("reference",),
    "project": ("reference",),
    "risk-control": ("risk", "control"),
    "project-milestone": ("project", "milestone"),
    "commentary": ("period", "about", "voice"),
    "sign-off": ("period", "about", "level"),
    "data-query": ("period", "about"),
}


def check_accounts(entry: Entry, report: Report) -> None:
    accounts: Accounts = entry.definition
    path = entry.path
    for name in ("funds", "subjectives", "profiles"):
        _once(getattr(accounts, name), f"{path}.{name}", report)
    if not accounts.funds:
        report.add(f"{path}.funds", "at least one fund is needed, such as the General Fund")
    _check_subjectives(accounts, path, report)
    for index, profile in enumerate(accounts.profiles):
        shares = profile.shares
        if len(shares) != _MONTHS_OF_A_YEAR or min(shares) < 0 or not sum(shares):
            report.add(
                f"{path}.profiles[{index}].shares",
                "twelve weights are needed, for P01 to P12, none negative and not all nought",
            )
    _check_levels(accounts, path, report)
    variance = accounts.variance
    if not 0 <= variance.amber_over <= variance.red_over:
        report.add(f"{path}.variance", "amber_over is 0 or more, and red_over not below it")
    if not 0 <= accounts.savings.red_over <= 100:
        report.add(f"{path}.savings.red_over", "a percentage from 0 to 100 is needed")
    for name in ("decision_months", "horizon_months", "kpis"):
        if not 0 <= getattr(accounts.contracts, name) <= 120:
            report.add(f"{path}.contracts.{name}", "a whole number from 0 to 120 is needed")


def _once(listed: Sequence[Any], path: str, report: Report) -> None:
    codes = [each.code for each in listed]
    for index, code in enumerate(codes):
        if not code.strip() or code in codes[:index]:
            report.add(f"{path}[{index}].code", f"{brief(code)} is blank or given twice")


def _check_subjectives(accounts: Accounts, path: str, report: Report) -> None:
    known: dict[str, str] = {}
    for index, group in enumerate(accounts.subjectives):
        for at, pattern in enumerate(group.accounts):
            here = f"{path}.subjectives[{index}].accounts[{at}]"
            other = known.setdefault(pattern, group.code)
            if other != group.code or not pattern.removesuffix("*") or "*" in pattern[:-1]:
                report.add(
                    here,
                    f"{brief(pattern)}: an account such as 10110 or the beginning of one such as "
                    "10*, in one group alone",
                )


def _check_levels(accounts: Accounts, path: str, report: Report) -> None:
    levels = accounts.virement_levels
    here = f"{path}.virement_levels"
    for index, (level, later) in enumerate(pairwise(levels)):
        if level.up_to is None:
            report.add(f"{here}[{index}].up_to", "only the last level may be without a limit")
        elif later.up_to is not None and later.up_to <= level.up_to:
            report.add(f"{here}[{index + 1}].up_to", "each level goes further than the one before")
    if levels and levels[-1].up_to is not None:
        report.add(f"{here}[{len(levels) - 1}].up_to", "the last level has no limit: leave it out")


def check_role(entry: Entry, draft: Draft, report: Report) -> None:
    """Whether a dataset has the fields that its role needs, as the types that it needs."""
    dataset: Dataset = entry.definition
    role = dataset.role
    if role is None:
        if dataset.closed_to is not None:
            report.add(f"{entry.path}.closed_to", "only a dataset with a role has closed periods")
        return
    if role in OF_FINANCE and not draft.held["accounts"]:
        report.add(f"{entry.path}.role", "the section accounts is missing, so no role has a use")
    if role == "risk" and not draft.held["risk_matrices"]:
        report.add(f"{entry.path}.role", "the section risk_matrix is missing, so no risk is scored")
    types = {field.name: field.type for field in dataset.fields}
    for part in ROLES[role]:
        if part.name in types:
            need_field(dataset, part.name, part.types, f"{entry.path}.fields", report)
        elif part.needed:
            report.add(
                f"{entry.path}.fields", f"a {role} needs the field {part.name}: {part.about}"
            )
    if role in _SAY_WHEN and not {"period", "date"} & types.keys():
        report.add(f"{entry.path}.fields", f"a {role} needs the field period, or date")
    if role == "control-total" and not {"period", "batch"} & types.keys():
        report.add(f"{entry.path}.fields", "a control-total needs the field period, or batch")
    if role in _NAMED_BY:
        _check_one_record(entry, draft, report)
    if dataset.closed_to is not None:
        _check_closed(dataset, entry.path, types, report)


def _check_one_record(entry: Entry, draft: Draft, report: Report) -> None:
    """Whether two records could say what one thing is: then it would depend on their order."""
    dataset: Dataset = entry.definition
    names = _NAMED_BY[str(dataset.role)]
    if dataset.key == "content" or not set(dataset.key) <= set(names):
        report.add(
            f"{entry.path}.key",
            f"the key of a {dataset.role} is of {' and '.join(names)}, and of nothing else, so that"
            " one record says what each is",
        )
    for other in draft.usable("datasets"):
        if other is entry:
            break
        if other.definition.role == dataset.role:
            report.add(
                f"{entry.path}.role",
                f"{other.definition.code} is a {dataset.role} already, and one dataset says what"
                " each is",
            )
            break


def _check_closed(dataset: Dataset, path: str, types: Iterable[str], report: Report) -> None:
    if not {each.name for each in WHEN} & set(types):
        report.add(f"{path}.closed_to", "this dataset has neither a period nor a date")
    year, _, period = (dataset.closed_to or "").rpartition("-")
    try:
        month_number(f"{year[:4]}-04")
        usable = period in {f"P{number:02}" for number in range(1, 14)} and len(year) in (7, 9)
    except ValueError:
        usable = False
    if not usable:
        report.add(f"{path}.closed_to", f"{brief(dataset.closed_to)} is not like 2025-26-P13")


def check_service(entry: Entry, report: Report) -> None:
    """Whether the places where a service stood earlier follow each other."""
    service: Service = entry.definition
    months = [each.until for each in service.earlier]
    for index, month in enumerate(months):
        path = f"{entry.path}.earlier[{index}].until"
        try:
            month_number(month)
        except ValueError as error:
            report.add(path, str(error))
        else:
            if index and month <= months[index - 1]:
                report.add(path, "each earlier place ends after the one before")


def check_ledger(entry: Entry, draft: Draft, report: Report) -> None:
    ledger: Ledger = entry.definition
    if not 0 <= ledger.duplicate_days <= 366:
        report.add(f"{entry.path}.duplicate_days", "0 to 366 days are needed")
    if ledger.supplier is None:
        for name in ("invoice", "split_from"):
            if getattr(ledger, name) is not None:
                report.add(f"{entry.path}.{name}", "hints need the field of the supplier")
    dataset = draft.definition("datasets", ledger.dataset)
    if dataset is not None:
        need_field(dataset, ledger.unit, ("text", "integer"), f"{entry.path}.unit", report)
        need_field(dataset, ledger.date, DATES, f"{entry.path}.date", report)
        need_field(dataset, ledger.amount, ("money",), f"{entry.path}.amount", report)
        for name in ("supplier", "invoice"):
            field = getattr(ledger, name)
            if field is not None:
                need_field(dataset, field, ("text", "integer"), f"{entry.path}.{name}", report)
