"""How a figure was judged, whatever kind of figure it is."""

import msgspec


class RagState(msgspec.Struct, omit_defaults=True, gc=False):
    """The outcome, and in a plain sentence the rule and numbers that gave it. `green` and `amber`
    are the least and the greatest value of each, None where there is no end to it."""

    outcome: str
    rule: str
    green: list[str | None] = []
    amber: list[str | None] = []
