"""Contracts published as OCDS 1.1: a package of releases or records in, rows of a register out.

Rule: one row for each contract, or for each award that no contract follows, from the newest release
that tells of it. Only what the package says is filled in; a value that is not in pounds, or a day
that is missing, is for the register's contract to refuse.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import msgspec

from services.ingest.domain.contract import Contract
from services.ingest.domain.csv_file import CsvFile, Line
from services.ingest.domain.refusals import RequestRefused

LONDON = ZoneInfo("Europe/London")
MOST_BYTES = 64 * 1024 * 1024
NOT_JSON = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

Json = Mapping[str, Any]

_decode = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode


def looks_like_json(source: BinaryIO) -> bool:
    """Whether a file begins as a JSON object does."""
    source.seek(0)
    start = source.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    source.seek(0)
    return start.startswith(b"{")


def open_ocds(source: BinaryIO, contract: Contract) -> CsvFile:
    """The package as a file of rows. Raises RequestRefused for what is no package."""
    if contract.dataset.role != "contract":
        raise RequestRefused(
            415, "Only a dataset whose role is contract takes JSON (OCDS) as a file."
        )
    body = source.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise RequestRefused(413, f"An OCDS package has at most {MOST_BYTES // 2**20} MiB.")
    try:
        package = _decode(body.removeprefix(b"\xef\xbb\xbf"))
    except NOT_JSON as error:
        raise _unreadable(f"It is not JSON: {error}.") from None
    names = [field.name for field in contract.dataset.fields]
    rows = _rows(list(_releases(package)))
    lines = (
        Line(number, [row.get(name, "") for name in names], None) for number, row in rows.values()
    )
    positions = {name: at for at, name in enumerate(names)}
    return CsvFile(
        sha256(body).hexdigest(), "ocds", contract.columns(positions), lines=lines, partial=True
    )


def _releases(package: Json) -> Iterator[Json]:
    """Every release of a package, also of its records."""
    found = package.get("releases")
    records = package.get("records")
    if not isinstance(found, list) and not isinstance(records, list):
        raise _unreadable("An OCDS package has a list of releases, or of records.")
    for release in found if isinstance(found, list) else ():
        if isinstance(release, dict):
            yield release
    for record in records if isinstance(records, list) else ():
        if not isinstance(record, dict):
            continue
        compiled = record.get("compiledRelease")
        for release in [compiled] if isinstance(compiled, dict) else _list(record, "releases"):
            yield release


def _rows(releases: list[Json]) -> dict[str, tuple[int, dict[str, str]]]:
    """The newest row of each reference, with the number of the release it is from."""
    numbered = sorted(enumerate(releases, 1), key=lambda each: (_text(each[1], "date"), each[0]))
    found: dict[str, tuple[int, dict[str, str]]] = {}
    for number, release in numbered:
        awards = {_text(each, "id"): each for each in _list(release, "awards")}
        contracts = _list(release, "contracts")
        followed = {_text(each, "awardID") for each in contracts}
        pairs = [(each, awards.get(_text(each, "awardID"), {})) for each in contracts]
        pairs += [({}, award) for key, award in awards.items() if key not in followed]
        for contract, award in pairs:
            row = _row(release, contract, award)
            found[row["reference"]] = (number, row)
    return found


def _row(release: Json, contract: Json, award: Json) -> dict[str, str]:
    tender = _part(release, "tender")
    period = _part(contract, "period") or _part(award, "contractPeriod")
    value = _part(contract, "value") or _part(award, "value")
    classification = _part(tender, "classification") or _part(
        next(iter(_list(tender, "items")), {}), "classification"
    )
    suppliers = _list(award, "suppliers")
    parties = {_text(each, "id"): each for each in _list(release, "parties")}
    first = parties.get(_text(suppliers[0], "id"), {}) if suppliers else {}
    identifier, details = _part(first, "identifier"), _part(first, "details")
    identity = _text(contract, "id") or _text(award, "id")
    return {
        "reference": f"{_text(release, 'ocid')}/{identity}",
        "title": _text(contract, "title") or _text(award, "title") or _text(tender, "title"),
        "description": _text(tender, "description"),
        "supplier": "; ".join(_text(each, "name") for each in suppliers),
        "start": _day(_text(period, "startDate")),
        "end": _day(_text(period, "endDate")),
        "total_value": _amount(value),
        "process": _text(tender, "procurementMethodDetails"),
        "category_code": _text(classification, "id"),
        "category": _text(classification, "description"),
        "company_number": _text(identifier, "id")
        if _text(identifier, "scheme") == "GB-COH"
        else "",
        "sme": _yes_no(details, "scale", "sme"),
        "vcse": _yes_no(details, "vcse", "true"),
    }


def _amount(value: Json) -> str:
    amount = value.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        return ""
    currency = _text(value, "currency")
    text = format(amount, "f") if isinstance(amount, Decimal) else str(amount)
    return text if currency in ("", "GBP") else f"{text} {currency}"


def _day(text: str) -> str:
    """The day in London of a moment; what is no moment stays, and is refused with its reason."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (when.astimezone(LONDON) if when.tzinfo else when).date().isoformat()


def _yes_no(details: Json, name: str, yes: str) -> str:
    given = details.get(name)
    if given is None:
        return ""
    return "yes" if str(given).casefold() == yes else "no"


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
