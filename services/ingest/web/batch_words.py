"""How batches are written on pages: who brought them, how they were read, and what they came to."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.ingest.domain.receipt import Batch
from services.ingest.domain.retention import RETENTION
from services.ingest.web.words import instant

__all__ = ["brought", "came", "facts", "instant", "mode", "notes"]

_MODES = {
    "full": "Everything there is: what it did not name was deleted",
    "changes": "What is new or changed",
    "undo": "A batch taken back",
    RETENTION: "Records whose time was over, and went",
}


def brought(batch: Batch) -> str:
    """Who or what brought a batch, in one line."""
    said = batch.detail
    if undone := said.get("undoes"):
        return f"{_by(said)} took back {undone}"
    if batch.mode == RETENTION:
        left = " What figures rest on is left, under no name." if said.get("kept") else ""
        return f"The dataset’s retention: {said['field']} before {said['before']}.{left}"
    if "corrects" in said:
        return f"{_by(said)} mended row {said.get('row')}"
    if "form" in said:
        return f"{said['form']}, by a form"
    if "connector" in said:
        return f"The connector {said['connector']}: {said.get('file', 'records')}"
    if "file" in said:
        return f"{_by(said)}: {said['file']}"
    return "A call by a system"


def _by(said: dict[str, Any]) -> str:
    return str(said.get("by") or "A call by a system")


def came(batch: Batch) -> str:
    """What a batch came to, in one line."""
    said = [
        (batch.accepted, "changed"),
        (batch.unchanged, "unchanged"),
        (batch.rejected, "rejected"),
        (batch.deleted, "deleted"),
    ]
    return ", ".join(f"{many:,} {name}" for many, name in said if many) or "No rows"


def mode(batch: Batch) -> str:
    """What its rows were taken for."""
    return _MODES.get(batch.mode, batch.mode)


def facts(batch: Batch) -> Iterator[tuple[str, str]]:
    """What is known of how a batch came, as words and values."""
    said = batch.detail
    yield "Came", instant(batch.created)
    yield "Brought by", brought(batch)
    yield "Holds", mode(batch)
    for name, label in (("encoding", "Written in"), ("return", "Return"), ("period", "Period")):
        if said.get(name):
            yield label, str(said[name])


def notes(batch: Batch) -> Iterator[str]:
    """What is to be known of how it was read, each as a sentence."""
    said = batch.detail
    yield from (str(each) for each in _list(said, "notes"))
    if above := said.get("lines_passed_over"):
        yield f"{above} line(s) above the headers were passed over."
    for name, words in (
        ("columns_new", "Columns that the last file did not have"),
        ("columns_gone", "Columns that only the last file had"),
        ("columns_dropped", "Columns that the contract does not name, and that were dropped"),
    ):
        if columns := _list(said, name):
            yield f"{words}: {', '.join(str(each) for each in columns)}."
    if held := said.get("deletions_held"):
        because = said.get("deletions_held_because", "")
        yield f"{held} record(s) that were missing from it were not deleted. {because}".strip()
    if left := said.get("left"):
        yield f"{left} record(s) were changed by something later, and stay as they are."


def _list(said: dict[str, Any], name: str) -> Sequence[Any]:
    found = said.get(name)
    return found if isinstance(found, list) else []
