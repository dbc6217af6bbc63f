"""The files of the publisher's pages: those of every page, and the figures' own."""

from pathlib import Path

from services.publisher.settings import Settings
from shared.web.files import KEPT, File, files, without_typeface
from shared.web.files import load as load_all

__all__ = ["KEPT", "File", "files", "load", "without_typeface"]

OWN = Path(__file__).parent / "static"
OURS = ("irf.css", "strategic.css", "meeting.js", "figures.js")


def load(settings: Settings) -> dict[str, File]:
    """Reads every file that there is."""
    return load_all(settings.assets, {OWN: OURS})
