"""Files as a system leaves them in a folder, for tests of connectors."""

import os
from datetime import datetime
from pathlib import Path

HEADER = "Ref,received,amount,ward\n"


def row(ref: str, day: str = "01/06/2026") -> str:
    """A row of the dataset of service requests."""
    return f"{ref},{day},10.00,Abbey\n"


def leave(folder: Path, name: str, at: datetime, *rows: str, minutes: int = 10) -> Path:
    """Leaves a file that was last written some minutes before an instant."""
    path = folder / name
    path.write_text(HEADER + "".join(rows))
    date(path, at, minutes)
    return path


def date(path: Path, at: datetime, minutes: float = 10) -> None:
    """Says when a file was last written: so many minutes before an instant."""
    written = at.timestamp() - minutes * 60
    os.utime(path, (written, written))


def lies(folder: Path) -> set[str]:
    """What lies in a folder and below it, but for folders."""
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}
