"""What the pages of forms share: reading what is kept, taking a form, and showing it again.

Rule: who is refused sees why, on the page, with everything they typed. After success a browser is
led on, so that reloading sends nothing again; and never to another site than the publisher's.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from secrets import token_hex
from typing import Any, TypeVar
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from services.ingest.contracts import ContractKeeper
from services.ingest.domain.dates import LONDON
from services.ingest.domain.forms import Asked, FormRefused, Moved
from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import RowRefused
from services.ingest.kept import Kept
from services.ingest.settings import Settings
from services.ingest.taking import Act, Taking
from services.ingest.web import words
from services.ingest.web.form import DATE_PARTS, Form, again
from shared.catalogue.model import Catalogue
from shared.catalogue.review import Person
from shared.db.store import Store
from shared.delivery.own import Own
from shared.identity.identity import Identity
from shared.runtime.clock import Clock
from shared.runtime.problems import Problem
from shared.web.site import Site

FORM_BYTES = 64 * 1024
MOST_FIELDS = 300
LONGEST_BACK = 500
# What a page was opened with, and every form of it carries on: the figure as it was shown, and
# what the page of the cycle knows to be missing.
CARRIED = ("value", "missing")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|[0-9a-fA-F:]{2,45}")
_BACK = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f-\x9f]*")
_IN_ADDRESSES = "/?#&=%:@!$'()*+,;~"


@dataclass
class Page:
    """What a page of forms shows: `rows` are facts, `voices` and `steps` what others said,
    `earlier` what was given before, period by period, under the headings `earlier_of`."""

    title: str
    caption: str
    rows: list[tuple[str, str]]
    forms: Sequence[Form]
    voices: Sequence[Mapping[str, Any]] = ()
    challenges: Sequence[Mapping[str, Any]] = ()
    note: str = ""
    hints: Sequence[str] = field(default_factory=list)
    earlier: Sequence[tuple[str, Sequence[str]]] = ()
    earlier_of: Sequence[str] = ()


Look = Callable[[Kept, Asked], Page]
T = TypeVar("T")


class Desk:
    """Where forms are shown and taken."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        keeper: ContractKeeper,
        own: Own,
        taking: Taking,
        identity: Identity,
        site: Site,
        settings: Settings,
        token: Callable[[], str] | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._keeper = keeper
        self._own = own
        self._taking = taking
        self.identity = identity
        self._site = site
        self._settings = settings
        self._token = token or (lambda: token_hex(4))

    async def show(self, request: Request, person: Person, look: Look) -> Response:
        """The page with its forms."""
        asked = self._asked(person, dict(request.query_params))
        return await self._page(request, asked, look, None)

    async def take(
        self, request: Request, person: Person, look: Look, acts: Mapping[str, Act]
    ) -> Response:
        """Takes a form: leads on once it is in, else shows it again."""

        async def take(asked: Asked) -> Receipt:
            act = acts.get(asked.text("does"))
            if act is None:
                raise Problem(400, "The form does not say what it does.")
            return await self._taking.take(act, asked, request.url.path)

        return await self.take_by(request, person, look, take)

    async def take_by(
        self,
        request: Request,
        person: Person,
        look: Look,
        take: Callable[[Asked], Awaitable[Receipt]],
        to: str = "/received/{}",
    ) -> Response:
        """The same for a form that is taken in a way of its own; `to` is where it leads on."""
        asked = self._asked(person, await _typed(request))
        try:
            receipt = await take(asked)
        except FormRefused as refused:
            return await self._page(request, asked, look, refused)
        back = asked.text("back")
        if not is_path(back):
            return RedirectResponse(to.format(receipt.batch), 303)
        return RedirectResponse(self.way_back(request, back), 303)

    def publisher(self, request: Request) -> str:
        """The publisher's origin: as set, else the next port below on the same host."""
        if self._settings.publisher:
            return self._settings.publisher.rstrip("/")
        host = request.url.hostname or ""
        if not _HOST.fullmatch(host):
            raise Problem(400, "The address has no host that can be led on to.")
        port = (request.url.port or self._settings.port) - 1
        return f"{request.url.scheme}://{f'[{host}]' if ':' in host else host}:{port}"

    def way_back(self, request: Request, back: str) -> str:
        """The address of a path of the publisher's."""
        return self.publisher(request) + quote(back, safe=_IN_ADDRESSES)

    async def catalogue(self) -> Catalogue:
        """The catalogue in force."""
        return await self._keeper.catalogue()

    async def kept(self, work: Callable[[Kept], T]) -> T:
        """What `work` reads of what is kept now."""
        contracts = await self._keeper.current()
        return await self._store.read(lambda tx: work(Kept(tx, self._own, contracts)))

    @property
    def today(self) -> date:
        """The day, where the councils are."""
        return self.now.date()

    @property
    def now(self) -> datetime:
        """The moment, where the councils are, as a clock on the wall there shows it."""
        return self._clock.now().astimezone(LONDON).replace(tzinfo=None)

    async def page(
        self, request: Request, template: str, facts: Mapping[str, Any], status: int = 200
    ) -> Response:
        """A page in the frame, with who acts and the way back to the publisher."""
        catalogue = await self._keeper.catalogue()
        publisher = self.publisher(request)
        all_facts = {
            "council": catalogue.council,
            "home": f"{publisher}/",
            "acting": await self.identity.who(request),
            "here": request.url.path,
            "words": words,
            **facts,
        }
        return self._site.page(template, all_facts, status, forms_to=publisher)

    def _asked(self, person: Person, values: Mapping[str, str]) -> Asked:
        return Asked(person, self._clock.now(), values, self._token)

    async def _page(
        self, request: Request, asked: Asked, look: Look, refused: FormRefused | None
    ) -> Response:
        contracts = await self._keeper.current()
        try:
            found = await self._store.read(lambda tx: look(Kept(tx, self._own, contracts), asked))
        except FormRefused as none:
            raise Problem(none.status, none.faults[0].reason) from None
        except RowRefused as wrong:
            raise Problem(404, wrong.faults[0].reason) from None
        forms = list(found.forms)
        known = False
        for at, form in enumerate(forms):
            if refused and form.name == asked.text("form"):
                forms[at] = again(form, asked.values, refused)
                known = True
        back = asked.text("back")
        facts = {
            "page": found,
            "forms": [(form, token_hex(16)) for form in forms],
            "refused": refused,
            "moved": refused if isinstance(refused, Moved) else None,
            # What was typed into a form that is not there any more stands on the page all the same.
            "typed": [] if known or not refused else _words_of(asked.values),
            "back": back if is_path(back) else "",
            "leads_back": self.way_back(request, back) if is_path(back) else "",
            "kept": {name: asked.text(name) for name in CARRIED if asked.text(name)},
        }
        return await self.page(request, "forms.html", facts, refused.status if refused else 200)


