"""The facts of the strategic pages: the set for members beside money and risks, live or as it was
reported, and one priority or indicator at a time for a meeting."""

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
    """One priority, or one indicator, in large type."""
    found = reading_strategic.live(view)
    priorities = {each.group.code: each for each in found.sections}
    lines = {each.indicator.code: each for each in found.lines}
    facts: Facts = {
        **frame(view, HERE, {"kinds": "indicators,supply"}),
        "as_of": words.clock(view.at),
        "as_of_at": view.at,
        "section": None,
        "line": None,
        "by": "priority" if view.catalogue.priorities else "portfolio",
        "of": len(found.lines),
    }
    kind, _, code = (show or "").partition("/")
    if not show:
        if not found.sections:
            return facts | {"position": "", "before": "", "after": "", "up": HERE}
        kind, code = "priority", found.sections[0].group.code
    if kind == "priority" and code in priorities:
        codes, section = list(priorities), priorities[code]
        facts |= {"section": section, "up": HERE}
    elif kind == "indicator" and code in lines:
        codes = list(lines)
        section = next(s for s in found.sections if lines[code] in s.lines)
        facts |= {
            "section": section,
            "line": lines[code],
            "up": meeting_link("priority", section.group.code),
            "quarters": [words.period(each.code) for each in found.columns.quarters],
        }
    else:
        raise Problem(404, f"There is nothing to show for {(show or '')[:60]!r}.")
    before, after = strategic.neighbours(codes, code)
    thing = facts["by"] if kind == "priority" else kind
    return facts | {
        "position": f"{thing.capitalize()} {codes.index(code) + 1} of {len(codes)}",
        "before": meeting_link(kind, before) if before else "",
        "after": meeting_link(kind, after) if after else "",
        "slide": lambda each: meeting_link("indicator", each),
    }


def meeting_link(kind: str, code: str) -> str:
    """The address of a slide."""
    return f"{MEETING}?{urlencode({'show': f'{kind}/{code}'}, safe='/')}"
