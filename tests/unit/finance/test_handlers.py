"""The finance service says what its records come to, and only what changed."""

from typing import Any

from structlog.testing import capture_logs

from services.finance.metrics import AMOUNTS_REFUSED
from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed, Said
from tests.unit.finance.ledgers import CARDS, SUPPLIERS

LATE = "2026-01-05T08:30:00.000+00:00"


def record(
    key: str, amount: Any, *, unit: str | None = "Parks", paid: str | None = "2025-03-28"
) -> dict[str, Any]:
    fields = {"unit": unit, "paid": paid, "amount": amount, "beneficiary": "Acme"}
    return {"dataset": "card-transactions", "key": key, "fields": fields}


def records(*found: dict[str, Any]) -> dict[str, dict[str, Any] | None]:
    return {f"card-transactions/{each['key']}": each for each in found}


def define(finance: Fed, *ledgers: dict[str, str], **cause: str) -> None:
    finance.say(CATALOGUE, {f"ledger/{each['code']}": each for each in ledgers}, **cause)


def test_records_of_a_ledger_become_spend_by_unit_and_month(finance: Fed) -> None:
    define(finance, CARDS)
    finance.say(
        RECORDS,
        records(
            record("1", "12.50"),
            record("2", "-2.50"),
            record("3", "0.01", paid="2025-04-01"),
            record("4", "7.00", unit="Street/Scene"),
        ),
    )
    assert finance.states() == {
        "spend/cards/Parks/2025-03": {
            "ledger": "cards", "unit": "Parks", "month": "2025-03", "spend_pence": 1250,
            "credits_pence": 250, "net_pence": 1000, "transactions": 2, "kind": "spend",
        },
        "spend/cards/Parks/2025-04": {
            "ledger": "cards", "unit": "Parks", "month": "2025-04", "spend_pence": 1,
            "credits_pence": 0, "net_pence": 1, "transactions": 1, "kind": "spend",
        },
        "spend/cards/Street%2FScene/2025-03": {
            "ledger": "cards", "unit": "Street/Scene", "month": "2025-03", "spend_pence": 700,
            "credits_pence": 0, "net_pence": 700, "transactions": 1, "kind": "spend",
        },
        "control/cards": {
            "ledger": "cards", "transactions": 4, "spend_pence": 1951, "credits_pence": 250,
            "net_pence": 1701, "kind": "control", "unplaced": 0, "unplaced_pence": 0,
        },
    }  # fmt: skip


def test_a_correction_moves_only_the_positions_it_touches(finance: Fed) -> None:
    define(finance, CARDS)
    finance.say(RECORDS, records(record("1", "5"), record("2", "6", unit="Libraries")))
    finance.say(RECORDS, records(record("1", "5.50")), origin=LATE, correlation="correction")
    said = finance.owned()
    assert {subject: version for subject, (version, *_) in said.items()} == {
        "spend/cards/Parks/2025-03": 2,
        "spend/cards/Libraries/2025-03": 1,
        "control/cards": 2,
    }
    assert said["spend/cards/Parks/2025-03"][2:] == ("correction", LATE)
    assert finance.states()["control/cards"]["net_pence"] == 1150


def test_a_position_names_the_newest_change_that_moved_it(finance: Fed) -> None:
    define(finance, CARDS)
    changes = [
        Said(RECORDS, f"card-transactions/{key}", 1, record(key, "5"), origin, batch)
        for key, origin, batch in (
            ("1", "2026-01-05T08:10:00.000+00:00", "first"),
            ("2", LATE, "last"),
            ("3", "2026-01-05T08:20:00.000+00:00", "second"),
        )
    ]
    finance.feed(changes)
    assert finance.owned()["spend/cards/Parks/2025-03"][2:] == ("last", LATE)
    assert finance.owned()["control/cards"][2:] == ("last", LATE)


def test_a_record_that_moves_to_another_unit_leaves_a_tombstone_behind(finance: Fed) -> None:
    define(finance, CARDS)
    finance.say(RECORDS, records(record("1", "5")))
    finance.say(RECORDS, records(record("1", "5", unit="Libraries")))
    assert finance.owned()["spend/cards/Parks/2025-03"][:2] == (2, None)
    assert finance.states()["spend/cards/Libraries/2025-03"]["net_pence"] == 500
    # The money only moved between units, so the control total has nothing new to say.
    assert finance.owned()["control/cards"][0] == 1


