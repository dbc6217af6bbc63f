"""Contracts, what was paid under them, and commissioning intentions, worked out again.

Rule: of several records with one reference the last by its subject holds. Months are added to the
day after a last day, so that ends of months stay ends of months. An intention is decided where it
has the day of a decision or its status says so; one that is withdrawn says nothing of a contract.
Payments in no period are in the year without a name.
"""

from datetime import date

from deploy.verify.accounting import Books, Entry, months_on
from deploy.verify.money import pence
from deploy.verify.source import Json
from deploy.verify.structure import Structure

WITHDRAWN, PROPOSED = "Withdrawn", "Proposed"
DECIDED = ("Agreed", "In procurement", "Awarded")
CONTRACT_TEXTS = ("reference", "title", "supplier", "directorate_name", "owner", "description",
                  "process", "category_code", "category", "company_number")  # fmt: skip
INTENTION_TEXTS = ("reference", "title", "option", "status", "contract", "lead", "forum",
                   "description", "category_code", "category", "procedure")  # fmt: skip
INTENTION_DAYS = ("decision_by", "decided", "start", "end", "notice")


def moved(day: str, months: int) -> str:
    """A last day so many months on or back; empty where there is none."""
    if not day or not months:
        return day
    try:
        return months_on(date.fromisoformat(day), months).isoformat()
    except (ValueError, OverflowError):
        return ""  # off the calendar


def by_reference(entries: list[Entry]) -> dict[str, Entry]:
    """The record of each reference."""
    return {entry.text("reference"): entry for entry in entries}


class Dates:
    """The days of a contract."""

    def __init__(self, books: Books, entry: Entry) -> None:
        self.extensions = extensions(entry.text("extension_months"))
        self.taken = max(0, entry.number("extensions_taken"))
        # With more taken than are listed, the last listed is taken again.
        more = self.extensions[-1:] * max(0, self.taken - len(self.extensions))
        every = self.extensions + more
        end = entry.day("end")
        self.expiry = entry.day("expiry") or moved(end, sum(every[: self.taken]))
        self.last_expiry = max(self.expiry, moved(end, sum(every)))
        notice = entry.fields.get("notice_months")
        self.notice_by = "" if notice is None else moved(self.expiry, -int(notice))
        months = int(books.rule("contracts", "decision_months", 12))
        self.decision_by = entry.day("decision_by") or moved(self.expiry, -months)
        horizon = moved(books.today, int(books.rule("contracts", "horizon_months", 18)))
        self.on_horizon = books.today <= self.expiry <= horizon


def extensions(text: str) -> list[int]:
    """`12+12` or `2 x 12` as the months of each extension; none where a part is something else."""
    found: list[int] = []
    for part in text.lower().replace("months", "").replace("month", "").split("+"):
        times, by, months = part.replace("×", "x").rpartition("x")
        numbers = [times.strip(), months.strip()] if by else [months.strip()]
        if not all(each.isascii() and each.isdigit() and len(each) <= 3 for each in numbers):
            return []
        found += [int(numbers[-1])] * (int(numbers[0]) if by else 1)
    found = [months for months in found if months]
    return found if len(found) <= 50 else []


