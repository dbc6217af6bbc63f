"""Where connectors may go. Nowhere, unless the operator says so.

Rule: a catalogue names places, and whoever can change a catalogue is not for that allowed to make
this service read any file or ask any machine. The operator lists origins and one folder; all that a
connector reads, and every address that an answer leads on to, is there.
"""

from pathlib import Path
from urllib.parse import SplitResult, urlsplit

PORTS = {
    "https": 443,
    "http": 80,
    "sftp": 22,
    "postgresql": 5432,
    "mssql": 1433,
    "oracle": 1521,
    "kafka": 9092,
}


class OutOfReach(Exception):
    """A place that the operator has not listed."""


class Reach:
    """`origins` such as `https://webservices.esd.org.uk` or `sftp://files.council:22`, separated by
    commas or spaces; `folder` is the one that folders lie in."""

    def __init__(self, origins: str, folder: Path | None) -> None:
        self._origins = {_origin(each) for each in origins.replace(",", " ").split()}
        self._folder = folder.resolve() if folder else None

    def address(self, text: str) -> SplitResult:
        """An address, taken apart. Raises OutOfReach unless its origin is listed."""
        try:
            found = urlsplit(text)
            origin = _origin(text)
        except ValueError:
            raise OutOfReach("The address cannot be read.") from None
        if origin not in self._origins:
            scheme, host, port = origin
            raise OutOfReach(
                f"{scheme}://{host}:{port} is not among the places that this service may reach"
                " (INGEST_REACH)."
            )
        return found

    def folder(self, place: str) -> Path:
        """A folder below the operator's, links followed. Raises OutOfReach."""
        if self._folder is None:
            raise OutOfReach("No folder is set for files to come to (INGEST_DROP).")
        found = (self._folder / place).resolve()
        if not found.is_relative_to(self._folder):
            raise OutOfReach("The folder lies outside the one that is set (INGEST_DROP).")
        return found


def _origin(text: str) -> tuple[str, str, int]:
    found = urlsplit(text)
    scheme = found.scheme.partition("+")[0]
    if scheme not in PORTS or not found.hostname:
        raise ValueError(f"{text[:100]!r} is no origin")
    return scheme, found.hostname.rstrip("."), found.port or PORTS[scheme]
