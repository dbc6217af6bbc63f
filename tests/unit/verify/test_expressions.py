from datetime import date
from fractions import Fraction

import pytest

from deploy.verify.expressions import (
    Around,
    Moment,
    NotCalculable,
    NothingToDivideBy,
    NotInTheLanguage,
    Value,
    evaluate,
    names_in,
)

NAMES: dict[str, Value] = {
    "a": Fraction(7),
    "b": Fraction(2),
    "zero": Fraction(0),
    "gone": None,
    "ward": "Abbey",
    "received": Moment("2025-04-17T09:00:00"),
    "closed": Moment("2025-04-23T17:45:00"),
    "day": Moment("2025-04-23"),
    "yes": True,
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a / b", Fraction(7, 2)),
        ("-a + 0.1", Fraction(-69, 10)),
        ("percent(b, a)", Fraction(200, 7)),
        ("a + gone", None),
        ("gone > 1", False),
        ("gone == gone", False),
        ("1 < b <= 2", True),
        ("not (a > b and ward == 'Abbey')", False),
        ("a < b or yes", True),
        ("ward in ('Abbey', 'Old Town')", True),
        ("ward not in ('Abbey', 'Old Town')", False),
        ("gone in ('Abbey', 'Old Town')", False),
        ("days(received, closed)", Fraction(6)),
        ("working_days(received, closed)", Fraction(2)),
        ("working_days(received, gone)", None),
        ("month(closed) + year(closed)", Fraction(2029)),
        ("coalesce(gone, zero, a)", Fraction(0)),
        ("blank(gone) and not blank(a)", True),
        ("when(a > b, 'more', 'less')", "more"),
        ("when(blank(ward), a, b)", Fraction(2)),
        ("true and not false", True),
        ("gone + 1 / zero", None),
        ("not (gone > 1 / zero)", True),
        ("received < day", True),
        ("closed == day", True),
        ("closed in ('2025-04-23', '2025-05-01')", True),
        ("max(a, b) - min(a, b)", Fraction(5)),
        ("round(a / b, 0)", Fraction(4)),
        ("abs(b - a)", Fraction(5)),
        ("contains(ward, 'bb')", True),
        ("starts_with(ward, 'bb')", False),
        ("closed >= received", True),
        ("a if yes else b", Fraction(7)),
        ("rate(b, a, 1000)", Fraction(2000, 7)),
        ("rate(b, gone, 1000)", None),
        ("123456789012345678.123456789 - 123456789012345678", Fraction(123456789, 10**9)),
        ("age('2004-02-29', day)", Fraction(21)),
        ("months(received, closed)", Fraction(0)),
        ("hours(received, closed)", Fraction(15275, 100)),  # six days, eight and three quarters
        ("hours(day, closed)", Fraction(1775, 100)),
        ("hours(gone, closed)", None),
        ("hour(closed)", Fraction(17)),
        ("weekday(received)", Fraction(4)),
        ("weekday('2025-04-20')", Fraction(7)),
        ("financial_year('2025-03-31')", Fraction(2024)),
        ("financial_year('2025-04-01')", Fraction(2025)),
        ("academic_year('2025-08-31')", Fraction(2024)),
        ("academic_year(received)", Fraction(2024)),
        ("academic_year('2025-09-01')", Fraction(2025)),
        ("add_days(received, 6)", Moment("2025-04-23")),
        ("add_days(received, 6) == closed", True),
        ("add_working_days(received, 2)", Moment("2025-04-23")),
        ("add_months('2025-01-31', 1) == '2025-02-28'", True),
        ("add_months(gone, 1)", None),
        ("lower(ward)", "abbey"),
        ("lower(gone)", None),
        ("band(a, 8, 9)", "Under 8"),
        ("band(a, 7, 9)", "7 to 8"),
        ("band(a, 7, 8)", "7"),
        ("band(a, 5, 7)", "7 and over"),
        ("band(a + 0.9, 5, 7, 8)", "7"),
        ("band(a - 0.1, 5, 7)", "5 to 6"),
        ("band(gone, 5, 7)", None),
    ],
)
def test_an_expression_has_the_value_worked_out_by_hand(expression: str, value: Value) -> None:
    found = evaluate(expression, NAMES)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "expression", ["a / zero", "percent(a, zero)", "1 / (b - 2)", "rate(a, zero, 9)"]
)
def test_dividing_by_zero_is_not_calculable(expression: str) -> None:
    with pytest.raises(NothingToDivideBy):
        evaluate(expression, NAMES)


@pytest.mark.parametrize(
    "expression", ["a ** b", "ward.upper()", "open('x')", "[a][0]", "lambda: a"]
)
def test_what_is_not_in_the_language_is_not_evaluated(expression: str) -> None:
    with pytest.raises((NotInTheLanguage, KeyError)):
        evaluate(expression, NAMES)


def test_the_names_of_an_expression_do_not_hold_its_functions() -> None:
    assert names_in("percent(closed_in_10, max(closed, 1))") == {"closed_in_10", "closed"}


@pytest.mark.parametrize(
    "expression",
    ["add_days(day, 0.5)", "add_months(day, 5000)", "add_working_days('2199-12-31', 1)"],
)
def test_a_date_off_the_calendar_is_not_calculable_but_no_division(expression: str) -> None:
    with pytest.raises(NotCalculable) as raised:
        evaluate(expression, NAMES)
    assert not isinstance(raised.value, NothingToDivideBy)


def test_a_council_is_shut_on_its_closure_days() -> None:
    around = Around(frozenset({date(2025, 4, 23)}))
    assert evaluate("working_days(received, closed)", NAMES, around) == 1
    assert evaluate("add_working_days(received, 2)", NAMES, around) == "2025-04-24"


def test_what_is_looked_up_depends_on_every_key() -> None:
    around = Around(lookup=lambda dataset, field, key: f"{dataset}.{field}{list(key)}")
    assert evaluate("lookup('wards', ward, 'name')", NAMES, around) == "wards.name['Abbey']"
    assert evaluate("lookup('wards', ward, gone, 'name')", NAMES, around) is None
    with pytest.raises(NotInTheLanguage):
        evaluate("lookup('wards', ward, 'name')", NAMES)
