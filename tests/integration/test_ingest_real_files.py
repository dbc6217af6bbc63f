"""Two published extracts, byte for byte, through their contracts."""

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.data import real_file
from tests.integration.ingest_service import Ingest, catalogue, counts, running

REQUESTS = "environmental-protection-requests"
CARDS = "card-transactions"


@pytest.fixture(scope="module")
def ingest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingest]:
    folder = tmp_path_factory.mktemp("ingest")
    with running(f"sqlite:///{folder / 'store.db'}") as started:
        document = catalogue("environmental-protection", "card-transactions")
        response = started.apply(document)
        assert response.status_code == 200, response.text
        yield started


@pytest.fixture(scope="module")
def requests() -> Path:
    return real_file("banes/environmental_protection_service_requests.csv")


@pytest.fixture(scope="module")
def cards() -> Path:
    return real_file("trafford/gpc_transactions_2024-25.csv")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def held(ingest: Ingest, dataset: str) -> dict[str, dict[str, str]]:
    records = ingest.records()
    return {key: fields for key, fields in records.items() if key.startswith(f"{dataset}/")}


def test_service_requests_go_in_whole_and_again_at_no_cost(ingest: Ingest, requests: Path) -> None:
    raw = requests.read_bytes()
    assert counts(ingest.upload(raw, REQUESTS)) == (5_000, 0, 0, 0)
    before = len(ingest.events())
    assert counts(ingest.upload(raw, REQUESTS)) == (0, 5_000, 0, 0)
    assert len(ingest.events()) == before

    rows = read(requests)
    records = held(ingest, REQUESTS)
    assert len(records) == 5_000
    assert sum(1 for each in records.values() if each["closed"] is None) == 76
    assert sum(1 for each in records.values() if (each["closed"] or "9") < each["received"]) >= 1
    assert sum(1 for each in records.values() if each["type"] is None) == sum(
        1 for row in rows if not row["Type"].strip()
    )
    assert Counter(each["ward"] for each in records.values()) == Counter(
        row["Ward"] or None for row in rows
    )
    for row in rows:
        day, month, rest = row["ReceivedDate"].split("/")
        year, clock, half = rest.split(" ")
        hour, minute, second = clock.split(":")
        hour24 = int(hour) % 12 + (12 if half == "PM" else 0)
        assert records[f"{REQUESTS}/{row['Ref']}"]["received"] == (
            f"{year}-{month}-{day}T{hour24:02}:{minute}:{second}"
        )


def test_a_corrected_closing_date_is_one_event(ingest: Ingest, requests: Path) -> None:
    ingest.upload(requests.read_bytes(), REQUESTS)
    before = len(ingest.events())
    corrected = requests.read_text().replace("21/11/2019 12:00:00 AM", "22/11/2019 12:00:00 AM", 1)
    assert counts(ingest.upload(corrected, REQUESTS)) == (1, 4_999, 0, 0)
    assert len(ingest.events()) == before + 1
    assert counts(ingest.upload(requests.read_bytes(), REQUESTS)) == (1, 4_999, 0, 0)


def test_card_transactions_without_an_id_are_compared_as_a_multiset(
    ingest: Ingest, cards: Path
) -> None:
    raw = cards.read_bytes()
    assert counts(ingest.upload(raw, CARDS)) == (8_134, 0, 0, 0)
    before = len(ingest.events())
    assert counts(ingest.upload(raw, CARDS)) == (0, 8_134, 0, 0)
    assert len(ingest.events()) == before

    rows = read(cards)
    records = held(ingest, CARDS)
    assert sum(Decimal(each["amount"]) for each in records.values()) == sum(
        Decimal(row["Amount"]) for row in rows
    )
    assert all("beneficiary" not in name for each in records.values() for name in each)
    names = {row["BeneficiaryName"].encode() for row in rows}
    assert not any(name in bytes(event.data) for event in ingest.events() for name in names)

    # One of two equal rows disappears: exactly one record goes.
    lines = cards.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    shorter = "".join(lines[:1] + lines[2:])
    assert counts(ingest.upload(shorter, CARDS)) == (0, 8_133, 0, 1)
    assert counts(ingest.upload(raw, CARDS)) == (1, 8_133, 0, 0)
