"""Reads the set that members watch, quarter by quarter: as it is, and as it was reported."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.publisher import reading, reading_reports
from services.publisher.domain import strategic
from services.publisher.domain.figures import Figure, Stamp, decode_value, figure, number_of
from services.publisher.domain.reported import Moved, value_moved
from services.publisher.domain.strategic import Columns, Ended, Group
from services.publisher.domain.tallies import Tally, tally
from services.publisher.reading_reports import Frozen
from services.publisher.readmodel import Snapshot
from services.publisher.store import frozen, quarters, repository
from services.publisher.supplies import lateness
from shared.catalogue.headline import headline_kind
from shared.catalogue.model import Indicator
from shared.contracts.topics import INDICATORS


@dataclass(frozen=True)
class Cell:
    """An indicator in a quarter; `subject` also where its figure is still to come. In a report,
    `moved` says what became of it since."""

    quarter: str
    subject: str
    figure: Figure | None = None
    moved: Moved | None = None


@dataclass(frozen=True)
class Line:
    """An indicator with its quarters, and the figure that stands for it now (or then)."""

    indicator: Indicator
    kind: str
    cells: list[Cell]
    newest: Figure | None = None
    moved: Moved | None = None
    late: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """The lines of a group, and how they stand."""

    group: Group
    lines: list[Line]
    tally: Tally


@dataclass(frozen=True)
class Strategic:
    """The whole set."""

    columns: Columns
    sections: list[Section]
    tally: Tally

    @property
    def lines(self) -> list[Line]:
        """Every indicator, group by group."""
        return [line for section in self.sections for line in section.lines]


def live(view: Snapshot) -> Strategic:
    """The set as it is now, beside the newest quarters that are over."""
    groups = strategic.groups(view.catalogue)
    columns = strategic.columns_to(view.today)
    listed = [each for group in groups for each in group.indicators]
    kinds = {each.code: strategic.shown_kind(each) for each in listed}
    found = quarters.ended(view.tx, kinds, columns.first_day, columns.last_day)
    places = _places(columns, listed, found)
    rows = repository.rows(
        view.tx, INDICATORS, {subject for row in places.values() for subject in row if subject}
    )
    told = {each.subject: each for each in reading.figures(view, rows.values(), trends=False)}
    heads, late = reading.headlines(view), lateness(view)
    lines = {
        each.code: Line(
            each,
            headline_kind(each),
            [
                Cell(quarter.code, subject, told.get(subject))
                for quarter, subject in zip(columns.quarters, places[each.code], strict=True)
            ],
            newest=heads[each.code].figure if each.code in heads else None,
            late=late.parts_of(each.code),
        )
        for each in listed
    }
    return _whole(columns, groups, lines)


def reported(view: Snapshot, report: Frozen) -> Strategic:
    """The set as it was reported, with what moved since; also of the quarters before it."""
    groups = strategic.groups(report.catalogue)
    columns = strategic.columns_of(report.quarter.code)
    listed = {each.code: each for group in groups for each in group.indicators}
    entries = {
        entry.subject: entry
        for entry in frozen.headlines(view.tx, report.quarter.code)
        if entry.subject.partition("/")[0] in listed
    }
    held = {subject: decode_value(entry.body) for subject, entry in entries.items()}
    found = [
        Ended(subject, value.indicator, value.period.kind, value.period.end)
        for subject, value in held.items()
    ]
    places = _places(columns, listed.values(), found)
    chosen = reading_reports.chosen(held, report.catalogue)
    shown = {subject for row in places.values() for subject in row if subject in held}
    now = repository.values(view.tx, shown | set(chosen.values()))
    numbers = {subject: number_of(value) for subject, value in held.items()}

    def told(subject: str) -> tuple[Figure | None, Moved | None]:
        value = held.get(subject)
        if value is None:
            return None, None
        definition = listed[value.indicator]
        stamp = Stamp(entries[subject].time, "")
        made = figure(subject, value, definition, stamp, report.day, numbers)
        return made, value_moved(value, now.get(subject), definition)

    lines = {
        code: Line(
            each,
            headline_kind(each),
            [
                Cell(quarter.code, subject, *told(subject))
                for quarter, subject in zip(columns.quarters, places[code], strict=True)
            ],
            *told(chosen.get(code, "")),
        )
        for code, each in listed.items()
    }
    return _whole(columns, groups, lines)


def _places(
    columns: Columns, listed: Iterable[Indicator], found: Iterable[Ended]
) -> dict[str, list[str]]:
    of: dict[str, list[Ended]] = {}
    for each in found:
        of.setdefault(each.indicator, []).append(each)
    return {each.code: columns.places(each, of.get(each.code, [])) for each in listed}


def _whole(columns: Columns, groups: Iterable[Group], lines: Mapping[str, Line]) -> Strategic:
    sections = [
        Section(group, listed, _tally(listed))
        for group in groups
        for listed in [[lines[each.code] for each in group.indicators]]
    ]
    return Strategic(columns, sections, _tally(lines.values()))


def _tally(lines: Iterable[Line]) -> Tally:
    return tally(each.newest for each in lines if each.newest)
