"""Annual reviews of adult social care clients, as a Liquidlogic reporting view would give them."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample import places
from deploy.sample.made import Manner, Manners, Record, days_in, months_to, pick

REVIEWS = "adult-social-care-reviews"
MANNERS: Manners = {REVIEWS: Manner(unknown="-1")}
REVIEWS_A_MONTH = 64


def records(rng: Random, end: date) -> Iterator[Record]:
    """Annual reviews: three quarters on time three years ago, four fifths now, winters worse."""
    number = 400_000
    months = months_to(end)
    for index, first in enumerate(months):
        on_time = 0.75 + 0.07 * index / len(months) - (0.06 if first.month in (12, 1, 2) else 0)
        for day in days_in(rng, first, end, REVIEWS_A_MONTH):
            number += rng.randint(1, 7)
            late = rng.random() > on_time
            wait = 1 + int(rng.expovariate(1 / 26)) if late else -rng.randint(0, 21)
            completed = day + timedelta(days=wait)
            done = completed <= end and rng.random() > 0.004
            fields = {
                "review_id": str(number),
                "locality": pick(rng, places.LOCALITIES),
                "support": None if rng.random() < 0.02 else pick(rng, places.SUPPORT_REASONS),
                "due": day,
                "completed": completed if done else None,
                "outcome": pick(rng, places.REVIEW_OUTCOMES) if done else None,
            }
            yield Record(REVIEWS, fields)