def contracts(books: Books, structure: Structure) -> dict[str, Json]:
    """Every contract of the register."""
    paid = payments(books)
    intentions: dict[str, list[Entry]] = {}
    for _, entry in sorted(by_reference(books.of("intention")).items()):
        if entry.text("contract") and entry.text("status") != WITHDRAWN:
            intentions.setdefault(entry.text("contract"), []).append(entry)
    kpis: dict[str, list[str]] = {}
    for entry in books.of("contract-kpi"):
        kpis.setdefault(entry.text("contract"), []).append(entry.text("indicator"))
    found = {}
    for reference, entry in by_reference(books.of("contract")).items():
        dates, follows = Dates(books, entry), intentions.get(reference, [])
        named, total = sorted(kpis.get(reference, [])), pence(entry.fields.get("total_value"))
        large = total is not None and total > books.rule("contracts", "kpis_from", 5_000_000) * 100
        short = int(books.rule("contracts", "kpis", 3)) - len(set(named)) if large else 0
        spent = paid.get(reference, {"spent": 0, "transactions": 0})
        found[reference] = {name: entry.text(name) for name in CONTRACT_TEXTS} | {
            "start": entry.day("start"),
            "end": entry.day("end"),
            "expiry": dates.expiry,
            "last_expiry": dates.last_expiry,
            "decision_by": dates.decision_by,
            "notice_by": dates.notice_by,
            "stage": stage(books.today, entry.day("start"), dates, follows),
            "on_horizon": dates.on_horizon,
            "spent": spent["spent"],
            "spent_transactions": spent["transactions"],
            "total_value": total,
            "annual_value": pence(entry.fields.get("annual_value")),
            "irrecoverable_vat": pence(entry.fields.get("irrecoverable_vat")),
            "extensions": dates.extensions,
            "extensions_taken": dates.taken,
            "sme": entry.fields.get("sme"),
            "vcse": entry.fields.get("vcse"),
            "kpis": named,
            "kpis_short": max(0, short),
            "intention": follows[-1].text("reference") if follows else "",
            "decided": any(decided(each) for each in follows),
            **structure.owned(entry),
        }
    return found


def stage(today: str, start: str, dates: Dates, follows: list[Entry]) -> str:
    """Where a contract is on the business day."""
    if today < start:
        return "not started"
    if dates.expiry and dates.expiry < today:
        return "expired"
    overdue = bool(dates.decision_by) and dates.decision_by < today
    if overdue and not any(decided(each) for each in follows):
        return "decision overdue"
    return "decision due" if dates.on_horizon else "in force"


def decided(entry: Entry) -> bool:
    """Whether what an intention says is decided."""
    return bool(entry.day("decided")) or entry.text("status") in DECIDED


def payments(books: Books) -> dict[str, Json]:
    """What is known under each reference that a payment, a KPI or an intention names."""
    known = by_reference(books.of("contract"))
    found: dict[str, Json] = {}

    def at(reference: str) -> Json:
        return found.setdefault(
            reference,
            {
                "reference": reference,
                "spent": 0,
                "transactions": 0,
                "years": {},
                "registered": reference in known,
                "kpis": [],
                "intentions": {},
            },
        )

    for entry in books.of("contract-kpi"):
        if entry.text("contract"):
            at(entry.text("contract"))["kpis"].append(entry.text("indicator"))
    for reference, entry in by_reference(books.of("intention")).items():
        if entry.text("contract"):
            given_up = entry.text("status") == WITHDRAWN
            says = "withdrawn" if given_up else "decided" if decided(entry) else "open"
            at(entry.text("contract"))["intentions"][reference] = says
    for paid in found.values():
        paid["kpis"].sort()
    for entry in books.of("posting") + books.of("capital-posting"):
        if entry.text("contract"):
            paid = at(entry.text("contract"))
            year = entry.when.year if entry.when else ""
            paid["spent"] += entry.pence()
            paid["transactions"] += 1
            paid["years"][year] = paid["years"].get(year, 0) + entry.pence()
    return found


def intentions(books: Books, structure: Structure) -> dict[str, Json]:
    """Every commissioning intention."""
    register = by_reference(books.of("contract"))
    found = {}
    for reference, entry in by_reference(books.of("intention")).items():
        contract = register.get(entry.text("contract"))
        late = "" < entry.day("decision_by") < books.today
        found[reference] = (
            {name: entry.text(name) for name in INTENTION_TEXTS}
            | {name: entry.day(name) for name in INTENTION_DAYS}
            | {
                "overdue": late and not decided(entry) and entry.text("status") == PROPOSED,
                "contract_expiry": Dates(books, contract).expiry if contract else "",
                "value": pence(entry.fields.get("value")),
                "indicators": parted(entry.text("indicators")),
                "risks": parted(entry.text("risks")),
                "sme": entry.fields.get("sme"),
                "vcse": entry.fields.get("vcse"),
                **structure.owned(entry),
            }
        )
    return found


def parted(text: str) -> list[str]:
    """Codes that are parted by commas."""
    return [code.strip() for code in text.split(",") if code.strip()]
