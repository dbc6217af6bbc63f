"""The ingest service behind its HTTP calls, with a real store and no broker.

What it says waits in its outbox, which is where these tests read it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import yaml
from sqlalchemy import select
from starlette.testclient import TestClient

from services.ingest.app import create
from services.ingest.settings import Settings
from services.ingest.store.tables import TABLES
from shared.contracts import envelope
from shared.contracts.subjects import SYSTEM
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.outbox import unpack
from tests.data import CATALOGUE

REQUESTS: dict[str, Any] = {
    "code": "requests",
    "title": "Service requests",
    "extract": "full",
    "key": ["ref"],
    "null_markers": ["", "-1"],
    "fields": [
        {"name": "ref", "headers": ["Ref"], "type": "text", "required": True, "max_length": 20},
        {"name": "received", "headers": ["Received"], "type": "date", "formats": ["%d/%m/%Y"]},
        {"name": "amount", "headers": ["Amount"], "type": "money"},
        {"name": "ward", "headers": ["Ward"], "type": "text"},
    ],
}  # fmt: skip
HEADER = "Ref,Received,Amount,Ward"


class Ingest:
    """What a sender sees of the service, and what is behind the door."""

    def __init__(self, client: TestClient, service: Any) -> None:
        self.client = client
        self.service = service

    def apply(self, document: Mapping[str, Any]) -> Any:
        """Puts a catalogue in force."""
        return self.client.put("/v1/catalogue", json=document)

    def post(self, body: Any, dataset: str = "requests", **headers: str) -> Any:
        """Sends records: bytes as they are, anything else as JSON."""
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        sent = {"content-type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/v1/datasets/{dataset}/records", content=raw, headers=sent)

    def upload(
        self, text: str | bytes, dataset: str = "requests", name: str = "rows.csv", **more: Any
    ) -> Any:
        """Sends a file; `headers` are headers, the rest of `more` are parameters of the call."""
        headers = more.pop("headers", {})
        return self.client.post(
            f"/v1/datasets/{dataset}/files",
            params=more,
            files={"file": (name, text if isinstance(text, bytes) else text.encode(), "text/csv")},
            headers=headers,
        )

    def events(self, topic: str = RECORDS) -> list[envelope.Event]:
        """Every event that waits for the broker, in order; but for what the system says of itself,
        which it does when its clock strikes."""

        def read(tx: Tx) -> list[envelope.Event]:
            outbox = TABLES.outbox
            parcels = tx.connection.execute(select(outbox.c.parcel).order_by(outbox.c.id))
            return [
                envelope.decode(raw)
                for (parcel,) in parcels
                for named, subject, raw in unpack(parcel)
                if named == topic and not subject.startswith(SYSTEM)
            ]

        found: list[envelope.Event] = self.service.store.read_now(read)
        return found

    def records(self) -> dict[str, dict[str, Any]]:
        """Each record as its newest event has it: subject to fields."""
        newest = {event.subject: envelope.body_of(event) for event in self.events()}
        return {
            subject: msgspec.json.decode(body)["fields"]
            for subject, body in newest.items()
            if body is not None
        }


@contextmanager
def running(store_url: str, **settings: Any) -> Iterator[Ingest]:
    """The service, started, with no broker to be had."""
    service = create(Settings(store_url=store_url, kafka="127.0.0.1:1", **settings))
    with TestClient(service.app(), raise_server_exceptions=False) as client:
        yield Ingest(client, service)


def catalogue(*names: str) -> dict[str, Any]:
    """The test catalogue's council, and these files of it."""
    document: dict[str, Any] = {}
    for name in ("council", *names):
        section = yaml.safe_load(Path(CATALOGUE / f"{name}.yml").read_text())
        for key, value in section.items():
            if isinstance(value, list):
                document.setdefault(key, []).extend(value)
            else:
                document[key] = value
    return document


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem document of a refused request."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert found["status"] == status
    assert found["detail"]
    assert "Traceback" not in response.text
    return found


def counts(response: Any, status: int = 202) -> tuple[int, int, int, int]:
    """(accepted, unchanged, rejected, deleted) of a receipt that adds up."""
    assert response.status_code == status, response.text
    found = response.json()
    assert found["received"] == found["accepted"] + found["unchanged"] + found["rejected"]
    return found["accepted"], found["unchanged"], found["rejected"], found["deleted"]
