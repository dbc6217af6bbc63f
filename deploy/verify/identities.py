"""What must hold of the published states of money among themselves, whatever the records are.

Rule: at the end of every period, in each fund, all services, directorates and portfolios come to
what the fund comes to, and that is what its cost centres come to; all periods' postings are all
postings; and the year's current budgets are its original budgets with the virements that count.
Each that does not hold is one mismatch. Nothing here is counted as compared.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from deploy.verify.accounting import PERIODS, Books
from deploy.verify.positions import BASES, LEVELS, at_the_end
from deploy.verify.report import Mismatch, Report
from deploy.verify.revenue import PARTS, Line, empty_line, year_of_budget
from deploy.verify.source import Definitions, Json, Record

States = Mapping[str, Json | None]
# A basis, a year and a fund.
Cut = tuple[str, str, str]


def identities(
    definitions: Definitions,
    records: Mapping[str, Sequence[Record]],
    today: date,
    published: States,
) -> Report:
    """Every identity that the published states break."""
    books = Books(definitions, records, today)
    return Report(
        0,
        [*levels_add_up(published), *postings_add_up(books, published), *budgets(books, published)],
    )


def of_kind(published: States, kind: str) -> list[Json]:
    """The published states of a kind."""
    return [
        state
        for subject, state in published.items()
        if state is not None and subject.startswith(f"{kind}/")
    ]


def lines_of(state: Json) -> list[Line]:
    """A published state's lines, each list with all its thirteen numbers."""
    return [
        {part: [*(line.get(part) or ()), *[0] * PERIODS][:PERIODS] for part in PARTS}
        for line in (state.get("lines") or {}).values()
    ]


def add(total: Line, state: Json, here: Sequence[bool]) -> None:
    """Adds what a state holds at the end of each period that counts."""
    for line in lines_of(state):
        for part, values in at_the_end(line).items():
            for at, value in enumerate(values):
                total[part][at] += value if here[at] else 0


def levels_add_up(published: States) -> list[Mismatch]:
    """Where positions of a level do not come to the sum of the cost centres."""
    of_nodes: dict[tuple[Cut, str], Line] = {}
    of_cost_centres: dict[Cut, Line] = {}
    for state in of_kind(published, "position"):
        cut = state.get("basis", ""), state.get("year", ""), state.get("fund", "")
        add(
            of_nodes.setdefault((cut, state.get("level", "")), empty_line()),
            state,
            [True] * PERIODS,
        )
    for state in of_kind(published, "cost-centre"):
        now = (state.get("is_now") or {}).get("fund", "")
        then = [each.get("fund", "") for each in state.get("was") or [{}] * PERIODS]
        for basis, stood in zip(BASES, ([now] * PERIODS, then), strict=True):
            for fund in set(stood):
                cut = basis, state.get("year", ""), fund
                here = [each == fund for each in stood]
                add(of_cost_centres.setdefault(cut, empty_line()), state, here)
    found = []
    for cut in sorted({*of_cost_centres, *(cut for cut, _ in of_nodes)}):
        should = of_cost_centres.get(cut, empty_line())
        for level in LEVELS:
            said = of_nodes.get((cut, level), empty_line())
            if apart := first_apart(said, should):
                part, period, come_to, all_come_to = apart
                subject = f"position/{'/'.join(cut)}/{level}"
                found.append(
                    Mismatch(
                        subject,
                        f"{part} at P{period:02d}: all nodes come to {come_to}",
                        f"{part} at P{period:02d}: all cost centres come to {all_come_to}",
                    )
                )
    return found


def first_apart(said: Line, should: Line) -> tuple[str, int, int, int] | None:
    """The first part and period at which two sums differ."""
    for part in PARTS:
        for at in range(PERIODS):
            if said[part][at] != should[part][at]:
                return part, at + 1, said[part][at], should[part][at]
    return None


def postings_add_up(books: Books, published: States) -> list[Mismatch]:
    """Where what all periods hold is not what all postings come to."""
    periods = [
        state for state in of_kind(published, "reconciliation") if state.get("scope") == "period"
    ]
    said = {
        name: sum(state.get(name, 0) for state in periods) for name in ("transactions", "amount")
    }
    postings = books.of("posting")
    should = {"transactions": len(postings), "amount": sum(each.pence() for each in postings)}
    return [] if said == should else [Mismatch("reconciliation/period", str(said), str(should))]


def budgets(books: Books, published: States) -> list[Mismatch]:
    """Where a year's current budgets are not its original ones with what applied virements net to
    (which is nought)."""
    said: dict[str, int] = {}
    for state in of_kind(published, "cost-centre"):
        year = state.get("year", "")
        for line in lines_of(state):
            said[year] = said.get(year, 0) + sum(line["original"]) + sum(line["virements"])
    should: dict[str, int] = {}
    for entry in books.of("budget"):
        if year := year_of_budget(entry):
            should[year] = should.get(year, 0) + entry.pence()
    for state in of_kind(published, "virement"):
        if state.get("applied"):
            year = state.get("year", "")
            should[year] = should.get(year, 0) + state.get("net", 0)
    return [
        Mismatch(
            f"cost-centre/{year}",
            f"current budgets come to {said.get(year, 0)}",
            f"original budgets and virements come to {should.get(year, 0)}",
        )
        for year in sorted({*said, *should})
        if said.get(year, 0) != should.get(year, 0)
    ]
