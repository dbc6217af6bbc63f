"""How runs of connectors are written on pages."""

from datetime import datetime

from services.ingest.store.connections import Run
from services.ingest.web.words import instant

__all__ = ["came", "colour", "instant", "size", "took"]

_COLOURS = {"done": "green", "failed": "red", "running": "blue"}


def took(run: Run) -> str:
    """How long a run took: `1 minute 5 seconds`, `Under a second`."""
    if run.ended is None:
        return "It is still running"
    gap = datetime.fromisoformat(run.ended) - datetime.fromisoformat(run.started)
    seconds = int(gap.total_seconds())
    if seconds < 1:
        return "Under a second"
    parts = [(seconds // 3600, "hour"), (seconds // 60 % 60, "minute"), (seconds % 60, "second")]
    return " ".join(f"{many} {name}{'' if many == 1 else 's'}" for many, name in parts if many)


def came(run: Run) -> str:
    """What a run brought, in one line."""
    if not run.extracts:
        return "Nothing had come" if run.ended else "Nothing yet"
    said = [
        (run.accepted, "changed"),
        (run.unchanged, "unchanged"),
        (run.rejected, "rejected"),
        (run.deleted, "deleted"),
    ]
    return ", ".join(f"{many:,} {name}" for many, name in said if many) or "No rows"


def colour(outcome: str) -> str:
    """The colour of an outcome's tag, beside its word."""
    return _COLOURS.get(outcome, "grey")


def size(number: int) -> str:
    """Bytes in the unit that reads best."""
    for unit, name in ((1 << 20, "MB"), (1 << 10, "kB")):
        if number >= unit:
            return f"{number / unit:,.1f} {name}"
    return f"{number} bytes"
