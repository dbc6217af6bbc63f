"""Whatever a table holds, what is proposed for it passes the check and lets in all of its rows."""

import csv
import io
import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.domain.contract import Contract, spelling
from services.ingest.domain.intake import NO_RECORDS
from tests.unit.ingest.proposing import loaded, proposal

# What a contract refuses whatever its fields are, and what ends a line.
WRITTEN = st.characters(
    exclude_categories=("Cs", "Cc", "Cn", "Co"),
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
)
WORDS = st.text(WRITTEN, max_size=12)
DAYS = st.dates()
CELLS = {
    "texts": WORDS,
    "whole": st.integers(-(10**18), 10**18).map(str),
    "small": st.integers(-1, 14).map(str),
    "exact": st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    "grouped": st.integers(0, 10**9).map(lambda value: f"{value:,}"),
    "money": st.decimals(0, 10**6, places=2).map(lambda value: f"£{value:,}"),
    "negative money": st.decimals(0, 10**6, places=2).map(lambda value: f"({value})"),
    "zeros": st.integers(0, 9999).map(lambda value: f"{value:06}"),
    "percent": st.integers(0, 100).map(lambda value: f"{value}%"),
    "yes": st.sampled_from(["yes", "No", "Y", "n", "TRUE"]),
    "day first": DAYS.map(lambda day: day.strftime("%d/%m/") + f"{day.year:04}"),
    "month first": DAYS.map(lambda day: day.strftime("%m/%d/") + f"{day.year:04}"),
    "short": DAYS.map(lambda day: day.strftime("%d-%b-%y")),
    "iso": DAYS.map(str),
    "moments": st.datetimes(timezones=st.none()).map(str),
    "twelve hours": st.datetimes().map(lambda at: at.strftime("%d/%m/%Y %I:%M:%S %p")),
    "years": st.integers(1985, 2105).map(lambda year: f"{year}/{(year + 1) % 100:02}"),
    "periods": st.integers(0, 14).map(lambda number: f"P{number:02}"),
    "periods of years": st.integers(200_000, 210_099).map(str),
    "codes": st.sampled_from(["A", "B", "C"]),
}
MARKERS = st.sampled_from(["", "", "", "n/a", "-", "..", "[x]", "x", "-1", "NULL", "none", "NA"])
HEADINGS = st.one_of(
    st.sampled_from(
        [
            "Opened",
            "Period",
            "Amount",
            "Year",
            "Case No",
            "UPRN",
            "class",
            "Ref 2",
            "Email",
            "Notes",
        ]
    ),
    st.text(WRITTEN, min_size=1, max_size=10),
)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Headings and rows; the first column is a reference, so that no row is blank."""
    headings = draw(st.lists(HEADINGS, max_size=6, unique_by=spelling))
    headings = [each for each in headings if spelling(each) not in ("", "ref")]
    kinds = [draw(st.sampled_from(sorted(CELLS))) for _ in headings]
    blanks = [draw(st.booleans()) for _ in headings]
    rows = []
    for number in range(draw(st.integers(1, 25))):
        cells = [
            draw(MARKERS) if blank and draw(st.integers(0, 3)) == 0 else draw(CELLS[kind])
            for kind, blank in zip(kinds, blanks, strict=True)
        ]
        rows.append([f"R{number}", *cells])
    return [["Ref", *headings], *rows]


@given(tables())
@settings(max_examples=150, deadline=None)
def test_every_row_of_any_table_is_let_in_by_what_is_proposed_for_it(
    table: list[list[str]],
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    sent = out.getvalue()
    told = proposal(sent)
    found = loaded(sent, told)
    # A footer is told of, and is not a record.
    records = [each for each in found.rejections if each.rule not in NO_RECORDS]
    if "look like a footer" not in told.unsure:
        assert records == [], told.text
        assert len(found.states) + found.repeated == len(table) - 1


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(float),
    WORDS,
    DAYS.map(str),
    st.lists(st.integers(), max_size=2),
)


ROWS = st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4)


@given(st.lists(ROWS, min_size=1, max_size=9))
@settings(max_examples=75, deadline=None)
def test_every_object_of_any_lines_of_json_is_let_in(rows: list[dict[str, object]]) -> None:
    records = [{"ref": f"R{at}", **row} for at, row in enumerate(rows)]
    sent = "".join(json.dumps(each) + "\n" for each in records)
    told = proposal(sent, "rows.ndjson")
    contract = Contract(told.dataset)
    read = [json.loads(line, parse_float=Decimal) for line in sent.splitlines()]
    keys = {contract.key_of(contract.from_object(each)) for each in read}
    assert len(keys) == len(rows)
