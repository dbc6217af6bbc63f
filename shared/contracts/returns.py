"""What ingest says of a figure that somebody is to give for a period.

Rule: it travels as a record of the system's own dataset `irf-return`, keyed by return and period,
and only of periods that are over or were given before they were. Who owns it, and what it is
called, its definition says.
"""

import msgspec

from shared.contracts.states import Record

RETURN = "irf-return"
PREFIX = f"{RETURN}/"


class Standing(msgspec.Struct, frozen=True):
    """Where a return for a period stands. It is `overdue` from the day after `due` on, for as long
    as nothing is given; `missing` is how many of the figures that it asks for are blank and not
    explained. `given` is the day on which there first was an answer, blank while there is none."""

    code: str
    period: str
    due: str
    missing: int
    overdue: bool = False
    given: str | None = None


class _Told(msgspec.Struct):
    fields: Standing


_decode = msgspec.json.Decoder(_Told).decode
_encode = msgspec.json.Encoder().encode


def subject(code: str, period: str) -> str:
    """Where it is said: `irf-return/{return}/{period}`"""
    return f"{PREFIX}{code}/{period}"


def body(standing: Standing) -> bytes:
    """A standing as it travels."""
    key = f"{standing.code}/{standing.period}"
    return _encode(Record(RETURN, key, msgspec.to_builtins(standing)))


def read(state: bytes) -> Standing:
    """A standing as it was said."""
    return _decode(state).fields
