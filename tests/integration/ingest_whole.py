"""The ingest service behind a real socket, with something on every page that people have of it."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx2
import uvicorn

from services.ingest.app import create
from services.ingest.settings import Settings
from shared.identity.identity import COOKIE
from shared.runtime.clock import Clock
from tests.integration.ingest_forms import (
    ABOUT,
    DIRECTOR,
    OFFICER,
    OWNER,
    QUARTER,
    shown,
)
from tests.integration.ingest_returns import DATASET, FORM, HEADER, giving
from tests.integration.ingest_service import Ingest
from tests.integration.publisher_service import eventually

CARE = {"code": "care", "title": "Care records", "kind": "folder", "place": "care/out",
        "dataset": DATASET, "schedule": "daily at 05:30"}  # fmt: skip
RISK = {"reference": "WA1", "title": "Depot", "service": "waste-and-recycling",
        "likelihood": 3, "impact": 4}  # fmt: skip
ACTION = {"reference": "A1", "title": "Mend it", "service": "waste-and-recycling",
          "due": "31/03/2027"}  # fmt: skip
REVIEW = f"/review/{QUARTER}/{ABOUT}"
WRONG = f"{HEADER}\nWaiting,30/06/2026,many,,,\nScore,30/06/2026,12,,,\n"
UNUSUAL = f"{HEADER}\nWaiting,30/09/2026,412,,,\nScore,30/09/2026,none,,,\n"


@dataclass
class Served:
    """An ingest service that answers at `address`, and the names of what came in meanwhile."""

    service: Any
    address: str
    made: dict[str, str] = field(default_factory=dict)

    def acting(self, persona: str) -> httpx2.Client:
        """A browser without scripts in which a persona was chosen before."""
        headers = {"Origin": self.address}
        cookies = {COOKIE: persona} if persona else {}
        return httpx2.Client(base_url=self.address, timeout=20, cookies=cookies, headers=headers)

    def at(self, path: str) -> str:
        """An address in which names stand in braces that were not known before."""
        return path.format(**self.made)

    def does(self, persona: str, path: str, form: str, **typed: str) -> str:
        """Opens a page, fills in one of its forms and sends it; where that leads on to."""
        with self.acting(persona) as client:
            held = shown(client.get(path)).forms[form]
            answer = client.post(path, data={**held, **typed})
            assert answer.status_code == 303, answer.text
            return str(answer.headers["location"])


@contextmanager
def served(
    store_url: str, document: Mapping[str, Any], clock: Clock | None = None
) -> Iterator[Served]:
    """The service with a catalogue in force, and no broker to be had."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    service = create(Settings(store_url=store_url, kafka="127.0.0.1:1"), clock)
    config = uvicorn.Config(service.app(), log_config=None, http="httptools")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    found = Served(service, f"http://127.0.0.1:{listening.getsockname()[1]}")
    try:
        eventually(lambda: server.started)
        with found.acting("") as client:
            applied = Ingest(cast(Any, client), service).apply(document)
            assert applied.status_code == 200, applied.text
        yield found
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


def whole(run: Served) -> None:
    """A quarter being collected with words on it, returns, a risk, an action, batches of which
    one was rejected, a file that waits for a yes, and a connector that failed."""
    with run.acting("") as client:
        door = Ingest(cast(Any, client), run.service)
        rows = [
            {"item": "Waiting", "period_end": "30/06/2026", "numerator": "103"},
            {"item": "Payments", "period_end": "30/06/2026", "numerator": "124",
             "denominator": "398"},
        ]  # fmt: skip
        for dataset, said in ((DATASET, rows), ("risk-register", [RISK]), ("actions", [ACTION])):
            assert door.post([{"data": each} for each in said], dataset).status_code == 202
        came = door.upload(WRONG, DATASET, "care.csv")
        assert came.status_code == 202, came.text
        run.made["rejected"] = came.json()["batch"]
        run.made["ran"] = ran(client, "care")
    run.does(OFFICER, f"/cycle/{QUARTER}", "to-collecting")
    run.does(OWNER, REVIEW, "comment-owner", what_happened="More <asked> than before.")
    run.does(DIRECTOR, REVIEW, "raise", text="Why so many?")
    run.made["given"] = last(run.does(OWNER, FORM, "give", **{"of-numerator": "104"}))
    with run.acting(OWNER) as client:
        kept = client.post(
            "/upload",
            data={"dataset": DATASET},
            files={"file": ("care.csv", UNUSUAL, "text/csv")},
        )
        run.made["upload"] = last(kept.headers["location"])


def last(path: str) -> str:
    """The name at the end of an address."""
    return path.rpartition("/")[2]


def ran(client: httpx2.Client, connector: str) -> str:
    """Runs a connector by hand; the name of the run, once it has ended."""
    runs = f"/v1/connectors/{connector}/runs"
    assert client.post(runs).status_code == 202

    def ended() -> list[str]:
        return [each["id"] for each in client.get(runs).json()["runs"] if each["ended"]]

    return str(eventually(ended)[0])


@contextmanager
def everything(store_url: str, clock: Clock) -> Iterator[Served]:
    """A service with something on every page."""
    with served(store_url, giving() | {"connectors": [CARE]}, clock) as run:
        whole(run)
        yield run
