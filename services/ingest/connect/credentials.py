"""What lets a call of a service in: a token, a name and password, a key, or OAuth credentials.

Rule: what lets in goes into a header of the one service that it is for, and nowhere else. A token
that was exchanged is kept in memory for its life.
"""

import base64
import re
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus

from services.ingest.connect.http import Answer, Answered, Http, told
from services.ingest.connect.source import Fetching, SourceFailed

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", re.ASCII)
# A token is left a little before its time, and lives this long where nothing is said.
EARLY = timedelta(seconds=30)
SHORT_LIFE = 300

# Tokens by what they were exchanged for; the secret itself is only a part of a fingerprint.
_TOKENS: dict[str, tuple[str, datetime]] = {}


class Credentials:
    """The headers of a connector's calls."""

    def __init__(self, http: Http, asked: Fetching) -> None:
        self._http = http
        self._asked = asked
        calls = asked.connector.calls
        self._token = calls.token if calls else None
        self._scope = calls.scope if calls else None

    @property
    def exchanged(self) -> bool:
        """Whether a token is exchanged, so that a new one may help where one was refused."""
        return self._token is not None

    async def headers(self, *, anew: bool = False) -> dict[str, str]:
        """What lets the next call in; `anew`: by a token that is new. Raises SourceFailed."""
        secret = self._asked.secret
        if self._token is not None:
            return {"Authorization": f"Bearer {await self._exchanged(self._token, anew=anew)}"}
        if not secret:
            return {}
        if "token" in secret:
            return _header("Authorization", f"Bearer {secret['token']}")
        if "user" in secret:
            return {"Authorization": _basic(secret["user"], self._asked.need("password"))}
        return _header(self._asked.need("header"), self._asked.need("key"))

    async def _exchanged(self, address: str, *, anew: bool) -> str:
        name, secret = self._asked.need("client_id"), self._asked.need("client_secret")
        parts = "\0".join((address, name, secret, self._scope or ""))
        slot = sha256(parts.encode()).hexdigest()
        now = self._asked.clock.now()
        kept = _TOKENS.get(slot)
        if kept is not None and kept[1] > now and not anew:
            return kept[0]
        form = {"grant_type": "client_credentials"}
        if self._scope:
            form["scope"] = self._scope
        basic = {"Authorization": _basic(quote_plus(name), quote_plus(secret))}
        try:
            answer = await self._http.post(address, form, basic)
        except Answered as refused:
            if refused.status not in (400, 401):
                raise
            # Some services take the credentials in the form alone.
            inside = form | {"client_id": name, "client_secret": secret}
            answer = await self._http.post(address, inside)
        token, seconds = _token(answer)
        _TOKENS[slot] = (token, now + timedelta(seconds=seconds) - EARLY)
        return token


def _token(answer: Answer) -> tuple[str, int]:
    said: Any = answer.json()
    token = said.get("access_token") if isinstance(said, dict) else None
    if not isinstance(token, str) or not _sendable(token):
        raise SourceFailed(f"{told(answer.address)} gave no token.")
    kind = said.get("token_type", "bearer")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise SourceFailed(f"{told(answer.address)} gave a token that is no bearer token.")
    life = said.get("expires_in", SHORT_LIFE)
    if isinstance(life, str) and life.isdecimal():
        life = int(life)
    return token, min(life, 86_400) if isinstance(life, int) else SHORT_LIFE


def _basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def _header(name: str, value: str) -> dict[str, str]:
    if not _NAME.fullmatch(name) or not _sendable(value):
        raise SourceFailed("The credentials hold characters that no header takes.")
    return {name: value}


def _sendable(value: str) -> bool:
    return bool(value) and value.isascii() and value.isprintable()
