"""The contracts register, what contracts are judged by, and what is to be commissioned next."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample.made import Fields, Manner, Manners, Record, exact, last_day
from deploy.sample.money.intentions import INTENTIONS, KPIS
from deploy.sample.money.register import CONTRACTS, Contract, months_on

REGISTER = "contracts-register"
INDICATORS = "contract-kpis"
INTENDED = "commissioning-intentions"
UK = Manner(day="%d/%m/%Y")
MANNERS: Manners = {REGISTER: UK, INTENDED: UK}

# Contracts below so many pounds are decided closer to their end than the council's rule says.
SMALL, SMALL_MONTHS = 1_000_000, 3


def records(rng: Random, end: date) -> Iterator[Record]:
    """The register, its key performance indicators, and the intentions."""
    for number, contract in enumerate(CONTRACTS, 1):
        yield Record(REGISTER, _registered(rng, number, contract, end))
    for reference, measured in KPIS.items():
        for indicator, title in measured:
            fields = {"contract": reference, "indicator": indicator, "title": title}
            yield Record(INDICATORS, fields)
    yield from (Record(INTENDED, fields) for fields in _intended(end))


def _registered(rng: Random, number: int, contract: Contract, end: date) -> Fields:
    taken = sum(contract.extensions[: contract.taken])
    small = contract.total < SMALL
    expiry = contract.last_day(end, taken)
    voluntary, small_supplier = contract.kind == "V", contract.kind in ("S", "V")
    code, _, category = contract.category.partition(" ")
    return {
        "reference": contract.reference,
        "title": contract.title,
        "description": f"{contract.title} for the sample council",
        "directorate_name": contract.directorate,
        "service": contract.service,
        "owner": contract.owner,
        "supplier": contract.supplier,
        "company_number": None if voluntary else f"{rng.randint(1_000_000, 13_999_999):08d}",
        "annual_value": exact(contract.annual * 1000, 2),
        "total_value": exact(contract.total, 2),
        "start": contract.first_day(end),
        "end": contract.last_day(end),
        "extension_months": "+".join(map(str, contract.extensions)) or None,
        "extensions_taken": contract.taken,
        # The register says where it stands today only of some.
        "expiry": expiry if contract.taken or number % 4 == 0 else None,
        "notice_months": 12 if contract.total > 5_000_000 else 6 if not small else 3,
        "decision_by": last_day(months_on(expiry, -SMALL_MONTHS)) if small else None,
        "process": contract.process,
        "category_code": code,
        "category": category,
        "sme": "Yes" if small_supplier else "No",
        "vcse": "Yes" if voluntary else "No",
        "irrecoverable_vat": None,
    }


def _intended(end: date) -> Iterator[Fields]:
    for number, each in enumerate(INTENTIONS, 1):
        start = months_on(end, each.start)
        decided = None if each.decided is None else months_on(end, each.decided)
        sold = each.procedure is not None
        code, _, category = each.category_code.partition(" ")
        yield {
            "reference": f"CI-{number:03d}",
            "title": each.title,
            "option": each.option,
            "status": each.status,
            "service": each.service,
            "contract": each.contract,
            "lead": each.lead,
            "decision_by": months_on(end, each.decision) + timedelta(days=11),
            "decided": decided + timedelta(days=9) if decided else None,
            "forum": each.forum,
            "value": None if each.value is None else exact(each.value * 1000, 2),
            "start": start,
            "end": months_on(start, each.months) - timedelta(days=1) if each.months else None,
            "notice": months_on(start, -7) if sold else None,
            "description": f"{category}: {each.title[0].lower()}{each.title[1:]}",
            "indicators": each.indicators,
            "risks": each.risks,
            "category_code": code,
            "category": each.category,
            "procedure": each.procedure,
            "sme": "Yes" if sold and (each.value or 0) < 5_000 else "No",
            "vcse": "Yes" if each.procedure == "Light touch" else "No",
        }
