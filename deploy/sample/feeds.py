"""The ways in which the sample council's systems bring their changes to the door.

Rule: most are sent as records. The housing contractor exports files into a folder and the card
provider sends signed messages, each fetched or taken by a connector of the sample's catalogue; a
change goes by the way of its dataset.
"""

import base64
import csv
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from standardwebhooks.webhooks import Webhook

from deploy.sample.areas.council_homes import REPAIRS
from deploy.sample.areas.resources import CARDS

# Connectors of connectors.yml: the folder that files of a dataset come to, and where messages go.
FOLDERS: Mapping[str, str] = {REPAIRS: "repairs/out"}
HOOKS: Mapping[str, str] = {CARDS: "card-payments"}
# How the columns of an export are headed, by field, for each dataset that comes in files.
Headings = Mapping[str, Mapping[str, str]]
# What its connector calls the credentials of the card provider.
CARD_PROVIDER = "card-provider"


class Door(Protocol):
    """The door, as far as feeds use it."""

    def send(self, dataset: str, items: Sequence[dict[str, Any]], key: str) -> Any:
        """Sends items under an Idempotency-Key; returns the receipt."""
        ...

    def hook(self, connector: str, body: bytes, headers: Mapping[str, str]) -> Any:
        """Sends a signed message; returns the receipt."""
        ...


class Feeds:
    """A door for the simulator, behind which each dataset has its own way in."""

    def __init__(
        self,
        door: Door,
        drop: Path,
        secret: str,
        now: Callable[[], datetime],
        headings: Headings,
    ) -> None:
        self._door = door
        self._drop = drop
        self._webhook = Webhook(secret)
        self._now = now
        self._headings = headings

    def send(self, dataset: str, items: Sequence[dict[str, Any]], key: str) -> Any:
        """Brings changes in by the way of their dataset."""
        rows = [item["data"] for item in items if "data" in item]
        if len(rows) == len(items) and dataset in FOLDERS:
            headed = self._headings[dataset]
            told = [{headed[name]: value for name, value in row.items()} for row in rows]
            return export(self._drop / FOLDERS[dataset], f"{dataset}-{key}.csv", told)
        if len(rows) == len(items) and dataset in HOOKS:
            return self._message(HOOKS[dataset], rows, key)
        return self._door.send(dataset, items, key)

    def _message(self, connector: str, rows: Sequence[Mapping[str, Any]], key: str) -> Any:
        body = json.dumps({"type": "payments.settled", "data": rows}, ensure_ascii=False)
        now = self._now()
        headers = {
            "webhook-id": key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(key, now, body),
            "content-type": "application/json",
        }
        return self._door.hook(connector, body.encode(), headers)


def export(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes a file as an export does: under another name until it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    arriving = folder / f"{name}.part"
    with arriving.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    arriving.rename(folder / name)


def new_secret(token: bytes) -> str:
    """The secret that messages are signed with, from random bytes."""
    return f"whsec_{base64.b64encode(token).decode()}"
