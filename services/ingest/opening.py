"""Opens what came, whatever it is: a CSV file, a workbook, an OCDS package, rows that were fetched.

Rule: what a file is, its bytes say; its name is only shown.
"""

from typing import BinaryIO, Literal

from services.ingest.domain.contract import Contract
from services.ingest.domain.csv_file import open_csv
from services.ingest.domain.ocds import looks_like_json, open_ocds
from services.ingest.domain.row_file import open_rows
from services.ingest.domain.table import Table

# `file`: as the world wrote it. `rows`: as a connector wrote down what it fetched.
Form = Literal["file", "rows"]


def open_table(
    source: BinaryIO, contract: Contract, name: str, form: Form = "file", sheet: str | None = None
) -> Table:
    """The rows of what came. `sheet` names one of a workbook's. Raises RequestRefused."""
    source.seek(0)
    if form == "rows":
        return open_rows(source, contract)
    if looks_like_json(source):
        return open_ocds(source, contract)
    return open_csv(source, contract, name)
