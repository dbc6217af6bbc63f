"""The publisher's store, filled with a council's figures without a broker."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from deploy.local.demo import CATALOGUE as SAMPLE
from services.publisher.app import create
from services.publisher.settings import Settings
from shared.catalogue.check import read
from shared.catalogue.headline import headline_kind
from shared.catalogue.kinds_of_period import kind_named
from shared.catalogue.model import Catalogue, Indicator, definitions
from shared.catalogue.periods import Period
from shared.catalogue.yaml_files import load_directory
from shared.contracts.judged import RagState
from shared.contracts.states import (
    Breakdown,
    IndicatorValue,
    MeasureInput,
    PeriodState,
    TargetState,
)
from shared.contracts.subjects import indicator_value, member
from shared.contracts.topics import CATALOGUE, INDICATORS
from tests.benchmarks.fed import Fact, Fed

BATCH = 5_000
LATER = "2026-07-02T09:00:00.000+00:00"
_encode = msgspec.json.Encoder().encode


def sample() -> Catalogue:
    """The sample council's catalogue."""
    return read(load_directory(SAMPLE)[0])


def filled(
    path: Path, catalogue: Catalogue, facts: Iterator[Fact], again: Iterable[Fact] = ()
) -> int:
    """Makes a publisher's store with a catalogue and these states in it, some of them said again on
    a later day; how many states."""
    fed = Fed(path, lambda address: create(Settings(store_url=address)))
    fed.feed([(CATALOGUE, subject, body) for subject, body in definitions(catalogue).items()])
    count = 0
    while batch := list(islice(facts, BATCH)):
        fed.feed(batch)
        count += len(batch)
    said = iter(again)
    while batch := list(islice(said, BATCH)):
        fed.feed(batch, LATER)
    fed.service.store.close()
    return count


def periods(indicator: Indicator, last_month: int, many: int) -> list[Period]:
    """The last periods of an indicator's headline kind, the newest first."""
    kind = headline_kind(indicator)
    # One that has no end of its own is a quarter here: it is the number of values that counts.
    ending = kind_named("quarter" if kind == "cumulative" else kind).ending
    found: dict[str, Period] = {}
    for month in range(last_month, last_month - 12 * many - 12, -1):
        period = ending(month)
        if period.last <= last_month:
            found.setdefault(period.code, period)
        if len(found) == many:
            break
    return list(found.values())


def value(indicator: Indicator, period: Period, number: int, ward: int | None = None) -> Fact:
    """A value, as the engine would say it: with its target, judgement and what it was made of."""
    part = None if ward is None else Breakdown("ward", f"Ward {ward}")
    name = "all" if part is None else member("ward", part.member)
    text = str(50 + number % 50)
    state = IndicatorValue(
        indicator.code,
        PeriodState(period.code, period.kind, period.start.isoformat(), period.end.isoformat()),
        part,
        text,
        None,
        indicator.unit,
        indicator.formula,
        1,
        {"numerator": MeasureInput(text, 120, 1), "denominator": MeasureInput("100", 200, 1)},
        TargetState("80"),
        RagState("green" if number % 3 else "red", "80 or more is green.", ["80", None], []),
        status="final",
    )
    return INDICATORS, indicator_value(indicator.code, period.code, name), _encode(state)
