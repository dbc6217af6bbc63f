"""Whether what datasets say of people is let in, shown and forgotten as it should be.

Rule: who somebody is comes in by a pseudonym or for a reason that is written down, and stands in no
key, no figure and no breakdown. Records that go leave behind all that figures rest on, so that no
figure changes by their going.
"""

from __future__ import annotations

import re

from shared.catalogue.check_datasets import DATES, need_field
from shared.catalogue.draft import Draft, Entry
from shared.catalogue.model import Dataset, Field, Retention, Return
from shared.catalogue.problems import Report, brief
from shared.catalogue.uses import Uses

_LEAST_REASON = 10
_MOST_MONTHS = 1_200
# How long copies of what was sent may outlive the records that go.
_MOST_COPIES_DAYS = 31
# Headers that cannot mean anything but who somebody is. Others (name, address) often do not.
_TELLING = re.compile(
    r"nhs(number|no)|nationalinsurance(number|no)?|ni(number|no)|nino|e?mailaddress|email"
    r"|dateofbirth|dob|birthdate"
)


def check_personal(draft: Draft, report: Report) -> None:
    """Every dataset's classes, pseudonyms and retention."""
    uses = Uses(draft)
    for entry in draft.usable("datasets"):
        for index, field in enumerate(entry.definition.fields):
            path = f"{entry.path}.fields[{index}]"
            _check_class(field, entry.definition, path, report)
            _check_pseudonym(field, entry.definition, path, report)
        _check_identifiers(entry, uses, report)
        if entry.definition.retention is not None:
            _check_retention(entry, draft, uses, report)
    for entry in draft.usable("returns"):
        _check_return(entry, draft, report)


def _check_class(field: Field, dataset: Dataset, path: str, report: Report) -> None:
    if field.personal == "none" and not field.pseudonymise:
        for header in (field.name, *field.headers):
            plain = re.sub(r"[\W_]+", "", header).casefold()
            if _TELLING.fullmatch(plain):
                report.add(
                    f"{path}.personal",
                    f"{brief(header)} tells of a person: say personal: identifier"
                    " (or about a person)",
                )
                return
    if field.personal != "identifier" or field.pseudonymise:
        return
    if len(dataset.identifiers_because.strip()) < _LEAST_REASON:
        report.add(
            f"{path}.personal",
            f"{field.name} tells who somebody is: pseudonymise it, leave it out, or say in the"
            " dataset's identifiers_because why it is needed",
        )
    elif field.name in dataset.key:
        report.add(
            f"{path}.pseudonymise",
            f"{field.name} is part of the key, which stands in addresses: it has to be"
            " pseudonymised",
        )


def _check_pseudonym(field: Field, dataset: Dataset, path: str, report: Report) -> None:
    if not field.pseudonymise:
        return
    path = f"{path}.pseudonymise"
    if field.type != "text":
        report.add(path, f"only text can be pseudonymised, and {field.name} is {field.type}")
    if field.choices:
        report.add(path, f"{field.name} has choices, which nobody could read off a pseudonym")
    if dataset.role is not None:
        report.add(path, f"records of the role {dataset.role} are read back and written by people")
    if dataset.keep_extracts_days is not None:
        report.add(
            path,
            "what was sent is kept (keep_extracts_days), and would hold what a pseudonym is to"
            " keep out",
        )


def _check_identifiers(entry: Entry, uses: Uses, report: Report) -> None:
    """Who somebody is stands in no figure."""
    dataset: Dataset = entry.definition
    plain = {
        each.name: f"{entry.path}.fields[{index}].personal"
        for index, each in enumerate(dataset.fields)
        if each.personal == "identifier" and not each.pseudonymise
    }
    if plain and dataset.code in uses.looked_into:
        by = uses.looked_into[dataset.code]
        report.add(
            next(iter(plain.values())),
            f"{by} looks into {dataset.code}, which tells who somebody is",
        )
    told: set[str] = set()
    for use in uses.of.get(dataset.code, ()):
        if use.shows and use.field in plain and use.field not in told:
            told.add(use.field)
            report.add(
                plain[use.field],
                f"{use.field} tells who somebody is, and {use.by} would show it:"
                " pseudonymise it or leave it out",
            )


def _check_return(entry: Entry, draft: Draft, report: Report) -> None:
    asked: Return = entry.definition
    dataset: Dataset | None = draft.definition("datasets", asked.dataset)
    if dataset is not None and any(each.pseudonymise for each in dataset.fields):
        report.add(
            f"{entry.path}.dataset",
            f"{dataset.code} has pseudonymised fields, which a form could not show again",
        )


def _check_retention(entry: Entry, draft: Draft, uses: Uses, report: Report) -> None:
    dataset: Dataset = entry.definition
    retention: Retention = dataset.retention or Retention(field="", months=0)
    path = f"{entry.path}.retention"
    need_field(dataset, retention.field, DATES, f"{path}.field", report)
    if retention.field in {each.name for each in dataset.derived}:
        report.add(f"{path}.field", f"{retention.field} is derived; a field that is sent is needed")
    if not 1 <= retention.months <= _MOST_MONTHS:
        report.add(f"{path}.months", f"1 to {_MOST_MONTHS} months are possible")
    _check_kept(dataset, retention, path, report)
    ledgers = {each.definition.dataset for each in draft.usable("ledgers")}
    if dataset.role is not None or dataset.code in ledgers:
        report.add(path, "what is spent, owned or answered for is worked out from whole records")
        return
    if dataset.code in uses.looked_into:
        by = uses.looked_into[dataset.code]
        report.add(path, f"{by} looks into {dataset.code} by its key, which would be gone")
    if dataset.keep_extracts_days is not None and dataset.keep_extracts_days > _MOST_COPIES_DAYS:
        report.add(
            f"{entry.path}.keep_extracts_days",
            f"what was sent is kept for at most {_MOST_COPIES_DAYS} days where its records go",
        )
    told: set[str] = set()
    for use in uses.of.get(dataset.code, ()):
        if use.field not in retention.keep and use.field not in told:
            told.add(use.field)
            report.add(
                f"{path}.keep",
                f"{use.by} would change when records go: it rests on {use.field}",
            )


def _check_kept(dataset: Dataset, retention: Retention, path: str, report: Report) -> None:
    fields = {each.name: each for each in dataset.fields}
    for index, name in enumerate(retention.keep):
        place = f"{path}.keep[{index}]"
        if name not in fields:
            report.add(place, f"there is no field {brief(name)} that is sent")
        elif name in retention.keep[:index]:
            report.add(place, f"{name} is given twice")
        elif fields[name].personal != "none" or fields[name].pseudonymise:
            report.add(place, f"{name} tells of a person, and cannot be kept")
    if dataset.key != "content" and set(dataset.key) <= set(retention.keep):
        report.add(f"{path}.keep", "the whole key would be kept, and tell the records apart")
