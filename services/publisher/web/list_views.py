"""The facts of the list of every indicator, narrowed as asked, a page at a time."""

from services.publisher.api.query import refuse
from services.publisher.domain import words
from services.publisher.domain.contracts import count
from services.publisher.domain.tallies import is_better, is_worse
from services.publisher.readmodel import Snapshot
from services.publisher.web.paging import paged
from services.publisher.web.plan_rows import options
from services.publisher.web.tables import Facts, Row, frame, table
from shared.catalogue.headline import headline_kind
from shared.catalogue.model import Indicator

HERE = "/indicators"
TRENDS = {"worse": "Getting worse", "better": "Getting better"}

Asked = dict[str, str]


def indicators(view: Snapshot, asked: Asked, page: str | None) -> Facts:
    """The indicators that are asked for: by service, portfolio, directorate, status, trend, kind of
    period, and words."""
    known = _known(view)
    for name, text in asked.items():
        if name != "q" and text and text not in known[name]:
            raise refuse(name, text, f"one of {', '.join(known[name])}")
    listed = [each for each in view.catalogue.indicators.values() if _defined_so(view, each, asked)]
    rows = [each for each in table(view, listed) if _stands_so(each, asked)]
    chosen = {name: text for name, text in asked.items() if text}
    return {
        **frame(view, HERE, {"kinds": "indicators,supply"}),
        **paged(rows, page, HERE, chosen),
        "found": count(len(rows), "indicator"),
        "asked": asked,
        "chosen": bool(chosen),
        "choices": [
            (name, label, options([(every, ""), *_named(known[name])], asked[name]))
            for name, label, every in (
                ("service", "Service", "Every service"),
                ("portfolio", "Portfolio", "Every portfolio"),
                ("directorate", "Directorate", "Every directorate"),
                ("rag", "Status", "Every status"),
                ("trend", "Trend", "Any"),
                ("kind", "Reported by", "Any period"),
            )
        ],
    }


def _named(known: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, code) for code, name in known.items()]


def _known(view: Snapshot) -> dict[str, dict[str, str]]:
    """What may be asked for, by its code, with its name."""
    catalogue = view.catalogue
    used = {headline_kind(each) for each in catalogue.indicators.values()}
    return {
        "service": {each.code: each.name for each in catalogue.services.values()},
        "portfolio": {each.code: each.name for each in catalogue.portfolios.values()},
        "directorate": {each.code: each.name for each in catalogue.directorates.values()},
        "rag": words.OUTCOMES,
        "trend": TRENDS,
        "kind": {code: name for code, name in words.KINDS.items() if code in used},
    }


def _defined_so(view: Snapshot, each: Indicator, asked: Asked) -> bool:
    service = view.catalogue.services.get(each.service or "")
    text = f"{each.code} {each.title} {each.definition} {each.owner}".casefold()
    return (
        asked["service"] in ("", each.service)
        and (not asked["portfolio"] or (service and service.portfolio) == asked["portfolio"])
        and (not asked["directorate"] or (service and service.directorate) == asked["directorate"])
        and asked["kind"] in ("", headline_kind(each))
        and all(word in text for word in asked["q"].casefold().split())
    )


def _stands_so(row: Row, asked: Asked) -> bool:
    found = row.figure
    if asked["rag"] and (found is None or found.outcome != asked["rag"]):
        return False
    if asked["trend"] == "worse":
        return found is not None and is_worse(found)
    if asked["trend"] == "better":
        return found is not None and is_better(found)
    return True
