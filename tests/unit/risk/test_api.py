"""Operators see the register as the service holds it."""

from pathlib import Path

import httpx2

from services.risk.app import create
from services.risk.settings import Settings
from shared.contracts.topics import CATALOGUE, RECORDS
from shared.db.migrate import migrate
from tests.unit.fed import Said
from tests.unit.risk.registers import CATALOGUE as DEFINED
from tests.unit.risk.registers import risk


async def test_operators_read_the_register(tmp_path: Path) -> None:
    service = create(Settings(store_url=f"sqlite:///{tmp_path / 'risk.db'}"))
    assert service.inbox is not None
    inbox = service.inbox
    try:
        migrate(service.store)
        batch = [
            *(Said(CATALOGUE, subject, 1, state).received() for subject, state in DEFINED.items()),
            *(
                Said(RECORDS, subject, 1, state).received()
                for subject, state in risk("R1", 4, 4).items()
            ),
        ]
        transport = httpx2.ASGITransport(app=service.app())
        async with httpx2.AsyncClient(transport=transport, base_url="http://risk") as client:
            assert (await client.get("/v1/risks")).json() == {"risks": []}
            await service.store.write(lambda tx: inbox.apply(tx, batch))
            answer = await client.get("/v1/risks")
    finally:
        service.store.close()
    assert answer.status_code == 200
    (found,) = answer.json()["risks"]
    assert (found["reference"], found["score"], found["band"]) == ("R1", 16, "Very high")
