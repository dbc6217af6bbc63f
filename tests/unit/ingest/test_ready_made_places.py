"""The ready-made contracts on environmental health, planning, highways, waste and roads."""

from collections import Counter

import pytest

from tests.data import real_file
from tests.unit.ingest.contracts import rules
from tests.unit.ingest.ready_made import BOM, CATALOGUE, counted, kept, only, taken

UNIFORM = "Ref,Kind,Type,Status,ReceivedDate,ClosedDate,ReceivedHow,ReceivedWhere,Location,Ward\n"


def test_uniform_times_are_of_twelve_hours_and_a_case_may_close_before_it_came() -> None:
    found = taken(
        "uniform-service-requests",
        UNIFORM
        + 'R1,Noise Request,,Response Target Passed,11/11/2019 12:05:00 AM,,,,"(51.3, -2.4)",27\n'
        "R2,General Request,Bonfires,Closed,11/11/2019 02:05:00 PM,11/11/2019 12:00:00 AM,,,"
        + '"(51, -2)",\n'
        + "R3,General Request,Bonfires,Closed,11/11/2019 13:05:00 PM,,,,,27\n",
    )
    assert only(found, "received", "closed", "type", "ward") == [
        ("2019-11-11T00:05:00", None, None, "27"),
        ("2019-11-11T14:05:00", "2019-11-11T00:00:00", "Bonfires", None),
    ]
    assert rules(found) == [(4, "received", "format")]
    assert "51" not in str(kept(found))


def test_the_published_extract_of_uniform_goes_in_whole() -> None:
    found = taken(
        "uniform-service-requests",
        real_file("banes/environmental_protection_service_requests.csv").read_bytes(),
    )
    assert (found.received, found.rejected) == (5_000, 0)
    rows = kept(found)
    assert Counter(row["status"] for row in rows) == {
        "Closed": 4_924,
        "Under Investigation": 54,
        "Resolution Target Passed": 14,
        "Response Target Passed": 8,
    }
    assert sum(row["closed"] is None for row in rows) == 76
    assert sum((row["closed"] or "9")[:10] < row["received"][:10] for row in rows) == 1


def test_planning_is_read_by_the_open_names_new_and_old() -> None:
    new = taken(
        "planning-applications-open",
        "reference,planning-authority,application-types,development-scale,received-date,valid-from,"
        "decision-date,decision,planning-performance-agreement,description,withdrawn-date\n"
        "15/01219/FUL,E06000022,full,major,2026-01-05,2026-01-08,2026-04-09,grant,true,1 High St,\n"
        "15/01220/HOU,E06000022,hh,,2026-01-05,2026-01-08,,,,,2026-01-20\n"
        "15/01221/HOU,E06000022,hh,huge,2026-01-05,2026-01-08,,,perhaps,,\n",
    )
    assert only(new, "reference", "scale", "decided", "agreement", "withdrawn") == [
        ("15/01219/FUL", "major", "2026-04-09", True, None),
        ("15/01220/HOU", None, None, None, "2026-01-20"),
    ]
    assert rules(new) == [(4, "agreement", "type"), (4, "scale", "choices")]
    assert "High St" not in str(new.states)
    old = taken(
        "planning-applications-open",
        "Reference,Submission Date,Valid From,Decision Date,Decision\nA1,05/01/2026,08/01/2026,,\n",
    )
    assert only(old, "received", "valid", "scale") == [("2026-01-05", "2026-01-08", None)]


@pytest.mark.parametrize(
    ("sent", "street"), [("01803445", 1803445), ("1803445", 1803445), ("", None)]
)
def test_a_street_is_the_same_with_and_without_its_leading_nought(
    sent: str, street: int | None
) -> None:
    header = "Enquiry Number,Status Code,Subject,Site Code,Logged Date,Closed Date,Caller\n"
    found = taken("highways-enquiries", header + f"700123,10,POT,{sent},01/04/2026 09:15:00,,Kim\n")
    assert only(found, "usrn", "logged") == [(street, "2026-04-01T09:15:00")]
    assert "Kim" not in str(found.states)


def test_a_site_code_that_is_no_street_number_is_rejected_and_none_is_guessed() -> None:
    header = "Enquiry Number,Status Code,Subject,Site Code,Logged Date,Closed Date\n"
    found = taken(
        "highways-enquiries",
        header + "1,10,POT,A36/12,01/04/2026,\n2,10,POT,123456789,01/04/2026,\n"
        "3,10,POT,1.80E+06,01/04/2026,\n",
    )
    assert rules(found) == [(2, "usrn", "type"), (3, "usrn", "maximum"), (4, "usrn", "type")]


def test_moments_of_fixmystreet_and_open311_become_londons() -> None:
    fixmystreet = taken(
        "street-reports",
        BOM + "title,url,created,state,whensent,category,lastupdate,latitude,longitude,ward\n"
        "Mrs Example's drive,https://example.org/report/1,2026-07-01T23:30:00Z,fixed - user,"
        "2026-07-01T23:31:00Z,Potholes,2026-07-05T10:00:00Z,51.3,-2.3,Abbey\n"
        ",https://example.org/report/2,2026-12-01T09:30:00Z,confirmed,,Potholes,,51.3,-2.3,\n"
        ",,2026-12-01T09:30:00Z,confirmed,,Potholes,,51.3,-2.3,\n",
    )
    assert only(fixmystreet, "created", "state", "ward") == [
        ("2026-07-02T00:30:00", "fixed - user", "Abbey"),
        ("2026-12-01T09:30:00", "confirmed", None),
    ]
    assert rules(fixmystreet) == [(4, "report", "required")]
    assert "Example" not in str(fixmystreet.states)
    open311 = taken(
        "street-reports",
        "service_request_id,status,service_name,requested_datetime,updated_datetime,lat,long\n"
        "638344,open,Potholes,2026-07-01T10:30:00+00:00,,51.3,-2.3\n",
    )
    assert only(open311, "report", "created") == [("638344", "2026-07-01T11:30:00")]


