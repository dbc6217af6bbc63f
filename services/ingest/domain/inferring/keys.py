"""What could tell one record from another: a column, two or three together, or nothing but all.

Rule: a key is never blank and never comes twice in the rows seen. Measurements that happen to
differ are no key.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from services.ingest.domain.inferring.deciding import Proposed
from services.ingest.domain.inferring.headings import words

_NO_KEY = frozenset({"decimal", "money", "boolean", "datetime"})
_LONGEST = 100
_MOST_TOGETHER = 8
_NUMBER = 3
LARGEST = 3
_TRIMMED_EVERY, _MOST_KEPT = 5_000, 6
_SAYS_SO = frozenset(
    {"id", "ref", "reference", "code", "key", "uprn", "urn", "number", "no", "url"}
)


def _can_be_key(each: Proposed) -> bool:
    column = each.column
    return (
        not each.left_out
        and not column.blanks
        and column.filled > 0
        and each.field.type not in _NO_KEY
        and not each.field.null_markers
        and column.longest <= _LONGEST
    )


def _likely(each: Proposed) -> int:
    """0 for what calls itself a reference; whole numbers that do not are counts as often."""
    said = words(each.column.heading)
    if _SAYS_SO & set(said[-1:]):
        return 0
    return {"text": 1, "financial-year": 1, "period": 1, "date": 2}.get(each.field.type, _NUMBER)


class Together:
    """Groups of columns (alone, in twos, in threes), of which those stay that tell every record
    apart."""

    def __init__(self, fields: Sequence[Proposed], size: int) -> None:
        able = [each for each in fields if _can_be_key(each)]
        if size == 1:
            alone = sorted((each for each in able if each.column.unique), key=_likely)
            groups: list[tuple[str, ...]] = [(each.field.name,) for each in alone]
        else:
            groups = _groups([each for each in able if _differs(each)], fields, size)
        self._seen: dict[tuple[str, ...], set[int]] = {each: set() for each in groups}
        self._records = 0

    def see(self, record: Mapping[str, Any]) -> None:
        """Takes in the next record; a group that comes twice is none."""
        self._records += 1
        for group, seen in list(self._seen.items()):
            fingerprint = hash(tuple(record[name] for name in group))
            if fingerprint in seen:
                del self._seen[group]
            else:
                seen.add(fingerprint)
        if self._records % _TRIMMED_EVERY == 0:
            # The likeliest are enough, and each costs memory.
            self._seen = dict(list(self._seen.items())[:_MOST_KEPT])

    def left(self) -> list[tuple[str, ...]]:
        """The groups that never came twice, the likeliest first."""
        return list(self._seen)


def _differs(each: Proposed) -> bool:
    return each.column.many or len(each.column.distinct) > 1


def _groups(able: list[Proposed], fields: Sequence[Proposed], size: int) -> list[tuple[str, ...]]:
    """Columns together, of those that differ most, the likeliest first."""
    able.sort(key=lambda each: (not each.column.many, -len(each.column.distinct), _likely(each)))
    chosen = {each.field.name: _likely(each) for each in able[:_MOST_TOGETHER]}
    names = [each.field.name for each in fields if each.field.name in chosen]
    # Numbers that call themselves nothing are measured as often: one at most.
    groups = [
        each
        for each in combinations(names, size)
        if sum(chosen[name] == _NUMBER for name in each) <= 1
    ]
    return sorted(groups, key=lambda each: sum(chosen[name] for name in each))
