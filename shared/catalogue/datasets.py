"""The definition of a dataset: its contract with the system that sends it.

Rule: what a contract does not name is dropped at the door, so it tells all that is ever kept.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from shared.catalogue.definition import Definition, FieldType, Personal
from shared.catalogue.roles import Role


class Field(Definition, frozen=True):
    """One column of a dataset; without `headers` the column is called as the field is. A file need
    not have the column of an `optional` field: every row is then blank there. `personal` says what
    it tells about somebody; a `pseudonymise` field is kept as a keyed hash of what was sent."""

    name: str
    type: FieldType
    headers: list[str] = []
    required: bool = False
    formats: list[str] = []
    choices: list[str] = []
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int | None = None
    null_markers: list[str] = []
    optional: bool = False
    personal: Personal = "none"
    pseudonymise: bool = False


class Derived(Definition, frozen=True, rename={"is_": "is"}):
    """A field that is worked out from the others of its record and from reference datasets."""

    name: str
    type: FieldType
    is_: str


class Retention(Definition, frozen=True):
    """Records go once the date in `field` is `months` old. What figures count by stays in the
    fields that `keep` names, under a name that tells nobody apart."""

    field: str
    months: int
    keep: list[str] = []


class Dataset(Definition, frozen=True):
    """`source` is who publishes it, where that is not the council, and `licence` by what right it
    is shown, such as Open Government Licence v3.0. `role` says what it is to the council's
    finances: see roles. Of a dataset with a role, rows in accounting periods up to `closed_to`
    (2025-26-P13) are refused if they are new or changed. Direct identifiers of people are refused
    unless `identifiers_because` says why they are needed. What was sent is kept for
    `keep_extracts_days`, so that it can be read again by a mended contract; not at all where that
    is blank."""

    code: str
    title: str
    key: list[str] | Literal["content"]
    fields: list[Field]
    system: str = ""
    service: str | None = None
    owner: str = ""
    extract: Literal["full", "changes"] = "full"
    freshness_days: int | None = None
    null_markers: list[str] = msgspec.field(default_factory=lambda: [""])
    derived: list[Derived] = []
    role: Role | None = None
    closed_to: str | None = None
    source: str = ""
    licence: str = ""
    identifiers_because: str = ""
    retention: Retention | None = None
    keep_extracts_days: int | None = None

    def types(self) -> dict[str, str]:
        """The type of every field, sent or derived."""
        sent: dict[str, str] = {each.name: each.type for each in self.fields}
        return sent | {each.name: each.type for each in self.derived}
