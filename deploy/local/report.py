"""What the commands print: progress, receipts, rejections, verification.

Rule: text that came from a file or a person is printed as text, never as markup.
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from deploy.verify.compare import Report

MOST_SHOWN = 50


class Mode(StrEnum):
    """What a file holds."""

    full = "full"
    changes = "changes"


def progress(console: Console, bytes_read: bool = False) -> Progress:
    """A bar of records, or of bytes."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn() if bytes_read else MofNCompleteColumn(),
        console=console,
    )


def receipt(console: Console, answer: dict[str, Any]) -> None:
    """A receipt in words."""
    console.print(
        f"Batch {answer['batch']}: {answer['received']:,} received, {answer['accepted']:,} "
        f"accepted, {answer['unchanged']:,} unchanged, {answer['rejected']:,} rejected"
        + (f", {answer['deleted']:,} deleted" if answer.get("deleted") else ""),
        markup=False,
    )


def rejections(console: Console, found: Sequence[dict[str, Any]]) -> None:
    """Each rejection: where, why, and what stood there."""
    names = ("row", "field", "rule", "reason", "raw")
    table = Table(title="Rejections")
    for name in names:
        table.add_column(name.capitalize())
    for line in found[:MOST_SHOWN]:
        shown = ("" if line.get(name) is None else str(line[name]) for name in names)
        table.add_row(*(Text(text) for text in shown))
    console.print(table)
    _more(console, len(found))


def verification(console: Console, found: Report) -> None:
    """How many values were compared, and each mismatch."""
    console.print(
        f"{found.compared:,} values compared with a full recompute: "
        f"{len(found.mismatches):,} mismatches"
    )
    for mismatch in found.mismatches[:MOST_SHOWN]:
        console.print(f"{mismatch.subject}", style="bold red", markup=False)
        console.print(f"  published   {mismatch.published}", markup=False)
        console.print(f"  recomputed  {mismatch.recomputed}", markup=False)
    _more(console, len(found.mismatches))


def _more(console: Console, count: int) -> None:
    if count > MOST_SHOWN:
        console.print(f"and {count - MOST_SHOWN:,} more")


class Changes:
    """Tells of simulated changes: each in a log, the newest on the terminal's last line."""

    def __init__(self, console: Console, log_file: Path) -> None:
        self._status = console.status("Waiting for the first change")
        self._log_file = log_file
        self._log: IO[str] | None = None
        self._count = 0

    def __enter__(self) -> Self:
        self._log = self._log_file.open("a", encoding="utf-8", buffering=1)
        self._status.start()
        return self

    def tell(self, said: str) -> None:
        """One change."""
        self._count += 1
        if self._log is not None:
            self._log.write(f"{said}\n")
        self._status.update(Text(f"{self._count:,} changes so far; the last: {said}"))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._status.stop()
        if self._log is not None:
            self._log.close()
