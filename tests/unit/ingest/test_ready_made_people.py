"""The ready-made contracts on children, adults, homelessness, staff and those who write to us."""

from tests.unit.ingest.contracts import rules
from tests.unit.ingest.ready_made import (
    BOM,
    CATALOGUE,
    PSEUDONYMS,
    counted,
    kept,
    only,
    taken,
)


def test_contacts_of_liquidlogic_come_without_surrogates_comments_or_repeated_headers() -> None:
    header = (
        "cont_contact_id,cont_person_id,cont_contact_date,cont_contact_source_code,"
        "cont_contact_source_desc,cont_contact_outcome_json\n"
    )
    found = taken(
        "ssd-contacts",
        BOM + header + '901,77,31/03/2026,-1,Police,"{""COMMENTS"": ""mother rang""}"\n'
        "902,77,2026-04-01 09:30:00.000,12,-1,{}\n"
        + header
        + "903,78,01/04/2026\n"
        + "-1,78,01/04/2026,12,School,{}\n"
        + "904,-1,01/04/2026,12,School,{}\n"
        + "905,78,1900-01-01,12,School,{}\n"
        + "906,78,04/13/2026,12,School,{}\n",
    )
    assert only(found, "contact", "contacted", "source_code", "source") == [
        ("901", "2026-03-31T00:00:00", None, "Police"),
        ("902", "2026-04-01T09:30:00", "12", None),
    ]
    assert "mother" not in str(found.states)
    assert rules(found) == [
        (4, None, "repeated-header"),
        (5, None, "row-length"),
        (6, "contact", "required"),
        (7, "person", "required"),
        (8, "contacted", "required"),
        (9, "contacted", "format"),
    ]


def test_a_referral_that_is_open_and_an_assessment_that_was_never_authorised_have_no_end() -> None:
    referrals = taken(
        "ssd-cin-episodes",
        "cine_referral_id,cine_person_id,cine_referral_date,cine_cin_primary_need_code,"
        "cine_referral_source_code,cine_referral_source_desc,cine_referral_outcome_json,"
        "cine_referral_nfa,cine_close_reason,cine_close_date,cine_referral_team,"
        "cine_referral_worker_id\n"
        "5,77,02/04/2026,N1,3,Police,{},N,,,-1,Jo Social Worker\n"
        "6,78,03/04/2026,N4,3,School,{},Y,RC8,20/04/2026,14,Jo Social Worker\n",
    )
    assert only(referrals, "referral", "no_further_action", "closed", "team") == [
        ("5", False, None, None),
        ("6", True, "2026-04-20T00:00:00", "14"),
    ]
    assert "Social Worker" not in str(referrals.states)
    assessments = taken(
        "ssd-cin-assessments",
        "cina_assessment_id,cina_person_id,cina_referral_id,cina_assessment_start_date,"
        "cina_assessment_child_seen,cina_assessment_auth_date,cina_assessment_outcome_json,"
        "cina_assessment_outcome_nfa,cina_assessment_team,cina_assessment_worker_id\n"
        "1,77,5,2026-04-03 00:00:00.000,Y,1900-01-01 00:00:00.000,{},N,-1,-1\n",
    )
    assert only(assessments, "seen", "authorised", "team") == [(True, None, None)]


def test_every_child_is_known_by_a_keyed_hash_and_no_name_or_birthday_is_let_in() -> None:
    children = [each for code, each in CATALOGUE.datasets.items() if code.startswith("ssd-")]
    assert len(children) == 13
    for dataset in children:
        headers = {header for field in dataset.fields for header in field.headers}
        assert not {"pers_forename", "pers_surname", "pers_upn", "pers_dob"} & headers
        people = [field for field in dataset.fields if field.personal == "identifier"]
        assert all(field.pseudonymise for field in people)
        assert people or dataset.code == "ssd-ehcp-assessments"
    found = taken(
        "ssd-persons",
        "pers_legacy_id,pers_person_id,pers_upn,pers_forename,pers_surname,pers_sex,pers_gender,"
        "pers_ethnicity,pers_dob,pers_single_unique_id,pers_upn_unknown,pers_send_flag,"
        "pers_expected_dob,pers_death_date,pers_is_mother,pers_nationality\n"
        "x,77,A12,Kim,Example,F,F,WBRI,01/02/2015,,,Y,,,,GB\n",
    )
    assert len(found.states) == 1
    assert not any(told in str(found.states) for told in ("Kim", "Example", "A12", "2015", "77"))
    contact = taken(
        "ssd-contacts",
        "cont_contact_id,cont_person_id,cont_contact_date,cont_contact_source_code,"
        "cont_contact_source_desc\n1,77,01/04/2026,3,Police\n",
    )
    assert only(contact, "person") == only(found, "person") == [(PSEUDONYMS.of("77"),)]


