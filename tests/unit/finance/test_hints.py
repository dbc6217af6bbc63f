"""Payments that somebody should look at, by hand."""

from typing import Any

import pytest

from services.finance.domain.hints import MOST
from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed, Said

Json = dict[str, Any]
LEDGER: Json = {
    "code": "paid", "dataset": "payments", "unit": "unit", "date": "on", "amount": "amount",
    "supplier": "to", "duplicate_days": 10, "split_from": "500", "redacted": ["Redacted  Person"],
}  # fmt: skip


def pay(
    key: str,
    amount: str | None,
    on: str | None = "2025-05-01",
    to: str | None = "Acme Ltd",
    **f: Any,
) -> dict[str, Json]:
    fields = {"unit": "Parks", "on": on, "amount": amount, "to": to} | f
    return {f"payments/{key}": {"dataset": "payments", "key": key, "fields": fields}}


def define(finance: Fed, **changes: Any) -> None:
    finance.say(CATALOGUE, {"ledger/paid": LEDGER | changes})


def hints(finance: Fed, kind: str = "duplicate") -> list[str]:
    """The hints of a kind, each as the keys of its payments in their order."""
    return sorted(
        " ".join(record.removeprefix("payments/") for record in state["records"])
        for subject, state in finance.states().items()
        if subject.startswith(f"hint/paid/{kind}/")
    )


def numbered(*payments: tuple[Any, ...]) -> dict[str, Json]:
    return {s: r for key, each in enumerate(payments) for s, r in pay(str(key), *each).items()}


@pytest.mark.parametrize(
    ("payments", "found"),
    [
        ([("7.00",), ("7.00", "2025-05-11", " ACME  ltd")], ["0 1"]),
        ([("7.00",), ("7.00", "2025-05-12")], []),
        # Each within ten days of the one before, though the first and the last are not.
        ([("7.00",), ("7.00", "2025-05-19"), ("7.00", "2025-05-10")], ["0 2 1"]),
        ([("7.00", f"2025-05-{day:02}") for day in (1, 2, 20, 21)], ["0 1", "2 3"]),
        ([("7.00", "2025-12-31T23:00:00"), ("7.00", "2026-01-01")], ["0 1"]),
        ([("7.00",), ("7.01",)], []),
        ([("7.00",), ("7",)], ["0 1"]),
        ([("7.00",), ("7.00", "2025-05-01", "Acme")], []),
        ([("-7.00",), ("-7.00",)], []),
        ([("0.00",), ("0.00",)], []),
        ([("7.005",), ("7.005",)], []),
        ([("7.00", None), ("7.00", None)], []),
        ([("7.00", "2025-02-30"), ("7.00", "2025-02-30")], []),
        ([(None,), (None,)], []),
        ([("7.00", "2025-05-01", name) for name in (" redacted person", "REDACTED PERSON")], []),
        ([("7.00", "2025-05-01", name) for name in (" ", " ", None, None)], []),
    ],
)
def test_the_same_amount_to_the_same_supplier_soon_after_may_be_a_duplicate(
    finance: Fed, payments: list[tuple[Any, ...]], found: list[str]
) -> None:
    define(finance)
    finance.say(RECORDS, numbered(*payments))
    assert hints(finance) == found


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [("N1", "N1", ["0 1"]), ("N1", " N1 ", ["0 1"]), ("N1", "N2", []), ("N1", None, []),
     (None, None, []), (" ", "", [])],
)  # fmt: skip
def test_where_there_are_invoices_a_duplicate_is_of_one_invoice(
    finance: Fed, first: str | None, second: str | None, found: list[str]
) -> None:
    define(finance, invoice="invoice")
    finance.say(RECORDS, pay("0", "7.00", invoice=first) | pay("1", "7.00", invoice=second))
    assert hints(finance) == found


@pytest.mark.parametrize(
    ("payments", "found"),
    [
        ([("499.99",), ("0.01",)], ["0 1"]),
        ([("499.98",), ("0.01",)], []),
        ([("500.00",), ("300.00",)], []),
        ([("500.00",), ("300.00",), ("200.00",)], ["1 2"]),
        ([("300.00",), ("300.00", "2025-05-02")], []),
        ([("300.00",), ("310.00", "2025-05-01", "Other")], []),
        ([("300.00",), ("310.00",), ("-200.00",)], ["0 1"]),
    ],
)
def test_payments_that_stay_below_a_limit_only_one_by_one_may_be_split(
    finance: Fed, payments: list[tuple[Any, ...]], found: list[str]
) -> None:
    define(finance)
    finance.say(RECORDS, numbered(*payments))
    assert hints(finance, "split") == found


def test_a_purchase_is_split_within_one_unit_alone(finance: Fed) -> None:
    define(finance)
    finance.say(RECORDS, pay("0", "300.00") | pay("1", "310.00", unit="Roads"))
    assert hints(finance, "split") == []
    finance.say(RECORDS, pay("1", "310.00"))
    assert hints(finance, "split") == ["0 1"]


