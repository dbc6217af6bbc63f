"""The evidence base: how the people and the place are, by topic, with where every figure is from.

Rule: an indicator is evidence if it stands under a topic, or only describes the place or the
demand. What only holds other areas' figures is what others are compared with, and no evidence by
itself. A source is named as its dataset names it; without one, it is the council's own records.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import NamedTuple

from services.publisher.domain.aids import Compared
from services.publisher.domain.pipeline import as_text
from services.publisher.domain.saying import Saying
from shared.catalogue.model import Catalogue, Dataset, Indicator, Topic

# What is told of no topic stands here, in an address.
ELSEWHERE = "other"
NO_LICENCE = "Not recorded"
SAMPLE = (
    "Sample data: every figure is made up. Sources and licences are named as those of real figures "
    "would be."
)


class Source(NamedTuple):
    """Where figures come from, and by what right they are shown."""

    name: str
    licence: str


class Theme(NamedTuple):
    """A topic with its indicators."""

    topic: Topic
    indicators: list[Indicator]


def topics(catalogue: Catalogue) -> list[Theme]:
    """Every topic in the order in which they are written, then what stands under none."""
    compared = {i.benchmark.indicator for i in catalogue.indicators.values() if i.benchmark}
    evidence = [
        each
        for each in catalogue.indicators.values()
        if each.topic or (each.influence == "context" and each.code not in compared)
    ]
    found = [
        Theme(topic, [each for each in evidence if each.topic == topic.code])
        for topic in catalogue.topics.values()
    ]
    rest = [each for each in evidence if each.topic not in catalogue.topics]
    summary = "What describes the demand on services, or the place, under no topic of its own."
    if ELSEWHERE not in catalogue.topics:
        found.append(Theme(Topic(ELSEWHERE, "Other context", summary), rest))
    return [each for each in found if each.indicators]


def note(catalogue: Catalogue) -> str:
    """What is to be known of every figure: that it is made up, where it is."""
    return SAMPLE if catalogue.council and catalogue.council.sample else ""


def source_of(dataset: Dataset) -> Source:
    """Where a dataset comes from."""
    own = f"The council's own records ({dataset.system})" if dataset.system else ""
    name = dataset.source or own or "The council's own records"
    return Source(name, dataset.licence or NO_LICENCE)


def sources(catalogue: Catalogue, datasets: Iterable[str]) -> list[Source]:
    """The sources of datasets, each once."""
    known = (catalogue.datasets[code] for code in datasets if code in catalogue.datasets)
    return list(dict.fromkeys(source_of(each) for each in known))


def comparison(found: Compared, own: Decimal | None, polarity: str, say: Saying) -> str:
    """`England: 75.3%; here 1.2 percentage points lower, which is worse`. Other areas are told with
    one decimal more than a figure, as everywhere."""
    stands = found.standing
    average = "" if stands.areas == 1 else f" on average of {stands.areas} areas"
    text = f"{found.name}: {say.finer(stands.mean)}{average}"
    if own is None:
        return text
    far = own - stands.mean
    if not far:
        return f"{text}; here the same"
    way = "higher" if far > 0 else "lower"
    better = {"high": far > 0, "low": far < 0}.get(polarity)
    effect = "" if better is None else f", which is {'better' if better else 'worse'}"
    text = f"{text}; here {say.difference(abs(far), 1)} {way}{effect}"
    if stands.rank is not None and stands.areas > 1:
        text = f"{text}; rank {stands.rank} of {stands.areas + 1}, where 1 is best"
    return text


@dataclass(frozen=True)
class Row:
    """An indicator of the evidence base as a line of a file; `value` is the plain number."""

    topic: str
    code: str
    indicator: str
    definition: str
    period: str
    period_code: str
    value: str
    figure: str
    unit: str
    standing: str
    change: str
    year_change: str
    comparison: str
    source: str
    licence: str


HEADERS = Row(
    topic="Topic",
    code="Code",
    indicator="Indicator",
    definition="Definition",
    period="Period",
    period_code="Period code",
    value="Value",
    figure="Figure",
    unit="Unit",
    standing="Provisional or final",
    change="Change since the period before",
    year_change="Change since a year before",
    comparison="Compared with other areas",
    source="Source",
    licence="Licence",
)
# Made here, of a number that was checked: a minus sign is no formula.
_NUMBERS = ("value",)


def csv_file(rows: Iterable[Row], notes: Iterable[tuple[str, str]]) -> bytes:
    """The rows below one row of headers, in UTF-8; after an empty line, what is to be known of
    them (`Source`, `Licence` and the like), each with its name."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(astuple(HEADERS))
    names = tuple(HEADERS.__dataclass_fields__)
    for row in rows:
        cells = zip(names, astuple(row), strict=True)
        writer.writerow([cell if name in _NUMBERS else as_text(cell) for name, cell in cells])
    writer.writerow([])
    for name, note in notes:
        writer.writerow([as_text(name), as_text(note)])
    return text.getvalue().encode()
