"""The people's forms of the ingest service, as a browser without scripts meets them.

The council is the sample's: its services, people, review cycle, risk matrix and their datasets.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.testclient import TestClient

from services.ingest.app import create
from services.ingest.settings import Settings
from shared.catalogue.yaml_files import load_directory
from shared.identity.identity import COOKIE
from tests.integration.ingest_service import Ingest

SAMPLE = Path(__file__).parents[2] / "deploy" / "sample" / "catalogue"
ADDRESS = "http://127.0.0.1:8001"
QUARTER = "2026-27-Q2"
ABOUT = "indicator/AD01"
COMMENTARY = "commentary/2026-27-Q2%7Cindicator%2FAD01%7COwner"

OWNER, DIRECTOR, CABINET = "owner-adults", "director-adults", "cabinet-adults"
OFFICER, FINANCE, RISK_OWNER = "performance-officer", "finance-officer", "owner-waste"

_MORE: dict[str, Any] = {
    "measures": [
        {"code": "asked", "title": "Asked", "dataset": "requests", "aggregate": "count",
         "date": "received"},
    ],
    "indicators": [
        {"code": "AD01", "title": "Requests <for> support", "definition": "How many asked.",
         "formula": "asked", "unit": "number", "polarity": "low", "periods": ["quarter"],
         "service": "adult-social-care", "owner": "Adult insight lead", "no_denominator": "zero"},
    ],
    "accounts": {"code": "books", "name": "Books", "subjectives": [],
                 "funds": [{"code": "general", "name": "General Fund"}]},
}  # fmt: skip
_REQUESTS: dict[str, Any] = {
    "code": "requests", "title": "Requests", "key": ["ref"],
    "fields": [
        {"name": "ref", "type": "text", "required": True},
        {"name": "received", "type": "date", "required": True},
    ],
}  # fmt: skip


def council(**changes: Any) -> dict[str, Any]:
    """The catalogue, with changes to the council's own definition."""
    document = _sample()
    return document | _MORE | {"council": document["council"] | changes}


@cache
def _sample() -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        for name in ("council", "review", "risk"):
            shutil.copy(SAMPLE / f"{name}.yml", folder)
        document, _ = load_directory(folder)
    document["datasets"].append(_REQUESTS)
    return document


class Ticking:
    """A clock that tests set; each look at it is a second later."""

    def __init__(self, now: datetime) -> None:
        self.at = now

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@dataclass
class Shown:
    """A page of forms: its text, and what each form holds."""

    status: int
    text: str
    forms: dict[str, dict[str, str]] = field(default_factory=dict)
    to: str = ""


class People:
    """The service, asked by people."""

    def __init__(self, ingest: Ingest, clock: Ticking) -> None:
        self.ingest = ingest
        self.clock = clock

    def get(self, path: str, persona: str = "", **params: str) -> Shown:
        """A page, as a persona sees it."""
        return shown(self._client(persona).get(path, params=params))

    def send(
        self,
        path: str,
        persona: str,
        form: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        **typed: Any,
    ) -> Shown:
        """Sends a form of a page, with what was typed into it."""
        sent = {"Origin": ADDRESS} if headers is None else dict(headers)
        answer = self._client(persona).post(path, data={**form, **typed}, headers=sent)
        return shown(answer)

    def do(self, path: str, persona: str, name: str, **typed: Any) -> Shown:
        """Opens a page, fills in one of its forms and sends it."""
        return self.send(path, persona, self.get(path, persona).forms[name], **typed)

    def upload(
        self, persona: str, content: str | bytes, dataset: str, name: str = "rows.csv", **typed: str
    ) -> Shown:
        """Uploads a file on its page."""
        raw = content if isinstance(content, bytes) else content.encode()
        answer = self._client(persona).post(
            "/upload",
            data={"dataset": dataset, **typed},
            files={"file": (name, raw, "application/octet-stream")},
            headers={"Origin": ADDRESS},
        )
        return shown(answer)

    def download(self, path: str, persona: str) -> Any:
        """A file, as a persona gets it."""
        return self._client(persona).get(path)

    def collect(self, period: str = QUARTER) -> None:
        """The performance officer begins to collect for a quarter."""
        assert self.do(f"/cycle/{period}", OFFICER, "to-collecting").status == 303

    def records(self) -> dict[str, dict[str, Any]]:
        """Every record that was said, as it is now."""
        return self.ingest.records()

    def of(self, dataset: str) -> list[dict[str, Any]]:
        """The records of a dataset, in the order of their subjects."""
        found = self.records()
        return [found[each] for each in sorted(found) if each.startswith(f"{dataset}/")]

    def _client(self, persona: str) -> TestClient:
        client = TestClient(
            self.ingest.client.app,
            base_url=ADDRESS,
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        # On the running service's own loop: what a request starts goes on after its answer.
        client.portal = self.ingest.client.portal
        if persona:
            client.cookies.set(COOKIE, persona)
        return client


@contextmanager
def people(store_url: str, document: dict[str, Any] | None = None, **more: Any) -> Iterator[People]:
    """The service with the council in force, some day in October."""
    clock = Ticking(datetime(2026, 10, 12, 9, 0, tzinfo=UTC))
    service = create(Settings(store_url=store_url, kafka="127.0.0.1:1", **more), clock)
    with TestClient(service.app(), raise_server_exceptions=False) as client:
        ingest = Ingest(client, service)
        applied = ingest.apply(document or council())
        assert applied.status_code == 200, applied.text
        yield People(ingest, clock)


def shown(answer: Any) -> Shown:
    """The page of an answer."""
    found = Shown(answer.status_code, answer.text, to=answer.headers.get("location", ""))
    for form in re.findall(r"<form .*?</form>", answer.text, re.DOTALL):
        values = {
            unescape(name): unescape(value)
            for name, value in re.findall(
                r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form
            )
        }
        for area in re.findall(
            r'<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL
        ):
            values[area[0]] = unescape(area[1])
        found.forms[values.get("form", "who")] = values
    return found
