"""Forms as pages show them: fields with what was typed, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from services.ingest.acts.figure import OF_DATASET, SURE
from services.ingest.domain.contract import Contract
from services.ingest.domain.forms import Doubtful, FormRefused, Moved, Personal
from services.ingest.domain.values import LONGEST_TEXT
from services.ingest.taking import CONFIRMED

Kind = Literal["textarea", "input", "number", "select", "radios", "checkboxes", "date"]
DATE_PARTS = ("day", "month", "year")


@dataclass(frozen=True)
class Field:
    """A field of a form. `theirs` is what somebody else wrote meanwhile."""

    name: str
    label: str
    kind: Kind = "textarea"
    value: str = ""
    hint: str = ""
    limit: int = 0
    options: Sequence[tuple[str, str]] = ()
    error: str = ""
    theirs: str = ""

    @property
    def plain(self) -> str:
        """The field of the dataset that it is: without what keeps it apart from a form's own."""
        return self.name.removeprefix(OF_DATASET)

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The day, month and year of a date, as far as there are any."""
        split = self.value.split("-") if self.value.count("-") == 2 else ["", "", ""]
        year, month, day = split
        return list(zip(DATE_PARTS, (day.lstrip("0"), month.lstrip("0"), year), strict=True))


@dataclass(frozen=True)
class Form:
    """A form of a page, of a name that no other form of it has. `does` is the act."""

    name: str
    does: str
    title: str
    button: str
    fields: Sequence[Field]
    intro: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    refused: FormRefused | None = None


def limit(contract: Contract, name: str) -> int:
    """How many characters a field of a dataset takes."""
    found = next((each for each in contract.dataset.fields if each.name == name), None)
    return (found.max_length if found else None) or LONGEST_TEXT


def has(contract: Contract, *fields: Field) -> list[Field]:
    """Of these fields, those that the dataset has: what it has not would not be kept."""
    return [each for each in fields if each.name in contract.names]


def again(form: Form, typed: Mapping[str, str], refused: FormRefused) -> Form:
    """The form as it was sent, with what is wrong with it, ready to be sent again."""
    reasons: dict[str, str] = {}
    for fault in refused.faults:
        if fault.field:
            reasons.setdefault(fault.field, fault.reason)
    theirs = refused.theirs if isinstance(refused, Moved) else {}
    fields = [
        replace(
            each,
            value=typed.get(each.name, ""),
            error=_reason(each, reasons.get(each.name) or reasons.get(each.plain, "")),
            theirs=str(theirs.get(each.plain) or ""),
        )
        for each in form.fields
    ]
    if isinstance(refused, Personal):
        fields.append(
            Field(
                CONFIRMED,
                "I have looked",
                "checkboxes",
                options=[(",".join(refused.kinds), "Keep it as it is: it is not about a person")],
                error=refused.faults[0].reason,
            )
        )
    if isinstance(refused, Doubtful):
        fields.append(
            Field(
                SURE,
                "I have looked at the figure again",
                "checkboxes",
                options=[(refused.mark, "Keep it as it is: it is right")],
                error=" ".join(each.reason for each in refused.faults),
            )
        )
    # What was confirmed before stays confirmed while something else is asked about.
    named = {each.name for each in fields}
    confirmed = {name: typed[name] for name in (CONFIRMED, SURE) if typed.get(name)}
    hidden = {name: value for name, value in confirmed.items() if name not in named}
    hidden |= form.hidden
    if isinstance(refused, Moved):
        hidden["version"] = str(refused.version)
    return replace(form, fields=fields, hidden=hidden, refused=refused)


def _reason(found: Field, reason: str) -> str:
    """In the words of the page: a field is called there by its label."""
    return reason.replace(f"{found.plain} must", f"{found.label} must", 1)
