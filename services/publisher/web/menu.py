"""The ways through the pages: a few at the top of each, and all of them on one page."""

from collections.abc import Mapping
from typing import NamedTuple

from services.publisher.readmodel import Snapshot
from services.publisher.web.asking import Asker, asker_now
from services.publisher.web.tables import Facts, frame

HERE = "/menu"
# What stands at the top of every page, and where else each of them stands for the page.
TOP: Mapping[str, str] = {
    "/": "Overview",
    "/indicators": "Indicators",
    "/strategic": "Strategic",
    "/finance": "Money",
    "/risks": "Risks",
    "/contracts": "Contracts",
}


class Way(NamedTuple):
    """A page, and what is found there."""

    href: str
    name: str
    what: str


GROUPS: Mapping[str, tuple[Way, ...]] = {
    "How we are doing": (
        Way("/", "Overview", "what needs attention, and what changed"),
        Way("/indicators", "Indicators", "all of them, by service, portfolio or status"),
        Way("/strategic", "Strategic indicators", "the set that members watch, by quarter"),
        Way("/themes", "Themes", "what cuts across services"),
        Way("/changes", "What changed", "since this device last looked"),
        Way("/compare", "Compare with other councils", "where we stand among them"),
        Way("/evidence", "Evidence", "the facts about the area, for needs assessments"),
    ),
    "Money": (
        Way("/finance", "Budgets and forecasts", "by directorate, portfolio and service"),
        Way("/finance/monitoring", "Budget monitoring report", "the quarter on one page"),
        Way("/finance/savings", "Savings", "what was planned, and how far it is"),
        Way("/finance/capital", "Capital", "schemes, their spending and their milestones"),
        Way("/finance/reserves", "Reserves", "what is put by, and what it is for"),
        Way("/finance/virements", "Virements", "budget moved from one place to another"),
        Way("/finance/spending", "Spending", "what was paid, month by month"),
        Way("/finance/reconciliation", "Reconciliation", "whether it all adds up"),
    ),
    "Risks and work": (
        Way("/risks", "Risks", "the register, and what is above appetite"),
        Way("/actions", "Actions", "who does what by when"),
        Way("/projects", "Projects", "how far they are"),
        Way("/contracts", "Contracts", "the register, spending against it, decisions to come"),
        Way("/contracts/pipeline", "Pipeline", "what is to be bought next"),
    ),
    "Review and reports": (
        Way("/cycle", "Review of the quarter", "commentary, challenge and sign-off"),
        Way("/reports", "Reports", "quarters as they were reported"),
        Way("/strategic/meeting", "Meeting mode", "one page at a time, in large type"),
        Way("/supply", "What is late", "data that did not come, and returns not given"),
    ),
    "For you": (
        Way("/dashboard", "My dashboard", "the figures that you choose"),
        Way("/embed", "Figures for another site", "to show a figure elsewhere"),
        Way("/v1/indicators", "Figures as data", "the same, for programs"),
        Way("/docs", "Calls for programs", "what can be asked for"),
    ),
}  # fmt: skip


def menu(view: Snapshot) -> Facts:
    """Every page that can be begun from."""
    return {**frame(view, HERE, None), "groups": {**GROUPS, "For you": _yours(asker_now())}}


def _yours(asker: Asker) -> list[Way]:
    door = [
        Way(asker.my_returns(), "My returns", "figures that you are to give"),
        Way(asker.upload(), "Upload", "files of data"),
    ]
    return [*(each for each in door if each.href), *GROUPS["For you"]]


def navigation(here: str | None, asker: Asker) -> list[Facts]:
    """The top of a page: itself is marked, or the part of the site that it belongs to."""
    top = {**TOP, HERE: "More"}
    place, page = _part(here), asker.back.partition("?")[0]
    ways = [
        {"href": href, "text": text, "current": href == place == page, "active": href == place}
        for href, text in top.items()
    ]
    door = {"My returns": asker.my_returns(), "Upload": asker.upload()}
    return ways + [{"href": href, "text": text} for text, href in door.items() if href]


def _part(here: str | None) -> str:
    """Which entry at the top a page belongs to; of an unknown page none."""
    if not here:
        return ""
    if here == "/":
        return here
    return next((each for each in TOP if each != "/" and f"{here}/".startswith(f"{each}/")), HERE)
