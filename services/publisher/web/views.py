"""The facts that each page shows, read from one snapshot. Words come from the domain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from services.publisher import reading
from services.publisher.api import answers, query
from services.publisher.domain import explain, money, words
from services.publisher.domain.chart import chart
from services.publisher.domain.figures import Figure, decode_value, headline_kind
from services.publisher.domain.messages import HeldRow
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.repository import Span
from services.publisher.store.tables import TABLES
from shared.catalogue.model import Indicator
from shared.contracts.states import Risk
from shared.contracts.topics import CONTRACTS, INDICATORS
from shared.delivery.held import Held
from shared.runtime.problems import Problem

RECENT = 6
CHART_POINTS = 24
SERIES_ROWS = 400
RECORDS = 25

Facts = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """An indicator in a table, with its figure if it has one."""

    indicator: Indicator
    kind: str
    figure: Figure | None


@dataclass(frozen=True)
class Tally:
    """How many with a target are green, amber and red."""

    green: int
    amber: int
    red: int

    @property
    def judged(self) -> int:
        """How many have a target and a value."""
        return self.green + self.amber + self.red


def tally(rows: Iterable[Row]) -> Tally:
    """Counts the outcomes of rows."""
    outcomes = [row.figure.outcome for row in rows if row.figure]
    return Tally(*(outcomes.count(outcome) for outcome in words.JUDGED))


def frame(view: Snapshot, here: str, stream: dict[str, str] | None) -> Facts:
    """What the frame around every page needs. `stream` is what the page listens to."""
    facts: Facts = {"council": view.catalogue.council, "here": here, "cursor": view.event_id}
    if stream is not None:
        facts["stream"] = "/v1/stream?" + urlencode(stream)
    return facts


def table(view: Snapshot, indicators: Iterable[Indicator]) -> list[Row]:
    """Indicators with their newest figures."""
    listed = list(indicators)
    newest = reading.latest(view, listed)
    shown = {figure.indicator: figure for figure in reading.figures(view, newest.values())}
    return [Row(each, headline_kind(each), shown.get(each.code)) for each in listed]


def overview(view: Snapshot) -> Facts:
    """Everything the council watches, by service."""
    catalogue = view.catalogue
    rows = table(view, catalogue.indicators.values())
    groups = [
        {
            "service": service,
            "rows": [row for row in rows if row.indicator.service == service.code],
        }
        for service in catalogue.services.values()
    ]
    loose = [row for row in rows if row.indicator.service not in catalogue.services]
    if loose:
        groups.append({"service": None, "rows": loose})
    return {
        **frame(view, "/", {}),
        "groups": [group for group in groups if group["rows"]],
        "tally": tally(rows),
        "themes": list(catalogue.themes.values()),
        "ledgers": _ledgers(view),
        "risks": _bands(risk for _, risk in reading.risks(view)),
        "recent": reading.figures(view, repository.newest(view.tx, RECENT), trends=False),
    }


def _ledgers(view: Snapshot) -> list[Facts]:
    controls = reading.controls(view)
    return [
        {
            "code": ledger.code,
            "title": ledger.title or ledger.code,
            "subject": f"control/{ledger.code}",
            **money.spend_display(controls[ledger.code][1]),
        }
        for ledger in view.catalogue.ledgers.values()
        if ledger.code in controls
    ]


def _bands(risks: Iterable[Risk]) -> list[tuple[str, int]]:
    """How many risks stand in each band, the worst first."""
    counts: dict[str, tuple[int, int]] = {}
    for risk in risks:
        count, score = counts.get(risk.band, (0, 0))
        counts[risk.band] = (count + 1, max(score, risk.score))
    worst = sorted(counts.items(), key=lambda each: -each[1][1])
    return [(words.sentence(band), count) for band, (count, _) in worst]


def service(view: Snapshot, code: str) -> Facts:
    """A service's indicators and risks."""
    found = view.catalogue.services.get(code)
    if found is None:
        raise Problem(404, f"There is no service {code[:60]!r}.")
    catalogue = view.catalogue
    rows = table(view, [each for each in catalogue.indicators.values() if each.service == code])
    directorate = catalogue.directorates.get(found.directorate or "")
    portfolio = catalogue.portfolios.get(found.portfolio or "")
    return {
        **frame(view, f"/services/{code}", {"kinds": "indicators,risks", "service": code}),
        "service": found,
        "directorate": directorate,
        "portfolio": portfolio,
        "rows": rows,
        "tally": tally(rows),
        "risks": [
            risk_row(s.subject, risk) for s, risk in reading.risks(view) if risk.service == code
        ],
    }


def theme(view: Snapshot, code: str) -> Facts:
    """Everything on one topic, from any service."""
    found = view.catalogue.themes.get(code)
    if found is None:
        raise Problem(404, f"There is no theme {code[:60]!r}.")
    rows = table(view, [each for each in view.catalogue.indicators.values() if code in each.themes])
    return {
        **frame(view, f"/themes/{code}", {"kinds": "indicators", "theme": code}),
        "theme": found,
        "rows": rows,
        "tally": tally(rows),
    }


def strategic(view: Snapshot) -> Facts:
    """The set that members watch."""
    rows = table(view, [each for each in view.catalogue.indicators.values() if each.strategic])
    return {
        **frame(view, "/strategic", {"kinds": "indicators"}),
        "rows": rows,
        "tally": tally(rows),
    }


