"""Operators see the positions as the service holds them."""

from pathlib import Path

import httpx2

from services.finance.app import create
from services.finance.settings import Settings
from shared.contracts.topics import CATALOGUE, RECORDS
from shared.db.migrate import migrate
from tests.unit.fed import Said
from tests.unit.finance.ledgers import CARDS


async def test_operators_read_positions_and_control_totals(tmp_path: Path) -> None:
    service = create(Settings(store_url=f"sqlite:///{tmp_path / 'finance.db'}"))
    assert service.inbox is not None
    inbox = service.inbox
    try:
        migrate(service.store)
        fields = {"unit": "Parks", "paid": "2025-03-28", "amount": "-12.50"}
        record = {"dataset": "card-transactions", "key": "1", "fields": fields}
        batch = [
            Said(CATALOGUE, "ledger/cards", 1, dict(CARDS)).received(),
            Said(RECORDS, "card-transactions/1", 1, record).received(),
        ]
        transport = httpx2.ASGITransport(app=service.app())
        async with httpx2.AsyncClient(transport=transport, base_url="http://finance") as client:
            assert (await client.get("/v1/finance")).json() == {"controls": [], "spend": []}
            await service.store.write(lambda tx: inbox.apply(tx, batch))
            answer = await client.get("/v1/finance")
    finally:
        service.store.close()
    assert answer.status_code == 200
    assert answer.json() == {
        "controls": [
            {
                "ledger": "cards", "transactions": 1, "spend_pence": 0, "credits_pence": 1250,
                "net_pence": -1250, "kind": "control", "unplaced": 0, "unplaced_pence": 0,
            }
        ],
        "spend": [
            {
                "ledger": "cards", "unit": "Parks", "month": "2025-03", "spend_pence": 0,
                "credits_pence": 1250, "net_pence": -1250, "transactions": 1, "kind": "spend",
            }
        ],
    }  # fmt: skip
