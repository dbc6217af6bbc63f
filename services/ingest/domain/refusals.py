"""How ingest says no: to one value, to one row, to a whole request.

Rule: a refusal names the rule it broke and says in plain words what would be right. What was sent
is never repaired by guessing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

RAW_CHARACTERS = 200
# What of a file's name is looked at; a file system takes 255 characters at most.
LONGEST_NAME = 260


class Fault(NamedTuple):
    """One thing wrong with a row. `field` is None when it is the row as a whole."""

    field: str | None
    rule: str
    reason: str
    raw: str | None


class Rejection(NamedTuple):
    """A fault of a numbered row. In a file rows are numbered as a spreadsheet numbers them."""

    row: int
    field: str | None
    rule: str
    reason: str
    raw: str | None


class ValueRefused(Exception):
    """A value breaks a rule of its field."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule
        self.reason = reason


class RowRefused(Exception):
    """A row breaks its contract: every fault found in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].reason)
        self.faults = faults


class RequestRefused(Exception):
    """A whole request is refused, and nothing of it is kept.

    `status` is the HTTP status that says so; `problems` lists each thing that is wrong.
    """

    def __init__(
        self, status: int, detail: str, problems: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.problems = problems


def row_fault(rule: str, reason: str) -> RowRefused:
    """A row that is wrong as a whole. Its raw text is not kept: it may hold personal data in
    columns that the contract drops."""
    return RowRefused([Fault(None, rule, reason, None)])


def shown(value: object) -> str:
    """A raw value as it is kept and shown: bounded, and fit for every store."""
    # A plain text, also of what knows more of itself than its text.
    text = str(value) if isinstance(value, str) else repr(value)
    if len(text) > RAW_CHARACTERS:
        text = text[: RAW_CHARACTERS - 1] + "…"
    return storable(text)


def file_name(name: str) -> str:
    """What a sender calls a file, as it is kept and shown; it is never a path. What would not be
    seen, or would turn the reading direction so that `exe.csv` reads as `vsc.exe`, is spelled out.
    """
    return shown(
        "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in name[:LONGEST_NAME])
    )


def storable(text: str) -> str:
    """Without what PostgreSQL and UTF-8 cannot hold: NUL and unpaired surrogates."""
    if text.isprintable():
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
