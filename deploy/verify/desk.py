"""What is under review in a quarter, and who answers for it, worked out again.

Rule: a figure is worked out again itself, never taken from what is published: an indicator by the
newest value of its headline kind that ends in the quarter, a service's money by its lines at the
quarter's end, and a risk where somebody says something of it or challenges it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

from deploy.verify.accounting import Books, Entry
from deploy.verify.periods import DEFAULT_KINDS, UnknownPeriod, parse
from deploy.verify.revenue import figures, spending
from deploy.verify.source import Json
from deploy.verify.steps import (
    about_text,
    dispute,
    quarter_code,
    walk,
)

LONGEST_REFERENCE = 256


class Published(NamedTuple):
    """What others say, worked out again: the subjects of indicators, and a function of these, since
    few of them are asked for; the states of irf.finance and of irf.risks by theirs."""

    indicators: Callable[[], Iterable[str]]
    indicator: Callable[[str], Json | None]
    finance: Mapping[str, Json]
    risks: Mapping[str, Json]


class Figure(NamedTuple):
    """Something that is reviewed."""

    topic: str
    subject: str
    value: str
    rag: str
    service: str
    owner: str


def headline_kind(indicator: Json) -> str:
    """The kind of period by which an indicator is reported."""
    kinds = list(indicator.get("periods") or DEFAULT_KINDS)
    if indicator.get("frequency") in kinds:
        return str(indicator["frequency"])
    for kind in ("quarter", "month", "financial-year", "year-to-date"):
        if kind in kinds:
            return kind
    return str(kinds[0])


class Desk:
    """Everything that a council's reviews are worked out from."""

    def __init__(
        self, books: Books, people: Iterable[Json], indicators: Mapping[str, Json], rule: Json,
        others: Published,
    ) -> None:  # fmt: skip
        self.books = books
        self.people = sorted(people, key=lambda person: str(person["code"]))
        self.indicators = indicators
        self.rule = rule
        self.others = others
        self._values: list[str] | None = None
        self.said: dict[tuple[str, str, str], list[Entry]] = {}
        for role in ("commentary", "sign-off", "data-query"):
            for entry in books.of(role):
                place = quarter_code(entry.text("period")), about_text(entry.text("about"))
                self.said.setdefault((role, *place), []).append(entry)
        steps: dict[str, list[Entry]] = {}
        for entry in books.of("challenge-step"):
            if 0 < len(entry.text("challenge")) <= LONGEST_REFERENCE:
                steps.setdefault(entry.text("challenge"), []).append(entry)
        found = {reference: dispute(each) for reference, each in steps.items()}
        self.disputes = {reference: each for reference, each in found.items() if each.stage}
        cycles: dict[str, list[Entry]] = {}
        for entry in books.of("cycle-step"):
            cycles.setdefault(quarter_code(entry.text("period")), []).append(entry)
        self.walks = {code: walk(each) for code, each in cycles.items() if code}

    def days(self, name: str, usual: int) -> int:
        """A number of days of the review cycle."""
        found = self.rule.get(name)
        return usual if found is None else int(found)

    def post(self, role: str, service: str) -> str:
        """The post that has a role for a service."""
        stands = self.books.services.get(service) or {}
        codes = {
            "services": service,
            "directorates": stands.get("directorate"),
            "portfolios": stands.get("portfolio"),
        }
        able = [person for person in self.people if role in person["roles"]]
        for name, code in codes.items():
            for person in able:
                if code and code in (person.get(name) or ()):
                    return str(person["post"])
        for person in able:
            if not any(person.get(name) for name in codes):
                return str(person["post"])
        return ""

    def answering(self, about: str) -> tuple[str, str]:
        """The service and the owner of what can be reviewed."""
        kind, _, rest = about.partition("/")
        if kind == "indicator":
            found = self.indicators.get(rest) or {}
            return str(found.get("service") or ""), str(found.get("owner") or "")
        if kind == "risk":
            found = self.others.risks.get(f"risk/{quote(rest, safe='')}") or {}
            return str(found.get("service") or ""), str(found.get("owner") or "")
        service = rest.rpartition("/")[2]
        return service, self.post("owner", service) or self.post("finance officer", service)

    def figures(self, quarter: str) -> dict[str, Figure]:
        """Every figure under review in a quarter."""
        period = parse(quarter)
        found: dict[str, Figure] = {}
        newest: dict[str, tuple[str, str, Json]] = {}
        for subject in self._of_all_records():
            code, _, window = subject.partition("/")
            try:
                its = parse(window)
            except UnknownPeriod:
                continue
            if its.kind != headline_kind(self.indicators[code]):
                continue
            if period.start <= its.end <= period.end:
                state, end = self.others.indicator(subject), its.end.isoformat()
                if state is None or state["value"] is None:
                    continue
                if code not in newest or newest[code][0] < end:
                    newest[code] = end, subject, state
        for code, (_, subject, state) in newest.items():
            about = f"indicator/{code}"
            outcome = state["rag"]["outcome"]
            found[about] = Figure(
                "irf.indicators", subject, state["value"], outcome, *self.answering(about)
            )
        for subject, state in self.others.finance.items():
            about, figure = self._position(quarter, subject, state)
            if figure is not None:
                found[about] = figure
        for about in self._spoken_of(quarter):
            subject = f"risk/{quote(about.partition('/')[2], safe='')}"
            risk = self.others.risks.get(subject)
            if risk is not None:
                rag = risk["rag"] if isinstance(risk["rag"], str) else risk["rag"]["outcome"]
                value, answers = str(risk["score"]), self.answering(about)
                found[about] = Figure("irf.risks", subject, value, rag, *answers)
        return found

    def _of_all_records(self) -> list[str]:
        """The values of indicators, members of breakdowns aside."""
        if self._values is None:
            every = ((each, each.split("/")) for each in self.others.indicators())
            self._values = [
                subject
                for subject, parts in every
                if len(parts) == 2 and parts[0] in self.indicators
            ]
        return self._values

    def _spoken_of(self, quarter: str) -> set[str]:
        """Risks of which somebody says or challenges something."""
        abouts = {
            about for role, code, about in self.said if (role, code) == ("commentary", quarter)
        }
        abouts |= {each.place[1] for each in self.disputes.values() if each.place[0] == quarter}
        return {about for about in abouts if about.startswith("risk/")}

    def _position(self, quarter: str, subject: str, state: Json) -> tuple[str, Figure | None]:
        parts = [unquote(part) for part in subject.split("/")]
        year, _, number = quarter.rpartition("-Q")
        if len(parts) != 6 or parts[:3] != ["position", "as-is", year] or parts[4] != "service":
            return "", None
        fund, service, last = parts[3], parts[5], 3 * int(number)
        about = f"position/{fund}/{service}"
        if not fund or not service or "/" in service or about_text(about) != about:
            return "", None
        if state["period"] < last:
            return "", None
        came = figures(state["lines"], last)
        rag = self.books.judge(
            came["current_budget"], came["forecast"], spending(state["lines"], last)
        )
        answers = self.answering(about)
        return about, Figure("irf.finance", subject, str(came["variance"]), rag, *answers)
