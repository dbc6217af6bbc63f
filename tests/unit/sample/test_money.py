"""The sample council's money: it adds up, and holds on purpose what a finance team has to find."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from deploy.local.demo import CATALOGUE
from deploy.sample.areas import capital, care_activity, contracts, ledger, resources, risks
from deploy.sample.generate import records
from deploy.sample.made import Fields, Record
from deploy.sample.money.chart import COST_CENTRES, UNKNOWN, UNREADABLE
from services.finance.domain.structure import NOWHERE, Structure, row_of
from services.finance.domain.subjectives import UNCLASSIFIED, Subjectives
from services.finance.domain.virements import line_of, virement
from shared.accounts.calendar import read_period, when_of
from shared.accounts.money import pence
from shared.catalogue.check import read
from shared.catalogue.roles import ROLES
from shared.catalogue.yaml_files import load_directory
from shared.contracts.finance import Virement
from tests.unit.sample.figures import figures

# The first is a month into the third quarter, the second in the last month of a year.
ENDS = [date(2026, 11, 22), date(2026, 3, 2)]
GENERAL_FUND, TOLD_NOBODY = Decimal(180_000_000), "REDACTED PERSONAL DATA"


class Council:
    """The sample's records by dataset, and its catalogue."""

    def __init__(self, end: date) -> None:
        self.end = end
        self.catalogue = read(load_directory(CATALOGUE)[0])
        assert self.catalogue.books is not None
        self.accounts = self.catalogue.books
        self._held: defaultdict[str, list[Fields]] = defaultdict(list)
        for record in records(end):
            self._held[record.dataset].append(record.fields)
        rows = [
            (each["cost_centre"], row_of(str(number), _as_text(each)))
            for number, each in enumerate(self.of(ledger.CENTRES))
        ]
        self.structure = Structure(rows, self.catalogue, end.isoformat())

    def of(self, dataset: str) -> list[Fields]:
        return self._held[dataset]

    def virements(self) -> list[Virement]:
        lines: defaultdict[str, list[Fields]] = defaultdict(list)
        for each in self.of(ledger.VIREMENTS):
            lines[each["reference"]].append(each)
        found = []
        for reference, members in lines.items():
            by_line = {
                each["line"]: line_of(_as_text(each), pence(str(each["amount"])))
                for each in members
            }
            state = virement(reference, by_line, self.accounts, self.structure.fund)
            assert state is not None
            found.append(state)
        return found


def _as_text(fields: Fields) -> Fields:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in fields.items()
    }


def total(given: Iterable[Fields], name: str = "amount") -> Decimal:
    return sum((each[name] for each in given), Decimal(0))


@pytest.fixture(scope="module", params=ENDS, ids=str)
def council(request: pytest.FixtureRequest) -> Council:
    return Council(request.param)


def test_every_role_in_the_accounts_is_played_by_one_dataset(council: Council) -> None:
    roles = Counter(each.role for each in council.catalogue.datasets.values() if each.role)
    assert roles == dict.fromkeys(ROLES, 1)


def test_every_service_and_fund_has_cost_centres_and_every_group_has_a_budget(
    council: Council,
) -> None:
    assert 65 <= len(COST_CENTRES) <= 85
    assert {each.service for each in COST_CENTRES} == set(council.catalogue.services)
    assert {each.fund for each in COST_CENTRES} == {each.code for each in council.accounts.funds}
    group = Subjectives(council.accounts).group
    budgeted = {group(each["subjective"]) for each in council.of(ledger.BUDGETS)}
    assert budgeted == {each.code for each in council.accounts.subjectives}
    assert len(budgeted) == 10


def test_the_ring_fenced_funds_are_budgeted_to_come_to_nought_every_year(council: Council) -> None:
    years: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for each in council.of(ledger.BUDGETS):
        years[each["year"], council.structure.fund(each["cost_centre"])] += each["amount"]
    assert len(years) == 9
    newest = max(year for year, _ in years)
    for (year, fund), amount in years.items():
        if fund != "general-fund":
            assert amount == 0, (year, fund)
        elif year == newest:
            assert abs(amount - GENERAL_FUND) < GENERAL_FUND / 50
    assert sum(amount < 0 for amount in map(_amount, council.of(ledger.BUDGETS))) > 90