def test_the_other_tables_of_children_are_read_by_the_names_of_their_scripts() -> None:
    for code, text in {
        "ssd-s47-enquiries": "s47e_s47_enquiry_id,s47e_referral_id,s47e_person_id,"
        "s47e_s47_start_date,s47e_s47_end_date,s47e_s47_nfa\n1,-1,77,01/04/2026,,N\n",
        "ssd-initial-conferences": "icpc_icpc_id,icpc_s47_enquiry_id,icpc_person_id,"
        "icpc_icpc_transfer_in,icpc_icpc_target_date,icpc_icpc_date,icpc_icpc_outcome_cp_flag\n"
        "1,-1,77,N,22/04/2026,22/04/2026 14:00,Y\n",
        "ssd-cp-plans": "cppl_cp_plan_id,cppl_referral_id,cppl_icpc_id,cppl_person_id,"
        "cppl_cp_plan_start_date,cppl_cp_plan_end_date,cppl_cp_plan_ola,"
        "cppl_cp_plan_initial_category,cppl_cp_plan_latest_category\n"
        "1,-1,1,77,22/04/2026,,N,Neglect,Neglect\n",
        "ssd-cp-visits": "cppv_cp_visit_id,cppv_person_id,cppv_cp_plan_id,cppv_cp_visit_date,"
        "cppv_cp_visit_seen,cppv_cp_visit_seen_alone,cppv_cp_visit_bedroom\n"
        "1,77,-1,23/04/2026,Y,N,Y\n",
        "ssd-cla-episodes": "clae_cla_episode_id,clae_person_id,clae_cla_placement_id,"
        "clae_cla_episode_start_date,clae_cla_episode_start_reason,clae_cla_primary_need_code,"
        "clae_cla_episode_ceased_date,clae_cla_episode_ceased_reason,clae_cla_id,"
        "clae_referral_id,clae_cla_last_iro_contact_date,clae_entered_care_date\n"
        "1,77,-1,01/05/2026,Started,N1,,,4,-1,1900-01-01,01/05/2026\n",
        "ssd-cla-visits": "clav_cla_visit_id,clav_cla_id,clav_person_id,clav_cla_visit_date,"
        "clav_cla_visit_seen,clav_cla_visit_seen_alone\n1,4,77,08/05/2026,Y,Y\n",
        "ssd-cla-health": "clah_health_check_id,clah_person_id,clah_health_check_type,"
        "clah_health_check_date,clah_health_check_status\n1,77,Dental,09/05/2026,Completed\n",
        "ssd-ehcp-requests": "ehcr_ehcp_request_id,ehcr_send_table_id,ehcr_ehcp_req_date,"
        "ehcr_ehcp_req_outcome_date,ehcr_ehcp_req_outcome\n1,9,01/04/2026,,SSD_PH\n",
        "ssd-ehcp-assessments": "ehca_ehcp_assessment_id,ehca_ehcp_request_id,"
        "ehca_ehcp_assessment_outcome_date,ehca_ehcp_assessment_outcome,"
        "ehca_ehcp_assessment_exceptions\n1,1,18/08/2026,Y,SSD_PH\n",
    }.items():
        found = taken(code, text)
        assert rules(found) == [], code
        [fields] = kept(found)
        assert not {"-1", "SSD_PH", "1900-01-01T00:00:00"} & set(map(str, fields.values())), code


