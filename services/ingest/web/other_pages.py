"""The pages of a quarter's cycle, a risk's review and an action's progress."""

from services.ingest.acts import action as actions
from services.ingest.acts import risk as risks
from services.ingest.acts.cycle import WRITTEN, missing
from services.ingest.acts.matters import cycle_of, quarter_named
from services.ingest.domain import acting
from services.ingest.domain.forms import Asked
from services.ingest.kept import Kept
from services.ingest.web import words
from services.ingest.web.desk import Page
from services.ingest.web.form import Field, Form, has, limit
from shared.catalogue.scale import Scale
from shared.contracts.fields import text
from shared.review import cycle


def cycle_page(kept: Kept, asked: Asked, period: str) -> Page:
    """Where a quarter stands, and where it can go."""
    quarter = quarter_named(period)
    standing = cycle_of(kept, quarter.code)
    lacks = missing(kept, quarter.code, asked)
    contract = kept.contract("cycle-step")
    forms = []
    for to in cycle.onward(standing.stage):
        back = cycle.STAGES.index(to) < cycle.STAGES.index(standing.stage)
        fields = []
        if to == cycle.FROZEN:
            hint = (
                "Needed if anything is missing." if not lacks else "Needed: something is missing."
            )
            label = "Why is it frozen although something is missing?"
            fields = has(
                contract, Field("despite", label, hint=hint, limit=limit(contract, "despite"))
            )
        verb = "Go back to" if back else "Freeze:" if to == cycle.FROZEN else "Go on to"
        title = "Freeze the quarter" if to == cycle.FROZEN else f"{verb} {to}"
        forms.append(
            Form(
                f"to-{to.replace(' ', '-')}",
                "step",
                title,
                title,
                fields,
                "What is frozen is never changed." if to == cycle.FROZEN else "",
                {"to": WRITTEN[to]},
            )
        )
    rows = [("Stands at", standing.stage), ("You act as", asked.person.post)]
    rows += [
        (WRITTEN[each.to], f"{each.by}, {words.instant(each.at)}. {each.despite}".rstrip(". "))
        for each in standing.steps
    ]
    hints = [f"Missing: {'; '.join(lacks)}."] if lacks and standing.stage != cycle.FROZEN else []
    note = "The quarter is frozen: what is reported does not change any more."
    return Page(
        words.quarter(quarter), "The cycle of a quarter", rows, forms, note=note, hints=hints
    )


def risk_page(kept: Kept, asked: Asked, reference: str) -> Page:
    """What a risk's owner can do: review it, or move it between tiers."""
    found = risks.risk_named(kept, reference)
    thing = risks.thing(found)
    policy, at = kept.catalogue.risk_policy, risks.stands_at(kept, reference)
    names = {tier.code: tier.name for tier in policy.tiers}
    rows = [
        ("Reference", reference),
        ("Owner", thing.owner or "Nobody"),
        ("Tier", names.get(at, at) or "None"),
        ("You act as", asked.person.post),
    ]
    closed = text(found.fields, "status").strip().casefold() == "closed"
    forms = []
    if not closed and acting.owns(asked.person, thing, kept.catalogue):
        forms.append(_review(kept, asked))
        if len(names) > 1:
            forms.append(_move(kept, names, at))
    note = "The risk is closed." if closed else f"{asked.person.post} does not own this risk."
    return Page(thing.title, "Review of a risk", rows, forms, note=note)


def _review(kept: Kept, asked: Asked) -> Form:
    contract = kept.contract("risk-review")
    matrix = kept.catalogue.matrix
    fields = []
    for name in risks.LEVELS:
        levels = getattr(Scale(matrix), name) if matrix else []
        options = [("", "As before")] + [
            (str(number), f"{number}: {level.name}" if level.name != str(number) else level.name)
            for number, level in enumerate(levels, 1)
        ]
        fields.append(Field(name, name.capitalize(), "select", options=options))
    fields.append(Field("reason", "Why is the score what it is?", limit=limit(contract, "reason")))
    prompts = risks.considered(asked.text("considered") or asked.text("prompts"))
    if prompts:
        fields.append(
            Field(
                "considered",
                "Which of these did you consider?",
                "checkboxes",
                options=[(each, each) for each in prompts],
            )
        )
    hidden = {"prompts": ",".join(risks.considered(asked.text("prompts")) or prompts)}
    return Form(
        "review", "review", "Review the risk", "Save review", has(contract, *fields), "", hidden
    )


def _move(kept: Kept, names: dict[str, str], at: str) -> Form:
    contract = kept.contract("risk-move")
    options = [(code, name) for code, name in names.items() if code != at]
    fields = has(
        contract,
        Field("tier", "To which tier?", "radios", options=options),
        Field("reason", "Why does it move?", limit=limit(contract, "reason")),
    )
    return Form("move", "move", "Move the risk to another tier", "Move risk", fields)


def action_page(kept: Kept, asked: Asked, reference: str) -> Page:
    """How far an action is, and the form to say so."""
    found = actions.action_named(kept, reference)
    said = found.fields
    rows = [
        ("Reference", reference),
        ("Owner", text(said, "owner") or "Nobody"),
        ("Due", text(said, "due")),
        ("You act as", asked.person.post),
    ]
    forms = []
    if actions.may_progress(kept, asked, found):
        statuses = [(each, each) for each in actions.STATUSES]
        fields = has(
            kept.contract("action"),
            Field(
                "status",
                "Where does it stand?",
                "radios",
                value=text(said, "status") or actions.STATUSES[0],
                options=statuses,
            ),
            Field(
                "progress",
                "How much is done, in percent?",
                "input",
                text(said, "progress"),
                limit=3,
            ),
            Field("forecast", "When will it be done?", "date", text(said, "forecast")),
            Field("done", "When was it done?", "date", text(said, "done")),
        )
        hidden = {"version": str(found.version)}
        forms.append(
            Form("progress", "progress", "Progress", "Save progress", fields, hidden=hidden)
        )
    note = f"{asked.person.post} does not answer for this action."
    return Page(text(said, "title"), "Progress of an action", rows, forms, note=note)
