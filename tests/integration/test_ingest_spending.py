"""Spending as councils publish it: one contract, whatever the columns are called."""

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import yaml

from deploy.local.system import ROOT
from tests.data import real_file
from tests.integration.ingest_service import Ingest, counts, problem, running

SPENDING: dict[str, Any] = yaml.safe_load(
    (ROOT / "deploy" / "contracts" / "spending.yml").read_text("utf-8")
)
WITHHELD = "REDACTED PERSONAL DATA"
# Header rows as they are published, over rows that are made up.
ZOO = {
    "the layout of the Transparency Code": (
        "OrganisationLabel,OrganisationURI,EffectiveDate,OrganisationalUnit,BeneficiaryName,"
        "PaymentDate,Amount,IrrecoverableVATAmount,Purpose,CategoryInternalName,"
        "MerchantCategoryCode,CardTransaction\n"
        'A,http://a,31/03/2026,Parks,Acme,02/03/2026,"1,250.00",0.00,Trees,Premises,5261,GPC\n',
        {"irrecoverable_vat": "0.00", "merchant_code": "5261", "card": "GPC"},
    ),
    "Leeds": (
        "Body,BodyName,ServiceLabel,ServiceDivisionLabel,ExpenditureCategory,"
        "DetailedExpenditureType,DetailedExpenditureCode,DatePaid,TransactionNumber,NetAmount,"
        "CapitalOrRevenue,SupplierName\n"
        "B,City,Parks,Grounds,Premises,Trees,1,02/03/2026,T9,1250.00,Revenue,Acme\n",
        {"transaction": "T9", "capital_or_revenue": "Revenue"},
    ),
    "Calderdale": (
        "Body,Body Name,Date,Transaction number,Invoice Number,Amount,Supplier Name,Supplier ID,"
        "VAT Registration Number,Expense Area,Expense Type,Expense Code,BVACOP,Proclass,"
        "Extended Description,SOURCE,SUBSOURCE,Definition,Explanation,VCSE supplier\n"
        "http://b,Borough,2026-03-02,T9,INV-1,1250.00,Acme,S1,,Parks,Premises,1,,271100,Trees,IV,"
        "AP,Accounts Payable,Payment,No\n",
        {"transaction": "T9", "invoice": "INV-1", "merchant_code": "271100"},
    ),
    "North Tyneside": (
        "Payment Date,Transaction Number,Amount,Supplier (Beneficiary) Name,"
        "Local Supplier Internal Reference,Directorate / Service Where Expenditure Incurred,"
        "Service Category Label,Service Category URI,SeRCOP Expenditure Category,"
        "SeRCOP Expenditure Code,Purpose of Spend,SeRCOP Detailed Expenditure Code,"
        "Capital/Revenue,Classification\n"
        "02/03/2026,T9,£1250.00,Acme,3,Parks,Cultural,109,Premises,502,Trees,5034,Revenue,27\n",
        {"transaction": "T9", "capital_or_revenue": "Revenue"},
    ),
    "Newcastle, under a title": (
        "City Council Invoices over £250 paid in March 2026,,,,,,,,,\n,,,,,,,,,\n"
        "Directorate,Service Area,Group Description,Paid Date,Supplier Name,Internal Ref,Cap/Rev,"
        "Cost Centre,Cost Centre Name,Total\n"
        "Parks,Grounds     ,Premises,02-Mar-2026,Acme,T9,Revenue,P1,Trees,1250.00\n",
        {"transaction": "T9", "capital_or_revenue": "Revenue"},
    ),
    "Gateshead, with the system's own names": (
        "Strgrpcc(T),Cipfsubj(T),Cipfsubs(T),TransNo,Seq no,Period,Supplier ID(T),Amount,Updated\n"
        "Parks,Premises,Trees,T9,15,202512,Acme,1250.00,02/03/2026\n",
        {"transaction": "T9"},
    ),
    "Gateshead, in other years, with commas behind": (
        "Nstrg(T),Cipfsubj(T),Cipfsubs(T),TransNo,Period,Apar(T),Amount,Date,,\n"
        "Parks,Premises,Trees,T9,202512,Acme,1250.00,02/03/2026,,\n",
        {"transaction": "T9"},
    ),
    "Darlington, under the text of a query": (
        '"sql select t.apar_id, t.amount, d.apar_name, a.description as accdesc",,,,,,,\n'
        + "sql inner join aglaccounts a on t.account = a.account,,,,,,,\n" * 12
        + "\"sql and t.account not in ('XX01','XX22')\",,,,,,,\nquery,,,,,,,\n"
        ",,Borough Council - Analysis of Transactions Over £500,,,,,\n,,Mar-26,,,,,\n,,,,,,,\n"
        ",,,,,,,\ncolumns,,text description,date,apar_name,amount,accdesc,category\n"
        ",,Directotate,Date,Supplier,Invoice Line Value (net of VAT),Account,Category\n"
        'INSERTED DETAIL,,Parks,02/03/2026,Acme,"1,250.00",Trees,Premises\n',
        {},
    ),
}


