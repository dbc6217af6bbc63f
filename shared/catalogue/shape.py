"""Whether what people wrote has the shape of a definition: all that is wrong, not the first.

Rule: the types in `model` say what a definition holds and this module reads them, so a field that
is added there is checked here with no further word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import msgspec
from msgspec import inspect

from shared.catalogue.model import SECTIONS
from shared.catalogue.problems import Report, brief

_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,9})?", re.ASCII)
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST_TEXT = 10_000
_MOST_WHOLE = 10**15

_INFO = {section.type: inspect.type_info(section.type) for section in SECTIONS}


def shaped(value: Any, of: type[Any], path: str, report: Report) -> bool:
    """Whether a value can be read as this definition; adds a problem for everything that cannot."""
    before = len(report.problems)
    _check(value, _INFO[of], path, report)
    return len(report.problems) == before


def numbers_as_written(value: Any) -> Any:
    """The value with each binary fraction replaced by the decimal that was written."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {key: numbers_as_written(each) for key, each in value.items()}
    if isinstance(value, list):
        return [numbers_as_written(each) for each in value]
    return value


def _check(value: Any, info: inspect.Type, path: str, report: Report) -> None:
    if isinstance(info, inspect.UnionType):
        if value is None and any(isinstance(each, inspect.NoneType) for each in info.types):
            return
        choices = [each for each in info.types if not isinstance(each, inspect.NoneType)]
        lists = [each for each in choices if isinstance(each, inspect.ListType)]
        if lists and isinstance(value, list):
            return _check(value, lists[0], path, report)
        if lists and len(choices) > 1:
            if not any(_is(value, each) for each in choices):
                report.add(path, f"{_alternatives(choices)} is needed, not {brief(value)}")
            return None
        return _check(value, choices[0], path, report)
    elif isinstance(info, inspect.StructType):
        _check_struct(value, info, path, report)
    elif isinstance(info, inspect.ListType):
        if not isinstance(value, list):
            report.add(path, f"a list is needed, not {brief(value)}")
            return None
        for index, each in enumerate(value):
            _check(each, info.item_type, f"{path}[{index}]", report)
    elif isinstance(info, inspect.DictType):
        if not isinstance(value, dict):
            report.add(path, f"names with their values are needed, not {brief(value)}")
            return None
        for name, each in value.items():
            _check(name, info.key_type, path, report)
            _check(each, info.value_type, f"{path}.{name}", report)
    elif not _is(value, info):
        report.add(path, f"{_alternatives([info])} is needed, not {_what(value)}")
    elif isinstance(value, str) and len(value) > _LONGEST_TEXT:
        report.add(path, f"the text is longer than {_LONGEST_TEXT} characters")
    elif isinstance(value, str) and _UNWANTED.search(value):
        report.add(path, "the text holds a control character")
    return None


def _is(value: Any, info: inspect.Type) -> bool:
    if isinstance(info, inspect.StrType):
        return isinstance(value, str)
    if isinstance(info, inspect.BoolType):
        return isinstance(value, bool)
    if isinstance(info, inspect.LiteralType):
        return isinstance(value, str) and value in info.values
    if isinstance(info, inspect.IntType):
        return type(value) is int and abs(value) < _MOST_WHOLE
    if isinstance(info, inspect.DecimalType):
        if isinstance(value, float):
            value = repr(value)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
            return True
        return isinstance(value, str | Decimal) and bool(_NUMBER.fullmatch(str(value)))
    return False


def _check_struct(value: Any, info: inspect.StructType, path: str, report: Report) -> None:
    if not isinstance(value, dict):
        report.add(
            path, f"fields such as {info.fields[0].encode_name} are needed, not a bare value"
        )
        return
    fields = {each.encode_name: each for each in info.fields}
    for name, given in value.items():
        if name not in fields:
            known = get_close_matches(str(name), fields, n=1)
            hint = f"; did you mean {known[0]}?" if known else f" (known: {', '.join(fields)})"
            report.add(f"{path}.{name}", f"there is no field {brief(name)} here{hint}")
        else:
            _check(given, fields[name].type, f"{path}.{name}", report)
    for name, each in fields.items():
        if each.required and name not in value:
            report.add(path, f"{name} is missing")


def _alternatives(types: Sequence[inspect.Type]) -> str:
    words: list[str] = []
    for info in types:
        if isinstance(info, inspect.LiteralType):
            words.extend(str(each) for each in info.values)
        elif isinstance(info, inspect.StrType):
            words.append("a text")
        elif isinstance(info, inspect.BoolType):
            words.append("true or false")
        elif isinstance(info, inspect.IntType):
            words.append("a whole number")
        elif isinstance(info, inspect.DecimalType):
            words.append("a number such as 90 or 82.5 (18 digits, 9 after the point, at most)")
        else:
            words.append("a list")
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _what(value: Any) -> str:
    if isinstance(value, dict):
        return "a set of fields"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return f"the number {str(value)[:40]} (put quotes around a text)"
    return brief(value)


def convert(value: Any, of: type[Any]) -> Any:
    """A value of the right shape, as its type."""
    return msgspec.convert(numbers_as_written(value), of)