CLD = (
    "LA Code,LA Name,NHS Number,LA Person Unique Identifier,Date of Birth,Postcode,Client Type,"
    "Primary Support Reason,Event Type,Event Reference,Event Start Date,Event End Date,"
    "Event Outcome,Service Type,Service Component,Delivery Mechanism\n"
)


def test_an_adults_event_that_comes_again_closed_is_the_same_event() -> None:
    start = "214,Council,9434765919,L1,01/02/1940,AB1 2CD,Service User,Learning Disability Support,"
    service = "Service,E7,01/05/2025,{},Provision of service,Long Term Support: Community,,\n"
    first = taken("cld-events", CLD + start + service.format(""))
    later = taken("cld-events", CLD + start + service.format("31/12/2025"))
    assert [subject for subject, _ in first.states] == [subject for subject, _ in later.states]
    assert only(later, "started", "ended", "component") == [("2025-05-01", "2025-12-31", None)]
    assert not any(told in str(first.states) for told in ("9434765919", "1940", "AB1"))


def test_an_adults_event_of_no_known_kind_or_without_a_reference_is_rejected() -> None:
    start = "214,Council,,L1,,,Service User,,"
    found = taken(
        "cld-events",
        CLD + start + "Review,E8,01/05/2025,02/05/2025,No change in package,,,\n"
        + start + "Carer break,E9,01/05/2025,,,,,\n"
        + start + "Request,,2025-05-01,,,,,\n",
    )  # fmt: skip
    assert only(found, "event_type") == [("Review",)]
    assert rules(found) == [(3, "event_type", "choices"), (4, "reference", "required")]


def test_stays_in_temporary_accommodation_belong_to_a_case_and_a_day() -> None:
    found = taken(
        "hclic-temporary-accommodation",
        "Case Reference,Date Entered,Date Left,Accommodation Type,Number of Children,Main Name\n"
        "C1,01/04/2026,,Bed and breakfast,2,Kim Example\n"
        "C1,01/06/2026,01/07/2026,Leased,2,Kim Example\n"
        "C1,01/06/2026,02/07/2026,Leased,2,Kim Example\n"
        "C2,,,Leased,-1,Jo Example\n",
    )
    assert only(found, "entered", "left", "children") == [
        ("2026-04-01", None, 2),
        ("2026-06-01", "2026-07-01", 2),
    ]
    assert rules(found) == [(4, None, "duplicate-key"), (5, "entered", "required")]
    assert "Example" not in str(found.states)


def test_the_sections_of_a_homelessness_case_are_read_one_by_one() -> None:
    for code, text in {
        "hclic-cases": "Case ID,Application Date,Assessment Date,Date Case Closed,Duty Owed\n"
        "C1,01/04/2026,03/04/2026,,Prevention\n",
        "hclic-prevention": "Case ID,Prevention Start Date,Prevention End Date,"
        "Reason Prevention Duty Ended\nC1,03/04/2026,20/05/2026,Secured existing accommodation\n",
        "hclic-relief": "Case ID,Relief Start Date,Relief End Date,Reason Relief Duty Ended\n"
        "C1,20/05/2026,,\n",
        "hclic-final-duties": "Case ID,Date of Decision,Final Duty,Date Duty Ended\n"
        "C1,20/07/2026,Main duty owed,\n",
        "hclic-reviews": "Case ID,Date Review Requested,Date Review Decided,Review Outcome\n"
        "C1,21/07/2026,,\n",
    }.items():
        found = taken(code, text)
        assert (len(found.states), rules(found)) == (1, []), code


def test_absences_have_half_days_and_a_spell_that_goes_on() -> None:
    found = taken(
        "hr-absence-spells",
        "Absence ID,Employee No,Employee Name,Directorate,Start Date,End Date,Working Days Lost,"
        "Reason Group\n"
        "A1,004211,K Example,Place,01-Apr-2026,02-Apr-2026,1.5,Musculoskeletal\n"
        "A2,004212,J Example,Place,01/04/2026,,44,\n"
        "A3,004213,L Example,Place,01/04/2026,,,\n",
    )
    assert only(found, "spell", "started", "ended", "days_lost") == [
        ("A1", "2026-04-01", "2026-04-02", "1.5"),
        ("A2", "2026-04-01", None, "44"),
    ]
    assert rules(found) == [(4, "days_lost", "required")]
    assert "Example" not in str(found.states)
    posts = taken("hr-establishment", 'As At,Directorate,FTE\n30/04/2026,Place,"1,204.35"\n')
    assert only(posts, "month", "fte") == [("2026-04-30", "1204.35")]


