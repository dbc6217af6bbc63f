"""Fetches metric types of LG Inform Plus.

Rule: a metric type is fetched when LG Inform says that it or its values changed, or when other
areas or periods are asked for; what was spent of the month's bytes is kept with where the source
stands, also by a run that fails. A round that breaks off goes on with the metric types it had left.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from services.ingest.connect.http import Answered, Http
from services.ingest.connect.lginform_calls import LgInformCalls
from services.ingest.connect.lginform_periods import dates
from services.ingest.connect.lginform_rows import rows
from services.ingest.connect.reach import OutOfReach
from services.ingest.connect.source import Extract, Fetching, Outcome, Rests, Rows, SourceFailed
from shared.catalogue.connectors import LgInform as Asking

LONDON = ZoneInfo("Europe/London")
MEGABYTE = 1_000_000
# Areas that one call names: an address has to stay short enough for every server.
AREAS_AT_ONCE = 60
GROUPS_OF = "groups:"

# How a metric type stands: when it was updated, what was asked for, how much came.
_Known = dict[str, Any]


class LgInform:
    """A connector of the kind `lginform`."""

    async def waits(self, asked: Fetching) -> bool:
        """Only asking tells."""
        return True

    async def fetch(self, asked: Fetching) -> AsyncGenerator[Extract, None]:
        """An extract for each metric type that changed."""
        async with Http(asked.reach, asked.clock) as http:
            round_ = _Round(asked, http)
            try:
                async for extract in round_.extracts():
                    yield extract
            except (SourceFailed, OutOfReach, Rests):
                yield round_.standing()
                raise
            yield round_.standing()
            if round_.missing:
                raise Rests("LG Inform Plus has no metric type " + ", ".join(round_.missing) + ".")

    async def settled(self, asked: Fetching, extract: Extract, outcome: Outcome) -> None:
        """Nothing is told back."""


class _Round:
    """One run: the metric types that are left of a round, or all of them."""

    def __init__(self, asked: Fetching, http: Http) -> None:
        part = asked.connector.lginform
        self._asked = asked
        self._part = part = part if part is not None else Asking(metric_types=[], areas=[])
        position = asked.position
        month = f"{asked.clock.now().astimezone(LONDON):%Y-%m}"
        same = position.get("month") == month
        before = int(position.get("bytes", 0)) if same else 0
        self._calls = LgInformCalls(
            http, asked.connector.place, asked.secret, before, part.megabytes * MEGABYTE
        )
        self._month = month
        self._metrics: dict[str, dict[str, Any]] = dict(position.get("metrics", {}))
        self._periods: dict[str, tuple[str, str]] = {
            name: (first, last) for name, (first, last) in position.get("periods", {}).items()
        }
        self._groups: dict[str, list[str]] = dict(position.get("groups", {})) if same else {}
        left = [each for each in position.get("left", []) if each in part.metric_types]
        self._left: list[int] = left or list(dict.fromkeys(part.metric_types))
        self.missing: list[str] = []

    async def extracts(self) -> AsyncGenerator[Extract, None]:
        """An extract for each metric type that changed. What was fetched for it counts first: it is
        spent even where the rows are not let in."""
        for number in list(self._left):
            if self._asked.ended():
                return
            changed = await self._metric_type(number)
            if changed is not None:
                yield self.standing()
                self._left.remove(number)
                yield self._changed(number, *changed)
            else:
                self._left.remove(number)

    def standing(self) -> Extract:
        """Where the source stands, without a row."""
        with Rows(self._asked.folder / "standing") as none:
            return self._extract(none, "", {})

    async def _metric_type(self, number: int) -> tuple[Rows, Mapping[str, Any], _Known] | None:
        """What came of a metric type that changed: its rows, what is known about it, and how it
        stands now."""
        known = self._metrics.get(str(number), {})
        try:
            about = await self._calls.metric_type(number)
        except Answered as refused:
            if refused.status != 404:
                raise
            self.missing.append(str(number))
            return None
        areas = await self._areas()
        stamp = about.get("metadataOrDataLastUpdated")
        now: _Known = {"updated": stamp, "asked": _fingerprint([*areas, self._part.periods])}
        if stamp is not None and all(known.get(name) == each for name, each in now.items()):
            return None
        began = self._calls.used
        elements: list[Any] = []
        for start in range(0, len(areas), AREAS_AT_ONCE):
            some = areas[start : start + AREAS_AT_ONCE]
            likely = 0 if start else self._likely(known)
            elements += await self._calls.table(number, some, self._part.periods, likely)
        now["bytes"] = self._calls.used - began
        whole = [each for each in elements if isinstance(each, Mapping)]
        days = await dates(self._calls, whole, self._periods)
        self._periods |= days
        with Rows(self._asked.folder / f"metric-{number}") as written:
            for row in rows(whole, days):
                written.said(row)
            for _ in range(len(elements) - len(whole)):
                written.bad("An element of the table is not an object.")
        return written, about, now

    def _changed(
        self, number: int, written: Rows, about: Mapping[str, Any], now: _Known
    ) -> Extract:
        self._metrics[str(number)] = now
        detail = _told(number, about, now["bytes"])
        return self._extract(written, f"metric type {number}", detail)

    def _likely(self, known: _Known) -> int:
        """How much is going to come: as much as the last time, or as of the largest other one."""
        sizes = (int(each.get("bytes", 0)) for each in self._metrics.values())
        return int(known.get("bytes", 0)) or max(sizes, default=0)

    async def _areas(self) -> Sequence[str]:
        """The areas that are asked for; the groups that an area owns are looked up once a month."""
        found: list[str] = []
        for area in self._part.areas:
            if not area.startswith(GROUPS_OF):
                found.append(area)
                continue
            owner = area.removeprefix(GROUPS_OF)
            if owner not in self._groups:
                self._groups[owner] = await self._calls.groups(owner)
            found += self._groups[owner]
        if not found:
            raise SourceFailed("There is no area to ask for.")
        return list(dict.fromkeys(found))

    def _extract(self, written: Rows, name: str, detail: Mapping[str, Any]) -> Extract:
        wanted = {str(each) for each in self._part.metric_types}
        position = {
            "month": self._month,
            "bytes": self._calls.used,
            "metrics": {name: each for name, each in self._metrics.items() if name in wanted},
            "periods": dict(self._periods),
            "groups": dict(self._groups),
            "left": list(self._left),
        }
        return Extract(written.path, name, "rows", "changes", position, detail)


def _told(number: int, about: Mapping[str, Any], size: int) -> dict[str, Any]:
    """What is kept with the batch of a metric type."""
    told: dict[str, Any] = {
        "metric_type": number,
        "label": str(about.get("label") or "")[:200],
        "updated": str(about.get("metadataOrDataLastUpdated") or "")[:40],
        "bytes_fetched": size,
    }
    if about.get("discontinued") not in (None, False, "", "false", "False"):
        told["discontinued"] = True
    return told


def _fingerprint(parts: Sequence[str]) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:16]
