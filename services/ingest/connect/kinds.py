"""Which source each kind of connector is.

Rule: a kind's own library is imported when a connector of that kind runs, not before: a council
without SFTP starts without it.
"""

from collections.abc import Callable
from importlib import import_module

from services.ingest.connect.source import Source, SourceFailed

_PLACES: dict[str, tuple[str, str]] = {
    "folder": ("services.ingest.connect.folder", "Folder"),
    "sftp": ("services.ingest.connect.sftp", "Sftp"),
    "sql": ("services.ingest.connect.sql", "Sql"),
    "rest": ("services.ingest.connect.rest", "Rest"),
    "kafka": ("services.ingest.connect.topic", "Topic"),
    "lginform": ("services.ingest.connect.lginform", "LgInform"),
    "public": ("services.ingest.connect.public", "PublicSource"),
}
# Those whose source answers: that it has nothing new says that what is known is up to date.
ASKED = frozenset({"sql", "rest", "lginform", "public"})
# Those that are sent to ingest: nothing is fetched.
SENT = frozenset({"webhook"})
# Those that go on listening for what comes: a run of theirs is long and mostly waits.
LISTEN = frozenset({"kafka"})


def source(kind: str) -> Source:
    """The source of a kind. Raises SourceFailed where what it needs is not installed."""
    module, name = _PLACES[kind]
    try:
        made: Callable[[], Source] = getattr(import_module(module), name)
    except ImportError as missing:
        raise SourceFailed(
            f"What a connector of the kind {kind} needs is not installed: {missing.name}."
        ) from None
    return made()