def test_a_hint_says_what_it_is_about(finance: Fed) -> None:
    define(finance)
    finance.say(RECORDS, pay("a", "300.00") | pay("b", "300.00", "2025-05-01"))
    finance.say(RECORDS, pay("c", "300.00", "2025-05-03", unit="Roads"))
    (duplicate,) = [s for s in finance.states().values() if s.get("hint") == "duplicate"]
    assert duplicate | {"kind": "hint"} == {
        "kind": "hint",
        "ledger": "paid", "hint": "duplicate", "each_pence": 30000, "total_pence": 90000,
        "records": ["payments/a", "payments/b", "payments/c"], "first": "2025-05-01",
        "last": "2025-05-03",
    }  # fmt: skip
    (split,) = [s for s in finance.states().values() if s.get("hint") == "split"]
    assert split | {"kind": "hint"} == {
        "kind": "hint",
        "ledger": "paid", "hint": "split", "total_pence": 60000, "unit": "Parks",
        "records": ["payments/a", "payments/b"], "first": "2025-05-01", "last": "2025-05-01",
    }  # fmt: skip


def test_runs_join_and_part_as_payments_come_and_go(finance: Fed) -> None:
    define(finance)
    days = ("2025-05-01", "2025-05-09", "2025-05-25", "2025-06-01")
    finance.say(RECORDS, numbered(*(("7.00", day) for day in days)))
    assert hints(finance) == ["0 1", "2 3"]
    finance.say(RECORDS, pay("between", "7.00", "2025-05-17"))
    assert hints(finance) == ["0 1 between 2 3"]
    finance.say(RECORDS, pay("between", "8.00", "2025-05-17"))
    assert hints(finance) == ["0 1", "2 3"]
    finance.say(RECORDS, {"payments/0": None})
    assert hints(finance) == ["2 3"]
    finance.say(RECORDS, {"payments/3": None, "payments/2": None})
    assert hints(finance) == []


def test_a_run_is_named_by_its_first_payment_however_it_came_to_be(finance: Fed) -> None:
    define(finance)
    finance.say(RECORDS, pay("b", "7.00", "2025-05-02") | pay("c", "7.00", "2025-05-03"))
    finance.say(RECORDS, pay("a", "7.00", "2025-05-01"))
    after = set(finance.states())
    finance.forget()
    define(finance)
    finance.say(RECORDS, pay("a", "7.00") | pay("c", "7.00", "2025-05-03"))
    finance.say(RECORDS, pay("b", "7.00", "2025-05-02"))
    assert set(finance.states()) == after
    assert hints(finance) == ["a b c"]


def test_a_change_of_one_run_leaves_the_others_of_its_supplier_alone(finance: Fed) -> None:
    define(finance)
    finance.say(
        RECORDS, numbered(*(("7.00", f"2025-{m:02}-{d:02}") for m in (1, 4) for d in (1, 2)))
    )
    finance.say(RECORDS, pay("new", "7.00", "2025-04-05"))
    versions = sorted(v for s, (v, *_) in finance.owned().items() if s.startswith("hint/"))
    assert versions == [1, 2]


def test_a_run_that_nobody_would_look_at_is_no_hint_until_it_is_short_enough(
    finance: Fed,
) -> None:
    define(finance)
    standing = [
        ("7.00", f"20{year}-{month:02}-{day:02}")
        for year in range(10, 26)
        for month in range(1, 13)
        for day in (1, 9, 17, 25)
    ][: MOST + 1]
    finance.say(RECORDS, numbered(*standing))
    assert hints(finance) == []
    finance.say(RECORDS, {f"payments/{MOST}": None})
    assert [len(hint.split()) for hint in hints(finance)] == [MOST]
    # Cut in the middle: eighteen days lie between what is left.
    finance.say(RECORDS, {"payments/200": None, "payments/201": None})
    assert [len(hint.split()) for hint in hints(finance)] == [200, MOST - 202]
    finance.say(RECORDS, numbered(*standing))
    assert hints(finance) == []
    assert finance.rebuild() == 0


def test_two_ledgers_over_the_same_payments_keep_their_own_hints(finance: Fed) -> None:
    define(finance)
    finance.say(CATALOGUE, {"ledger/other": LEDGER | {"code": "other", "duplicate_days": 0}})
    finance.say(RECORDS, pay("0", "7.00") | pay("1", "7.00", "2025-05-02"))
    assert hints(finance) == ["0 1"]
    assert not any(subject.startswith("hint/other") for subject in finance.states())
    finance.say(RECORDS, pay("1", "7.00"))
    assert sum(subject.startswith("hint/other") for subject in finance.states()) == 1


def test_a_ledger_that_says_otherwise_is_hinted_at_anew(finance: Fed) -> None:
    define(finance, supplier=None, split_from=None)
    finance.say(RECORDS, pay("0", "300.00") | pay("1", "300.00", "2025-05-01"))
    assert not any(subject.startswith("hint/") for subject in finance.states())
    define(finance)
    assert (hints(finance), hints(finance, "split")) == (["0 1"], ["0 1"])
    define(finance, redacted=["acme ltd"])
    assert not any(subject.startswith("hint/") for subject in finance.states())


def test_a_hint_names_the_newest_change_that_moved_it(finance: Fed) -> None:
    define(finance)
    late = "2026-01-05T08:30:00.000+00:00"
    events = [*pay("0", "7.00").items(), *pay("1", "7.00").items()]
    finance.feed(
        [
            Said(RECORDS, subject, 1, state, origin, batch)
            for (subject, state), origin, batch in zip(
                events, (late, "2026-01-05T08:10:00.000+00:00"), ("last", "first"), strict=True
            )
        ]
    )
    ((_, _, *cause),) = [v for s, v in finance.owned().items() if s.startswith("hint/")]
    assert cause == ["last", late]
    define(finance, duplicate_days=11)
    assert finance.rebuild() == 0