def _amount(fields: Fields) -> Decimal:
    amount: Decimal = fields["amount"]
    return amount


def test_what_a_finished_year_came_to_is_near_its_budget_in_every_fund(council: Council) -> None:
    spent: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    budget: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    gross: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in council.of(ledger.POSTINGS):
        fund = council.structure.fund(each["cost_centre"])
        spent[each["period"][:7], fund] += each["amount"]
    for each in council.of(ledger.BUDGETS):
        fund = council.structure.fund(each["cost_centre"])
        budget[each["year"], fund] += each["amount"]
        gross[fund] = max(gross[fund], gross[fund] + each["amount"])
    for year in sorted({year for year, _ in budget})[:2]:
        for fund in ("general-fund", "hra", "dsg"):
            off = spent[year, fund] - budget[year, fund]
            assert abs(off) < gross[fund] / 40, (year, fund, off)


def test_postings_are_as_many_as_a_demo_bears_and_of_every_kind(council: Council) -> None:
    postings = council.of(ledger.POSTINGS)
    assert 5_000 <= len(postings) <= 9_000
    years = Counter(each["period"][:7] for each in postings)
    assert all(2_500 <= count <= 3_500 for year, count in years.items() if year != max(years))
    words = Counter(each["description"].split(":")[0] for each in postings)
    assert words["Credit note"] > 20
    assert words["Accrual"] == words["Accrual reversed"] > 20
    assert sum(each["contract"] is not None for each in postings) > 500


def test_some_postings_are_late_and_still_count_in_their_period(council: Council) -> None:
    late = 0
    for each in council.of(ledger.POSTINGS):
        year, period = read_period(each["period"])
        posted = when_of({"date": each["date"].isoformat()})
        assert posted is not None
        late += (posted.year, posted.period) > (year, period) and period < 13
        # Only a year that is over has adjustments.
        assert period < 13 or year < council.of(ledger.RESERVES)[-1]["year"]
    assert late > 100


def test_what_was_accrued_is_reversed(council: Council) -> None:
    accrued = [each for each in council.of(ledger.POSTINGS) if "Accrual" in each["description"]]
    assert total(accrued) == 0


def test_a_handful_of_postings_name_what_there_is_not(council: Council) -> None:
    postings = council.of(ledger.POSTINGS)
    unknown = [each for each in postings if council.structure.now(each["cost_centre"]) == NOWHERE]
    assert {each["cost_centre"] for each in unknown} == {UNKNOWN}
    assert 8 <= len(unknown) <= 20
    group = Subjectives(council.accounts).group
    unread = [each for each in postings if group(each["subjective"]) == UNCLASSIFIED]
    assert {each["subjective"] for each in unread} == {UNREADABLE}
    assert 3 <= len(unread) <= 8


def test_control_totals_agree_to_the_penny_except_the_one_that_is_wrong(council: Council) -> None:
    sums: defaultdict[str, list[Decimal]] = defaultdict(list)
    for each in council.of(ledger.POSTINGS):
        sums[each["period"]].append(each["amount"])
        sums[each["batch"]].append(each["amount"])
    off = []
    for each in council.of(ledger.TOTALS):
        held = sums[each["batch"] or f"{each['year']}-{each['period']}"]
        if (sum(held), len(held)) != (each["amount"], each["transactions"]):
            off.append((each["period"], each["amount"] - sum(held), each["transactions"]))
    assert len(off) == 1
    assert off[0][:2] == ("P09", Decimal("1250.00"))
    finished = {each["period"] for each in council.of(ledger.TOTALS) if each["period"]}
    assert finished == {f"P{number:02}" for number in range(1, 14)}
    assert any(each["batch"] for each in council.of(ledger.TOTALS))


def test_virements_are_of_every_level_and_in_every_state(council: Council) -> None:
    found = council.virements()
    assert 35 <= len(found) <= 50
    levels = {each.level for each in found}
    assert levels == {each.name for each in council.accounts.virement_levels}
    assert {each.status for each in found} == {"Approved", "Proposed", "Rejected"}
    assert {each.approval for each in found} == {"for information", "for approval"}
    held = [each for each in found if each.held]
    assert [each.held.split(":")[0] for each in sorted(held, key=lambda each: each.reference)] == [
        "Its lines do not net to nought",
        "It has no reference of a decision",
        "It would move money between funds",
    ]
    assert all(each.net == 0 and each.fund for each in found if each.applied)


