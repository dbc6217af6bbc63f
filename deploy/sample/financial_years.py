"""The months and quarters that a business system or a return of the sample council covers.

Rule: a series starts with a financial year, because figures are given for every period of a year
that has a record: half a year of records would be half a year of noughts. It covers at least the
three years to the end.
"""

from datetime import date, timedelta

from deploy.sample.made import last_day, months_to


def months_since_april(end: date) -> list[date]:
    """The first days of all months from an April on, the last being the month of `end`."""
    first = months_to(end)[0]
    return months_to(end, len(months_to(end)) + (first.month - 4) % 12)


def months_returned(end: date, after: int = 0) -> list[date]:
    """Of these months, those that ended so many days before `end`, when their return is in."""
    latest = end - timedelta(days=after)
    return [first for first in months_since_april(end) if last_day(first) <= latest]


def quarters_returned(end: date, after: int = 0) -> list[date]:
    """The last days of the quarters whose return is in so many days later."""
    ends = [last_day(first) for first in months_returned(end, after)]
    return [day for day in ends if day.month % 3 == 0]
