"""Takes a form: judges the act and lets its record in, in one transaction.

Rule: what a form comes to goes the way of every record: its contract, the outbox, a batch with a
receipt. The same form sent twice has one effect.
"""

from collections.abc import Callable
from hashlib import sha256

import msgspec

from services.ingest.contracts import ContractKeeper, StaleContracts
from services.ingest.delivery import Delivery
from services.ingest.domain.forms import Asked, Entry, FormRefused, Personal, refused
from services.ingest.domain.intake import Prepared, from_records
from services.ingest.domain.json_rows import Item
from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import Fault, RequestRefused, RowRefused
from services.ingest.handlers import Ingest
from services.ingest.kept import Kept
from services.ingest.store import repository
from services.ingest.store.repository import Claim
from shared.catalogue.roles import ROLES
from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.own import Own
from shared.review.personal import personal

Act = Callable[[Kept, Asked], Entry]
ONCE = "once"
CONFIRMED = "confirmed"

_encode = msgspec.json.Encoder(order="sorted").encode


class Taking:
    """The forms' way in."""

    def __init__(self, store: Store, ingest: Ingest, keeper: ContractKeeper, own: Own) -> None:
        self._store = store
        self._ingest = ingest
        self._keeper = keeper
        self._own = own

    async def take(self, act: Act, asked: Asked, address: str) -> Receipt:
        """The receipt of a form that was taken. Raises FormRefused."""
        claim = _claim(asked, address)
        while True:
            await self._keeper.load()
            try:
                return await self._store.write(lambda tx: self._taken(tx, act, asked, claim))
            except StaleContracts:
                self._keeper.contracts.loaded = False
            except RowRefused as wrong:
                raise FormRefused(422, wrong.faults) from None

    def _taken(self, tx: Tx, act: Act, asked: Asked, claim: Claim | None) -> Receipt:
        self._keeper.look(tx, [])
        earlier = repository.claimed(tx, claim) if claim else None
        if claim and earlier and earlier[0] == claim.body_hash:
            return repository.receipt(tx, earlier[1])
        entry = act(Kept(tx, self._own, self._keeper.contracts), asked)
        prepared = _prepared(tx, entry)
        kinds = personal(*(str(entry.data.get(name) or "") for name in entry.texts))
        if not set(kinds) <= set(asked.text(CONFIRMED).split(",")):
            raise Personal(kinds)
        detail = {"form": asked.person.post, **entry.detail}
        delivery = Delivery(entry.contract, asked.arrived, claim=claim, detail=detail)
        [outcome] = self._ingest.accept_records(tx, [(delivery, prepared)])
        if isinstance(outcome, RequestRefused):
            raise refused(409, "You sent this form before, with other text. Look, and send again.")
        if outcome.rejections:
            first = outcome.rejections[0]
            raise refused(409, first.reason, first.field, first.rule)
        return outcome


def _prepared(tx: Tx, entry: Entry) -> Prepared:
    """The record, as its contract lets it in. Raises FormRefused with every fault."""
    contract = entry.contract
    needed = {part.name for part in ROLES.get(str(contract.dataset.role), ()) if part.needed}
    faults = [
        Fault(name, "required", f"{name} must have a value.", None)
        for name in sorted(needed)
        if name in entry.data and entry.data[name] in ("", None)
    ]
    if faults:
        raise FormRefused(422, faults)
    prepared = from_records(contract, [(1, Item(data=dict(entry.data)))])
    if prepared.rejections:
        raise FormRefused(
            422,
            [Fault(each.field, each.rule, each.reason, each.raw) for each in prepared.rejections],
        )
    [(subject, _)] = prepared.states
    held = repository.record(tx, subject) if entry.new else None
    if held is not None and held.body is not None:
        raise refused(409, "There is such a record already; this dataset holds one a day.")
    return prepared


def _claim(asked: Asked, address: str) -> Claim | None:
    """The form's wish to count once: a page gives each of its forms a name of its own."""
    once = asked.text(ONCE)
    if not 0 < len(once) <= 64 or not once.isalnum():
        return None
    said = {name: text for name, text in asked.values.items() if name != CONFIRMED}
    digest = sha256(_encode([asked.person.code, said])).hexdigest()
    return Claim(f"form/{address}"[:400], once, digest)
