"""Which subjects a file spoke of, in eight bytes each.

Rule: what is kept is a fingerprint, so it can be wrong about one subject in many thousand million
million: a record that a full extract lacks then stays until the next. Rows that seem to repeat a
subject are compared by the subject itself.
"""

from array import array
from bisect import bisect_left
from itertools import pairwise

SHARES = 64


class Said:
    """Subjects are added one by one; `settle` then sorts them, and they can be asked for."""

    def __init__(self) -> None:
        # Shares keep what sorting needs beside them small.
        self.shares = [array("q") for _ in range(SHARES)]
        # The fingerprints that were added more than once.
        self.repeated: frozenset[int] = frozenset()

    def add(self, subject: str) -> None:
        """Remembers a subject."""
        mark = hash(subject)
        self.shares[mark % SHARES].append(mark)

    def settle(self) -> None:
        """Everything was added."""
        repeated: set[int] = set()
        for at, share in enumerate(self.shares):
            found = sorted(share)
            if len(set(found)) != len(found):
                repeated.update(one for one, following in pairwise(found) if one == following)
            self.shares[at] = array("q", found)
        self.repeated = frozenset(repeated)

    def __contains__(self, subject: str) -> bool:
        mark = hash(subject)
        share = self.shares[mark % SHARES]
        at = bisect_left(share, mark)
        return at < len(share) and share[at] == mark
