"""A change that a business system makes, as it is sent to the door."""

from typing import Any, NamedTuple

from deploy.sample.made import Fields
from deploy.sample.records import as_source_writes


class Change(NamedTuple):
    """One thing that happened: what to send, and in plain words what it was."""

    dataset: str
    items: list[dict[str, Any]]
    said: str


def changed(dataset: str, said: str, *records: Fields) -> Change:
    """Records that are new, or that are not what they were."""
    return Change(dataset, [{"data": as_source_writes(dataset, each)} for each in records], said)


def withdrawn(dataset: str, said: str, key: str) -> Change:
    """A record that is no more."""
    return Change(dataset, [{"key": key, "deleted": True}], said)
