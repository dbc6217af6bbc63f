"""Records as JSON: the bytes of a request in, numbered items out.

Rule: numbers keep their exact value (a fraction arrives as Decimal, never as a float). A line or
an element that is wrong rejects that row; a body that is no JSON at all refuses the request.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from services.ingest.domain.refusals import RequestRefused, RowRefused, row_fault

MOST_ROWS = 100_000
SHAPE = 'A row is {"data": {...}} or {"key": ..., "deleted": true}.'


class Item(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One row: `data` says what a record is, `deleted` that the record with `key` is gone."""

    data: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    key: str | int | list[str | int] | msgspec.UnsetType = msgspec.UNSET
    deleted: bool = False


Numbered = tuple[int, Item | RowRefused]

_item = msgspec.json.Decoder(Item, float_hook=Decimal)
_items = msgspec.json.Decoder(list[Item], float_hook=Decimal)
_elements = msgspec.json.Decoder(list[msgspec.Raw])
_whole = msgspec.json.Decoder(msgspec.Raw).decode
_BAD = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def read_array(body: bytes) -> Sequence[Numbered]:
    """The elements of an array, or the one object that the body is, numbered from 1."""
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if body.startswith(b"{"):
        _parse_whole(body)
        return [(1, _read(body))]
    try:
        return list(enumerate(_bounded(_items.decode(body)), 1))
    except _BAD:
        pass
    # Some element does not fit, or nothing does: find out which.
    try:
        elements = _elements.decode(body)
    except _BAD as error:
        raise _not_json(error) from None
    _parse_whole(body)
    return [(number, _read(bytes(each))) for number, each in enumerate(_bounded(elements), 1)]


def read_lines(body: bytes) -> Iterator[Numbered]:
    """The lines of NDJSON, numbered as the lines of a file; blank lines are no rows."""
    lines = body.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if len(lines) > MOST_ROWS + 1:
        raise _too_many(len(lines))
    for number, line in enumerate(lines, 1):
        if line and not line.isspace():
            yield number, _read(line)


def _read(raw: bytes) -> Item | RowRefused:
    try:
        return _item.decode(raw)
    except msgspec.ValidationError as error:
        return row_fault("shape", f"{error}. {SHAPE}")
    except UnicodeDecodeError:
        return row_fault("encoding", "The row is not UTF-8 text.")
    except RecursionError:
        return row_fault("json", "The row is nested too deeply.")
    except msgspec.DecodeError as error:
        return row_fault("json", f"The row is not JSON: {error}.")


def _parse_whole(body: bytes) -> None:
    """Refuses a body that is not JSON from end to end."""
    try:
        _whole(body)
    except _BAD as error:
        raise _not_json(error) from None


def _bounded(items: Sequence[Any]) -> Sequence[Any]:
    if len(items) > MOST_ROWS:
        raise _too_many(len(items))
    return items


def _too_many(count: int) -> RequestRefused:
    return RequestRefused(
        413,
        f"The request holds {count:,} rows; at most {MOST_ROWS:,} fit. Send several, or a file.",
    )


def _not_json(error: Exception) -> RequestRefused:
    return RequestRefused(400, f"The body must be JSON, an array of rows or one row: {error}.")
