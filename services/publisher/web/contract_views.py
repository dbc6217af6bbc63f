"""The facts of the pages about contracts and commissioning. Words come from the domain."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from services.publisher import reading_contracts as register
from services.publisher import reading_risks
from services.publisher.api.contract_query import MONTHS, OVER, wanted
from services.publisher.domain import contracts as said
from services.publisher.domain import words
from services.publisher.readmodel import Snapshot
from services.publisher.store.ledger_references import CONTRACT
from services.publisher.web import payment_views
from services.publisher.web.tables import Facts, frame, table
from shared.contracts.commissioning import Contract, Intention
from shared.delivery.held import HeldState
from shared.runtime.problems import Problem

REGISTER, PIPELINE = "/contracts", "/contracts/pipeline"
DECIDED = ("Agreed", "In procurement", "Awarded")


def contracts(view: Snapshot, service: str | None, stage: str | None) -> Facts:
    """What expires or needs a decision, then the register."""
    found = register.contracts(view)
    every = [each for _, each in found]
    asked = wanted(view, every, service=service, stage=stage)
    rule, shown = register.rule(view), [each for each in found if asked.takes(each[1])]
    last = register.in_months(view, rule.horizon_months)
    return {
        **frame(view, REGISTER, {"kinds": "contracts"}),
        "wide": True,
        "registered": len(found),
        "counts": said.counts(every),
        "expired": said.expired(every),
        "horizon_months": rule.horizon_months,
        "quarters": _quarters(view, said.events(every, last)),
        "short": [
            {**_row(view, *each), "text": said.short_of_kpis(each[1])}
            for each in found
            if each[1].kpis_short
        ],
        "kpis_from": words.pence(int(rule.kpis_from * 100), short=True),
        "kpis": rule.kpis,
        "rows": [_row(view, *each) for each in shown],
        "choices": _choices(view, every, asked),
        "filtered": asked != register.Wanted(),
        "unregistered": [
            {
                "subject": state.subject,
                "reference": each.reference,
                **said.spend_parts(each),
                "years": ", ".join(
                    words.short_period(year) if year else "no year" for year in each.years
                ),
            }
            for state, each in register.unregistered(view)
        ],
    }


def contract(view: Snapshot, reference: str) -> Facts:
    """Everything about one contract."""
    found = register.contract(view, reference)
    if found is None:
        raise Problem(404, f"There is no contract {reference[:60]!r}.")
    state, each = found
    paid = register.spend(view, reference)
    indicators = view.catalogue.indicators
    named = {kpi.indicator: kpi for kpi in each.kpis.values()}
    return {
        **frame(view, REGISTER, {"kinds": "contracts,indicators"}),
        "contract": each,
        "row": _row(view, state, each),
        "place": _place(view, each),
        "sme": said.yes_no(each.sme),
        "vcse": said.yes_no(each.vcse),
        "vat": said.pounds(each.irrecoverable_vat),
        "start": said.on(each.start),
        "dates": said.dates(each, register.rule(view).decision_months),
        "years": [
            (words.short_period(year) if year else "No year", words.pence(amount))
            for year, amount in (paid.years if paid else {}).items()
        ],
        "payments": said.count(each.spent_transactions, "payment"),
        "payments_href": payment_views.href(CONTRACT, reference),
        "over_value": each.total_value is not None and each.spent > each.total_value,
        "kpis": table(view, [indicators[code] for code in named if code in indicators]),
        "unknown_kpis": [kpi for code, kpi in named.items() if code not in indicators],
        "short": said.short_of_kpis(each) if each.kpis_short else "",
        "intentions": _intentions(view, register.following(view, paid.intentions if paid else ())),
        "records": each.records,
    }


def pipeline(view: Snapshot) -> Facts:
    """Commissioning intentions: what is to be decided, where and when, and what is decided."""
    every = register.intentions(view)
    shown = zip(every, _intentions(view, every), strict=True)
    rows = [(each, row) for (_, each), row in shown]
    waiting = [row for row in rows if row[0].status not in (*DECIDED, "Withdrawn")]
    overdue = sum(each.overdue for each, _ in waiting)
    notices = sum(1 for _ in register.pipeline(view, OVER * 100, MONTHS))
    late = f"{overdue} {'is' if overdue == 1 else 'are'} overdue" if overdue else "none is overdue"
    return {
        **frame(view, REGISTER, {"kinds": "contracts"}),
        "wide": True,
        "counts": f"{said.count(len(waiting), 'decision')} to be taken; {late}.",
        "groups": _by_quarter(waiting),
        "decided": [row for each, row in rows if each.status in DECIDED],
        "withdrawn": [row for each, row in rows if each.status == "Withdrawn"],
        "notices": said.count(notices, "procurement"),
        "over": words.pence(OVER * 100, short=True),
        "months": MONTHS,
    }


def for_service(view: Snapshot, code: str) -> Facts:
    """A service's contracts and intentions, for its own page."""
    found = [each for each in register.contracts(view) if each[1].service == code]
    intentions = [each for each in register.intentions(view) if each[1].service == code]
    open_ones = [each for each in intentions if each[1].status != "Withdrawn"]
    return {
        "counts": said.counts(each for _, each in found) if found else "",
        "rows": [_row(view, *each) for each in found if each[1].stage != "expired"],
        "intentions": _intentions(view, open_ones),
        "link": f"{REGISTER}?service={quote(code, safe='')}",
    }