def is_path(back: str) -> bool:
    """Whether a text is a path of the publisher, and nothing that a browser takes for a host."""
    return len(back) <= LONGEST_BACK and _BACK.fullmatch(back) is not None


_NOT_TYPED = frozenset(
    {"does", "form", "once", "back", "version", "challenge", "voice", "level", "to", "sure"}
    | set(CARRIED)
)


def _words_of(values: Mapping[str, str]) -> list[str]:
    return [text for name, text in values.items() if text and name not in _NOT_TYPED]


async def _typed(request: Request) -> dict[str, str]:
    """What was typed: line breaks as one character, several choices parted by commas, and the
    three parts of a date as one."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Problem(415, "A form comes as application/x-www-form-urlencoded.")
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        typed: dict[str, list[str]] = {}
        for name, value in form.multi_items():
            if isinstance(value, str):
                text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
                typed.setdefault(name, []).append(text)
    values = {name: ",".join(each for each in said if each) for name, said in typed.items()}
    for name in [each.removesuffix("-day") for each in values if each.endswith("-day")]:
        day, month, year = (values.pop(f"{name}-{part}", "") for part in DATE_PARTS)
        values[name] = _date(day, month, year)
    return values


def _date(day: str, month: str, year: str) -> str:
    if not (day or month or year):
        return ""
    if all(each.isascii() and each.isdigit() and len(each) <= 4 for each in (day, month, year)):
        return f"{int(year):04}-{int(month):02}-{int(day):02}"
    return f"{year}-{month}-{day}"
