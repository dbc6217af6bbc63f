"""The pipeline of procurements to come, with the fields of a UK1 pipeline notice, and as a file.

Rule: a text of a record that a spreadsheet could read as a formula is marked as text; numbers and
days stay as they are. Values are as they were recorded, taken to be without VAT: what they are with
it no record says, so that is left blank.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from decimal import Decimal

from shared.contracts.commissioning import Intention

# What is bought no more, or not from anybody else, and what is settled, has no notice to come.
NOT_BOUGHT = ("Decommission", "Insource")
SETTLED = ("Awarded", "Withdrawn")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class PipelineRow:
    """One procurement. Amounts are pounds and pence, days ISO dates; blank: not recorded."""

    buyer: str
    reference: str
    title: str
    description: str
    value_excluding_vat: str
    value_including_vat: str
    contract_start: str
    contract_end: str
    tender_notice: str
    category: str
    cpv_code: str
    procedure: str
    suitable_for_smes: str
    suitable_for_vcses: str
    contact: str
    service: str
    current_contract: str
    current_contract_expires: str


HEADERS = PipelineRow(
    buyer="Buyer",
    reference="Reference",
    title="Title",
    description="Description",
    value_excluding_vat="Estimated value excluding VAT (GBP)",
    value_including_vat="Estimated value including VAT (GBP)",
    contract_start="Estimated contract start date",
    contract_end="Estimated contract end date",
    tender_notice="Estimated tender notice date",
    category="Main procurement category",
    cpv_code="CPV code",
    procedure="Procedure",
    suitable_for_smes="Suitable for SMEs",
    suitable_for_vcses="Suitable for VCSEs",
    contact="Contact",
    service="Service",
    current_contract="Current contract",
    current_contract_expires="Current contract expires",
)
# These are made here, of numbers and days that were checked at the door.
_NUMBERS = ("value_excluding_vat", "value_including_vat")


def in_pipeline(found: Intention, over: int, first: str, last: str) -> bool:
    """Whether something is to be bought for more than `over` pence, with its tender notice (or its
    start, where no notice is planned) between two days."""
    when = found.notice or found.start
    return (
        found.status not in SETTLED
        and found.option not in NOT_BOUGHT
        and found.value is not None
        and found.value > over
        and first <= when <= last
    )


def pipeline_row(found: Intention, buyer: str, service: str) -> PipelineRow:
    """An intention as a row of the notice."""
    return PipelineRow(
        buyer=buyer,
        reference=found.reference,
        title=found.title,
        description=found.description,
        value_excluding_vat="" if found.value is None else f"{Decimal(found.value) / 100:.2f}",
        value_including_vat="",
        contract_start=found.start,
        contract_end=found.end,
        tender_notice=found.notice,
        category=found.category,
        cpv_code=found.category_code,
        procedure=found.procedure,
        suitable_for_smes=_suits(found.sme),
        suitable_for_vcses=_suits(found.vcse),
        contact=found.lead,
        service=service,
        current_contract=found.contract,
        current_contract_expires=found.contract_expiry,
    )


def _suits(value: bool | None) -> str:
    return "" if value is None else "Yes" if value else "No"


def as_text(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def csv_file(rows: Iterable[PipelineRow]) -> bytes:
    """The rows below one row of headers, in UTF-8."""
    names = tuple(HEADERS.__dataclass_fields__)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(astuple(HEADERS))
    for row in rows:
        cells = zip(names, astuple(row), strict=True)
        writer.writerow([cell if name in _NUMBERS else as_text(cell) for name, cell in cells])
    return text.getvalue().encode()
