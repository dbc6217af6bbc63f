"""What records contribute to measures."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.expressions import ExpressionError
from shared.catalogue.model import Dataset, Field, Measure
from shared.catalogue.references import text_of

TYPES = {
    "kind": "text",
    "ward": "integer",
    "urgent": "boolean",
    "received": "datetime",
    "closed": "datetime",
    "paid": "date",
    "amount": "money",
    "hours": "decimal",
}
REQUESTS = Dataset(
    code="requests",
    title="Requests",
    key=["kind"],
    fields=[Field(name=name, type=kind) for name, kind in TYPES.items()],  # type: ignore[arg-type]
)
RECORD: dict[str, Any] = {
    "kind": "Noise Request",
    "ward": 27,
    "urgent": False,
    "received": "2025-03-31T23:59:59",
    "closed": "2025-04-14T00:00:00",
    "paid": "2025-04-01",
    "amount": "-12.50",
    "hours": "1.25",
}


def compiled(*breakdowns: str, **definition: Any) -> CompiledMeasure:
    measure = Measure(code="m", dataset="requests", **definition)
    return CompiledMeasure(measure, REQUESTS, breakdowns, ["2025-04-07"])


def given_record(measure: CompiledMeasure, **fields: Any) -> list[Any]:
    return measure.contributions({**RECORD, **fields})


def test_a_count_falls_in_the_month_of_its_date() -> None:
    received = compiled(aggregate="count", date="received")
    assert given_record(received) == [("2025-03", 1, 0)]
    assert given_record(received, received=None) == []
    assert received.contributions({}) == []


def test_a_filter_decides_what_counts() -> None:
    in_time = compiled(
        aggregate="count",
        date="closed",
        where="closed >= received and working_days(received, closed) <= 9",
    )
    # Ten weekdays, less the closure day.
    assert given_record(in_time) == [("2025-04", 1, 0)]
    assert given_record(in_time, closed="2025-04-15T00:00:00") == []
    assert given_record(in_time, closed="2025-03-30T00:00:00") == []
    assert given_record(in_time, received=None) == []


def test_a_sum_adds_exact_amounts() -> None:
    spend = compiled(aggregate="sum", of="amount", date="paid")
    assert given_record(spend) == [("2025-04", 1, Decimal("-12.50"))]
    assert given_record(spend, amount=None) == []
    days = compiled(aggregate="mean", of="days(received, closed)", date="closed")
    assert given_record(days) == [("2025-04", 1, 14)]
    assert given_record(days, received=None) == []


def test_a_filter_and_an_amount_with_decimals_of_their_own_do_not_mix() -> None:
    measure = compiled(
        aggregate="sum", of="hours * 1.5 + hours / 2.5", date="paid", where="hours < 1.3"
    )
    assert given_record(measure) == [("2025-04", 1, Decimal("2.375"))]


def test_an_amount_is_kept_to_nine_places_so_that_any_order_of_adding_gives_one_sum() -> None:
    thirds = compiled(aggregate="sum", of="hours / 3", date="paid")
    assert given_record(thirds, hours="1") == [("2025-04", 1, Decimal("0.333333333"))]
    plain = compiled(aggregate="sum", of="hours", date="paid")
    assert given_record(plain, hours="0.1234567894") == [("2025-04", 1, Decimal("0.123456789"))]


def test_an_amount_that_cannot_be_calculated_contributes_nothing() -> None:
    ratio = compiled(aggregate="sum", of="amount / hours", date="paid")
    assert given_record(ratio, hours="0") == []
    assert given_record(ratio, hours="0.000000001", amount="999999999999.00") == []


def test_an_open_case_is_added_when_opened_and_taken_away_when_closed() -> None:
    stock = compiled(aggregate="open", opened="received", closed="closed")
    assert given_record(stock) == [("2025-03", 1, 0), ("2025-04", 0, 1)]
    assert given_record(stock, closed=None) == [("2025-03", 1, 0)]
    assert given_record(stock, received=None) == []


def test_a_stock_may_be_of_some_cases_only() -> None:
    urgent = compiled(aggregate="open", opened="received", closed="closed", where="urgent")
    assert given_record(urgent) == []
    assert given_record(urgent, urgent=True) == [("2025-03", 1, 0), ("2025-04", 0, 1)]


def test_a_case_closed_before_it_was_opened_was_never_open_at_a_months_end() -> None:
    stock = compiled(aggregate="open", opened="received", closed="closed")
    assert given_record(stock, closed="2024-01-01T00:00:00") == [
        *(("2025-03", 1, 0), ("2025-03", 0, 1)),
    ]


def test_dates_outside_the_calendar_are_no_dates() -> None:
    received = compiled(aggregate="count", date="received")
    for moment in ("1899-12-31T00:00:00", "9999-12-31T00:00:00", "0001-01-01T00:00:00"):
        assert given_record(received, received=moment) == []
    stock = compiled(aggregate="open", opened="received", closed="closed")
    assert given_record(stock, closed="9999-12-31T00:00:00") == [("2025-03", 1, 0)]


@pytest.mark.parametrize(
    "fields", [{"hours": "many"}, {"hours": True}, {"paid": 20250401}, {"hours": "NaN"}]
)
def test_a_record_that_fits_the_contract_no_longer_contributes_nothing(
    fields: dict[str, Any],
) -> None:
    measure = compiled(aggregate="sum", of="hours", date="paid", where="hours > 1")
    assert given_record(measure, **fields) == []


def test_members_are_named_from_all_down() -> None:
    measure = compiled("ward", "kind", "urgent", aggregate="count", date="paid")
    assert measure.members(RECORD) == ("all", "ward=27", "kind=Noise%20Request", "urgent=false")
    assert measure.members({}) == ("all", "ward=", "kind=", "urgent=")
    assert measure.members({**RECORD, "kind": "a/b=ĉ%", "urgent": True})[2:] == (
        *("kind=a%2Fb%3D%C4%89%25", "urgent=true"),
    )
    assert compiled(aggregate="count", date="paid").members(RECORD) == ("all",)


def test_a_members_text_is_plain() -> None:
    assert [text_of(each) for each in (None, "", "a", 0, True, False)] == [
        *("", "", "a", "0", "true", "false"),
    ]


def test_a_measure_knows_the_fields_that_it_looks_at() -> None:
    measure = compiled(
        "ward", aggregate="sum", of="hours + 1", date="paid", where="contains(kind, 'closed')"
    )
    assert measure.uses == {"ward", "hours", "paid", "kind"}


def test_what_the_dataset_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no field 'town'"):
        compiled("town", aggregate="count", date="paid")
    with pytest.raises(ValueError, match="no field 'sent'"):
        compiled(aggregate="count", date="sent")
    with pytest.raises(ExpressionError, match="'town' is not known"):
        compiled(aggregate="count", date="paid", where="town == 'a'")


moments = st.datetimes(datetime(2023, 1, 1), datetime(2025, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
cases = st.lists(st.tuples(moments, st.none() | moments), max_size=20)


@given(cases)
def test_the_stock_at_a_months_end_is_what_a_look_at_every_case_finds(
    records: list[tuple[datetime, datetime | None]],
) -> None:
    stock = compiled(aggregate="open", opened="received", closed="closed")
    months: Counter[str] = Counter()
    for opened, closed in records:
        fields = {
            "received": opened.isoformat(),
            "closed": closed.isoformat() if closed else None,
        }
        for month, came, left in stock.contributions(fields):
            months[month] += came - int(left)
    for number in range(2023 * 12, 2026 * 12):
        code = f"{number // 12}-{number % 12 + 1:02}"
        end = datetime((number + 1) // 12, (number + 1) % 12 + 1, 1) - timedelta(seconds=1)
        still_open = sum(
            opened <= end and (closed is None or max(opened, closed) > end)
            for opened, closed in records
        )
        assert sum(count for each, count in months.items() if each <= code) == still_open
