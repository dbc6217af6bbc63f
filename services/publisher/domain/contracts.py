"""Contracts and commissioning intentions as people see them, for pages and for the stream alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from services.publisher.domain import words
from services.publisher.domain.figures import Stamp
from shared.accounts.terms import months_taken
from shared.catalogue.kinds_of_period import year_code
from shared.contracts.commissioning import Contract, ContractSpend, Intention

STAGES = {
    "decision overdue": "red",
    "decision due": "amber",
    "in force": "green",
    "not started": "information",
    "expired": "information",
}
NOT_RECORDED = "Not recorded"

Parts = dict[str, str]

_contract = msgspec.json.Decoder(Contract).decode
_spend = msgspec.json.Decoder(ContractSpend).decode
_intention = msgspec.json.Decoder(Intention).decode


class Told(NamedTuple):
    """The words of a state, and its service."""

    display: Parts | None = None
    service: str | None = None


def told(subject: str, body: bytes | None, stamp: Stamp) -> Told:
    """What an open page is told of a state of irf.contracts. One that is gone has no words."""
    if body is None:
        return Told()
    kind = subject.partition("/")[0]
    if kind == "contract":
        state = _contract(body)
        announce = f"{state.title}: {stage(state)}"
        found = Told(contract_parts(state) | {"announce": announce}, state.service or None)
    elif kind == "intention":
        wanted = _intention(body)
        announce = f"{wanted.title}: {wanted.status}"
        found = Told(intention_parts(wanted) | {"announce": announce}, wanted.service or None)
    elif kind == "contract-spend":
        found = Told(spend_parts(_spend(body)))
    else:
        return Told({})
    at = stamp.origin or stamp.time
    fresh = {"fresh": f"Updated {words.moment(at)}", "fresh_at": at}
    return Told({**(found.display or {}), **fresh}, found.service)


def on(day: str) -> str:
    """A day in words; what is no day is shown as it stands."""
    if not day:
        return "Not known"
    try:
        return words.day(date.fromisoformat(day))
    except ValueError:
        return day


def pounds(amount: int | None) -> str:
    """An amount in pence in whole words: `£5.2 million`, or pounds and pence below a million."""
    return NOT_RECORDED if amount is None else words.pence(amount, short=True)


def exact(amount: int | None) -> str:
    """An amount in pence in pounds and pence."""
    return NOT_RECORDED if amount is None else words.pence(amount)


def yes_no(value: bool | None) -> str:
    """Yes, no, or that nobody has said so."""
    return NOT_RECORDED if value is None else "Yes" if value else "No"


def count(number: int, thing: str, things: str = "") -> str:
    """`1 contract`, `2 contracts`"""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def stage(found: Contract) -> str:
    """Where it is, as a label: one on the horizon whose following is decided waits for nobody."""
    taken = found.stage == "decision due" and found.decided
    return "Decision taken" if taken else words.sentence(found.stage)


def outcome(found: Contract) -> str:
    """How that is marked."""
    taken = found.stage == "decision due" and found.decided
    return "green" if taken else STAGES.get(found.stage, "information")


def contract_parts(found: Contract) -> Parts:
    """The parts of a contract's row and page that move."""
    return {
        "title": found.title,
        "supplier": found.supplier or "Withheld or not recorded",
        "expiry": on(found.expiry),
        "decision": on(found.decision_by),
        "notice": on(found.notice_by),
        "outcome": outcome(found),
        "outcome_word": stage(found),
        "total": pounds(found.total_value),
        "spent": pounds(found.spent),
        "total_exact": exact(found.total_value),
        "annual_exact": exact(found.annual_value),
        "spent_exact": exact(found.spent),
        "share": share(found),
        "next": what_is_next(found),
    }


def intention_parts(found: Intention) -> Parts:
    """The parts of an intention's row that move."""
    return {
        "title": found.title,
        "option": found.option,
        "status": found.status,
        "decision": on(found.decision_by),
        "decided": f"Decided on {on(found.decided)}" if found.decided else "",
        "overdue": "Overdue" if found.overdue else "",
        "forum": found.forum or NOT_RECORDED,
        "lead": found.lead or NOT_RECORDED,
        "value": pounds(found.value),
    }


def spend_parts(found: ContractSpend) -> Parts:
    """The parts of what was paid under a reference."""
    return {"spent": words.pence(found.spent), "transactions": f"{found.transactions:,}"}


def needs_decision(found: Contract) -> bool:
    """Whether what follows it is still to be decided, now or within the horizon."""
    return found.stage == "decision overdue" or (
        found.stage == "decision due" and not found.decided
    )


def counts(contracts: Iterable[Contract]) -> str:
    """`6 of 61 contracts need a decision; 2 are overdue.`"""
    running = [each for each in contracts if each.stage != "expired"]
    if not running:
        return "No contract is running."
    needing = sum(map(needs_decision, running))
    overdue = sum(each.stage == "decision overdue" for each in running)
    said = f"{needing} of {count(len(running), 'contract')} need{'s' if needing == 1 else ''}"
    return f"{said} a decision; {overdue or 'none'} {'are' if overdue > 1 else 'is'} overdue."


