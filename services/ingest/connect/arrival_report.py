"""What lies beside a file that was taken: what became of it, in plain words.

Rule: it names row, field, rule and reason, and repeats no row: what a row says may be about people.
"""

from collections.abc import Iterator
from datetime import datetime

from services.ingest.connect.source import Outcome
from services.ingest.domain.receipt import Receipt, RejectionLine
from services.ingest.domain.refusals import RequestRefused, shown
from shared.catalogue.connectors import Connector
from shared.runtime.clock import LONDON

REPORT = ".report.txt"
MOST = 100


def report(connector: Connector, name: str, outcome: Outcome, when: datetime) -> str:
    """The report of one file."""
    at = when.astimezone(LONDON)
    lines = [
        shown(name),
        f"Read on {at.day} {at:%B %Y at %H:%M} by the connector {connector.title}"
        f" ({connector.code}), for the dataset {connector.dataset}.",
        "",
    ]
    lines += _refused(outcome) if isinstance(outcome, RequestRefused) else _let_in(outcome)
    return "\n".join(lines) + "\n"


def _refused(refused: RequestRefused) -> Iterator[str]:
    yield "The file was refused. Nothing of it was kept."
    yield refused.detail
    for each in refused.problems[:MOST]:
        yield "- " + ": ".join(shown(str(part)) for part in each.values())
    yield ""
    yield "Correct it, and put it into the folder again."


def _let_in(receipt: Receipt) -> Iterator[str]:
    yield f"Batch {receipt.batch}"
    yield f"Rows received: {receipt.received}"
    yield f"Accepted (new or changed): {receipt.accepted}"
    yield f"Unchanged: {receipt.unchanged}"
    yield f"Rejected: {receipt.rejected}"
    if receipt.deleted:
        yield f"Records deleted, since a full extract no longer names them: {receipt.deleted}"
    if not receipt.rejections:
        return
    yield ""
    listed = receipt.rejections[:MOST]
    yield "What is wrong with the rejected rows" + (
        f" (the first {MOST} faults):" if len(listed) == MOST else ":"
    )
    for each in listed:
        yield _told(each)
    yield ""
    yield "Correct these rows, and put a file with them into the folder."


def _told(fault: RejectionLine) -> str:
    where = f"Row {fault.row}" + (f", field {fault.field}" if fault.field else "")
    return f"- {where}, rule {fault.rule}: {fault.reason}"
