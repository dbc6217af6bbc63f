"""The live stream's own rules: cursors, filters, and what waits for one client.

Rule: a client's memory is bounded. Only the newest state of a subject waits for it, in cursor
order; when more subjects wait than it may hold, all are dropped for one `resync`, which tells it
to read the whole page again. Nothing here knows a network.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec

from shared.contracts.topics import CONTRACTS, FINANCE, INDICATORS, RISKS

KINDS: Final[dict[str, str]] = {
    INDICATORS: "indicators",
    FINANCE: "finance",
    RISKS: "risks",
    CONTRACTS: "contracts",
}
# The kind of what is said of a dataset's supply; it travels among the records.
SUPPLY: Final = "supply"
ALL_KINDS: Final = (*KINDS.values(), SUPPLY)
WAITING_SUBJECTS = 500
PING = b": ping\n"

# Why a client is told to read everything again.
UNKNOWN_ID = "the last event id is not one of this store"
TOO_FAR_BEHIND = "too much changed since the last event id"
TOO_MUCH_AT_ONCE = "too much changed at once"
DEFINITIONS_CHANGED = "definitions changed"
REBUILT = "the figures were rebuilt"

T = TypeVar("T")

_ID = re.compile(r"([0-9a-f]{8})-([0-9]{1,18})", re.ASCII)
_OF_INDICATOR = "indicator/"
_encode = msgspec.json.Encoder().encode


def event_id(store: str, cursor: int) -> str:
    """The `id` of an event: the store it came from, and how far its cursor had grown."""
    return f"{store}-{cursor}"


def cursor_of(text: str, store: str) -> int | None:
    """The cursor in an id, or None: another store's, or nonsense."""
    found = _ID.fullmatch(text)
    if found is None or found[1] != store:
        return None
    return int(found[2])


def block(kind: str, identity: str, data: bytes) -> bytes:
    """One event as it goes over the wire. `data` is JSON, which holds no raw newline."""
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (identity.encode(), kind.encode(), data)


def opening(identity: str | None, retry_ms: int) -> bytes:
    """The first bytes of a stream: when to come back, and from where if that is known."""
    start = "" if identity is None else f"id: {identity}\n"
    return f"retry: {retry_ms}\n{start}\n".encode()


def resync(store: str, cursor: int, reason: str) -> bytes:
    """Tells a client that it missed something: read everything again, as at `cursor` or later."""
    identity = event_id(store, cursor)
    return block("resync", identity, _encode({"cursor": identity, "reason": reason}))


