"""The compiled form of any expression equals a walk over its tree by a plain interpreter."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from shared.catalogue.expressions import NotCalculable, parse
from shared.catalogue.functions import SHAPES
from shared.catalogue.model import Dataset, Field
from shared.catalogue.references import References, table_of
from tests.unit.catalogue.interpreter import (
    LABELS,
    PERIODS,
    WARDS,
    Impossible,
    Tree,
    interpreted,
    written,
)

FIELDS = {
    "n": "integer",
    "m": "money",
    "d": "decimal",
    "t": "text",
    "u": "text",
    "on": "date",
    "at": "datetime",
    "until": "datetime",
    "yes": "boolean",
}

REFERENCES = References(
    {
        "wards": Dataset(
            code="wards",
            title="Wards",
            key=["code"],
            fields=[
                Field(name="code", type="text"),
                Field(name="name", type="text"),
                Field(name="number", type="integer"),
            ],
        )
    },
    {"wards": table_of(["code"], [{"code": code, **found} for code, found in WARDS.items()])},
)

# Trees: (operation, operands...). Literals and names hold their value.

_literals = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(0, 10**6),
    st.sampled_from([0, 0, 1, 2, 3]),
).map(lambda value: ("number", value))
_words = st.sampled_from(["Noise", "Noise from dogs", "dogs", "", "{0}", 'say "no"', "%s"])
_dates = st.dates(date(2023, 12, 1), date(2024, 3, 31))
_datetimes = st.datetimes(datetime(2023, 12, 1), datetime(2024, 3, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)


# A quoted date is a text until it stands beside a date, so it is never alone.
_quoted = (_dates | _datetimes).map(lambda each: ("moment", each))


_labels = st.sampled_from([*LABELS, "last year"]).map(lambda each: ("text", each))
_periods = st.sampled_from([*PERIODS, "P14", "2023-25-P01"]).map(lambda each: ("text", each))
# A moment with its time, a key as a whole number, days to go on, and limits of bands.
_timed = st.sampled_from(["at", "until"]).map(lambda each: ("name", each))
_whole = st.just(("name", "n"))
_steps = st.integers(-40, 40).map(
    lambda each: ("number", Decimal(each)) if each >= 0 else ("neg", ("number", Decimal(-each)))
)
_limits = st.lists(st.integers(0, 2000), min_size=1, max_size=4, unique=True).map(
    lambda each: tuple(sorted(each))
)


def _numbers(numbers: Any, texts: Any, moments: Any, truths: Any) -> Any:
    two = st.tuples(numbers, numbers)
    return st.one_of(
        st.tuples(st.sampled_from("+-*/"), numbers, numbers),
        st.tuples(st.just("neg"), numbers),
        st.tuples(st.sampled_from(["days", "working_days"]), moments, moments | _quoted),
        st.tuples(st.just("days"), _quoted, _quoted),
        st.tuples(st.sampled_from(["age", "months"]), moments, moments | _quoted),
        st.tuples(st.just("hours"), moments, moments | _quoted),
        st.tuples(st.just("hour"), _timed),
        st.tuples(st.sampled_from(["month", "year", "weekday"]), moments),
        st.tuples(st.sampled_from(["financial_year", "academic_year"]), moments),
        st.tuples(st.just("rate"), numbers, numbers, numbers),
        st.tuples(st.just("lookup"), texts | _whole, st.just("number")),
        st.tuples(st.just("abs"), numbers),
        st.tuples(st.just("round"), numbers, st.integers(0, 4)),
        st.tuples(st.just("percent"), numbers, numbers),
        two.map(lambda pair: ("min", *pair)),
        two.map(lambda pair: ("max", *pair)),
        two.map(lambda pair: ("coalesce", *pair)),
        st.tuples(st.sampled_from(["when", "ifelse"]), truths, numbers, numbers),
    )


def _truths(numbers: Any, texts: Any, moments: Any, truths: Any) -> Any:
    order = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    lists = st.lists(_words, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.tuples(order, numbers, numbers),
        st.tuples(order, moments, moments | _quoted),
        st.tuples(order, texts, texts),
        st.tuples(st.sampled_from(["==", "!="]), truths, truths),
        st.tuples(st.just("between"), numbers, numbers, numbers),
        st.tuples(st.sampled_from(["in", "not in"]), texts, lists),
        st.tuples(st.sampled_from(["and", "or"]), truths, truths, truths),
        st.tuples(st.just("not"), truths),
        st.tuples(st.just("blank"), st.one_of(numbers, texts, moments)),
        st.tuples(st.sampled_from(["contains", "starts_with"]), texts, texts),
    )


def _moments(numbers: Any, texts: Any, moments: Any, truths: Any) -> Any:
    return st.one_of(
        st.tuples(st.sampled_from(["min", "max", "coalesce"]), moments, moments | _quoted),
        st.tuples(st.just("when"), truths, _quoted, moments),
        st.tuples(
            st.sampled_from(["add_days", "add_months", "add_working_days"]),
            moments,
            numbers | _steps,
        ),
        st.tuples(st.just("period_end"), texts | _labels),
        st.tuples(st.just("month_of"), texts | _periods),
    )


def _texts(numbers: Any, texts: Any, moments: Any, truths: Any) -> Any:
    return st.one_of(
        st.tuples(st.sampled_from(["min", "max", "coalesce"]), texts, texts),
        st.tuples(st.just("when"), truths, texts, texts),
        st.tuples(st.just("lower"), texts),
        st.tuples(st.just("band"), numbers, _limits),
        st.tuples(st.just("lookup"), texts | _whole, st.just("name")),
    )


def _grown() -> Any:
    """Trees of a number or a truth, three levels deep at most."""

    def name(*names: str) -> Any:
        return st.sampled_from(names).map(lambda each: ("name", each))

    leaves = (
        _literals | name("n", "m", "d"),
        _words.map(lambda text: ("text", text)) | name("t", "u"),
        name("on", "at", "until"),
        st.booleans().map(lambda each: ("truth", each)) | name("yes"),
    )
    level = leaves
    for _ in range(3):
        makers = (_numbers, _texts, _moments, _truths)
        # Bound now: each level is made of the one below.
        level = tuple(below | make(*level) for below, make in zip(leaves, makers, strict=True))
    return level[0] | level[3]


def compiled(text: str, record: dict[str, Any]) -> Any:
    fields: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, date):
            fields[name] = value.isoformat()
        else:
            fields[name] = str(value) if isinstance(value, Decimal) else value
    try:
        return parse(text).compile(FIELDS, references=REFERENCES)(fields)
    except NotCalculable:
        return Impossible


_exact = st.integers(-(10**6), 10**6).map(lambda pence: Decimal(pence).scaleb(-2))
_records = st.fixed_dictionaries(
    {
        "n": st.none() | st.integers(-5, 5),
        "m": st.none() | _exact,
        "d": st.none() | _exact,
        "t": st.none() | _words,
        "u": st.none() | _words,
        "on": st.none() | _dates,
        "at": st.none() | _datetimes,
        "until": st.none() | _datetimes,
        "yes": st.none() | st.booleans(),
    }
)


@settings(max_examples=400, deadline=None)
@given(_grown(), st.lists(_records, min_size=1, max_size=4))
def test_the_compiled_form_equals_the_interpreter(
    tree: Tree, records: list[dict[str, Any]]
) -> None:
    text = written(tree)
    assume(len(text) <= 500)
    for record in records:
        expected = interpreted(tree, record)
        found = compiled(text, record)
        event("blank" if expected is None else "impossible" if expected is Impossible else "value")
        assert found == expected, text
        assert isinstance(found, bool) == isinstance(expected, bool), text


def test_the_trees_use_every_function() -> None:
    made = Path(__file__).read_text("utf-8")
    named = {name for name in SHAPES if f'"{name}"' in made}
    # A list of members, a number of places and a test are written by the interpreter.
    assert named == set(SHAPES)
