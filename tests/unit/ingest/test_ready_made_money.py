"""The ready-made contracts on money, and all of them together as one catalogue."""

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local.system import ROOT
from shared.catalogue.check import check
from shared.catalogue.yaml_files import load_directory
from tests.data import real_file
from tests.unit.ingest.contracts import rules
from tests.unit.ingest.ready_made import CATALOGUE, DOCUMENT, FOLDER, POSITIONS, only, taken

LEDGER = "TransNo,Seq no,Cost Centre,Account,Amount,Period,Trans Date,Text,Supplier ID(T)\n"


def test_all_ready_made_contracts_are_one_catalogue_without_a_problem() -> None:
    assert POSITIONS.problems == []
    assert check(DOCUMENT, POSITIONS) == []


def listed() -> dict[str, list[str]]:
    """The files that the page lists, each with its datasets."""
    page = (ROOT / "docs" / "contracts-ready-made.md").read_text("utf-8")
    rows = [line.split("|") for line in page.splitlines()]
    return {
        cells[2].strip(" `"): [each.strip(" `") for each in cells[3].split(",")]
        for cells in rows
        if len(cells) == 7 and ".yml" in cells[2]
    }


def systems() -> dict[str, list[str]]:
    """Those of councils' own systems: national sources say what they are by themselves."""
    national = ("lg-inform", "ons-", "fingertips", "nomis")
    return {
        name: codes
        for name, codes in listed().items()
        if not name.startswith((*national, "spending"))
    }


def test_each_file_says_what_its_columns_were_taken_from_and_is_a_catalogue_of_its_own(
    tmp_path: Path,
) -> None:
    for name in listed():
        text = (FOLDER / name).read_text("utf-8")
        alone = tmp_path / name
        alone.mkdir()
        (alone / name).write_text(text, "utf-8")
        assert check(*load_directory(alone)) == [], name
        if name in systems():
            assert "# Columns: " in text, name
            assert "# Quirks: " in text, name


def test_each_file_of_a_system_has_measures_to_begin_with() -> None:
    counted = {measure.dataset for measure in CATALOGUE.measures.values()}
    for name, codes in systems().items():
        assert set(codes) & counted, name


def test_the_page_on_ready_made_contracts_names_every_file_and_its_datasets() -> None:
    page = (ROOT / "docs" / "contracts-ready-made.md").read_text("utf-8")
    assert len(systems()) == 14
    for path in FOLDER.glob("*.yml"):
        assert f"`{path.name}`" in page, path.name
    for name, codes in listed().items():
        document = yaml.safe_load((FOLDER / name).read_text("utf-8"))
        assert codes == [each["code"] for each in document["datasets"]]


@pytest.mark.parametrize(
    ("code", "role"), [("ledger-transactions", "posting"), ("contracts-register", "contract")]
)
def test_beside_accounts_a_contract_may_have_the_role_that_its_file_tells(
    code: str, role: str
) -> None:
    document: dict[str, Any] = copy.deepcopy(DOCUMENT)
    sample = ROOT / "deploy" / "sample" / "catalogue" / "ledger.yml"
    document["accounts"] = yaml.safe_load(sample.read_text("utf-8"))["accounts"]
    [dataset] = [each for each in document["datasets"] if each["code"] == code]
    dataset["role"] = role
    assert check(document) == []
    assert any(f"# role: {role}\n" in path.read_text("utf-8") for path in FOLDER.glob("*.yml"))


def test_ledger_periods_begin_in_april_and_credits_are_negative_however_written() -> None:
    found = taken(
        "ledger-transactions",
        LEDGER + '70001,1,A100,1010,"1,250.00",202201,02/04/2022,Pay,\n'
        "70001,2,A100,1010,(5.00),202205,02/08/2022,Refund,Acme\n"
        "70002,1,A100,9010,5.00-,202213,31/03/2023,Accrual,\n"
        "70003,1,A100,9010,5.00CR,2022-23 P12,31-Mar-2023,,\n",
    )
    assert rules(found) == []
    assert only(found, "amount", "period", "date") == [
        ("1250.00", "2022-23-P01", "2022-04-02"),
        ("-5.00", "2022-23-P05", "2022-08-02"),
        ("-5.00", "2022-23-P13", "2023-03-31"),
        ("-5.00", "2022-23-P12", "2023-03-31"),
    ]


