"""The facts of the strategic pages: the set for members beside money and risks, live or as it was
reported, and one thing at a time for a meeting."""

from urllib.parse import urlencode

from services.publisher import reading_strategic
from services.publisher.domain import finance, strategic, words
from services.publisher.domain.tallies import STRATEGIC
from services.publisher.reading_strategic import Strategic
from services.publisher.readmodel import Snapshot
from services.publisher.store import frozen
from services.publisher.summary import Beside, beside, beside_reported
from services.publisher.web import report_views
from services.publisher.web.tables import Facts, frame
from shared.runtime.problems import Problem

HERE = "/strategic"
MEETING = "/strategic/meeting"
KINDS = "indicators,finance,risks,supply"
# The slides that stand beside those of the set, and what moves them.
MONEY, RISKS = "money", "risks"
_MOVES = {MONEY: "finance", RISKS: "risks"}


def live(view: Snapshot) -> Facts:
    """The set as it is now."""
    found = reading_strategic.live(view)
    return {
        **frame(view, HERE, {"kinds": KINDS}),
        **_whole(view, found, beside(view)),
        "report": None,
        "as_of": words.moment(view.at),
        "views": _views(view, ""),
    }


def reported(view: Snapshot, period: str) -> Facts:
    """The set from the report of a quarter, and what moved since."""
    facts, report = report_views.opened(view, period)
    if report is None:
        raise Problem(404, facts["unreported"])
    found = reading_strategic.reported(view, report)
    moved = [each for each in found.lines if each.moved or any(c.moved for c in each.cells)]
    return {
        **facts,
        "here": HERE,
        **_whole(view, found, beside_reported(view, report)),
        "moved": len(moved),
        "views": _views(view, period),
    }


def _whole(view: Snapshot, found: Strategic, told: Beside) -> Facts:
    return {
        "wide": True,
        "sections": found.sections,
        "places": {
            each.group.code: place.subject if place else ""
            for each in found.sections
            for place in [strategic.place_of(each.group, view.catalogue)]
        },
        "by": "priority" if view.catalogue.priorities else "portfolio",
        "quarters": [words.period(each.code) for each in found.columns.quarters],
        "counts": strategic.counted((each.indicator for each in found.lines), found.tally),
        "counted": STRATEGIC.subject,
        "beside": told,
        "signs": finance.SIGNS,
    }


def _views(view: Snapshot, shown: str) -> list[tuple[str, str, bool]]:
    """The live view and every report to choose from: address, name, and whether it is shown."""
    return [
        (HERE, "Live", not shown),
        *(
            (
                f"{HERE}?{urlencode({'report': each.period})}",
                f"As reported: {words.period(each.period)}",
                each.period == shown,
            )
            for each in frozen.reports(view.tx)
        ),
    ]


def meeting(view: Snapshot, show: str | None) -> Facts:
    """One priority, the money, the top risks, or one indicator, in large type."""
    found = reading_strategic.live(view)
    priorities = {f"priority/{each.group.code}": each for each in found.sections}
    lines = {f"indicator/{each.indicator.code}": each for each in found.lines}
    told = beside(view)
    slides = [*priorities, *([MONEY] if told.money else []), *([RISKS] if told.risks else [])]
    shown = show or next(iter(slides), "")
    facts: Facts = {
        **frame(view, HERE, {"kinds": _MOVES.get(shown, "indicators,supply")}),
        "as_of": words.clock(view.at),
        "as_of_at": view.at,
        "section": priorities.get(shown),
        "line": lines.get(shown),
        "money": told if shown == MONEY else None,
        "risks": told if shown == RISKS else None,
        "by": "priority" if view.catalogue.priorities else "portfolio",
        "up": HERE,
        "slide": lambda code: meeting_link(f"indicator/{code}"),
    }
    if not shown:
        return facts | {"position": "", "before": "", "after": ""}
    if shown in lines:
        section = next(each for each in found.sections if lines[shown] in each.lines)
        facts |= {
            "section": section,
            "up": meeting_link(f"priority/{section.group.code}"),
            "quarters": [words.period(each.code) for each in found.columns.quarters],
        }
    elif shown not in slides:
        raise Problem(404, f"There is nothing to show for {shown[:60]!r}.")
    row = list(lines) if shown in lines else slides
    before, after = strategic.neighbours(row, shown)
    one = "Indicator" if shown in lines else "Slide"
    return facts | {
        "position": f"{one} {row.index(shown) + 1} of {len(row)}",
        "before": meeting_link(before) if before else "",
        "after": meeting_link(after) if after else "",
    }


def meeting_link(shown: str) -> str:
    """The address of a slide."""
    return f"{MEETING}?{urlencode({'show': shown}, safe='/')}"