def test_a_complaint_at_its_second_stage_is_a_case_again() -> None:
    found = taken(
        "complaint-cases",
        "Case Reference,Stage,Date Received,Date Answered,Service,Complainant,Outcome\n"
        "K1,1,01/04/2026 09:15,10/04/2026 16:00,Waste,Kim Example,Upheld\n"
        "K1,2,01/05/2026,-,Waste,Kim Example,\n"
        "K2,Informal,01/05/2026,,Waste,Jo Example,\n",
    )
    assert only(found, "reference", "stage", "received", "answered") == [
        ("K1", "1", "2026-04-01", "2026-04-10"),
        ("K1", "2", "2026-05-01", None),
    ]
    assert rules(found) == [(4, "stage", "choices")]
    assert "Example" not in str(found.states)


def test_a_request_for_information_counts_from_the_day_that_the_system_says() -> None:
    found = taken(
        "information-requests",
        "Ref,Regime,Clock Start,Response Sent,Department,Requester\n"
        "F1,FOI,01-Apr-2026,30-Apr-2026,Finance,Kim Example\nF2,EIR,31/04/2026,,Place,\n",
    )
    assert only(found, "reference", "law", "received") == [("F1", "FOI", "2026-04-01")]
    assert rules(found) == [(3, "received", "format")]


def test_answers_are_in_time_by_the_day_in_the_file_or_by_working_days() -> None:
    header = "Ref,Stage,Received,Due,Answered,Service\n"
    found = taken(
        "complaint-cases",
        header + "K1,1,01/04/2026,,17/04/2026,Waste\nK2,1,01/04/2026,,20/04/2026,Waste\n"
        "K3,2,01/04/2026,,20/04/2026,Waste\nK4,1,01/04/2026,20/04/2026,20/04/2026,Waste\n"
        "K5,1,01/04/2026,,,Waste\n",
    )
    assert counted("complaints-answered", found) == 4
    assert counted("complaints-answered-in-time", found) == 3


def test_plans_are_decided_within_twenty_weeks_of_the_request_that_they_answer() -> None:
    requests = taken(
        "ssd-ehcp-requests",
        "ehcr_ehcp_request_id,ehcr_send_table_id,ehcr_ehcp_req_date,ehcr_ehcp_req_outcome_date,"
        "ehcr_ehcp_req_outcome\n1,9,01/04/2026,,\n2,8,01/04/2026,,\n",
    )
    decided = taken(
        "ssd-ehcp-assessments",
        "ehca_ehcp_assessment_id,ehca_ehcp_request_id,ehca_ehcp_assessment_outcome_date,"
        "ehca_ehcp_assessment_outcome,ehca_ehcp_assessment_exceptions\n"
        "1,1,19/08/2026,Y,\n2,2,20/08/2026,Y,\n",
    )
    assert counted("ssd-plans-decided", decided, requests) == 2
    assert counted("ssd-plans-decided-in-20-weeks", decided, requests) == 1


def test_a_conference_on_its_last_day_is_in_time_whatever_the_hour() -> None:
    found = taken(
        "ssd-initial-conferences",
        "icpc_icpc_id,icpc_s47_enquiry_id,icpc_person_id,icpc_icpc_transfer_in,"
        "icpc_icpc_target_date,icpc_icpc_date,icpc_icpc_outcome_cp_flag\n"
        "1,5,77,N,22/04/2026,22/04/2026 14:00,Y\n2,6,78,N,22/04/2026,23/04/2026,Y\n",
    )
    assert counted("ssd-conferences-held", found) == 2
    assert counted("ssd-conferences-in-time", found) == 1
