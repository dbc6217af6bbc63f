"""What a rejected row said, as far as it may be kept.

Rule: what tells who somebody is stands in no rejection and in no kept row: it is kept as "…". What
a contract does not name is dropped here as everywhere.
"""

from collections.abc import Iterable, Sequence

import msgspec

from services.ingest.domain.contract import Columns, Contract, spelling
from services.ingest.domain.refusals import Fault, shown, storable
from services.ingest.domain.table import Line
from shared.contracts.states import Record

HIDDEN = "…"
LONGEST = 4_000

_record = msgspec.json.Decoder(Record).decode


class Hidden:
    """Hides the fields of a contract that tell who somebody is."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self.fields = frozenset(
            each.name
            for each in contract.dataset.fields
            if each.personal == "identifier" or each.pseudonymise
        )
        self._key = bool(self.fields.intersection(contract.key_fields))

    def faults(self, faults: Sequence[Fault]) -> Sequence[Fault]:
        """The faults of a row, without the values that are hidden."""
        if not self.fields:
            return faults
        return [self._fault(each) for each in faults]

    def _fault(self, fault: Fault) -> Fault:
        if fault.field in self.fields and fault.rule != "required":
            reason = f"{fault.field} breaks the rule {fault.rule!r}."
            return Fault(fault.field, fault.rule, reason, HIDDEN)
        return fault._replace(raw=HIDDEN) if self._key and fault.field == "key" else fault

    def key(self, key: str) -> str:
        """A key, as a rejection may show it."""
        return HIDDEN if self._key else shown(key)

    def cells(self, columns: Columns, line: Line) -> dict[str, str]:
        """What a row of a file said, in the fields of the contract."""
        if line.data is None:
            width = len(line.cells)
            return self._kept(
                (name, line.cells[at]) for name, at, _ in columns if -width <= at < width
            )
        known = self._contract.spellings
        named = ((known.get(spelling(name)), value) for name, value in line.data.items())
        return self._kept((name, _text(value)) for name, value in named if name is not None)

    def held(self, body: bytes | None) -> dict[str, str]:
        """What a state says, likewise."""
        if body is None:
            return {}
        return self._kept((name, _text(value)) for name, value in _record(body).fields.items())

    def _kept(self, said: Iterable[tuple[str, str]]) -> dict[str, str]:
        return {
            name: HIDDEN if name in self.fields else storable(text[:LONGEST])
            for name, text in said
        }


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
