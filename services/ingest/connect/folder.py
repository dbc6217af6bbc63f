"""Files that appear in a folder of this machine, or on a share that it has mounted.

Rule: only regular files of the folder itself are touched, no link is followed, and what is read is
a copy that nobody else can change.
"""

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

from services.ingest.connect.arrivals import Arrivals, NotGiven, Place, Seen, TooLarge
from services.ingest.connect.source import Fetching, SourceFailed

PIECE = 1 << 20

T = TypeVar("T")


class Folder(Arrivals):
    """The source of a folder below the one that the operator gave."""

    async def waits(self, asked: Fetching) -> bool:
        """Whether a file stands still."""
        async with self.opened(asked) as place:
            return bool((await self.look(asked, place))[1])

    @asynccontextmanager
    async def opened(self, asked: Fetching) -> AsyncIterator[Place]:
        """The folder."""
        yield LocalPlace(asked.reach.folder(asked.connector.place), asked.connector.place)


class LocalPlace:
    """A folder of this machine. `told` is what it is called in messages."""

    def __init__(self, root: Path, told: str) -> None:
        self._root = root
        self._told = told

    async def files(self) -> list[Seen]:
        """The regular files in it."""
        return await self._do("be read", self._files)

    async def look(self, name: str) -> Seen | None:
        """One of them, as it stands now."""
        return await self._do("be read", lambda: _seen(self._root / name))

    async def copy(self, name: str, into: Path, most: int) -> None:
        """Copies a file, at most so many bytes of it."""
        try:
            await self._do(f"give {name!r}", lambda: _copy(self._root / name, into, most))
        except SourceFailed as failed:
            raise NotGiven(str(failed)) from None

    async def prepare(self, folder: str) -> None:
        """Makes a folder in it, and sees that both can be written to."""
        await self._do("be written to", lambda: self._prepare(folder))

    async def names(self, folder: str) -> Collection[str]:
        """What lies in a folder in it."""
        return await self._do("be read", lambda: os.listdir(self._root / folder))

    async def write(self, path: str, text: str) -> None:
        """Writes a file that is not there yet."""
        await self._do("be written to", lambda: _write(self._root / path, text))

    async def rename(self, path: str, into: str) -> None:
        """Renames a file, over no other."""
        what = f"have {path!r} moved into {into.partition('/')[0]!r}"
        await self._do(what, lambda: _rename(self._root / path, self._root / into))

    async def _do(self, what: str, work: Callable[[], T]) -> T:
        with self._plainly(what):
            return await asyncio.to_thread(work)

    @contextmanager
    def _plainly(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise SourceFailed(f"The folder {self._told!r} cannot {what}: {reason}.") from None

    def _files(self) -> list[Seen]:
        with os.scandir(self._root) as entries:
            found = [_seen(Path(each.path)) for each in entries]
        return [each for each in found if each is not None]

    def _prepare(self, folder: str) -> None:
        path = self._root / folder
        if path.is_symlink():
            raise OSError(0, f"{folder} is a link")
        path.mkdir(exist_ok=True)
        for each in (self._root, path):
            if not os.access(each, os.W_OK | os.X_OK):
                raise PermissionError(0, "it is read-only for this service")


def _seen(path: Path) -> Seen | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return Seen(path.name, found.st_size, found.st_mtime) if stat.S_ISREG(found.st_mode) else None


def _copy(path: Path, into: Path, most: int) -> None:
    # Neither a link nor a pipe that was put in its place meanwhile.
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(opened, "rb") as source, into.open("wb") as copy:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(0, "it is no regular file")
        taken = 0
        while piece := source.read(PIECE):
            taken += len(piece)
            if taken > most:
                raise TooLarge
            copy.write(piece)


def _rename(path: Path, into: Path) -> None:
    if os.path.lexists(into):
        raise FileExistsError(0, "another file is there")
    path.rename(into)


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
