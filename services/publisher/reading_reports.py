"""Reads a quarter as it was reported, checks that it still is, and sets it beside what is now.

Rule: a report's own page, its file and its call check every entry whenever they are asked for,
and say so. What only shows figures of it rests on a check that is at most some minutes old, unless
another hash is on record: to read thousands of entries for each reader would tell no more.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import msgspec

from services.publisher.domain import words
from services.publisher.domain.figures import Figure, Stamp, decode_value, figure, number_of
from services.publisher.domain.finance_sums import at, rule_of
from services.publisher.domain.frozen import Entry, digest_of
from services.publisher.domain.reported import Moved, money_moved, risk_moved, value_moved
from services.publisher.domain.review_words import decode_cycle, decode_review
from services.publisher.readmodel import Snapshot
from services.publisher.store import frozen, repository
from services.publisher.store.frozen import Report
from shared.catalogue.headline import headline_kind
from shared.catalogue.model import Catalogue, Indicator, from_definitions
from shared.contracts import subjects
from shared.contracts.finance import Figures, Position
from shared.contracts.judged import RagState
from shared.contracts.review import Cycle, Review
from shared.contracts.risks import Risk
from shared.contracts.states import IndicatorValue
from shared.contracts.topics import CATALOGUE, FINANCE, RISKS
from shared.review.about import Quarter, read_quarter
from shared.runtime.problems import Problem

_position = msgspec.json.Decoder(Position).decode
_risk = msgspec.json.Decoder(Risk).decode
BASIS = "as-is"
CHECKED_FOR = timedelta(minutes=5)
REMEMBERED = 16


@dataclass(frozen=True)
class Frozen:
    """A quarter as it was reported. `intact` says that its entries still make its hash."""

    report: Report
    quarter: Quarter
    catalogue: Catalogue
    cycle: Cycle | None
    day: date
    intact: bool
    checked_at: str

    @property
    def by(self) -> str:
        """Who froze it."""
        return self._step("by")

    @property
    def despite(self) -> str:
        """Why it was frozen although something was missing."""
        return self._step("despite")

    def _step(self, name: str) -> str:
        steps = self.cycle.steps if self.cycle else []
        return str(getattr(steps[-1], name)) if steps else ""


class ReportedValue(NamedTuple):
    """A value as it was reported, in words, and what became of it since."""

    entry: Entry
    value: IndicatorValue
    figure: Figure
    moved: Moved | None


class ReportedPosition(NamedTuple):
    """A position as it was reported, at the end of the quarter, and what became of it since."""

    entry: Entry
    position: Position
    figures: Figures
    rag: RagState
    moved: Moved | None


class ReportedRisk(NamedTuple):
    """A risk as it was reported, and what became of it since."""

    entry: Entry
    risk: Risk
    moved: Moved | None


def quarter_named(period: str) -> Quarter:
    """The quarter that an address names, or 404."""
    found = read_quarter(period)
    if found is None or found.code != period:
        raise Problem(404, f"There is no quarter {period[:40]!r}.")
    return found


class _Checked:
    """The newest check of each report that was read lately."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Frozen] = OrderedDict()

    def lately(self, view: Snapshot, report: Report) -> Frozen | None:
        """A report that was checked lately, if that hash is still the one on record."""
        with self._lock:
            found = self._kept.get((view.store_id, report.period))
        if found is None or found.report != report:
            return None
        now, then = words.instant(view.at), words.instant(found.checked_at)
        lately = now is not None and then is not None and timedelta(0) <= now - then < CHECKED_FOR
        return found if lately else None

    def keep(self, view: Snapshot, found: Frozen) -> None:
        with self._lock:
            self._kept[view.store_id, found.report.period] = found
            self._kept.move_to_end((view.store_id, found.report.period))
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)


_checked = _Checked()


def report_at_hand(view: Snapshot, quarter: Quarter) -> Frozen | None:
    """The report of a quarter, checked lately; None where this store holds none."""
    found = frozen.report(view.tx, quarter.code)
    if found is None:
        return None
    return _checked.lately(view, found) or _open(view, quarter, found)


def open_report(view: Snapshot, quarter: Quarter) -> Frozen | None:
    """The report of a quarter, checked now; None where this store holds none."""
    found = frozen.report(view.tx, quarter.code)
    return None if found is None else _open(view, quarter, found)


