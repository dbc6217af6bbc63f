"""The states of irf.finance in the words that an open page shows, by part, and the service each
belongs to.

Rule: only what is said is read: the lines of a position, which are most of it, are passed over. A
kind that is not known here is told without words, and breaks nothing.
"""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from services.publisher.domain import finance, finance_words, money, words
from services.publisher.domain.figures import Stamp
from services.publisher.domain.finance_sums import node_name
from shared.accounts.calendar import When
from shared.catalogue.model import Catalogue
from shared.contracts.capital import CapitalYear
from shared.contracts.finance import (
    Control,
    Figures,
    Hint,
    Node,
    Reconciliation,
    Reserve,
    Saving,
    Spend,
    Virement,
)
from shared.contracts.judged import RagState

Parts = dict[str, str]


class Told(NamedTuple):
    """The words of a state, and its service."""

    display: Parts | None = None
    service: str | None = None


class _Position(msgspec.Struct, gc=False):
    year: str
    level: str
    node: str
    period: int
    figures: Figures
    rag: RagState


class _CostCentre(msgspec.Struct, gc=False):
    year: str
    name: str
    is_now: Node
    period: int
    figures: Figures
    rag: RagState


class _Scheme(msgspec.Struct, gc=False):
    title: str
    years: dict[str, CapitalYear]
    total: CapitalYear
    rag: RagState
    service: str = ""
    status: str = ""


_decode_position = msgspec.json.Decoder(_Position).decode
_decode_cost_centre = msgspec.json.Decoder(_CostCentre).decode
_decode_virement = msgspec.json.Decoder(Virement).decode
_decode_saving = msgspec.json.Decoder(Saving).decode
_decode_reserve = msgspec.json.Decoder(Reserve).decode
_decode_reconciliation = msgspec.json.Decoder(Reconciliation).decode
_decode_hint = msgspec.json.Decoder(Hint).decode
_decode_scheme = msgspec.json.Decoder(_Scheme).decode
_decode_spend = msgspec.json.Decoder(Spend).decode
_decode_control = msgspec.json.Decoder(Control).decode


def told(subject: str, body: bytes | None, stamp: Stamp, catalogue: Catalogue) -> Told:
    """What an open page is told of a state. A state that is gone has no words."""
    kind = subject.partition("/")[0]
    if body is None:
        return Told(None, _service_of(subject, catalogue))
    read = _KINDS.get(kind)
    if read is None:
        return Told({}, None)
    found = read(subject, body, catalogue)
    if found.display:
        found.display.setdefault("fresh", f"Updated {words.moment(stamp.origin or stamp.time)}")
        found.display.setdefault("fresh_at", stamp.origin or stamp.time)
    return found


def _service_of(subject: str, catalogue: Catalogue) -> str | None:
    """The service that the subject itself names."""
    parts = subject.split("/")
    if parts[0] == "position" and len(parts) == 6 and parts[4] == "service":
        return unquote(parts[5]) or None
    if parts[0] in ("spend", "control", "hint") and len(parts) > 1:
        ledger = catalogue.ledgers.get(parts[1])
        dataset = catalogue.datasets.get(ledger.dataset) if ledger else None
        return dataset.service if dataset else None
    return None


def _position(subject: str, body: bytes, catalogue: Catalogue) -> Told:
    state = _decode_position(body)
    display = finance.display(state.figures, state.rag, When(state.year, state.period))
    name = node_name(catalogue, state.level, state.node)
    display["announce"] = f"{name}: {finance.variance(state.figures.variance)}"
    service = state.node if state.level == "service" else None
    return Told(display, service or None)


def _cost_centre(subject: str, body: bytes, catalogue: Catalogue) -> Told:
    state = _decode_cost_centre(body)
    display = finance.display(state.figures, state.rag, When(state.year, state.period))
    display["announce"] = f"{state.name}: {finance.variance(state.figures.variance)}"
    return Told(display, state.is_now.service or None)


def _virement(subject: str, body: bytes, catalogue: Catalogue) -> Told:
    state = _decode_virement(body)
    return Told({
        "title": state.title,
        "moved": finance.pounds(state.moved),
        "status": finance_words.virement_status(state),
        "text": finance_words.virement(state),
        "decision": state.decision or "None recorded",
    })  # fmt: skip


def _judged(rag: RagState) -> Parts:
    return {
        "outcome": rag.outcome,
        "outcome_word": finance.outcome(rag),
        "rule": words.sentence(rag.rule),
    }


def _saving(subject: str, body: bytes, catalogue: Catalogue) -> Told:
    state = _decode_saving(body)
    amounts = {
        name: finance.pounds(getattr(state, name))
        for name in ("target", "delivered", "forecast", "undeliverable")
    }
    stage = finance_words.STAGES.get(state.stage, words.sentence(state.stage))
    told = {**_judged(state.rag), **amounts, "stage": stage, "text": finance_words.saving(state)}
    return Told({**told, "announce": f"{state.title}: {stage}"}, state.service or None)


def _reserve(subject: str, body: bytes, catalogue: Catalogue) -> Told:
    state = _decode_reserve(body)
    amounts = {
        name: finance.pounds(getattr(state, name))
        for name in ("opening", "planned_in", "planned_out", "closing")
    }
    return Told({**_judged(state.rag), **amounts, "text": finance_words.reserve(state)})


def _reconciliation(subject: str, body: bytes, catalogue: Catalogue) -> Told:
    return Told(reconciliation_parts(_decode_reconciliation(body)))


def reconciliation_parts(state: Reconciliation) -> Parts:
    """A control total's row."""
    agreed = {True: "green", False: "red", None: "information"}[state.agrees]
    stated, difference = "Not stated", "–"
    if state.difference is not None:
        stated = finance.pence(state.amount - state.difference)
        difference = finance.pence(state.difference)
    return {
        "transactions": f"{state.transactions:,}",
        "amount": finance.pence(state.amount),
        "stated": stated,
        "difference": difference,
        "outcome": agreed,
        "outcome_word": finance_words.reconciliation_outcome(state),
        "text": finance_words.reconciliation(state),
    }


def _hint(subject: str, body: bytes, catalogue: Catalogue) -> Told:
    display = {"text": finance_words.hint(_decode_hint(body))}
    return Told(display, _service_of(subject, catalogue))


def _scheme(subject: str, body: bytes, catalogue: Catalogue) -> Told:
    state = _decode_scheme(body)
    display = {**_judged(state.rag), "status": state.status or "Not recorded"}
    for year, each in state.years.items():
        display |= capital_parts(each, f"{year}-")
    display |= capital_parts(state.total, "total-")
    display["announce"] = f"{state.title}: {finance.variance(state.total.variance)}"
    return Told(display, state.service or None)


def capital_parts(each: CapitalYear, prefix: str) -> Parts:
    """A scheme's year as parts; `prefix` names the year."""
    return {
        f"{prefix}{name}": finance.pounds(getattr(each, name), signed=name == "variance")
        for name in ("provisional", "original", "approved", "spend", "forecast", "variance")
    }


def _spend(subject: str, body: bytes, catalogue: Catalogue) -> Told:
    decode = _decode_control if subject.startswith("control/") else _decode_spend
    return Told(money.spend_display(decode(body)), _service_of(subject, catalogue))


_KINDS: dict[str, Callable[[str, bytes, Catalogue], Told]] = {
    "position": _position,
    "cost-centre": _cost_centre,
    "virement": _virement,
    "saving": _saving,
    "reserve": _reserve,
    "reconciliation": _reconciliation,
    "hint": _hint,
    "scheme": _scheme,
    "spend": _spend,
    "control": _spend,
}
