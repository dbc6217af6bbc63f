"""The page on risk, plans and review says what is true: its records are put through the engine."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, get_args

import msgspec
import pytest
import yaml

from services.finance.handlers import FinanceHandlers
from services.finance.store.tables import TABLES as FINANCE_TABLES
from services.finance.world import Worlds as FinanceWorlds
from services.indicators.domain.evaluate import Evaluator
from services.ingest.domain.intake import Prepared
from services.risk.handlers import RiskHandlers
from services.risk.store.tables import TABLES
from services.risk.world import Worlds
from shared.catalogue.check import check, read
from shared.catalogue.model import Catalogue, definitions
from shared.catalogue.review import PersonRole
from shared.catalogue.risks import Appetite
from shared.catalogue.scale import Scale
from shared.contracts import subjects
from shared.contracts.topics import CATALOGUE, FINANCE, INDICATORS, RECORDS, RISKS
from shared.delivery.business_date import BusinessDate
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.marks import Marks
from shared.delivery.own import Own
from shared.delivery.tables import DeliveryTables
from tests.unit.catalogue.pages import TOLD, blocks, code, table, value
from tests.unit.fed import StoppedClock, fed

QUARTER = "2026-27-Q1"
MONEY = ("cost-centres", "ledger", "budgets", "virements", "forecasts")
PEOPLE = (
    *("risks", "risk-controls", "risk-reviews", "risk-moves"),
    *("actions", "projects", "project-milestones"),
    *("cycle-steps", "commentary", "sign-offs", "data-queries", "challenges"),
)
DAY = date(2026, 7, 12)


class July(StoppedClock):
    """The day on which the page is read."""

    def now(self) -> datetime:
        return datetime(2026, 7, 12, 9, 0, tzinfo=UTC)


def _finance(tables: DeliveryTables) -> FinanceHandlers:
    own, marks = Own(tables), Marks(tables)
    days = BusinessDate(marks, July())
    worlds = FinanceWorlds(Held(tables), Definitions(tables), own, marks, days)
    return FinanceHandlers(worlds, own)


def _risk(tables: DeliveryTables) -> RiskHandlers:
    own = Own(tables)
    days = BusinessDate(Marks(tables), July())
    return RiskHandlers(Worlds(Held(tables), Definitions(tables), own, days), own)


def _records(loaded: dict[str, Prepared], *datasets: str) -> dict[str, dict[str, Any] | None]:
    return {
        subject: json.loads(body or b"null")
        for dataset in datasets
        for subject, body in loaded[dataset].states
    }


@pytest.fixture(scope="module")
def states(
    tmp_path_factory: pytest.TempPathFactory,
    catalogue: Catalogue,
    loaded: dict[str, Prepared],
    evaluator: Evaluator,
) -> Iterator[dict[str, Any]]:
    """What the risk service says of the page's records, once it has heard the other two."""
    found = {subject: json.loads(body) for subject, body in definitions(catalogue).items()}
    then = Evaluator(evaluator.plan, evaluator.cells, DAY, {})
    values: dict[str, dict[str, Any] | None] = {}
    for indicator in ("HW01", "HW02", "HW03", "HW09"):
        state = value(then, indicator, QUARTER)
        subject = subjects.indicator_value(indicator, QUARTER, "all")
        values[subject] = json.loads(msgspec.json.encode(state))
    folder = tmp_path_factory.mktemp("finance")
    with fed(folder, "finance", FINANCE_TABLES, _finance, FINANCE) as finance:
        finance.say(CATALOGUE, found)
        finance.say(RECORDS, _records(loaded, *MONEY))
        money = finance.states()
    with fed(tmp_path_factory.mktemp("risk"), "risk", TABLES, _risk, RISKS) as risk:
        risk.say(CATALOGUE, found)
        risk.say(INDICATORS, values)
        risk.say(FINANCE, money)
        risk.say(RECORDS, _records(loaded, *PEOPLE))
        yield risk.states()


def test_the_three_matrices_score_what_is_told(document: dict[str, Any]) -> None:
    scales = {"the first": Scale(read(document).risk_matrices["default"])}
    for name in ("weighted", "four-by-four"):
        (text,) = blocks(f"yaml {name}")
        (matrix,) = read(yaml.safe_load(text)).risk_matrices.values()
        scales[f"`{name}`"] = Scale(matrix)
    told = table("Matrix")
    assert {row[0] for row in told} == set(scales)
    for name, likelihood, impact, score, band, shown in told:
        graded = scales[name].grade(int(likelihood), int(impact))
        assert (graded.score, graded.band) == (int(score), band), (name, likelihood, impact)
        assert scales[name].rag(band) == shown


