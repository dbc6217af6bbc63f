"""The contracts register, and what is known under a contract's reference besides.

Rule: payments, KPIs and the intentions that name a contract are kept under its reference whether or
not the register has it, so that none of them is lost and they may come in any order.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import msgspec

from services.finance.books.book import NOBODY, later, pence_or_nought, refuse
from services.finance.books.intentions import Intentions
from services.finance.domain.contracts import contract, unreadable
from services.finance.world import Fields, Told, World
from shared.accounts.calendar import when_of
from shared.contracts import subjects
from shared.contracts.commissioning import Contract, ContractKpi, ContractSpend
from shared.contracts.fields import text
from shared.contracts.topics import CONTRACTS
from shared.delivery.change import Cause, Statement

_MONEY = ("total_value", "annual_value", "irrecoverable_vat")

_encode = msgspec.json.Encoder().encode
_contract = msgspec.json.Decoder(Contract).decode
_spend = msgspec.json.Decoder(ContractSpend).decode


@dataclass(slots=True)
class _Moved:
    """What a batch does under one reference; None is what is gone."""

    cause: Cause = NOBODY
    records: dict[str, Fields | None] = field(default_factory=dict)
    kpis: dict[str, ContractKpi | None] = field(default_factory=dict)
    intentions: dict[str, str | None] = field(default_factory=dict)
    years: Counter[str] = field(default_factory=Counter)
    transactions: int = 0


class Contracts:
    """See Book. Intentions tell it which contracts they follow, and are told when those expire."""

    ROLES: ClassVar[tuple[str, ...]] = ("contract", "contract-kpi", "posting", "capital-posting")

    def __init__(self, world: World, intentions: Intentions) -> None:
        self._world = world
        self._intentions = intentions
        self._moved: dict[str, _Moved] = {}
        self._all: Cause | None = None

    def take(self, told: Told) -> None:
        """Takes away what a record was, and adds what it is."""
        for fields, times in ((told.before, -1), (told.after, 1)):
            if fields is None:
                continue
            if told.role == "contract":
                moved = self._at(text(fields, "reference"), told.cause)
                moved.records[told.record] = fields if times == 1 else None
                for name in unreadable(fields, _MONEY):
                    refuse(told, f"{name} is not a whole number of pence")
                continue
            reference = fields.get("contract")
            if reference is None or reference == "":
                continue
            moved = self._at(str(reference), told.cause)
            if told.role == "contract-kpi":
                kpi = ContractKpi(text(fields, "indicator"), text(fields, "title"))
                moved.kpis[told.record] = kpi if times == 1 else None
            else:
                when = when_of(fields)
                year = when.year if when else ""
                moved.years[year] += times * pence_or_nought(told, fields.get("amount"))
                moved.transactions += times

    def pass_time(self, cause: Cause) -> None:
        """Contracts begin, expire, and come into sight."""
        self._all = cause

    def _at(self, reference: str, cause: Cause) -> _Moved:
        moved = self._moved.get(reference)
        if moved is None:
            moved = self._moved[reference] = _Moved()
        moved.cause = later(moved.cause, cause)
        return moved

    def settle(self) -> Iterator[Statement]:
        """What is known under each reference that moved, and the contract that has it."""
        for reference, name, says, cause in self._intentions.named():
            self._at(reference, cause).intentions[name] = says
        if self._all is not None:
            for _, body in list(self._world.scan(CONTRACTS, "contract/")):
                self._at(_contract(body).reference, self._all)
        wanted = {
            each: (subjects.contract(each), subjects.contract_spend(each)) for each in self._moved
        }
        known = self._world.known(CONTRACTS, [one for pair in wanted.values() for one in pair])
        held = {
            reference: _contract(known[subject])
            for reference, (subject, _) in wanted.items()
            if subject in known
        }
        bodies = self._world.fields(
            record
            for reference, state in held.items()
            for record in state.records
            if record not in self._moved[reference].records
        )
        for reference, (subject, spend_subject) in wanted.items():
            moved, old = self._moved[reference], held.get(reference)
            records = {each: bodies[each] for each in old.records if each in bodies} if old else {}
            records |= {each: found for each, found in moved.records.items() if found is not None}
            before = _spend(known[spend_subject]) if spend_subject in known else None
            spend = _added(reference, before, moved, registered=bool(records))
            new = contract(
                reference,
                records,
                spend,
                self._world.accounts.contracts,
                self._world.catalogue.services,
                self._world.today,
            )
            expiry, old_expiry = (each.expiry if each else "" for each in (new, old))
            followed_by = spend.intentions if spend and expiry != old_expiry else ()
            self._intentions.expires(reference, expiry, followed_by, moved.cause)
            for each, state in ((spend_subject, spend), (subject, new)):
                said = None if state is None else _encode(state)
                yield Statement(CONTRACTS, each, said, moved.cause)


def _added(
    reference: str, old: ContractSpend | None, moved: _Moved, *, registered: bool
) -> ContractSpend | None:
    """What is known under a reference, with what moved; None where that is nothing."""
    old = old or ContractSpend(reference, 0, 0, {}, registered)
    years = Counter(old.years)
    years.update(moved.years)
    transactions = old.transactions + moved.transactions
    kpis = {k: kpi for k, kpi in (old.kpis | moved.kpis).items() if kpi is not None}
    intentions = {k: says for k, says in (old.intentions | moved.intentions).items() if says}
    if not transactions and not kpis and not intentions:
        return None
    return ContractSpend(
        reference=reference,
        spent=sum(years.values()),
        transactions=transactions,
        years={year: years[year] for year in sorted(years) if years[year]},
        registered=registered,
        kpis=dict(sorted(kpis.items())),
        intentions=dict(sorted(intentions.items())),
    )
