"""What becomes of values as days go by, without a record moving."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shared.catalogue.check import read
from shared.catalogue.model import definitions
from tests.unit.indicators.engine import Engine, engine

CATALOGUE: dict[str, Any] = {
    "council": {"code": "t", "name": "T", "no_denominator": "not applicable"},
    "datasets": [
        {
            "code": "returns",
            "title": "Returns",
            "key": ["on"],
            "fields": [{"name": "on", "type": "date"}, {"name": "number", "type": "integer"}],
        },
        {
            "code": "cases",
            "title": "Cases",
            "key": ["ref"],
            "fields": [
                {"name": "ref", "type": "text"},
                {"name": "opened", "type": "date"},
                {"name": "closed", "type": "date"},
            ],
        },
    ],
    "measures": [
        {
            **{"code": "number", "dataset": "returns", "aggregate": "latest"},
            **{"of": "number", "date": "on"},
        },
        {
            **{"code": "open", "dataset": "cases", "aggregate": "open"},
            **{"opened": "opened", "closed": "closed"},
        },
        {"code": "opened", "dataset": "cases", "aggregate": "count", "date": "opened"},
    ],
    "indicators": [
        {
            **{"code": "A", "title": "A", "formula": "number", "unit": "count", "owner": "O"},
            **{"periods": ["month"], "polarity": "high", "targets": [{"value": 5}]},
            **{"due_days": 20, "final_after_days": 60},
        },
        {
            **{"code": "B", "title": "B", "formula": "open", "unit": "count", "owner": "O"},
            "periods": ["month"],
        },
        {
            **{"code": "C", "title": "C", "formula": "opened", "unit": "count", "owner": "O"},
            "periods": ["month", "rolling-3-months"],
        },
    ],
}


@pytest.fixture
def days(tmp_path: Path) -> Iterator[Engine]:
    with engine(tmp_path) as found:
        found.begin(date(2025, 9, 10))
        found.define(definitions(read(CATALOGUE)))
        found.record("returns", "1", {"on": "2025-07-31", "number": 7})
        found.record("cases", "1", {"ref": "1", "opened": "2025-08-02", "closed": "2025-10-30"})
        found.send()
        yield found


def says(engine: Engine, subject: str) -> tuple[Any, ...] | None:
    """Value, reason, outcome and status."""
    state = engine.service.states().get(subject)
    if state is None:
        return None
    return state.get("value"), state.get("reason"), state["rag"]["outcome"], state.get("status", "")


def test_a_period_is_not_due_then_due_and_in_the_end_final(days: Engine) -> None:
    assert says(days, "A/2025-07") == ("7", None, "green", "provisional")
    assert says(days, "A/2025-08") == (None, "not due", "not due", "provisional")
    days.pass_time(9)  # 19 September
    assert says(days, "A/2025-08") == (None, "not due", "not due", "provisional")
    days.pass_time(1)
    assert says(days, "A/2025-08") == (None, "missing", "no data", "provisional")
    assert says(days, "A/2025-07") == ("7", None, "green", "provisional")
    days.pass_time(9)  # 29 September: 60 days after 31 July
    assert says(days, "A/2025-07") == ("7", None, "green", "final")


def test_the_first_of_a_month_brings_its_figures_and_no_earlier_day_does(days: Engine) -> None:
    days.pass_time(20)  # 30 September
    assert says(days, "B/2025-10") is None
    assert says(days, "C/2025-10") is None
    days.pass_time(1)
    # The case is known to close in October, and by its end it will have.
    assert says(days, "B/2025-10") == ("0", None, "information", "")
    assert says(days, "C/2025-10") == ("0", None, "information", "")
    assert says(days, "C/2025-10-R3") == ("1", None, "information", "")


def test_days_that_were_slept_through_are_made_up_for(days: Engine) -> None:
    days.pass_time(200)  # 29 March 2026
    assert says(days, "A/2026-02") == (None, "missing", "no data", "provisional")
    assert says(days, "A/2026-03") == (None, "not due", "not due", "provisional")
    assert says(days, "B/2026-03") == ("0", None, "information", "")
    days.pass_time(10)
    # A new financial year, in which nothing has happened: only the stock goes on.
    assert says(days, "B/2026-04") == ("0", None, "information", "")
    assert says(days, "C/2026-04") is None
    # Its window reaches back into a year with a record in it.
    assert says(days, "C/2026-04-R3") == ("0", None, "information", "")
    assert days.compared().mismatches == []


def test_a_clock_that_steps_back_changes_nothing(days: Engine) -> None:
    days.pass_time(30)
    before = days.service.owned()
    days.pass_time(-5)
    assert days.service.owned() == before


def test_a_day_on_which_nothing_turns_costs_no_event(days: Engine) -> None:
    days.pass_time(1)
    before = days.service.owned()
    days.pass_time(1)
    assert days.service.owned() == before
