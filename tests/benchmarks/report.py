"""Tables for people, and one JSON file for whoever compares runs."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.local.system import ROOT
from tests.benchmarks.machine import say

# Ignored by git: figures of one machine on one day are no source.
RESULTS = ROOT / ".data" / "benchmarks"

Row = Mapping[str, Any]


class Report:
    """Everything that a run measured."""

    def __init__(self, machine: str, arguments: Sequence[str]) -> None:
        self._found: dict[str, Any] = {
            "machine": machine,
            "arguments": list(arguments),
            "tables": {},
        }

    def table(self, title: str, rows: Sequence[Row]) -> None:
        """Prints rows with the same columns, and keeps them."""
        self._found["tables"].setdefault(title, []).extend(dict(row) for row in rows)
        say(f"\n{title}")
        if not rows:
            return
        columns = list(dict.fromkeys(name for row in rows for name in row))
        cells = [columns, *([_shown(row.get(name, "")) for name in columns] for row in rows)]
        widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
        for line in cells:
            first, *rest = zip(line, widths, strict=True)
            say("  ".join([first[0].ljust(first[1]), *(text.rjust(wide) for text, wide in rest)]))

    def note(self, text: str) -> None:
        """Prints a remark, and keeps it."""
        self._found.setdefault("notes", []).append(text)
        say(text)

    def save(self) -> Path:
        """Writes everything; answers with the file."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        path = RESULTS / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
        path.write_text(json.dumps(self._found, indent=2) + "\n")
        return path


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.0f}"
    if isinstance(value, bool):
        return "yes" if value else "NO"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed; NaN for none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
