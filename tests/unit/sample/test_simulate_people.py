"""What people say while the sample council is at work: it follows from what was said before."""

from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from random import Random
from typing import Any

from deploy.sample.areas import plans, review, risks
from deploy.sample.changes import Change
from deploy.sample.generate import records
from deploy.sample.made import Fields, Record
from deploy.sample.risk.register import RISKS
from deploy.sample.simulate import Simulator
from shared.review.about import read_quarter

NOW = datetime(2026, 3, 1, 14, 5, 6)
END = date(2026, 2, 28)
Data = dict[str, Any]


@cache
def the_sample() -> list[Record]:
    return list(records(END))


def held(dataset: str) -> list[Fields]:
    """The dataset's records as they were before the day began."""
    return [each.fields for each in the_sample() if each.dataset == dataset]


@cache
def simulated(changes: int = 4_000) -> Sequence[Change]:
    simulator = Simulator(deepcopy(the_sample()), Random("people"), lambda: NOW, "p")
    found = []
    for _ in range(changes):
        found.append(simulator.next_change())
        # What a run does for each change that it sends.
        simulator._made += 1
    return found


def sent(dataset: str) -> list[Data]:
    return [
        item["data"] for change in simulated() if change.dataset == dataset for item in change.items
    ]


def test_a_risk_is_reviewed_by_its_owner_a_level_at_a_time_and_with_a_reason() -> None:
    now = {each["reference"]: each["likelihood"] for each in held(risks.REGISTER)}
    for each in sorted(held(risks.REVIEWS), key=lambda each: each["reviewed"]):
        now[each["risk"]] = each["likelihood"] or now[each["risk"]]
    owners = {each.reference: each.owner for each in RISKS if each.closed is None}
    reviews = sent(risks.REVIEWS)
    assert len(reviews) > 40
    for each in reviews:
        assert each["by"] == owners[each["risk"]]
        assert abs(each["likelihood"] - now[each["risk"]]) <= 1
        assert each["reason"]
        assert each["reviewed"] == "01/03/2026"
        now[each["risk"]] = each["likelihood"]
    keys = [(each["risk"], each["reviewed"], each["review"]) for each in reviews]
    assert len(set(keys)) == len(keys)


def test_an_action_moves_on_until_it_is_done() -> None:
    progress = {each["reference"]: each["progress"] for each in held(plans.ACTED)}
    done: set[str] = set()
    moved = sent(plans.ACTED)
    assert len(moved) > 40
    for each in moved:
        assert each["reference"] not in done
        assert each["progress"] > progress[each["reference"]]
        progress[each["reference"]] = each["progress"]
        if each["progress"] == 100:
            done.add(each["reference"])
            assert (each["status"], each["done"]) == ("Complete", "01/03/2026")
        else:
            assert (each["status"], each["done"]) == ("In progress", "")
    assert done


def test_owners_write_once_about_what_is_missing_in_the_newest_quarter() -> None:
    before: defaultdict[str, set[str]] = defaultdict(set)
    for each in held(review.WRITTEN):
        before[each["period"]].add(each["about"])
    written = sent(review.WRITTEN)
    assert written
    for each in written:
        quarter = read_quarter(each["period"])
        assert quarter is not None
        assert quarter.end == "2025-12-31"
        assert each["voice"] == "Owner"
        assert each["at"] == "2026-03-01T14:05:06"
        assert each["about"] not in before[each["period"]]
        before[each["period"]].add(each["about"])


def test_the_quarter_that_waits_for_it_is_frozen_once() -> None:
    steps = held(review.STEPS)
    (frozen,) = sent(review.STEPS)
    before = [each for each in steps if each["period"] == frozen["period"]]
    assert [each["to"] for each in before] == [to for to, _ in review.CYCLE[:-1]]
    assert (frozen["to"], frozen["step"]) == ("Frozen", str(len(before) + 1))
    assert not any(each["step"] == frozen["step"] for each in before)