def address(reference: str) -> str:
    """The page of a contract."""
    return f"{REGISTER}/{quote(reference, safe='')}"


def _row(view: Snapshot, state: HeldState, found: Contract) -> Facts:
    service = view.catalogue.services.get(found.service)
    return {
        "subject": state.subject,
        "reference": found.reference,
        "href": address(found.reference),
        "service": service.name if service else found.service,
        "service_href": f"/services/{quote(found.service, safe='')}" if service else "",
        "fresh": f"Updated {words.moment(state.origin or state.time)}",
        "fresh_at": state.origin or state.time,
        **said.contract_parts(found),
    }


def _place(view: Snapshot, found: Contract) -> list[tuple[str, str]]:
    """Where it stands in the council, as labels and names."""
    directorate = view.catalogue.directorates.get(found.directorate)
    portfolio = view.catalogue.portfolios.get(found.portfolio)
    named = directorate.name if directorate else found.directorate or found.directorate_name
    return [
        ("Directorate", named or said.NOT_RECORDED),
        ("Portfolio", (portfolio.name if portfolio else found.portfolio) or said.NOT_RECORDED),
    ]


def _intentions(view: Snapshot, found: Iterable[tuple[HeldState, Intention]]) -> list[Facts]:
    titles = {risk.reference: risk.title for _, risk in reading_risks.risks(view)}
    return [_intention(view, titles, *each) for each in found]


def _intention(
    view: Snapshot, titles: Mapping[str, str], state: HeldState, found: Intention
) -> Facts:
    catalogue = view.catalogue
    service = catalogue.services.get(found.service)
    indicators = [
        (code, catalogue.indicators[code].title if code in catalogue.indicators else "")
        for code in found.indicators
    ]
    return {
        "subject": state.subject,
        "reference": found.reference,
        "service": service.name if service else found.service,
        "service_href": f"/services/{quote(found.service, safe='')}" if service else "",
        "contract": found.contract,
        "contract_href": address(found.contract),
        "contract_expiry": said.on(found.contract_expiry) if found.contract_expiry else "",
        "indicators": indicators,
        "risks": [(code, titles.get(code, "")) for code in found.risks],
        "is_overdue": found.overdue,
        **said.intention_parts(found),
    }


def _quarters(view: Snapshot, events: Iterable[said.Event]) -> list[Facts]:
    """What is overdue, then what happens by quarter."""
    groups: dict[str, list[Facts]] = {}
    listed = list(events)
    named = {event.contract.intention for event in listed} - {""}
    following = {each.reference: each for _, each in register.following(view, named)}
    for event in listed:
        title = "Overdue" if event.overdue else said.quarter(event.day)
        found = event.contract
        next_one = following.get(found.intention)
        groups.setdefault(title, []).append(
            {
                "day": said.on(event.day),
                "what": event.what,
                "overdue": event.overdue,
                "title": found.title,
                "reference": found.reference,
                "href": address(found.reference),
                "supplier": found.supplier or "Withheld or not recorded",
                "total": said.pounds(found.total_value),
                "follows": f"{next_one.option}: {next_one.status}" if next_one else "",
            }
        )
    # What is overdue comes first, however late the quarter that it was due in.
    ordered = sorted(groups, key=lambda title: title != "Overdue")
    return [{"title": title, "events": groups[title]} for title in ordered]


def _by_quarter(rows: Iterable[tuple[Intention, Facts]]) -> list[Facts]:
    groups: dict[str, list[Facts]] = {}
    for each, row in rows:
        title = "Overdue" if each.overdue else "No date"
        if each.decision_by and not each.overdue:
            title = said.quarter(each.decision_by)
        groups.setdefault(title, []).append(row)
    ordered = sorted(groups, key=lambda title: title != "Overdue")
    return [{"title": title, "rows": groups[title]} for title in ordered]


def _choices(view: Snapshot, every: Iterable[Contract], asked: register.Wanted) -> Facts:
    """What the register can be filtered by."""
    services = view.catalogue.services
    used = {each.service for each in every if each.service} | ({asked.service} - {""})
    names = sorted((services[code].name if code in services else code, code) for code in used)
    named = {"decision due": "Decision due or taken"}
    stages = [(named.get(stage, words.sentence(stage)), stage) for stage in said.STAGES]
    return {
        "service": _options([("Every service", ""), *names], asked.service),
        "stage": _options([("Every stage", ""), *stages], asked.stage),
    }


def _options(listed: Iterable[tuple[str, str]], chosen: str) -> list[Facts]:
    return [{"value": code, "text": name, "selected": code == chosen} for name, code in listed]