def test_a_service_and_a_cost_centre_were_moved_within_a_year(council: Council) -> None:
    year = sorted({each["year"] for each in council.of(ledger.BUDGETS)})[1]
    was = council.structure.was("K6430", year)
    assert [each.service for each in was] == [
        *["property-and-procurement"] * 7,
        *["parks-and-climate"] * 6,
    ]
    parks = council.structure.was("K6420", "2025-26")
    assert [each.directorate for each in parks] == [*["resources"] * 3, *["place"] * 10]


def test_forecasts_say_why_and_leave_small_budgets_alone(council: Council) -> None:
    forecasts = council.of(ledger.FORECASTS)
    assert any(each["one_off"] for each in forecasts)
    told = [each for each in forecasts if each["reason"]]
    assert len(told) > len(forecasts) / 3
    assert any(each["mitigation"] for each in told)
    group = Subjectives(council.accounts).group
    budgeted = {(e["cost_centre"], group(e["subjective"])) for e in council.of(ledger.BUDGETS)}
    forecast = {(e["cost_centre"], e["subjective"]) for e in forecasts}
    assert forecast < budgeted
    assert all(each["period"] in ("P03", "P06", "P09", "P12") for each in forecasts)


def test_savings_are_thirty_a_year_and_none_saves_more_than_its_target(council: Council) -> None:
    savings = council.of(ledger.SAVINGS)
    assert set(Counter(each["year"] for each in savings).values()) == {30}
    newest = max(each["year"] for each in savings)
    for each in savings:
        assert 0 <= each["delivered"] + each["forecast"] <= each["target"], each
        assert each["year"] == newest or each["forecast"] == 0
    assert any(each["delivered"] + each["forecast"] == 0 for each in savings)


def test_a_reserve_opens_with_what_it_closed_with(council: Council) -> None:
    closed: dict[str, Decimal] = {}
    for each in council.of(ledger.RESERVES):
        assert each["opening"] == closed.get(each["reserve"], each["opening"])
        closed[each["reserve"]] = each["opening"] + each["planned_in"] - each["planned_out"]
    assert len(closed) == 14


def test_schemes_are_funded_for_what_they_are_budgeted_and_was_moved(council: Council) -> None:
    money: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for each in council.of(capital.BUDGETS):
        money[each["scheme"], each["year"]] += each["amount"]
    for each in council.of(capital.MOVEMENTS):
        if each["change"] == "Rephasing" and each["reason"].startswith("Works began"):
            money[each["scheme"], each["from_year"]] -= each["amount"]
            money[each["scheme"], each["to_year"]] += each["amount"]
    funded: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for each in council.of(capital.FUNDING):
        funded[each["scheme"], each["year"]] += each["amount"]
    assert funded == {place: amount for place, amount in money.items() if amount}
    assert len(council.of(capital.PROGRAMME)) == 24


def test_the_programme_moves_in_every_way_and_is_not_all_approved(council: Council) -> None:
    moves = council.of(capital.MOVEMENTS)
    assert {e["change"] for e in moves} == {"Rephasing", "Addition", "Reduction", "Removal"}
    assert {"Approved", "Proposed"} >= {each["status"] for each in moves}
    assert all(bool(each["decision"]) == (each["status"] == "Approved") for each in moves)
    approvals = Counter(each["approval"] for each in council.of(capital.BUDGETS))
    assert min(approvals["Provisional"], approvals["Fully approved"]) > 10
    reached = [each["achieved"] is not None for each in council.of(capital.MILESTONES)]
    assert len(reached) == 96
    assert 20 < sum(reached) < 90


def test_two_of_the_six_large_contracts_name_too_few_indicators(council: Council) -> None:
    register = council.of(contracts.REGISTER)
    rule = council.accounts.contracts
    large = {each["reference"] for each in register if each["total_value"] > rule.kpis_from}
    named = Counter(each["contract"] for each in council.of(contracts.INDICATORS))
    assert len(large) == 6
    assert sum(named[each] < rule.kpis for each in large) == 2
    measured = {each["indicator"] for each in council.of(contracts.INDICATORS)}
    assert measured <= set(council.catalogue.indicators)


