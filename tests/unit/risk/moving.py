"""Time that passes for the risk service."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.unit.fed import Fed, StoppedClock


def pass_time_to(monkeypatch: pytest.MonkeyPatch, risk: Fed, day: str) -> None:
    """It is this day at noon, and the service notices."""
    found = date.fromisoformat(day)
    now = datetime(found.year, found.month, found.day, 12, tzinfo=UTC)
    monkeypatch.setattr(StoppedClock, "now", lambda _: now)
    handlers: Any = risk.handlers
    risk.store.write_now(lambda tx: risk.inbox._outbox.say(tx, handlers.pass_time(tx)))
