"""What a workbook to be filled in says to whoever fills it in.

Rule: each open cell says what fits before something is written and why something does not; one
sheet says how the whole is filled in and sent.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from shared.catalogue.model import Dataset, Field

FIGURES = "Figures"
GUIDE = "How to fill this in"
CHOICES = "Choices"
LAST = "Given last time"

# What a spreadsheet takes in a message.
_TITLE, _MESSAGE = 32, 255
_LARGEST = 999_999_999_999_999
_KINDS = {
    "text": "Text",
    "integer": "A whole number",
    "decimal": "A number",
    "money": "An amount in pounds",
    "boolean": "yes or no",
    "date": "A date",
    "datetime": "A date and time",
    "financial-year": "A financial year, such as 2026-27",
    "period": "A month of account, such as 2026-27-P01",
}


def heading(field: Field) -> str:
    """A field's column heading, as its dataset writes it first."""
    return field.headers[0] if field.headers else field.name


def says(field: Field) -> str:
    """What fits into a field, in words."""
    if field.choices:
        listed = ", ".join(field.choices)
        return f"One of: {listed}."
    text = _KINDS[field.type]
    if field.type in ("integer", "decimal", "money"):
        if field.minimum is not None and field.maximum is not None:
            text += f" from {field.minimum:f} to {field.maximum:f}"
        elif field.minimum is not None:
            text += f" of at least {field.minimum:f}"
        elif field.maximum is not None:
            text += f" of at most {field.maximum:f}"
    elif field.type == "text" and field.max_length:
        text += f" of at most {field.max_length} characters"
    return text + ("." if field.required else ". Leave it blank if there is none.")


def validation(field: Field, choices: str | None) -> dict[str, Any]:
    """The rule of an open cell; `choices` is the range that its choices stand in."""
    text = says(field)
    rule: dict[str, Any] = {
        "input_title": _cut(heading(field), _TITLE),
        "input_message": _cut(text, _MESSAGE),
        "error_title": "That does not fit",
        "error_message": _cut(text, _MESSAGE),
        "ignore_blank": True,
    }
    if choices is not None:
        return rule | {"validate": "list", "source": choices}
    match field.type:
        case "integer" | "decimal" | "money":
            kind = "integer" if field.type == "integer" else "decimal"
            least, most = _bound(field.minimum, -_LARGEST), _bound(field.maximum, _LARGEST)
            rule |= {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}
        case "boolean":
            rule |= {"validate": "list", "source": ["yes", "no"]}
        case "text" if field.max_length:
            rule |= {"validate": "length", "criteria": "<=", "value": field.max_length}
        case _:
            rule |= {"validate": "any"}
    return rule


def write_guide(book: Any, dataset: Dataset, title: str, asked: Sequence[Field]) -> None:
    """The sheet that says how the workbook is filled in."""
    sheet = book.add_worksheet(GUIDE)
    big = book.add_format({"bold": True, "font_size": 16})
    bold = book.add_format({"bold": True, "bottom": 1})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 80)
    sheet.write_string(0, 0, title, big)
    steps = [
        f"Fill in the cells with a border on the sheet {FIGURES!r}; the others are locked.",
        "Leave a row blank if you have no figure for it: it is passed over, and nothing changes.",
        "Rows and columns may stand in another order. Do not change the headings.",
        f"Save the workbook, and send it where you fetched it ({dataset.title}). You are shown what"
        " will change before anything does.",
    ]
    for row, step in enumerate(steps, 2):
        sheet.write_string(row, 0, f"Step {row - 1}", plain)
        sheet.write_string(row, 1, step, plain)
    start = len(steps) + 3
    sheet.write_string(start, 0, "What is asked for", bold)
    sheet.write_string(start, 1, "What fits", bold)
    for row, field in enumerate(asked, start + 1):
        sheet.write_string(row, 0, heading(field), plain)
        sheet.write_string(row, 1, says(field), plain)
    sheet.protect()


def _bound(number: Decimal | None, otherwise: int) -> int | float:
    if number is None:
        return otherwise
    return int(number) if number == int(number) else float(number)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
