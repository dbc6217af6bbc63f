"""Every indicator beside other areas: read in a few statements, however many there are.

Rule: an indicator is compared in the period that is shown of it, or in the newest for which both it
and the areas have figures; see beside, which answers for one indicator by the same rule.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

import msgspec

from services.publisher import beside, reading
from services.publisher.domain import words
from services.publisher.domain.aids import Compared
from services.publisher.domain.comparing import (
    DASH,
    ENGLAND,
    Line,
    line_quartiles,
    or_dash,
    rank_words,
)
from services.publisher.domain.figures import decode_value, number_of
from services.publisher.domain.personal import for_everybody
from services.publisher.domain.saying import saying
from services.publisher.readmodel import Snapshot
from services.publisher.store import benchmarks, repository
from services.publisher.store.benchmarks import Asked
from services.publisher.store.tables import TABLES
from services.publisher.supplies import lateness
from shared.catalogue.model import Indicator
from shared.contracts.states import IndicatorValue, Record
from shared.contracts.topics import RECORDS
from shared.delivery.held import Held

PERIODS = 24
AREA_ROWS = 20_000
NAME_ROWS = 4_000

Areas = Mapping[str, IndicatorValue]

_held = Held(TABLES)
_record = msgspec.json.Decoder(Record).decode


@dataclass(frozen=True)
class Beside:
    """An indicator in a period, and the areas' figures for it."""

    indicator: Indicator
    own: IndicatorValue
    areas: Areas

    @property
    def number(self) -> Decimal | None:
        """The own figure."""
        return number_of(self.own)


def compared(view: Snapshot, indicators: Iterable[Indicator]) -> list[Beside]:
    """Of some indicators those that can be compared, with what they are compared with."""
    asked = {each.code: each for each in indicators if each.benchmark is not None}
    pairs = {
        code: (each.benchmark.indicator, each.benchmark.area)
        for code, each in asked.items()
        if each.benchmark is not None
    }
    known = benchmarks.periods(view.tx, list(dict.fromkeys(pairs.values())))
    shown = reading.headlines(view)
    wanted = []
    for code, pair in pairs.items():
        periods = known.get(pair, [])[:PERIODS]
        now = shown[code].figure.period_code if code in shown else ""
        wanted += [f"{code}/{period}" for period in ([now] if now in periods else periods)]
    owns: dict[str, IndicatorValue] = {}
    for value in repository.values(view.tx, wanted).values():
        before = owns.get(value.indicator)
        if before is None or _later(value, before):
            owns[value.indicator] = value
    cells = list(dict.fromkeys(Asked(*pairs[c], owns[c].period.code) for c in asked if c in owns))
    found: dict[tuple[str, str, str], dict[str, IndicatorValue]] = {}
    for row in benchmarks.areas(view.tx, cells, AREA_ROWS):
        value = decode_value(row.body or b"")
        if value.breakdown is not None and value.value is not None:
            place = (value.indicator, value.breakdown.field, value.period.code)
            found.setdefault(place, {})[value.breakdown.member] = value
    return [
        Beside(asked[code], own, areas)
        for code, own in owns.items()
        if (areas := found.get((*pairs[code], own.period.code)))
    ]


def _later(value: IndicatorValue, than: IndicatorValue) -> bool:
    """Whether a figure stands for its indicator before another: one that is a number, a later."""
    return (value.value is not None, value.period.end) > (than.value is not None, than.period.end)


def groups(view: Snapshot, found: Beside) -> list[Compared]:
    """An indicator among the areas of each of its groups: of those that hold more than one area,
    since one area alone has no quartiles."""
    period = found.own.period.code
    every = beside.compared(view, found.indicator, period, found.number, dict(found.areas))
    several = [each for each in every if len(each.areas) > 1]
    return several or every


def lines(view: Snapshot, found: Beside) -> list[Line]:
    """The same as lines of a table."""
    return [_line(view, found, each) for each in groups(view, found)]


def _line(view: Snapshot, found: Beside, group: Compared) -> Line:
    indicator, standing = found.indicator, group.standing
    say = saying(indicator, found.own.unit, found.own.value)
    numbers = [Decimal(found.areas[area].value or "") for area in group.areas]
    lower, median, upper = line_quartiles(numbers, say)
    england = found.areas.get(ENGLAND)
    service = view.catalogue.services.get(indicator.service or "")
    number = found.number
    return Line(
        code=indicator.code,
        title=indicator.title,
        service_code=indicator.service or "",
        service=service.name if service else indicator.service or "No service",
        group_code=group.group,
        group=group.name,
        period=words.period(found.own.period.code),
        own=words.no_value(found.own.reason) if number is None else say(number),
        lower=lower,
        median=median,
        upper=upper,
        areas=standing.areas,
        rank=standing.rank,
        quartile=standing.quartile,
        words=rank_words(standing, number, indicator.polarity),
        distance=or_dash(standing.distance or None, lambda far: say.difference(far, 1)),
        england=DASH if england is None else say(Decimal(england.value or "")),
        wanted={"high": "Higher is better", "low": "Lower is better"}.get(indicator.polarity, ""),
    )


class Names:
    """What areas are called, as the records behind their figures have it: looked up once, and again
    when an area is not known."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: tuple[object, ...] = ()
        self._at: dict[tuple[str, str], int] = {}
        self._found: dict[str, dict[str, str]] = {}

    def of(
        self, view: Snapshot, indicator: str, field: str, areas: Iterable[str]
    ) -> dict[str, str]:
        """The names of some members of an indicator's field, by code; a code without a name is its
        own."""
        wanted = list(areas)
        with self._lock:
            kept = (view.store_id, view.catalogue)
            if len(self._of) != 2 or self._of[0] != kept[0] or self._of[1] is not kept[1]:
                self._of, self._at, self._found = kept, {}, {}
            known = self._found.setdefault(field, {})
            looked = self._at.get((indicator, field), -1)
            if looked != view.cursor and any(area not in known for area in wanted):
                behind = lateness(view).datasets_behind(indicator)
                known.update(_read(view, behind, field))
                self._at[indicator, field] = view.cursor
            return {area: known.get(area, area) for area in wanted}


_names = Names()


def names(view: Snapshot, indicator: str, field: str, areas: Iterable[str]) -> dict[str, str]:
    """See Names."""
    found = _names.of(view, indicator, field, areas)
    council = view.catalogue.council
    if council is not None and council.area_code in found:
        found[council.area_code] = council.name
    if ENGLAND in found:
        found[ENGLAND] = "England"
    return found


def areas_named(view: Snapshot, indicator: Indicator, areas: Iterable[str]) -> dict[str, str]:
    """The names of some areas of an indicator's benchmark."""
    benchmark = indicator.benchmark
    return {} if benchmark is None else names(view, benchmark.indicator, benchmark.area, areas)


def _read(view: Snapshot, datasets: Sequence[str], area: str) -> dict[str, str]:
    """By area its name: of a field `area_code` it is in `area_name`, of `area` too."""
    field = f"{area.removesuffix('_code')}_name"
    found: dict[str, str] = {}
    for code in datasets:
        dataset = view.catalogue.datasets.get(code)
        if dataset is None or not {area, field} <= {each.name for each in dataset.fields}:
            continue
        for state in islice(_held.scan(view.tx, RECORDS, f"{code}/"), NAME_ROWS):
            fields = for_everybody(view.catalogue, _record(state.body)).fields
            if fields.get(field):
                found[str(fields.get(area))] = str(fields[field])
    return found
