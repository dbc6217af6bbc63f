"""Who answers for a thing: its service, and by that its directorate and portfolio."""

from typing import NamedTuple

from shared.catalogue.model import Catalogue
from shared.contracts.fields import Fields, text


class Placed(NamedTuple):
    """Where a thing stands; empty where the record or the catalogue does not say."""

    service: str
    directorate: str
    portfolio: str


def placed(fields: Fields, catalogue: Catalogue) -> Placed:
    """Where a record's thing stands. A portfolio of its own comes before its service's."""
    code = text(fields, "service")
    service = catalogue.services.get(code)
    return Placed(
        code,
        (service.directorate if service else None) or "",
        text(fields, "portfolio") or (service.portfolio if service else None) or "",
    )
