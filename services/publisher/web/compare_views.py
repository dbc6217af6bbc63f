"""The facts of the pages that compare the council with other areas."""

from collections.abc import Iterable
from decimal import Decimal
from urllib.parse import quote, urlencode

from services.publisher import comparing
from services.publisher.api import answers, query
from services.publisher.api.finance_query import one_of
from services.publisher.comparing import Beside
from services.publisher.domain import words
from services.publisher.domain.areas_chart import Area, areas_chart, median_of
from services.publisher.domain.comparing import (
    ENGLAND,
    SORTS,
    Line,
    finding,
    line_order,
    tally_words,
)
from services.publisher.domain.comparing import quartiles as quartiles_of
from services.publisher.domain.saying import saying
from services.publisher.readmodel import Snapshot
from services.publisher.web.tables import Facts, frame

HERE = "/compare"


def address(code: str, group: str = "") -> str:
    """The page on which an indicator is compared, in a group."""
    asked = f"?{urlencode({'group': group})}" if group else ""
    return f"{HERE}/{quote(code, safe='')}{asked}"


def overview(view: Snapshot, group: str | None, service: str | None, sort: str | None) -> Facts:
    """Every indicator that has a benchmark: where it stands."""
    catalogue = view.catalogue
    every = [
        line
        for each in comparing.compared(view, catalogue.indicators.values())
        for line in comparing.lines(view, each)
    ]
    groups = {line.group_code: line.group for line in every}
    services = {line.service_code: line.service for line in every}
    chosen = one_of("group", group, groups, "")
    of_service = one_of("service", service, services, "")
    order = one_of("sort", sort, SORTS, "quartile")
    shown = _one_each(line for line in every if chosen in ("", line.group_code))
    shown = [line for line in shown if of_service in ("", line.service_code)]
    asked = {"group": chosen, "service": of_service, "sort": order}
    return {
        **frame(view, HERE, None),
        "wide": True,
        "lines": [
            (line, address(line.code, chosen)) for line in sorted(shown, key=line_order(order))
        ],
        "sentence": tally_words(shown),
        "sorts": [
            (name, f"{HERE}?{_asked({**asked, 'sort': code})}", code == order)
            for code, name in SORTS.items()
        ],
        "group_options": _options("The first group of each", groups, chosen),
        "service_options": _options("Every service", services, of_service),
        "sort": order,
        "filtered": bool(chosen or of_service),
        "without": sum(each.benchmark is not None for each in catalogue.indicators.values())
        - len({line.code for line in every}),
    }


def _one_each(lines: Iterable[Line]) -> list[Line]:
    """Of each indicator the first of its lines."""
    found: dict[str, Line] = {}
    for line in lines:
        found.setdefault(line.code, line)
    return list(found.values())


def _asked(asked: dict[str, str]) -> str:
    return urlencode({name: text for name, text in asked.items() if text})


def _options(everything: str, named: dict[str, str], chosen: str) -> list[Facts]:
    listed = sorted((name, code) for code, name in named.items() if code)
    return [
        {"value": code, "text": name, "selected": code == chosen}
        for name, code in [(everything, ""), *listed]
    ]


def indicator(view: Snapshot, code: str, group: str | None) -> Facts:
    """One indicator among the areas of a group: a chart, and the same as a table."""
    found = answers.known(view, code)
    facts: Facts = {
        **frame(view, HERE, {"kinds": "indicators", "indicator": code}),
        "indicator": found,
        "line": None,
        "groups": [],
        "service": view.catalogue.services.get(found.service or ""),
    }
    held = next(iter(comparing.compared(view, [found])), None)
    lines = comparing.lines(view, held) if held else []
    if held is None or not lines:
        if group:
            raise query.refuse("group", group, "left out: there is nothing to compare with yet")
        return facts
    known = {line.group_code: line.group for line in lines}
    chosen = one_of("group", group, known, lines[0].group_code)
    line = next(each for each in lines if each.group_code == chosen)
    areas = _areas(view, held, chosen)
    numbers = [each.number for each in areas if each.kind == "other"]
    middle = quartiles_of(numbers)
    return facts | {
        "line": line,
        "sentence": finding(line),
        "period": words.period(held.own.period.code),
        "chart": areas_chart(areas, [median_of(middle[1])] if middle else [], finding(line)),
        "areas": areas,
        "groups": [(name, address(code, each), each == chosen) for each, name in known.items()],
    }


def _areas(view: Snapshot, held: Beside, group: str) -> list[Area]:
    """The council, the areas of a group and England, the best first where one end is good."""
    say = saying(held.indicator, held.own.unit, held.own.value)
    council = view.catalogue.council
    groups = comparing.groups(view, held)
    members = next((each.areas for each in groups if each.group == group), {})
    codes = [*members, *([ENGLAND] if ENGLAND in held.areas and ENGLAND not in members else [])]
    named = comparing.areas_named(view, held.indicator, codes)
    found = []
    for area in codes:
        number = Decimal(held.areas[area].value or "")
        kind = "england" if area == ENGLAND else "other"
        found.append(Area(named[area], number, say(number), kind))
    if held.number is not None:
        name = council.name if council else "This council"
        found.append(Area(name, held.number, say(held.number), "own"))
    best_first = -1 if held.indicator.polarity != "low" else 1
    return sorted(found, key=lambda each: (best_first * each.number, each.name))
