"""Attacks, slips of the pen and habits of other languages: each is refused, at its place."""

import sys

import pytest

from shared.catalogue.expressions import ExpressionError, NotCalculable, parse

FIELDS = {
    "received": "datetime",
    "paid": "date",
    "kind": "text",
    "cases": "integer",
    "amount": "money",
    "urgent": "boolean",
}

# The expression, the character at which it is refused, and words of the reason.
REFUSED = [
    # Reaching out of the language.
    ("__import__('os').system('id')", 1, "two underscores"),
    ("().__class__.__bases__[0].__subclasses__()", 3, "dot"),
    ("'{0.__class__}'.format(1)", 16, "dot"),
    ("kind.upper()", 5, "dot"),
    ("amount.real", 7, "dot"),
    ("kind[0]", 5, "square brackets"),
    ("open('/etc/passwd')", 1, "open is not a function"),
    ("globals()", 1, "globals is not a function"),
    ("exec('1')", 1, "exec is not a function"),
    ("eval('1')", 1, "eval is not a function"),
    ("getattr(kind, 'x')", 1, "getattr is not a function"),
    ("print(cases)", 1, "print is not a function"),
    ("cases(1)", 1, "cases is not a function"),
    ("__builtins__", 1, "two underscores"),
    ("lambda: 1", 1, "'lambda'"),
    ("[x for x in range(9)]", 1, "square brackets"),
    ("{7: 1}", 1, "curly brackets"),
    ("(cases := 1)", 8, "given names"),
    ("import os", 1, "'import'"),
    ("yield 1", 1, "'yield'"),
    ("await cases", 1, "'await'"),
    ("@cases", 1, "@"),
    ("`id`", 1, "`"),
    ("...", 1, "dot"),
    ("cases; 1", 6, ";"),
    ("abs(x=1)", 6, "'equal'"),
    ("abs(*cases)", 5, "not part of the language"),
    # Other kinds of text and number.
    ("f'{kind}'", 2, "missing before"),
    ("b'abc'", 2, "missing before"),
    ("'''a'''", 3, "missing before"),
    ("kind in 'noise' 'dogs'", 17, "missing before"),
    ("1e999", 1, "plain digits"),
    ("1e5", 1, "plain digits"),
    ("0x10", 1, "plain digits"),
    ("0b1", 1, "plain digits"),
    ("1_000", 1, "plain digits"),
    ("007", 1, "plain digits"),
    ("1.", 1, "plain digits"),
    ("1.2.3", 1, "plain digits"),
    ("5j", 1, "plain digits"),
    (".5", 1, "starts with a digit"),
    ("1" * 19, 1, "18 digits"),
    ("1.0123456789", 1, "9 after"),
    ("nan", 1, "'nan' is not known"),
    ("Infinity", 1, "'Infinity' is not known"),
    ("None", 1, "blank(x)"),
    ("cases == None", 10, "blank(x)"),
    # Without end or bound.
    ("9**9**9", 2, "powers"),
    ("cases ^ 2", 7, "powers"),
    ("'a'*1000000000", 1, "needs numbers"),
    ("1<<1000000000", 1, "only + - * and /"),
    ("(" * 200 + "1" + ")" * 200, 31, "nested"),
    ("[" * 200, 1, "square brackets"),
    ("abs(" * 60 + "1" + ")" * 60, 31 * 4, "nested"),
    ("-" * 5000 + "1", 501, "500 characters"),
    ("-" * 400 + "1", 31, "30 levels"),
    ("not " * 100 + "urgent", 121, "30 levels"),
    ("+".join("a" * 60), 1, "30 levels"),
    ("1 in(" + "1," * 240 + ")", 6, "200 parts"),
    ("cases" * 200_000, 501, "500 characters"),
    # Characters.
    ("١٢", 1, "U+0661"),
    ("（1＋1）", 1, "U+FF08"),
    ("\u0441ases", 1, "U+0441"),  # a Cyrillic letter that looks like c
    ("kind == 'caf\u00e9'", 13, "U+00E9"),
    ("cases\x00", 6, "U+0000"),
    ("cases\u200b", 6, "U+200B"),
    ("\ufeffcases", 1, "U+FEFF"),
    ("kind == '\ud800'", 10, "U+D800"),
    ("cases\n+1", 6, "one line"),
    ("cases\r", 6, "one line"),
    ("cases\t+ 1", 6, "space"),
    ('kind == "a\nb"', 11, "one line"),
    ("kind == 'a\\n'", 9, "backslash"),
    ("cases # all", 7, "comment"),
    # Other languages.
    ("=SUM(A1)", 1, "does not start with ="),
    ("+1+1", 1, "on its left"),
    ("cases = 1", 7, "'equal' is written =="),
    ("cases <> 1", 7, "!="),
    ("cases % 2", 7, "percent(part, whole)"),
    ("cases // 2", 7, "one /"),
    ("cases & 1", 7, "written and"),
    ("cases | 1", 7, "written or"),
    ("~cases", 1, "~"),
    ("!urgent", 1, "!"),
    ("cases is 1", 7, "'is'"),
    ("if(urgent, 1, 2)", 1, "when(condition, this, otherwise)"),
    ("{{7*7}}", 1, "curly"),
    ("'; DROP TABLE records; --", 1, "never closed"),
    ("SELECT 1 FROM records", 8, "missing before"),
    # Not complete, or out of order.
    ("", 1, "empty"),
    ("   ", 1, "empty"),
    ("cases +", 7, "not complete"),
    ("* cases", 1, "not in order"),
    ("cases cases", 7, "missing before"),
    ("1(2)", 2, "missing before"),
    ("(cases", 1, "never closed"),
    ("cases)", 6, "never opened"),
    ("()", 1, "not part of the language"),
    ("(1, 2)", 1, "not part of the language"),
    ("cases, 1", 1, "not part of the language"),
    ("kind == 'unclosed", 9, "never closed"),
    ("cases if urgent", 1, "not complete"),
    # Kinds that do not fit.
    ("'text'", 1, "a number is needed"),
    ("true + 1", 1, "true or false"),
    ("-urgent", 2, "true or false"),
    ("kind + 1", 1, "a text"),
    ("received + 1", 1, "a date with time"),
    ("kind > 3", 8, "a text and a number"),
    ("kind == paid", 9, "a text and a date"),
    ("urgent > true", 1, "no order"),
    ("not cases", 5, "a condition"),
    ("cases and 1", 11, "a condition"),
    ("when(cases, 1, 2)", 6, "a condition"),
    ("when(urgent, 1, 'a')", 17, "a number and a text"),
    ("days(kind, paid)", 6, "a date is needed"),
    ("days(paid, '31/03/2025')", 12, '"2025-09-30"'),
    ('days(paid, "2025-02-29")', 12, '"2025-09-30"'),
    ("days(paid)", 1, "days(from, to)"),
    ("days + 1", 1, "days(from, to)"),
    ("round(amount, -1)", 15, "0 to 9"),
    ("round(amount, 10)", 15, "0 to 9"),
    ("round(amount, cases)", 15, "0 to 9"),
    ("min(cases)", 1, "min(this, that)"),
    ("abs()", 1, "abs(number)"),
    ("kind in ()", 9, "empty"),
    ("kind in kind", 9, "list of values"),
    ("kind in (kind, 'a')", 10, "list of values"),
    ("cases in (1, 'a')", 14, "a number and a text"),
    ("kind in ('a') in ('b')", 1, "chained"),
    ("contains(cases, 'a')", 10, "a text is needed"),
    ("casess + 1", 1, "did you mean 'cases'"),
    ("percentage(cases, 1)", 1, "did you mean percent"),
    # Looking where nothing is to be seen: names are written out, and only where records are.
    ("lookup(kind, cases, 'a')", 8, "a quoted name is needed"),
    ("lookup('wards', cases, kind)", 24, "a quoted name is needed"),
    ("lookup('wa' + 'rds', cases, 'a')", 8, "needs numbers"),
    ("lookup(when(urgent, 'a', 'b'), cases, 'a')", 8, "a quoted name is needed"),
    ("lookup(lookup('a', cases, 'b'), cases, 'a')", 8, "a quoted name is needed"),
    ("lookup(1, cases, 'a')", 8, "a quoted name is needed"),
    ("lookup('wards', 'a')", 1, "lookup("),
    ("lookup('wards'" + ", 1" * 12 + ", 'a')", 1, "lookup("),
    ("lookup('__class__', cases, '__dict__')", 8, "filters, amounts and derived fields"),
    ("lookup('../../etc', cases, 'passwd')", 8, "filters, amounts and derived fields"),
    ("lookup.wards", 7, "dot"),
    # Bands without number, order or end.
    ("band(cases, 65, 18)", 17, "each above the one before"),
    ("band(cases, 18, 18)", 17, "each above the one before"),
    ("band(cases, 18.5)", 13, "whole numbers"),
    ("band(cases, -5, 5)", 13, "whole numbers"),
    ("band(cases, cases)", 13, "whole numbers"),
    ("band(cases, true)", 13, "whole numbers"),
    ("band(cases, 1 + 1)", 13, "whole numbers"),
    ("band(cases, '18')", 13, "whole numbers"),
    ("band(cases)", 1, "band(number, 18, 65)"),
    ("band(cases" + "".join(f",{n}" for n in range(101)) + ")", 1, "band(number, 18, 65)"),
    ("band(cases" + "".join(f",{n}" for n in range(1000)) + ")", 501, "500 characters"),
    ("band(cases, 1234567890123456789)", 13, "18 digits"),
    ("band(cases, 18) * 2", 1, "a text"),
    # Dates that are none, or have no time.
    ("hour(paid)", 6, "a date with time is needed"),
    ("hour('2025-09-14')", 6, "a date with time is needed"),
    ("hours(received)", 1, "hours(from, to)"),
    ("hours(received, 'now')", 17, '"2025-09-30"'),
    ("age('14/09/2000', paid)", 5, '"2025-09-30"'),
    ("age(cases, paid)", 5, "a date is needed"),
    ("months(paid, kind)", 14, "a date is needed"),
    ("weekday('2025-02-30')", 9, '"2025-09-30"'),
    ("financial_year('2025-26')", 16, '"2025-09-30"'),
    ("add_days(paid, kind)", 16, "a number is needed"),
    ("add_days(paid, paid)", 16, "a number is needed"),
    ("add_months(cases, 1)", 12, "a date is needed"),
    ("add_days(paid, 1)", 1, "this is a date"),
    ("add_working_days(paid)", 1, "add_working_days(date, days)"),
    ("add_days(" * 30 + "paid" + ", 1)" * 30, 9 * 29 + 1, "30 levels"),
    ("today()", 1, "today is not a function"),
    ("now() - received", 1, "now is not a function"),
    ("period_end(cases)", 12, "a text is needed"),
    ("period_end(paid)", 12, "a text is needed"),
    ("period_end(2025)", 12, "a text is needed"),
    ("period_end('2025-26', 'Q1')", 1, "period_end(label)"),
    ("period_end('2025/26')", 1, "this is a date"),
    ("month_of(paid)", 10, "a text is needed"),
    ("month_of('2025-26', 'P01')", 1, "month_of(period)"),
    ("month_of('2025-26-P01')", 1, "this is a date"),
    ("rate(cases, 4)", 1, "rate(part, whole, per)"),
    ("lower(cases)", 7, "a text is needed"),
    ("upper(kind) == 'A'", 1, "upper is not a function"),
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("text", "position", "reason"), REFUSED, ids=[ascii(text)[:40] for text, _, _ in REFUSED]
)
def test_is_refused_at_its_place_in_plain_words(text: str, position: int, reason: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text).check(FIELDS, "number")
    assert reason in refusal.value.message
    assert refusal.value.position == position
    assert len(refusal.value.message) < 200