def test_either_of_the_other_matrices_may_stand_in_place_of_the_first(
    document: dict[str, Any],
) -> None:
    for name in ("weighted", "four-by-four"):
        (text,) = blocks(f"yaml {name}")
        assert check(document | yaml.safe_load(text)) == []


def test_risks_stand_where_it_is_told(states: dict[str, Any]) -> None:
    rows = table("Risk")
    assert {subjects.risk(row[0]) for row in rows} == {
        subject for subject in states if subject.startswith("risk/")
    }
    for reference, score, band, aim, standing, tier, suggested, by, _ in rows:
        risk = states[subjects.risk(reference)]
        assert (risk["score"], risk["band"]) == (int(score), band)
        assert risk["target_score"] == int(aim)
        assert (risk["standing"], risk["tier"]) == (standing, tier)
        assert (risk["suggested_tier"], risk["review_by"]) == (suggested, by)
    assert [states[f"risk/HR{n}"]["overdue"] for n in (1, 2)] == [False, True]
    assert states["risk/HR2"]["impact"] == 3
    assert states["risk/HR3"]["rag"]["outcome"] == "no target"


def test_the_history_of_a_risk_is_what_is_told(states: dict[str, Any]) -> None:
    risk = states["risk/HR1"]
    scores = [(each["on"], each["score"]) for each in risk["history"]]
    assert scores == [
        *(("2026-01-05", 12), ("2026-04-20", 16), ("2026-06-15", 20), ("2026-07-02", 20)),
    ]
    (move,) = risk["moves"]
    assert (move["came_from"], move["tier"], move["direction"]) == (
        *("service", "directorate", "escalated"),
    )
    lines = [each["line"] for each in risk["controls"].values()]
    assert sorted(lines) == ["1st line", "3rd line"]


def test_a_prompt_that_was_considered_asks_no_more(states: dict[str, Any]) -> None:
    considered, asks = "indicator/HW01@2026-27-Q1", "position/2026-27/H100@P03"
    assert f"`{considered}` was considered" in TOLD
    assert f"`{asks}` still asks" in TOLD
    assert list(states["risk/HR1"]["prompts"]) == [asks]


def test_actions_and_projects_are_judged_as_told(states: dict[str, Any]) -> None:
    rows = table("Action")
    assert len(rows) == sum(subject.startswith("action/") for subject in states)
    for reference, stage, shown, _ in rows:
        action = states[subjects.action(reference)]
        assert (action["stage"], action["rag"]["outcome"]) == (stage, shown)
    project = states["project/PJ1"]
    milestones = {each["milestone"]: each["stage"] for each in project["milestones"].values()}
    assert milestones == {"1": "reached", "2": "late", "3": "slipped", "4": "to come"}
    assert "1 of PJ1 is reached, 2 is late, 3 has slipped and 4 is to come" in TOLD
    assert project["rag"]["outcome"] == "red"
    assert f"It is expected {project['slipped_days']} days after its end" in TOLD


def test_figures_are_reviewed_as_told(states: dict[str, Any]) -> None:
    def review(about: str) -> Any:
        return states[subjects.review(QUARTER, about)]

    rows = table("About")
    for about, shown, stage, waits_for, due, _ in rows:
        found = review(code(about))
        assert (found["rag"], found["stage"]) == (shown, stage), about
        assert (found.get("waits_for", ""), found.get("due", "")) == (waits_for, due), about
    assert review("indicator/HW03")["value"] == "151.38"
    assert review("indicator/HW03")["sign_offs"]["Owner"]["stale"] is True
    assert "query" in review("indicator/HW09")


def test_the_cycle_and_the_challenge_set_aside_what_is_told(states: dict[str, Any]) -> None:
    cycle, challenge = states[f"cycle/{QUARTER}"], states["challenge/CH1"]
    assert cycle["stage"] == "collecting"
    assert challenge["stage"] == "answered"
    for state in (cycle, challenge):
        (why,) = state["set_aside"].values()
        assert f'set aside: "{why}"' in TOLD or f'set aside as well: "{why}"' in TOLD
    for stage, day in cycle["due"].items():
        assert day in TOLD, stage


def test_every_word_that_can_be_chosen_is_told() -> None:
    for word in (*get_args(Appetite), *get_args(PersonRole)):
        assert re.search(rf"\b{word}\b", TOLD), word
