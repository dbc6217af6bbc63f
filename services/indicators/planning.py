"""The plan in force, and what a change of definitions or reference datasets makes of it.

Rule: never a stale plan. The store says when definitions or reference datasets last changed, in
the transaction that changed them, so what is kept here is used only while it is what they say.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from services.indicators.domain.plan import Plan, looked_into, plan
from shared.catalogue.model import Catalogue
from shared.catalogue.references import References, table_of
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Change
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.marks import Marks

REFERENCES = "references"

_record = msgspec.json.Decoder(Record).decode


class Planning:
    """Makes plans of the catalogue as the store has it."""

    def __init__(self, held: Held, definitions: Definitions, marks: Marks) -> None:
        self._held = held
        self._definitions = definitions
        self._marks = marks
        self._catalogue: Catalogue | None = None
        self._references: str | None = None
        self._plan = Plan()
        self._looked_into: set[str] = set()

    def plan(self, tx: Tx) -> Plan:
        """The plan for the newest catalogue and reference datasets."""
        catalogue = self._read(tx)
        stamp = self._marks.get(tx, REFERENCES) if self._looked_into else None
        if catalogue is not self._catalogue or stamp != self._references:
            self._plan = plan(catalogue, self._tables(tx, catalogue), self._plan)
            self._catalogue, self._references = catalogue, stamp
        return self._plan

    def looks_into(self, tx: Tx, datasets: Iterable[str]) -> bool:
        """Whether any of these datasets is one that others look into."""
        self._read(tx)
        return not self._looked_into.isdisjoint(datasets)

    def renew_references(self, tx: Tx) -> None:
        """A reference dataset changed: what is known of them is old."""
        self._marks.renew(tx, REFERENCES)

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of each definition in the catalogue of the plan."""
        return self._definitions.versions

    def how_counted(self, made: Plan) -> dict[str, str]:
        """For each measure, what its cells depend on beside the records."""
        council = made.catalogue.council
        closed = "" if council is None else ",".join(council.closure_days)
        versions = self.versions
        found = {}
        for code, compiled in made.compiled.items():
            parts = [
                f"measure {versions.get(f'measure/{code}', 0)}",
                *(
                    f"{each} {versions.get(f'dataset/{each}', 0)}"
                    for each in (compiled.dataset.code, *sorted(compiled.lookups))
                ),
                *compiled.breakdowns,
                "by day" if compiled.by_day else "by month",
                f"closed {closed}",
            ]
            found[code] = "; ".join(parts)
        return found

    def affected(
        self, made: Plan, measures: Iterable[str], redefined: Sequence[Change]
    ) -> set[str]:
        """The indicators to evaluate again, as these measures were counted again and these
        definitions changed."""
        found = {each.code for code in measures for each in made.by_measure.get(code, ())}
        for change in redefined:
            kind, _, code = change.subject.partition("/")
            if kind == "council":
                return set(made.indicators)
            if kind == "measure":
                found |= {each.code for each in made.by_measure.get(code, ())}
            elif kind == "indicator" and code in made.indicators:
                inputs = made.indicators[code].inputs
                found.add(code)
                # Others may use it in their formulas, or follow it.
                found |= {
                    each.code
                    for measure in inputs
                    for each in made.by_measure.get(measure, ())
                    if any(code in source.indicators.values() for source in each.sources)
                }
                found |= {each.code for each in made.followers.get(code, ())}
            elif kind == "peer-group":
                found |= {each.code for each in made.indicators.values() if each.looks_around}
        return self._with_users(made, found)

    def _with_users(self, made: Plan, found: set[str]) -> set[str]:
        """Also the indicators that name one of them in a formula, through others too."""
        while True:
            more = {
                planned.code
                for planned in made.indicators.values()
                if planned.code not in found
                and any(
                    not found.isdisjoint(source.indicators.values())
                    for source in planned.sources
                )
            }
            if not more:
                return found
            found |= more

    def removed_indicators(self, made: Plan, redefined: Sequence[Change]) -> Iterator[str]:
        """The indicators that are defined no more."""
        for change in redefined:
            kind, _, code = change.subject.partition("/")
            if kind == "indicator" and code not in made.indicators:
                yield code

    def _read(self, tx: Tx) -> Catalogue:
        catalogue = self._definitions.read(tx)
        if catalogue is not self._catalogue:
            self._looked_into = looked_into(catalogue)
        return catalogue

    def _tables(self, tx: Tx, catalogue: Catalogue) -> References:
        tables = {}
        for code in sorted(self._looked_into):
            dataset = catalogue.datasets.get(code)
            if dataset is not None and dataset.key != "content":
                records = (
                    _record(state.body).fields
                    for state in self._held.scan(tx, RECORDS, f"{code}/")
                )
                tables[code] = table_of(dataset.key, records)
        return References(catalogue.datasets, tables)
