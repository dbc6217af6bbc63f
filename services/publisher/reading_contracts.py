"""Questions about contracts and commissioning intentions that calls and pages both ask."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from services.publisher.domain.pipeline import PipelineRow, in_pipeline, pipeline_row
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.tables import TABLES
from shared.accounts.terms import months_on
from shared.catalogue.accounts import ContractRule
from shared.contracts import subjects
from shared.contracts.commissioning import Contract, ContractSpend, Intention
from shared.contracts.topics import CONTRACTS
from shared.delivery.held import Held, HeldState

LAST = "9999"

_held = Held(TABLES)
decode_contract = msgspec.json.Decoder(Contract).decode
_spend = msgspec.json.Decoder(ContractSpend).decode
_intention = msgspec.json.Decoder(Intention).decode


class Wanted(NamedTuple):
    """What a contract must be to be listed; blank parts ask for anything."""

    service: str = ""
    directorate: str = ""
    portfolio: str = ""
    stage: str = ""
    expires_from: str = ""
    expires_to: str = ""

    def takes(self, found: Contract) -> bool:
        """Whether a contract is wanted."""
        return (
            self.service in ("", found.service)
            and self.directorate in ("", found.directorate)
            and self.portfolio in ("", found.portfolio)
            and self.stage in ("", found.stage)
            and (not self.expires_to or self.expires_from <= found.expiry <= self.expires_to)
        )


def rule(view: Snapshot) -> ContractRule:
    """When contracts come into sight, by the accounts."""
    books = view.catalogue.books
    return books.contracts if books else ContractRule()


def in_months(view: Snapshot, months: int) -> str:
    """The day so many months from today."""
    return months_on(view.today.isoformat(), months)


def contracts(view: Snapshot) -> list[tuple[HeldState, Contract]]:
    """The register, what expires first first; what is not known to expire last."""
    found = [(s, decode_contract(s.body)) for s in _held.scan(view.tx, CONTRACTS, "contract/")]
    return sorted(found, key=lambda each: (each[1].expiry or LAST, each[1].reference))


def contract(view: Snapshot, reference: str) -> tuple[HeldState, Contract] | None:
    """One contract."""
    found = _held_of(view, [subjects.contract(reference)])
    return next(((state, decode_contract(state.body)) for state in found.values()), None)


def named_contracts(
    view: Snapshot, references: Iterable[str]
) -> dict[str, tuple[HeldState, Contract]]:
    """Those of these contracts that exist, by reference."""
    asked = {subjects.contract(reference): reference for reference in references}
    found = _held_of(view, asked)
    return {asked[name]: (state, decode_contract(state.body)) for name, state in found.items()}


def spend(view: Snapshot, reference: str) -> ContractSpend | None:
    """What is known under a reference besides."""
    found = _held_of(view, [subjects.contract_spend(reference)])
    return next((_spend(state.body) for state in found.values()), None)


def unregistered(view: Snapshot) -> list[tuple[HeldState, ContractSpend]]:
    """What was paid under references that the register does not know, the most first."""
    found = [(s, _spend(s.body)) for s in _held.scan(view.tx, CONTRACTS, "contract-spend/")]
    unknown = [each for each in found if each[1].transactions and not each[1].registered]
    return sorted(unknown, key=lambda each: (-each[1].spent, each[1].reference))


def intentions(view: Snapshot) -> list[tuple[HeldState, Intention]]:
    """Every intention, by the day of its decision; those without one last."""
    found = [(s, _intention(s.body)) for s in _held.scan(view.tx, CONTRACTS, "intention/")]
    return sorted(found, key=lambda each: (each[1].decision_by or LAST, each[1].reference))


def following(view: Snapshot, references: Iterable[str]) -> list[tuple[HeldState, Intention]]:
    """These intentions, by their references."""
    found = _held_of(view, map(subjects.intention, references))
    return [(found[name], _intention(found[name].body)) for name in sorted(found)]


def pipeline(view: Snapshot, over: int, months: int) -> Iterator[tuple[Intention, PipelineRow]]:
    """What is to be bought for more than `over` pence in the months to come, by its day."""
    first, last = view.today.isoformat(), in_months(view, months)
    council = view.catalogue.council
    buyer, services = council.name if council else "", view.catalogue.services
    wanted = [each for _, each in intentions(view) if in_pipeline(each, over, first, last)]
    for each in sorted(wanted, key=lambda found: (found.notice or found.start, found.reference)):
        service = services.get(each.service)
        yield each, pipeline_row(each, buyer, service.name if service else each.service)


def _held_of(view: Snapshot, names: Iterable[str]) -> dict[str, HeldState]:
    rows = repository.rows(view.tx, CONTRACTS, names)
    return {
        row.subject: HeldState(
            row.subject, row.body, row.version, row.time, row.correlation, row.origin
        )
        for row in rows.values()
        if row.body is not None
    }
