"""Operators see the register as the service holds it."""

from pathlib import Path

import httpx2

from services.risk.app import create
from services.risk.settings import Settings
from shared.contracts.topics import CATALOGUE, RECORDS
from shared.db.migrate import migrate
from tests.unit.fed import Said
from tests.unit.risk.registers import DEFINITIONS, record


async def test_operators_read_the_register(tmp_path: Path) -> None:
    service = create(Settings(store_url=f"sqlite:///{tmp_path / 'risk.db'}"))
    assert service.inbox is not None
    inbox = service.inbox
    try:
        migrate(service.store)
        batch = [
            *(
                Said(CATALOGUE, subject, 1, state).received()
                for subject, state in DEFINITIONS.items()
            ),
            Said(RECORDS, "risk-register/R1", 1, record("R1", 4, 4)).received(),
        ]
        transport = httpx2.ASGITransport(app=service.app())
        async with httpx2.AsyncClient(transport=transport, base_url="http://risk") as client:
            assert (await client.get("/v1/risks")).json() == {"risks": []}
            await service.store.write(lambda tx: inbox.apply(tx, batch))
            answer = await client.get("/v1/risks")
    finally:
        service.store.close()
    assert answer.status_code == 200
    (risk,) = answer.json()["risks"]
    assert (risk["reference"], risk["score"], risk["band"]) == ("R1", 16, "very high")
