"""Contracts and files for the tests of ingest."""

import io
from typing import Any

import msgspec

from services.ingest.domain.contract import Contract
from services.ingest.domain.csv_file import open_csv
from services.ingest.domain.intake import FileIntake, Prepared
from services.ingest.domain.judging import Judging
from services.ingest.domain.table import Table
from shared.catalogue.model import Dataset

REQUESTS: dict[str, Any] = {
    "code": "requests",
    "title": "Service requests",
    "key": ["ref"],
    "null_markers": ["", "-1"],
    "fields": [
        {"name": "ref", "headers": ["Ref", "Reference No"], "type": "text", "max_length": 10},
        {"name": "received", "headers": ["ReceivedDate"], "type": "date",
         "formats": ["%d/%m/%Y"], "required": True},
        {"name": "amount", "type": "money"},
        {"name": "visits", "type": "integer", "minimum": 0, "maximum": 99},
        {"name": "ward", "headers": ["Ward"], "type": "text"},
    ],
}  # fmt: skip
HEADER = "Ref,ReceivedDate,Amount,Visits,Ward"
GOOD = "a1,31/01/2026,12.50,3,27"


def contract(**changes: Any) -> Contract:
    """The contract of service requests, with changes."""
    return Contract(msgspec.convert({**REQUESTS, **changes}, Dataset, strict=False))


def one_field(**field: Any) -> Contract:
    """A contract whose one field beside its key is `value`."""
    fields = [{"name": "ref", "type": "text"}, {"name": "value", **field}]
    return contract(fields=fields, null_markers=[""])


def opened(text: str | bytes, of: Contract | None = None) -> Table:
    """A file with this content."""
    raw = text if isinstance(text, bytes) else text.encode()
    return open_csv(io.BytesIO(raw), of or contract())


def checked(text: str | bytes, of: Contract | None = None) -> Prepared:
    """What a file with this content comes to."""
    of = of or contract()
    file = opened(text, of)
    intake = FileIntake(of, file.columns)
    prepared = intake.check(file.lines)
    intake.settle()
    return Judging(intake).judge(prepared)


def rules(prepared: Prepared) -> list[tuple[int, str | None, str]]:
    """Each rejection as (row, field, rule)."""
    return [(each.row, each.field, each.rule) for each in prepared.rejections]
