"""What all connectors that speak HTTP share: a client that is patient, bounded and kept in reach.

Rule: every address, also one that an answer leads on to, is within reach before it is asked; no
more is taken than was said; and what goes wrong is told without the query of an address, since
keys travel there.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any, BinaryIO, Self
from urllib.parse import urlsplit

import httpx2
import msgspec
import stamina

from services.ingest.connect.reach import Reach
from services.ingest.connect.source import SourceFailed
from shared.runtime.clock import Clock

MIB = 1024 * 1024
MOST_BYTES = 64 * MIB
MOST_HOPS = 5
ATTEMPTS = 5
# A service that asks to be left alone for longer is left alone until the next run.
LONGEST_WAIT = 120.0
LONGEST_CALL = 600.0
TIMEOUT = httpx2.Timeout(60.0, connect=15.0)
USER_AGENT = "integrated-reporting-framework (connector)"
JSON = ("application/json", "text/json", "+json")

# It tells whole addresses, and with them keys.
logging.getLogger("httpx2").setLevel(logging.WARNING)

_decode = msgspec.json.Decoder(float_hook=Decimal).decode


class Answered(SourceFailed):
    """A service answered that it will not: asking again does not help."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


class TooMuch(SourceFailed):
    """A service answered more than is taken."""


class _Again(SourceFailed):
    """Something that may pass; `after` is how many seconds the service asked for."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


@dataclass(frozen=True)
class Answer:
    """What came, and from which address in the end."""

    address: str
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> Any:
        """The answer read as JSON, numbers exact. Raises SourceFailed."""
        try:
            return _decode(self.body)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise SourceFailed(f"{told(self.address)} did not answer in JSON: {error}.") from None
        except RecursionError:
            raise SourceFailed(f"{told(self.address)} answered too deeply nested.") from None


class Http:
    """A client for one run. `most_bytes` bounds each answer; `wire` counts the bytes of all that
    was sent, also of what was tried in vain. Every call raises SourceFailed or OutOfReach, and is
    tried again by itself where that may help."""

    def __init__(self, reach: Reach, clock: Clock, most_bytes: int = MOST_BYTES) -> None:
        self._reach = reach
        self._clock = clock
        self.most_bytes = most_bytes
        self.wire = 0
        self._client = httpx2.AsyncClient(timeout=TIMEOUT, headers={"User-Agent": USER_AGENT})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def get(
        self,
        address: str,
        headers: Mapping[str, str] | None = None,
        kinds: tuple[str, ...] = JSON,
        into: BinaryIO | None = None,
    ) -> Answer:
        """What an address answers. `kinds` are the content types that will do (none: any); the
        body is written into a file where one is given."""
        return await self._patiently("GET", address, headers or {}, None, kinds, into)

    async def post(
        self, address: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """What an address answers to a form, in JSON."""
        return await self._patiently("POST", address, headers or {}, form, JSON, None)

    async def _patiently(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None,
        kinds: tuple[str, ...],
        into: BinaryIO | None,
    ) -> Answer:
        retrying = stamina.retry_context(
            on=_when, attempts=ATTEMPTS, timeout=None, wait_initial=1.0, wait_max=30.0
        )
        async for attempt in retrying:
            with attempt:
                return await self._told(method, address, headers, form, kinds, into)
        raise AssertionError("the last attempt answers or raises")

    async def _told(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None,
        kinds: tuple[str, ...],
        into: BinaryIO | None,
    ) -> Answer:
        """One attempt, with every way to fail in plain words."""
        try:
            async with asyncio.timeout(LONGEST_CALL):
                return await self._ask(method, address, headers, form, kinds, into)
        except (httpx2.TimeoutException, TimeoutError):
            raise _Again(f"{told(address)} did not answer in time.") from None
        except httpx2.ConnectError:
            raise _Again(f"{told(address)} cannot be reached.") from None
        except httpx2.TransportError:
            raise _Again(f"{told(address)} broke off.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL):
            raise SourceFailed(f"{told(address)} gave an answer that cannot be read.") from None

    async def _ask(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None,
        kinds: tuple[str, ...],
        into: BinaryIO | None,
    ) -> Answer:
        for _ in range(MOST_HOPS):
            self._reach.address(address)
            request = self._client.build_request(
                method, address, headers=headers, data=dict(form) if form is not None else None
            )
            response = await self._client.send(request, stream=True)
            try:
                if not response.has_redirect_location:
                    self._check(response, address, kinds)
                    return await self._read(response, address, into)
                if method != "GET":
                    raise SourceFailed(f"{told(address)} sends what it is told elsewhere.")
                following = str(response.url.join(response.headers["location"]))
            finally:
                # Whoever counts what was fetched counts what was sent, read or not.
                length = response.headers.get("content-length", "")
                sent = int(length) if length.isdecimal() else 0
                self.wire += max(sent, response.num_bytes_downloaded)
                await response.aclose()
            if not same_origin(following, address):
                headers = {}  # They may hold a key, and it is not for another.
            address = following
        raise SourceFailed(f"{told(address)} leads on and on.")

    def _check(self, response: httpx2.Response, address: str, kinds: tuple[str, ...]) -> None:
        status = response.status_code
        if status == 429 or status >= 500 or status == 408:
            wait = self._wait(response.headers.get("retry-after", ""))
            reason = f"{told(address)} answered {status}."
            if wait is not None and wait > LONGEST_WAIT:
                raise SourceFailed(f"{reason} It asks to be left alone for {wait:.0f} seconds.")
            raise _Again(reason, wait)
        if not 200 <= status < 300:
            raise Answered(f"{told(address)} answered {status}.", status)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind and kinds and not kind.endswith(kinds):
            raise SourceFailed(f"{told(address)} answered {kind[:60]} and not {kinds[0]}.")
        length = response.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self.most_bytes:
            raise self._too_much(address)

    async def _read(self, response: httpx2.Response, address: str, into: BinaryIO | None) -> Answer:
        memory = BytesIO()
        file = memory if into is None else into
        file.seek(0)
        file.truncate()
        taken = 0
        async for chunk in response.aiter_bytes():
            taken += len(chunk)
            if taken > self.most_bytes:
                raise self._too_much(address)
            file.write(chunk)
        return Answer(address, memory.getvalue(), dict(response.headers))

    def _too_much(self, address: str) -> SourceFailed:
        most = f"{self.most_bytes / MIB:.3g}"
        return TooMuch(f"{told(address)} answered more than {most} MiB, which is not taken.")

    def _wait(self, said: str) -> float | None:
        """The seconds of a Retry-After, which is a number of them or a date."""
        if said.isdecimal():
            return float(said[:9])
        try:
            when = parsedate_to_datetime(said)
        except ValueError:
            return None
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - self._clock.now()).total_seconds())


def told(address: str) -> str:
    """An address as it can be told: without what may be a secret."""
    try:
        found = urlsplit(address)
        return f"{found.scheme}://{found.netloc.rpartition('@')[2]}{found.path}"[:200]
    except ValueError:
        return "The address"


def same_origin(one: str, other: str) -> bool:
    """Whether two addresses are of one service."""
    return httpx2.URL(one).copy_with(path="/", query=None, fragment=None, userinfo=b"") == (
        httpx2.URL(other).copy_with(path="/", query=None, fragment=None, userinfo=b"")
    )


def _when(error: Exception) -> bool | float:
    if not isinstance(error, _Again):
        return False
    return True if error.after is None else error.after
