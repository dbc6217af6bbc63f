"""What a column is proposed as: its type and how it is written, with what shows it.

Rule: a type is proposed only where every value seen has it; where nearly all have, the column is
text and the rest are named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as fresh
from unicodedata import normalize

from msgspec.structs import replace

from services.ingest.domain.inferring.column import Column
from services.ingest.domain.inferring.days import ISO
from services.ingest.domain.inferring.headings import words
from services.ingest.domain.inferring.people import doubts
from services.ingest.domain.values import LONGEST_TEXT
from shared.catalogue.definition import FieldType
from shared.catalogue.model import Field

_REFERENCES = frozenset(
    {"id", "ref", "reference", "code", "uprn", "usrn", "urn", "number", "no", "num", "key", "mcc"}
)
_COUNTED = frozenset({"day", "month", "week", "year", "quarter", "period", "hour"})
_OF_MONEY = frozenset(
    {"amount", "cost", "price", "budget", "spend", "gbp", "charge", "debit", "credit", "balance",
     "income", "expenditure", "vat", "interest"}
)  # fmt: skip
_NOT_OF_MONEY = frozenset(
    {"number", "no", "count", "proportion", "percentage", "percent", "rate", "ratio", "days"}
)
_STRONG_IN_TEXT = frozenset({"n/a", "#n/a", "null", "nan", "-", "--", "(blank)"})
_LENGTHS = (10, 20, 40, 60, 120, 255, 500, 1000, 2000, LONGEST_TEXT)
_MOST_CHOICES, _EACH = 12, 5
_NEARLY = 90


@dataclass(slots=True)
class Proposed:
    """A field, what shows it (`because`) and what a person has to decide (`unsure`). `left_out`
    says why it is not let in."""

    column: Column
    field: Field
    because: str
    unsure: list[str] = fresh(default_factory=list)
    left_out: str = ""


def proposed(column: Column, name: str, month_first: bool, part_of_file: bool) -> Proposed:
    """What the column is. `month_first` tells that another column of the file has days that can
    only be read with the month first; `part_of_file`, that there are rows nobody saw."""
    found = _typed(column, name, month_first) or _text(column, name, part_of_file)
    found.unsure += doubts(column)
    if column.came_as - _ALLOWED[found.field.type]:
        came = " and ".join(sorted(column.came_as))
        found.left_out = f"its values come as {came}, and no field takes all of these"
    _note_constant(column, found)
    return found


_ALLOWED: dict[FieldType, frozenset[str]] = {
    "text": frozenset({"text", "whole"}),
    "integer": frozenset({"text", "whole"}),
    "decimal": frozenset({"text", "whole", "exact"}),
    "money": frozenset({"text", "whole", "exact"}),
    "boolean": frozenset({"text", "yes/no"}),
    "date": frozenset({"text"}),
    "datetime": frozenset({"text"}),
    "financial-year": frozenset({"text", "whole"}),
    "period": frozenset({"text", "whole"}),
}


def as_text(found: Proposed, why: str) -> Proposed:
    """The same column as text: what was proposed refused some of its values."""
    plain = _text(found.column, found.field.name, part_of_file=True)
    plain.unsure = [f"{why}; it is text until somebody decides", *doubts(found.column)]
    return plain


def _typed(column: Column, name: str, month_first: bool) -> Proposed | None:
    """Anything but text, where every value that is no word for nothing is of that type."""
    n = column.filled - column.weak_markers.total()
    if n <= 0:
        return None
    kinds = column.kinds
    said = words(column.heading)
    base = _field(column, name, "text", weak=True)
    of = f"{n:,} of {n:,}"
    if kinds["yes/no"] == n and not column.weak_markers:
        return Proposed(column, replace_type(base, "boolean"), f"{of} are yes or no")
    if kinds["financial year"] == n:
        return Proposed(column, replace_type(base, "financial-year"), f"{of} are financial years")
    if kinds["period"] == n:
        return Proposed(column, replace_type(base, "period"), f"{of} are accounting periods")
    if kinds["day"] == n:
        return _day(column, base, n, month_first)
    if kinds["period number"] == n and "period" in said:
        unsure = ["an accounting period, where 01 is April? Or a month of the calendar?"]
        return Proposed(column, replace_type(base, "period"), f"{of} can be periods", unsure)
    if kinds["number"] == n:
        return _number(column, base, n, said)
    return None


def _number(column: Column, base: Field, n: int, said: list[str]) -> Proposed | None:
    kinds = column.kinds
    of = f"{n:,} of {n:,}"
    unsure: list[str] = []
    if kinds["whole"] == n:
        if _is_reference(column, said):
            return None
        found = replace_type(base, "integer")
        if set(column.distinct) == {"0", "1"} and not column.many:
            unsure.append("only 0 and 1: a yes or no? Then its type is boolean")
        if column.minus_ones and column.minus_ones == kinds["negative"]:
            unsure.append(
                f"-1 stands {column.minus_ones:,} times and nothing else is below nought: it is "
                "taken to mean blank; take it out of null_markers if it is a number"
            )
            found = replace(found, null_markers=[*found.null_markers, "-1"])
        elif _could_be_money(said):
            found = replace_type(base, "money")
            unsure.append("pounds, by the heading: is it?")
        return Proposed(column, found, f"{of} are whole numbers", unsure)
    pounds = kinds["amount"] > 0 or _could_be_money(said)
    if pounds and column.decimals <= 2:
        how = "amounts" if kinds["amount"] else "numbers with two decimals at most"
        if not kinds["amount"]:
            unsure.append("pounds, by the heading: is it?")
        return Proposed(column, replace_type(base, "money"), f"{of} are {how}", unsure)
    if kinds["amount"]:
        return None
    if kinds["grouped"] and column.came_as:
        return None  # Commas for thousands are for files of cells: JSON has numbers.
    how = "numbers, some with commas for thousands" if kinds["grouped"] else "numbers"
    return Proposed(column, replace_type(base, "decimal"), f"{of} are {how}", unsure)


def _day(column: Column, base: Field, n: int, month_first: bool) -> Proposed | None:
    day_n, month_n = column.day_first.total(), column.month_first.total()
    unsure: list[str] = []
    because = f"{n:,} of {n:,} are days"
    if day_n == n and month_n == n:
        chosen = column.day_first
        if set(column.day_first) != set(column.month_first):
            chosen = column.month_first if month_first else column.day_first
            way = "month" if month_first else "day"
            told = "another column of the file has it so" if month_first else "as is usual here"
            unsure.append(
                f"no value tells day from month (none is over 12): the {way} is taken to be first, "
                f"{told}. Ask the source"
            )
    elif day_n == n:
        chosen = column.day_first
        because += f"; {column.only_day_first:,} can only have the day first"
    elif month_n == n:
        chosen = column.month_first
        because += f"; {column.only_month_first:,} can only have the month first"
        unsure.append("months before days, as in America: check a few with the source")
    else:
        return None
    formats = [each for each, _ in chosen.most_common() if each != ISO]
    kind: FieldType = "datetime" if column.times else "date"
    found = replace(replace_type(base, kind), formats=formats)
    if column.times:
        if column.midnights * 10 >= n * 9:
            unsure.append(
                f"{column.midnights:,} of {n:,} times are midnight: perhaps they are days"
            )
        if column.offsets > 0:
            because += f"; {column.offsets:,} say how far from UTC, and become London's time"
        elif not formats:
            unsure.append("no value says how far from UTC: the times are taken for London's")
    if any("%y" in each for each in formats):
        unsure.append("years of two figures: 69 is 1969, 68 is 2068")
    return Proposed(column, found, because, unsure)


def _text(column: Column, name: str, part_of_file: bool) -> Proposed:
    base = _field(column, name, "text", weak=False)
    n = column.filled
    if not n:
        unsure = ["it says nothing in any row: is it needed?"]
        return Proposed(column, base, "always blank", unsure)
    because = f"{n:,} texts of up to {column.longest:,} characters"
    unsure = [*_nearly(column, n)]
    kinds = column.kinds
    if column.unique and n == column.seen:
        because += ", all different"
    if kinds["zeros"]:
        because += f"; {kinds['zeros']:,} begin with a nought, so it is no number"
    elif kinds["whole"] == n:
        because += "; digits, but a reference by the heading"
    if kinds["area"] == n:
        because += "; codes of the Office for National Statistics"
    if kinds["long"]:
        because += f"; {kinds['long']:,} have more digits than a number keeps"
    said = set(words(column.heading))
    if {"company", "registration"} & said and kinds["whole"] + kinds["zeros"]:
        unsure.append("company numbers have eight characters: shorter ones have lost noughts")
    if "usrn" in said and column.longest <= 8 and kinds["whole"] == n and kinds["zeros"] == 0:
        unsure.append("street numbers may have lost their leading noughts: nothing is padded")
    for kind, what in (
        ("percent", "end with %: no number takes that, so have the source leave it out"),
        ("scientific", "are written like 1.2E+05: a spreadsheet has lost digits of them"),
        ("other currency", "are not in pounds"),
    ):
        if kinds[kind]:
            unsure.append(f"{kinds[kind]:,} of {n:,} {what}")
    found = base
    named = kinds["number"] or kinds["area"] or "name" in said
    if _are_choices(column, n) and not named:
        kept = set(column.markers) - set(base.null_markers)
        listed = sorted({normalize("NFC", each) for each in {*column.distinct, *kept}})
        if part_of_file:
            unsure.append(f"only {len(listed)} kinds were seen, but not in every row")
        else:
            found = replace(found, choices=listed)
            unsure.append(f"these {len(listed)} were seen: another one would be rejected")
    return Proposed(column, replace(found, max_length=_length(column.longest)), because, unsure)


def _nearly(column: Column, n: int) -> Iterable[str]:
    """What most of the values are, though not all."""
    names = {
        "number": "numbers",
        "day": "days",
        "yes/no": "yes or no",
        "financial year": "financial years",
    }
    for kind, what in names.items():
        count = column.kinds[kind]
        if n > count and count * 100 >= n * _NEARLY:
            samples = ", ".join(
                f"{text[:40]!r} in row {row}" for row, text in column.strangers[kind]
            )
            yield f"{count:,} of {n:,} are {what}, but not {samples}"
    if column.kinds["day"] == n and column.only_day_first and column.only_month_first:
        yield (
            f"{column.only_day_first:,} days can only have the day first and "
            f"{column.only_month_first:,} only the month: two ways of writing are mixed"
        )


def _field(column: Column, name: str, kind: FieldType, *, weak: bool) -> Field:
    markers = [
        each
        for each in sorted(column.markers)
        if weak or each.lower() in _STRONG_IN_TEXT or each.startswith("[") or each == "NA"
    ]
    if weak:
        markers += sorted(column.weak_markers)
    return Field(name=name, type=kind, headers=[column.heading.strip()], null_markers=markers)


def replace_type(base: Field, kind: FieldType) -> Field:
    """The field as one of another type."""
    return replace(base, type=kind)


def _note_constant(column: Column, found: Proposed) -> None:
    if len(column.distinct) == 1 and not column.many and column.filled > 1:
        [value] = column.distinct
        where = "every row that is not blank" if column.blanks else "every row"
        found.unsure.append(f"{value[:60]!r} in {where}: is it needed?")


def _are_choices(column: Column, n: int) -> bool:
    kinds = len(column.distinct)
    return not column.many and 1 < kinds <= _MOST_CHOICES and n >= kinds * _EACH * 4


def _is_reference(column: Column, said: list[str]) -> bool:
    if not said or said[0] in ("number", "no", "num", "count"):
        return False
    if said[-1] in ("number", "no", "num") and len(said) > 1 and said[-2] in _COUNTED:
        return False
    return said[-1] in _REFERENCES or bool({"uprn", "usrn"} & set(said))


def _could_be_money(said: list[str]) -> bool:
    return bool(_OF_MONEY & set(said)) and not _NOT_OF_MONEY & set(said)


def _length(longest: int) -> int:
    return next((each for each in _LENGTHS if each >= 2 * longest), LONGEST_TEXT)
