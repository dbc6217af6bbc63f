"""The pages of frozen quarters: what was reported, and beside it what has moved since."""

from typing import Any

from services.publisher import reading_reports as reading
from services.publisher import reading_reviews
from services.publisher.domain import finance, words
from services.publisher.domain.contracts import count
from services.publisher.domain.finance_sums import fund_name, node_name
from services.publisher.domain.review_words import cycle_stage, is_frozen
from services.publisher.reading_reports import Frozen, ReportedPosition, ReportedRisk, ReportedValue
from services.publisher.readmodel import Snapshot
from services.publisher.store import frozen
from services.publisher.store.frozen import Report
from services.publisher.web import review_rows as rows
from services.publisher.web.asking import Asker
from services.publisher.web.tables import Facts, Row, frame, tally
from shared.accounts.calendar import When
from shared.catalogue.model import Indicator
from shared.contracts.review import Review
from shared.review.about import Quarter
from shared.review.cycle import FROZEN, OPEN

LEVELS = ("fund", "directorate")
TOPICS = {
    "irf.catalogue": "definitions",
    "irf.contracts": "contracts",
    "irf.finance": "states of the money",
    "irf.indicators": "values",
    "irf.risks": "risks, plans and reviews",
}


def reports(view: Snapshot) -> Facts:
    """Every quarter that has a cycle or a report, with where it stands."""
    copies = {each.period: each for each in frozen.reports(view.tx)}
    stages = {each.period: each.stage for _, each in reading_reviews.cycles(view)}
    return {
        **frame(view, "/reports", {"kinds": "risks"}),
        "rows": [
            {
                "subject": f"cycle/{period}",
                "href": f"/reports/{period}",
                "period": words.period(period),
                "stage": stages.get(period, FROZEN),
                "stage_word": cycle_stage(stages.get(period, FROZEN)),
                "frozen": words.moment(copies[period].frozen_at) if period in copies else "",
                "lost": period not in copies and stages.get(period) == FROZEN,
            }
            for period in sorted({*copies, *stages}, reverse=True)
        ],
    }


def report(view: Snapshot, period: str, asker: Asker) -> Facts:
    """A quarter as it was reported; before it is frozen, where it stands."""
    quarter = reading.quarter_named(period)
    found = reading.open_report(view, quarter)
    facts = {**_about(view, quarter, found), "asker": asker}
    if found is None:
        return facts
    values = reading.values(view, found)
    reviews = reading.reviews(view, found)
    strategic = reading.strategic(found)
    codes = {each.code for each in strategic}
    spoken = [
        each
        for about, each in reviews.items()
        if each.voices and about.removeprefix("indicator/") not in codes
    ]
    return {
        **facts,
        "rows": [
            {**_value_row(each, values.get(each.code)), "voices": _voices(reviews, each.code)}
            for each in strategic
        ],
        "tally": tally(_rows(strategic, values)),
        "others": [
            _value_row(found.catalogue.indicators[code], each)
            for code, each in values.items()
            if each.moved and code not in codes
        ],
        "figures": count(len(values), "indicator"),
        "money": _money(view, found),
        "money_period": finance.period(When(quarter.year, quarter.last_period)),
        "signs": finance.SIGNS,
        "risks": [_risk_row(each) for each in reading.risks(view, found)],
        "commentary": [
            {
                "about": rows.named(each.about, found.catalogue),
                "value": rows.value_text(each, found.catalogue),
                "voices": rows.voices(each.voices, signed_in=False),
            }
            for each in spoken
        ],
    }


def opened(view: Snapshot, period: str) -> tuple[Facts, Frozen | None]:
    """What a page says of the report of a quarter, and the report if there is one, checked
    lately."""
    quarter = reading.quarter_named(period)
    found = reading.report_at_hand(view, quarter)
    return _about(view, quarter, found), found


def _about(view: Snapshot, quarter: Quarter, found: Frozen | None) -> Facts:
    """What report it is, or why there is none."""
    facts: Facts = {
        **frame(view, "/reports", None),
        "code": quarter.code,
        "period": words.period(quarter.code),
        "short": words.short_period(quarter.code),
        "report": None,
        "unreported": "",
        "lost": False,
    }
    if found is not None:
        return facts | {"report": _seal(found)}
    held = reading_reviews.cycle(view, quarter.code)
    if held is not None and is_frozen(held[1]):
        return facts | {
            "lost": True,
            "unreported": "This quarter was frozen before this store came into being, so it holds "
            "no copy of what was reported. It must be restored from a backup.",
        }
    stage = held[1].stage if held else OPEN
    return facts | {
        "unreported": f"The quarter is not frozen yet, so there is no report of it. "
        f"It stands at: {cycle_stage(stage).lower()}.",
    }


def _seal(found: Frozen) -> Facts:
    report: Report = found.report
    return {
        "frozen": words.moment(report.frozen_at),
        "taken": words.moment(report.taken_at),
        "by": found.by,
        "despite": found.despite,
        "cursor": f"{report.store}-{report.cursor}",
        "sha256": report.sha256,
        "intact": found.intact,
        "counts": [
            f"{number:,} {TOPICS.get(topic, topic)}" for topic, number in report.counts.items()
        ],
        "entries": f"{sum(report.counts.values()):,}",
    }


def _rows(listed: list[Indicator], values: dict[str, ReportedValue]) -> list[Row]:
    return [
        Row(each, "", values[each.code].figure if each.code in values else None) for each in listed
    ]


def _value_row(indicator: Indicator, found: ReportedValue | None) -> Facts:
    return {
        "indicator": indicator,
        "figure": found.figure if found else None,
        "moved": found.moved if found else None,
    }


def _voices(reviews: dict[str, Review], code: str) -> list[Facts]:
    found = reviews.get(f"indicator/{code}")
    return rows.voices(found.voices, signed_in=False) if found else []


def _money(view: Snapshot, report: Frozen) -> list[Facts]:
    """By fund: its directorates, and the whole."""
    found = reading.positions(view, report, LEVELS)
    by_fund: dict[str, list[ReportedPosition]] = {}
    for each in found:
        by_fund.setdefault(each.position.fund, []).append(each)
    return [
        {
            "name": fund_name(report.catalogue.books, fund),
            "rows": [_money_row(report, e) for e in listed if e.position.level != "fund"],
            "total": next(
                (_money_row(report, e) for e in listed if e.position.level == "fund"), None
            ),
        }
        for fund, listed in by_fund.items()
    ]


def _money_row(report: Frozen, found: ReportedPosition) -> Facts:
    held = found.position
    return {
        "name": node_name(report.catalogue, held.level, held.node)
        if held.level != "fund"
        else "Fund as a whole",
        "budget": finance.column("current_budget", found.figures.current_budget),
        "actual": finance.column("actual", found.figures.actual),
        "forecast": finance.column("forecast", found.figures.forecast),
        "variance": finance.column("variance", found.figures.variance),
        "outcome": found.rag.outcome,
        "outcome_word": finance.outcome(found.rag),
        "moved": found.moved,
    }


def _risk_row(found: ReportedRisk) -> dict[str, Any]:
    risk = found.risk
    return {
        "title": risk.title,
        "href": f"/risks/{found.entry.subject.partition('/')[2]}",
        "owner": risk.owner or "",
        "score": str(risk.score),
        "outcome": risk.rag.outcome,
        "outcome_word": words.sentence(risk.band),
        "standing": words.sentence(risk.standing) or "Not judged",
        "moved": found.moved,
    }
