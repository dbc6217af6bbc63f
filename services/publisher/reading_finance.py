"""Questions about positions and cost centres that calls and pages both ask of a snapshot."""

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

import msgspec

from services.publisher.domain.finance import NO_CODE
from services.publisher.domain.finance_sums import (
    Standing,
    at,
    code_in,
    month_for,
    node_at,
    node_name,
    placed,
    rule_of,
)
from services.publisher.domain.messages import HeldRow
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.tables import TABLES
from shared.accounts.calendar import When, reporting_period
from shared.catalogue.periods import year_of
from shared.contracts import subjects
from shared.contracts.finance import CostCentreYear, Node, Position
from shared.contracts.topics import FINANCE
from shared.delivery.held import Held, HeldState
from shared.delivery.pages import prefix_end


class Placed(msgspec.Struct, gc=False):
    """Of a cost centre's year only where it stands: the rest is passed over unread."""

    cost_centre: str
    is_now: Node
    was: list[Node]


_held = Held(TABLES)
_position = msgspec.json.Decoder(Position).decode
_cost_centre = msgspec.json.Decoder(CostCentreYear).decode
_placed = msgspec.json.Decoder(Placed).decode


def years(view: Snapshot, kind: str) -> list[str]:
    """The years that states of a kind (`position/as-is`, `saving`) are of, the newest first. One
    look for each year, however many states there are."""
    found: list[str] = []
    prefix = last = f"{kind}/"
    sql = (
        "SELECT subject FROM held WHERE topic = ? AND subject > ? AND subject < ?"
        " AND body IS NOT NULL ORDER BY subject LIMIT 1"
    )
    while True:
        row = view.tx.run(sql, (FINANCE, last, prefix_end(prefix))).cursor.fetchone()
        if row is None:
            return found[::-1]
        year = str(row[0]).removeprefix(prefix).split("/")[0]
        found.append(year)
        last = prefix_end(f"{prefix}{year}/")


def default_year(view: Snapshot, known: list[str]) -> str:
    """This year if anything is known of it, else the newest one of which something is."""
    now = year_of(view.today.isoformat()[:7])
    return now if now in known or not known else known[0]


def default_period(view: Snapshot, year: str) -> int:
    """The newest period of a year that is over."""
    return reporting_period(year, view.today.isoformat())


def positions(
    view: Snapshot, basis: str, when: When, level: str, fund: str | None = None
) -> list[Standing]:
    """Every node of a level at a period, fund by fund, by code."""
    prefix = f"position/{basis}/{when.year}/"
    if fund is not None:
        # Without its last stroke, behind which the node that has no code has nothing more.
        prefix += f"{subjects.part(fund)}/{level}"
    found = [
        _standing(view, state, _position(state.body), when)
        for state in _held.scan(view.tx, FINANCE, prefix)
        if state.subject.split("/")[4:5] == [level]
    ]
    order = _fund_order(view)
    return sorted(found, key=lambda each: (order(each.fund), not each.code, each.name, each.code))


def position(
    view: Snapshot, basis: str, when: When, fund: str, level: str, code: str
) -> Standing | None:
    """One node at a period."""
    subject = subjects.position(basis, when.year, fund, level, code)
    row = repository.rows(view.tx, FINANCE, [subject]).get(subject)
    return _standing(view, state_of(row), _position(row.body or b""), when) if row else None


def named_positions(
    view: Snapshot, basis: str, when: When, keys: Iterable[tuple[str, str, str]]
) -> dict[tuple[str, str, str], Standing]:
    """Those of these nodes (fund, level, code) that have money at a period."""
    asked = {subjects.position(basis, when.year, *key): key for key in keys}
    rows = repository.rows(view.tx, FINANCE, asked)
    return {
        asked[name]: _standing(view, state_of(row), _position(row.body or b""), when)
        for name, row in rows.items()
    }


def funds_of(view: Snapshot, basis: str, when: When, level: str, code: str) -> list[Standing]:
    """A node in each fund that it has money in; never added up."""
    known = [each.code for each in view.catalogue.books.funds] if view.catalogue.books else []
    held = _funds_held(view, basis, when.year)
    order = _fund_order(view)
    found = (
        position(view, basis, when, fund, level, code)
        for fund in sorted({*known, *held, ""}, key=order)
    )
    return [each for each in found if each is not None]


def _funds_held(view: Snapshot, basis: str, year: str) -> list[str]:
    return [unquote(each) for each in years(view, f"position/{basis}/{year}")]


def _fund_order(view: Snapshot) -> Callable[[str], tuple[int, str]]:
    books = view.catalogue.books
    known = [each.code for each in books.funds] if books else []

    def order(fund: str) -> tuple[int, str]:
        return (known.index(fund) if fund in known else len(known) + (not fund), fund)

    return order


