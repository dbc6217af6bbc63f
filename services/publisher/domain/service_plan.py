"""A service's plan as lines of plain text, for its files.

Rule: a line says the same as the page does, in the same words; a text of a record that a
spreadsheet could read as a formula is marked as text.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass

from services.publisher.domain.pipeline import as_text


@dataclass(frozen=True)
class PlanLine:
    """One thing that a service answers for: where it is, where it is to be, by when, and who."""

    section: str
    reference: str
    title: str
    now: str = ""
    aim: str = ""
    status: str = ""
    by: str = ""
    owner: str = ""
    notes: str = ""


HEADERS = PlanLine(
    section="Section",
    reference="Reference",
    title="Title",
    now="Now",
    aim="Aim",
    status="Status",
    by="By",
    owner="Owner",
    notes="Notes",
)


def csv_file(lines: Iterable[PlanLine]) -> bytes:
    """The lines below one row of headers, in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(astuple(HEADERS))
    for line in lines:
        writer.writerow([as_text(cell) for cell in astuple(line)])
    return text.getvalue().encode()


def sections(lines: Iterable[PlanLine]) -> Iterator[tuple[str, list[PlanLine]]]:
    """The lines by section, in their order."""
    found: dict[str, list[PlanLine]] = {}
    for line in lines:
        found.setdefault(line.section, []).append(line)
    yield from found.items()
