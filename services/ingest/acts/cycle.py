"""The cycle of a quarter: moved a stage on or back, and frozen."""

from services.ingest.acts.matters import challenges_of, cycle_of, not_now, quarter_named
from services.ingest.acts.review import not_yours
from services.ingest.domain.forms import Asked, Entry, refused
from services.ingest.kept import Kept
from shared.contracts.fields import text
from shared.review import challenges, cycle, signing
from shared.review.cycle import FROZEN, Step

# As records write the stages.
WRITTEN = {stage: stage[:1].upper() + stage[1:] for stage in cycle.REACHED}


def step(kept: Kept, asked: Asked, period: str) -> Entry:
    """A step of the cycle. To freeze although something is missing, somebody says why."""
    quarter = quarter_named(period)
    if "performance officer" not in asked.person.roles:
        raise not_yours(asked, "move the quarter on")
    to = cycle.stage_named(asked.text("to"))
    standing = cycle_of(kept, quarter.code)
    why = cycle.refusal(standing.stage, to)
    if why:
        raise not_now(why)
    if to == FROZEN and missing(kept, quarter.code, asked) and not asked.text("despite"):
        raise refused(
            422, "Something is missing: say why the quarter is frozen all the same.",
            "despite", "required",
        )  # fmt: skip
    at = asked.moment(each.at for each in standing.steps)
    counted = cycle.folded([*standing.steps, Step(to, asked.person.post, at, "")])
    if counted.set_aside:
        raise not_now("a step of this quarter is dated later than now")
    return Entry(
        kept.contract("cycle-step"),
        {
            "period": quarter.code,
            "step": f"{len(standing.steps) + 1:03}-{asked.token()}",
            "to": WRITTEN[to],
            "despite": asked.text("despite") if to == FROZEN else "",
            "by": asked.person.post,
            "at": at,
        },
        ("despite",),
        new=True,
    )


def missing(kept: Kept, quarter: str, asked: Asked | None = None) -> list[str]:
    """What is known at the door to be missing, in words. What only the figures tell, such as who
    has not signed yet, the form brings along from the page it was opened from."""
    open_ones = sum(
        each.stage != challenges.CLOSED for each in challenges_of(kept, quarter).values()
    )
    queries = sum(
        text(each.fields, "status") == signing.UNDER_QUERY
        for each in kept.where("data-query", "period", quarter)
    )
    told = asked.text("missing") if asked else ""
    return [
        words
        for words in (
            f"{open_ones} challenge{'s' * (open_ones != 1)} not closed" if open_ones else "",
            f"{queries} figure{'s' * (queries != 1)} under query" if queries else "",
            told if told not in ("", "0") else "",
        )
        if words
    ]
