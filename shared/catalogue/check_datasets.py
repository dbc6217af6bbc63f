"""Whether datasets, and what reads them field by field, can be used as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from shared.catalogue.draft import Entry
from shared.catalogue.expressions import is_word_of_the_language
from shared.catalogue.model import Dataset, Field
from shared.catalogue.problems import Report, brief
from shared.contracts.subjects import SYSTEM

DATES = ("date", "datetime")
NUMBERS = ("integer", "decimal", "money")

_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
_KNOWN_DIRECTIVES = frozenset("dmYybBHIMSfpz%")
_MOST_FIELDS = 200
_LONGEST_TEXT = 4_000


def check_dataset(entry: Entry, report: Report) -> None:
    dataset: Dataset = entry.definition
    if not 1 <= len(dataset.fields) <= _MOST_FIELDS:
        report.add(f"{entry.path}.fields", f"a dataset has 1 to {_MOST_FIELDS} fields")
    if dataset.code.startswith(SYSTEM):
        report.add(f"{entry.path}.code", f"codes that begin with {SYSTEM} are the system's own")
    if dataset.keep_extracts_days is not None and not 1 <= dataset.keep_extracts_days <= 3_660:
        report.add(f"{entry.path}.keep_extracts_days", "1 to 3660 days are needed")
    if dataset.freshness_days is not None and dataset.freshness_days < 1:
        report.add(f"{entry.path}.freshness_days", "at least 1 day is needed")
    names: dict[str, str] = {}
    headers: dict[str, str] = {}
    for index, each in enumerate(dataset.fields):
        path = f"{entry.path}.fields[{index}]"
        if not _FIELD_NAME.fullmatch(each.name):
            report.add(
                f"{path}.name",
                f"{brief(each.name)} is no field name: letters, digits and _, a letter first",
            )
        elif is_word_of_the_language(each.name):
            report.add(f"{path}.name", f"{each.name} is a word of the expression language")
        if each.name in names:
            report.add(f"{path}.name", f"{each.name} is already the name of {names[each.name]}")
        names.setdefault(each.name, path)
        for header in (each.name, *each.headers):
            spelling = "".join(header.split()).replace("_", "").replace("-", "").casefold()
            other = headers.setdefault(spelling, each.name)
            if other != each.name:
                message = f"the header {brief(header)} already stands for the field {other}"
                report.add(f"{path}.headers" if each.headers else f"{path}.name", message)
        _check_field(each, path, report)
    if dataset.key != "content":
        _check_key(dataset.key, names, f"{entry.path}.key", report)


def _check_key(key: Sequence[str], names: Iterable[str], path: str, report: Report) -> None:
    if not key:
        report.add(path, "the key names at least one field, or is the word content")
    known = set(names)
    for index, name in enumerate(key):
        if name not in known:
            report.add(f"{path}[{index}]", f"there is no field {brief(name)} in this dataset")
        elif name in key[:index]:
            report.add(f"{path}[{index}]", f"{name} is given twice")


def _check_field(field: Field, path: str, report: Report) -> None:
    if field.formats and field.type not in DATES:
        report.add(f"{path}.formats", f"formats belong to dates, and {field.name} is {field.type}")
    elif field.formats:
        for index, wanted in enumerate(field.formats):
            _check_format(wanted, field.type, f"{path}.formats[{index}]", report)
    if field.choices and field.type != "text":
        report.add(f"{path}.choices", f"choices belong to text, and {field.name} is {field.type}")
    if field.max_length is not None:
        if field.type != "text":
            message = f"max_length belongs to text, and {field.name} is {field.type}"
            report.add(f"{path}.max_length", message)
        elif not 1 <= field.max_length <= _LONGEST_TEXT:
            report.add(f"{path}.max_length", f"1 to {_LONGEST_TEXT} characters can be allowed")
    for name in ("minimum", "maximum"):
        if getattr(field, name) is not None and field.type not in NUMBERS:
            message = f"{name} belongs to numbers, and {field.name} is {field.type}"
            report.add(f"{path}.{name}", message)
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        report.add(f"{path}.minimum", "the minimum is more than the maximum")


def _check_format(wanted: str, field_type: str, path: str, report: Report) -> None:
    directives = _DIRECTIVE.findall(wanted)
    unknown = [each for each in directives if each not in _KNOWN_DIRECTIVES]
    if unknown:
        report.add(
            path, f"{brief(wanted)}: %{ascii(unknown[0])[1:-1]} is not part of a date format"
        )
        return
    if len(set(directives) - {"%"}) != len([each for each in directives if each != "%"]):
        report.add(path, f"{brief(wanted)} gives a part of the date twice")
        return
    # An afternoon in late March: a format that loses the day, the month, the year or the half of
    # the day does not read it back.
    sample = datetime(2026, 3, 31, 14, 0)  # noqa: DTZ001 - wall time, only written and read back
    try:
        read = datetime.strptime(  # noqa: DTZ007 - as above
            sample.strftime(wanted.replace("%z", "+0000")), wanted
        )
    except ValueError:
        report.add(path, f"{brief(wanted)} cannot be read as a date")
        return
    same = read.replace(tzinfo=None) == sample
    if field_type == "date":
        same = read.date() == sample.date()
    if not same and read.date() == sample.date() and not set(directives) & set("HI"):
        return  # A column of dates in a field of moments: midnight.
    if not same:
        report.add(path, f"{brief(wanted)} does not give day, month and year (and AM or PM for %I)")


def need_field(
    dataset: Dataset, name: str, types: Sequence[str], path: str, report: Report
) -> None:
    """Adds a problem unless the dataset has a field of this name and one of these types."""
    found = dataset.types().get(name)
    if found is None:
        report.add(path, f"there is no field {brief(name)} in the dataset {dataset.code}")
    elif found not in types:
        wanted = " or ".join(types)
        report.add(path, f"{name} in {dataset.code} is {found}, and {wanted} is needed here")