@dataclass(frozen=True, slots=True)
class Message:
    """One subject's newest state, encoded once for every client.

    Of a private one, whoever is not signed in is sent `public` instead, or nothing where it is
    None. `about` is what a review is about, `indicators` what rests on a supply.
    """

    cursor: int
    kind: str
    subject: str
    service: str | None
    themes: frozenset[str]
    wire: bytes
    private: bool = False
    public: bytes | None = None
    about: str = ""
    indicators: frozenset[str] = frozenset()

    @property
    def rooms(self) -> set[str]:
        """Where those who asked for one indicator wait for it, beside all who asked for none."""
        if self.kind == SUPPLY:
            return {"", *self.indicators}
        return {"", _head(self.about.removeprefix(_OF_INDICATOR) or self.subject)}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a client asked to see, and whether it may see what is not for everybody. Empty parts
    ask for everything."""

    kinds: frozenset[str] = frozenset()
    service: str = ""
    theme: str = ""
    indicator: str = ""
    signed_in: bool = False

    def wants(self, message: Message) -> bool:
        """Whether a message passes."""
        if message.kind == SUPPLY:
            # Whose indicators rest on it is seen on the page.
            asked = not self.kinds or SUPPLY in self.kinds
            return asked and (not self.indicator or self.indicator in message.indicators)
        return (
            (not self.kinds or message.kind in self.kinds)
            and (not self.service or message.service == self.service)
            and (not self.theme or self._of_theme(message))
            and (not self.indicator or self._is_of(message))
            and self.wire(message) is not None
        )

    def _of_theme(self, message: Message) -> bool:
        """Money is of no theme: whoever asks for it by name beside a theme gets all of it."""
        return self.theme in message.themes or (
            message.kind == KINDS[FINANCE] and message.kind in self.kinds
        )

    def _is_of(self, message: Message) -> bool:
        if message.about:
            return message.about == f"{_OF_INDICATOR}{self.indicator}"
        return message.subject.startswith(f"{self.indicator}/")

    def wire(self, message: Message) -> bytes | None:
        """The bytes that this client may be sent of a message; None: none."""
        return message.wire if self.signed_in or not message.private else message.public


class Audience(Generic[T]):
    """Who listens, by what they asked. Of thousands many ask the same: a message is held against
    each different filter once, and against those of an indicator only where it is about that."""

    def __init__(self) -> None:
        self._rooms: dict[str, dict[Filter, set[T]]] = {}

    def add(self, wanted: Filter, who: T) -> None:
        """Somebody listens from now on."""
        self._rooms.setdefault(_head(wanted.indicator), {}).setdefault(wanted, set()).add(who)

    def remove(self, wanted: Filter, who: T) -> None:
        """Somebody listens no longer."""
        room = self._rooms[_head(wanted.indicator)]
        room[wanted].discard(who)
        if not room[wanted]:
            del room[wanted]
        if not room:
            del self._rooms[_head(wanted.indicator)]

    def wanting(self, messages: Iterable[Message]) -> Iterator[tuple[Sequence[Message], set[T]]]:
        """What each of those who ask the same wants of some messages, with who they are."""
        found: dict[Filter, list[Message]] = {}
        for message in messages:
            for room in message.rooms:
                for wanted in self._rooms.get(room, ()):
                    if wanted.wants(message):
                        found.setdefault(wanted, []).append(message)
        for wanted, some in found.items():
            yield some, self._rooms[_head(wanted.indicator)][wanted]


def _head(subject: str) -> str:
    return subject.partition("/")[0]


class Mailbox:
    """What waits for one client."""

    __slots__ = ("_limit", "_pinged", "_waiting", "_wire", "after", "overflowed")

    def __init__(self, wanted: Filter, after: int, limit: int = WAITING_SUBJECTS) -> None:
        self._wire = wanted.wire
        self.after = after
        self._limit = limit
        self._waiting: dict[tuple[str, str], Message] = {}
        self.overflowed = ""
        self._pinged = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, messages: Iterable[Message]) -> bool:
        """Takes messages that the client wants; answers whether there is something to send."""
        if self.overflowed:
            return True
        waiting = self._waiting
        for message in messages:
            if message.cursor <= self.after:
                continue
            key = (message.kind, message.subject)
            # Taken out first: an updated subject moves to the end, so cursors stay in order.
            waiting.pop(key, None)
            waiting[key] = message
        if len(waiting) > self._limit:
            self.overflow(TOO_MUCH_AT_ONCE)
        return bool(waiting or self.overflowed)

    def overflow(self, reason: str) -> None:
        """Drops what waits: the client must read everything again."""
        self._waiting.clear()
        self.overflowed = reason

    def ping(self) -> None:
        """Asks for a sign of life."""
        self._pinged = True

    def take(self, store: str, position: int) -> bytes:
        """The bytes to send now, or none. `position` is the newest cursor already broadcast."""
        pinged, self._pinged = self._pinged, False
        if self.overflowed:
            reason, self.overflowed = self.overflowed, ""
            self.after = position
            return resync(store, position, reason)
        if self._waiting:
            sent = list(self._waiting.values())
            self._waiting.clear()
            self.after = sent[-1].cursor
            return b"".join([self._wire(message) or b"" for message in sent])
        if pinged:
            # Nothing up to here was for this client: it need not look at it after a reconnect.
            self.after = max(self.after, position)
            return b"%bid: %b\n\n" % (PING, event_id(store, self.after).encode())
        return b""
