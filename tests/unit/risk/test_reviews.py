"""What is under review in a quarter, and what is said of it, is stated figure by figure."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.topics import CATALOGUE
from tests.unit.fed import Fed, StoppedClock
from tests.unit.risk.reviewing import (
    DIRECTOR,
    MONEY,
    OWNER,
    QUARTER,
    RECYCLING,
    RISK,
    at,
    challenge,
    define,
    definitions,
    position,
    queried,
    record,
    registered,
    reviewing,
    said,
    show,
    signed,
    step,
    tell,
    value,
)

REVIEW, CYCLE = f"review/{QUARTER}/", f"cycle/{QUARTER}"
LATE = "2026-01-05T08:30:00.000+00:00"


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Fed]:
    """A quarter that is collected, with a red indicator and a position that is on budget."""
    with reviewing(tmp_path) as risk:
        define(risk)
        show(risk, value("recycling", "2025-12", "41.5", "red"), position(100_00, 100_00))
        tell(risk, step(1, "Collecting"))
        yield risk


def review(risk: Fed, about: str = RECYCLING) -> dict[str, Any]:
    return risk.states()[REVIEW + about]


def abouts(risk: Fed) -> list[str]:
    return sorted(s.removeprefix(REVIEW) for s in risk.states() if s.startswith(REVIEW))


def test_a_red_figure_waits_for_its_owners_commentary(council: Fed) -> None:
    assert abouts(council) == [RECYCLING, MONEY]
    found = review(council)
    assert (found["stage"], found["required"], found["waits_for"]) == ("commentary", True, OWNER)
    assert (found["value"], found["rag"], found["due"]) == ("41.5", "red", "2026-01-10")
    assert (found["topic"], found["subject"]) == ("irf.indicators", "recycling/2025-12")
    assert "overdue" not in found


def test_a_position_is_its_forecast_variance_at_the_quarters_end(council: Fed) -> None:
    found = review(council, MONEY)
    assert (found["stage"], found["value"], found["rag"]) == ("owner sign-off", "0", "green")
    assert found["owner"] == OWNER
    show(council, position(100_00, 103_00))
    found = review(council, MONEY)
    assert (found["value"], found["rag"], found["stage"]) == ("300", "red", "commentary")
    assert found["subject"] == "position/as-is/2025-26/GF/service/waste"


@pytest.mark.parametrize(
    "other",
    [
        position(1, 1, period=8, service="roads"),
        position(1, 1, service=""),
        position(1, 1, service="a/b"),
        position(1, 1, service="roads", basis="as-was"),
        position(1, 1, service="place", level="directorate"),
        position(1, 1, service="roads", year="2024-25"),
        value("missed", "2025-12", "3"),
        value("missed", QUARTER, None),
        value("missed", "2025-26-Q2", "3"),
        value("missed", "2025-26", "3"),
        value("unknown", QUARTER, "3"),
    ],
    ids=[
        "not over", "no service", "two readings", "as-was", "directorate", "another year",
        "another kind", "no value", "another quarter", "longer than a quarter", "unknown",
    ],
)  # fmt: skip
def test_what_is_no_figure_of_the_quarter_is_not_under_review(
    council: Fed, other: tuple[str, dict[str, Any]]
) -> None:
    show(council, other)
    assert abouts(council) == [RECYCLING, MONEY]
    assert council.rebuild() == 0


def test_of_a_quarters_months_the_newest_with_a_value_is_reviewed(council: Fed) -> None:
    show(council, value("recycling", "2025-11", "39"), value("recycling", "2026-01", "44"))
    assert review(council)["value"] == "41.5"
    show(council, value("recycling", "2025-12", None))
    assert (review(council)["value"], review(council)["subject"]) == ("39", "recycling/2025-11")
    show(council, ("recycling/2025-11", None))
    assert abouts(council) == [MONEY]


def test_a_members_value_is_nobodys_figure(council: Fed) -> None:
    subject, state = value("missed", QUARTER, "3")
    show(council, (f"{subject}/ward=1", state))
    assert abouts(council) == [RECYCLING, MONEY]


def test_commentary_and_two_sign_offs_end_a_review(council: Fed) -> None:
    tell(council, said(RECYCLING))
    assert review(council)["stage"] == "owner sign-off"
    tell(council, signed(RECYCLING, "Owner", "41.5"))
    found = review(council)
    assert (found["stage"], found["waits_for"], found["due"]) == (
        "director sign-off", DIRECTOR, "2026-01-20",
    )  # fmt: skip
    tell(council, signed(RECYCLING, "Director", "41.5"))
    found = review(council)
    assert found["stage"] == "signed off"
    assert "waits_for" not in found and "due" not in found
    assert found["sign_offs"]["Director"] == {"by": DIRECTOR, "at": at(3), "value": "41.5"}


def test_a_figure_that_moves_makes_its_sign_offs_stale(council: Fed) -> None:
    tell(council, said(RECYCLING), signed(RECYCLING, "Owner", "41.5"))
    show(council, value("recycling", "2025-12", "42", "amber"), correlation="late", origin=LATE)
    found = review(council)
    assert (found["stage"], found["sign_offs"]["Owner"]["stale"]) == ("owner sign-off", True)
    assert council.owned()[REVIEW + RECYCLING][2:] == ("late", LATE)
    assert council.states()[CYCLE].get("owner_signed", 0) == 0


def test_voices_stand_apart_and_personal_identifiers_are_named(council: Fed) -> None:
    tell(
        council,
        said(RECYCLING, "Cabinet member", "Ring 01225 477000"),
        said(RECYCLING),
        said(RECYCLING, "Neighbour"),
    )
    found = review(council)
    assert list(found["voices"]) == ["Owner", "Cabinet member"]
    assert found["voices"]["Cabinet member"]["personal"] == ["telephone number"]
    assert "personal" not in found["voices"]["Owner"]
    assert list(found["set_aside"].values()) == ["nobody speaks as 'Neighbour'"]


def test_a_figure_under_query_is_not_signed_off(council: Fed) -> None:
    tell(council, said(RECYCLING), signed(RECYCLING, "Owner"), queried(RECYCLING))
    found = review(council)
    assert found["query"]["reason"] == "Twice counted"
    assert (found["stage"], "sign_offs" in found) == ("owner sign-off", False)
    assert list(found["set_aside"].values()) == ["the figure is under query"]
    tell(council, queried(RECYCLING, "Resolved"))
    assert review(council)["stage"] == "director sign-off"
    tell(council, queried(RECYCLING, "Perhaps"))
    assert "neither under query" in next(iter(review(council)["set_aside"].values()))


def test_a_risk_is_reviewed_once_somebody_says_something_of_it(council: Fed) -> None:
    tell(council, registered())
    assert abouts(council) == [RECYCLING, MONEY]
    tell(council, said(RISK, "Director"))
    found = review(council, RISK)
    assert (found["value"], found["rag"], found["owner"]) == ("20", "red", OWNER)
    assert (found["stage"], found["topic"], found["subject"]) == (
        "commentary", "irf.risks", "risk/R1",
    )  # fmt: skip
    tell(council, registered(impact=1))
    assert (review(council, RISK)["value"], review(council, RISK)["rag"]) == ("4", "green")
    assert council.rebuild() == 0
    tell(council, ("d-risk/R1", None))
    assert abouts(council) == [RECYCLING, MONEY]


def test_a_challenge_makes_a_risk_reviewed_even_once_it_is_closed(council: Fed) -> None:
    tell(council, registered(), challenge(1, "Raise", DIRECTOR, RISK))
    assert review(council, RISK)["challenges"] == ["C1"]
    tell(council, challenge(2, "Close", DIRECTOR, RISK))
    assert "challenges" not in review(council, RISK)


def test_nothing_is_under_review_before_collecting_and_all_goes_with_its_step(
    tmp_path: Path,
) -> None:
    with reviewing(tmp_path) as risk:
        define(risk)
        show(risk, value("recycling", "2025-12", "41.5", "red"))
        tell(risk, said(RECYCLING), step(2, "Owner sign-off"))
        assert abouts(risk) == []
        assert risk.states()[CYCLE]["stage"] == "open"
        tell(risk, step(1, "Collecting"))
        assert review(risk)["voices"]["Owner"]["what_happened"] == "Lorries broke down"
        assert risk.states()[CYCLE]["stage"] == "owner sign-off"
        tell(risk, *((step(number, "")[0], None) for number in (1, 2)))
        assert risk.states() == {}


def test_a_new_owner_or_another_rule_restates_reviews_and_names_itself(council: Fed) -> None:
    changed = definitions(indicator__recycling={"owner": "Head of Recycling"})
    council.say(
        CATALOGUE,
        {"indicator/recycling": changed["indicator/recycling"]},
        correlation="catalogue",
        origin=LATE,
    )
    assert review(council)["waits_for"] == "Head of Recycling"
    assert council.owned()[REVIEW + RECYCLING][2:] == ("catalogue", LATE)
    changed = definitions(review_cycle__usual={"required_when": ["amber"]})
    council.say(CATALOGUE, {"review-cycle/usual": changed["review-cycle/usual"]})
    assert review(council)["stage"] == "owner sign-off"
    assert "required" not in review(council)
    assert council.rebuild() == 0


def test_another_rule_for_variances_judges_positions_anew(council: Fed) -> None:
    show(council, position(100_00, 103_00))
    rule = {"amber_over": 0, "red_over": 5}
    accounts = {"code": "a", "name": "A", "funds": [], "subjectives": [], "variance": rule}
    council.say(CATALOGUE, {"accounts/a": accounts})
    assert (review(council, MONEY)["rag"], review(council, MONEY)["stage"]) == (
        "amber", "owner sign-off",
    )  # fmt: skip
    assert council.rebuild() == 0


def test_a_record_that_names_no_quarter_or_no_figure_moves_nothing(council: Fed) -> None:
    before = council.states()
    fields = {"voice": "Owner", "what_happened": "x", "by": OWNER, "at": at(2)}
    tell(
        council,
        record("commentary", "1", period="2025-12", about=RECYCLING, **fields),
        record("commentary", "2", period=QUARTER, about="salary/1", **fields),
        record("commentary", "3", period=QUARTER, about="indicator/unknown", **fields),
    )
    assert council.states() == before


def test_a_change_of_one_figure_says_nothing_of_any_other(council: Fed) -> None:
    show(council, value("missed", QUARTER, "3"))
    versions = {subject: said[0] for subject, said in council.owned().items()}
    show(council, value("missed", QUARTER, "4"))
    moved = {s for s, said in council.owned().items() if said[0] != versions[s]}
    assert moved == {f"{REVIEW}indicator/missed"}


def pass_time_to(monkeypatch: pytest.MonkeyPatch, risk: Fed, day: str) -> None:
    """It is another day, and the service notices."""
    now = datetime.fromisoformat(f"{day}T09:00:00+00:00")
    monkeypatch.setattr(StoppedClock, "now", lambda _: now)
    handlers: Any = risk.handlers
    risk.store.write_now(lambda tx: risk.inbox._outbox.say(tx, handlers.pass_time(tx)))


def test_who_is_late_is_seen_and_reminded_as_days_pass(
    council: Fed, monkeypatch: pytest.MonkeyPatch
) -> None:
    reminder = f"reminder/{REVIEW}{RECYCLING}"
    found = council.states()[reminder]  # five days before
    assert (found["task"], found["who"], found["due"]) == ("commentary", OWNER, "2026-01-10")
    assert "overdue" not in found
    assert council.states()[CYCLE].get("late", 0) == 0
    tell(council, challenge(1, "Raise", DIRECTOR), challenge(1, "Raise", OWNER, MONEY, "C2"))
    tell(council, challenge(2, "Close", OWNER, MONEY, "C2"))
    assert "overdue" not in council.states()["reminder/challenge/C1"]
    pass_time_to(monkeypatch, council, "2026-01-11")
    assert review(council)["overdue"] and council.states()[reminder]["overdue"]
    assert council.states()[CYCLE]["late"] == 2
    assert council.states()["reminder/challenge/C1"]["overdue"]
    assert "reminder/challenge/C2" not in council.states()
    tell(council, said(RECYCLING), signed(RECYCLING, "Owner"))
    assert reminder not in council.states()  # the director has until the 20th
    pass_time_to(monkeypatch, council, "2026-01-15")
    assert council.states()[reminder]["who"] == DIRECTOR
    assert council.rebuild() == 0


def test_nobody_is_reminded_of_a_frozen_quarter_whose_live_figures_go_on(council: Fed) -> None:
    tell(council, challenge(1, "Raise", DIRECTOR))
    tell(council, step(2, "Owner sign-off"), step(3, "Director sign-off"))
    assert f"reminder/{REVIEW}{RECYCLING}" in council.states()
    assert "reminder/challenge/C1" in council.states()
    tell(council, step(4, "Frozen"))
    assert not [subject for subject in council.states() if subject.startswith("reminder/")]
    show(council, value("recycling", "2025-12", "43", "green"))
    assert review(council)["value"] == "43"
    tell(council, step(5, "Director sign-off"))
    cycle = council.states()[CYCLE]
    assert (cycle["stage"], len(cycle["steps"]), len(cycle["set_aside"])) == ("frozen", 4, 1)


def test_a_cycle_counts_its_figures(council: Fed) -> None:
    assert council.states()[CYCLE] == {
        "kind": "cycle",
        "period": QUARTER,
        "stage": "collecting",
        "due": {
            "owner sign-off": "2026-01-10",
            "director sign-off": "2026-01-20",
            "frozen": "2026-01-30",
        },
        "figures": 2,
        "required": 1,
        "steps": [
            {
                "to": "collecting",
                "by": "Performance officer",
                "at": at(1),
                "record": "d-cycle-step/2025-26-Q3%2F1",
            }
        ],
    }
    tell(
        council,
        said(RECYCLING),
        signed(RECYCLING, "Owner", "41.5"),
        signed(RECYCLING, "Director", "41.5"),
        signed(MONEY, "Owner", "99"),
        challenge(1, "Raise", DIRECTOR, MONEY),
    )
    cycle = council.states()[CYCLE]
    names = ("written", "owner_signed", "director_signed", "challenged", "queried")
    assert [cycle.get(name, 0) for name in names] == [1, 1, 1, 1, 0]
    assert council.rebuild() == 0
