"""Public sources that need no key: ONS Explore Local Statistics, Fingertips and Nomis.

Rule: what has not changed is not fetched again, and where a source cannot tell, not taken in again.
An answer is what its source says that it is, or none: a web page, a part, or too many rows to be
all of them are not let in as if they were figures.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from services.ingest.connect.http import Answer, Answered, Http
from services.ingest.connect.source import Extract, Fetching, Outcome, SourceFailed
from services.ingest.domain.refusals import RequestRefused
from shared.catalogue.connectors import Connector, Public

CSV = ("text/csv", "application/csv", "text/plain", "application/octet-stream")
UNCHANGED = 304
# More than any sentence that says why there are no rows.
START = 4096


@dataclass(frozen=True)
class Shape:
    """How a source is asked: `path` where the place has none, `{}` standing for the parameter
    `dataset`; `most_rows` is how many it gives at the most, saying nothing of the others."""

    title: str
    path: str
    most_rows: int | None = None
    dataset: bool = False


SHAPES: Mapping[str, Shape] = {
    "ons": Shape("ONS Explore Local Statistics", "/explore-local-statistics/api/v1/data.csv"),
    "fingertips": Shape("Fingertips", "/api/all_data/csv/by_indicator_id"),
    "nomis": Shape("Nomis", "/api/v01/dataset/{}.data.csv", most_rows=25_000, dataset=True),
}


class PublicSource:
    """The source of a public one."""

    async def waits(self, asked: Fetching) -> bool:
        """Only asking tells."""
        return True

    async def fetch(self, asked: Fetching) -> AsyncGenerator[Extract, None]:
        """The answer, where it is another than the one that was let in last."""
        shape = SHAPES[_said(asked).source]
        address = _address(asked.connector, shape)
        path = asked.folder / "answer.csv"
        meant = _meant(asked, address)
        # What was asked or understood otherwise before says nothing of this.
        before = asked.position if asked.position.get("asked") == meant else {}
        async with Http(asked.reach, asked.clock, asked.most_bytes) as http:
            try:
                with path.open("wb") as file:
                    answer = await http.get(address, _unless_changed(before), CSV, file)
            except Answered as answered:
                if answered.status == UNCHANGED and before:
                    return
                raise
        hashed = _looked_into(path, shape)
        position = {"asked": meant, "sha256": hashed, **_validators(answer)}
        if before.get("sha256") == hashed:
            # It cannot say so, or did not.
            return
        detail = {"source": shape.title, "modified": answer.headers.get("last-modified", "")}
        yield Extract(path, f"{shape.title}.csv", position=position, detail=detail)

    async def settled(self, asked: Fetching, extract: Extract, outcome: Outcome) -> None:
        """There is no other file that could be let in instead: a refusal is a failed run."""
        if isinstance(outcome, RequestRefused):
            raise SourceFailed(outcome.detail)


def _said(asked: Fetching) -> Public:
    found = asked.connector.public
    assert found is not None
    return found


def _address(connector: Connector, shape: Shape) -> str:
    assert connector.public is not None
    parameters = dict(connector.public.parameters)
    try:
        address = httpx2.URL(connector.place)
        if address.path in ("", "/"):
            dataset = parameters.pop("dataset", "") if shape.dataset else ""
            if shape.dataset and not dataset.replace("_", "").isalnum():
                raise SourceFailed(f"{shape.title} needs the parameter dataset, such as NM_162_1.")
            address = address.copy_with(path=shape.path.format(dataset))
        return str(address.copy_merge_params(parameters))
    except httpx2.InvalidURL:
        raise SourceFailed("The address cannot be read.") from None


def _meant(asked: Fetching, address: str) -> str:
    """What was asked, and by which contract the answer was read: with another contract other rows
    are good, though the answer be the same."""
    contract = msgspec.json.encode(asked.contract.dataset, order="sorted")
    return sha256(address.encode() + b"\n" + contract).hexdigest()


def _unless_changed(before: Mapping[str, Any]) -> dict[str, str]:
    headers = {"Accept": "text/csv"}
    if before.get("etag"):
        headers["If-None-Match"] = str(before["etag"])
    if before.get("modified"):
        headers["If-Modified-Since"] = str(before["modified"])
    return headers


def _validators(answer: Answer) -> dict[str, str]:
    """What the source knows this answer by."""
    names = {"etag": "etag", "modified": "last-modified"}
    found = {name: answer.headers.get(header, "") for name, header in names.items()}
    return {name: value for name, value in found.items() if value and len(value) <= 1_000}


def _looked_into(path: Path, shape: Shape) -> str:
    """The fingerprint of an answer. Raises SourceFailed where it is no table, or not all of it."""
    hasher = sha256()
    lines = 0
    with path.open("rb") as file:
        start = file.read(START)
        if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"["):
            raise SourceFailed(f"{shape.title} answered with something else than CSV.")
        if not start.strip():
            raise SourceFailed(f"{shape.title} has nothing for what is asked: look at parameters.")
        file.seek(0)
        while piece := file.read(1 << 20):
            hasher.update(piece)
            lines += piece.count(b"\n")
    # One line is the headers, and the last may do without its end.
    if shape.most_rows is not None and lines >= shape.most_rows:
        raise SourceFailed(
            f"{shape.title} gives at most {shape.most_rows:,} rows at once and says nothing of the"
            " others: ask for fewer areas or periods, in connectors of their own."
        )
    return hasher.hexdigest()
