"""What an indicator's page says of its definition, in words."""

from services.publisher.domain import aids, words
from services.publisher.domain.saying import saying
from shared.catalogue.model import Catalogue, Indicator, Target
from shared.catalogue.periods import parse_period
from shared.catalogue.targets import in_force
from shared.contracts.states import IndicatorValue

_WANTED = {
    "high": "Higher is better",
    "low": "Lower is better",
    "goldilocks": "Nearer to the target is better",
}
_INFLUENCE = {
    "control": "The council controls it",
    "influence": "The council influences it",
    "context": "Context: it describes the place or the demand",
}
NOT_RECORDED = "Not recorded"


def about(
    catalogue: Catalogue, found: Indicator, value: IndicatorValue | None
) -> list[tuple[str, list[str]]]:
    """The definition in words, as headings with one or more lines."""
    told: list[tuple[str, list[str]]] = [
        ("Direction", [_WANTED.get(found.polarity, "Neither higher nor lower is better")]),
        ("Influence", [_INFLUENCE.get(found.influence or "", NOT_RECORDED)]),
        ("Owner", [found.owner or NOT_RECORDED]),
        ("Deputy", [found.deputy] if found.deputy else []),
        ("Frameworks and returns", _frameworks(catalogue, found)),
        ("Target", _target(found, value)),
        ("When it is published", _when(found)),
        ("Breaks in the series", [each.words() for each in aids.breaks_of(found)]),
    ]
    return [(heading, lines) for heading, lines in told if lines]


def _frameworks(catalogue: Catalogue, found: Indicator) -> list[str]:
    lines = []
    for each in found.frameworks:
        known = catalogue.frameworks.get(each.framework)
        name = known.name if known else each.framework
        lines.append(f"{name}: {each.code}" if each.code else name)
    return lines


def _target(found: Indicator, value: IndicatorValue | None) -> list[str]:
    """The target in force, where it comes from and who approved it."""
    if value is None:
        return []
    set_by = in_force(found, parse_period(value.period.code))
    if set_by is None:
        return []
    say = saying(found, value.unit, value.value)
    lines = [f"{words.period(value.period.code)}: {say.target(value.target)}"]
    if value.target is not None and value.target.floor is not None:
        lines.append(f"The least that will do: {say.plain(value.target.floor)}")
    return lines + _approval(set_by)


def _approval(target: Target) -> list[str]:
    if not target.approved_by:
        return []
    on = f" on {words.field(target.approved_on)}" if target.approved_on else ""
    return [f"Approved by {target.approved_by}{on}"]


def _when(found: Indicator) -> list[str]:
    lines = []
    if found.follow_up_days:
        lines.append(f"Each case is followed up for {found.follow_up_days} days")
    if found.due_days is not None:
        lines.append(f"Due {found.due_days} days after the period ends")
    if found.final_after_days is not None:
        lines.append(f"Provisional until {found.final_after_days} days after the period ends")
    return lines
