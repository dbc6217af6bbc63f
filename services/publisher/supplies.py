"""The supplies of datasets and the standings of returns as they are held: what is late by them."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TypeVar

import msgspec

from services.publisher.domain.lateness import Lateness, behind
from services.publisher.domain.league import Owner, league
from services.publisher.domain.once import Once
from services.publisher.readmodel import Snapshot
from services.publisher.store.tables import TABLES
from shared.contracts import returns, supply
from shared.contracts.topics import RECORDS
from shared.delivery.held import Held

T = TypeVar("T")
# So many are kept read.
SUPPLIES = 1_024
_held = Held(TABLES)


# What is behind each indicator.
_known = Once(behind)
# Most supplies read as they did for the reader before.
_supply = lru_cache(maxsize=SUPPLIES)(supply.read)


def lateness(view: Snapshot, datasets: Iterable[str] | None = None) -> Lateness:
    """What is late in a snapshot: of all datasets, or of some. Of a dataset without a supply
    nothing is known."""
    found = {each.dataset: each for each in _read(_bodies(view, datasets), _supply)}
    return Lateness(view.catalogue, found, _known.of(view.catalogue))


def lateness_behind(view: Snapshot, indicator: str) -> Lateness:
    """What is late behind one indicator: no more is read than that takes."""
    return lateness(view, _known.of(view.catalogue).get(indicator, ()))


def owners(view: Snapshot) -> list[Owner]:
    """Who owes figures in a snapshot."""
    held = (state.body for state in _held.scan(view.tx, RECORDS, returns.PREFIX))
    return league(view.catalogue, _read(held, returns.read), view.today)


def _bodies(view: Snapshot, datasets: Iterable[str] | None) -> Iterable[bytes]:
    if datasets is None:
        return (state.body for state in _held.scan(view.tx, RECORDS, supply.PREFIX))
    subjects = [supply.subject(dataset) for dataset in datasets]
    return _held.get(view.tx, RECORDS, subjects).values()


def _read(bodies: Iterable[bytes], read: Callable[[bytes], T]) -> Iterator[T]:
    for body in bodies:
        try:
            yield read(body)
        except msgspec.MsgspecError:
            continue  # of a newer release: passed over, as everything of it that is not known
