"""Questions that both the JSON calls and the pages ask of a snapshot."""

from collections.abc import Iterable, Mapping

import msgspec

from services.publisher.board import Headline, Headlines, Standing
from services.publisher.domain import changed, words
from services.publisher.domain.figures import (
    Figure,
    compared_with,
    decode_value,
    figure,
    number_of,
)
from services.publisher.domain.messages import HeldRow
from services.publisher.domain.tallies import Place, Tally
from services.publisher.readmodel import Snapshot
from services.publisher.store import headlines as moves
from services.publisher.store import repository
from services.publisher.store.tables import TABLES
from shared.catalogue.headline import headline_kind
from shared.catalogue.model import Indicator
from shared.contracts.states import Control, IndicatorValue, Spend
from shared.contracts.topics import FINANCE, INDICATORS
from shared.delivery.held import Held, HeldState

PERIODS_BACK = 60
# More changes than these are read again altogether.
CHANGES_BACK = 4_000

_held = Held(TABLES)
_spend = msgspec.json.Decoder(Spend).decode
_control = msgspec.json.Decoder(Control).decode


def latest(view: Snapshot, indicators: Iterable[Indicator]) -> dict[str, HeldRow]:
    """The newest value of each indicator, for the kind of period it is shown by."""
    return newest(view, {each.code: headline_kind(each) for each in indicators})


def headlines(view: Snapshot) -> Headlines:
    """The newest figure of every indicator that has one, in words."""
    return standing(view).headlines


def counts(view: Snapshot) -> Mapping[Place, Tally]:
    """The counts of every part of the council, theme and set of indicators."""
    return standing(view).counts


def standing(view: Snapshot) -> Standing:
    """How everything stands, by the board that readers share."""
    known = view.catalogue.indicators

    def read(codes: Iterable[str]) -> Headlines:
        found = latest(view, [known[code] for code in codes if code in known])
        rows = {row.subject: row for row in found.values()}
        return {
            each.indicator: Headline(each, row.version, row.time, row.cursor)
            for each in figures(view, found.values())
            for row in [rows[each.subject]]
        }

    def changed_since(start: int) -> set[str] | None:
        return moves.moved(view.tx, start, view.cursor, CHANGES_BACK)

    return view.board.at(view.cursor, view.catalogue, view.today, read, changed_since)


def newest(view: Snapshot, kinds: Mapping[str, str]) -> dict[str, HeldRow]:
    """For each indicator its newest value of a kind of period: of the newest that has begun and
    has a figure or should have one. What is only not due yet stands back for what is known."""
    found = repository.latest(view.tx, kinds, view.today.isoformat())
    waiting = {code: row for code, row in found.items() if _waits(row)}
    for _ in range(PERIODS_BACK):
        if not waiting:
            break
        # All of them a period back at once.
        before = moves.before(view.tx, [row.subject for row in waiting.values()])
        back = {code: before[r.subject] for code, r in waiting.items() if r.subject in before}
        found.update((code, row) for code, row in back.items() if not _waits(row))
        waiting = {code: row for code, row in back.items() if _waits(row)}
    return found


def _waits(row: HeldRow) -> bool:
    """Whether a value has no number because it is not due."""
    value = decode_value(row.body or b"")
    return value.value is None and value.reason == "not due"


def figures(
    view: Snapshot, rows: Iterable[HeldRow], *, trends: bool = True, at: str | None = None
) -> list[Figure]:
    """Rows in words, with what they are compared with (as all of it was at an instant)."""
    today = (words.london_day(at) if at else None) or view.today
    listed = [(row, decode_value(row.body)) for row in rows if row.body is not None]
    others: dict[str, IndicatorValue] = {}
    if trends:
        wanted = {subject for row, _ in listed for subject in compared_with(row.subject)}
        if at is None:
            others = repository.values(view.tx, wanted)
        else:
            others = {each: found for each in wanted if (found := _known_at(view, each, at))}
    numbers = {subject: number_of(value) for subject, value in others.items()}
    return [
        figure(
            row.subject,
            value,
            view.catalogue.indicators.get(value.indicator),
            row.stamp,
            today,
            numbers,
        )
        for row, value in listed
    ]


def _known_at(view: Snapshot, subject: str, instant: str) -> IndicatorValue | None:
    version = repository.version_at(view.tx, subject, instant)
    kept = repository.versions(view.tx, subject, version, 1) if version else []
    return decode_value(kept[0].body) if kept and kept[0].body else None


def one_value(view: Snapshot, subject: str) -> HeldRow | None:
    """The value of a subject, if it exists."""
    return repository.rows(view.tx, INDICATORS, [subject]).get(subject)


def revised(view: Snapshot, rows: Iterable[HeldRow], until: str | None = None) -> dict[str, str]:
    """When each of these values was last revised, of those that were (by an instant): see
    domain.changed."""
    # What was said once was never revised.
    again = [
        row.subject
        for row in rows
        if row.version > 1 and row.body is not None and decode_value(row.body).status == "final"
    ]
    found = {}
    for subject, kept in repository.ends_of_days(view.tx, again, until).items() if again else ():
        stood = [(each.time, decode_value(each.body) if each.body else None) for each in kept]
        time = changed.revised(stood)
        if time is not None:
            found[subject] = time
    return found


def controls(view: Snapshot) -> dict[str, tuple[HeldState, Control]]:
    """The control total of each ledger, by code."""
    return {
        state.subject.partition("/")[2]: (state, _control(state.body))
        for state in _held.scan(view.tx, FINANCE, "control/")
    }


def spend(view: Snapshot, ledger: str) -> list[tuple[HeldState, Spend]]:
    """A ledger's spend by unit and month."""
    return [
        (state, _spend(state.body)) for state in _held.scan(view.tx, FINANCE, f"spend/{ledger}/")
    ]