def state_of(row: HeldRow) -> HeldState:
    return HeldState(
        row.subject, row.body or b"", row.version, row.time, row.correlation, row.origin
    )


def _standing(view: Snapshot, state: HeldState, held: Position, when: When) -> Standing:
    found, rag = at(held.lines, when.period, rule_of(view.catalogue.books))
    name = node_name(view.catalogue, held.level, held.node)
    return Standing(
        level=held.level,
        code=held.node,
        name=name,
        fund=held.fund,
        subject=state.subject,
        when=when,
        published=held.period,
        figures=found,
        rag=rag,
        lines=held.lines,
        time=state.origin or state.time,
        cost_centres=held.cost_centres,
        known=bool(held.node) or held.level == "fund",
    )


def cost_centre(view: Snapshot, year: str, code: str) -> tuple[HeldState, CostCentreYear] | None:
    """A cost centre's year."""
    return named_cost_centres(view, year, [code]).get(code)


def named_cost_centres(
    view: Snapshot, year: str, codes: Iterable[str]
) -> dict[str, tuple[HeldState, CostCentreYear]]:
    """The year of each of some cost centres, of those that have one."""
    asked = {subjects.cost_centre_year(year, code): code for code in codes}
    found = repository.rows(view.tx, FINANCE, asked)
    return {
        asked[subject]: (state_of(row), _cost_centre(row.body or b""))
        for subject, row in found.items()
    }


def cost_centres(
    view: Snapshot, basis: str, when: When, wanted: Callable[[Node], bool]
) -> Iterator[tuple[HeldState, CostCentreYear]]:
    """The cost centres of a year that stand where is wanted; of the others only that is read."""
    for state in _held.scan(view.tx, FINANCE, f"cost-centre/{when.year}/"):
        where = _placed(state.body)
        was = where.was[when.period - 1] if len(where.was) >= when.period else where.is_now
        if wanted(was if basis == "as-was" else where.is_now):
            yield state, _cost_centre(state.body)


def standing_of(
    view: Snapshot, state: HeldState, held: CostCentreYear, basis: str, when: When
) -> Standing:
    """A cost centre at a period."""
    found, rag = at(held.lines, when.period, rule_of(view.catalogue.books))
    return Standing(
        level="cost-centre",
        code=held.cost_centre,
        name=held.name or held.cost_centre,
        fund=node_at(held, basis, when.period).fund,
        subject=state.subject,
        when=when,
        published=held.period,
        figures=found,
        rag=rag,
        lines=held.lines,
        time=state.origin or state.time,
        cost_centres=1,
        known=held.known,
        manager=held.manager,
    )


def in_node(level: str, code: str, fund: str) -> Callable[[Node], bool]:
    """Whether a cost centre stands in a node of a fund."""
    return lambda node: node.fund == fund and code_in(node, level) == code


def children(
    view: Snapshot,
    basis: str,
    when: When,
    parent: Standing,
    centres: list[tuple[HeldState, CostCentreYear]] | None = None,
) -> list[Standing]:
    """What a node is made of: directorates of a fund, services, or cost centres (its `centres`,
    where they were read already)."""
    if parent.level == "cost-centre":
        return []
    if parent.level == "fund" and not parent.code:
        level = "cost-centre"
    else:
        level = {"fund": "directorate", "service": "cost-centre"}.get(parent.level, "service")
    if level == "cost-centre":
        if centres is None:
            wanted = in_node(parent.level, parent.code, parent.fund)
            centres = list(cost_centres(view, basis, when, wanted))
        found = [standing_of(view, state, held, basis, when) for state, held in centres]
        return sorted(found, key=lambda each: (each.name, each.code))
    return [
        each
        for each in positions(view, basis, when, level, parent.fund)
        if parent.level == "fund" or stands_in(view, basis, each, parent)
    ]


def stands_in(view: Snapshot, basis: str, service: Standing, parent: Standing) -> bool:
    """Whether a service belongs to a directorate or portfolio by the structure of a basis."""
    month = month_for(basis, service.when, view.today.isoformat())
    directorate, portfolio = placed(view.catalogue, service.code, month)
    return (directorate if parent.level == "directorate" else portfolio) == parent.code


def address_code(code: str) -> str:
    """A node's code as addresses have it."""
    return code or NO_CODE


def code_from(text: str, level: str) -> str:
    """A node's code from an address."""
    return "" if text == NO_CODE and level != "cost-centre" else text


def by_fund(rows: Iterable[Standing]) -> dict[str, list[Standing]]:
    """Rows fund by fund, in their order."""
    found: dict[str, list[Standing]] = {}
    for each in rows:
        found.setdefault(each.fund, []).append(each)
    return found
