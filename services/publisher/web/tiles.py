"""The tiles of a dashboard: what each pin shows, in one shape, read in a few statements.

Rule: a pin that nothing is known of is told, and takes no other with it.
"""

from collections.abc import Sequence
from urllib.parse import quote

from services.publisher import reading, reading_contracts, reading_risks
from services.publisher import reading_finance as money
from services.publisher import reading_lists as lists
from services.publisher.api import finance_query
from services.publisher.domain import contracts as contract_words
from services.publisher.domain import finance, finance_words, risks, words
from services.publisher.domain.figures import Figure
from services.publisher.domain.finance_sums import fund_name
from services.publisher.domain.pins import Pin
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.supplies import lateness
from services.publisher.web import finance_rows
from services.publisher.web.tables import Facts, table, tally
from shared.catalogue.headline import headline_kind
from shared.contracts.topics import INDICATORS

COST_CENTRE = "cost-centre"

Tiles = dict[Pin, Facts]


def tiles(view: Snapshot, pins: Sequence[Pin]) -> list[Facts | None]:
    """The tile of each pin, in their order; None where nothing is known of one."""
    found: Tiles = {}
    for kind, make in _KINDS.items():
        listed = [each for each in pins if each.kind == kind]
        if listed:
            found.update(make(view, listed))
    return [found.get(each) for each in pins]


def _indicators(view: Snapshot, pins: Sequence[Pin]) -> Tiles:
    known = view.catalogue.indicators
    kinds = {
        each: each.part(1) or headline_kind(known[each.code]) for each in pins if each.code in known
    }
    by_kind: dict[str, dict[str, str]] = {}
    for each, kind in kinds.items():
        if kind in known[each.code].periods:
            by_kind.setdefault(kind, {})[each.code] = kind
    whole = {
        (code, kind): row
        for kind, asked in by_kind.items()
        for code, row in reading.newest(view, asked).items()
    }
    members = {
        each: f"{whole[each.code, kind].subject}/{each.part(2)}"
        for each, kind in kinds.items()
        if each.part(2) and (each.code, kind) in whole
    }
    parts = repository.rows(view.tx, INDICATORS, members.values())
    rows = {**{row.subject: row for row in whole.values()}, **parts}
    figures = {each.subject: each for each in reading.figures(view, rows.values())}
    late = lateness(view)
    found: Tiles = {}
    for each, kind in kinds.items():
        held = whole.get((each.code, kind))
        subject = members.get(each, "") if each.part(2) else held.subject if held else ""
        figure = figures.get(subject)
        if each.part(2) and figure is None:
            continue
        found[each] = {
            "form": "indicator",
            "title": known[each.code].title,
            "about": " · ".join(filter(None, (words.KINDS.get(kind, kind), _member(each, figure)))),
            "href": figure.link if figure and each.part(2) else _page("indicators", each.code),
            "code": each.code,
            "period_kind": kind,
            "figure": figure,
            "late": late.parts_of(each.code),
        }
    return found


def _member(pinned: Pin, figure: Figure | None) -> str:
    """`Ward: 27`, by one field; by several, the values alone."""
    if figure is None or not figure.member:
        return ""
    field, _, _ = pinned.part(2).partition("=")
    if "&" in pinned.part(2):
        return figure.member
    return f"{words.sentence(field.replace('_', ' '))}: {figure.member}"


def _services(view: Snapshot, pins: Sequence[Pin]) -> Tiles:
    wanted = {each.code: each for each in pins if each.code in view.catalogue.services}
    indicators = view.catalogue.indicators.values()
    rows = table(view, [each for each in indicators if each.service in wanted])
    return {
        each: {
            "form": "service",
            "title": view.catalogue.services[code].name,
            "about": "Service",
            "href": _page("services", code),
            "code": code,
            "tally": tally(row for row in rows if row.indicator.service == code),
        }
        for code, each in wanted.items()
    }


