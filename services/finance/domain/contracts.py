"""Contracts and commissioning intentions: their days, stages, and what one says of the other.

Rule: a day that nobody knows, or that lies outside the calendar, is blank, and a blank day is never
past.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from services.finance.domain.structure import place_of
from shared.accounts.money import NotPence, pence
from shared.accounts.terms import months_on, months_taken
from shared.catalogue.accounts import ContractRule
from shared.contracts.commissioning import Contract, ContractSpend, Intention
from shared.contracts.fields import text

WITHDRAWN = "Withdrawn"
DECIDED = ("Agreed", "In procurement", "Awarded")
# What an intention says of its contract.
OPEN, TAKEN, GIVEN_UP = "open", "decided", "withdrawn"

# `12`, `2 x 12`, each with or without the word.
_EXTENSION = re.compile(r"(?:([0-9]{1,2}) ?[xX×] ?)?([0-9]{1,3})(?: ?months?)?", re.ASCII)
_MOST_EXTENSIONS = 50

Fields = Mapping[str, Any]
Services = Mapping[str, Any]


def day(fields: Fields, name: str) -> str:
    """A field as an ISO date; blank where there is none."""
    return text(fields, name)[:10]


def whole(fields: Fields, name: str) -> int | None:
    """A field as a whole number; None where there is none."""
    try:
        return int(text(fields, name))
    except ValueError:
        return None


def amount(fields: Fields, name: str) -> int | None:
    """A field in pence; None where there is none, or none that is a whole number of pence."""
    value = fields.get(name)
    try:
        return None if value is None else pence(value)
    except NotPence:
        return None


def yes_no(fields: Fields, name: str) -> bool | None:
    """A field that is yes, no or not known."""
    value = fields.get(name)
    return value if isinstance(value, bool) else None


def parted(listed: str) -> list[str]:
    """Codes that are parted by commas."""
    return [code for each in listed.split(",") if (code := each.strip())]


def extensions(listed: str) -> list[int]:
    """The months of each extension in turn: `12`, `12+12` or `2 x 12`. A text of which any part
    cannot be read allows none: half of a term would be a wrong one."""
    found: list[int] = []
    for part in listed.split("+") if listed.strip() else ():
        read = _EXTENSION.fullmatch(" ".join(part.split()))
        if read is None:
            return []
        found += [int(read[2])] * int(read[1] or 1)
    found = [months for months in found if months]
    return found if len(found) <= _MOST_EXTENSIONS else []


class Days(NamedTuple):
    """The days that follow from a contract's record."""

    expiry: str
    last_expiry: str
    notice_by: str
    decision_by: str


def days_of(fields: Fields, rule: ContractRule) -> Days:
    """When a contract expires, and by when notice is given and what follows is decided."""
    end, allowed = day(fields, "end"), extensions(text(fields, "extension_months"))
    taken = max(0, whole(fields, "extensions_taken") or 0)
    expiry = day(fields, "expiry") or months_on(end, months_taken(allowed, taken))
    notice = whole(fields, "notice_months")
    return Days(
        expiry=expiry,
        last_expiry=max(expiry, months_on(end, months_taken(allowed, max(taken, len(allowed))))),
        notice_by="" if notice is None else months_on(expiry, -notice),
        decision_by=day(fields, "decision_by") or months_on(expiry, -rule.decision_months),
    )


def stage_of(today: str, start: str, days: Days, *, on_horizon: bool, decided: bool) -> str:
    """Where a contract is on a day."""
    if today < start:
        return "not started"
    if days.expiry and days.expiry < today:
        return "expired"
    if days.decision_by and days.decision_by < today and not decided:
        return "decision overdue"
    return "decision due" if on_horizon else "in force"


