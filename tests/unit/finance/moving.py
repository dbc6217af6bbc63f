"""Time that passes for the finance service."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.fed import Fed, StoppedClock


def pass_time_to(monkeypatch: pytest.MonkeyPatch, finance: Fed, year: int, *day: int) -> None:
    """It is this day at nine, and the service notices."""
    month, of_month = day
    now = datetime(year, month, of_month, 9, tzinfo=UTC)
    monkeypatch.setattr(StoppedClock, "now", lambda _: now)
    handlers: Any = finance.handlers
    finance.store.write_now(lambda tx: finance.inbox._outbox.say(tx, handlers.pass_time(tx)))
