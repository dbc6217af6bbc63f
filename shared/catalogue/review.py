"""The definitions of review and challenge: who the people are, and the cycle of a period.

Rule: a person is a post with roles; where a council signs people in, their claims name the same
posts, so nothing that is written or judged knows how somebody signed in.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from shared.catalogue.definition import Definition

PersonRole = Literal[
    "performance officer", "owner", "director", "cabinet member", "finance officer", "risk owner",
    "publisher",
]  # fmt: skip


class Person(Definition, frozen=True):
    """Somebody who acts. `services`, `directorates` and `portfolios` are the codes of what they
    answer for; a blank list of all three answers for the whole council. `post` is how records name
    them, such as the owner of an indicator."""

    code: str
    name: str
    post: str
    roles: list[PersonRole]
    services: list[str] = []
    directorates: list[str] = []
    portfolios: list[str] = []


class ReviewCycle(Definition, frozen=True):
    """When the work on a quarter is due, in days after its last day: commentary and the owner's
    sign-off, the director's sign-off, and the freeze. Somebody is reminded `remind_days` before.
    Commentary is required on figures of these outcomes."""

    code: str
    owner_days: int = 20
    director_days: int = 30
    freeze_days: int = 40
    remind_days: int = 5
    required_when: list[Literal["red", "amber", "green"]] = msgspec.field(
        default_factory=lambda: ["red"]
    )
