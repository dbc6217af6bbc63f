"""What is sent to a webhook: whether it is from whom it should be, and the rows in it.

Rule: a message is known by its signature over its id, its time and its very bytes (Standard
Webhooks), and by our own clock it is not older or newer than five minutes. Whoever is refused is
not told why.
"""

import binascii
import hmac
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from services.ingest.connect.debezium import Debezium
from services.ingest.connect.messages import Change, Emptied, Unreadable, parse
from services.ingest.connect.paths import OtherShape, is_gone, record, rows_in
from services.ingest.connect.source import SourceFailed
from services.ingest.domain.contract import Contract, spelling
from services.ingest.domain.json_rows import MOST_ROWS, Item, Numbered
from services.ingest.domain.refusals import RequestRefused
from shared.catalogue.connectors import Messages

TOLERANCE = timedelta(minutes=5)
LONGEST_ID = 255
# While a secret is exchanged for another, messages are signed by both.
MOST_SIGNATURES = 10


class NotSigned(Exception):
    """A message that is not from whom it should be, or not of now."""


def signed_id(
    secret: Mapping[str, str], headers: Mapping[str, str], body: bytes, now: datetime
) -> str:
    """The id of a message that was signed with `secret` or with `previous`. Raises NotSigned, and
    SourceFailed where the secret itself will not do."""
    name, said = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    signatures = headers.get("webhook-signature", "").split(" ")
    if not 0 < len(name) <= LONGEST_ID or not name.isascii() or not name.isprintable():
        raise NotSigned
    if not (said.isascii() and said.isdecimal()) or len(said) > 11:
        raise NotSigned
    when = datetime.fromtimestamp(int(said), UTC)
    if abs(now - when) > TOLERANCE:
        raise NotSigned
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NotSigned from None
    expected = [_signer(each).sign(name, when, text).encode() for each in _secrets(secret)]
    found = [
        hmac.compare_digest(each.encode(), one)
        for each in signatures[:MOST_SIGNATURES]
        for one in expected
    ]
    if not any(found):
        raise NotSigned
    return name


def _secrets(secret: Mapping[str, str]) -> list[str]:
    found = [secret[name] for name in ("secret", "previous") if secret.get(name)]
    if not secret.get("secret"):
        raise SourceFailed("The credentials of the webhook have no secret.")
    return found


def _signer(secret: str) -> Webhook:
    try:
        return Webhook(secret)
    except (EmptyWebhookSecretError, binascii.Error, ValueError):
        raise SourceFailed("The secret of the webhook is not written as whsec_...") from None


def rows_of(contract: Contract, messages: Messages, body: bytes) -> list[Numbered]:
    """The rows of a message, numbered. Raises RequestRefused where it is no JSON, or of another
    shape."""
    try:
        if messages.envelope == "debezium":
            found = Debezium(contract, messages).read(None, body)
        else:
            found = list(_plain(contract, messages, parse(body)))
    except Emptied:
        raise RequestRefused(
            422, "The source's table was emptied at one stroke; which records are gone is not said."
        ) from None
    except Unreadable as unreadable:
        raise RequestRefused(400, f"The message cannot be read. {unreadable}") from None
    except OtherShape as other:
        raise RequestRefused(422, str(other)) from None
    if len(found) > MOST_ROWS:
        raise RequestRefused(413, f"A message holds at most {MOST_ROWS:,} rows.")
    return [(number, _item(contract, change)) for number, change in enumerate(found, 1)]


def _plain(contract: Contract, messages: Messages, message: Any) -> Iterator[Change]:
    """What the rows of a message say: each is judged by itself."""
    for row in rows_in(message, messages.items):
        data = record(row, messages.fields, contract)
        yield Change(data, gone=is_gone(row, messages.deleted))


def _item(contract: Contract, change: Change) -> Item:
    if not change.gone:
        return Item(data=dict(change.data))
    named = {contract.spellings.get(spelling(name)): each for name, each in change.data.items()}
    # Each part is checked with the key, and a blank one refused there.
    key: list[Any] = [named.get(each) for each in contract.key_fields]
    return Item(key=key, deleted=True)
