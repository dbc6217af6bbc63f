"""Where things stand in JSON: rows in an answer, fields in a row, what says that a row is gone.

Rule: a path is names with dots between them (`data.items`, `address.ward`, `lines.0.code`); a name
that has a dot in it is tried first. What is not there is None, and what is there in another shape
is said, never guessed at.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.ingest.domain.contract import Contract, spelling

_NO = frozenset({"", "0", "false", "no", "n"})


class OtherShape(ValueError):
    """JSON that is not shaped as the connector says; the message says how."""


def at(value: Any, path: str) -> Any:
    """What stands at a path; the value itself for a blank path, None where nothing stands."""
    if not path:
        return value
    if isinstance(value, Mapping):
        if path in value:
            return value[path]
        name, dot, rest = path.partition(".")
        # The longest name that is there: a key may have dots in it.
        while dot:
            if name in value:
                return at(value[name], rest)
            more, dot, rest = rest.partition(".")
            name = f"{name}.{more}"
        return None
    if isinstance(value, Sequence) and not isinstance(value, str):
        name, _, rest = path.partition(".")
        if name.isascii() and name.isdigit() and len(name) < 10 and int(name) < len(value):
            return at(value[int(name)], rest)
    return None


def rows_in(answer: Any, items: str) -> list[Mapping[str, Any]]:
    """The rows of an answer: a list of objects at `items`, or the one object there. Raises
    OtherShape."""
    found = at(answer, items)
    where = f"at {items}" if items else "in it"
    if isinstance(found, Mapping):
        return [found]
    if not isinstance(found, list):
        what = "nothing" if found is None else "neither a list nor an object"
        raise OtherShape(f"Rows are looked for {where}, and there is {what}.")
    for number, each in enumerate(found, 1):
        if not isinstance(each, Mapping):
            raise OtherShape(f"Row {number} {where} is not an object.")
    return found


def record(row: Mapping[str, Any], fields: Mapping[str, str], contract: Contract) -> dict[str, Any]:
    """A row in names that the contract reads: fields that have a path from there, the others by
    their own names, as everywhere."""
    if not fields:
        return dict(row)
    known = contract.spellings
    kept = {name: each for name, each in row.items() if known.get(spelling(name)) not in fields}
    return kept | {name: at(row, path) for name, path in fields.items()}


def is_gone(row: Mapping[str, Any], deleted: str | None) -> bool:
    """Whether the field `deleted` is true, or has a value such as the time of the deletion; of
    `state=Deleted`, whether it says this word."""
    if deleted is None:
        return False
    path, equals, word = deleted.partition("=")
    found = at(row, path)
    if equals:
        return isinstance(found, str) and found.strip().casefold() == word.strip().casefold()
    if isinstance(found, str):
        return found.strip().casefold() not in _NO
    return bool(found)


def key_in(said: Mapping[str, Any], contract: Contract) -> dict[str, Any]:
    """Of a record in its source's names, the fields that are its key: enough to say it is gone."""
    known, wanted = contract.spellings, contract.key_fields
    return {name: each for name, each in said.items() if known.get(spelling(name)) in wanted}
