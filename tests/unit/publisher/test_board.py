"""The board of newest figures: what is kept is what reading all of it would give."""

from collections.abc import Iterable
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.publisher.board import Board, Headline, Headlines, Standing
from services.publisher.domain.tallies import COUNCIL, Tally, tallies
from shared.catalogue.model import Catalogue
from tests.unit.publisher.headline_figures import indicator, shown

CODES = ("A", "B", "C")
CATALOGUE = Catalogue(
    indicators={code: indicator(code, themes=["climate"] * (code < "C")) for code in CODES}
)
DAY = date(2026, 11, 30)
LIMIT = 3


class Store:
    """What was said of each indicator, in order; a snapshot is a place in that order."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str | None]] = []
        self.read: list[set[str]] = []

    def of(self, code: str, cursor: int) -> Headline | None:
        for place in range(cursor, 0, -1):
            found, number = self.said[place - 1]
            if found == code:
                outcome = "green" if number == "2" else "red"
                figure = shown(CATALOGUE.indicators[code], number, outcome, before="1.5")
                return None if number is None else Headline(figure, place, "", place)
        return None

    def headlines(self, cursor: int) -> Headlines:
        found = {code: self.of(code, cursor) for code in CODES}
        return {code: each for code, each in found.items() if each}

    def whole(self, cursor: int) -> Standing:
        """What reading all of it gives."""
        found = self.headlines(cursor)
        return Standing(found, tallies(CATALOGUE, {c: each.figure for c, each in found.items()}))

    def ask(self, board: Board, cursor: int, day: date = DAY,
            catalogue: Catalogue = CATALOGUE) -> Standing:  # fmt: skip
        def read(codes: Iterable[str]) -> Headlines:
            asked = set(codes)
            self.read.append(asked)
            return {code: each for code, each in self.headlines(cursor).items() if code in asked}

        def changed(start: int) -> set[str] | None:
            changes = [code for code, _ in self.said[start:cursor]]
            return None if len(changes) > LIMIT else set(changes)

        return board.at(cursor, catalogue, day, read, changed)


@given(st.lists(st.tuples(
    st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(["1", "2", None])), max_size=5),
    st.integers(0, 6),
), max_size=12))  # fmt: skip
def test_every_snapshot_sees_what_reading_all_of_it_gives(
    steps: list[tuple[list[tuple[str, str | None]], int]],
) -> None:
    store, board = Store(), Board()
    for said, back in steps:
        store.said += said
        for cursor in (len(store.said), max(0, len(store.said) - back)):
            assert store.ask(board, cursor) == store.whole(cursor)


def test_only_what_moved_is_read_again() -> None:
    store, board = Store(), Board()
    store.said += [("A", "1"), ("B", "1")]
    first = store.ask(board, 2)
    assert store.ask(board, 2) is first
    store.said += [("B", "2")]
    store.ask(board, 3)
    assert store.read == [set(CODES), {"B"}]
    assert store.ask(board, 3).counts[COUNCIL] == Tally(1, 0, 1, 1)
    # An older snapshot that comes late is on the board still.
    assert store.ask(board, 2) is first


def test_another_day_and_other_definitions_start_anew() -> None:
    store, board = Store(), Board()
    store.said += [("A", "1")]
    store.ask(board, 1)
    store.ask(board, 1, day=date(2026, 12, 1))
    store.ask(board, 1, catalogue=Catalogue(indicators=CATALOGUE.indicators))
    assert store.read == [set(CODES)] * 3
