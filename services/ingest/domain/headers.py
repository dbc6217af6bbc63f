"""What is said of columns that do not fit a contract, and of those that came or went.

Rule: a column that is missing is told with the one that it was perhaps renamed to.
"""

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from services.ingest.domain.contract import Contract, spelling

RULE = "header"


def missing_columns(
    contract: Contract, found: Collection[str | None], unknown: Iterable[str]
) -> list[dict[str, str]]:
    """A problem for each field whose column a file must have and has not; `unknown` are the
    headers that stand for no field."""
    left = {spelling(each): each.strip() for each in unknown if spelling(each)}
    problems = []
    for each in contract.dataset.fields:
        if each.name in found or each.optional:
            continue
        message = f"The column for {each.name} is missing."
        if near := _nearest([each.name, *each.headers], left):
            message += f" It was perhaps renamed to {near!r}."
        wanted = " or ".join(each.headers) or each.name
        problems.append({"column": wanted, "rule": RULE, "field": each.name, "message": message})
    return problems


def _nearest(names: Sequence[str], left: dict[str, str]) -> str | None:
    for name in names:
        if near := get_close_matches(spelling(name), left, n=1):
            return left[near[0]]
    for name in names:
        short = spelling(name)
        for spelled, header in left.items():
            if len(short) > 3 and (short in spelled or (len(spelled) > 3 and spelled in short)):
                return header
    return None


def columns_changed(before: Sequence[str], now: Sequence[str]) -> tuple[list[str], list[str]]:
    """The columns that are new and those that are gone, as they are written."""
    known = {spelling(each) for each in before}
    here = {spelling(each) for each in now}
    new = [each for each in now if spelling(each) and spelling(each) not in known]
    gone = [each for each in before if spelling(each) and spelling(each) not in here]
    return new, gone
