"""Speaks to ingest, the one door in.

Rule: what may be sent twice is sent until it is taken, under the same Idempotency-Key; what the
door refuses is raised with the door's own words.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, cast

import httpx2

from deploy.local.system import Over

FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0
TIMEOUT = httpx2.Timeout(120, connect=5)
# Answers that mean "not now": the same request may well succeed later.
NOT_NOW = frozenset({408, 425, 429, 500, 502, 503, 504})


class Refused(RuntimeError):
    """The door said no. `problem` is its application/problem+json."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.problem = problem
        detail = problem.get("detail") or problem.get("title") or "no reason given"
        super().__init__(f"{status}: {detail}")


class NotReached(RuntimeError):
    """The door does not answer."""


class Door:
    """A client of ingest. `wait(seconds)` sleeps and says whether it is over."""

    def __init__(self, address: str, wait: Callable[[float], bool] | None = None) -> None:
        self._client = httpx2.Client(base_url=address, timeout=TIMEOUT)
        self._address = address
        self._wait = wait

    def apply(self, document: dict[str, Any]) -> dict[str, Any]:
        """Applies a catalogue; answers with what changed. Applying it twice is no change."""
        return self._until_taken(lambda: self._client.put("/v1/catalogue", json=document))

    def send(self, dataset: str, items: Sequence[dict[str, Any]], key: str) -> dict[str, Any]:
        """Sends records or deletions; answers with the receipt."""
        lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items).encode()
        headers = {"Idempotency-Key": key, "Content-Type": "application/x-ndjson"}
        return self._until_taken(
            lambda: self._client.post(
                f"/v1/datasets/{dataset}/records", content=lines, headers=headers
            )
        )

    def hook(self, connector: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """Sends a signed message, which its own id keeps from counting twice; answers the
        receipt."""
        return self._until_taken(
            lambda: self._client.post(
                f"/v1/hooks/{connector}", content=body, headers=dict(headers)
            )
        )

    def upload(
        self, dataset: str, path: Path, options: dict[str, str], read: Callable[[int], None]
    ) -> dict[str, Any]:
        """Sends a file; `read` hears of each stretch of bytes as it goes. Answers the receipt."""
        with path.open("rb") as file:
            told = cast(IO[bytes], Told(file, read))
            answer: dict[str, Any] = self._answer(
                lambda: self._client.post(
                    f"/v1/datasets/{dataset}/files",
                    params=options,
                    files={"file": (path.name, told)},
                )
            )
            return answer

    def rejections(self, batch: str) -> Iterator[dict[str, Any]]:
        """Every rejection of a batch, page after page."""
        after: int | None = 0
        while after is not None:
            found = self._get(f"/v1/batches/{batch}/rejections", after)
            yield from found["rejections"]
            after = found["next"]

    def _get(self, path: str, after: int) -> Any:
        return self._answer(lambda: self._client.get(path, params={"after": after, "limit": 1000}))

    def close(self) -> None:
        """Lets go of the connections."""
        self._client.close()

    def _until_taken(self, ask: Callable[[], httpx2.Response]) -> dict[str, Any]:
        pause = FIRST_WAIT
        while True:
            try:
                answer: dict[str, Any] = self._answer(ask)
                return answer
            except NotReached:
                if self._wait is None:
                    raise
            except Refused as refusal:
                if self._wait is None or refusal.status not in NOT_NOW:
                    raise
            if self._wait(pause):
                raise Over
            pause = min(pause * 2, LONGEST_WAIT)

    def _answer(self, ask: Callable[[], httpx2.Response]) -> Any:
        try:
            response = ask()
        except httpx2.TransportError as error:
            raise NotReached(
                f"No answer from {self._address} ({type(error).__name__}). Is the system running?"
            ) from error
        try:
            body = response.json()
        except ValueError:
            body = {"title": response.text[:500]}
        if response.status_code >= 400:
            raise Refused(response.status_code, body if isinstance(body, dict) else {})
        return body


class Told:
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], tell: Callable[[int], None]) -> None:
        self._file = file
        self._tell = tell

    def read(self, size: int = -1) -> bytes:
        """Reads, and tells."""
        data = self._file.read(size)
        self._tell(len(data))
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
