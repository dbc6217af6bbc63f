"""Amounts of money: from the text that records hold to whole pence, without rounding."""

import re
from typing import Any

# Less than a trillion pounds, so that no sum of them leaves the 64 bits that readers expect.
_POUNDS = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,2})0*)?", re.ASCII)


class NotPence(ValueError):
    """The amount is not a whole number of pence."""


def pence(amount: Any) -> int:
    """An amount in pounds ("-12.5", "300.00", 4) as pence; raises NotPence.

    Reads digits, never a float: a float has already lost what we would count.
    """
    if not isinstance(amount, str | int) or isinstance(amount, bool):
        raise NotPence(f"{amount!r} is not an amount in pounds and pence")
    found = _POUNDS.fullmatch(str(amount))
    if found is None:
        raise NotPence(
            f"{str(amount)[:40]!r} is not a whole number of pence below a trillion pounds"
        )
    sign, pounds, fraction = found.groups()
    total = int(pounds) * 100 + int((fraction or "").ljust(2, "0"))
    return -total if sign else total