def _risks(view: Snapshot, pins: Sequence[Pin]) -> Tiles:
    held = reading_risks.named_risks(view, [each.code for each in pins])
    found: Tiles = {}
    for each in pins:
        if each.code not in held:
            continue
        state, risk = held[each.code]
        parts = risks.risk_parts(risk, view.catalogue.risk_policy)
        found[each] = {
            **_tile(risk.title, f"Risk {risk.reference}", _page("risks", each.code)),
            **_state(state.subject, state.origin or state.time, parts),
            "value": ("score", f"{risk.score}"),
            "before_value": "Score",
            "target": ("target", parts["target"]),
            "trend": ("standing", parts["standing"]),
        }
    return found


def _contracts(view: Snapshot, pins: Sequence[Pin]) -> Tiles:
    held = reading_contracts.named_contracts(view, [each.code for each in pins])
    found: Tiles = {}
    for each in pins:
        if each.code not in held:
            continue
        state, contract = held[each.code]
        parts = contract_words.contract_parts(contract)
        found[each] = {
            **_tile(contract.title, f"Contract {each.code}", _page("contracts", each.code)),
            **_state(state.subject, state.origin or state.time, parts),
            "before_value": "Paid to date",
            "value": ("spent", parts["spent"]),
            "target_name": "Total value",
            "target": ("total", parts["total"]),
            "trend": ("next", parts["next"]),
        }
    return found


def _schemes(view: Snapshot, pins: Sequence[Pin]) -> Tiles:
    held = lists.named_schemes(view, [each.code for each in pins])
    found: Tiles = {}
    for each in pins:
        if each.code not in held:
            continue
        state, scheme = held[each.code]
        title = scheme.title or scheme.scheme
        parts = {"outcome": scheme.rag.outcome, "outcome_word": finance.outcome(scheme.rag)}
        found[each] = {
            **_tile(title, "Capital scheme", _page("finance/capital", each.code)),
            **_state("", state.origin or state.time, parts),
            "value": ("", words.sentence(finance.variance(scheme.total.variance))),
            "trend": ("", finance_words.scheme(scheme)),
        }
    return found


def _money(view: Snapshot, pins: Sequence[Pin]) -> Tiles:
    """Of each pin its newest position, by the structure as it is now."""
    asked = finance_query.asked(view, None, None, None)
    keys = {each: _key(each) for each in pins}
    nodes = [key for key in keys.values() if key[1] != COST_CENTRE]
    centres = [code for _, level, code in keys.values() if level == COST_CENTRE]
    held = money.named_positions(view, asked.basis, asked.when, nodes)
    of_centres = {
        code: money.standing_of(view, *each, asked.basis, asked.when)
        for code, each in money.named_cost_centres(view, asked.when.year, centres).items()
    }
    found: Tiles = {}
    for each, (fund, level, code) in keys.items():
        here = of_centres.get(code) if level == COST_CENTRE else held.get((fund, level, code))
        if here is None:
            continue
        row = finance_rows.row(here, asked)
        told = dict.fromkeys((finance.LEVELS[level], fund_name(view.catalogue.books, here.fund)))
        found[each] = {
            **_tile(here.name, f"Money: {' · '.join(told)}", row["href"]),
            **_state(here.subject if here.live else "", here.time, row),
            "period": ("period", row["period"]),
            "value": ("variance_words", row["variance_words"]),
            "target_name": "Current budget",
            "target": ("current_budget", row["current_budget"]),
            "trend": ("movement_words", row["movement_words"]),
        }
    return found


def _key(pinned: Pin) -> tuple[str, str, str]:
    """The fund, the level and the code of a pin."""
    level = pinned.code
    code = money.code_from(pinned.part(1), level)
    return money.code_from(pinned.part(2), "fund"), level, code


def _tile(title: str, about: str, href: str) -> Facts:
    return {"form": "state", "title": title, "about": about, "href": href, "target_name": "Target"}


def _state(subject: str, time: str, parts: Facts | dict[str, str]) -> Facts:
    return {
        "subject": subject,
        "live": bool(subject),
        "outcome": parts["outcome"],
        "outcome_word": parts["outcome_word"],
        "fresh": f"Updated {words.moment(time)}",
        "fresh_at": time,
    }


def _page(where: str, code: str) -> str:
    return f"/{where}/{quote(code, safe='')}"


_KINDS = {
    "indicator": _indicators,
    "service": _services,
    "risk": _risks,
    "contract": _contracts,
    "scheme": _schemes,
    "finance": _money,
}
