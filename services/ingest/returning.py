"""Returns as the store has them: what was given for each period, and where each of them stands.

Rule: a return and a period name one record, so what is given is read by its subject and never
searched for, however many records a dataset has.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from services.ingest.domain.contract import Contract
from services.ingest.domain.dates import LONDON
from services.ingest.domain.refusals import RowRefused, ValueRefused
from services.ingest.domain.returns import due, sense
from services.ingest.domain.returns.due import Given, Standing
from services.ingest.domain.values import Value
from services.ingest.kept import Found, Kept
from shared.catalogue.connectors import Return
from shared.catalogue.contributions import REASONS
from shared.catalogue.datasets import Field
from shared.catalogue.periods import Period
from shared.catalogue.review import Person
from shared.contracts import subjects
from shared.contracts.fields import text
from shared.review.posts import same_post

# Earlier figures that a new one is looked at beside.
BEFORE = 8
# What a batch says of who brought it, where a person did.
BY_HAND = ("form", "by")


class Unusable(Exception):
    """A return that does not fit the dataset that it is for, in words."""


class Series(NamedTuple):
    """A return for one period: its contract, its record if there is one, and what was given for
    the periods before, the nearest first."""

    asked: Return
    period: Period
    contract: Contract
    found: Found | None
    earlier: list[Given]

    @property
    def given(self) -> Given | None:
        """What is given for the period."""
        return given(self.contract, self.asked, self.period, self.found) if self.found else None


def may_give(person: Person, asked: Return) -> bool:
    """Whether somebody gives a return: its owner, its deputy, and a performance officer any."""
    posts = [asked.owner, *([asked.deputy] if asked.deputy else [])]
    return "performance officer" in person.roles or any(
        same_post(person.post, each) for each in posts
    )


def series(kept: Kept, asked: Return, period: Period) -> Series:
    """A return for a period, with what was given before. Raises Unusable."""
    contract = contract_of(kept, asked)
    wanted = [period, *due.neighbours(period, BEFORE)]
    names = [subject(contract, asked, each) for each in wanted]
    found = kept.many(names)
    earlier = (
        given(contract, asked, each, found[name])
        for each, name in zip(wanted[1:], names[1:], strict=True)
        if name in found
    )
    told = [each for each in earlier if each is not None]
    return Series(asked, period, contract, found.get(names[0]), told)


def standings(kept: Kept, returns: Iterable[Return], today: date) -> list[Standing]:
    """Where every period of these returns stands. Those that do not fit are left out."""
    wanted: list[tuple[Contract, Return, Period, str]] = []
    for asked in returns:
        try:
            contract = contract_of(kept, asked)
            wanted += [
                (contract, asked, period, subject(contract, asked, period))
                for period in due.periods(asked, today)
            ]
        except Unusable:
            continue
    found = kept.many([name for *_, name in wanted])
    details = kept.details({each.batch for each in found.values()})
    by_hand = {
        name for name, each in found.items() if details.get(each.batch, {}).keys() & set(BY_HAND)
    }
    return [
        due.standing(
            asked,
            period,
            given(contract, asked, period, found[name], by_hand=name in by_hand)
            if name in found
            else None,
            today,
        )
        for contract, asked, period, name in wanted
    ]


def given(
    contract: Contract, asked: Return, period: Period, found: Found, *, by_hand: bool = False
) -> Given | None:
    """What a record says for a period; None where it says nothing of what is asked for, as when
    another return of the same record was given."""
    values = [_told(found.fields.get(name)) for name in asked.ask]
    note = text(found.fields, asked.note) if asked.note else ""
    explained = note in reasons(contract, asked)
    if not any(values) and not explained:
        return None
    on = datetime.fromisoformat(found.time).astimezone(LONDON).date()
    return Given(period, values, note, found.version, on, by_hand, explained)


def figure(found: Given) -> sense.Figure:
    """What was given, as numbers."""
    values = [None if each is None else Decimal(each) for each in found.values]
    return sense.Figure(found.period, values)


def contract_of(kept: Kept, asked: Return) -> Contract:
    """The contract of a return's dataset. Raises Unusable."""
    contract = kept.dataset(asked.dataset)
    if contract is None:
        raise Unusable(f"There is no dataset {asked.dataset}.")
    return contract


def subject(contract: Contract, asked: Return, period: Period) -> str:
    """The subject of the record that a return for a period is. Raises Unusable."""
    try:
        key = contract.key_of(fixed(contract, asked, period))
    except (ValueRefused, RowRefused, KeyError) as wrong:
        raise Unusable(f"The return {asked.code} does not fit its dataset: {wrong}") from None
    return subjects.record(contract.code, key)


def fixed(contract: Contract, asked: Return, period: Period) -> dict[str, Value]:
    """What the record of a return for a period says whatever the figure is. Raises ValueRefused."""
    said: dict[str, Value] = {
        name: contract.read(name, value) for name, value in asked.fields.items()
    }
    said[asked.period] = due.written(contract.dataset.types()[asked.period], period)
    return said


def field_of(contract: Contract, name: str) -> Field:
    """A field of a dataset."""
    return next(each for each in contract.dataset.fields if each.name == name)


def label(contract: Contract, name: str) -> str:
    """What a field is called for people: as its column is headed."""
    found = field_of(contract, name)
    return found.headers[0] if found.headers else name.replace("_", " ").capitalize()


def reasons(contract: Contract, asked: Return) -> Sequence[str]:
    """Why a figure may be withheld, where the note is to say one of a few reasons."""
    choices = field_of(contract, asked.note).choices if asked.note else []
    return choices if choices and set(choices) <= set(REASONS) else ()


def _told(value: object) -> str | None:
    return None if value is None else str(value)
