"""The one-minute form: a figure for a period, beside what was given before."""

from collections.abc import Iterator

from services.ingest import returning
from services.ingest.acts import figure
from services.ingest.acts.figure import OF_DATASET
from services.ingest.domain.forms import Asked
from services.ingest.domain.returns import due
from services.ingest.kept import Kept
from services.ingest.returning import Series
from services.ingest.web import words
from services.ingest.web.desk import Page
from services.ingest.web.form import Field, Form, limit
from shared.contracts.fields import text

# Earlier figures that stand beside the form.
SHOWN = 4


def return_page(kept: Kept, asked: Asked, code: str, period: str) -> Page:
    """The page of a return for a period."""
    found = figure.asked_for(kept, asked, code, period)
    standing = due.standing(found.asked, found.period, found.given, asked.today)
    rows = [
        ("Period", found.period.label()),
        ("Due", f"{words.day(standing.due)}: {words.STATES[standing.state][0].lower()}"),
        ("Owner", found.asked.owner or "Nobody"),
    ]
    if found.asked.deputy:
        rows.append(("Deputy", found.asked.deputy))
    may = returning.may_give(asked.person, found.asked)
    over = asked.today > found.period.end
    note = f"{asked.person.post} does not give this return: {found.asked.owner} does."
    if not over:
        note = f"{found.period.label()} is not over yet: the figure is given from the day after."
    return Page(
        found.asked.title,
        f"Return for {found.period.label()}",
        rows,
        [_form(found)] if may and over else [],
        note=note,
        hints=[found.asked.help] if found.asked.help else [],
        earlier=[_shown(found, each) for each in found.earlier[:SHOWN]],
        earlier_of=[returning.label(found.contract, name) for name in found.asked.ask],
    )


def _form(found: Series) -> Form:
    given = found.given is not None
    return Form(
        "give",
        "give",
        "Change the figure" if given else "Give the figure",
        "Save",
        list(_fields(found)),
        "It is given already. What you save takes its place." if given else "",
        {"version": str(found.found.version if found.found else 0)},
    )


def _fields(found: Series) -> Iterator[Field]:
    asked, contract = found.asked, found.contract
    said = found.found.fields if found.found else {}
    last = found.earlier[0] if found.earlier else None
    for index, name in enumerate(asked.ask):
        before = last.values[index] if last else None
        hint = f"{last.period.label()}: {words.number(before)}" if last and before else ""
        yield Field(
            f"{OF_DATASET}{name}",
            returning.label(contract, name),
            "number",
            "" if said.get(name) is None else str(said[name]),
            hint,
        )
    if asked.note:
        yield _note(found, asked.note, text(said, asked.note))
    if asked.evidence:
        hint = "Where the figure can be checked. It begins with https://"
        value = text(said, asked.evidence)
        name = f"{OF_DATASET}{asked.evidence}"
        yield Field(name, "Link to evidence (optional)", "input", value, hint)


def _note(found: Series, name: str, value: str) -> Field:
    choices = returning.field_of(found.contract, name).choices
    called = f"{OF_DATASET}{name}"
    if returning.reasons(found.contract, found.asked):
        options = [("", "There is a figure"), *((each, words.REASONS[each]) for each in choices)]
        return Field(called, "If there is no figure, why?", "radios", value, options=options)
    if choices:
        options = [("", "Nothing"), *((each, each) for each in choices)]
        return Field(called, "Note (optional)", "select", value, options=options)
    longest = limit(found.contract, name)
    return Field(called, "Note (optional)", "textarea", value, limit=longest)


def _shown(found: Series, given: due.Given) -> tuple[str, list[str]]:
    """A period and what was given for it."""
    values = ["" if each is None else words.number(each) for each in given.values]
    if not any(values):
        why = given.note if returning.reasons(found.contract, found.asked) else ""
        values[0] = words.REASONS.get(why, "No figure")
    return given.period.label(), values
