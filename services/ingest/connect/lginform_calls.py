"""The calls of LG Inform Plus: signed as its owner wants them, within a number of bytes a month.

Rule: no call is made that is known to go beyond what the organisation may fetch in a month, and
none takes more than is left of it. The key and the signature are in an address and so in no
message.
"""

import asyncio
import base64
import hmac
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote_plus

from services.ingest.connect.http import MOST_BYTES, Answer, Answered, Http, TooMuch, told
from services.ingest.connect.source import Rests, SourceFailed

MOST_PAGES = 100
# What the smallest answer may come to.
LEAST = 2_000


class LgInformCalls:
    """The calls of one run. `secret` holds nothing, a `key`, or a `key` and a `secret`; `before`
    is what was fetched in this month before, of the `most` bytes that may be."""

    def __init__(
        self, http: Http, place: str, secret: Mapping[str, str], before: int, most: int
    ) -> None:
        self._http = http
        self._place = place.rstrip("/")
        self._secret = secret
        self._before = before
        self._limit = most
        self._periods: list[Mapping[str, Any]] | None = None

    @property
    def used(self) -> int:
        """The bytes that were fetched in this month."""
        return self._before + self._http.wire

    async def metric_type(self, number: int) -> Mapping[str, Any]:
        """What is known about a metric type. Raises Answered where there is none."""
        found = await self._call(f"/metricTypes/{number}", {})
        inner = found.get("metricType") if isinstance(found, Mapping) else None
        known = inner if isinstance(inner, Mapping) else found
        if not isinstance(known, Mapping) or str(known.get("identifier")) != str(number):
            raise SourceFailed(f"What came about the metric type {number} is something else.")
        return known

    async def table(
        self, number: int, areas: Sequence[str], periods: str, likely: int
    ) -> list[Any]:
        """The values of a metric type, one to an element. `likely` is how much came the last
        time."""
        asked = {
            "value.valueType": "raw",
            "metricType": str(number),
            "area": ",".join(areas),
            "period": periods,
        }
        found = await self._call("/data.table", asked, likely)
        if not isinstance(found, list):
            raise SourceFailed(f"What came for the metric type {number} is not a list of values.")
        return found

    async def periods(self) -> Sequence[Mapping[str, Any]]:
        """Every period that is known, with its dates; asked for once in a run."""
        if self._periods is None:
            self._periods = [each async for each in self._listed("/periods", {}, "period-array")]
        return self._periods

    async def groups(self, owner: str) -> list[str]:
        """The main comparison groups that an area owns."""
        asked = {"ownerArea": owner, "mainOnly": "true"}
        found = self._listed("/comparisonGroups", asked, "comparisonGroup-array")
        return [str(each["identifier"]) async for each in found if each.get("identifier")]

    async def _listed(
        self, path: str, asked: Mapping[str, str], key: str
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        """The elements of a list, page by page, until one brings nothing new."""
        seen: set[str] = set()
        for number in range(1, MOST_PAGES + 1):
            found = await self._call(path, {**asked, "pageNumber": str(number)})
            page = found.get(key) if isinstance(found, Mapping) else found
            if not isinstance(page, list):
                raise SourceFailed(f"What came from {path} is no list.")
            new = [
                each
                for each in page
                if isinstance(each, Mapping) and str(each.get("identifier")) not in seen
            ]
            if not new:
                return
            seen.update(str(each.get("identifier")) for each in new)
            for each in new:
                yield each
        raise SourceFailed(f"{path} has more than {MOST_PAGES} pages, which is not taken.")

    async def _call(self, path: str, asked: Mapping[str, str], likely: int = 0) -> Any:
        left = self._limit - self.used
        if max(likely, LEAST) > left:
            raise self._spent()
        query = "&".join(f"{name}={quote(each, safe=':,')}" for name, each in asked.items())
        address = f"{self._place}{path}" + (f"?{query}" if query else "")
        self._http.most_bytes = min(MOST_BYTES, left)
        try:
            answer: Answer = await self._http.get(signed(address, self._secret), kinds=())
        except TooMuch:
            if left < MOST_BYTES:
                raise self._spent() from None
            raise
        except Answered as refused:
            if refused.status in (401, 403):
                raise _not_let_in(address, refused.status, self._secret) from None
            raise
        return await asyncio.to_thread(answer.json)

    def _spent(self) -> Rests:
        return Rests(
            f"The budget of {self._limit // 1_000_000} megabytes a month is spent"
            f" ({self.used:,} bytes were fetched); it goes on next month."
        )


def signed(address: str, secret: Mapping[str, str]) -> str:
    """An address with the key and the signature that let it in, as far as there are any. What is
    signed is the address as it reads once it is decoded, with its scheme."""
    key, hidden = secret.get("key"), secret.get("secret")
    if not key:
        return address
    address += ("&" if "?" in address else "?") + "ApplicationKey=" + quote(key, safe="")
    if not hidden:
        return address
    digest = hmac.new(hidden.encode(), unquote_plus(address).encode(), "sha1").digest()
    return address + "&Signature=" + quote(base64.b64encode(digest).decode(), safe="")


def _not_let_in(address: str, status: int, secret: Mapping[str, str]) -> SourceFailed:
    if status == 403:
        why = "What may be fetched is used up, or the metric type is not for this key."
    elif not secret.get("key"):
        why = "It asks for a key: name credentials with one."
    elif secret.get("secret"):
        why = "The key or the signature is not taken: look at both, and at http or https."
    else:
        why = "The key is not taken, or it has to be signed with a secret."
    return SourceFailed(f"{told(address)} answered {status}. {why}")
