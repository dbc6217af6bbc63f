"""A column that has become something else: told once, as what it is, and not row by row.

Rule: where nearly every one of a file's first rows breaks the same rule of the same field, the file
is refused as a whole. Blanks are no such thing, unless the column has nothing else.
"""

from collections import Counter
from collections.abc import Iterable

from services.ingest.domain.contract import Contract, spelling
from services.ingest.domain.refusals import Rejection, RequestRefused
from services.ingest.domain.table import Table

FEWEST_REJECTED = 100
SHARE = 90
SAMPLES = 3


def refuse_drift(
    contract: Contract, table: Table, received: int, rejected: int, faults: Iterable[Rejection]
) -> None:
    """Looks at the faults of a file's first rows. Raises RequestRefused."""
    if rejected < FEWEST_REJECTED:
        return
    broken: Counter[tuple[str, str]] = Counter()
    samples: dict[tuple[str, str], dict[str, None]] = {}
    for fault in faults:
        if fault.field is not None:
            place = (fault.field, fault.rule)
            broken[place] += 1
            shown = samples.setdefault(place, {})
            if len(shown) < SAMPLES and fault.raw:
                shown[fault.raw] = None
    problems = []
    for (name, rule), count in broken.items():
        needed = 100 if rule == "required" else SHARE
        if count * 100 < received * needed:
            continue
        column = _column(contract, table, name)
        share = count * 100 // received
        said = ", ".join(repr(each) for each in samples[name, rule])
        because = f"such as {said}" if said else "it is blank"
        problems.append(
            {
                "column": column,
                "field": name,
                "rule": rule,
                "share": f"{share} %",
                "values": list(samples[name, rule]),
                "message": f"{share} % of the first {received:,} rows break the rule {rule!r} of "
                f"{name} ({because}).",
            }
        )
    if problems:
        listed = " ".join(f"{each['column']}: {each['message']}" for each in problems)
        raise RequestRefused(
            422,
            f"A column is no longer what the contract says. {listed} Nothing was kept. If the "
            "source has changed, change the contract, and send it again.",
            problems,
        )


def _column(contract: Contract, table: Table, name: str) -> str:
    """The header of a field's column, as the file writes it."""
    for field, at, _ in table.columns:
        if field == name and 0 <= at < len(table.names):
            return table.names[at]
    for header in table.names:
        if contract.spellings.get(spelling(header)) == name:
            return header
    return name
