"""The money of a small council as the publisher consumes it, on 15 November 2026: two funds, a
service that was moved in July, an overspend, and a cost centre that no structure knows."""

from collections.abc import Iterable
from typing import Any

import msgspec

from shared.accounts.figures import ADDING_UP, STANDING, add_line, figures, judge
from shared.catalogue.accounts import VarianceRule
from shared.contracts import finance, subjects
from shared.contracts.capital import (
    CapitalBudget,
    CapitalMovement,
    CapitalYear,
    Milestone,
    Scheme,
)
from shared.contracts.finance import CostCentreYear, Forecast, Line, Node, Position
from shared.contracts.judged import RagState
from shared.contracts.topics import FINANCE, RECORDS
from tests.integration.publisher_service import Running

TODAY = "2026-11-15"
YEAR, PERIOD = "2026-27", 7
RULE = VarianceRule()
POUND = 100
ACCOUNTS = {"employees": "1010", "supplies": "4010", "income": "9010"}


def line(budget: int, spent: int, forecast: int, before: int | None = None, **more: int) -> Line:
    """A group's year in pounds: budget a twelfth a period, spending up to P07, a forecast made at
    the end of P07 and one before it, at P04."""
    even = [budget * POUND // 12] * 11 + [budget * POUND - budget * POUND // 12 * 11, 0]
    made = forecast * POUND
    old = (budget if before is None else before) * POUND
    moved = more.get("virement", 0) * POUND
    current = [(budget * POUND) + (moved if at >= 5 else 0) for at in range(13)]
    return Line(
        original=[budget * POUND, *[0] * 12],
        virements=[0] * 5 + [moved] + [0] * 7 if moved else [],
        profile=even,
        actual=[spent * POUND // 7] * 6 + [spent * POUND - spent * POUND // 7 * 6] + [0] * 6,
        commitments=[0] * 6 + [more.get("ordered", 0) * POUND] + [0] * 6,
        transactions=[3] * 7 + [0] * 6,
        forecast=current[:3] + [old] * 3 + [made] * 7,
        previous=current[:6] + [old] * 7,
        one_off=[0] * 6 + [more.get("one_off", 0) * POUND] * 7,
        assumed=current[:3] + [0] * 10,
    )


def forecast(group: str, amount: int, reason: str = "", mitigation: str = "") -> Forecast:
    return Forecast(group, PERIOD, amount * POUND, 0, reason, mitigation, "Budget manager")


def centre(
    code: str,
    name: str,
    now: Node,
    lines: dict[str, Line],
    forecasts: Iterable[Forecast] = (),
    was: list[Node] | None = None,
    *,
    known: bool = True,
) -> CostCentreYear:
    found = figures(lines.values(), PERIOD)
    return CostCentreYear(
        code, YEAR, name, known, now, was or [now] * 13, PERIOD, found, judge(found, RULE), lines,
        {f"forecasts/{code}-{each.subjective}": each for each in forecasts}, "Head of service",
    )  # fmt: skip


WASTE = Node("general", "waste-and-recycling", "place", "neighbourhoods")
HEALTH = Node("general", "environmental-health", "place", "neighbourhoods")
PARKS = Node("general", "parks", "resources", "neighbourhoods")
PARKS_WAS = Node("general", "parks", "place", "neighbourhoods")
HOMES = Node("hra", "property-and-procurement", "resources", "economy-and-resources")


def centres(refuse_forecast: int = 13_200_000) -> list[CostCentreYear]:
    """Every cost centre; what the first is forecast to come to can be chosen."""
    return [
        centre("W100", "Refuse collection", WASTE, {
            "employees": line(12_000_000, 7_700_000, refuse_forecast, 12_500_000, virement=0,
                              one_off=200_000),
            "supplies": line(600_000, 350_000, 590_000, ordered=45_000, virement=-40_000),
        }, [forecast("employees", refuse_forecast, "Agency drivers <b>while</b> routes change",
                     "Routes are settled by January"),
            forecast("supplies", 590_000)]),
        centre("W200", "Recycling", WASTE, {
            "supplies": line(400_000, 240_000, 400_000, virement=40_000),
            "income": line(-300_000, -150_000, -260_000),
        }, [forecast("income", -260_000, "Paper prices fell")]),
        centre("E100", "Food safety", HEALTH, {
            "employees": line(900_000, 500_000, 870_000),
        }, [forecast("employees", 870_000, "Two vacancies", "")]),
        centre("P100", "Parks", PARKS, {"supplies": line(240_000, 140_000, 240_000)},
               was=[PARKS_WAS] * 3 + [PARKS] * 10),
        centre("H100", "Housing repairs", HOMES, {
            "supplies": line(2_400_000, 1_500_000, 2_420_000),
        }, [forecast("supplies", 2_420_000, "Damp and mould")]),
        centre("X999", "X999", Node(), {"": line(0, 1_250, 0)}, known=False),
    ]  # fmt: skip


def there(whole: Line, when: list[bool]) -> Line:
    """A line as a node sees it that the cost centre stood in only in some periods."""
    found = Line()
    for name in (*ADDING_UP, *STANDING):
        values = getattr(whole, name) or [0] * 13
        stood = [sum(values[: at + 1]) if name in ADDING_UP else values[at] for at in range(13)]
        stood = [value if here else 0 for value, here in zip(stood, when, strict=True)]
        if name in ADDING_UP:
            stood = [value - before for value, before in zip(stood, [0, *stood], strict=False)]
        setattr(found, name, stood if any(stood) else [])
    return found


def positions(found: list[CostCentreYear]) -> dict[str, dict[str, Any]]:
    """Every node of both bases."""
    told: dict[str, dict[str, Any]] = {}
    for basis in ("as-is", "as-was"):
        nodes: dict[tuple[str, str, str], list[tuple[CostCentreYear, list[bool]]]] = {}
        for state in found:
            stood = [state.is_now] * 13 if basis == "as-is" else state.was
            for level in ("fund", "directorate", "portfolio", "service"):
                for place in {(each.fund, level, getattr(each, level)) for each in stood}:
                    when = [(each.fund, level, getattr(each, level)) == place for each in stood]
                    nodes.setdefault(place, []).append((state, when))
        for (fund, level, code), members in nodes.items():
            lines: dict[str, Line] = {}
            for state, when in members:
                for group, each in state.lines.items():
                    add_line(lines.setdefault(group, Line()), there(each, when))
            total = figures(lines.values(), PERIOD)
            told[subjects.position(basis, YEAR, fund, level, code)] = data(
                Position(basis, YEAR, fund, level, code, PERIOD, total, judge(total, RULE), lines,
                         len(members))
            )  # fmt: skip
    return told


def data(state: msgspec.Struct) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(state))
    return found


def money(run: Running, refuse_forecast: int = 13_200_000) -> None:
    """Says the council's money: positions, virements, savings, reserves, capital, totals, hints."""
    say_centres(run, centres(refuse_forecast))
    run.say(FINANCE, {**virements(), **savings(), **reserves(), **totals()})
    run.say(FINANCE, {subjects.scheme(each.scheme): data(each) for each in schemes()})


def say_centres(run: Running, found: list[CostCentreYear]) -> None:
    run.say(FINANCE, {subjects.cost_centre_year(YEAR, each.cost_centre): data(each)
                      for each in found})  # fmt: skip
    run.say(FINANCE, positions(found))


def virements() -> dict[str, dict[str, Any]]:
    def made(code: str, title: str, moved: int, approval: str, **more: Any) -> dict[str, Any]:
        lines = {
            f"virements/{code}-{n}": finance.VirementLine(
                cost_centre, "supplies", YEAR, 6, amount * POUND, more.get("status", "Approved")
            )
            for n, (cost_centre, amount) in enumerate([("W100", -moved), ("W200", moved)])
        }
        told: dict[str, Any] = {"applied": True, "status": "Approved", "decision": "E3159", **more}
        return data(finance.Virement(
            reference=code, title=title, year=YEAR, period=6, moved=moved * POUND, net=0,
            level="Cabinet" if approval == "for approval" else "Officer", approval=approval,
            one_off=False, fund="general", lines=lines, **told,
        ))  # fmt: skip

    return {
        "virement/V1": made("V1", "Recycling sacks", 40_000, "for information"),
        "virement/V2": made("V2", "New depot", 250_000, "for approval", applied=False,
                            decision="", held="it has no decision reference"),
        "virement/V3": made("V3", "Spare bins", 5_000, "for information", applied=False,
                            status="Rejected"),
    }  # fmt: skip


def savings() -> dict[str, dict[str, Any]]:
    def made(code: str, title: str, stage: str, outcome: str, *parts: int) -> dict[str, Any]:
        target, delivered, coming, not_to_be = (each * POUND for each in parts)
        return data(finance.Saving(
            code, title, YEAR, target, delivered, coming, not_to_be, stage,
            RagState(outcome, "Red over 25% undeliverable"),
            "waste-and-recycling", "neighbourhoods", "place", "Head of waste",
            "Found elsewhere" if outcome == "red" else "",
        ))  # fmt: skip

    return {
        f"saving/{YEAR}/S1": made("S1", "Route review", "on track", "green",
                                  890_000, 290_000, 600_000, 0),
        f"saving/{YEAR}/S2": made("S2", "Bulky waste charge", "undeliverable", "red",
                                  100_000, 0, 0, 100_000),
    }  # fmt: skip


def reserves() -> dict[str, dict[str, Any]]:
    def made(code: str, name: str, outcome: str, *amounts: int, **more: Any) -> dict[str, Any]:
        opening, put_in, used, closing = (each * POUND for each in amounts)
        return data(finance.Reserve(
            code, name, YEAR, opening, put_in, used, closing,
            RagState(outcome, "Red below its minimum"), **more,
        ))  # fmt: skip

    return {
        f"reserve/{YEAR}/R1": made("R1", "Waste reserve", "red", 900_000, 0, 500_000, 400_000,
                                   minimum=500_000 * POUND, fund="general", purpose="Vehicles"),
        f"reserve/{YEAR}/R2": made("R2", "Repairs reserve", "green", 100, 50, 0, 150, fund="hra"),
    }  # fmt: skip


def totals() -> dict[str, dict[str, Any]]:
    return {
        f"reconciliation/period/{YEAR}-P06": data(finance.Reconciliation(
            "period", f"{YEAR}-P06", 120, 900_000_00, 0, True, 0, YEAR, 6)),
        f"reconciliation/period/{YEAR}-P07": data(finance.Reconciliation(
            "period", f"{YEAR}-P07", 118, 899_990_00, -10_00, False, 2, YEAR, 7)),
        "reconciliation/batch/B77": data(finance.Reconciliation(
            "batch", "B77", 40, 5_00, None, None)),
        "hint/procurement-cards/duplicate/a1": data(finance.Hint(
            "procurement-cards", "duplicate", ["card-transactions/1", "card-transactions/2"],
            50_00, 100_00, "2026-10-01", "2026-10-09", "Parks")),
    }  # fmt: skip


def schemes() -> list[Scheme]:
    year = CapitalYear(
        provisional=1_000_000_00, original=4_000_000_00, rephased_in=0, rephased_out=500_000_00,
        additions=200_000_00, approved=3_700_000_00, spend=1_200_000_00, transactions=9,
        forecast=3_900_000_00, variance=200_000_00, funding={"Grant": 3_000_000_00},
        unfunded=700_000_00, reason="Ground conditions",
    )
    later = CapitalYear(rephased_in=500_000_00, approved=500_000_00, forecast=500_000_00,
                        funding={"Borrowing": 500_000_00})  # fmt: skip
    whole = CapitalYear(original=4_000_000_00, approved=4_200_000_00, spend=1_200_000_00,
                        forecast=4_400_000_00, variance=200_000_00)  # fmt: skip
    depot = Scheme(
        "depot", "New depot", True, {YEAR: year, "2027-28": later}, whole,
        RagState("amber", "Amber: forecast over the approved budget"), "waste-and-recycling",
        "neighbourhoods", "place", "Project manager", "On site", "One depot for both fleets",
        budgets={"capital-budgets/1": CapitalBudget(YEAR, 4_000_000_00, "fully approved", "E3000")},
        movements={
            "moves/1": CapitalMovement("rephasing", 500_000_00, "Approved", YEAR, "2027-28",
                                       "Late start", "E3100"),
            "moves/2": CapitalMovement("addition", 200_000_00, "Approved", "", YEAR, "New grant"),
        },
        milestones={"milestones/1": Milestone("Roof on", "2026-09-01", "2026-12-01", "", "amber")},
        spend={YEAR: [0, 0, 1_200_000_00, *[0] * 10]},
    )  # fmt: skip
    gone = Scheme("pool", "Pool", True, {YEAR: CapitalYear()}, CapitalYear(),
                  RagState("information", "No money"), "parks", "neighbourhoods", "resources",
                  movements={"moves/3": CapitalMovement("removal", 900_000_00, "Approved", YEAR, "",
                                                        "Not wanted", "E3101")})  # fmt: skip
    return [depot, gone]


def postings(run: Running, count: int, cost_centre: str = "W100", first: int = 1) -> None:
    """Postings of a cost centre, one after the other through the year, and its budget."""
    told: dict[str, dict[str, Any] | None] = {}
    for n in range(first, first + count):
        month = (n - first) % 7 + 4
        told[f"general-ledger/{n}"] = record("general-ledger", str(n), number=str(n),
            cost_centre=cost_centre, subjective="1010", date=f"2026-{month:02}-10",
            amount="100.25", supplier="<i>Fleet</i> Ltd")  # fmt: skip
    told[f"budgets/{cost_centre}"] = record("budgets", cost_centre, cost_centre=cost_centre,
        subjective="employees", year=YEAR, amount="12000000")  # fmt: skip
    run.say(RECORDS, told)


def record(dataset: str, key: str, **fields: Any) -> dict[str, Any]:
    return {"dataset": dataset, "key": key, "fields": fields}