def _open(view: Snapshot, quarter: Quarter, found: Report) -> Frozen:
    definitions = {e.subject: e.body for e in frozen.entries(view.tx, quarter.code, CATALOGUE)}
    subject = subjects.cycle(quarter.code)
    cycle = frozen.some(view.tx, quarter.code, RISKS, [subject]).get(subject)
    day = words.london_day(found.frozen_at) or words.london_day(found.taken_at)
    made = Frozen(
        report=found,
        quarter=quarter,
        catalogue=from_definitions(definitions),
        cycle=decode_cycle(cycle.body) if cycle else None,
        day=day or view.today,
        intact=is_intact(view, found),
        checked_at=view.at,
    )
    _checked.keep(view, made)
    return made


def is_intact(view: Snapshot, found: Report) -> bool:
    """Whether the entries of a report are still the ones that were frozen."""
    digest = digest_of(frozen.entries(view.tx, found.period))
    return digest.value() == found.sha256 and digest.counts == dict(found.counts)


def values(view: Snapshot, report: Frozen) -> dict[str, ReportedValue]:
    """For each indicator the value that stood for it in the report: the newest of its headline
    kind by the quarter's end that was there or should have been."""
    entries = {e.subject: e for e in frozen.headlines(view.tx, report.quarter.code)}
    held = {subject: decode_value(entry.body) for subject, entry in entries.items()}
    picked = chosen(held, report.catalogue)
    numbers = {subject: number_of(value) for subject, value in held.items()}
    now = repository.values(view.tx, picked.values())
    return {
        code: _reported(report, entries[subject], held[subject], numbers, now.get(subject))
        for code, subject in sorted(picked.items())
    }


def chosen(held: Mapping[str, IndicatorValue], catalogue: Catalogue) -> dict[str, str]:
    """By indicator, the subject of the value that stood for it."""
    found: dict[str, str] = {}
    for subject, value in held.items():
        definition = catalogue.indicators.get(value.indicator)
        if definition is None or value.period.kind != headline_kind(definition):
            continue
        best = held.get(found.get(value.indicator, ""))
        if best is None or _order(value) > _order(best):
            found[value.indicator] = subject
    return found


def _order(value: IndicatorValue) -> tuple[bool, str]:
    waits = value.value is None and value.reason == "not due"
    return not waits, value.period.end


def _reported(
    report: Frozen,
    entry: Entry,
    value: IndicatorValue,
    numbers: Mapping[str, Decimal | None],
    now: IndicatorValue | None,
) -> ReportedValue:
    definition = report.catalogue.indicators.get(value.indicator)
    told = figure(entry.subject, value, definition, Stamp(entry.time, ""), report.day, numbers)
    return ReportedValue(entry, value, told, value_moved(value, now, definition))


def strategic(report: Frozen) -> list[Indicator]:
    """The set that members watched."""
    return [each for each in report.catalogue.indicators.values() if each.strategic]


def positions(view: Snapshot, report: Frozen, levels: Iterable[str]) -> list[ReportedPosition]:
    """The positions of some levels, by the structure of the time of the report, at its last
    period."""
    wanted, quarter = set(levels), report.quarter
    prefix = f"position/{BASIS}/{quarter.year}/"
    entries = [
        entry
        for entry in frozen.entries(view.tx, quarter.code, FINANCE, prefix)
        if entry.subject.split("/")[4:5] and entry.subject.split("/")[4] in wanted
    ]
    rule, live_rule = rule_of(report.catalogue.books), rule_of(view.catalogue.books)
    now = repository.rows(view.tx, FINANCE, [entry.subject for entry in entries])
    found = []
    for entry in entries:
        held, row = _position(entry.body), now.get(entry.subject)
        was = at(held.lines, quarter.last_period, rule)
        live = _position(row.body or b"") if row else None
        is_now = at(live.lines, quarter.last_period, live_rule) if live else None
        found.append(ReportedPosition(entry, held, *was, money_moved(was, is_now)))
    return found


def risks(view: Snapshot, report: Frozen) -> list[ReportedRisk]:
    """The open risks of the report, the highest score first."""
    entries = {e.subject: e for e in frozen.entries(view.tx, report.quarter.code, RISKS, "risk/")}
    now = repository.rows(view.tx, RISKS, entries)
    found = []
    for subject, entry in entries.items():
        was, row = _risk(entry.body), now.get(subject)
        if was.open:
            moved = risk_moved(was, _risk(row.body or b"") if row else None)
            found.append(ReportedRisk(entry, was, moved))
    return sorted(found, key=lambda each: (-each.risk.score, each.risk.reference))


def reviews(view: Snapshot, report: Frozen) -> dict[str, Review]:
    """The reviews of the report, by what they are about."""
    prefix = subjects.review(report.quarter.code, "")
    found = map(
        decode_review,
        (entry.body for entry in frozen.entries(view.tx, report.quarter.code, RISKS, prefix)),
    )
    return {each.about: each for each in found}
