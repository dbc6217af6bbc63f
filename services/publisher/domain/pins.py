"""A dashboard as its address has it: what is pinned, in its order.

Rule: the address is the whole of a dashboard; nobody keeps one but whoever keeps the address. What
an address says wrongly is told beside what it says rightly, and is never an error.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import quote, unquote, urlencode

from services.publisher.domain.finance import LEVELS
from shared.catalogue.kinds_of_period import KINDS as PERIODS

MOST = 40
MOST_LETTERS = 240
MOST_NAME = 80
# What can be pinned, with how many parts its address has at the least and at the most.
PARTS = {
    "indicator": (1, 3),
    "service": (1, 1),
    "risk": (1, 1),
    "contract": (1, 1),
    "scheme": (1, 1),
    "finance": (2, 3),
}
CODE_LETTERS = 120


class Pin(NamedTuple):
    """Something that is pinned. Of an indicator the parts are its code, a kind of period and a
    member of a breakdown; of money a level, a code and a fund; else a code."""

    kind: str
    parts: tuple[str, ...]

    @property
    def code(self) -> str:
        """What it is called among its kind."""
        return self.parts[0]

    def part(self, place: int) -> str:
        """A part, empty where there is none."""
        return self.parts[place] if len(self.parts) > place else ""

    def text(self) -> str:
        """The pin as an address has it: `indicator/EP02/month/ward=27`, `risk/R1`."""
        return "/".join([self.kind, *(quote(each, safe="=") for each in self.parts)])


def pin(text: str) -> Pin | None:
    """A pin out of its text; None where it is none."""
    kind, _, rest = text.strip().partition("/")
    if kind not in PARTS or len(text) > MOST_LETTERS:
        return None
    least, most = PARTS[kind]
    # A code alone may have a stroke in it, whoever typed it and whatever decoded it.
    parts = [unquote(each) for each in (rest.split("/") if most > 1 else [rest])]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    wrong = any(len(each) > CODE_LETTERS or not each.isprintable() for each in parts)
    if not parts[0] or wrong or not least <= len(parts) <= most:
        return None
    if kind == "indicator":
        if len(parts) == 3 and not parts[1]:
            return None
        if len(parts) > 1 and parts[1] not in PERIODS:
            return None
    if kind == "finance":
        # A cost centre is in one fund; anything else is looked at in one.
        wanted = 2 if parts[0] == "cost-centre" else 3
        if parts[0] not in LEVELS or len(parts) != wanted or not all(parts):
            return None
    return Pin(kind, tuple(parts))


@dataclass(frozen=True)
class Dashboard:
    """What is pinned under a name; `wrong` are the pins that are none, `left` how many there were
    too many."""

    pins: Sequence[Pin] = ()
    name: str = ""
    wrong: Sequence[str] = ()
    left: int = 0

    @property
    def query(self) -> str:
        """The dashboard as the query of an address."""
        asked = [("name", self.name)] if self.name else []
        asked += [("pin", each.text()) for each in self.pins]
        return urlencode(asked, safe="/=")

    @property
    def address(self) -> str:
        """The dashboard's page."""
        return f"/dashboard?{self.query}" if self.query else "/dashboard"

    def with_pin(self, new: Pin) -> "Dashboard":
        """The dashboard with one more at its end."""
        return self if new in self.pins else replace(self, pins=[*self.pins, new])

    def without(self, place: int) -> "Dashboard":
        """The dashboard without the pin at a place."""
        return replace(self, pins=[each for n, each in enumerate(self.pins) if n != place])

    def moved(self, place: int, by: int) -> "Dashboard":
        """The dashboard with the pin at a place moved up or down; the same at an edge."""
        to = place + by
        if not (0 <= place < len(self.pins) and 0 <= to < len(self.pins)):
            return self
        pins = list(self.pins)
        pins[place], pins[to] = pins[to], pins[place]
        return replace(self, pins=pins)

    def named(self, name: str) -> "Dashboard":
        """The dashboard under another name."""
        return replace(self, name=name_of(name))


def name_of(text: str) -> str:
    """A name as it is shown: one line, and not too long."""
    shown = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(shown.split())[:MOST_NAME].strip()


def dashboard(texts: Iterable[str], name: str = "") -> Dashboard:
    """The dashboard that an address asks for: each pin once, and so many of them as there may
    be."""
    found: dict[Pin, None] = {}
    wrong: dict[str, None] = {}
    left = 0
    for text in texts:
        each = pin(text)
        if each is None:
            if text.strip():
                wrong[text.strip()] = None
        elif each not in found:
            if len(found) < MOST:
                found[each] = None
            else:
                left += 1
    return Dashboard(list(found), name_of(name), list(wrong), left)
