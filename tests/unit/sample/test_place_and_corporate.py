"""The sample council's figures on place and resources: plausible, in bounds, and right by hand.

The figures are those of the recompute, which shares no code with the engine.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from random import Random
from typing import Any

import pytest

from deploy.local.demo import CATALOGUE
from deploy.sample.areas import (
    benchmarks_place,
    corporate,
    customer,
    denominators,
    economy,
    environment,
    highways,
    parks_and_climate,
    planning,
    revenues,
    transport,
)
from deploy.sample.made import Record
from deploy.sample.records import as_source_writes
from deploy.verify.indicators import Indicators
from deploy.verify.source import Definitions, Row
from deploy.verify.source import Record as Held
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import from_records
from services.ingest.domain.json_rows import Item
from shared.catalogue.check import read
from shared.catalogue.model import Catalogue, definitions
from shared.catalogue.yaml_files import load_directory

AREAS = (
    planning,
    benchmarks_place,
    denominators,
    environment,
    parks_and_climate,
    highways,
    transport,
    economy,
    revenues,
    customer,
    corporate,
)
PREFIXES = ("PL", "EN", "HW", "EC", "RV", "CU", "CO", "NB")
# Of all days, those at the end of February have the longest series: 47 months.
LONGEST = date(2026, 2, 28)


@cache
def catalogue() -> Catalogue:
    return read(load_directory(CATALOGUE)[0])


@cache
def made(end: date, seed: int = 2026) -> tuple[Record, ...]:
    return tuple(
        record for area in AREAS for record in area.records(Random(f"{seed} {area.__name__}"), end)
    )


def figures(written: Mapping[str, Sequence[Mapping[str, Any]]], today: date) -> Indicators:
    """The indicators over records as their sources write them, read through their contracts."""
    rows = [Row("irf.catalogue", at, 1, body) for at, body in definitions(catalogue()).items()]
    held: dict[str, list[Held]] = {}
    for code, records in written.items():
        items = [Item(data=dict(record)) for record in records]
        found = from_records(Contract(catalogue().datasets[code]), list(enumerate(items, start=1)))
        assert found.rejections == []
        assert len({subject for subject, _ in found.states}) == len(items)
        states = [json.loads(body) for _, body in found.states if body is not None]
        held[code] = [Held(state["key"], state["fields"]) for state in states]
    return Indicators(Definitions(rows), held, today)


@cache
def longest() -> Indicators:
    """The figures of the longest series, on the day after its end."""
    written: dict[str, list[Mapping[str, Any]]] = {}
    for dataset, fields in made(LONGEST):
        written.setdefault(dataset, []).append(as_source_writes(dataset, fields))
    return figures(written, date(2026, 3, 1))


def told(found: Indicators, subject: str) -> tuple[str | None, str]:
    """The value, or why there is none, and the outcome."""
    state = found.state(subject)
    assert state is not None, subject
    value = state["value"] if state["reason"] is None else state["reason"]
    return value, state["rag"]["outcome"]


# The records


def test_another_seed_makes_other_records_and_the_same_seed_the_same() -> None:
    end = date(2025, 11, 10)
    assert made(end) == made.__wrapped__(end)
    assert made(end) != made.__wrapped__(end, seed=1)


def test_there_are_at_most_nine_thousand_records_in_the_longest_series() -> None:
    per_dataset = Counter(record.dataset for record in made(LONGEST))
    assert 7_500 <= sum(per_dataset.values()) <= 9_000
    assert len(per_dataset) == 38
    assert per_dataset["national-benchmarks-place"] == 17 * 3 * 3


def test_a_series_starts_with_a_financial_year_and_covers_three_years() -> None:
    for end, april in (
        (LONGEST, date(2022, 4, 1)),
        (date(2026, 3, 31), date(2023, 4, 1)),
        (date(2026, 4, 1), date(2023, 4, 1)),
    ):
        reported = [
            fields["reported"].date()
            for dataset, fields in made(end)
            if dataset == highways.DEFECTS
        ]
        assert april <= min(reported) < april.replace(day=15)
        assert all(day <= end for day in reported)


@pytest.mark.parametrize("end", [LONGEST, date(2024, 2, 29), date(2026, 4, 1)])
def test_nothing_is_dated_after_the_end_and_every_record_keeps_its_contract(end: date) -> None:
    written: dict[str, list[Mapping[str, Any]]] = {}
    for dataset, fields in made(end):
        for value in fields.values():
            day = value.date() if isinstance(value, datetime) else value
            assert not isinstance(day, date) or day <= end, (dataset, fields)
        written.setdefault(dataset, []).append(as_source_writes(dataset, fields))
    figures(written, end)


def test_the_systems_have_their_quirks() -> None:
    def of(dataset: str) -> list[dict[str, Any]]:
        return [record.fields for record in made(LONGEST) if record.dataset == dataset]

    assert as_source_writes(transport.CASUALTIES, {"age": None})["age"] == "-1"
    assert any(fields["age"] is None for fields in of(transport.CASUALTIES))
    assert as_source_writes(revenues.CLAIMS, {"received": date(2026, 4, 5)}) == {
        "received": "05-Apr-2026"
    }
    assert as_source_writes(corporate.INVOICES, {"paid": date(2026, 4, 5)}) == {"paid": "20260405"}
    assert any(len(fields["usrn"].lstrip("0")) < 8 for fields in of(highways.DEFECTS))
    assert any(fields["no2"] is None for fields in of(environment.AIR))
    suppressed = [fields for fields in of(economy.SURVEY) if fields["pay_note"] == "suppressed"]
    assert suppressed
    assert all(fields["weekly_pay"] is None for fields in suppressed)


# The catalogue


def test_seven_of_these_indicators_are_strategic_and_there_are_enough_of_them() -> None:
    mine = [each for each in catalogue().indicators.values() if each.code.startswith(PREFIXES)]
    strategic = {each.code for each in mine if each.strategic}
    assert strategic == {"PL16", "EN24", "HW15", "EC03", "RV01", "CU05", "CO19"}
    assert len(mine) >= 150


def test_what_has_a_target_says_who_approved_it_or_follows_another_figure() -> None:
    for each in catalogue().indicators.values():
        for target in each.targets if each.code.startswith(PREFIXES) else ():
            assert target.approved_by or target.relative, each.code
            assert bool(target.approved_by) == bool(target.approved_on), each.code


# The figures


def test_there_are_at_most_twelve_thousand_values_and_about_six_in_ten_are_green() -> None:
    found = longest()
    outcomes: Counter[str] = Counter()
    with_a_value = set()
    for subject in found.expected():
        state = found.state(subject)
        assert state is not None
        outcomes[state["rag"]["outcome"]] += 1
        if state["value"] is not None:
            with_a_value.add(subject.partition("/")[0])
    assert 9_000 <= sum(outcomes.values()) <= 12_000
    judged = outcomes["green"] + outcomes["amber"] + outcomes["red"]
    assert 0.5 <= outcomes["green"] / judged <= 0.7
    assert 0.08 <= outcomes["red"] / judged <= 0.25
    mine = {code for code in catalogue().indicators if code.startswith(PREFIXES)}
    assert mine <= with_a_value


@pytest.mark.parametrize(
    ("subject", "least", "most"),
    [
        ("PL02/2024-25", 75, 97),
        ("PL15/2024-25", 550, 780),
        ("EN01/2024-25", 2, 8),
        ("EN10/2024-25", 6, 11),
        ("EN15/2025/station=Canal%20Street", 28, 40),
        ("EN24/2023", 4, 6),
        ("HW15/2025", 12, 45),
        ("HW24/2024-25", 83, 89),
        ("EC03/2024-25", 75, 81),
        ("RV01/2024-25", 96, 99),
        ("CU01/2024-25", 87, 95),
        ("CO01/2026-01-R12", 8, 11),
        ("CO19/2024-25", -1, 1.5),
    ],
)
def test_a_figure_is_what_a_council_of_this_size_could_have(
    subject: str, least: float, most: float
) -> None:
    state = longest().state(subject)
    assert state is not None
    assert least <= float(state["value"]) <= most


# By hand: what the definitions make of a few records


def application(reference: str, decided: str, **others: str) -> dict[str, Any]:
    return {
        "reference": reference,
        "development_scale": "Minor",
        "received": "02/01/2025",
        "valid_from": "06/01/2025",
        "eia": "N",
        "decision_date": decided,
    } | others


def test_an_application_is_in_time_by_its_last_week_or_by_what_was_agreed() -> None:
    records = [
        application("eight weeks", "03/03/2025"),
        application("a day more", "04/03/2025"),
        application("agreed", "04/03/2025", extension_date="10/03/2025"),
        application("missed again", "11/03/2025", extension_date="10/03/2025"),
        application("thirteen weeks", "07/04/2025", development_scale="Major"),
        application("fourteen", "08/04/2025", development_scale="Major"),
        application("with a statement", "28/04/2025", development_scale="Major", eia="Y"),
    ]
    found = figures({planning.APPLICATIONS: records}, date(2025, 8, 1))
    # Two of four; two of three majors.
    assert told(found, "PL02/2024-25-Q4") == ("50.0", "red")
    assert told(found, "PL01/2025-26-Q1") == ("66.7", "amber")


@pytest.mark.parametrize(
    ("received", "outcome"),
    [("2910000.00", "green"), ("2900000.00", "green"), ("2860000.00", "amber"), ("2859000", "red")],
)
def test_council_tax_is_held_against_what_should_be_in_by_then(received: str, outcome: str) -> None:
    record = {
        "month_end": "30-Jun-2025",
        "tax": "Council tax",
        "net_debit": "10000000.00",
        "received": received,
    }
    found = figures({revenues.COLLECTION: [record]}, date(2025, 7, 10))
    # By the end of June 29.1% should be in; 0.1 points off is green and 0.5 amber.
    assert told(found, "RV01/2025-26-to-06")[1] == outcome
    # Half the year is over with September, and nothing newer has come.
    assert told(found, "RV01/2025-26-to-07")[1] == "not due"


def request(reference: str, kind: str, received: str, answered: str) -> dict[str, str]:
    return {"reference": reference, "kind": kind, "received": received, "answered": answered}


def test_twenty_working_days_leave_out_christmas_and_the_days_on_which_the_council_shuts() -> None:
    # From 10 December 2025 the tenth working day is Christmas Eve, the eleventh 2 January.
    records = [
        request("in time", "FOI", "10/12/2025", "15/01/2026"),
        request("late", "EIR", "10/12/2025", "16/01/2026"),
        request("own data", "SAR", "31/12/2025", "31/01/2026"),
        request("own data, late", "SAR", "30/12/2025", "31/01/2026"),
    ]
    found = figures({customer.REQUESTS: records}, date(2026, 3, 1))
    assert told(found, "CU13/2026-01") == ("50.0", "red")
    assert told(found, "CU14/2025-26-Q4") == ("50.0", "red")


def test_employment_follows_the_mean_of_the_neighbours_that_have_a_value() -> None:
    def area(code: str, value: str) -> dict[str, str]:
        return {
            "area_code": code,
            "indicator": "Employment rate",
            "period_end": "2025-03-31",
            "value": value,
        }

    areas = [
        area("E06000014", "76.0"),
        area("E06000022", "79.0"),
        # The council itself, and England, are no neighbours.
        area("E06999999", "90.0"),
        area("E92000001", "60.0"),
    ]
    survey = [{"period_end": "2025-03-31", "people": 1000, "employed": 770}]
    found = figures({economy.SURVEY: survey, benchmarks_place.BENCHMARKS: areas}, date(2025, 12, 1))
    state = found.state("EC03/2024-25")
    assert state is not None
    assert (state["value"], state["rag"]["outcome"]) == ("77.0", "amber")
    assert state["target"]["value"] == "77.5"
    assert state["target"]["basis"] == "mean of Nearest neighbours"


def inspection(reference: str, inspected: str) -> dict[str, str]:
    return {"reference": reference, "due": "10/09/2025 00:00:00", "inspected": inspected}


def test_an_inspection_has_twenty_eight_days_before_its_month_is_judged() -> None:
    records = [
        inspection("FH1", inspected="08/10/2025 00:00:00"),
        inspection("FH2", inspected="09/10/2025 00:00:00"),
    ]
    subject = "EN21/2025-09"
    # Thirty-one days after the end of September: 31 October.
    before = figures({environment.FOOD: records}, date(2025, 10, 30))
    after = figures({environment.FOOD: records}, date(2025, 10, 31))
    assert told(before, subject) == ("50.0", "not due")
    assert told(after, subject) == ("50.0", "red")


def test_a_month_without_a_forecast_says_that_it_is_not_applicable() -> None:
    budget = {"directorate": "Place", "budget": "48000000.00"}
    records = [
        budget | {"month_end": "31/05/2025", "note": "not applicable"},
        budget | {"month_end": "30/06/2025", "forecast": "48360000.00"},
    ]
    found = figures({corporate.BUDGET: records}, date(2025, 8, 1))
    assert told(found, "CO19/2025-05") == ("not applicable", "no data")
    # 0.75% over: more than half a per cent, less than one and a quarter.
    assert told(found, "CO19/2025-06") == ("0.75", "amber")


def test_fly_tips_are_held_against_two_per_cent_less_than_a_year_before() -> None:
    def month(day: str, incidents: int) -> dict[str, Any]:
        return {"month_of": day, "ward": "Abbeygate", "incidents": incidents}

    records = [month("01/06/2024", 100), month("01/06/2025", 99)]
    found = figures({environment.FLY_TIPS: records}, date(2025, 9, 1))
    state = found.state("EN07/2025-06")
    assert state is not None
    assert (state["value"], state["target"]["value"]) == ("99", "98")
    assert state["rag"]["outcome"] == "amber"
    assert told(found, "EN07/2024-06") == ("100", "no target")


def test_a_defect_is_an_emergency_attended_by_the_minute_and_a_pothole_by_the_day() -> None:
    def defect(number: str, **others: str) -> dict[str, str]:
        return {"enquiry": number, "reported": "05/06/2025 09:00", "kind": "Pothole"} | others

    records = [
        defect("1", priority="Emergency", attended="05/06/2025 11:00", usrn="00412345"),
        defect("2", priority="Emergency", attended="05/06/2025 11:01", usrn="00412345"),
        defect("3", priority="Routine", repaired="03/07/2025 23:59", usrn="00500000"),
        defect("4", priority="Routine", repaired="04/07/2025 00:01"),
        defect("5", priority="Emergency", repaired="30/08/2025 10:00"),
    ]
    found = figures({highways.DEFECTS: records}, date(2025, 10, 1))
    assert told(found, "HW01/2025-26-Q1") == ("50.0", "red")
    assert told(found, "HW02/2025-07") == ("50.0", "red")
    # Two streets; where none was given there is none to count.
    assert told(found, "HW07/2025-26-Q1") == ("2", "information")


def test_sickness_is_that_of_a_year_even_before_a_year_is_known() -> None:
    month = {"directorate": "Place", "fte": "100", "days_lost": "80"}
    records = [month | {"month_of": f"01/{number:02}/2025"} for number in (4, 5, 6)]
    found = figures({corporate.WORKFORCE: records}, date(2025, 9, 1))
    # 0.8 days in a month are 9.6 in a year: a tenth of a day above the target.
    assert told(found, "CO01/2025-06-R12") == ("9.6", "amber")
