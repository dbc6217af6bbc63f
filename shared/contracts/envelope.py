"""The event envelope: CloudEvents 1.0, structured JSON, one event about one subject.

Rule: an event says what its subject *is now*. `version` only grows for a subject, `data` is the
full state, and `data: null` is a tombstone. Decoding accepts what it does not know; a consumer
of another age must be able to read us.
"""

import msgspec

from shared.contracts.topics import TOPICS


class Event(msgspec.Struct, rename={"version": "subjectversion"}, omit_defaults=True, gc=False):
    """One event. The last four are our CloudEvents extension attributes.

    `correlationid` is the batch (or request) that led here; `origin` is when the change that led
    here was accepted at the door (ISO 8601, UTC); `logepoch` grows when an owner finds its topic
    new or rewound and says everything again.
    """

    id: str
    source: str
    type: str
    subject: str
    time: str
    version: str
    data: msgspec.Raw
    specversion: str = ""
    datacontenttype: str = ""
    correlationid: str = ""
    origin: str = ""
    logepoch: int = 0


class UnreadableEvent(ValueError):
    """The bytes on the topic are not an event that this envelope can read."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Event).decode


def encode(
    topic: str,
    subject: str,
    version: int,
    body: bytes | None,
    *,
    source: str,
    time: str,
    correlation: str,
    origin: str,
    epoch: int,
) -> bytes:
    """The bytes on the wire for a new state (`body` is JSON), or a tombstone (`body` None)."""
    return _encode(
        Event(
            specversion="1.0",
            id=f"{topic}/{subject}@{version}",
            source=source,
            type=TOPICS[topic].event_type,
            subject=subject,
            time=time,
            version=str(version),
            datacontenttype="application/json",
            data=msgspec.Raw(b"null" if body is None else body),
            correlationid=correlation,
            origin=origin,
            logepoch=epoch,
        )
    )


def decode(raw: bytes | None) -> Event:
    """Reads an event; raises UnreadableEvent with the reason."""
    try:
        event = _decode(raw or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableEvent(str(error)) from error
    # The version orders everything; a value that is not a plain decimal string must not get in.
    version = event.version
    if not (version.isascii() and version.isdigit() and len(version) < 19):
        raise UnreadableEvent(f"subjectversion is not a whole number: {version[:40]!r}")
    return event


def body_of(event: Event) -> bytes | None:
    """The state as JSON bytes, or None for a tombstone."""
    data = bytes(event.data)
    return None if data == b"null" else data
