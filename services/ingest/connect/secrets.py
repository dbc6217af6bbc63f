"""Credentials, by the name that a connector gives.

Rule: a secret is read when it is needed, from a file of its own in the operator's folder or from
the environment; it is in no store, no log, no page and no message.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from services.ingest.connect.source import SourceFailed

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
_decode = msgspec.json.Decoder(dict[str, str]).decode


class Secrets:
    """Looks in `folder` for `NAME.json`, then in the environment for INGEST_SECRET_NAME: each holds
    an object of texts, such as `{"user": "...", "password": "..."}`."""

    def __init__(self, folder: Path | None, environment: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._environment = os.environ if environment is None else environment

    def get(self, name: str | None) -> Mapping[str, str]:
        """The parts of a secret; none where no name is given. Raises SourceFailed."""
        if name is None:
            return {}
        if not NAME.fullmatch(name):
            raise SourceFailed("Credentials are named by letters, digits, _ and -.")
        variable = f"INGEST_SECRET_{name.upper().replace('-', '_')}"
        file = self._folder / f"{name}.json" if self._folder else None
        try:
            if file is not None and file.is_file():
                return _decode(file.read_bytes())
            if variable in self._environment:
                return _decode(self._environment[variable])
        except (OSError, msgspec.MsgspecError):
            # Without the reason: it may quote what it could not read.
            raise SourceFailed(f"The credentials {name!r} cannot be read.") from None
        raise SourceFailed(
            f"There are no credentials {name!r}: neither a file of INGEST_SECRETS nor {variable}."
        )
