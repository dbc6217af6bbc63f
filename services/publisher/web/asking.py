"""Who asks for a page, and where the forms are that go with it.

Rule: reading is here, writing is at the door: pages link to ingest's forms, and say where to come
back to.
"""

import re
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from fastapi import Request

from services.publisher.settings import Settings
from services.publisher.web.reader import Reader
from shared.catalogue.review import Person

# What may stand in a link as the name of a machine; a Host header may hold anything.
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Asker:
    """Who asks (None: somebody who is not signed in), and where forms lead and come back to."""

    person: Person | None = None
    forms: str = ""
    back: str = ""

    @property
    def signed_in(self) -> bool:
        """Whether what is not for everybody may be shown."""
        return self.person is not None

    def review_form(self, period: str, about: str, value: str = "") -> str:
        """Where commentary is written, challenged and signed off; `value` is what a sign-off there
        answers for."""
        where = ("review", quote(period, safe=""), quote(about, safe="/"))
        return self._form(*where, value=value)

    def cycle_form(self, period: str, missing: str = "") -> str:
        """Where a quarter is taken on; `missing` is what the figures lack for a freeze."""
        return self._form("cycle", quote(period, safe=""), missing=missing)

    def risk_form(self, reference: str, prompts: Iterable[str] = ()) -> str:
        """Where a risk is reviewed, and moved to another tier."""
        return self._form("risks", quote(reference, safe=""), "review", prompts=",".join(prompts))

    def action_form(self, reference: str) -> str:
        """Where it is said how far an action is."""
        return self._form("actions", quote(reference, safe=""), "progress")

    def my_returns(self) -> str:
        """Where somebody who is signed in sees the figures that they are to give."""
        return f"{self.forms}/returns" if self.forms and self.signed_in else ""

    def return_form(self, code: str, period: str) -> str:
        """Where a figure is given for a period."""
        return self._form("returns", quote(code, safe=""), quote(period, safe=""))

    def upload(self) -> str:
        """Where somebody who is signed in brings files."""
        return f"{self.forms}/upload" if self.forms and self.signed_in else ""

    def sign_in(self) -> str:
        """Where somebody says who they are."""
        return self._form("who")

    def _form(self, *parts: str, **told: str) -> str:
        if not self.forms:
            return ""
        asked = {"back": self.back} | {name: text for name, text in told.items() if text}
        return f"{self.forms}/{'/'.join(parts)}?{urlencode(asked)}"


_now: ContextVar[Asker | None] = ContextVar("asker", default=None)


def asker_now() -> Asker:
    """Who asks in the request that is being answered; nobody where none is."""
    return _now.get() or Asker()


class Asking:
    """Says who asks."""

    def __init__(self, settings: Settings, reader: Reader) -> None:
        self._forms = settings.forms
        self._reader = reader

    async def asker(self, request: Request) -> Asker:
        """Who makes a request."""
        query = f"?{request.url.query}" if request.url.query else ""
        forms = self._forms.rstrip("/") or _next_port(request)
        return Asker(await self._reader(request), forms, f"{request.url.path}{query}")

    async def remember(self, request: Request) -> None:
        """Notes who makes a request, for the frame around its page."""
        _now.set(await self.asker(request))


def own_address(request: Request) -> str:
    """The address that a request came to, without its path; empty where a link cannot lead to
    it."""
    host = _host(request)
    port = f":{request.url.port}" if request.url.port else ""
    return f"{request.url.scheme}://{host}{port}" if host else ""


def _next_port(request: Request) -> str:
    """The address of the next port, by the name that the request came to; empty where it has none
    that a link can lead to."""
    url, host = request.url, _host(request)
    return f"{url.scheme}://{host}:{(url.port or _PORTS[url.scheme]) + 1}" if host else ""


def _host(request: Request) -> str:
    """The name that a request came to, where a link can lead to it."""
    url = request.url
    host = url.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    return host if url.scheme in _PORTS and _HOST.fullmatch(host) else ""
