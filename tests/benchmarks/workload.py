"""The reference workload: records that change, measures and indicators over them, one seed.

Eight business systems hold records of about 300 bytes; a stream of changes inserts, corrects,
deletes and restates them. Forty months, thirty-two wards, forty-eight measures with filters,
twenty-four indicators. The same definitions are given twice: as plain data, for programs that know
nothing of the IRF, and as its catalogue.
"""

from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from random import Random
from typing import Any, Final, NamedTuple

import msgspec

from shared.contracts.states import Record
from shared.contracts.subjects import record

SEED: Final = 20261123
DATASETS: Final = (
    *("benefits", "libraries", "licences", "planning"),
    *("repairs", "streets", "trees", "waste"),
)
WARDS: Final = tuple(f"W{number:02}" for number in range(1, 33))
FIRST_MONTH: Final = 2022 * 12 + 11  # December 2022
MONTHS: Final = tuple(
    f"{number // 12}-{number % 12 + 1:02}" for number in range(FIRST_MONTH, FIRST_MONTH + 40)
)
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "outcome": ("in-time", "late", "partly", "open", "waived", "void"),
    "category": ("advice", "appeal", "complaint", "new", "renewal", "repeat", "request", "urgent"),
    "priority": ("1", "2", "3", "4"),
}
INDICATORS: Final = 24
FIELD_BYTES: Final = 256  # of the fields; the state around them makes it 300

# Shares of all changes, but for the first insertion of each record; the rest are new amounts.
CORRECTED, DELETED, RESTATED = 0.19, 0.02, 0.09

_encode = msgspec.json.Encoder().encode
Filter = tuple[str, frozenset[str]]


class Measure(NamedTuple):
    """Counts records (or adds up their amounts) that pass every filter, by month and ward."""

    code: str
    dataset: str
    sums: bool
    filters: tuple[Filter, ...]


class Indicator(NamedTuple):
    """Made of two measures, or three for a rate. `high`: the target is a least, not a most."""

    code: str
    kind: str
    inputs: tuple[int, ...]
    target: int
    high: bool


FORMULAS: Final = {
    "percentage": "100 * {0} / {1}",
    "mean": "{0} / {1}",
    "difference": "{0} - {1}",
    "rate": "1000 * ({0} + {1}) / {2}",
}
UNITS: Final = {
    "percentage": "percentage", "mean": "ratio", "difference": "count", "rate": "rate",
}  # fmt: skip
KINDS: Final = ("percentage", "percentage", "percentage", "mean", "difference", "rate")
AMBER_POINTS: Final = 5


class Change(NamedTuple):
    """What a record is now; `fields` None says that it is gone. `what` names the kind of change."""

    dataset: str
    key: str
    fields: dict[str, Any] | None
    what: str

    @property
    def subject(self) -> str:
        """The subject of its event."""
        return record(self.dataset, self.key)

    def body(self) -> bytes | None:
        """The state that travels on irf.records."""
        if self.fields is None:
            return None
        return _encode(Record(self.dataset, self.key, self.fields))


def definitions(count: int = INDICATORS) -> tuple[list[Measure], list[Indicator]]:
    """The measures and indicators: two measures for each indicator, a rate borrows a third."""
    random = Random(SEED)
    measures: list[Measure] = []
    indicators: list[Indicator] = []
    for number in range(count):
        kind = KINDS[number % 6]
        dataset = DATASETS[number % 8]
        # Every third percentage is of money, and so are differences.
        money = kind == "difference" or number % 6 == 2
        wide, narrow = random.sample(sorted(WORDS), 2)
        base = (_filter(random, wide),)
        part = base if kind == "mean" else (*base, _filter(random, narrow))
        for filters, sums in ((part, money or kind == "mean"), (base, money)):
            measures.append(Measure(f"m{len(measures):02}", dataset, sums, filters))
        first = 2 * number
        # The denominator of a rate comes from the next indicator's dataset.
        borrowed = ((first + 3) % (2 * count),) if kind == "rate" else ()
        inputs = (first, first + 1, *borrowed)
        indicators.append(
            Indicator(
                f"i{number:02}",
                kind,
                inputs,
                random.choice((40, 50, 75, 90)),
                random.random() < 0.7,
            )
        )
    return measures, indicators


def _filter(random: Random, field: str) -> Filter:
    words = WORDS[field]
    return field, frozenset(random.sample(words, random.randint(1, 3)))


def document(count: int = INDICATORS) -> dict[str, Any]:
    """The same as a catalogue: periods are months, breakdowns wards."""
    measures, indicators = definitions(count)
    return {
        "council": {
            "code": "benchmark",
            "name": "Benchmark council",
            "sample": True,
            "no_denominator": "not calculable",
        },
        "datasets": [_dataset(code) for code in DATASETS],
        "measures": [_measure(each) for each in measures],
        "indicators": [_indicator(each, measures) for each in indicators],
    }


