"""Opens what came, whatever it is: a CSV file, a workbook, an OCDS package, rows that were fetched.

Rule: what a file is, its bytes say; its name is only shown.
"""

from typing import BinaryIO, Literal

from services.ingest.domain.contract import Contract
from services.ingest.domain.csv_file import open_csv
from services.ingest.domain.ocds import looks_like_json, open_ocds
from services.ingest.domain.refusals import RequestRefused
from services.ingest.domain.row_file import open_rows
from services.ingest.domain.table import Table
from services.ingest.workbook.reading import open_workbook

# `file`: as the world wrote it. `rows`: as a connector wrote down what it fetched.
Form = Literal["file", "rows"]

WORKBOOK = b"PK\x03\x04"
SEND_INSTEAD = "Send a workbook (.xlsx or .ods) or CSV (UTF-8)."
# What is sent by mistake, by what it begins with.
OTHERS = {
    b"\xd0\xcf\x11\xe0": "This is an Excel file of the old kind (.xls), or one that is locked with"
    " a password. Save it as an Excel workbook (.xlsx) without a password.",
    b"%PDF": f"This is a PDF, which holds no table that can be read. {SEND_INSTEAD}",
    b"\x7fELF": f"This is a program. {SEND_INSTEAD}",
    b"\x1f\x8b": f"The file is compressed. {SEND_INSTEAD}",
    b"7z\xbc\xaf": f"This is an archive. {SEND_INSTEAD}",
    b"Rar!": f"This is an archive. {SEND_INSTEAD}",
    b"PK\x05\x06": f"This is an empty archive. {SEND_INSTEAD}",
}


def open_table(
    source: BinaryIO, contract: Contract, name: str, form: Form = "file", sheet: str | None = None
) -> Table:
    """The rows of what came; `name` is what its sender calls it, for the log, and `sheet` names one
    of a workbook's. Raises RequestRefused."""
    source.seek(0)
    if form == "rows":
        return open_rows(source, contract)
    if looks_like_json(source):
        return open_ocds(source, contract)
    start = source.read(4)
    source.seek(0)
    if start == WORKBOOK:
        return open_workbook(source, contract, name, sheet)
    for begins, refusal in OTHERS.items():
        if start.startswith(begins):
            raise RequestRefused(415, refusal)
    return open_csv(source, contract)
