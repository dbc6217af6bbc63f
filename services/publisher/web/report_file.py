"""A report to take along: every entry with its mark, so that anybody can check the whole.

Rule: what is not for everybody is withheld from whoever is not signed in, but its mark is there, so
the hash can still be checked; of a review, what its voices say is given beside.
"""

from collections.abc import Iterator

import msgspec

from services.publisher.domain.frozen import Digest, Entry
from services.publisher.domain.review_words import public
from services.publisher.reading_reports import quarter_named
from services.publisher.readmodel import Snapshot
from services.publisher.store import frozen
from shared.runtime.problems import Problem

CHECK = (
    "An entry's mark is the SHA-256 of the JSON array [topic, subject, version, body] without "
    "spaces, in UTF-8. The report's sha256 is that of all marks in their order, each followed by a "
    "newline."
)
_encode = msgspec.json.Encoder().encode


def report_file(view: Snapshot, period: str, *, signed_in: bool) -> bytes:
    """The file of a report, as JSON. Raises Problem 404 where this store holds none."""
    quarter = quarter_named(period)
    report = frozen.report(view.tx, quarter.code)
    if report is None:
        raise Problem(404, f"This store holds no report of {quarter.code}.")
    digest = Digest()
    listed = list(_listed(frozen.entries(view.tx, quarter.code), digest, signed_in=signed_in))
    intact = digest.value() == report.sha256 and digest.counts == dict(report.counts)
    head = {**report._asdict(), "intact": intact, "check": CHECK, "whole": signed_in}
    return b'{"report":' + _encode(head) + b',"entries":[\n' + b",\n".join(listed) + b"\n]}\n"


def _listed(entries: Iterator[Entry], digest: Digest, *, signed_in: bool) -> Iterator[bytes]:
    for entry in entries:
        mark = digest.add(entry)
        if signed_in or not entry.is_private:
            yield _encode(
                {
                    "mark": mark,
                    "topic": entry.topic,
                    "subject": entry.subject,
                    "version": entry.version,
                    "time": entry.time,
                    "body": entry.body.decode("utf-8", "replace"),
                }
            )
            continue
        left = public(entry.subject, entry.body)
        shown = {} if left is None else {"public": msgspec.Raw(left)}
        yield _encode({"mark": mark, "withheld": True, **shown})
