"""What `irf demo` does beside the running system: the sample council goes in, and comes alive.

Rule: everything enters at ingest over HTTP, as it would from a council's own systems.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

from deploy.local.door import Door, Refused
from deploy.local.system import System
from deploy.sample.feeds import CARD_PROVIDER, FOLDERS, Feeds, Headings, new_secret
from deploy.sample.generate import records
from deploy.sample.records import Record, as_source_writes
from deploy.sample.simulate import Door as AnyDoor
from deploy.sample.simulate import Simulator
from shared.catalogue.check import check
from shared.catalogue.yaml_files import load_directory
from shared.runtime.clock import LONDON, Clock, business_date

CATALOGUE = Path(__file__).parents[1] / "sample" / "catalogue"
BATCH_RECORDS = 1_000
LOOK_SECONDS = 0.2


class SampleIsWrong(RuntimeError):
    """The sample council that ships with this release does not pass its own checks."""


def sample_records(clock: Clock) -> list[Record]:
    """Three years of the sample council's records, to the end of yesterday."""
    return list(records(business_date(clock) - timedelta(days=1)))


def apply_sample_catalogue(door: Door) -> None:
    """Sends the sample council's definitions."""
    document, positions = load_directory(CATALOGUE)
    problems = check(document, positions)
    if problems:
        raise SampleIsWrong("\n".join(str(problem) for problem in problems))
    door.apply(document)


def load_sample(
    door: Door, sample: Sequence[Record], run: str, sent: Callable[[int], None]
) -> None:
    """Sends the records, a thousand at a time; `sent` hears how many went."""
    for number, (dataset, items) in enumerate(_batches(sample)):
        receipt = door.send(dataset, items, f"{run}-sample-{number}")
        if receipt["rejected"]:
            raise SampleIsWrong(f"{dataset}: {receipt['rejections'][:3]}")
        sent(len(items))


def _batches(sample: Sequence[Record]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for dataset, group in groupby(sample, key=lambda record: record.dataset):
        items = [{"data": as_source_writes(dataset, record.fields)} for record in group]
        for start in range(0, len(items), BATCH_RECORDS):
            yield dataset, items[start : start + BATCH_RECORDS]


def headings() -> Headings:
    """How the systems head their files, as the sample's contracts have it."""
    document, _ = load_directory(CATALOGUE)
    return {
        each["code"]: {field["name"]: field["headers"][0] for field in each["fields"]}
        for each in document["datasets"]
        if each["code"] in FOLDERS
    }


def fed(door: Door, system: System, clock: Clock, token: bytes) -> Feeds:
    """The door, with the ways of the sample's systems before it. The secret that the card provider
    signs with is made of `token` where there is none yet, and kept as an operator would."""
    file = system.folder("secrets") / f"{CARD_PROVIDER}.json"
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text(json.dumps({"secret": new_secret(token)}))
    drop = system.folder("drop")
    for folder in FOLDERS.values():
        # A connector that looks before the first file came finds an empty folder, and no fault.
        (drop / folder).mkdir(parents=True, exist_ok=True)
    secret = json.loads(file.read_text())["secret"]
    return Feeds(door, drop, secret, clock.now, headings())


class TellingDoor:
    """A door for the simulator: what is refused is told, and the simulation goes on."""

    def __init__(self, door: AnyDoor, tell: Callable[[str], None]) -> None:
        self._door = door
        self._tell = tell

    def send(self, dataset: str, items: Sequence[dict[str, Any]], key: str) -> Any:
        """Sends, retrying as the door does."""
        try:
            return self._door.send(dataset, items, key)
        except Refused as refusal:
            self._tell(f"refused: {refusal}")
            return refusal.problem


def simulate(
    door: AnyDoor,
    sample: Sequence[Record],
    run: str,
    clock: Clock,
    wait: Callable[[float], bool],
    tell: Callable[[str], None],
    waits: Callable[[], bool] = lambda: False,
) -> None:
    """Lets changes come until it is over; while `waits` says so, none comes."""

    def wait_on(seconds: float) -> bool:
        ended = wait(seconds)
        while waits() and not ended:
            ended = wait(LOOK_SECONDS)
        return ended

    def now() -> datetime:
        # The wall clock of the council's own systems, which know no offset.
        return clock.now().astimezone(LONDON).replace(tzinfo=None)

    simulator = Simulator(sample, Random(run), now, run)
    simulator.run(TellingDoor(door, tell), wait_on, tell)
