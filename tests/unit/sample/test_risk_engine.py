"""What the risk service makes of the sample council: its register, its plans and its reviews."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
import pytest

from deploy.sample.areas import plans, review, risks
from deploy.sample.generate import records
from deploy.sample.records import as_source_writes
from deploy.sample.risk.register import RISKS as ROWS
from deploy.sample.risk.words import SPOKEN
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import from_records
from services.ingest.domain.json_rows import Item
from services.risk.handlers import RiskHandlers
from services.risk.store.tables import TABLES
from services.risk.world import Worlds
from shared.catalogue.model import Catalogue, definitions
from shared.contracts import subjects
from shared.contracts.topics import CATALOGUE as DEFINED
from shared.contracts.topics import INDICATORS, RECORDS, RISKS
from shared.delivery.business_date import BusinessDate
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.marks import Marks
from shared.delivery.own import Own
from shared.delivery.tables import DeliveryTables
from tests.unit.fed import StoppedClock, fed
from tests.unit.sample.figures import sample_figures

END = date(2026, 7, 31)
DATASETS = (
    *(risks.REGISTER, risks.HELD_BY, risks.REVIEWS, risks.MOVES),
    *(plans.ACTED, plans.PLANNED, plans.MILESTONES, *review.MANNERS),
)
NEWEST, SIGNED = "2026-27-Q1", "2025-26-Q4"
FROZEN = ("2025-26-Q1", "2025-26-Q2", "2025-26-Q3")


class Tomorrow(StoppedClock):
    """The day after the sample's last."""

    def now(self) -> datetime:
        return datetime(END.year, END.month, END.day, 9, 0, tzinfo=UTC) + timedelta(days=1)


class Judged(NamedTuple):
    """The catalogue, and what the risk service says."""

    catalogue: Catalogue
    states: dict[str, dict[str, Any]]

    def review(self, period: str, about: str) -> dict[str, Any] | None:
        """The review of a figure for a quarter; None where it has no figure that ends in it."""
        return self.states.get(subjects.review(period, about))

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """The states of a kind, by what follows it in their subjects."""
        return {
            subject.partition("/")[2]: state
            for subject, state in self.states.items()
            if subject.startswith(f"{kind}/")
        }


def _risk(tables: DeliveryTables) -> RiskHandlers:
    own = Own(tables)
    days = BusinessDate(Marks(tables), Tomorrow())
    return RiskHandlers(Worlds(Held(tables), Definitions(tables), own, days), own)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    catalogue, figures = sample_figures(END)
    values = {
        subjects.indicator_value(code, period, member): msgspec.to_builtins(state)
        for (code, member, period), state in figures.items()
        if member == "all"
    }
    items: dict[str, list[Item]] = {name: [] for name in DATASETS}
    for dataset, fields in records(END):
        if dataset in items:
            items[dataset].append(Item(data=as_source_writes(dataset, fields)))
    with fed(tmp_path_factory.mktemp("risk"), "risk", TABLES, _risk, RISKS) as risk:
        found = definitions(catalogue)
        risk.say(DEFINED, {subject: json.loads(body) for subject, body in found.items()})
        risk.say(INDICATORS, values)
        for dataset, given in items.items():
            prepared = from_records(
                Contract(catalogue.datasets[dataset]), list(enumerate(given, 1))
            )
            risk.say(RECORDS, {s: json.loads(body or b"null") for s, body in prepared.states})
        yield Judged(catalogue, risk.states())


def test_every_risk_is_scored_as_it_was_written_down(judged: Judged) -> None:
    found = judged.of("risk")
    assert set(found) == {each.reference for each in ROWS}
    for row in ROWS:
        if not row.late:
            state = found[row.reference]
            now = (state["likelihood"], state["impact"])
            assert now == (row.now.likelihood, row.now.impact), row.reference
        assert found[row.reference]["open"] is (row.closed is None)
    assert sum(len(each["history"]) > 1 for each in found.values()) > 55


