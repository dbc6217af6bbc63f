"""A record's fields as expressions know them: sent ones by their type, derived ones worked out.

Rule: a field is read when it is asked for, and once. A value that does not fit its type any longer
has no number: whatever needs it cannot be worked out. A derived field that cannot be worked out is
blank.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Any
from urllib.parse import quote

from deploy.verify.expressions import (
    Around,
    Lookup,
    Moment,
    NotCalculable,
    NotInTheLanguage,
    Value,
    evaluate,
)
from deploy.verify.numbers import NANO, TOO_LARGE, plain, to_nano
from deploy.verify.source import Json, Record

NUMERIC_TYPES = ("integer", "decimal", "money")
MOMENT_TYPES = ("date", "datetime")
ALL = "all"


class DoesNotFit(NotCalculable):
    """A value is not of its field's type."""


def typed(value: Any, kind: str) -> Value:
    """A value as it was sent, as one of a field's type."""
    if value is None:
        return None
    if kind in NUMERIC_TYPES:
        return _number(value, kind)
    if kind in MOMENT_TYPES:
        try:
            datetime.fromisoformat(value)
        except (TypeError, ValueError) as wrong:
            raise DoesNotFit(str(value)) from wrong
        return Moment(value)
    if not isinstance(value, bool if kind == "boolean" else str):
        raise DoesNotFit(str(value))
    found: str | bool = value
    return found


def _number(value: Any, kind: str) -> Fraction:
    if isinstance(value, bool) or (kind == "integer" and not isinstance(value, int)):
        raise DoesNotFit(str(value))
    try:
        return Fraction(str(value))
    except ValueError as wrong:
        raise DoesNotFit(str(value)) from wrong


def text_of(value: Value) -> str:
    """The plain text of a value: how members and keys are told apart."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, Fraction) else value


class Fields(dict[str, Value]):
    """The fields of one record, each read when it is first asked for."""

    def __init__(self, sent: Json, dataset: "Dataset", around: Around) -> None:
        super().__init__()
        self._sent = sent
        self._dataset = dataset
        self._around = around

    def __missing__(self, name: str) -> Value:
        derived = self._dataset.derived.get(name)
        if derived is None:
            value = typed(self._sent.get(name), self._dataset.types[name])
        else:
            value = self._worked_out(derived)
        self[name] = value
        return value

    def _worked_out(self, derived: Json) -> Value:
        try:
            value = evaluate(derived["is"], self, self._around)
        except NotCalculable:
            return None
        return as_type(value, derived["type"])

    def or_blank(self, name: str) -> Value:
        """A field's value, or blank where it does not fit."""
        try:
            return self[name]
        except NotCalculable:
            return None

    def member(self, names: Sequence[str]) -> str:
        """The member that the record falls under by these fields, as it stands in a subject."""
        return "&".join(f"{name}={quote(self._text(name), safe='')}" for name in names)

    def _text(self, name: str) -> str:
        if name in self._dataset.derived:
            return text_of(self[name])
        # As it was sent, also where it does not fit: the record is somewhere all the same.
        sent = self._sent.get(name)
        return text_of(sent if sent is None or isinstance(sent, bool) else str(sent))


def as_type(value: Value, kind: str) -> Value:
    """What came out of a derived field's expression, as a value of its type; blank if it is none.

    A number is kept to nine places, as amounts are; one for whole numbers must be whole.
    """
    if isinstance(value, Fraction):
        if abs(value) >= TOO_LARGE or (kind == "integer" and value.denominator != 1):
            return None
        return Fraction(to_nano(value), NANO)
    if kind == "date" and isinstance(value, str):
        return Moment(value[:10])
    if kind == "datetime" and isinstance(value, str):
        return Moment(value)
    return value


class Dataset:
    """A dataset's definition, with the types of its fields at hand."""

    def __init__(self, definition: Json) -> None:
        self.types: dict[str, str] = {each["name"]: each["type"] for each in definition["fields"]}
        self.derived: dict[str, Json] = {
            each["name"]: each for each in definition.get("derived") or ()
        }
        key = definition.get("key") or ()
        self.key: list[str] = [] if isinstance(key, str) else list(key)

    def has(self, names: Iterable[str]) -> bool:
        """Whether all of these are fields, sent or derived."""
        return all(name in self.types or name in self.derived for name in names)


def lookup_in(datasets: Mapping[str, Dataset], records: Mapping[str, Sequence[Record]]) -> Lookup:
    """A function that looks up what was sent for a field, by the plain texts of a key."""

    @cache
    def table(dataset: str) -> dict[tuple[str, ...], Json]:
        key = datasets[dataset].key
        types = datasets[dataset].types
        found = {}
        for _, sent in sorted(records.get(dataset, ()), key=lambda record: record.key):
            try:
                found[tuple(text_of(typed(sent.get(name), types[name])) for name in key)] = sent
            except DoesNotFit:
                continue
        return found

    def lookup(dataset: str, field: str, key: Sequence[Value]) -> Value:
        if dataset not in datasets or field not in datasets[dataset].types:
            raise NotInTheLanguage(f"lookup in {dataset}: {field}")
        sent = table(dataset).get(tuple(text_of(each) for each in key))
        return None if sent is None else typed(sent.get(field), datasets[dataset].types[field])

    return lookup
