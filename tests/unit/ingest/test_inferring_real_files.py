"""What is proposed for files that councils publish, and that each goes in whole by it."""

from tests.data import real_file
from tests.unit.ingest.proposing import Told, loaded, proposal


def of(name: str) -> tuple[Told, bytes]:
    path = real_file(name)
    raw = path.read_bytes()
    return proposal(raw, path.name), raw


def test_uniform_requests_have_their_reference_days_and_doubts() -> None:
    told, raw = of("banes/environmental_protection_service_requests.csv")
    assert told.types == {
        "ref": "text",
        "kind": "text",
        "type": "text",
        "status": "text",
        "received_date": "datetime",
        "closed_date": "datetime",
        "received_how": "text",
        "received_where": "text",
        "location": "text",
        "latitude": "decimal",
        "longitude": "decimal",
        "ward": "integer",
        "lower_layer_super_output_areas_lsoa": "integer",
        "output_areas_oa": "integer",
        "middle_layer_super_output_areas_msoa": "integer",
        "boundary": "integer",
    }
    assert told.dataset.key == ["ref"]
    assert told.field("received_date").formats == ["%d/%m/%Y %I:%M:%S %p"]
    assert "Response Target Passed" in told.field("status").choices
    for words in (
        "2,933 can only have the day first",
        "4,909 of 4,924 times are midnight: perhaps they are days",
        "76 blank",
        "385 blank",
        "a place can be somebody's home",
        "'1' in every row that is not blank: is it needed?",
    ):
        assert words in told.unsure, words
    found = loaded(raw, told)
    assert (found.received, found.rejected) == (5_000, 0)


def test_card_transactions_have_no_key_and_constant_columns() -> None:
    told, raw = of("trafford/gpc_transactions_2024-25.csv")
    assert told.types == {
        "organisation_label": "text",
        "organisation_uri": "text",
        "effective_date": "date",
        "organisational_unit": "text",
        "beneficiary_name": "text",
        "payment_date": "date",
        "amount": "money",
        "irrecoverable_vat_amount": "money",
        "purpose": "text",
        "category_internal_name": "text",
        "merchant_category_code": "text",
        "card_transaction": "text",
    }
    assert told.dataset.key == "content"
    assert told.field("beneficiary_name").choices == []
    for words in (
        "'GPC' in every row",
        "digits, but a reference by the heading",
        "a supplier can be one person in business",
        "equal rows are separate records",
    ):
        assert words in told.unsure, words
    assert loaded(raw, told).rejected == 0


def test_prompt_payment_is_by_financial_year_though_eight_rows_prove_little() -> None:
    told, raw = of("trafford/prompt_payment.csv")
    assert told.dataset.key == ["financial_year"]
    assert told.types["financial_year"] == "financial-year"
    assert told.types["proportion_paid_on_time"] == "decimal"
    assert told.types["liable_interest"] == "money"
    assert told.types["number_not_paid_on_time"] == "integer"
    assert "8 rows prove little" in told.unsure
    assert loaded(raw, told).rejected == 0


def test_areas_are_told_by_their_codes() -> None:
    told, raw = of("trafford/cipfa_nearest_neighbours_2024.csv")
    assert (told.dataset.key, told.types) == (
        ["area_code"],
        {"area_code": "text", "area_name": "text"},
    )
    assert "codes of the Office for National Statistics" in told.unsure
    assert loaded(raw, told).rejected == 0


def test_a_series_by_area_is_known_by_area_period_and_measure() -> None:
    told, raw = of("trafford/theme_children_offending.csv")
    assert told.dataset.key == ["area_code", "period", "measure"]
    assert told.types["period"] == "financial-year"
    assert told.field("inequality").null_markers == ["NA"]
    assert loaded(raw, told).rejected == 0
    health, raw = of("trafford/theme_nhs_health_checks.csv")
    assert health.dataset.key == ["area_code", "period"]
    assert health.types["period"] == "text"
    assert health.field("compared_to_england").choices == [
        "Better",
        "Not compared",
        "Similar",
        "Worse",
    ]
    assert loaded(raw, health).rejected == 0


def test_contacts_need_three_columns_to_be_told_apart() -> None:
    told, raw = of("banes/contact_to_the_council_2014.csv")
    assert told.dataset.key == ["title", "contact_type", "month_number"]
    assert told.types["month_number"] == "integer"
    assert "utf-8-sig" in told.text
    assert loaded(raw, told).rejected == 0


def test_a_table_that_goes_across_is_told_to_be_one() -> None:
    told, raw = of("banes/library_visitors_2013_14.csv")
    assert "18 headings are months, quarters or years (Apr-13 to Sep-14)" in told.unsure
    assert told.dataset.key == ["library"]
    assert loaded(raw, told).rejected == 0


def test_totals_at_the_end_of_a_published_table_are_found() -> None:
    told, _ = of("banes/council_tax_support_claimants_2015_lsoa.csv")
    assert "4 row(s) from row 462 on look like a footer" in told.unsure
    assert told.dataset.key == ["lsoa", "cts_type"]
    assert "78 blank" in told.unsure