def test_some_risks_are_overdue_beyond_tolerance_or_to_be_escalated(judged: Judged) -> None:
    found = judged.of("risk")
    overdue = {reference for reference, each in found.items() if each["overdue"]}
    assert overdue == {row.reference for row in ROWS if row.late and row.closed is None}
    standings = Counter(each["standing"] for each in found.values())
    assert min(standings[each] for each in ("within appetite", "above appetite")) >= 10
    assert standings["beyond tolerance"] >= 5
    assert 2 <= sum(bool(each["suggested_tier"]) for each in found.values()) <= 20
    moves = Counter(move["direction"] for each in found.values() for move in each["moves"])
    assert min(moves["escalated"], moves["de-escalated"]) >= 3
    assert moves.keys() == {"escalated", "de-escalated"}
    bands = {each["band"] for each in found.values()}
    assert bands == {"low", "medium", "high", "very high"}
    assert {each["rag"]["outcome"] for each in found.values()} >= {"red", "amber", "green"}


def test_red_indicators_prompt_reviews_until_they_are_considered(judged: Judged) -> None:
    prompting = [each for each in judged.of("risk").values() if each["prompts"]]
    assert 3 <= len(prompting) <= 45
    assert all(each["open"] for each in prompting)


def test_actions_and_projects_stand_in_every_way(judged: Judged) -> None:
    stages = Counter(each["stage"] for each in judged.of("action").values())
    assert stages.keys() == {"complete", "cancelled", "overdue", "in progress", "not started"}
    outcomes = Counter(each["rag"]["outcome"] for each in judged.of("project").values())
    assert outcomes.keys() == {"red", "amber", "green"}
    milestones = Counter(
        milestone["stage"]
        for each in judged.of("project").values()
        for milestone in each["milestones"].values()
    )
    assert milestones.keys() >= {"reached", "late", "to come"}


def test_the_quarters_before_the_last_two_are_frozen_and_nothing_was_set_aside(
    judged: Judged,
) -> None:
    cycles = judged.of("cycle")
    stages = {period: each["stage"] for period, each in cycles.items()}
    others = {SIGNED: "director sign-off", NEWEST: "owner sign-off"}
    assert stages == {**dict.fromkeys(FROZEN, "frozen"), **others}
    for each in (*cycles.values(), *judged.of("challenge").values()):
        assert not each.get("set_aside")
    assert all(cycles[period]["steps"][-1]["despite"] for period in FROZEN)
    assert cycles[NEWEST]["late"] > 0


def test_what_is_written_about_is_signed_off_in_frozen_quarters(judged: Judged) -> None:
    seen = 0
    for period in (*FROZEN, SIGNED):
        for spoken in SPOKEN:
            found = judged.review(period, f"indicator/{spoken.code}")
            if found is not None:
                seen += 1
                assert found["stage"] == "signed off", (period, spoken.code)
                assert found["voices"]["Owner"]["what_happened"]
    assert seen >= 4 * (len(SPOKEN) - 1)


def test_every_strategic_figure_that_was_red_in_a_frozen_quarter_has_commentary(
    judged: Judged,
) -> None:
    strategic = {code for code, each in judged.catalogue.indicators.items() if each.strategic}
    red = [
        each
        for each in judged.of("review").values()
        if each["period"] in (*FROZEN, SIGNED)
        and each["about"].removeprefix("indicator/") in strategic
        and each["rag"] == "red"
    ]
    assert len(red) >= 10
    for each in red:
        assert "Owner" in each["voices"], (each["period"], each["about"])


def test_challenges_stand_at_every_stage_and_a_figure_is_under_query(judged: Judged) -> None:
    stages = Counter(each["stage"] for each in judged.of("challenge").values())
    assert min(stages[each] for each in ("open", "answered", "closed")) >= 2
    queried = judged.review(NEWEST, "indicator/ED01")
    assert queried is not None
    assert "query" in queried
    assert any(each["about"].startswith("risk/") for each in judged.of("review").values())