def test_the_corpus_is_large_enough_and_says_each_thing_once() -> None:
    texts = [text for text, _, _ in REFUSED]
    assert len(texts) == len(set(texts)) >= 60


def test_an_expression_that_is_no_text_is_refused() -> None:
    with pytest.raises(ExpressionError, match="a text"):
        parse(5)  # type: ignore[arg-type]


def work(text: str) -> int:
    """How many calls of functions it takes to refuse a text, however fast the machine."""
    calls = 0

    def count(_frame: object, happened: str, _detail: object) -> None:
        nonlocal calls
        calls += happened in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        parse(text).check(FIELDS, "number")
    except ExpressionError:
        pass
    finally:
        sys.setprofile(before)
    return calls


def test_nothing_is_refused_only_after_much_work() -> None:
    texts = [text for text, _, _ in REFUSED]
    texts += ["(" * 250 + ")" * 250, "1 if true else " * 33 + "1", "a in (" * 80, "not " * 124]
    texts += ["lookup('a', " * 30 + "1" + ", 'b')" * 30, "min(" * 29 + "1,1" + ",1)" * 28 + ")"]
    for text in texts:
        # Spaces make it a text of its own: nothing is remembered from another test.
        assert work(f"{text}  ") < 20_000, text


def test_what_grows_without_bound_is_not_calculable_and_not_refused() -> None:
    nines = "9" * 18
    for text in (
        f"days(paid, add_days(paid, {nines}))",
        f"days(paid, add_working_days(paid, {nines}))",
        f"days(paid, add_months(paid, {nines}))",
        f"rate({nines}, 0.000000001, {nines})",
        f"{nines} * {nines}",
        *("months(paid, add_days(paid, 0.5))", "age(add_days(paid, 0 - 200000), paid)"),
    ):
        value = parse(text).compile(FIELDS, "number")
        with pytest.raises(NotCalculable):
            value({"paid": "2025-09-14"})


@pytest.mark.parametrize("text", ["kind == ({}", "when({}", "({}) > (", "{} if"])
@pytest.mark.timeout(20)
def test_deep_texts_that_do_not_close_are_refused_without_a_long_search(text: str) -> None:
    for filling in ("(" * 29, "abs(" * 29, "not " * 100, "-" * 300, "1 if true else " * 30):
        with pytest.raises(ExpressionError):
            parse(text.format(filling))


def test_what_is_just_inside_the_bounds_is_accepted() -> None:
    assert parse("1" * 18).compile({})({}) == int("1" * 18)
    assert parse("+".join(["1"] * 29)).compile({})({}) == 29
    assert parse("(" * 30 + "1" + ")" * 30).compile({})({}) == 1
    assert parse("abs(" * 28 + "0 - 1" + ")" * 28).compile({})({}) == 1
    assert parse("not " * 28 + "true").compile({})({}) is True
    assert parse(f"kind == '{'a' * 489}'").compile(FIELDS)({"kind": "a" * 489}) is True
