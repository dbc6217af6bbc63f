"""Indicators of the sample over a few records, worked out by hand."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from deploy.local.demo import CATALOGUE
from deploy.sample.made import Fields, Record
from shared.catalogue.check import read
from shared.catalogue.model import Catalogue
from shared.catalogue.yaml_files import load_directory
from tests.unit.sample.figures import Figures, figures

TODAY = date(2025, 8, 1)


@cache
def catalogue() -> Catalogue:
    return read(load_directory(CATALOGUE)[0])


def over(*given: Record, today: date = TODAY) -> Figures:
    return figures(catalogue(), given, today)


def value(found: Figures, code: str, period: str, member: str = "all") -> str | None:
    return found[code, member, period].value


def referral(number: int, received: date, **other: Any) -> Record:
    fields: Fields = dict.fromkeys(
        ("ward", "age_at_referral", "source", "need", "previous", "decided", "assessed", "closed")
    )
    fields |= {"referral_id": str(number), "received": received, "outcome": "Assessment"}
    return Record("childrens-referrals", fields | {"on_plan": None} | other)


def test_the_45th_working_day_is_in_time_and_the_46th_is_not() -> None:
    # From 3 March 2025: Good Friday, Easter Monday and the May holiday are no working days.
    received = date(2025, 3, 3)
    in_time, late = date(2025, 5, 8), date(2025, 5, 9)
    backwards = date(2025, 2, 27)
    found = over(
        referral(1, received, assessed=in_time),
        referral(2, received, assessed=late),
        referral(3, received, assessed=backwards),
    )
    assert value(found, "CH04", "2025-26-Q1") == "50.0"
    assert found["CH04", "all", "2025-26-Q1"].rag.outcome == "red"


def test_a_referral_is_a_re_referral_for_less_than_twelve_months() -> None:
    received = date(2025, 6, 10)
    found = over(
        Record("wards", {"ward": "Abbeygate", "locality": "North", "deprivation_decile": 3}),
        referral(1, received, previous=date(2024, 6, 11), ward="Abbeygate"),
        referral(2, received, previous=date(2024, 6, 10), ward="Abbeygate"),
        referral(3, received),
        referral(4, received),
    )
    assert value(found, "CH03", "2025-26-Q1") == "25.0"
    assert value(found, "CH03", "2025-26-Q1", "locality=North") == "50.0"


def test_children_in_need_are_divided_by_the_newest_population() -> None:
    people = [("Aged 0 to 4", 5_000), ("Aged 5 to 9", 6_000), ("Aged 10 to 17", 9_000)]
    counted = [
        Record("populations", {"reference_date": date(2024, 6, 30), "group": g, "number": n})
        for g, n in [*people, ("Aged 18 to 64", 70_000)]
    ]
    began = date(2025, 6, 2)
    found = over(
        *counted,
        referral(1, began, on_plan=began),
        referral(2, began, on_plan=began, closed=date(2025, 7, 1)),
    )
    # Two in 20,000 children at the end of June, one at the end of July.
    assert value(found, "CH01", "2025-06") == "1.0"
    assert value(found, "CH01", "2025-07") == "0.5"


def placement(number: int, entered: date, left: date | None, **other: Any) -> Record:
    fields: Fields = {"kind": "Bed and breakfast", "children": 2, "entered": entered, "left": left}
    return Record("temporary-accommodation", fields | {"placement": f"TA{number}"} | other)


def test_a_family_is_too_long_in_bed_and_breakfast_from_its_43rd_day() -> None:
    found = over(
        placement(1, date(2025, 5, 18), date(2025, 7, 5)),
        placement(2, date(2025, 5, 19), date(2025, 7, 5)),
        placement(3, date(2025, 4, 1), date(2025, 5, 1)),
        placement(4, date(2025, 4, 1), None, children=0),
        placement(5, date(2025, 4, 1), None, kind="Hostel"),
    )
    # On 30 June the first had been there for 43 days and the second for 42.
    assert value(found, "HO13", "2025-06") == "1"
    assert found["HO13", "all", "2025-06"].rag.outcome == "amber"
    assert value(found, "HO13", "2025-07") == "0"
    assert found["HO13", "all", "2025-07"].rag.outcome == "green"
    assert value(found, "HO11", "2025-06") == "4"


def event(number: int, started: date, **other: Any) -> Record:
    fields: Fields = dict.fromkeys(("locality", "support", "ended", "outcome", "at_home"))
    fields |= {"event": f"E{number}", "person": f"P{number}", "kind": "Service", "age": 80}
    fields |= {"service": "Short term: maximise independence", "started": started}
    return Record("adult-service-events", fields | other)


def test_reablement_is_judged_once_its_people_were_followed_up_for_91_days() -> None:
    began = date(2025, 4, 10)
    given = (
        event(1, began, at_home="Y"),
        event(2, began, at_home="Y"),
        event(3, began, at_home="N"),
        event(4, began),
        event(5, began, at_home="N", age=60),
    )
    early = over(*given, today=date(2025, 10, 12))["AD08", "all", "2025-26-Q1"]
    # 30 June, 91 days to follow up and 14 to return.
    assert (early.value, early.due, early.rag.outcome) == ("66.7", "2025-10-13", "not due")
    then = over(*given, today=date(2025, 10, 13))["AD08", "all", "2025-26-Q1"]
    assert (then.value, then.rag.outcome) == ("66.7", "red")


def test_someone_who_asks_twice_is_one_person() -> None:
    asked = {"kind": "Request", "service": None}
    found = over(
        event(1, date(2025, 4, 2), **asked),
        event(2, date(2025, 5, 2), **asked | {"person": "P1"}),
        event(3, date(2025, 6, 2), **asked),
    )
    assert value(found, "AD01", "2025-26-to-06") == "3"
    assert value(found, "AD02", "2025-26-Q1") == "2"


def repair(number: int, raised: datetime, completed: datetime, priority: str) -> Record:
    fields: Fields = {"job": f"J{number}", "ward": None, "priority": priority, "raised": raised}
    return Record(
        "housing-repairs", fields | {"completed": completed, "first_time": "Y", "score": None}
    )


def test_an_emergency_has_24_hours_and_a_routine_repair_28_days() -> None:
    raised = datetime(2025, 4, 1, 9, 30)
    found = over(
        repair(1, raised, datetime(2025, 4, 2, 9, 30), "Emergency"),
        repair(2, raised, datetime(2025, 4, 2, 9, 31), "Emergency"),
        repair(3, raised, datetime(2025, 4, 29, 17, 0), "Routine"),
        repair(4, raised, datetime(2025, 4, 30, 9, 0), "Routine"),
        repair(5, raised, datetime(2025, 4, 11, 9, 0), "Urgent"),
        repair(6, raised, datetime(2025, 4, 12, 9, 0), "Damp and mould"),
    )
    assert value(found, "HO18", "2025-26-Q1") == "50.0"
    assert value(found, "HO19", "2025-26-Q1") == "50.0"
    assert value(found, "HO23", "2025-26-Q1") == "0.0"
    # 24 hours, and 24 and a minute.
    assert value(found, "HO21", "2025-26-Q1") == "24.0"


def case(number: int, ended: date | None, outcome: str | None) -> Record:
    fields: Fields = dict.fromkeys(
        ("ward", "household", "reason", "relief_started", "relief_ended", "relief_outcome")
    )
    fields |= {"case": f"HC{number}", "assessed": date(2025, 4, 1), "main_duty": None}
    fields |= {"prevention_started": date(2025, 4, 1), "prevention_ended": ended}
    return Record(
        "homelessness-cases", fields | {"prevention_outcome": outcome, "main_duty_decided": None}
    )


def test_homelessness_is_prevented_by_a_home_for_six_months() -> None:
    found = over(
        case(1, date(2025, 5, 1), "Secured accommodation for 6 months"),
        case(2, date(2025, 6, 1), "Contact lost"),
        case(3, None, None),
    )
    assert value(found, "HO01", "2025-26-Q1") == "50.0"
    assert value(found, "HO03", "2025-26-Q1") == "50.0"
    assert value(found, "HO07", "2025-06") == "1"
    # Nobody's homelessness was to be relieved, in the whole year.
    assert ("HO02", "all", "2025-26-Q1") not in found


def returned(item: str, part: str | None, whole: str | None, note: str | None = None) -> Record:
    numbers = [None if each is None else Decimal(each) for each in (part, whole)]
    fields = {"item": item, "period_end": date(2025, 6, 30), "note": note}
    return Record(
        "public-health-returns", fields | {"numerator": numbers[0], "denominator": numbers[1]}
    )


def test_a_return_that_could_not_be_made_says_why() -> None:
    item = "Babies breastfed at six to eight weeks"
    assert value(over(returned(item, "261", "420")), "PH30", "2025-26-Q1") == "62.1"
    blank = over(returned(item, None, None, "suppressed"))["PH30", "all", "2025-26-Q1"]
    assert (blank.value, blank.reason) == (None, "suppressed")


def test_health_checks_add_up_over_the_five_years() -> None:
    def quarter(end: date, offered: int, received: int) -> Record:
        counts = {"eligible": 10_000, "offered": offered, "received": received}
        return Record("nhs-health-checks", {"quarter_end": end} | counts)

    found = over(
        quarter(date(2024, 3, 31), 400, 300),
        quarter(date(2024, 6, 30), 500, 200),
        quarter(date(2025, 6, 30), 600, 310),
    )
    assert value(found, "PH22", "2024-04-to-2025-06") == "5.1"
    # 15 months of 9.4 a year.
    target = found["PH22", "all", "2024-04-to-2025-06"].target
    assert target is not None
    assert (target.value, target.basis) == ("11.75", "even share")
