"""What a caller may ask about contracts, read strictly."""

import re
from collections.abc import Iterable
from decimal import Decimal

from services.publisher.api.query import refuse
from services.publisher.domain.contracts import STAGES
from services.publisher.reading_contracts import Wanted
from services.publisher.readmodel import Snapshot
from shared.contracts.commissioning import Contract

OVER, MONTHS = 2_000_000, 18
MOST_MONTHS = 1_200
_POUNDS = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?", re.ASCII)


def wanted(view: Snapshot, every: Iterable[Contract], **asked: str | None) -> Wanted:
    """The filter that an address asks for: a stage, and codes that the catalogue or a contract of
    the register has."""
    found = {name: text for name, text in asked.items() if text}
    known: dict[str, set[str]] = {
        "service": set(view.catalogue.services),
        "directorate": set(view.catalogue.directorates),
        "portfolio": set(view.catalogue.portfolios),
        "stage": set(STAGES),
    }
    for contract in every:
        known["service"].add(contract.service)
        known["directorate"].add(contract.directorate)
        known["portfolio"].add(contract.portfolio)
    for name, text in found.items():
        if text not in known[name]:
            listed = f"one of {', '.join(STAGES)}" if name == "stage" else f"the code of a {name}"
            raise refuse(name, text, listed)
    return Wanted(**found)


def over_pence(text: str | None) -> int:
    """An amount of pounds, in pence."""
    if text is None or text == "":
        return OVER * 100
    if not _POUNDS.fullmatch(text):
        raise refuse("over", text, "an amount of pounds such as 2000000")
    return int(Decimal(text) * 100)
