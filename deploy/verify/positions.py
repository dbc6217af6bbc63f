"""Positions of funds, directorates, portfolios and services, worked out again from the cost
centres' lines.

Rule: what a cost centre holds at the end of a period (to date, of what adds up) stands as a whole
in the node where it stood in that period; by the basis as-is, where it stands today. A node exists
where a cost centre's year stands or stood in any period of the year, and `cost_centres` counts
these. What adds up is turned back into periods last: each is what the node holds to date less what
it held the period before, so it has also what a reorganisation brought or took along.
"""

from collections.abc import Iterator
from itertools import accumulate

from deploy.verify.accounting import PERIODS, Books, reporting_period
from deploy.verify.revenue import ADDING_UP, STANDING, Line, empty_line, figures, spending
from deploy.verify.source import Json

BASES = ("as-is", "as-was")
LEVELS = ("fund", "directorate", "portfolio", "service")
# A basis, a year, a fund, a level and a node.
Place = tuple[str, str, str, str, str]


class Node:
    """What stands in a node: by group, the lists of what it holds at the end of each period."""

    def __init__(self) -> None:
        self.held: dict[str, Line] = {}
        self.cost_centres: set[str] = set()

    def take(self, held: dict[str, Line], here: list[bool]) -> None:
        """Adds what a cost centre holds in the periods in which it stands here."""
        for group, line in held.items():
            mine = self.held.setdefault(group, empty_line())
            for part, values in line.items():
                if any(values):
                    mine[part] = [
                        total + value if stands else total
                        for total, value, stands in zip(mine[part], values, here, strict=True)
                    ]

    def lines(self) -> dict[str, Line]:
        """Its lines as they are published."""
        return {
            group: {part: line[part] for part in STANDING}
            | {part: by_period(line[part]) for part in ADDING_UP}
            for group, line in self.held.items()
        }


def by_period(to_date: list[int]) -> list[int]:
    """What each period adds to what there was before."""
    return [now - before for now, before in zip(to_date, [0, *to_date[:-1]], strict=True)]


def at_the_end(line: Line) -> Line:
    """A line as it stands at the end of each period."""
    return {part: line[part] for part in STANDING} | {
        part: list(accumulate(line[part])) for part in ADDING_UP
    }


def places(basis: str, year: str, stood: list[Json]) -> Iterator[tuple[Place, list[bool]]]:
    """Every node in which a cost centre stood, and in which periods."""
    for level in LEVELS:
        codes = [(node["fund"], node[level]) for node in stood]
        for fund, code in set(codes):
            here = [each == (fund, code) for each in codes]
            yield (basis, year, fund, level, code), here


def positions(books: Books, cost_centres: list[Json]) -> dict[Place, Json]:
    """What is published of every node, from what is published of every cost centre's year."""
    nodes: dict[Place, Node] = {}
    for state in cost_centres:
        held = {group: at_the_end(line) for group, line in state["lines"].items()}
        stood = {"as-is": [state["is_now"]] * PERIODS, "as-was": state["was"]}
        for basis in BASES:
            for place, here in places(basis, state["year"], stood[basis]):
                node = nodes.setdefault(place, Node())
                node.take(held, here)
                node.cost_centres.add(state["cost_centre"])
    return {place: position_state(books, place, node) for place, node in nodes.items()}


def position_state(books: Books, place: Place, node: Node) -> Json:
    """What is published of a node."""
    basis, year, fund, level, code = place
    period, lines = reporting_period(year, books.today), node.lines()
    found = figures(lines, period)
    return {
        "basis": basis,
        "year": year,
        "fund": fund,
        "level": level,
        "node": code,
        "period": period,
        "figures": found,
        "rag": books.judge(found["current_budget"], found["forecast"], spending(lines, period)),
        "lines": lines,
        "cost_centres": len(node.cost_centres),
    }
