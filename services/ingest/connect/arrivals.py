"""Files that appear where a system leaves them: which are taken, and where they go afterwards.

Rule: a file is taken once it stands still, and moved into `done` or `failed` once what became of it
is durable, with a report beside it. Nothing is overwritten. A file that was let in and not moved
is taken again, and comes to "unchanged".
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol

from services.ingest.connect.arrival_report import REPORT, report
from services.ingest.connect.source import Extract, Fetching, Outcome, SourceFailed
from services.ingest.domain.refusals import RequestRefused, shown
from shared.catalogue import schedule
from shared.catalogue.connectors import Files

DONE, FAILED = "done", "failed"
# Names that programs give to what they are still writing.
UNFINISHED = (".part", ".tmp", ".filepart")
# What was written so long ago by its own date is still, whatever the clocks differ by; what is
# younger, or has a date to come, has to be seen standing still.
SURELY_OLD = 300.0
# Names longer than this leave no room for the number and the report's ending.
LONGEST_NAME = 200


class Seen(NamedTuple):
    """A file as it stood at one look: its name, its bytes, and when it was last written."""

    name: str
    size: int
    written: float


class TooLarge(Exception):
    """A file is larger than what is taken."""


class NotGiven(SourceFailed):
    """This one file cannot be read; others may be."""


class Place(Protocol):
    """A folder that files appear in, here or on a server. All of it raises SourceFailed."""

    async def files(self) -> list[Seen]:
        """The regular files that lie in it now."""
        ...

    async def look(self, name: str) -> Seen | None:
        """One of them, as it stands now."""
        ...

    async def copy(self, name: str, into: Path, most: int) -> None:
        """Copies a file here. Raises TooLarge where it has more bytes than that, NotGiven where
        it is only this one that cannot be read."""
        ...

    async def prepare(self, folder: str) -> None:
        """Makes a folder in it where there is none, and sees that it can be written to."""
        ...

    async def names(self, folder: str) -> Collection[str]:
        """What lies in a folder in it."""
        ...

    async def write(self, path: str, text: str) -> None:
        """Writes a file that is not there yet."""
        ...

    async def rename(self, path: str, into: str) -> None:
        """Renames a file, over no other."""
        ...


class Watch:
    """What this process saw at its looks before. A source lives for one run; this lives on. After
    a restart files are watched anew."""

    def __init__(self) -> None:
        self._since: dict[str, dict[Seen, datetime]] = {}
        self._looked: dict[str, datetime] = {}

    def still(self, key: str, found: Sequence[Seen], now: datetime, settle: float) -> list[Seen]:
        """Those of the found files that stand still: their own date says so, or they have been
        seen like that for so many seconds. The oldest first."""
        before = self._since.get(key, {})
        self._since[key] = watched = {each: before.get(each, now) for each in found}
        old = now.timestamp() - max(settle, SURELY_OLD)
        return sorted(
            (
                each
                for each, since in watched.items()
                if each.written <= old or (now - since).total_seconds() >= settle
            ),
            key=lambda each: (each.written, each.name),
        )

    def looked(self, key: str, now: datetime) -> None:
        """A place was looked at."""
        self._looked[key] = now

    def rested(self, key: str, now: datetime, seconds: float) -> bool:
        """Whether the last look at a place is so long ago."""
        last = self._looked.get(key)
        return last is None or abs((now - last).total_seconds()) >= seconds


WATCH = Watch()


class Arrivals(ABC):
    """A source of files that appear in a place; each kind of it says how the place is opened."""

    def __init__(self, watch: Watch = WATCH) -> None:
        self.watch = watch
        self._place: Place | None = None
        self._taken: dict[Path, Seen] = {}
        # What lies in `done` and in `failed`.
        self._names: dict[str, set[str]] = {}

    @abstractmethod
    def opened(self, asked: Fetching) -> AbstractAsyncContextManager[Place]:
        """The place that the connector names, for as long as a run takes."""

    async def fetch(self, asked: Fetching) -> AsyncGenerator[Extract, None]:
        """Every file that stands still, one by one. What cannot be taken is told at the end, so
        that it holds up no other."""
        told: list[str] = []
        async with self.opened(asked) as place:
            self._place = place
            found, still = await self.look(asked, place)
            moving = len(found) - len(still)
            for folder in (DONE, FAILED) if still else ():
                await place.prepare(folder)
                self._names[folder] = set(await place.names(folder))
            for number, each in enumerate(still):
                if asked.ended():
                    return
                path = asked.folder / f"{number}"
                try:
                    await self._copy(asked, place, each, path)
                except TooLarge:
                    told.append(await self._put_aside(asked, place, each))
                    continue
                except NotGiven as why:
                    if await place.look(each.name) is not None:
                        told.append(str(why))
                    continue
                if await place.look(each.name) != each:
                    path.unlink(missing_ok=True)
                    moving += 1
                    continue
                self._taken[path] = each
                yield Extract(path, each.name, sheet=files_of(asked).sheet)
        if moving and not schedule.read(asked.connector.schedule).as_it_comes:
            told.append(f"{moving} of the files may still be written to.")
        if told:
            raise SourceFailed(" ".join(told))

    async def look(self, asked: Fetching, place: Place) -> tuple[list[Seen], list[Seen]]:
        """The files that are wanted, and those of them that stand still."""
        files = files_of(asked)
        now = asked.clock.now()
        found = [each for each in await place.files() if wanted(each.name, files.pattern)]
        return found, self.watch.still(watched(asked), found, now, files.settle_seconds)

    async def settled(self, asked: Fetching, extract: Extract, outcome: Outcome) -> None:
        """Moves a file to where it belongs now, unless it was changed meanwhile: then it is a new
        one."""
        place, each = self._place, self._taken.pop(extract.path)
        assert place is not None
        if await place.look(each.name) != each:
            return
        bad = isinstance(outcome, RequestRefused) or outcome.all_rejected
        text = report(asked.connector, each.name, outcome, asked.clock.now())
        await self._put_away(place, each.name, FAILED if bad else DONE, text)

    async def _copy(self, asked: Fetching, place: Place, each: Seen, path: Path) -> None:
        try:
            if each.size > asked.most_bytes:
                raise TooLarge
            await place.copy(each.name, path, asked.most_bytes)
        except (TooLarge, NotGiven):
            path.unlink(missing_ok=True)
            raise
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise SourceFailed(f"What is fetched cannot be kept here: {reason}.") from None

    async def _put_aside(self, asked: Fetching, place: Place, each: Seen) -> str:
        """Puts a file aside that is too large, and says so."""
        most = asked.most_bytes / (1024 * 1024)
        reason = f"{shown(each.name)} is larger than {most:g} MiB, which is the most that is taken."
        text = report(asked.connector, each.name, RequestRefused(413, reason), asked.clock.now())
        await self._put_away(place, each.name, FAILED, text)
        return reason

    async def _put_away(self, place: Place, name: str, folder: str, text: str) -> None:
        """Moves a file, and then shows its report: no report tells of a file that was not moved."""
        free = free_name(name, self._names[folder])
        written = f"{folder}/.{free}{REPORT}.part"
        self._names[folder] |= {free, f"{free}{REPORT}"}
        await place.write(written, text)
        await place.rename(name, f"{folder}/{free}")
        await place.rename(written, f"{folder}/{free}{REPORT}")


def files_of(asked: Fetching) -> Files:
    """How the connector says that files are taken."""
    return asked.connector.files or Files()


def watched(asked: Fetching) -> str:
    """What a connector's place is known by from look to look."""
    where = asked.connector.place
    if asked.connector.kind == "folder":
        where = str(asked.reach.folder(where))
    return f"{asked.connector.code} {where}"


def wanted(name: str, pattern: str) -> bool:
    """Whether a file is meant by its name. One that is hidden or unfinished never is, nor one
    whose name could lead elsewhere."""
    if name.startswith(".") or "/" in name or "\\" in name or "\0" in name:
        return False
    return not name.lower().endswith(UNFINISHED) and fnmatchcase(name, pattern)


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, with a number where it or its report is there already, in capitals or not."""
    known = {each.casefold() for each in taken}
    path = PurePosixPath(name)
    stem, ending = path.stem, path.suffix
    if len(name.encode("utf-8", "surrogateescape")) > LONGEST_NAME:
        stem, ending = stem[: LONGEST_NAME // 4], ending[:20]
    number, free = 1, f"{stem}{ending}"
    while any(
        each.casefold() in known for each in (free, f"{free}{REPORT}", f".{free}{REPORT}.part")
    ):
        number += 1
        free = f"{stem}.{number}{ending}"
    return free