def test_an_opening_balance_two_signs_and_a_line_twice_are_rejected() -> None:
    found = taken(
        "ledger-transactions",
        LEDGER + "70001,1,A100,1010,10.00,202200,01/04/2022,Opening,\n"
        "70002,1,A100,1010,-5.00CR,202201,02/04/2022,,\n"
        "70003,1,A100,1010,5.00,202201,02/04/2022,,\n"
        "70003,1,A100,1010,6.00,202201,02/04/2022,,\n"
        "70004,1,A100,1010,5.005,202214,02/04/2022,,\n",
    )
    assert rules(found) == [
        (2, "period", "period"),
        (3, "amount", "type"),
        (5, None, "duplicate-key"),
        (6, "amount", "type"),
        (6, "period", "period"),
    ]
    assert only(found, "transaction") == [("70003",)]


def test_card_transactions_as_published_go_in_whole_and_to_the_penny() -> None:
    found = taken(
        "purchase-card-transactions",
        real_file("trafford/gpc_transactions_2024-25.csv").read_bytes(),
    )
    assert (found.received, found.rejected, len(found.states)) == (8_134, 0, 8_134)
    total = sum(Decimal(amount) for (amount,) in only(found, "amount"))
    assert total == Decimal("2150144.20")


def test_a_refund_and_the_same_purchase_twice_are_three_rows() -> None:
    found = taken(
        "purchase-card-transactions",
        "Department,Merchant Name,Transaction Date,Amount (£),Merchant Category,MCC,Card Holder\n"
        "Parks,Acme,02/03/2026,12.50,Trees,0780,K Example\n"
        "Parks,Acme,02/03/2026,12.50,Trees,0780,K Example\n"
        "Parks,Acme,05/03/2026,-£12.50,Trees,0780,K Example\n"
        "Parks,Acme,05/03/2026,$12.50,Trees,0780,K Example\n",
    )
    assert only(found, "amount", "merchant_code") == [
        ("12.50", "0780"),
        ("12.50", "0780"),
        ("-12.50", "0780"),
    ]
    assert len({subject for subject, _ in found.states}) == 3
    assert rules(found) == [(5, "amount", "type")]
    assert "Example" not in str(found.states)


def test_a_contract_keeps_its_extensions_as_written_and_its_companys_leading_nought() -> None:
    found = taken(
        "contracts-register",
        "Directorate Name,Process Used,Purchasing Body,Contract Reference,Title,Description,"
        "Supplier,Postcode,Annual Value,Total Contract Value (including extensions),OJEU/FTS?,"
        "Start,End,Duration (months),Option to extend (months),Extension 1 Taken?,"
        "Current Expiry Date,SME?,ProClass code,Company Number\n"
        'Place,ITT,Council,C1,Trees,Tree care,Acme,AB1 2CD,"£12,000","£48,000",Yes,01/04/2026,'
        "31/03/2029,36,12+12,No,,Y,271100,01234567\n"
        "Place,RFQ,Council,C2,Mowing,,Acme,,N/A,-,No,01/04/2026,,36,,,,,,SC123456\n"
        "Place,RFQ,Council,C3,Mowing,,Acme,,-1,5,No,01/04/2026,31/03/2027,12,,,,,,SC123456\n",
    )
    assert only(found, "reference", "total_value", "extension_months", "company_number", "sme") == [
        ("C1", "48000.00", "12+12", "01234567", True)
    ]
    assert rules(found) == [(3, "end", "required"), (4, "annual_value", "minimum")]


def test_collection_is_by_tax_year_of_debit_and_month() -> None:
    found = taken(
        "tax-collection",
        "Charge Type,Financial Year,Month End,Net Collectable Debit,Net Receipts\n"
        'Council tax,2026/27,30/04/2026,"£130,000,000.00","£13,000,000.00"\n'
        "Council tax,2025/26,30/04/2026,128000000,(1250.00)\n"
        "Council tax,2026/28,30/04/2026,1,1\nCTAX,2026/27,30/04/2026,1,1\n",
    )
    assert only(found, "year", "as_at", "collected") == [
        ("2026-27", "2026-04-30", "13000000.00"),
        ("2025-26", "2026-04-30", "-1250.00"),
    ]
    assert rules(found) == [(4, "year", "type"), (5, "tax", "choices")]