def expired(contracts: Iterable[Contract]) -> str:
    """How many have expired and still stand in the register; blank where none has."""
    number = sum(each.stage == "expired" for each in contracts)
    if not number:
        return ""
    return f"{number:,} more {'has' if number == 1 else 'have'} expired."


def share(found: Contract) -> str:
    """What was paid, as a share of the total value."""
    if not found.total_value or found.total_value < 0:
        return "Its total value is not recorded."
    part = Decimal(found.spent) * 100 / Decimal(found.total_value)
    return f"{words.number(part, 1)}% of its total value"


def what_is_next(found: Contract) -> str:
    """What is to be done about it, in a sentence."""
    if found.stage == "expired":
        return f"It expired on {on(found.expiry)}."
    if found.stage == "not started":
        return f"It starts on {on(found.start)}."
    ends = f"it expires on {on(found.expiry)}" if found.expiry else "its expiry is not known"
    if found.stage == "decision overdue":
        return f"What follows it should have been decided by {on(found.decision_by)}; {ends}."
    if found.decided:
        return f"What follows it is decided; {ends}."
    if not found.decision_by:
        return f"{words.sentence(ends)}."
    return f"What follows it is to be decided by {on(found.decision_by)}; {ends}."


def dates(found: Contract, decision_months: int) -> list[str]:
    """How each of its dates was worked out, in sentences."""
    return [_expiry(found), _extensions(found), _notice(found), _decision(found, decision_months)]


def _expiry(found: Contract) -> str:
    if found.expiry_set:
        return (
            f"The register itself says that it expires on {on(found.expiry)}; "
            f"its end before any extension is {on(found.end)}."
        )
    if not found.expiry:
        return "When it expires is not known: it has no end, or one outside the calendar."
    months = months_taken(found.extensions, found.extensions_taken)
    if not months:
        return f"It expires on {on(found.expiry)}, its last day: no extension has been taken."
    taken = count(found.extensions_taken, "extension")
    return (
        f"Its first term ends on {on(found.end)}; {taken}, of {months} months in all, "
        f"{'moves' if found.extensions_taken == 1 else 'move'} that to {on(found.expiry)}."
    )


def _extensions(found: Contract) -> str:
    if not found.extensions:
        return "The register allows no extension."
    listed = " and then ".join(count(months, "month") for months in found.extensions)
    if found.last_expiry <= found.expiry:
        return f"It could be extended by {listed}; it can be extended no further."
    return f"It can be extended by {listed}: to {on(found.last_expiry)} with all of that."


def _notice(found: Contract) -> str:
    if found.notice_months is None or not found.notice_by:
        return "No notice period is recorded."
    notice = count(found.notice_months, "month")
    return f"Ending it needs {notice} of notice, so notice is to be given by {on(found.notice_by)}."


def _decision(found: Contract, months: int) -> str:
    if not found.decision_by:
        return "By when what follows is to be decided is not known."
    if found.decision_set:
        return (
            f"The register itself says that what follows is to be decided by "
            f"{on(found.decision_by)}."
        )
    return (
        f"What follows is to be decided {count(months, 'month')} before it expires, by the "
        f"council's own rule: by {on(found.decision_by)}."
    )


def short_of_kpis(found: Contract) -> str:
    """That a large contract names too few key performance indicators; without its subject."""
    named = len({kpi.indicator for kpi in found.kpis.values()})
    wanted = named + found.kpis_short
    return f"names {count(named, 'key performance indicator')} of {wanted}."


@dataclass(frozen=True)
class Event:
    """Something that happens to a contract, or is to be done about it, on a day."""

    day: str
    what: str
    contract: Contract
    overdue: bool = False


def events(contracts: Iterable[Contract], last: str) -> list[Event]:
    """What expires and what needs a decision up to a day, the first first."""
    found = []
    for each in contracts:
        if each.stage == "expired":
            continue
        if each.stage == "decision overdue":
            found.append(Event(each.decision_by, "Decision", each, overdue=True))
        elif not each.decided and "" < each.decision_by <= last:
            found.append(Event(each.decision_by, "Decision", each))
        if each.on_horizon:
            found.append(Event(each.expiry, "Expires", each))
    return sorted(found, key=lambda event: (event.day, event.what, event.contract.reference))


def quarter(day: str) -> str:
    """The quarter of a day, in words: `April to June 2026`; as it stands where it is no day."""
    try:
        when = date.fromisoformat(day)
    except ValueError:
        return day
    year = when.year - (when.month < 4)
    return words.period(f"{year_code(year)}-Q{(when.month - 4) % 12 // 3 + 1}")


def intention_sentence(found: Intention) -> str:
    """An intention in a sentence."""
    where = f" by {found.forum}" if found.forum else ""
    if found.decided:
        when = f"decided{where} on {on(found.decided)}"
    elif found.overdue:
        when = f"should have been decided{where} by {on(found.decision_by)}"
    elif found.decision_by:
        when = f"to be decided{where} by {on(found.decision_by)}"
    else:
        when = "no day for its decision is known"
    return f"{found.option}: {found.title}. {found.status}; {when}."
