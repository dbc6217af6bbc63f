"""What the values of one column have in common, seen one after another.

Rule: bounded: of values that keep differing only a fingerprint is held, and of those that do not
fit the others a few with their rows.
"""

from collections import Counter
from dataclasses import dataclass, field

from services.ingest.domain.inferring.days import Day
from services.ingest.domain.inferring.looks import MARKERS, NO_NUMBERS, look

MOST_DISTINCT = 64
SAMPLES = 3
SENTENCE = 5
COMPARED = ("number", "day", "yes/no", "financial year")


@dataclass(slots=True)
class Column:
    """A column: its heading, and what was seen in it."""

    heading: str
    seen: int = 0
    blank: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    # Things that may stand for nothing, as they are written.
    markers: Counter[str] = field(default_factory=Counter)
    weak_markers: Counter[str] = field(default_factory=Counter)
    distinct: Counter[str] = field(default_factory=Counter)
    many: bool = False
    unique: bool = True
    longest: int = 0
    # Values of several words.
    sentences: int = 0
    decimals: int = 0
    minus_ones: int = 0
    day_first: Counter[str] = field(default_factory=Counter)
    month_first: Counter[str] = field(default_factory=Counter)
    only_day_first: int = 0
    only_month_first: int = 0
    times: int = 0
    midnights: int = 0
    offsets: int = 0
    years: set[int] = field(default_factory=set)
    # How a value came, where the file is one of objects: text, whole, exact, yes/no, nested.
    came_as: set[str] = field(default_factory=set)
    # The first values that are not of a kind, each with its row.
    strangers: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    _known: set[int] = field(default_factory=set)

    @property
    def filled(self) -> int:
        """How many values are neither blank nor stand for nothing."""
        return self.seen - self.blank - self.markers.total()

    @property
    def blanks(self) -> int:
        """How many are blank, or stand for nothing."""
        return self.blank + self.markers.total()

    def see(self, row: int, cell: str) -> None:
        """Takes in the next value."""
        text = cell.strip()
        self.seen += 1
        if not text:
            self.blank += 1
            return
        if self.unique:
            self._see_whether_new(text)
        if text.lower() in MARKERS:
            if len(self.markers) < MOST_DISTINCT or text in self.markers:
                self.markers[text] += 1
                return
        elif text.lower() in NO_NUMBERS and len(self.weak_markers) < MOST_DISTINCT:
            self.weak_markers[text] += 1
        self.longest = max(self.longest, len(text))
        self.sentences += text.count(" ") >= SENTENCE
        if not self.many:
            self.distinct[text] += 1
            self.many = len(self.distinct) > MOST_DISTINCT
        self._see_kinds(row, text)

    def _see_whether_new(self, text: str) -> None:
        fingerprint = hash(text)
        if fingerprint in self._known:
            self.unique = False
            self._known.clear()
        else:
            self._known.add(fingerprint)

    def _see_kinds(self, row: int, text: str) -> None:
        kinds, decimals, day = look(text)
        counted = self.kinds
        for kind in kinds:
            counted[kind] += 1
        self.minus_ones += text == "-1"
        if decimals > self.decimals:
            self.decimals = decimals
        if day is not None:
            self._see_day(day)
        for kind in COMPARED:
            if kind not in kinds:
                strangers = self.strangers.setdefault(kind, [])
                if len(strangers) < SAMPLES:
                    strangers.append((row, text))

    def _see_day(self, day: Day) -> None:
        if day.day_first is not None:
            self.day_first[day.day_first] += 1
        if day.month_first is not None:
            self.month_first[day.month_first] += 1
        self.only_day_first += day.month_first is None
        self.only_month_first += day.day_first is None
        self.times += day.time
        self.midnights += day.time and day.midnight
        self.offsets += day.offset
        if len(self.years) < 400:
            self.years.add(day.year)
