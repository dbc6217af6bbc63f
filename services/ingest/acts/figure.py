"""A figure that somebody gives for a period: the one-minute form.

Rule: a figure that is unlike those before it is asked about once more, and kept when somebody says
that it is right. What the form does not ask for stays as the record has it.
"""

from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import urlsplit

from services.ingest import returning
from services.ingest.acts.review import moved, not_yours
from services.ingest.acts.risk import written
from services.ingest.domain.contract import Contract
from services.ingest.domain.forms import Asked, Doubtful, Entry, FormRefused, refused
from services.ingest.domain.refusals import Fault, ValueRefused, shown
from services.ingest.domain.returns import due, sense
from services.ingest.domain.values import Value
from services.ingest.kept import Kept
from services.ingest.returning import Series, Unusable
from shared.catalogue.connectors import Return

SURE = "sure"
# Fields of any dataset may be called as a form's own are: in a form they are called otherwise.
OF_DATASET = "of-"


def typed(asked: Asked, name: str | None) -> str:
    """What was typed for a field of a dataset; nothing where there is no such field."""
    return asked.text(f"{OF_DATASET}{name}") if name else ""


def asked_for(kept: Kept, asked: Asked, code: str, period: str) -> Series:
    """The return and the period that an address names. Raises FormRefused."""
    found = kept.catalogue.returns.get(code)
    if found is None:
        raise refused(404, f"There is no return {code[:100]!r}.")
    when = due.period_named(found, period, asked.today)
    if when is None:
        raise refused(404, f"{found.title} is not given for {period[:40]!r}.")
    try:
        return returning.series(kept, found, when)
    except Unusable as wrong:
        raise refused(409, str(wrong)) from None


def give(kept: Kept, asked: Asked, code: str, period: str) -> Entry:
    """The record of a figure. Raises FormRefused."""
    found = asked_for(kept, asked, code, period)
    if not returning.may_give(asked.person, found.asked):
        raise not_yours(asked, "give this return")
    if asked.today <= found.period.end:
        raise refused(409, f"{found.period.label()} is not over yet.")
    if (found.found.version if found.found else 0) != asked.version:
        raise moved(found.found)
    values = _values(found, asked)
    note = typed(asked, found.asked.note)
    evidence = _evidence(found.asked, asked)
    _look_again(found, values, asked)
    contract, fixed = found.contract, returning.fixed(found.contract, found.asked, found.period)
    data = dict(found.found.fields) if found.found else {}
    data |= {**fixed, **values}
    for name, said in ((found.asked.note, note), (found.asked.evidence, evidence)):
        if name:
            data[name] = said
    texts = [found.asked.note] if found.asked.note else []
    return Entry(
        contract,
        as_written(contract, data),
        texts,
        detail={"return": found.asked.code, "period": found.period.code},
    )


def as_written(contract: Contract, data: Mapping[str, Value]) -> dict[str, Value]:
    """What a record says, as its contract reads it: days in the contract's own format."""
    days = {each.name for each in contract.dataset.fields if each.type == "date"}
    return {
        name: written(contract, name, str(value)) if value and name in days else value
        for name, value in data.items()
    }


def _values(found: Series, asked: Asked) -> dict[str, Value]:
    """The figures, or nothing where it is said why there is none. Raises FormRefused."""
    contract, names = found.contract, found.asked.ask
    given = {name: typed(asked, name) for name in names}
    reasons = returning.reasons(contract, found.asked)
    reason = typed(asked, found.asked.note) if reasons else ""
    if not any(given.values()):
        if reason:
            return dict.fromkeys(names)
        without = " Or choose why there is none." if reasons else ""
        raise refused(422, f"Enter the figure.{without}", names[0], "required")
    if reason:
        said = "There is a figure: do not say why there is none, or leave the figure blank."
        raise refused(422, said, found.asked.note, "both")
    faults: list[Fault] = []
    values: dict[str, Value] = {}
    for name, said in given.items():
        try:
            values[name] = contract.read(name, said)
            if values[name] is None:
                raise ValueRefused("required", f"{name} must have a value.")
        except ValueRefused as wrong:
            faults.append(Fault(name, wrong.rule, wrong.reason, shown(said)))
    if faults:
        raise FormRefused(422, faults)
    return values


def _look_again(found: Series, values: Mapping[str, Value], asked: Asked) -> None:
    """Raises Doubtful where the figure is unusual and nobody has said that it is right."""
    numbers = [None if value is None else Decimal(str(value)) for value in values.values()]
    given = sense.Figure(found.period, numbers)
    earlier = [returning.figure(each) for each in found.earlier]
    doubts = sense.doubts(found.asked, given, earlier)
    if doubts and asked.text(SURE) != sense.mark(doubts):
        raise Doubtful(doubts, sense.mark(doubts))


def _evidence(found: Return, asked: Asked) -> str:
    said = typed(asked, found.evidence)
    if not said:
        return ""
    try:
        address = urlsplit(said)
        good = address.scheme == "https" and bool(address.hostname) and not address.username
    except ValueError:
        good = False
    if not good or not said.isprintable() or any(each.isspace() for each in said):
        reason = "A link to evidence is an address that begins with https://."
        raise refused(422, reason, found.evidence, "link")
    return said
