"""What the source of nodes and functions is built from: operands, and what may become of them.

Rule: each operand is evaluated at most once, from left to right, and the first blank one decides.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from shared.catalogue.kinds import ANY, BOOLEAN, DATE, DATETIME, NUMBER, TEXT
from shared.catalogue.kinds import WORDS as KIND_WORDS
from shared.catalogue.parts import Code, as_day, lazily
from shared.catalogue.words import ExpressionError

LOOKUP = "lookup"


class Operands:
    """Puts operands together; `prefix` keeps two expressions in one function apart."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._temporaries = 0

    def strict(self, codes: Sequence[Code], source: str, kind: str, at: int) -> Code:
        """Source over operands that are all there; a blank one decides the outcome."""
        checks: list[str] = []
        names: list[str] = []
        for code in codes:
            name = code.source
            if not code.plain:
                name = self.temporary()
                checks.append(f"({name} := {code.source}) is")
            elif code.blank:
                checks.append(f"{name} is")
            names.append(f"{name}[:10]" if code.day_only else name)
        filled = source.format(*names)
        if not checks and kind != LOOKUP:
            return Code(kind, f"({filled})", at, blank=False)
        if kind == LOOKUP:
            # What is looked up may be blank although every operand is there.
            tests = " or ".join(f"{check} None" for check in checks)
            return Code(kind, f"(None if {tests} else {filled})" if checks else filled, at)
        if kind == BOOLEAN:
            tests = " and ".join(f"{check} not None" for check in checks)
            return Code(kind, f"({tests} and {filled})", at, blank=False)
        tests = " or ".join(f"{check} None" for check in checks)
        return Code(kind, f"(None if {tests} else {filled})", at)

    def first_there(self, codes: Sequence[Code], at: int) -> Code:
        """The first operand that is not blank; those after it are not looked at."""
        *others, last = self.alike(codes)
        source = lazily(last)
        for code in reversed(others):
            if code.blank:
                name = self.temporary()
                source = f"({name} if ({name} := {lazily(code)}) is not None else {source})"
            else:
                source = lazily(code)
        return Code(last.kind, source, at, blank=all(code.blank for code in (*others, last)))

    def is_blank(self, code: Code, at: int) -> Code:
        if code.plain and not code.blank:
            return Code(BOOLEAN, "False", at, blank=False)
        # What is never blank may yet be impossible to calculate: it is looked at all the same.
        name = code.source if code.plain else f"({self.temporary()} := {code.source})"
        return Code(BOOLEAN, f"({name} is None)", at, blank=False)

    def alike(self, codes: Sequence[Code]) -> list[Code]:
        """The same operands as one kind: quoted dates as dates, moments beside dates as days."""
        kinds = {code.kind for code in codes} - {ANY}
        if kinds & {DATE, DATETIME}:
            codes = [as_day(code) for code in codes]
            kinds = {code.kind for code in codes} - {ANY}
            if kinds == {DATE, DATETIME}:
                codes = [
                    replace(code, kind=DATE, day_only=True, literal=None)
                    if code.kind == DATETIME
                    else code
                    for code in codes
                ]
                kinds = {DATE}
        if len(kinds) > 1:
            first = next(code for code in codes if code.kind != ANY)
            other = next(code for code in codes if code.kind not in (ANY, first.kind))
            raise ExpressionError(
                f"{KIND_WORDS[first.kind]} and {KIND_WORDS[other.kind]} cannot be put together",
                other.at,
            )
        if kinds == {TEXT} and any(code.kind == ANY for code in codes):
            # A quoted text beside a name of unknown kind may yet be a date.
            kinds = set()
        kind = kinds.pop() if kinds else ANY
        return [replace(code, kind=kind) for code in codes]

    def moments(self, codes: Sequence[Code]) -> list[Code]:
        """Operands that must be dates, as days."""
        found = [as_day(code) for code in codes]
        for code in found:
            self._expect(code, (DATE, DATETIME), "a date is needed here")
        return [replace(code, day_only=code.kind == DATETIME) for code in found]

    def numbers(self, codes: Sequence[Code]) -> Sequence[Code]:
        for code in codes:
            self._expect(code, (NUMBER,), "a number is needed here")
        return codes

    def texts(self, codes: Sequence[Code]) -> Sequence[Code]:
        for code in codes:
            self._expect(code, (TEXT,), "a text is needed here")
        return codes

    def expect(self, codes: Sequence[Code], kinds: tuple[str, ...], need: str) -> None:
        """ExpressionError where an operand is of none of these kinds."""
        for code in codes:
            self._expect(code, kinds, need)

    def temporary(self) -> str:
        self._temporaries += 1
        return f"{self._prefix}t{self._temporaries}"

    def _expect(self, code: Code, kinds: tuple[str, ...], need: str) -> None:
        if code.kind != ANY and code.kind not in kinds:
            raise ExpressionError(f"{need}, and this is {KIND_WORDS[code.kind]}", code.at)

    def _at(self, node: ast.expr) -> int:
        return node.col_offset + 1

    def _refuse(self, node: ast.expr, message: str) -> NoReturn:
        raise ExpressionError(message, self._at(node))
