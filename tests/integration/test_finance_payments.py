"""What hints compare is kept and read alike in either store."""

import pytest

from services.finance.domain.hints import MOST
from services.finance.store.repository import PaymentRow, Payments
from shared.db.migrate import migrate
from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.pages import PAGE_ROWS
from tests.conftest import STORES


def row(number: int, near: str | None = None, together: str | None = None) -> PaymentRow:
    return PaymentRow(
        "paid", f"payments/{number:05}", near, together, f"2025-05-{1 + number % 28:02}", 700, ""
    )


@pytest.mark.parametrize("kind", STORES)
def test_payments_are_kept_found_by_their_marks_and_forgotten(
    request: pytest.FixtureRequest, kind: str
) -> None:
    store = Store(request.getfixturevalue(f"{kind}_url"), "finance")
    migrate(store)

    def use(tx: Tx) -> None:
        payments = Payments(tx)
        payments.keep([row(1, "a", "x"), row(2, "b"), row(3, None, "x")])
        payments.keep([row(2, "a")])
        assert {each.record for each in payments.of("near", ["a", "z"])} == {
            "payments/00001", "payments/00002",
        }  # fmt: skip
        assert sorted(payments.of("together", ["x"])) == [row(1, "a", "x"), row(3, None, "x")]
        assert list(payments.of("near", [])) == []
        payments.forget("another", ["payments/00001"])
        payments.forget("paid", ["payments/00001", "payments/00009"])
        assert list(payments.all_by("near")) == [row(2, "a")]
        assert list(payments.all_by("together")) == [row(3, None, "x")]
        payments.forget_all()
        assert list(payments.all_by("near")) == []

    try:
        store.write_now(use)
    finally:
        store.close()


@pytest.mark.parametrize("kind", STORES)
def test_all_payments_come_by_their_mark_and_day_however_many_they_are(
    request: pytest.FixtureRequest, kind: str
) -> None:
    store = Store(request.getfixturevalue(f"{kind}_url"), "finance")
    migrate(store)
    rows = [row(number, "ab"[number % 2]) for number in range(PAGE_ROWS + MOST)]

    def use(tx: Tx) -> None:
        payments = Payments(tx)
        payments.keep(rows)
        in_order = sorted(rows, key=lambda each: (each.near, each.day, each.record))
        assert list(payments.all_by("near")) == in_order
        assert payments.causes([each.record for each in rows]) == {}

    try:
        store.write_now(use)
    finally:
        store.close()
