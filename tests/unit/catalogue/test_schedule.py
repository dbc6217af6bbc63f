"""Schedules in words, and when they are next."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.catalogue.schedule import read


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "now", "coming"),
    [
        ("as it comes", "2026-07-01T09:00", "2026-07-01T09:00"),
        ("every 15 minutes", "2026-07-01T09:00", "2026-07-01T09:15"),
        ("Every hour", "2026-07-01T09:00", "2026-07-01T10:00"),
        ("every 2 hours", "2026-07-01T23:00", "2026-07-02T01:00"),
        # In summer London is an hour ahead.
        ("daily at 05:30", "2026-07-01T04:29", "2026-07-01T04:30"),
        ("daily at 05:30", "2026-07-01T04:30", "2026-07-02T04:30"),
        ("daily at 05:30", "2026-12-01T05:29", "2026-12-01T05:30"),
        ("weekdays at 06:00", "2026-07-03T06:00", "2026-07-06T05:00"),
        ("weekly on Monday at 06:00", "2026-07-06T05:00", "2026-07-13T05:00"),
        ("monthly on 3 at 06:00", "2026-12-03T06:00", "2027-01-03T06:00"),
        # On 29 March 2026 the clocks go from 01:00 to 02:00.
        ("daily at 01:30", "2026-03-28T12:00", "2026-03-29T01:30"),
        # On 25 October they go back from 02:00: 01:30 comes twice, and the first one counts.
        ("daily at 01:30", "2026-10-24T12:00", "2026-10-25T00:30"),
        ("daily at 01:30", "2026-10-25T00:30", "2026-10-26T01:30"),
    ],
)
def test_the_next_time_is_in_london(words: str, now: str, coming: str) -> None:
    assert read(words).after(at(now)) == at(coming)


def test_it_runs_once_a_day_through_a_year() -> None:
    when, moment, count = read("daily at 01:30"), at("2026-01-01T00:00"), 0
    while (moment := when.after(moment)) < at("2027-01-01T00:00"):
        count += 1
    assert count == 365
    assert read("every 15 minutes").gap == timedelta(minutes=15)


@pytest.mark.parametrize(
    "words",
    ["", "now and then", "every 0 minutes", "daily at 25:00", "daily at 5:30",
     "weekly on Mo at 06:00",
     "monthly on 31 at 06:00", "every -1 minutes", "5 * * * *", "daily"],
)  # fmt: skip
def test_what_is_no_schedule_is_told_in_words(words: str) -> None:
    with pytest.raises(ValueError, match=r"schedule|never|day of"):
        read(words)