def test_some_contracts_have_run_out_some_soon_will_and_most_are_paid(council: Council) -> None:
    register = council.of(contracts.REGISTER)
    assert 55 <= len(register) <= 65
    ends = [each["expiry"] or each["end"] for each in register]
    year_on = council.end + timedelta(days=365)
    assert sum(each < council.end for each in ends) >= 1
    assert sum(council.end <= each <= year_on for each in ends) > 15
    assert all(each["start"] <= council.end for each in register)
    forms = {each["extension_months"] for each in register}
    assert {None, "12", "12+12", "36+12"} <= forms
    paid = {each["contract"] for each in council.of(ledger.POSTINGS)} - {None}
    assert len(paid) > 30
    assert paid <= {each["reference"] for each in register}


def test_intentions_lead_to_contracts_indicators_and_risks_that_there_are(council: Council) -> None:
    intended = council.of(contracts.INTENDED)
    assert 20 <= len(intended) <= 25
    register = {each["reference"] for each in council.of(contracts.REGISTER)}
    known = {each["reference"] for each in council.of(risks.REGISTER)}
    for each in intended:
        assert each["contract"] is None or each["contract"] in register
        assert set((each["indicators"] or "UC01").split(",")) <= set(council.catalogue.indicators)
        assert set((each["risks"] or "R01").split(",")) <= known
    overdue = [e for e in intended if e["decision_by"] < council.end and e["status"] == "Proposed"]
    assert len(overdue) >= 2


def test_card_purchases_hold_pairs_and_parts_to_look_at(council: Council) -> None:
    seen: defaultdict[tuple[str, Decimal], list[date]] = defaultdict(list)
    on_a_day: defaultdict[tuple[str, str, date], list[Decimal]] = defaultdict(list)
    for each in council.of(resources.CARDS):
        if each["beneficiary"] != TOLD_NOBODY:
            seen[each["beneficiary"], each["amount"]].append(each["paid"])
            on_a_day[each["unit"], each["beneficiary"], each["paid"]].append(each["amount"])
    pairs = [days for days in seen.values() if len(days) > 1 and (max(days) - min(days)).days <= 30]
    parts = [
        amounts
        for amounts in on_a_day.values()
        if len(amounts) > 1 and max(amounts) < 500 <= sum(amounts)
    ]
    assert 5 <= len(pairs) <= 15
    assert 4 <= len(parts) <= 15
    assert any(each["beneficiary"] == TOLD_NOBODY for each in council.of(resources.CARDS))


def test_a_unit_cost_counts_a_late_posting_in_the_month_of_its_period() -> None:
    def posted(number: str, period: str, day: date, pounds: int) -> Record:
        fields: Fields = {"transaction": number, "cost_centre": "A3010", "subjective": "50110"}
        fields |= {"period": period, "date": day, "amount": Decimal(pounds), "contract": None}
        return Record(ledger.POSTINGS, fields)

    def weeks(first: date, units: str) -> Record:
        kind = "Weeks in care homes, aged 65 and over"
        fields = {"month_of": first, "activity": kind, "units": Decimal(units)}
        return Record(care_activity.ACTIVITY, fields)

    given = [
        posted("1", "2025-26-P01", date(2025, 4, 11), 1_000_000),
        posted("2", "2025-26-P01", date(2025, 5, 9), 50_000),
        posted("3", "2025-26-P02", date(2025, 5, 9), 990_000),
        posted("4", "2025-26-P13", date(2026, 4, 20), 10_000),
        weeks(date(2025, 4, 1), "1000"),
        weeks(date(2025, 5, 1), "1000"),
        weeks(date(2026, 3, 1), "10"),
    ]
    catalogue = read(load_directory(CATALOGUE)[0])
    found = figures(catalogue, given, date(2026, 6, 1))

    def value(period: str) -> str | None:
        return found["UC02", "all", period].value

    assert value("2025-04") == "1050.00"
    assert value("2025-05") == "990.00"
    assert value("2026-03") == "1000.00"
    assert value("2025-26") == "1019.90"
