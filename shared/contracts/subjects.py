"""How subjects (the keys of topics) are spelled. Parts that come from data are percent-encoded."""

from typing import Final
from urllib.parse import quote, unquote

# How the codes of datasets begin that are the system's own: no catalogue can name a dataset so,
# and whoever does not ask for them passes them over.
SYSTEM: Final = "irf-"

# What each plain character is written as where it is not written as itself.
_ESCAPED = str.maketrans(
    {char: quote(char, safe="") for char in map(chr, range(128)) if quote(char, safe="") != char}
)


def part(text: str) -> str:
    """One part of a subject, safe beside `/`, `=` and `@`: percent-encoded."""
    if text.isascii():
        return text if text.isalnum() else text.translate(_ESCAPED)
    return quote(text, safe="")


def record(dataset: str, key: str) -> str:
    """`{dataset}/{key}`"""
    return f"{dataset}/{part(key)}"


def member(field: str, value: str) -> str:
    """`{field}={value}`: one member of a breakdown."""
    return f"{field}={part(value)}"


def split_member(text: str) -> tuple[str, str]:
    """The field and the value of a member."""
    field, _, value = text.partition("=")
    return field, unquote(value)


def definition(kind: str, code: str) -> str:
    """`{kind}/{code}`"""
    return f"{kind}/{code}"


def measure_year(measure: str, member_or_all: str, year: str) -> str:
    """`{measure}/{member or all}/{financial year}`"""
    return f"{measure}/{member_or_all}/{year}"


def indicator_value(indicator: str, period: str, member_or_all: str) -> str:
    """`{indicator}/{period}`, with `/{field}={value}` for a member of a breakdown."""
    if member_or_all == "all":
        return f"{indicator}/{period}"
    return f"{indicator}/{period}/{member_or_all}"


def spend(ledger: str, unit: str, month: str) -> str:
    """`spend/{ledger}/{unit}/{month}`"""
    return f"spend/{ledger}/{part(unit)}/{month}"


def control(ledger: str) -> str:
    """`control/{ledger}`"""
    return f"control/{ledger}"


def hint(ledger: str, kind: str, mark: str) -> str:
    """`hint/{ledger}/{duplicate or split}/{mark}`"""
    return f"hint/{ledger}/{kind}/{mark}"


def cost_centre_year(year: str, cost_centre: str) -> str:
    """`cost-centre/{financial year}/{cost centre}`"""
    return f"cost-centre/{year}/{part(cost_centre)}"


def position(basis: str, year: str, fund: str, level: str, node: str) -> str:
    """`position/{basis}/{financial year}/{fund}/{level}/{node}`"""
    return f"position/{basis}/{year}/{part(fund)}/{level}/{part(node)}"


def virement(reference: str) -> str:
    """`virement/{reference}`"""
    return f"virement/{part(reference)}"


def saving(year: str, reference: str) -> str:
    """`saving/{financial year}/{reference}`"""
    return f"saving/{year}/{part(reference)}"


def reserve(year: str, code: str) -> str:
    """`reserve/{financial year}/{reserve}`"""
    return f"reserve/{year}/{part(code)}"


def reconciliation(scope: str, code: str) -> str:
    """`reconciliation/{period or batch}/{code}`; a period's code is `2026-27-P07`"""
    return f"reconciliation/{scope}/{part(code)}"


def scheme(code: str) -> str:
    """`scheme/{scheme}`"""
    return f"scheme/{part(code)}"


def contract(reference: str) -> str:
    """`contract/{reference}`"""
    return f"contract/{part(reference)}"


def contract_spend(reference: str) -> str:
    """`contract-spend/{reference}`"""
    return f"contract-spend/{part(reference)}"


def intention(reference: str) -> str:
    """`intention/{reference}`"""
    return f"intention/{part(reference)}"


def risk(reference: str) -> str:
    """`risk/{reference}`"""
    return f"risk/{part(reference)}"


def action(reference: str) -> str:
    """`action/{reference}`"""
    return f"action/{part(reference)}"


def project(reference: str) -> str:
    """`project/{reference}`"""
    return f"project/{part(reference)}"


def review(period: str, about: str) -> str:
    """`review/{period}/{about}`; the parts of `about` stay apart"""
    return f"review/{part(period)}/{quote(about, safe='/')}"


def challenge(reference: str) -> str:
    """`challenge/{reference}`"""
    return f"challenge/{part(reference)}"


def cycle(period: str) -> str:
    """`cycle/{period}`"""
    return f"cycle/{part(period)}"


def reminder(review_or_challenge: str) -> str:
    """`reminder/{subject of a review or a challenge}`"""
    return f"reminder/{review_or_challenge}"
