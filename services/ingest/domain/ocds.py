"""Contracts published as OCDS 1.1: a package of releases or records in, rows of a register out.

Rule: one row for each contract, or for each award that no contract follows, as its newest release
has it; what that leaves out is as an earlier release of the package has it. Only what the package
says is filled in; a value that is not in pounds, or a day that is missing, is for the register's
own contract to refuse, and what came to nothing is refused here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, BinaryIO, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from services.ingest.domain.contract import Contract
from services.ingest.domain.refusals import Fault, RequestRefused, RowRefused, row_fault, shown
from services.ingest.domain.table import Line, Table

LONDON = ZoneInfo("Europe/London")
# It is held whole while it is read, as a request of records is.
MOST_BYTES = 16 * 1024 * 1024
NOT_JSON = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
# An exponent is legal JSON; one that would write a thousand zeros is not a figure.
MOST_DIGITS = 40
OLDEST = datetime.min.replace(tzinfo=UTC)
CAME_TO_NOTHING = frozenset({"cancelled", "unsuccessful"})
SMALL = frozenset({"sme", "micro", "small", "medium"})

Json = Mapping[str, Any]

_decode = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode


class Told(NamedTuple):
    """A thing of a process as it is told so far, and which release told of it last."""

    number: int
    body: Json


@dataclass(slots=True)
class Process:
    """What the releases of one contracting process say, the newest last."""

    ocid: str
    tender: Json = field(default_factory=dict)
    parties: dict[str, Told] = field(default_factory=dict)
    awards: dict[str, Told] = field(default_factory=dict)
    contracts: dict[str, Told] = field(default_factory=dict)

    def hear(self, number: int, release: Json) -> None:
        """Takes in one more release."""
        self.tender = {**self.tender, **_part(release, "tender")}
        for name, known in (
            ("parties", self.parties), ("awards", self.awards), ("contracts", self.contracts)
        ):  # fmt: skip
            for at, each in enumerate(_list(release, name)):
                # Without an id it is nothing that was told of before.
                key = _text(each, "id") or f"\0{number}.{at}"
                before = known[key].body if key in known else {}
                known[key] = Told(number, {**before, **each})


def looks_like_json(source: BinaryIO) -> bool:
    """Whether a file begins as a JSON object does."""
    source.seek(0)
    start = source.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    source.seek(0)
    return start.startswith(b"{")


def open_ocds(source: BinaryIO, contract: Contract) -> Table:
    """The package as a file of rows. Raises RequestRefused for what is no package."""
    if contract.dataset.role != "contract":
        raise RequestRefused(
            415, "Only a dataset whose role is contract takes JSON (OCDS) as a file."
        )
    body = source.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise RequestRefused(
            413, f"A package has at most {MOST_BYTES // 2**20} MiB. Send it as several."
        )
    try:
        package = _decode(body.removeprefix(b"\xef\xbb\xbf"))
    except NOT_JSON as error:
        raise _unreadable(f"It is not JSON: {error}.") from None
    names = [field.name for field in contract.dataset.fields]
    lines = _lines(list(_releases(package)), names)
    columns = contract.columns({name: at for at, name in enumerate(names)})
    return Table(sha256(body).hexdigest(), "ocds", columns, lines=lines, partial=True)


def _releases(package: Json) -> Iterator[Any]:
    """Every release of a package, also of its records."""
    found = package.get("releases")
    records = package.get("records")
    if not isinstance(found, list) and not isinstance(records, list):
        raise _unreadable("An OCDS package has a list of releases, or of records.")
    yield from found if isinstance(found, list) else ()
    for record in records if isinstance(records, list) else ():
        if not isinstance(record, dict):
            yield record
            continue
        compiled = record.get("compiledRelease")
        for release in [compiled] if isinstance(compiled, dict) else _list(record, "releases"):
            yield {"ocid": record.get("ocid"), **release}


def _lines(releases: list[Any], names: list[str]) -> Iterator[Line]:
    """The rows, each numbered by the release that told of it last."""
    processes: dict[str, Process] = {}
    good = [(number, each) for number, each in enumerate(releases, 1) if isinstance(each, dict)]
    for number, release in sorted(good, key=lambda each: (_moment(each[1]), each[0])):
        ocid = _text(release, "ocid")
        process = processes.setdefault(ocid or f"\0{number}", Process(ocid))
        process.hear(number, release)
    for number, each in enumerate(releases, 1):
        if not isinstance(each, dict):
            yield Line(number, [], row_fault("shape", "A release is a JSON object."))
    for process in processes.values():
        for told, contract, award in _pairs(process):
            yield _line(process, told, contract, award, names)


def _pairs(process: Process) -> Iterator[tuple[Told, Json, Json]]:
    """Each contract with its award, and each award that no contract follows."""
    followed: set[str] = set()
    for contract in process.contracts.values():
        award = _text(contract.body, "awardID")
        followed.add(award)
        yield contract, contract.body, process.awards[award].body if award in process.awards else {}
    for key, told in process.awards.items():
        if key not in followed:
            yield told, {}, told.body


def _line(process: Process, told: Told, contract: Json, award: Json, names: list[str]) -> Line:
    row = _row(process, contract, award)
    status = _text(told.body, "status").casefold()
    if status in CAME_TO_NOTHING:
        reason = f"It is {status}, so it is not put in the register; what stands there stays."
        return Line(
            told.number,
            [],
            RowRefused([Fault("reference", "status", reason, shown(row["reference"]))]),
        )
    return Line(told.number, [row.get(name, "") for name in names], None)


def _row(process: Process, contract: Json, award: Json) -> dict[str, str]:
    tender = process.tender
    told = (contract, award, tender)
    period = _part(contract, "period") or _part(award, "contractPeriod")
    value = _part(contract, "value") or _part(award, "value")
    kind = _part(tender, "classification") or next(
        (found for part in told for item in _list(part, "items")
         if (found := _part(item, "classification"))), {},
    )  # fmt: skip
    suppliers = [_known(process, each) for each in _list(award, "suppliers")]
    identity = _text(contract, "id") or _text(award, "id")
    known = process.ocid and identity
    return {
        # Without both there is nothing to know it by: the register then asks for it.
        "reference": f"{process.ocid}/{identity}" if known else "",
        "title": _first(told, "title"),
        "description": _first(told, "description"),
        "supplier": "; ".join(_text(each, "name") for each in suppliers),
        "start": _day(_text(period, "startDate")),
        "end": _day(_text(period, "endDate")),
        "total_value": _amount(value),
        "process": _text(tender, "procurementMethodDetails"),
        "category_code": _text(kind, "id"),
        "category": _text(kind, "description"),
        "company_number": "; ".join(filter(None, map(_company, suppliers))),
        "sme": _agreed(_small(each) for each in suppliers),
        "vcse": _agreed(_yes_no(_part(each, "details").get("vcse")) for each in suppliers),
    }


def _known(process: Process, supplier: Json) -> Json:
    """A supplier with what the list of parties says of it."""
    party = process.parties.get(_text(supplier, "id"))
    return supplier if party is None else {**party.body, **supplier}


def _company(supplier: Json) -> str:
    for each in (_part(supplier, "identifier"), *_list(supplier, "additionalIdentifiers")):
        if _text(each, "scheme").upper() == "GB-COH":
            return _text(each, "id")
    return ""


def _small(supplier: Json) -> str:
    scale = _text(_part(supplier, "details"), "scale").casefold()
    return "yes" if scale in SMALL else "no" if scale == "large" else ""


def _yes_no(given: Any) -> str:
    said = str(given).casefold()
    return "yes" if said in ("true", "yes") else "no" if said in ("false", "no") else ""


def _agreed(answers: Iterator[str]) -> str:
    """What holds of every supplier; of several who differ, nothing is said."""
    found = set(answers)
    return found.pop() if len(found) == 1 else ""


def _amount(value: Json) -> str:
    amount = value.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        return ""
    if isinstance(amount, Decimal):
        text = format(amount, "f") if abs(amount.adjusted()) < MOST_DIGITS else str(amount)
    else:
        text = str(amount)
    currency = _text(value, "currency").upper()
    return text if currency in ("", "GBP") else f"{text} {currency}"


def _day(text: str) -> str:
    """The day in London of a moment; what is no moment stays, and is refused with its reason."""
    try:
        when = datetime.fromisoformat(text)
        return (when.astimezone(LONDON) if when.tzinfo else when).date().isoformat()
    except (ValueError, OverflowError):
        return text


def _moment(release: Json) -> datetime:
    """When a release was published; one that does not say is the oldest."""
    try:
        when = datetime.fromisoformat(_text(release, "date"))
    except ValueError:
        return OLDEST
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _first(parts: tuple[Json, ...], name: str) -> str:
    return next((text for part in parts if (text := _text(part, name))), "")


def _text(part: Json, name: str) -> str:
    given = part.get(name)
    if isinstance(given, bool) or not isinstance(given, str | int):
        return ""
    return str(given).strip()


def _part(part: Json, name: str) -> Json:
    given = part.get(name)
    return given if isinstance(given, dict) else {}


def _list(part: Json, name: str) -> list[Json]:
    given = part.get(name)
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def _unreadable(detail: str) -> RequestRefused:
    return RequestRefused(422, f"The file cannot be read. {detail}")
