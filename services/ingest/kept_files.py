"""Files on our disk that are kept for a while: to be looked at, or to be read again.

Rule: names on disk are ours, and the folder is ours alone; a file is whole before anything says
that it is there. One that nothing tells of (a process ended in between) is cleared away.
"""

import os
import re
import shutil
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

FOLDER = "extracts"
_ID = re.compile(r"[0-9a-f]{12}-[0-9a-f]{32}")
_PART = ".part"


def new_id(now: datetime) -> str:
    """A new file's id: grows with time, and cannot be guessed."""
    return f"{int(now.timestamp() * 1000):012x}-{token_hex(16)}"


def is_id(text: str) -> bool:
    """Whether a text could be a file's id."""
    return _ID.fullmatch(text) is not None


class KeptFiles:
    """The folder. Everything here waits for the disk: call it on another thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER

    def write(self, name: str, source: BinaryIO | Path) -> int:
        """Copies a file whole; its size. Raises OSError where the disk is full."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        part = self.folder / f"{name}{_PART}"
        try:
            with part.open("xb") as kept:
                if isinstance(source, Path):
                    with source.open("rb") as coming:
                        shutil.copyfileobj(coming, kept, 1 << 20)
                else:
                    source.seek(0)
                    shutil.copyfileobj(source, kept, 1 << 20)
                kept.flush()
                os.fsync(kept.fileno())
            part.rename(self.path(name))
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return self.path(name).stat().st_size

    def open(self, name: str) -> BinaryIO:
        """A kept file, open. Raises FileNotFoundError."""
        return self.path(name).open("rb")

    def remove(self, name: str) -> None:
        """Takes a file away, if it is there."""
        self.path(name).unlink(missing_ok=True)

    def path(self, name: str) -> Path:
        """Where a file is."""
        if not is_id(name):
            raise FileNotFoundError(name)
        return self.folder / name

    def written_before(self, now: datetime) -> list[str]:
        """The ids of all files that were begun before an instant, whole or not."""
        if not self.folder.is_dir():
            return []
        limit = new_id(now)[:12]
        names = (each.name.removesuffix(_PART) for each in self.folder.iterdir())
        return sorted(name for name in names if is_id(name) and name < limit)

    def remove_part(self, name: str) -> None:
        """Takes away what was written of a file that never became whole."""
        (self.folder / f"{name}{_PART}").unlink(missing_ok=True)
