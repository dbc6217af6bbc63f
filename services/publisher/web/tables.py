"""What several pages show: tables of indicators, tallies, ledgers, and the frame."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from services.publisher import reading
from services.publisher.domain import money
from services.publisher.domain import tallies as counted
from services.publisher.domain.figures import Figure
from services.publisher.domain.tallies import Tally
from services.publisher.readmodel import Snapshot
from services.publisher.supplies import lateness
from shared.catalogue.headline import headline_kind
from shared.catalogue.model import Indicator

Facts = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """An indicator in a table, with its figure if it has one."""

    indicator: Indicator
    kind: str
    figure: Figure | None
    late: Mapping[str, str] = field(default_factory=dict)


def tally(rows: Iterable[Row]) -> Tally:
    """Counts the outcomes of rows."""
    return counted.tally(row.figure for row in rows if row.figure)


def frame(view: Snapshot, here: str, stream: dict[str, str] | None) -> Facts:
    """What the frame around every page needs. `stream` is what the page listens to."""
    facts: Facts = {"council": view.catalogue.council, "here": here, "cursor": view.event_id}
    if stream is not None:
        facts["stream"] = "/v1/stream?" + urlencode(stream)
    return facts


def table(view: Snapshot, indicators: Iterable[Indicator]) -> list[Row]:
    """Indicators with their newest figures."""
    listed = list(indicators)
    shown = reading.headlines(view)
    late = lateness(view)
    return [
        Row(
            each,
            headline_kind(each),
            shown[each.code].figure if each.code in shown else None,
            late.parts_of(each.code),
        )
        for each in listed
    ]


def ledgers(view: Snapshot) -> list[Facts]:
    controls = reading.controls(view)
    return [
        {
            "code": ledger.code,
            "title": ledger.title or ledger.code,
            "subject": f"control/{ledger.code}",
            **money.spend_display(controls[ledger.code][1]),
        }
        for ledger in view.catalogue.ledgers.values()
        if ledger.code in controls
    ]
