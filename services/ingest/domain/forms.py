"""What a form asks for, and how the door says no to it.

Rule: who says something and when is the door's to say, never the form's. A refusal names the field
and the rule, and nothing of what was typed is lost by it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from services.ingest.domain.contract import Contract
from services.ingest.domain.dates import LONDON
from services.ingest.domain.refusals import Fault
from shared.catalogue.review import Person

# Clocks go back an hour in October, and machines' clocks by less: what follows something is said
# later than it. Beyond this the earlier one is wrongly dated, and nothing is made up after it.
_CLOCKS_DIFFER = timedelta(hours=2)
_STEP = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Asked:
    """A form as somebody sent it: the person, when it came, and what they typed. `token` makes a
    short text that nothing has been called yet."""

    person: Person
    arrived: datetime
    values: Mapping[str, str]
    token: Callable[[], str]

    def text(self, name: str) -> str:
        """A field as it was typed."""
        return self.values.get(name, "")

    @property
    def today(self) -> date:
        """The day on which it came, where the councils are."""
        return self.arrived.astimezone(LONDON).date()

    @property
    def version(self) -> int:
        """The version of the record that the form was made from; 0 where there was none."""
        said = self.text("version")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0

    def moment(self, after: Iterable[str] = ()) -> str:
        """When it is said: as the door's clock has it, but later than what it follows."""
        now = self.arrived.astimezone(LONDON).replace(tzinfo=None)
        last = max(after, default="")
        if last:
            before = datetime.fromisoformat(last)
            if now <= before <= now + _CLOCKS_DIFFER:
                now = before + _STEP
        return now.isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class Entry:
    """The record that a form comes to. `texts` are the fields that people will read; `new` says
    that there is no such record yet, `detail` what its batch is to be known by."""

    contract: Contract
    data: dict[str, Any]
    texts: Sequence[str] = ()
    new: bool = False
    detail: Mapping[str, str] = field(default_factory=dict)


class FormRefused(Exception):
    """A form that is not taken: the HTTP status that says so, and every fault."""

    def __init__(self, status: int, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].reason)
        self.status = status
        self.faults = faults


class Moved(FormRefused):
    """The record is another one by now than the form was made from. `theirs` is what it says,
    `version` which version that is, `by` and `at` who said it and when, as far as it is known."""

    def __init__(self, theirs: Mapping[str, Any], version: int, by: str, at: str) -> None:
        super().__init__(
            409,
            [
                Fault(
                    None,
                    "version",
                    "Somebody else changed this while you wrote. Both texts are below: nothing is"
                    " lost, and nothing of yours is kept yet.",
                    None,
                )
            ],
        )
        self.theirs = theirs
        self.version = version
        self.by = by
        self.at = at


class Personal(FormRefused):
    """A text seems to hold personal identifiers, and nobody has confirmed that it may."""

    def __init__(self, kinds: Sequence[str]) -> None:
        super().__init__(
            422,
            [
                Fault(
                    "confirmed",
                    "personal",
                    f"The text seems to hold: {', '.join(kinds)}. Take it out, or confirm that it"
                    " is not about a person.",
                    None,
                )
            ],
        )
        self.kinds = kinds


class Doubtful(FormRefused):
    """A figure that is unlike those before it, and nobody has said that it is right. `mark` stands
    for these doubts and no others."""

    def __init__(self, doubts: Sequence[str], mark: str) -> None:
        super().__init__(
            422, [Fault("sure", "unusual", f"{each} Is it right?", None) for each in doubts]
        )
        self.mark = mark


def refused(status: int, reason: str, field: str | None = None, rule: str = "rule") -> FormRefused:
    """A form with one fault."""
    return FormRefused(status, [Fault(field, rule, reason, None)])


def sentence(reason: str) -> str:
    """A rule's reason, as a sentence of its own."""
    return reason[:1].upper() + reason[1:].rstrip(".") + "."
