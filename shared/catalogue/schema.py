"""The shape of a catalogue as a JSON Schema, for editors that help while one is written.

Rule: it is generated from the types in `model`, so it says what `check` says about shape and
nothing of its own; what a code refers to and whether an expression fits, `check` alone can tell.
`python -m shared.catalogue.schema` writes it out.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import inspect

from shared.catalogue.model import SECTIONS, Section

_REFERENCE = "#/$defs/{name}"
_DECIMAL = {"type": "string", "format": "decimal"}
# A number may be written bare or in quotes, as `check` takes it.
_NUMBER: list[dict[str, Any]] = [
    {"type": "number"},
    {"type": "string", "pattern": r"^-?[0-9]{1,18}(\.[0-9]{1,9})?$"},
]


def schema() -> dict[str, Any]:
    """The schema of a catalogue's file: any of the sections, and nothing else."""
    types = [section.type for section in SECTIONS]
    references, definitions = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    for info in inspect.multi_type_info(types):
        _defaults(info, definitions)
    for definition in definitions.values():
        definition["additionalProperties"] = False
    made: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A catalogue of the Integrated Reporting Framework",
        "type": "object",
        "properties": {
            section.name: _section(section, reference)
            for section, reference in zip(SECTIONS, references, strict=True)
        },
        "additionalProperties": False,
        "$defs": definitions,
    }
    written: dict[str, Any] = _with_numbers(made)
    return written


def document() -> str:
    """The schema as the file that editors read."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"


def _section(section: Section, reference: dict[str, Any]) -> dict[str, Any]:
    """A section whose heading stands alone, with nothing under it yet, is no mistake."""
    if section.many:
        return {"type": ["array", "null"], "items": reference}
    return {"anyOf": [reference, {"type": "null"}]}


def _defaults(info: inspect.Type, definitions: dict[str, Any]) -> None:
    """Defaults that a function makes, which the generated schema leaves out."""
    assert isinstance(info, inspect.StructType)
    properties = definitions[info.cls.__name__]["properties"]
    for field in info.fields:
        factory: Callable[[], Any] | Any = field.default_factory
        if callable(factory):
            properties[field.encode_name]["default"] = factory()


def _with_numbers(part: Any) -> Any:
    """The same with every exact decimal as a number or a text of one."""
    if isinstance(part, dict) and part.items() >= _DECIMAL.items():
        said = {name: each for name, each in part.items() if name not in _DECIMAL}
        return {"anyOf": _NUMBER, **said}
    if isinstance(part, dict):
        return {name: _with_numbers(each) for name, each in part.items()}
    if isinstance(part, list):
        return [_with_numbers(each) for each in part]
    return part


if __name__ == "__main__":
    sys.stdout.write(document())
