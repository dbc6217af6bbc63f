"""Pseudonyms: a keyed hash in the place of what tells who somebody is.

Rule: the same person has the same pseudonym in every dataset, however capitals and spaces are
written, and nobody without the key can tell whose it is or make one. What was sent goes no
further than this.
"""

import hmac
import unicodedata
from collections.abc import Callable
from typing import Any

from services.ingest.domain.values import Value

_CHARACTERS = 32
_PURPOSE = b"irf-pseudonym-1\0"


class Pseudonyms:
    """Makes pseudonyms with one key."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def of(self, text: str) -> str:
        """The pseudonym of a text: 32 hexadecimal characters."""
        plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
        return hmac.digest(self._key, _PURPOSE + plain.encode(), "sha256").hex()[:_CHARACTERS]

    def instead_of(self, convert: Callable[[Any], Value]) -> Callable[[Any], Value]:
        """The same conversion of a value, with the pseudonym as what comes out of it."""

        def hidden(raw: Any) -> Value:
            value = convert(raw)
            return None if value is None else self.of(str(value))

        return hidden
