"""Whether a catalogue can be put in force: every problem it has, and where.

Rule: a catalogue without a problem can be computed with. Everything that a definition refers to
exists, every expression fits what it is used on, and every figure comes to an end. A definition
that is wrong in itself is still known by its code, so one mistake is reported once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from shared.catalogue.check_accounts import (
    check_accounts,
    check_ledger,
    check_role,
    check_service,
)
from shared.catalogue.check_connectors import check_connector, check_return
from shared.catalogue.check_datasets import check_dataset
from shared.catalogue.check_figures import check_figures
from shared.catalogue.check_personal import check_personal
from shared.catalogue.check_risks import (
    check_person,
    check_review_cycle,
    check_risk_matrix,
    check_risk_policy,
)
from shared.catalogue.draft import Draft, Entry
from shared.catalogue.model import SECTIONS, Catalogue, Council, Section
from shared.catalogue.problems import Place, Positions, Problem, Report, brief
from shared.catalogue.shape import convert, shaped

__all__ = ["Place", "Positions", "Problem", "UnusableCatalogue", "check", "read"]

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}", re.ASCII)


class UnusableCatalogue(ValueError):
    """The document has problems; they are in `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:5]))
        self.problems = problems


def check(document: Mapping[str, Any], positions: Positions | None = None) -> list[Problem]:
    """All problems of a document, by file and line where these are known."""
    problems = _checked(document, positions)[1].problems
    return sorted(problems, key=lambda each: (each.file or "", each.line or 0, each.column or 0))


def read(document: Mapping[str, Any]) -> Catalogue:
    """The catalogue that a document describes; UnusableCatalogue where it has problems."""
    draft, report = _checked(document, None)
    if report.problems:
        raise UnusableCatalogue(report.problems)
    return draft.catalogue()


def _checked(document: Mapping[str, Any], positions: Positions | None) -> tuple[Draft, Report]:
    report = Report(positions)
    draft = Draft()
    known = {section.name: section for section in SECTIONS}
    for name in document:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            hint = f"; did you mean {near[0]}?" if near else f" (known: {', '.join(known)})"
            report.add(str(name), f"there is no section {brief(name)}{hint}")
    for section in SECTIONS:
        if section.name in document:
            _read_section(section, document[section.name], draft, report)
    _check_references(draft, report)
    for entry in draft.usable("datasets"):
        check_dataset(entry, report)
        check_role(entry, draft, report)
    for entry in draft.usable("services"):
        check_service(entry, report)
    for entry in draft.usable("accounts"):
        check_accounts(entry, report)
    check_figures(draft, report)
    check_personal(draft, report)
    for entry in draft.usable("ledgers"):
        check_ledger(entry, draft, report)
    for entry in draft.usable("risk_matrices"):
        check_risk_matrix(entry, draft, report)
    for entry in draft.usable("risk_policies"):
        check_risk_policy(entry, report)
    for entry in draft.usable("people"):
        check_person(entry, draft, report)
    for entry in draft.usable("review_cycles"):
        check_review_cycle(entry, report)
    for entry in draft.usable("connectors"):
        check_connector(entry, draft, report)
    for entry in draft.usable("returns"):
        check_return(entry, draft, report)
    return draft, report


def _read_section(section: Section, given: Any, draft: Draft, report: Report) -> None:
    if given is None:
        return
    if section.many and not isinstance(given, list):
        report.add(section.name, "a list of definitions is needed")
        return
    listed = list(enumerate(given)) if section.many else [(None, given)]
    for index, value in listed:
        path = section.name if index is None else f"{section.name}[{index}]"
        usable = shaped(value, section.type, path, report)
        code = value.get("code") if isinstance(value, Mapping) else None
        if not isinstance(code, str):
            continue
        if not _CODE.fullmatch(code):
            report.add(
                f"{path}.code",
                f"{brief(code)} is no code: letters, digits and hyphens,"
                " starting with a letter or digit, at most 64",
            )
            usable = False
        entry = Entry(path, convert(value, section.type) if usable else None)
        other = draft.add(section.holds, code, entry)
        if other is not None:
            report.add(f"{path}.code", f"{code} is already the code of {other.path}")
        if isinstance(entry.definition, Council):
            _check_closure_days(entry.definition, path, report)


def _check_closure_days(council: Council, path: str, report: Report) -> None:
    for index, text in enumerate(council.closure_days):
        try:
            valid = date.fromisoformat(text).isoformat() == text and "1900" <= text < "2200"
        except ValueError:
            valid = False
        if not valid:
            report.add(f"{path}.closure_days[{index}]", f"{brief(text)} is no date like 2025-12-29")


_REFERENCES = (
    ("services", "directorate", "directorates", "directorate"),
    ("services", "portfolio", "portfolios", "portfolio"),
    ("datasets", "service", "services", "service"),
    ("indicators", "service", "services", "service"),
    ("indicators", "priority", "priorities", "priority"),
    ("indicators", "topic", "topics", "topic"),
    ("measures", "dataset", "datasets", "dataset"),
    ("ledgers", "dataset", "datasets", "dataset"),
)


def _check_references(draft: Draft, report: Report) -> None:
    for section, field, holds, noun in _REFERENCES:
        for entry in draft.usable(section):
            code = getattr(entry.definition, field)
            if code is not None:
                _check_reference(draft, holds, noun, code, f"{entry.path}.{field}", report)
    for entry in draft.usable("services"):
        for index, placed in enumerate(entry.definition.earlier):
            for field, holds in (("directorate", "directorates"), ("portfolio", "portfolios")):
                code = getattr(placed, field)
                path = f"{entry.path}.earlier[{index}].{field}"
                if code is not None:
                    _check_reference(draft, holds, field, code, path, report)
    for entry in draft.usable("indicators"):
        for index, code in enumerate(entry.definition.themes):
            path = f"{entry.path}.themes[{index}]"
            _check_reference(draft, "themes", "theme", code, path, report)


def _check_reference(
    draft: Draft, holds: str, noun: str, code: str, path: str, report: Report
) -> None:
    known = draft.held[holds]
    if code not in known:
        near = get_close_matches(code, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        report.add(path, f"there is no {noun} {brief(code)}{hint}")