@pytest.fixture
def ingest(store_url: str) -> Iterator[Ingest]:
    with running(store_url) as started:
        response = started.apply(SPENDING)
        assert response.status_code == 200, response.text
        yield started


@pytest.mark.parametrize("council", ZOO)
def test_spending_is_read_by_one_contract_whatever_its_columns_are_called(
    ingest: Ingest, council: str
) -> None:
    sent, more = ZOO[council]
    assert counts(ingest.upload(sent, "spending")) == (1, 0, 0, 0)
    [fields] = ingest.records().values()
    wanted = {
        "unit": "Parks", "supplier": "Acme", "paid": "2026-03-02", "amount": "1250.00",
        "purpose": "Trees", "category": "Premises",
    } | more  # fmt: skip
    assert {name: value for name, value in fields.items() if value is not None} == wanted


def test_a_table_that_does_not_say_when_is_refused_and_not_dated_by_guessing(
    ingest: Ingest,
) -> None:
    sent = ZOO["Darlington, under the text of a query"][0].replace(",Date,Supp", ",Service,Supp")
    found = problem(ingest.upload(sent, "spending"), 422)
    assert "The column for paid is missing." in found["detail"]
    assert ingest.records() == {}


def test_a_name_that_is_withheld_stays_as_it_stands(ingest: Ingest) -> None:
    sent = f"Unit,Supplier,Paid,Amount\nParks,{WITHHELD},2026-03-02,5\n"
    assert counts(ingest.upload(sent, "spending")) == (1, 0, 0, 0)
    [fields] = ingest.records().values()
    assert fields["supplier"] == WITHHELD


def test_card_payments_as_published_go_in_whole_and_to_the_penny(ingest: Ingest) -> None:
    path = real_file("trafford/gpc_transactions_2024-25.csv")
    raw = path.read_bytes()
    assert counts(ingest.upload(raw, "spending")) == (8_134, 0, 0, 0)
    assert counts(ingest.upload(raw, "spending")) == (0, 8_134, 0, 0)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    records = list(ingest.records().values())
    assert Counter(_told(each) for each in records) == Counter(
        (
            row["OrganisationalUnit"],
            row["BeneficiaryName"],
            row["PaymentDate"],
            Decimal(row["Amount"]),
            row["Purpose"],
            row["CategoryInternalName"],
            row["MerchantCategoryCode"],
            row["CardTransaction"],
        )
        for row in rows
    )
    total = sum(Decimal(each["amount"]) for each in records)
    assert total == sum(Decimal(row["Amount"]) for row in rows)
    assert total > 0

    # Withheld afterwards, every name is one that stands there; nothing else has changed.
    withheld = raw.replace(b"Ralph Livesey Ltd,", f"{WITHHELD},".encode())
    assert withheld.count(WITHHELD.encode()) == 1_994
    assert counts(ingest.upload(withheld, "spending", mode="full")) == (1_994, 6_140, 0, 1_994)
    assert Counter(each["supplier"] for each in ingest.records().values())[WITHHELD] == 1_994


def _told(fields: dict[str, Any]) -> tuple[Any, ...]:
    names = ("purpose", "category", "merchant_code", "card")
    return (
        *(fields[name] for name in ("unit", "supplier", "paid")),
        Decimal(fields["amount"]),
        *(fields[name] for name in names),
    )