def _dataset(code: str) -> dict[str, Any]:
    texts = ("ward", *WORDS, "source", "changed_by", "note")
    return {
        "code": code,
        "title": f"Benchmark {code}",
        "extract": "changes",
        "key": ["ref"],
        "fields": [
            {"name": "ref", "type": "text", "required": True},
            {"name": "day", "type": "date", "required": True},
            {"name": "amount", "type": "integer", "required": True},
            *({"name": name, "type": "text"} for name in texts),
        ],
    }


def _measure(measure: Measure) -> dict[str, Any]:
    tests = []
    for field, words in measure.filters:
        listed = ", ".join(f'"{word}"' for word in sorted(words))
        tests.append(f"{field} in ({listed},)" if len(words) == 1 else f"{field} in ({listed})")
    made = {
        "code": measure.code,
        "dataset": measure.dataset,
        "aggregate": "sum" if measure.sums else "count",
        "date": "day",
        "where": " and ".join(tests),
    }
    return made | ({"of": "amount"} if measure.sums else {})


def _indicator(indicator: Indicator, measures: list[Measure]) -> dict[str, Any]:
    names = [measures[number].code for number in indicator.inputs]
    return {
        "code": indicator.code,
        "title": f"Benchmark {indicator.kind} {indicator.code}",
        "owner": "Nobody real",
        "formula": FORMULAS[indicator.kind].format(*names),
        "unit": UNITS[indicator.kind],
        "precision": 1,
        "polarity": "high" if indicator.high else "low",
        "periods": ["month"],
        "breakdowns": ["ward"],
        "targets": [{"value": str(indicator.target)}],
        "rag": {"amber_within": str(AMBER_POINTS), "of": "points"},
    }


class _Council:
    """The records as they stand while changes are made up."""

    def __init__(self, records: int, random: Random) -> None:
        self.random = random
        self.absent = list(range(records))
        random.shuffle(self.absent)
        self.present: list[int] = []
        self.fields: dict[int, dict[str, Any]] = {}
        self._places: dict[int, int] = {}
        # Recent months and a few large wards get most of the work.
        self._months = list(accumulate(0.9 ** (len(MONTHS) - n) for n in range(len(MONTHS))))
        self._wards = list(accumulate(1 / n**0.6 for n in range(1, len(WARDS) + 1)))

    def ward(self) -> str:
        return WARDS[bisect(self._wards, self.random.random() * self._wards[-1])]

    def day(self) -> str:
        month = MONTHS[bisect(self._months, self.random.random() * self._months[-1])]
        return f"{month}-{1 + int(28 * self.random.random()):02}"

    def insert(self) -> int:
        random = self.random
        number = self.absent.pop()
        fields: dict[str, Any] = {
            "ref": f"{number:07}",
            "day": self.day(),
            "amount": random.randrange(100_000),
            "ward": self.ward(),
            **{field: random.choice(words) for field, words in WORDS.items()},
            "source": f"system-{number % 5}",
            "changed_by": f"officer-{random.randrange(1000):04}",
            "note": "",
        }
        fields["note"] = "n" * max(0, FIELD_BYTES - len(_encode(fields)))
        self.fields[number] = fields
        self._places[number] = len(self.present)
        self.present.append(number)
        return number

    def delete(self) -> int:
        number = self.random.choice(self.present)
        place, last = self._places.pop(number), self.present.pop()
        if last != number:
            self.present[place], self._places[last] = last, place
        del self.fields[number]
        self.absent.insert(0, number)
        return number

    def move(self, what: str) -> int:
        """A correction, a new amount, or nothing at all, to a record that exists."""
        random = self.random
        number = self.present[int(random.random() * len(self.present))]
        fields = self.fields[number] = dict(self.fields[number])
        if what == "amount":
            fields["amount"] += 1 + int(1000 * random.random())
        elif what == "corrected":
            field = random.choice(("ward", "ward", "day", "outcome", "outcome"))
            if field == "ward":
                fields["ward"] = self.ward()
            elif field == "day":
                fields["day"] = self.day()
            else:
                fields["outcome"] = random.choice(WORDS["outcome"])
            if random.random() < 0.5:
                fields["amount"] = random.randrange(100_000)
        return number


def changes(count: int, records: int, first: int = 0) -> Iterator[Change]:
    """So many changes over so many records, of which the first `first` are insertions.

    The same arguments give the same changes.
    """
    council = _Council(records, Random(SEED))
    inserted = (records - first) / max(1, count - first) + DELETED
    for number in range(count):
        what = "inserted" if number < first else _what(council, inserted)
        if what == "inserted":
            ref = council.insert()
        elif what == "deleted":
            ref = council.delete()
        else:
            ref = council.move(what)
        yield Change(DATASETS[ref % len(DATASETS)], f"{ref:07}", council.fields.get(ref), what)


def _what(council: _Council, inserted: float) -> str:
    chance = council.random.random()
    if not council.present or (council.absent and chance < inserted):
        return "inserted"
    chance = council.random.random() * (1 - inserted if council.absent else 1)
    for share, what in ((CORRECTED, "corrected"), (DELETED, "deleted"), (RESTATED, "restated")):
        if chance < share:
            return what
        chance -= share
    return "amount"
