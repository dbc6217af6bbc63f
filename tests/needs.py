"""What a test needs of the machine, and what happens where the machine lacks it.

Rule: nothing is left out quietly. At a developer's the test is skipped and the run's last lines say
what was left out and how to get it. Where `CI` is set it fails.
"""

import os
from collections.abc import Sequence

import pytest

WANTED = "not shipped with the project: "

LEFT_OUT: dict[str, str] = {}
"""What this run left out, and what would have to be there."""


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false", "no")


def want(thing: str, lacks: Sequence[str]) -> None:
    """Go on when nothing is lacking; otherwise leave the test out, in CI too.

    For what a clone cannot bring by itself, such as published files that are not ours to ship.
    """
    if lacks:
        LEFT_OUT[thing] = "; and ".join(lacks)
        pytest.skip(f"{WANTED}{thing}")


def need(thing: str, lacks: Sequence[str]) -> None:
    """Go on when nothing is lacking; otherwise leave the test out, or fail it in CI."""
    if not lacks:
        return
    how = "; and ".join(lacks)
    LEFT_OUT[thing] = how
    if in_ci():
        pytest.fail(f"{thing} is needed here: {how}", pytrace=False)
    pytest.skip(f"{thing} is not on this machine: {how}")
