"""Public health: yearly figures as Fingertips gives them, NHS Health Checks, treatment for
substance misuse (NDTMS) and the quarterly returns of commissioned services."""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import NamedTuple

from deploy.sample.made import (
    Fields,
    Manner,
    Manners,
    Record,
    between,
    exact,
    quarters_to,
    years_to,
)
from deploy.sample.returns import AS_TYPED, Item, returned, withheld

FINGERTIPS = "fingertips-values"
CHECKS = "nhs-health-checks"
TREATMENT = "substance-misuse-treatment"
RETURNS = "public-health-returns"
MANNERS: Manners = {
    FINGERTIPS: Manner(day="%d/%m/%Y"),
    CHECKS: AS_TYPED,
    TREATMENT: AS_TYPED,
    RETURNS: AS_TYPED,
}

CALENDAR, FINANCIAL, SCHOOL = (12, 31), (3, 31), (7, 31)


class Profile(NamedTuple):
    """A yearly figure: the day its year ends, its denominator (0 where the figure itself is all
    there is), where it began and ended, and for which sexes."""

    name: str
    year_end: tuple[int, int]
    whole: int
    first: float
    last: float
    sexes: Sequence[str] = ("Persons",)
    noise: float = 0.03


PROFILES = (
    Profile(
        "Under 75 mortality from causes considered preventable", CALENDAR, 178_000, 0.00131, 0.00122
    ),
    Profile(
        "Suicide and injury of undetermined intent",
        CALENDAR,
        175_000,
        0.000102,
        0.000096,
        noise=0.1,
    ),
    Profile("Reception prevalence of obesity", SCHOOL, 1_910, 0.079, 0.085),
    Profile("Year 6 prevalence of obesity", SCHOOL, 2_020, 0.172, 0.181),
    Profile("Smoking prevalence in adults", CALENDAR, 1_450, 0.118, 0.094),
    Profile("Physically active adults", FINANCIAL, 1_900, 0.705, 0.729, noise=0.01),
    Profile("Adults who are overweight or obese", FINANCIAL, 1_900, 0.581, 0.594, noise=0.01),
    Profile("Healthy life expectancy at birth", CALENDAR, 0, 65.8, 64.9, ("Male", "Female"), 0.005),
    Profile(
        "Inequality in life expectancy at birth", CALENDAR, 0, 7.6, 7.9, ("Male", "Female"), 0.03
    ),
    Profile("Chlamydia detection rate in women aged 15 to 24", CALENDAR, 12_900, 0.0208, 0.0229),
    Profile("Children given two doses of MMR by five", FINANCIAL, 2_050, 0.905, 0.892, noise=0.006),
    Profile("Low birth weight of babies born at term", CALENDAR, 1_790, 0.023, 0.021, noise=0.08),
    Profile("Admissions for alcohol-related conditions", FINANCIAL, 195_700, 0.00462, 0.00431),
    Profile("Under 18 conceptions", CALENDAR, 3_250, 0.0102, 0.0083, noise=0.07),
    Profile("Falls of people aged 65 and over", FINANCIAL, 39_400, 0.0196, 0.0188),
    Profile(
        "Flu vaccinations of people aged 65 and over", FINANCIAL, 39_400, 0.835, 0.79, noise=0.01
    ),
    Profile("Deaths attributable to particulate air pollution", CALENDAR, 1_760, 0.058, 0.051),
    Profile(
        "Under 75 mortality from cancer considered preventable", CALENDAR, 178_000, 0.00048, 0.00045
    ),
    Profile("Children in relative low-income families", FINANCIAL, 35_200, 0.128, 0.137),
)
YEARS = 6

# Substance, people in treatment, and of each hundred: who complete, who show real progress.
SUBSTANCES = (
    ("Opiates", 395, 1.5, 47),
    ("Non-opiates", 74, 9.5, 58),
    ("Alcohol", 236, 9.0, 62),
    ("Alcohol and non-opiates", 103, 8.0, 56),
)

ITEMS = (
    Item("New birth visits within 14 days", 435, 0.86, 0.905),
    Item("Reviews at two to two and a half", 446, 0.84, 0.905),
    Item("Babies breastfed at six to eight weeks", 428, 0.58, 0.61),
    Item("Smokers who had quit at four weeks", 168, 0.53, 0.575, 0.05, late=True),
    Item("People who completed weight management", 131, 0.49, 0.56, 0.06),
    Item("Sexual health appointments offered in 48 hours", 1_240, 0.965, 0.985, 0.004),
    Item("Waits for drug and alcohol treatment under three weeks", 96, 0.975, 0.985, 0.008),
)
ELIGIBLE_FOR_CHECK = 57_400


def records(rng: Random, end: date) -> Iterator[Record]:
    """Yearly figures, health checks, treatment and returns."""
    yield from (Record(FINGERTIPS, fields) for fields in _profiles(rng, end))
    quarters = quarters_to(end)
    yield from (Record(CHECKS, fields) for fields in _checks(rng, quarters))
    yield from (Record(TREATMENT, fields) for fields in _treatment(rng, quarters))
    for fields in returned(rng, ITEMS, quarters):
        if fields["item"].startswith("Babies") and rng.random() < 0.12:
            # Too few feeding records came back to be published.
            fields = withheld(fields, "missing")
        yield Record(RETURNS, fields)


def _profiles(rng: Random, end: date) -> Iterator[Fields]:
    for number, profile in enumerate(PROFILES, start=90_001):
        # National figures come out a year late.
        years = years_to(end, *profile.year_end, YEARS + 1)[:-1]
        for sex in profile.sexes:
            for index, year_end in enumerate(years):
                level = between(profile.first, profile.last, index, len(years))
                level = (level + 1.1 * (sex == "Female")) * rng.gauss(1, profile.noise)
                whole = round(profile.whole * rng.gauss(1, 0.01))
                yield {
                    "indicator_id": number,
                    "indicator": profile.name,
                    "sex": sex,
                    "year_end": year_end,
                    "value": None if whole else exact(level, 1),
                    "part": exact(whole * level) if whole else None,
                    "denominator": exact(whole) if whole else None,
                    "note": None,
                }


def _checks(rng: Random, quarters: list[date]) -> Iterator[Fields]:
    for index, day in enumerate(quarters):
        offered = round(3_050 * (0.8 if day.month == 12 else 1.05) * rng.gauss(1, 0.06))
        taken = between(0.40, 0.47, index, len(quarters)) * rng.gauss(1, 0.03)
        yield {
            "quarter_end": day,
            "eligible": ELIGIBLE_FOR_CHECK + 40 * index,
            "offered": offered,
            "received": round(offered * taken),
        }


def _treatment(rng: Random, quarters: list[date]) -> Iterator[Fields]:
    for substance, people, completing, progressing in SUBSTANCES:
        for index, day in enumerate(quarters):
            there = round(people * between(0.94, 1.05, index, len(quarters)) * rng.gauss(1, 0.015))
            yield {
                "substance": substance,
                "quarter_end": day,
                "in_treatment": there,
                "completed": round(there * completing / 100 * rng.gauss(1.0, 0.1)),
                "progressing": round(there * progressing / 100 * rng.gauss(1.0, 0.03)),
            }
