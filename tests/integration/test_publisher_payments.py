"""The payments behind a contract's and a scheme's spending: every one, once, and only while it is
under it."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.contracts.topics import RECORDS
from tests.integration.publisher_money import TODAY, record
from tests.integration.publisher_parcels import FixedClock
from tests.integration.publisher_service import Running, running

CALL = "/v1/finance/payments"


@pytest.fixture
def council(store_url: str) -> Iterator[Running]:
    """A publisher on either kind of store that was told of payments."""
    with running(store_url, clock=FixedClock(TODAY)) as run:
        run.catalogue()
        run.say(RECORDS, {f"general-ledger/{n}": payment(n) for n in range(1, 24)})
        yield run


def payment(number: int, contract: str | None = "CT/1", **more: Any) -> dict[str, Any]:
    told = {
        "number": str(number), "cost_centre": "W100", "subjective": "4010", "contract": contract,
        "date": f"2026-{number % 3 + 4:02}-10", "amount": "10.00", "supplier": "<b>Acme</b>",
    }  # fmt: skip
    return record("general-ledger", str(number), **(told | more))


def listed(council: Running, **asked: str) -> list[str]:
    """Every payment, page by page."""
    found: list[str] = []
    before: dict[str, str] = {}
    while True:
        page = council.get(CALL, limit="7", **asked, **before)
        found += [each["subject"] for each in page["payments"]]
        if page["next"] is None:
            return found
        before = {"before": page["next"]}


def test_every_payment_is_listed_once_the_newest_period_first(council: Running) -> None:
    found = listed(council, contract="CT/1")
    assert len(found) == len(set(found)) == 23
    periods = [council.get(CALL, contract="CT/1")["payments"][n]["period"] for n in (0, 22)]
    assert periods == [3, 1]


def test_a_payment_leaves_with_its_reference_and_with_its_record(council: Running) -> None:
    council.say(
        RECORDS,
        {
            "general-ledger/1": payment(1, "CT-2"),
            "general-ledger/2": payment(2, None),
            "general-ledger/3": None,
        },
    )
    left = listed(council, contract="CT/1")
    assert len(left) == 20
    assert not {"general-ledger/1", "general-ledger/2", "general-ledger/3"} & set(left)
    assert listed(council, contract="CT-2") == ["general-ledger/1"]


def test_a_schemes_payments_are_its_own(council: Running) -> None:
    told = {"number": "1", "scheme": "S1", "date": "2026-05-01", "amount": "7.00"}
    council.say(RECORDS, {"works/1": record("works", "1", contract="CT/1", **told)})
    assert listed(council, scheme="S1") == ["works/1"]
    assert "works/1" in listed(council, contract="CT/1")
    assert "£7.00" in council.page("/finance/payments?scheme=S1")


def test_the_page_shows_what_people_wrote_as_text(council: Running) -> None:
    page = council.page("/finance/payments?contract=CT%2F1")
    assert "&lt;b&gt;Acme&lt;/b&gt;" in page
    assert "<b>Acme" not in page
    assert "£10.00" in page
    assert "No payments are held" in council.page("/finance/payments?contract=nobody")


@pytest.mark.parametrize(
    "asked",
    [
        "", "?contract=a&scheme=b", "?contract=a&before=nonsense", "?contract=a&limit=0",
        "?contract=a&before=2026-27.1." + "x" * 290,
    ],
)  # fmt: skip
def test_what_is_not_asked_rightly_is_refused_in_words(council: Running, asked: str) -> None:
    answer = council.http.get(f"{CALL}{asked}")
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    if "limit" not in asked:
        council.page(f"/finance/payments{asked}", status=400)
