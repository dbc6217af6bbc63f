"""The words and signs of the expression language, and the refusal of every other.

Rule: a text is taken apart here before Python's own parser sees it, so that what reaches the
parser holds nothing but plain numbers, quoted texts, names, `and or not in if else`, arithmetic,
comparisons, commas and balanced brackets. What is refused is refused at its character, with words
that say what to write instead.
"""

from __future__ import annotations

import keyword
import re
from typing import NamedTuple

MAX_CHARACTERS = 500
MAX_DEPTH = 30
MAX_WHOLE_DIGITS = 18
MAX_DECIMAL_PLACES = 9

FUNCTIONS = frozenset(
    {"abs", "blank", "coalesce", "contains", "days", "max", "min", "month", "percent", "round"}
    | {"starts_with", "when", "working_days", "year", "age", "months", "hours", "add_days"}
    | {"add_working_days", "add_months", "weekday", "hour", "financial_year", "academic_year"}
    | {"band", "rate", "lower", "lookup", "period_end", "month_of"}
)
OPERATOR_WORDS = frozenset({"and", "or", "not", "in", "if", "else"})
TRUE_FALSE = {"true": True, "false": False, "True": True, "False": False}


class ExpressionError(ValueError):
    """Why a text is no expression, in plain words; `position` is its character, from 1."""

    def __init__(self, message: str, position: int = 1) -> None:
        super().__init__(f"{message} (at character {position})")
        self.message = message
        self.position = position


class Token(NamedTuple):
    kind: str
    text: str
    position: int


_TOKEN = re.compile(
    r"(?P<space> +)"
    r"|(?P<number>[0-9][0-9A-Za-z_.]*)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<text>'[^'\\]*'|\"[^\"\\]*\")"
    r"|(?P<sign><=|>=|==|!=|//|\*\*|<>|:=|[-+*/(),<>])",
    re.ASCII,
)
_NUMBER = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?", re.ASCII)
_REFUSED_SIGNS = {
    "//": "division is written with one /",
    "**": "powers are not part of the language",
    "<>": "'not equal' is written !=",
    ":=": "values cannot be given names here",
}
_REFUSED_CHARACTERS = {
    "=": "'equal' is written ==, and an expression does not start with =",
    ".": "what belongs to a name cannot be reached with a dot; a number starts with a digit",
    "[": 'square brackets are not part of the language; a list is written ("a", "b")',
    "{": "curly brackets are not part of the language",
    "#": "a comment is not part of an expression",
    "%": "a percentage is written percent(part, whole)",
    "^": "powers are not part of the language",
    "&": "'both' is written and",
    "|": "'either' is written or",
    "\\": "a backslash is not part of the language",
    "\n": "an expression is written on one line",
    "\r": "an expression is written on one line",
    "\t": "write a space in place of the tab",
    "'": "this quotation mark is never closed (and a text holds no backslash)",
    '"': "this quotation mark is never closed (and a text holds no backslash)",
}
_REFUSED_WORDS = {
    "None": "'no value' is asked for with blank(x)",
    "is": "write == or blank(x) in place of 'is'",
}


def is_word_of_the_language(name: str) -> bool:
    """Whether a field, measure or indicator of this name could not be told from the language.

    The name of a function can: only the function stands before a bracket.
    """
    return name in TRUE_FALSE or keyword.iskeyword(name)


def names_in(found: list[Token]) -> dict[str, int]:
    """The names that stand for values, each with the position where it first appears."""
    positions: dict[str, int] = {}
    for token, after in zip(found, [*found[1:], None], strict=True):
        word = token.text in OPERATOR_WORDS or token.text in TRUE_FALSE
        called = after is not None and after.text == "("
        if token.kind == "name" and not word and not called:
            positions.setdefault(token.text, token.position)
    return positions


def tokens(text: str) -> list[Token]:
    """The words and signs of a text; ExpressionError at the first that is not of the language."""
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(
            f"an expression has at most {MAX_CHARACTERS} characters, this one has {len(text)}",
            MAX_CHARACTERS + 1,
        )
    if not text.strip(" "):
        raise ExpressionError("the expression is empty")
    found: list[Token] = []
    open_brackets: list[int] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _refused_character(text[at], at + 1)
        kind = str(match.lastgroup)
        token = Token(kind, match.group(), at + 1)
        at = match.end()
        if kind == "space":
            continue
        _check_token(token)
        _check_neighbours(found[-1] if found else None, token)
        _check_brackets(token, open_brackets)
        found.append(token)
    if open_brackets:
        raise ExpressionError("this bracket is never closed", open_brackets[-1])
    return found


def _refused_character(character: str, position: int) -> ExpressionError:
    if character in _REFUSED_CHARACTERS:
        return ExpressionError(_REFUSED_CHARACTERS[character], position)
    if ord(character) > 126 or ord(character) < 32:
        return ExpressionError(
            f"the character U+{ord(character):04X} is not part of the language"
            " (plain letters, digits and signs only)",
            position,
        )
    return ExpressionError(f"{character} is not part of the language", position)


def _check_token(token: Token) -> None:
    kind, text, position = token
    if kind == "number":
        number = _NUMBER.fullmatch(text)
        if number is None:
            raise ExpressionError(
                f"{text[:30]} is not a number such as 12 or 12.5 (plain digits, no 0 in front)",
                position,
            )
        if len(number[1]) > MAX_WHOLE_DIGITS or len(number[2] or "") > MAX_DECIMAL_PLACES:
            raise ExpressionError(
                f"a number has at most {MAX_WHOLE_DIGITS} digits before the point"
                f" and {MAX_DECIMAL_PLACES} after it",
                position,
            )
    elif kind == "name":
        if text in _REFUSED_WORDS:
            raise ExpressionError(_REFUSED_WORDS[text], position)
        if keyword.iskeyword(text) and text not in OPERATOR_WORDS and text not in TRUE_FALSE:
            raise ExpressionError(f"'{text}' is not part of the language", position)
        if text.startswith("__"):
            raise ExpressionError("a name does not start with two underscores", position)
    elif kind == "text":
        for offset, character in enumerate(text):
            if not 32 <= ord(character) <= 126:
                raise _refused_character(character, position + offset)
    elif text in _REFUSED_SIGNS:
        raise ExpressionError(_REFUSED_SIGNS[text], position)


def _is_value(token: Token) -> bool:
    if token.kind == "name":
        return token.text not in OPERATOR_WORDS
    return token.kind in ("number", "text") or token.text == ")"


def _check_neighbours(before: Token | None, token: Token) -> None:
    starts_value = token.text == "(" or (_is_value(token) and token.text != ")")
    if before is None or not _is_value(before):
        if token.text == "if":
            raise ExpressionError(
                "a choice is written when(condition, this, otherwise)", token.position
            )
        if token.text == "+":
            raise ExpressionError("a + needs a value on its left", token.position)
    elif starts_value and not (token.text == "(" and before.kind == "name"):
        raise ExpressionError(
            f"a sign or word such as + or and is missing before {token.text[:30]}",
            token.position,
        )


def _check_brackets(token: Token, open_brackets: list[int]) -> None:
    if token.text == "(":
        open_brackets.append(token.position)
        if len(open_brackets) > MAX_DEPTH:
            raise ExpressionError(f"brackets are nested more than {MAX_DEPTH} deep", token.position)
    elif token.text == ")":
        if not open_brackets:
            raise ExpressionError("this bracket was never opened", token.position)
        open_brackets.pop()
