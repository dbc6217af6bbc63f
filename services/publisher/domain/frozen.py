"""What a frozen quarter holds, and the hash by which anybody can check that it still does.

Rule: the listing is canonical. Each entry is one line, the JSON array of topic, subject, version
and body (the state's own text); its mark is the SHA-256 of that line in UTF-8. The report's hash is
that of all marks, in the order of (topic, subject), each followed by a newline. So whoever may not
read an entry can still check the whole, by its mark.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

import msgspec

from services.publisher.domain import words
from services.publisher.domain.review_words import is_private
from shared.catalogue.periods import year_of
from shared.contracts.topics import CATALOGUE, CONTRACTS, FINANCE, INDICATORS, RISKS
from shared.review.about import Quarter, read_quarter

# In the order of the listing.
TOPICS = (CATALOGUE, CONTRACTS, FINANCE, INDICATORS, RISKS)
_encode = msgspec.json.Encoder().encode


class Entry(NamedTuple):
    """One state as it was reported."""

    topic: str
    subject: str
    version: int
    time: str
    body: bytes

    @property
    def is_private(self) -> bool:
        """Whether only somebody who is signed in may read it."""
        if self.topic == CATALOGUE:
            return self.subject.startswith("person/")
        return self.topic == RISKS and is_private(self.subject)


class Digest:
    """The hash of a listing, taken up entry by entry."""

    def __init__(self) -> None:
        self._all = sha256()
        self.counts: dict[str, int] = {}

    def add(self, entry: Entry) -> str:
        """Takes up the next entry; answers with its mark."""
        mark = mark_of(entry)
        self._all.update(f"{mark}\n".encode())
        self.counts[entry.topic] = self.counts.get(entry.topic, 0) + 1
        return mark

    def value(self) -> str:
        """The hash of what was taken up."""
        return self._all.hexdigest()


def mark_of(entry: Entry) -> str:
    """The SHA-256 of an entry's line."""
    line = [entry.topic, entry.subject, entry.version, entry.body.decode("utf-8", "replace")]
    return sha256(_encode(line)).hexdigest()


def digest_of(entries: Iterable[Entry]) -> Digest:
    """The hash of entries, which come in the order of the listing."""
    found = Digest()
    for entry in entries:
        found.add(entry)
    return found


def reported_from(quarter: Quarter) -> str:
    """The first day of the same quarter a year before: what a report compares with."""
    return f"{int(quarter.start[:4]) - 1}{quarter.start[4:]}"


def prefixes(topic: str, quarter: Quarter) -> tuple[str, ...]:
    """Where the states of a topic that a quarter's report holds begin, in order. Those of
    indicators are found by their periods."""
    year = quarter.year
    if topic == FINANCE:
        return (
            f"cost-centre/{year}/",
            f"position/as-is/{year}/",
            f"position/as-was/{year}/",
            "reconciliation/",
            f"reserve/{year}/",
            f"saving/{year}/",
            "scheme/",
            "spend/",
            "virement/",
        )
    if topic == RISKS:
        return ("action/", "challenge/", "cycle/", "project/", f"review/{quarter.code}/", "risk/")
    return () if topic == INDICATORS else ("",)


def in_scope(subject: str, body: bytes, quarter: Quarter) -> bool:
    """Whether a state that begins as it should belongs to a quarter's report."""
    kind, _, rest = subject.partition("/")
    if kind == "spend":
        return _year_of_month(rest.rpartition("/")[2]) == quarter.year
    if kind in ("virement", "reconciliation"):
        return _decode_year(body).year == quarter.year
    if kind == "challenge":
        return _decode_period(body).period == quarter.code
    return kind != "cycle" or rest == quarter.code


class _OfYear(msgspec.Struct, gc=False):
    year: str = ""


class _OfPeriod(msgspec.Struct, gc=False):
    period: str = ""


_decode_year = msgspec.json.Decoder(_OfYear).decode
_decode_period = msgspec.json.Decoder(_OfPeriod).decode


def _year_of_month(month: str) -> str:
    try:
        return year_of(month)
    except ValueError:
        return ""


def quarter_in(subject: str) -> Quarter | None:
    """The quarter whose cycle a subject is."""
    kind, _, code = subject.partition("/")
    return read_quarter(code) if kind == "cycle" else None


def is_younger(born: str, frozen: str) -> bool:
    """Whether a store came into being after a quarter was frozen. An old one (born empty) saw it,
    and so did one of which it cannot be said."""
    store, quarter = words.instant(born), words.instant(frozen)
    return store is not None and quarter is not None and store > quarter