def indicator(view: Snapshot, code: str, kind: str | None, period: str | None) -> Facts:
    """One indicator: its newest figure, its course, and its parts by ward, kind and so on."""
    found = answers.known(view, code)
    chosen = query.kind(kind) or headline_kind(found)
    if chosen not in found.periods:
        raise query.refuse("kind", chosen, f"one of {', '.join(found.periods)}")
    today = view.today.isoformat()
    row = repository.latest(view.tx, {code: chosen}, today).get(code)
    if period:
        when = query.period(period)
        row = reading.one_value(view, f"{code}/{when.code}")
        if row is None:
            raise Problem(404, f"{code} has no value for {when.label()}.")
        chosen = when.kind
    facts: Facts = {
        **frame(view, f"/indicators/{code}", {"kinds": "indicators", "indicator": code}),
        "indicator": found,
        "service": view.catalogue.services.get(found.service or ""),
        "themes": [view.catalogue.themes[t] for t in found.themes if t in view.catalogue.themes],
        "kind": chosen,
        "kinds": [each for each in words.KINDS if each in found.periods],
        "figure": None,
        "series": [],
        "chart": None,
        "breakdown_tables": [],
        "about": _about(found),
    }
    if row is None:
        return facts
    figure = facts["figure"] = reading.figures(view, [row])[0]
    rows = _shown(repository.series(view.tx, Span(code, kind=chosen), SERIES_ROWS), today)
    series = reading.figures(view, rows)
    facts["series"] = series[::-1]
    facts["chart"] = chart(series[-CHART_POINTS:], _targets(rows[-CHART_POINTS:]), found.title)
    facts["breakdown_tables"] = [_part(view, code, field, figure) for field in found.breakdowns]
    return facts


def _about(found: Indicator) -> list[tuple[str, str]]:
    """The definition in words."""
    wanted = {"high": "Higher is better", "low": "Lower is better"}
    influence = {
        "control": "The council controls it",
        "influence": "The council influences it",
        "context": "Context: it describes the place or the demand",
    }
    return [
        ("Formula", found.formula),
        ("Direction", wanted.get(found.polarity, "Neither higher nor lower is better")),
        ("Influence", influence.get(found.influence or "", "Not recorded")),
        ("Owner", found.owner or "Not recorded"),
    ]


def _shown(rows: Sequence[HeldRow], today: str) -> list[HeldRow]:
    """Rows of periods that have begun; of a year to date, its last month has."""
    shown = []
    for row in rows:
        period = decode_value(row.body or b"").period
        opens = f"{period.end[:7]}-01" if period.kind == "year-to-date" else period.start
        if opens <= today:
            shown.append(row)
    return shown


def _targets(rows: Sequence[HeldRow]) -> list[Decimal | None]:
    found = [decode_value(row.body or b"").target for row in rows]
    return [None if target is None else Decimal(target.value) for target in found]


def _part(view: Snapshot, code: str, field: str, figure: Figure) -> Facts:
    rows = repository.series(view.tx, Span(code, field, period=figure.period_code), SERIES_ROWS)
    parts = sorted(reading.figures(view, rows, trends=False), key=_member_order)
    return {"field": field, "name": words.sentence(field), "figures": parts}


def _member_order(figure: Figure) -> tuple[bool, int, str]:
    """Numbered wards in the order of their numbers, names by the alphabet."""
    whole = figure.member.isascii() and figure.member.isdigit() and len(figure.member) < 10
    return (not whole, int(figure.member) if whole else 0, figure.member)


def value(view: Snapshot, code: str, period: str, breakdown: str | None, after: str) -> Facts:
    """How one value came about."""
    told = answers.explanation(view, code, period, breakdown, after, RECORDS)
    rows = repository.rows(view.tx, INDICATORS, [told.value.subject])
    (figure,) = reading.figures(view, rows.values())
    following = None
    if told.next:
        asked = {"breakdown": breakdown} if breakdown else {}
        following = f"/indicators/{quote(code, safe='')}/values/{period}?" + urlencode(
            {**asked, "after": told.next}
        )
    return {
        **frame(view, "", {"kinds": "indicators", "indicator": code}),
        "indicator": answers.known(view, code),
        "figure": figure,
        "told": told,
        "plain": explain.plain,
        "following": following,
        "further": bool(after),
        "fields": _fields(told.records),
    }


def _fields(records: Sequence[Any]) -> list[str]:
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(record.fields))
    return list(names)


def finance(view: Snapshot, ledger: str | None, year: str | None) -> Facts:
    """What was spent, by unit and month."""
    ledgers = view.catalogue.ledgers
    if ledger and ledger not in ledgers:
        raise Problem(404, f"There is no ledger {ledger[:60]!r}.")
    chosen = ledger or next(iter(ledgers), None)
    spent = None
    if chosen is not None:
        spent = money.spending([row for _, row in reading.spend(view, chosen)], year or None)
        if year and spent is None:
            raise query.refuse("year", year, "a financial year with spending, such as 2024-25")
    return {
        **frame(view, "/finance", {"kinds": "finance"}),
        "ledgers": _ledgers(view),
        "chosen": chosen,
        "spent": spent,
    }


def risk_row(subject: str, risk: Risk) -> Facts:
    """A risk's row in a table."""
    return {
        "subject": subject,
        "reference": risk.reference,
        "service": risk.service,
        **money.risk_display(risk),
    }


def risks(view: Snapshot) -> Facts:
    """The register."""
    found = reading.risks(view)
    return {
        **frame(view, "/risks", {"kinds": "risks"}),
        "risks": [risk_row(state.subject, risk) for state, risk in found],
        "bands": _bands(risk for _, risk in found),
        "services": view.catalogue.services,
    }


def contracts(view: Snapshot) -> Facts:
    """The contracts register."""
    states = list(Held(TABLES).scan(view.tx, CONTRACTS))
    return {
        **frame(view, "/contracts", {"kinds": "contracts"}),
        "subjects": [state.subject for state in states],
    }
