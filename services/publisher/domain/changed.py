"""What changed between two versions of a value, and why.

Rule: a reason is read from the two states alone. Inputs that came to something else by the same
definition moved with their records; by another definition, with that. Where nothing but status or
outcome moved, time went on. A value is revised when, on a later day than the one on which it first
was final, its number changed.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from services.publisher.domain import words
from services.publisher.domain.explain import plain
from services.publisher.domain.saying import Saying
from shared.contracts.states import IndicatorValue, MeasureInput

RECORDS, DEFINITION, TARGET, CALENDAR = "records", "definition", "target", "calendar"


class Move(NamedTuple):
    """An input that came to something else."""

    name: str
    before: MeasureInput | None
    after: MeasureInput | None


class Reason(NamedTuple):
    """Why a value changed: its kind, and a sentence."""

    kind: str
    text: str


def moves(now: IndicatorValue, before: IndicatorValue) -> list[Move]:
    """The inputs that came to something else, or rest on more or fewer records."""
    names = dict.fromkeys((*now.measures, *before.measures))
    found = (Move(name, before.measures.get(name), now.measures.get(name)) for name in names)
    return [each for each in found if _came_to(each.before) != _came_to(each.after)]


def _came_to(each: MeasureInput | None) -> tuple[Decimal | None, int] | None:
    if each is None:
        return None
    return None if each.value is None else Decimal(each.value), each.records


def reasons(
    now: IndicatorValue,
    before: IndicatorValue,
    batch: str,
    say: Saying,
    title_of: Callable[[str], str],
) -> list[Reason]:
    """Why a value is another version. `title_of` names a measure."""
    found = _definitions(now, before, title_of)
    moved = moves(now, before)
    counted_anew = {
        name
        for name, each in now.measures.items()
        if name in before.measures and each.definition != before.measures[name].definition
    }
    by_records = [
        each for each in moved if each.before and each.after and each.name not in counted_anew
    ]
    if by_records:
        told = "; ".join(f"{title_of(each.name)} {move_words(each)}" for each in by_records)
        of = f" of batch {batch}" if batch else ""
        found.append(Reason(RECORDS, f"Records{of} moved it: {told}."))
    if _target(now) != _target(before):
        text = f"The target changed from {_aim(before, say)} to {_aim(now, say)}."
        found.append(Reason(TARGET, text))
    if not found:
        found.append(Reason(CALENDAR, _time_went_on(now, before)))
    return found


def _definitions(
    now: IndicatorValue, before: IndicatorValue, title_of: Callable[[str], str]
) -> list[Reason]:
    found = []
    if now.definition != before.definition:
        text = (
            f"The definition changed from version {before.definition} to version {now.definition}"
        )
        if now.formula != before.formula:
            text += f", its formula from {before.formula} to {now.formula}"
        found.append(Reason(DEFINITION, f"{text}."))
    for name, each in now.measures.items():
        old = before.measures.get(name)
        if old is not None and old.definition != each.definition:
            text = f"The definition of {title_of(name)} changed from version {old.definition} "
            found.append(Reason(DEFINITION, f"{text}to version {each.definition}."))
    return found


def told(value: IndicatorValue, say: Saying) -> str:
    """A value as it is shown."""
    return words.no_value(value.reason) if value.value is None else say(Decimal(value.value))


def move_words(move: Move) -> str:
    """`from 2 to 3`, and where the number is the same, the records."""
    before, after = _input(move.before), _input(move.after)
    if before == after and move.before and move.after:
        return f"still {after}, from {move.before.records:,} to {move.after.records:,} records"
    return f"from {before} to {after}"


def _input(each: MeasureInput | None) -> str:
    if each is None:
        return "not used"
    return "no value" if each.value is None else plain(each.value)


def _target(value: IndicatorValue) -> tuple[str | None, ...]:
    found = value.target
    if found is None:
        return ()
    return found.value, found.low, found.high, found.floor


def _aim(value: IndicatorValue, say: Saying) -> str:
    return "none" if value.target is None else say.target(value.target)


def _time_went_on(now: IndicatorValue, before: IndicatorValue) -> str:
    if now.status != before.status and now.status:
        return f"Time went on: it is {now.status} now."
    if now.rag.outcome != before.rag.outcome:
        outcome = words.OUTCOMES.get(now.rag.outcome, now.rag.outcome).lower()
        return f"Time went on, or a figure it is compared with moved: it is {outcome} now."
    if now.value != before.value:
        return "A figure it is made of was worked out again."
    return "It was worked out again and says the same in other words."


def revised(ends_of_days: Sequence[tuple[str, IndicatorValue | None]]) -> str | None:
    """When a value was last revised: the time of that version. Given what stood at the end of each
    day, oldest first."""
    last = None
    settled: IndicatorValue | None = None
    for time, value in ends_of_days:
        if value is None:
            continue
        if settled is not None and _number(value) != _number(settled):
            last = time
        if settled is not None or value.status == "final":
            settled = value
    return last


def _number(value: IndicatorValue) -> Decimal | None:
    return None if value.value is None else Decimal(value.value)