def test_the_last_deletion_leaves_nothing_but_tombstones(finance: Fed) -> None:
    define(finance, CARDS)
    finance.say(RECORDS, records(record("1", "5"), record("2", None)))
    finance.say(RECORDS, {"card-transactions/1": None, "card-transactions/2": None})
    assert finance.states() == {}


def test_a_change_of_what_no_ledger_names_costs_no_event(finance: Fed) -> None:
    define(finance, CARDS)
    finance.say(RECORDS, records(record("1", "5")))
    corrected = record("1", "5.00")
    corrected["fields"]["beneficiary"] = "Another"
    finance.say(RECORDS, records(corrected))
    finance.say(RECORDS, {"requests/1": {"dataset": "requests", "key": "1", "fields": {}}})
    assert {version for version, *_ in finance.owned().values()} == {1}


def test_records_without_date_or_amount_are_unplaced_but_not_lost(finance: Fed) -> None:
    define(finance, CARDS)
    finance.say(
        RECORDS,
        records(record("1", "5"), record("2", "3.25", paid=None), record("3", None)),
    )
    assert set(finance.states()) == {"spend/cards/Parks/2025-03", "control/cards"}
    control = finance.states()["control/cards"]
    assert (control["transactions"], control["net_pence"]) == (1, 500)
    assert (control["unplaced"], control["unplaced_pence"]) == (2, 325)
    finance.say(RECORDS, records(record("2", "3.25")))
    control = finance.states()["control/cards"]
    assert (control["transactions"], control["net_pence"]) == (2, 825)
    assert (control["unplaced"], control["unplaced_pence"]) == (1, 0)


def test_a_fraction_of_a_penny_is_refused_by_name_and_stops_nobody_else(finance: Fed) -> None:
    define(finance, CARDS)
    before = AMOUNTS_REFUSED._value.get()
    with capture_logs() as logs:
        finance.say(RECORDS, records(record("1", "5"), record("2", "1.005")))
    assert AMOUNTS_REFUSED._value.get() == before + 1
    (refused,) = [line for line in logs if line["event"] == "amount-refused"]
    assert refused["record"] == "card-transactions/2"
    assert "1.005" in refused["reason"]
    control = finance.states()["control/cards"]
    assert (control["transactions"], control["net_pence"], control["unplaced"]) == (1, 500, 1)


def test_a_new_or_changed_ledger_restates_what_is_already_held(finance: Fed) -> None:
    finance.say(RECORDS, records(record("1", "5"), record("2", "6", unit="Libraries")))
    assert finance.states() == {}
    define(finance, CARDS, origin=LATE, correlation="catalogue")
    assert finance.states()["control/cards"]["net_pence"] == 1100
    assert finance.owned()["control/cards"][2:] == ("catalogue", LATE)
    define(finance, {**CARDS, "unit": "beneficiary"})
    assert set(finance.states()) == {"spend/cards/Acme/2025-03", "control/cards"}


def test_a_ledger_that_is_dropped_takes_its_positions_with_it(finance: Fed) -> None:
    define(finance, CARDS, SUPPLIERS)
    finance.say(RECORDS, records(record("1", "5")))
    finance.say(CATALOGUE, {"ledger/cards": None}, origin=LATE, correlation="catalogue")
    assert set(finance.states()) == {"spend/suppliers/Acme/2025-03", "control/suppliers"}
    assert finance.owned()["control/cards"] == (2, None, "catalogue", LATE)


def test_a_rebuild_mends_positions_and_says_nothing_where_all_is_well(finance: Fed) -> None:
    define(finance, CARDS)
    finance.say(RECORDS, records(record("1", "5"), record("2", "6", unit="Libraries")))
    right = finance.states()
    assert finance.rebuild() == 0
    owned = finance.tables.owned
    at_parks = owned.c.subject == "spend/cards/Parks/2025-03"
    at_libraries = owned.c.subject == "spend/cards/Libraries/2025-03"
    finance.store.write_now(
        lambda tx: (
            tx.connection.execute(owned.update().where(at_parks).values(body=b'{"wrong":1}')),
            tx.connection.execute(
                owned.update().where(at_libraries).values(subject="spend/cards/Nobody/2025-03")
            ),
        )
    )
    assert finance.rebuild() == 3
    assert finance.states() == right
    assert finance.owned()["spend/cards/Nobody/2025-03"][1] is None
