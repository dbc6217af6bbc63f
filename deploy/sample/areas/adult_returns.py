"""What adult social care returns by hand: from the NHS, the CQC, the yearly survey and itself."""

from collections.abc import Iterator
from datetime import date
from random import Random

from deploy.sample.made import Manners, Record, exact, quarters_to, years_to
from deploy.sample.returns import AS_TYPED, Item, returned, withheld

RETURNS = "adult-services-returns"
MANNERS: Manners = {RETURNS: AS_TYPED}

QUARTERLY = (
    Item("Bed days lost to delayed discharge", 0, 1_420, 1_060, 0.12),
    Item("Care homes and agencies rated good or outstanding", 74, 0.83, 0.86),
    Item("People with a direct payment", 1_720, 0.262, 0.283),
    Item("People waiting for an assessment", 0, 268, 181, 0.06, late=True),
    Item("Median days waited for an assessment", 0, 41, 29, 0.07),
    Item("Authorisations of deprivation of liberty outstanding", 0, 212, 246, 0.05, late=True),
    Item("Hours of home care that could not be placed", 0, 690, 240, 0.15),
    Item("Carers assessed or reviewed in the last year", 640, 0.56, 0.63, 0.03, late=True),
    Item("Social care posts that are vacant", 3_100, 0.094, 0.071, 0.03),
)
YEARLY = (
    Item("Adults with a learning disability in paid employment", 560, 0.066, 0.075, 0.05),
    Item("Adults with a learning disability in settled accommodation", 560, 0.79, 0.815),
    Item("People satisfied with their care and support", 402, 0.66, 0.645),
    Item("Total score of quality of life", 402, 0, 0),
    Item("People who have as much control as they want", 402, 0.77, 0.785),
    Item("Carers satisfied with support", 214, 0.36, 0.335, 0.03),
)


def records(rng: Random, end: date) -> Iterator[Record]:
    """Quarterly returns, then yearly ones."""
    for fields in returned(rng, QUARTERLY, quarters_to(end)):
        yield Record(RETURNS, fields)
    years = years_to(end, 3, 31, 4)
    for fields in returned(rng, YEARLY, years):
        if fields["item"].startswith("Total score"):
            fields["numerator"] = exact(float(fields["denominator"]) * 18.95, 1)
        elif fields["item"].startswith("Carers") and fields["period_end"].year % 2:
            # The survey of carers is made every other year.
            fields = withheld(fields, "not applicable")
        yield Record(RETURNS, fields)
