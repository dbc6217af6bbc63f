"""Snapshots of the schemas of everything that stands on a topic, and what may become of them.

Rule: a schema only grows. Events are kept, and services are not all replaced at one instant, so
today's readers must take yesterday's events and yesterday's readers today's. Writers are compared
closed (they write what is named and nothing else), readers open (they pass over what they do not
know): only so is an added optional field no break.

`python -m tests.contract.snapshots` writes the snapshots anew, and refuses a break.
"""

import json
import sys
from pathlib import Path
from typing import Any

from jsoncompat import check_compat

from shared.contracts.asyncapi import schema_components
from shared.contracts.states import STATES

FOLDER = Path(__file__).parent / "schemas"
# What is said about a type changes nothing for those who read it.
WORDS = ("title", "description", "default")

Schema = dict[str, Any]


def current() -> dict[str, Schema]:
    """The schema of the envelope and of each state, complete in itself, by name."""
    components = schema_components()
    named = ["Event", *(state.__name__ for states in STATES.values() for state in states)]
    return {name: _complete(name, components) for name in named}


def recorded() -> dict[str, Schema]:
    """The snapshots in the repository."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def breaks(old: Schema, new: Schema) -> list[str]:
    """What a change from `old` to `new` breaks, in words."""
    found = []
    if not _fits(_closed(old), new):
        found.append("new readers would not take old events")
    if not _fits(_closed(new), old):
        found.append("old readers would not take new events")
    return found


def _fits(written: Schema, read: Schema) -> bool:
    return bool(check_compat(json.dumps(written), json.dumps(read), "deserializer"))


def _complete(name: str, components: dict[str, Any]) -> Schema:
    wanted, needed = [name], dict[str, Any]()
    while wanted:
        each = wanted.pop()
        if each not in needed:
            needed[each] = _plain(components[each])
            wanted += _references(needed[each])
    whole: Schema = needed.pop(name)
    return {**whole, "$defs": dict(sorted(needed.items()))} if needed else whole


def _plain(part: Any) -> Any:
    """Without words, and with references into the schema itself."""
    if isinstance(part, list):
        return [_plain(each) for each in part]
    if not isinstance(part, dict):
        return part
    plain: Schema = {}
    for key, value in part.items():
        if key == "properties":
            plain[key] = {name: _plain(each) for name, each in value.items()}
        elif key == "$ref":
            plain[key] = value.replace("#/components/schemas/", "#/$defs/")
        elif key not in WORDS:
            plain[key] = _plain(value)
    return plain


def _references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [name for each in part for name in _references(each)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"].rpartition("/")[2]] if "$ref" in part else []
    return own + [name for value in part.values() for name in _references(value)]


def _closed(part: Any) -> Any:
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    closed = {key: _closed(value) for key, value in part.items()}
    if "properties" in part and isinstance(part.get("type"), str):
        closed.setdefault("additionalProperties", False)
    return closed


def main() -> None:
    """Writes the snapshots anew."""
    before = recorded()
    for name, schema in current().items():
        broken = breaks(before[name], schema) if name in before else []
        if broken:
            sys.exit(f"{name} breaks: {'; '.join(broken)}. A break is a new event type.")
        (FOLDER / f"{name}.json").write_text(json.dumps(schema, indent=2) + "\n")


if __name__ == "__main__":
    main()
