"""Each change of the sample council comes in by the way of its dataset."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import yaml
from standardwebhooks.webhooks import Webhook

from deploy.local.demo import CATALOGUE, fed, headings
from deploy.local.door import Door
from deploy.local.system import plan
from deploy.sample.areas.council_homes import REPAIRS
from deploy.sample.areas.resources import CARDS
from deploy.sample.feeds import FOLDERS, HOOKS, Feeds, new_secret
from shared.runtime.clock import SystemClock

SECRET = new_secret(bytes(range(24)))
ROW = {"data": {"job": "J-1", "ward": "Mill, north", "completed": ""}}


class Listening:
    """A door that remembers what it was sent."""

    def __init__(self) -> None:
        self.records: list[tuple[str, Any, str]] = []
        self.messages: list[tuple[str, bytes, dict[str, str]]] = []

    def send(self, dataset: str, items: Sequence[dict[str, Any]], key: str) -> Any:
        self.records.append((dataset, list(items), key))

    def hook(self, connector: str, body: bytes, headers: Mapping[str, str]) -> Any:
        self.messages.append((connector, body, dict(headers)))


def feeds(door: Listening, folder: Path) -> Feeds:
    return Feeds(door, folder, SECRET, lambda: datetime.now(UTC), headings())


def test_repairs_are_exported_as_whole_files(tmp_path: Path) -> None:
    door = Listening()
    feeds(door, tmp_path).send(REPAIRS, [ROW], "run-1")
    [file] = (tmp_path / FOLDERS[REPAIRS]).iterdir()
    assert file.name == "housing-repairs-run-1.csv"
    with file.open(newline="") as opened:
        assert list(csv.DictReader(opened)) == [
            {"job_no": "J-1", "ward": "Mill, north", "completed_dttm": ""}
        ]
    assert not door.records
    assert not door.messages


def test_card_payments_are_signed_messages(tmp_path: Path) -> None:
    door = Listening()
    feeds(door, tmp_path).send(CARDS, [ROW], "run-2")
    [(connector, body, headers)] = door.messages
    assert connector == HOOKS[CARDS]
    said = Webhook(SECRET).verify(body, headers)
    assert said["data"] == [ROW["data"]]
    assert headers["webhook-id"] == "run-2"


def test_all_else_and_every_deletion_is_sent_as_records(tmp_path: Path) -> None:
    door = Listening()
    gone = {"key": "J-1", "deleted": True}
    feeds(door, tmp_path).send(REPAIRS, [gone], "run-3")
    feeds(door, tmp_path).send("requests", [ROW], "run-4")
    assert [(dataset, key) for dataset, _, key in door.records] == [
        (REPAIRS, "run-3"),
        ("requests", "run-4"),
    ]


def test_the_catalogue_has_a_connector_for_each_way() -> None:
    found = yaml.safe_load((CATALOGUE / "connectors.yml").read_text("utf-8"))["connectors"]
    by_dataset = {each["dataset"]: each for each in found if not each.get("paused")}
    assert {
        name: each["place"] for name, each in by_dataset.items() if each["kind"] == "folder"
    } == FOLDERS
    hooks = {name: each["code"] for name, each in by_dataset.items() if each["kind"] == "webhook"}
    assert hooks == HOOKS


def test_the_secret_is_made_once_and_nobody_else_reads_it(tmp_path: Path) -> None:
    system = plan(tmp_path, 8000, None, False, {})
    door, clock = Door("http://127.0.0.1:1"), SystemClock()
    fed(door, system, clock, b"x" * 24)
    [file] = system.folder("secrets").iterdir()
    made = file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert msgspec.json.decode(made) == {"secret": new_secret(b"x" * 24)}
    fed(door, system, clock, b"y" * 24)
    assert file.read_bytes() == made
