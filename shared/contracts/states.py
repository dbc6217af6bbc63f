"""The state (`data`) that each topic carries, as types. JSON Schemas are made from these.

Rule: exact numbers that may have decimals travel as strings; counts and pence are integers.
"""

from typing import Any

import msgspec

from shared.contracts.commissioning import CONTRACT_STATES
from shared.contracts.finance import FINANCE_STATES, Control, Spend
from shared.contracts.judged import RagState
from shared.contracts.review import Challenge, Cycle, Reminder, Review
from shared.contracts.risks import Action, Project, Risk

__all__ = [
    "STATES",
    "Action",
    "Breakdown",
    "Cell",
    "Challenge",
    "Control",
    "Cycle",
    "DeadLetter",
    "IndicatorValue",
    "MeasureInput",
    "MeasureYear",
    "PeriodState",
    "Project",
    "RagState",
    "Record",
    "Reminder",
    "Review",
    "Risk",
    "Spend",
    "TargetState",
]


class Record(msgspec.Struct, gc=False):
    """A record of a dataset, as its contract let it in. Key: `{dataset}/{key}`."""

    dataset: str
    key: str
    fields: dict[str, Any]


class Cell(msgspec.Struct, omit_defaults=True, gc=False):
    """What a base period holds: how many records, and the exact sum where one is kept.

    Of a stock: how many came in (`count`) and how many left (`sum`). Where the sum does not tell
    enough (median, distinct, latest ...), `values` holds how often each value came; for latest a
    value is `{date}|{value}`, or `{date}|~{reason}` where there is none. `days` are the cells of a
    month's days, where an indicator is given by day.
    """

    count: int = 0
    sum: str = ""
    values: dict[str, int] = {}
    days: dict[str, "Cell"] = {}


class Breakdown(msgspec.Struct, omit_defaults=True, gc=False):
    """One member of a breakdown, such as ward 27. By several fields at once, `field` and `member`
    hold all of them, joined by ` & `, and `parts` each."""

    field: str
    member: str
    parts: dict[str, str] = {}


class MeasureYear(msgspec.Struct, gc=False):
    """A measure's cells by month, for one financial year and one member (or all records)."""

    measure: str
    breakdown: Breakdown | None
    year: str
    cells: dict[str, Cell]


class PeriodState(msgspec.Struct, gc=False):
    """A reporting period; `start` and `end` are inclusive dates."""

    code: str
    kind: str
    start: str
    end: str


class MeasureInput(msgspec.Struct, omit_defaults=True, gc=False):
    """What a measure came to over an indicator's window, from how many records, and the version
    of the definition that it was counted by."""

    value: str | None
    records: int
    definition: int = 0


class TargetState(msgspec.Struct, omit_defaults=True, gc=False):
    """The target that was applied, and where it comes from: `set`, `profile`, `even share`, or
    the words of a relative target. `low` and `high` are the range of a goldilocks target."""

    value: str
    basis: str = "set"
    low: str | None = None
    high: str | None = None
    floor: str | None = None
    approved_by: str = ""


class IndicatorValue(msgspec.Struct, omit_defaults=True, gc=False):
    """The value of an indicator for a period (and member), with what it was made of.

    `status` is provisional or final, or empty where the indicator has no such rule; `due` is the
    day from which the value is due. `small` says that it rests on too few records to publish.
    """

    indicator: str
    period: PeriodState
    breakdown: Breakdown | None
    value: str | None
    reason: str | None
    unit: str
    formula: str
    definition: int
    measures: dict[str, MeasureInput]
    target: TargetState | None
    rag: RagState
    status: str = ""
    due: str | None = None
    small: bool = False
    source: str = ""


class DeadLetter(msgspec.Struct, gc=False):
    """An event that a service parked: why, and where it stood."""

    service: str
    topic: str
    partition: int
    offset: int
    subject: str | None
    reason: str


STATES: dict[str, tuple[type[msgspec.Struct], ...]] = {
    "irf.records": (Record,),
    "irf.measures": (MeasureYear,),
    "irf.indicators": (IndicatorValue,),
    "irf.finance": FINANCE_STATES,
    "irf.contracts": CONTRACT_STATES,
    "irf.risks": (Risk, Action, Project, Review, Challenge, Cycle, Reminder),
    "irf.dead-letters": (DeadLetter,),
}
