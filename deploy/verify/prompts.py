"""What asks for a review of a risk, worked out again from the recompute's own figures.

Rule: a prompt is there as long as what it says is so, until a review of the risk considered it. Its
key holds the period or the day that it is about.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote

from deploy.verify.accounting import Entry, of_month
from deploy.verify.periods import DEFAULT_KINDS
from deploy.verify.plans_of_action import listed
from deploy.verify.source import Json

CAUSES = ("red indicator", "adverse variance", "contract")
STAGES = ("decision due", "decision overdue", "expired")
# Of the kinds of period that an indicator has, the first of these stands for it.
PREFERRED = ("quarter", "month", "financial-year", "year-to-date")
# Of an indicator and a kind of period: the code and the outcome of the newest value, over all
# records, of a period that is over; None where there is none.
Newest = Callable[[str, str], tuple[str, str] | None]
# A prompt's key, the topic and the subject of the state that says so.
Found = list[tuple[str, str, str]]


class Around(NamedTuple):
    """What the recompute says of indicators, and of money and contracts by subject."""

    newest: Newest
    money: Mapping[str, Json]
    contracts: Mapping[str, Json]


class Prompts:
    """Every prompt that there may be on a day."""

    def __init__(
        self, indicators: Mapping[str, Json], policy: Json, around: Around, today: str
    ) -> None:
        self._indicators = indicators
        self._wanted = policy.get("prompts", CAUSES)
        self._around = around
        self._today = today

    def of(self, entry: Entry, reviews: list[Entry]) -> dict[str, Json]:
        """What asks for a review of an open risk, and was not considered in one."""
        considered = {key for review in reviews for key in listed(review.text("considered"))}
        by_cause = {
            "red indicator": self._red(listed(entry.text("indicators"))),
            "adverse variance": self._over(listed(entry.text("cost_centres"))),
            "contract": self._ending(listed(entry.text("contracts"))),
        }
        return {
            key: {"cause": cause, "topic": topic, "subject": subject}
            for cause, found in by_cause.items()
            if cause in self._wanted
            for key, topic, subject in found
            if key not in considered
        }

    def _red(self, codes: Iterable[str]) -> Found:
        """Indicators that are red now."""
        found = []
        for code in codes:
            definition = self._indicators.get(code)
            newest = definition and self._around.newest(code, headline(definition))
            if newest and newest[1] == "red":
                period = newest[0]
                found.append((f"indicator/{code}@{period}", "irf.indicators", f"{code}/{period}"))
        return found

    def _over(self, codes: Iterable[str]) -> Found:
        """Cost centres that are red in this financial year."""
        year, found = of_month(self._today[:7]).year, []
        for code in codes:
            subject = f"cost-centre/{year}/{quote(code, safe='')}"
            state = self._around.money.get(subject)
            if state and state["rag"] == "red":
                key = f"position/{year}/{code}@P{state['period']:02d}"
                found.append((key, "irf.finance", subject))
        return found

    def _ending(self, references: Iterable[str]) -> Found:
        """Contracts of which somebody must decide what follows, or which are over."""
        found = []
        for reference in references:
            subject = f"contract/{quote(reference, safe='')}"
            state = self._around.contracts.get(subject)
            if state and state["stage"] in STAGES:
                key = f"contract/{reference}@{state['expiry']}"
                found.append((key, "irf.contracts", subject))
        return found


def headline(indicator: Json) -> str:
    """The kind of period that stands for an indicator: how often it is reported, if it is given
    so; else the first of the usual ones that it has; else the first that it has."""
    kinds = indicator.get("periods", DEFAULT_KINDS)
    if indicator.get("frequency") in kinds:
        return str(indicator["frequency"])
    return str(next((kind for kind in (*PREFERRED, *kinds) if kind in kinds), PREFERRED[0]))