def test_a_quarter_of_waste_is_read_under_its_title_and_needs_a_day() -> None:
    header = "Period,Quarter End,Material,FacilityName,FacilityAddress,TotalTonnes\n"
    found = taken(
        "waste-question-100",
        "Q100 waste collection data\n" + header
        + "Apr 26 - Jun 26,30/06/2026,Paper,Mill,1 Road,\"1,204.350\"\n"
        + "Apr 26 - Jun 26,30/06/2026,Paper,Mill,1 Road,\"1,204.350\"\n"
        + "Apr 26 - Jun 26,Apr 26 - Jun 26,Glass,Mill,1 Road,12\n"
        + "Apr 26 - Jun 26,30/06/2026,Glass,Mill,1 Road,n/a\n",
    )  # fmt: skip
    assert only(found, "quarter_end", "material", "tonnes") == [
        ("2026-06-30", "Paper", "1204.35"),
        ("2026-06-30", "Paper", "1204.35"),
    ]
    assert rules(found) == [(5, "quarter_end", "format"), (6, "tonnes", "required")]
    tips = taken("waste-fly-tipping", "Month End,Waste Type,Incidents\n30/04/2026,Tyres,7\n")
    assert only(tips, "month", "incidents") == [("2026-04-30", 7)]


def test_in_road_casualties_minus_one_is_missing_and_both_names_are_read() -> None:
    collisions = taken(
        "stats19-collisions",
        "collision_index,collision_year,date,time,collision_severity,number_of_vehicles,"
        "number_of_casualties,local_authority_ons_district,first_road_class,speed_limit,"
        "lsoa_of_collision_location\n"
        "0126520260001,2026,31/03/2026,17:45,2,2,1,E06000022,3,-1,-1\n"
        "0126520260002,2026,31/03/2026,17:45,-1,2,1,E06000022,3,30,\n",
    )
    assert only(collisions, "collision", "severity", "speed_limit", "lsoa") == [
        ("0126520260001", "2", None, None)
    ]
    assert rules(collisions) == [(3, "severity", "required")]
    casualties = taken(
        "stats19-casualties",
        "accident_index,vehicle_reference,casualty_reference,casualty_class,sex_of_casualty,"
        "age_of_casualty,casualty_severity,casualty_type\n"
        "0126520260001,1,1,3,9,-1,2,0\n0126520260001,1,1,3,1,12,3,0\n",
    )
    assert only(casualties, "age", "sex", "severity") == [(None, None, "2")]
    assert rules(casualties) == [(3, None, "duplicate-key")]
    vehicles = taken(
        "stats19-vehicles",
        "collision_index,vehicle_reference,vehicle_type,vehicle_manoeuvre\n0126520260001,1,9,-1\n",
    )
    assert only(vehicles, "kind", "manoeuvre") == [("9", None)]


def test_a_late_decision_counts_as_in_time_where_an_agreement_says_so() -> None:
    found = taken(
        "planning-applications-open",
        "reference,development-scale,received-date,valid-from,decision-date,decision,"
        "planning-performance-agreement,extension-of-time-date\n"
        "M1,major,,2026-01-01,2026-04-02,grant,,\n"
        "M2,major,,2026-01-01,2026-04-03,grant,,\n"
        "M3,major,,2026-01-01,2026-04-03,grant,true,\n"
        "M4,major,,2026-01-01,2026-04-03,refuse,false,2026-04-03\n"
        "M5,major,,2026-01-01,2026-04-03,refuse,false,2026-04-02\n"
        "N1,minor,,2026-01-01,2026-02-26,grant,,\n"
        "N2,,,2026-01-01,2026-02-27,grant,,\n",
    )
    assert counted("planning-decided-majors", found) == 5
    assert counted("planning-decided-majors-in-time", found) == 3
    assert counted("planning-decided-others", found) == 2
    assert counted("planning-decided-others-in-time", found) == 1


def test_the_killed_and_seriously_injured_are_dated_by_their_collision() -> None:
    collisions = taken(
        "stats19-collisions",
        "collision_index,date,time,collision_severity,number_of_vehicles,number_of_casualties,"
        "first_road_class,speed_limit\nC1,31/03/2026,17:45,2,2,3,3,30\n",
    )
    casualties = taken(
        "stats19-casualties",
        "collision_index,vehicle_reference,casualty_reference,casualty_class,sex_of_casualty,"
        "age_of_casualty,casualty_severity,casualty_type\n"
        "C1,1,1,3,1,40,1,0\nC1,1,2,3,1,12,2,0\nC1,1,3,3,1,-1,3,0\nC2,1,1,3,1,12,2,0\n",
    )
    assert counted("stats19-killed-or-seriously-injured", casualties, collisions) == 2
    assert counted("stats19-children-killed-or-seriously-injured", casualties, collisions) == 1


def test_a_status_of_uniform_tells_of_a_target_that_was_missed() -> None:
    derived = {
        each.name: each.is_ for each in CATALOGUE.datasets["uniform-service-requests"].derived
    }
    assert "Response Target Passed" in derived["response_missed"]
    found = taken(
        "uniform-service-requests",
        real_file("banes/environmental_protection_service_requests.csv").read_bytes(),
    )
    assert counted("uniform-received", found) == 5_000
    assert counted("uniform-closed", found) == 4_924
