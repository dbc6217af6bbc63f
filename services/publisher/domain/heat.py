"""The heat map: the council's matrix, with the open threats in the cell where each stands.

Rule: the matrix of the catalogue says what every cell is; a risk that was scored on another one is
in none of its cells, and is counted beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.publisher.domain.risks import is_threat
from shared.catalogue.risks import Level
from shared.catalogue.scale import Scale
from shared.contracts.risks import Risk


@dataclass(frozen=True)
class Cell:
    """A likelihood with an impact: what it scores, its band, how it is shown, and who is there."""

    likelihood: int
    impact: int
    score: int
    band: str
    outcome: str
    risks: list[Risk] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """A level of likelihood, with a cell for each level of impact, the lowest first."""

    level: int
    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class HeatMap:
    """Rows from the highest likelihood down; columns by impact; what is in no cell."""

    rows: list[Row]
    columns: list[str]
    elsewhere: list[Risk]


def heat_map(scale: Scale, risks: Iterable[Risk]) -> HeatMap:
    """The map of the open threats among these risks."""
    rows = []
    cells: dict[tuple[int, int], Cell] = {}
    for likelihood in range(len(scale.likelihood), 0, -1):
        row = Row(likelihood, level_name(likelihood, scale.likelihood[likelihood - 1]), [])
        for impact in range(1, len(scale.impact) + 1):
            graded = scale.grade(likelihood, impact)
            cell = Cell(likelihood, impact, graded.score, graded.band, scale.rag(graded.band))
            cells[likelihood, impact] = cell
            row.cells.append(cell)
        rows.append(row)
    elsewhere = []
    for risk in sorted(risks, key=lambda each: each.reference):
        if not risk.open or not is_threat(risk):
            continue
        here = cells.get((risk.likelihood, risk.impact))
        if here is None or risk.matrix != scale.matrix.code:
            elsewhere.append(risk)
        else:
            here.risks.append(risk)
    columns = [level_name(n, level) for n, level in enumerate(scale.impact, 1)]
    return HeatMap(rows, columns, elsewhere)


def level_name(number: int, level: Level) -> str:
    """`5, Almost certain`, or the number alone where the level has no other name."""
    return str(number) if level.name == str(number) else f"{number}, {level.name}"