def contract(
    reference: str,
    records: Mapping[str, Fields],
    known: ContractSpend | None,
    rule: ContractRule,
    services: Services,
    today: str,
) -> Contract | None:
    """A contract by its records, and by what else is known under its reference."""
    if not records:
        return None
    fields = records[max(records)]
    known = known or ContractSpend(reference, 0, 0, {}, True)
    days = days_of(fields, rule)
    on_horizon = today <= days.expiry <= months_on(today, rule.horizon_months)
    decided = TAKEN in known.intentions.values()
    following = [each for each, what in known.intentions.items() if what != GIVEN_UP]
    total, start = amount(fields, "total_value"), day(fields, "start")
    large = total is not None and total > rule.kpis_from * 100
    named = len({kpi.indicator for kpi in known.kpis.values()})
    directorate, portfolio = place_of(services, text(fields, "service"), today)
    return Contract(
        reference=reference,
        title=text(fields, "title"),
        start=start,
        end=day(fields, "end"),
        expiry=days.expiry,
        last_expiry=days.last_expiry,
        decision_by=days.decision_by,
        stage=stage_of(today, start, days, on_horizon=on_horizon, decided=decided),
        on_horizon=on_horizon,
        spent=known.spent,
        notice_by=days.notice_by,
        supplier=text(fields, "supplier"),
        total_value=total,
        annual_value=amount(fields, "annual_value"),
        extensions=extensions(text(fields, "extension_months")),
        extensions_taken=max(0, whole(fields, "extensions_taken") or 0),
        service=text(fields, "service"),
        portfolio=text(fields, "portfolio") or portfolio,
        directorate=directorate,
        directorate_name=text(fields, "directorate_name"),
        owner=text(fields, "owner"),
        description=text(fields, "description"),
        process=text(fields, "process"),
        category_code=text(fields, "category_code"),
        category=text(fields, "category"),
        company_number=text(fields, "company_number"),
        sme=yes_no(fields, "sme"),
        vcse=yes_no(fields, "vcse"),
        irrecoverable_vat=amount(fields, "irrecoverable_vat"),
        kpis=known.kpis,
        kpis_short=max(0, rule.kpis - named) if large else 0,
        intention=max(following, default=""),
        decided=decided,
        spent_transactions=known.transactions,
        notice_months=whole(fields, "notice_months"),
        decision_set=bool(day(fields, "decision_by")),
        expiry_set=bool(day(fields, "expiry")),
        records=sorted(records),
    )


def what_it_says(fields: Fields) -> str:
    """What an intention says of its contract: that what follows is open, decided or given up."""
    status = text(fields, "status")
    if status == WITHDRAWN:
        return GIVEN_UP
    return TAKEN if status in DECIDED or day(fields, "decided") else OPEN


def intention(
    reference: str,
    records: Mapping[str, Fields],
    contract_expiry: str,
    services: Services,
    today: str,
) -> Intention | None:
    """An intention by its records, and by the expiry of the contract that it follows."""
    if not records:
        return None
    fields = records[max(records)]
    directorate, portfolio = place_of(services, text(fields, "service"), today)
    decision_by = day(fields, "decision_by")
    waits = text(fields, "status") == "Proposed" and not day(fields, "decided")
    return Intention(
        reference=reference,
        title=text(fields, "title"),
        option=text(fields, "option"),
        status=text(fields, "status"),
        overdue=waits and "" < decision_by < today,
        service=text(fields, "service"),
        portfolio=text(fields, "portfolio") or portfolio,
        directorate=directorate,
        contract=text(fields, "contract"),
        contract_expiry=contract_expiry,
        lead=text(fields, "lead"),
        decision_by=decision_by,
        decided=day(fields, "decided"),
        forum=text(fields, "forum"),
        value=amount(fields, "value"),
        start=day(fields, "start"),
        end=day(fields, "end"),
        notice=day(fields, "notice"),
        description=text(fields, "description"),
        indicators=parted(text(fields, "indicators")),
        risks=parted(text(fields, "risks")),
        category_code=text(fields, "category_code"),
        category=text(fields, "category"),
        procedure=text(fields, "procedure"),
        sme=yes_no(fields, "sme"),
        vcse=yes_no(fields, "vcse"),
        records=sorted(records),
    )


def unreadable(fields: Fields, names: Iterable[str]) -> list[str]:
    """The names of these amounts that say something, but no whole number of pence."""
    return [name for name in names if fields.get(name) is not None and amount(fields, name) is None]
