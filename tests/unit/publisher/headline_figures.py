"""Figures of made-up indicators, for tests of what is picked and counted."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from services.publisher.domain.figures import Figure, Stamp, decode_value, figure
from shared.catalogue.model import Indicator
from tests.integration.publisher_sample import value

Q2 = ("2019-20-Q2", "quarter", "2019-07-01", "2019-09-30")
TODAY = date(2019, 10, 15)


def indicator(code: str, **more: Any) -> Indicator:
    """An indicator of which more is better."""
    usual: dict[str, Any] = {
        "code": code, "title": f"Indicator {code}", "formula": "a", "unit": "percentage",
        "polarity": "high",
    }  # fmt: skip
    return Indicator(**{**usual, **more})


def shown(
    defined: Indicator,
    number: str | None,
    outcome: str = "no target",
    *,
    before: str | None = None,
    year_before: str | None = None,
    target: str | None = None,
) -> Figure:
    """The figure of the second quarter, with those that it is compared with."""
    state = value(defined.code, Q2, number, outcome=outcome, target=target)
    others = {
        f"{defined.code}/{code}": Decimal(text)
        for code, text in (("2019-20-Q1", before), ("2018-19-Q2", year_before))
        if text is not None
    }
    said = decode_value(msgspec.json.encode(state))
    return figure(f"{defined.code}/2019-20-Q2", said, defined, Stamp("", ""), TODAY, others)
