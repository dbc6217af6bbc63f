"""The sample council's risks, plans and reviews: whole, linked to what there is, and in order."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from deploy.local.demo import CATALOGUE
from deploy.sample.areas import capital, contracts, plans, review, risks
from deploy.sample.generate import records
from deploy.sample.made import Fields
from deploy.sample.money.chart import COST_CENTRES
from deploy.sample.risk.register import RISKS, Levels
from deploy.sample.risk.words import MEMBERS, SPOKEN
from shared.catalogue.check import read
from shared.catalogue.headline import headline_kind
from shared.catalogue.scale import Scale
from shared.catalogue.yaml_files import load_directory
from shared.review.about import quarter_of, read_about, read_quarter
from shared.review.personal import personal
from shared.review.posts import director_of

# In the middle of a quarter, a quarter's last day, and the day after one.
ENDS = [date(2026, 11, 22), date(2026, 6, 30), date(2026, 4, 1)]
CENTRES = {each.code for each in COST_CENTRES}


class Sample:
    """The sample on a day: what there is of each dataset."""

    def __init__(self, end: date) -> None:
        self.end = end
        self.catalogue = read(load_directory(CATALOGUE)[0])
        self._of: defaultdict[str, list[Fields]] = defaultdict(list)
        for record in records(end):
            self._of[record.dataset].append(record.fields)

    def of(self, dataset: str) -> list[Fields]:
        return self._of[dataset]

    def names(self, dataset: str, name: str = "reference") -> set[str]:
        return {each[name] for each in self.of(dataset)}


@pytest.fixture(scope="module", params=ENDS, ids=str)
def sample(request: pytest.FixtureRequest) -> Sample:
    return Sample(request.param)


def listed(fields: Fields, name: str) -> list[str]:
    return (fields[name] or "").split(",") if fields[name] else []


def test_there_is_a_register_worth_looking_at(sample: Sample) -> None:
    register = sample.of(risks.REGISTER)
    policy = sample.catalogue.risk_policy
    assert 60 <= len(register) <= 70
    assert {each["category"] for each in register} == {each.code for each in policy.categories}
    assert {each["tier"] for each in register} == {each.code for each in policy.tiers}
    assert {each["service"] for each in register} == set(sample.catalogue.services)
    assert {each["response"] for each in register} >= {"Treat", "Tolerate", "Transfer"}
    assert sum(each["nature"] == "Opportunity" for each in register) >= 3
    assert sum(each["closed"] is not None for each in register) >= 3
    assert sum(each["impact"] is None for each in register) >= 5
    for dataset in (risks.HELD_BY, risks.REVIEWS):
        assert {each["risk"] for each in sample.of(dataset)} >= set(
            sample.names(risks.REGISTER)
        ) - {each.reference for each in RISKS if each.late}
    assert 20 <= len(sample.of(risks.MOVES)) <= 40


def test_every_link_of_a_risk_and_a_plan_names_what_there_is(sample: Sample) -> None:
    known = {
        "indicators": set(sample.catalogue.indicators),
        "cost_centres": CENTRES,
        "contracts": sample.names(contracts.REGISTER),
        "projects": sample.names(plans.PLANNED),
        "risks": sample.names(risks.REGISTER),
    }
    seen: Counter[str] = Counter()
    for dataset in (risks.REGISTER, plans.ACTED, plans.PLANNED):
        for each in sample.of(dataset):
            for name in known.keys() & each.keys():
                links = listed(each, name)
                assert set(links) <= known[name], each
                seen[name] += len(links)
    assert min(seen.values()) >= 30
    for dataset in (risks.HELD_BY, risks.REVIEWS, risks.MOVES):
        assert sample.names(dataset, "risk") <= known["risks"]
    assert sample.names(plans.MILESTONES, "project") == known["projects"]
    schemes = {each["scheme"] for each in sample.of(plans.PLANNED)} - {None}
    assert schemes <= sample.names(capital.PROGRAMME, "scheme")
    for dataset in (risks.REGISTER, plans.ACTED, plans.PLANNED):
        assert sample.names(dataset, "service") <= set(sample.catalogue.services)


def test_a_risk_and_a_project_name_each_other(sample: Sample) -> None:
    of_risks = {
        (each["reference"], project)
        for each in sample.of(risks.REGISTER)
        for project in listed(each, "projects")
    }
    of_projects = {
        (risk, each["reference"])
        for each in sample.of(plans.PLANNED)
        for risk in listed(each, "risks")
    }
    assert of_risks == of_projects


def test_what_the_generator_takes_of_the_catalogue_is_what_stands_there(sample: Sample) -> None:
    matrix = sample.catalogue.matrix
    assert matrix is not None
    scale = Scale(matrix)
    for likelihood in range(1, 6):
        for impact in range(1, 6):
            band = scale.band(scale.grade(likelihood, impact).band)
            assert risks.cadence(Levels(likelihood, impact)) == band.review_months
    for category in risks.BY_LOSS:
        for level, thousands in enumerate(risks.LOSSES, 2):
            assert scale.impact_of(category, thousands * 100_000) == level
            assert scale.impact_of(category, thousands * 100_000 - 1) == level - 1
    indicators = sample.catalogue.indicators
    assert {headline_kind(indicators[code]) for code in risks.QUARTERLY} == {"quarter"}
    cycle = sample.catalogue.review_cycle
    assert [days for _, days in review.CYCLE[1:]] == [
        *(cycle.owner_days, cycle.director_days, cycle.freeze_days + 1),
    ]


def rises(days: Iterable[date | None]) -> bool:
    known = [day for day in days if day is not None]
    return all(one <= other for one, other in pairwise(known))


def test_the_days_of_a_risk_are_in_order(sample: Sample) -> None:
    for each in sample.of(risks.REGISTER):
        reviewed = [
            r["reviewed"] for r in sample.of(risks.REVIEWS) if r["risk"] == each["reference"]
        ]
        moved = [m["moved"] for m in sample.of(risks.MOVES) if m["risk"] == each["reference"]]
        assert rises([each["opened"], *reviewed, each["closed"]]), each["reference"]
        assert rises([each["opened"], *moved, each["closed"]]), each["reference"]
        assert len(set(reviewed)) == len(reviewed)
    oldest = min(each["reviewed"] for each in sample.of(risks.REVIEWS))
    assert oldest < sample.end - timedelta(days=2 * 365)


def test_there_are_actions_of_every_stage_and_their_days_are_in_order(sample: Sample) -> None:
    acted = sample.of(plans.ACTED)
    assert 58 <= len(acted) <= 66
    for each in acted:
        assert rises([each["start"], each["due"], each["forecast"]]), each
        assert rises([each["start"], each["done"]]), each
        assert (each["done"] is not None) == (each["status"] == "Complete")
    counted = Counter(each["status"] for each in acted)
    assert counted.keys() == {"Complete", "In progress", "Not started", "Cancelled"}
    late = [e for e in acted if e["due"] <= sample.end and e["status"] == "In progress"]
    assert 4 <= len(late) <= 20
    assert any(each["forecast"] for each in acted)


def test_projects_have_milestones_in_order(sample: Sample) -> None:
    assert len(sample.of(plans.PLANNED)) == 15
    for each in sample.of(plans.PLANNED):
        own = [m for m in sample.of(plans.MILESTONES) if m["project"] == each["reference"]]
        assert len(own) == 5
        assert rises([each["start"], *(m["planned"] for m in own), each["end"]])
        assert rises([each["start"], *(m["forecast"] for m in own), each["forecast_end"]])
        assert own[-1]["planned"] == each["end"]
        assert (own[-1]["achieved"] is not None) == (each["status"] == "Closed")
    behind = [m for m in sample.of(plans.MILESTONES) if m["forecast"] > m["planned"]]
    assert any(each["achieved"] is None for each in behind)
    assert any(each["planned"] < sample.end for each in behind)


def test_who_writes_answers_for_what_is_written_about(sample: Sample) -> None:
    catalogue = sample.catalogue
    for spoken in SPOKEN:
        indicator = catalogue.indicators[spoken.code]
        assert indicator.owner == spoken.owner
        assert indicator.strategic
        assert director_of(indicator.service or "", catalogue) == spoken.director
    posts = {each.post for each in catalogue.people.values()}
    assert set(MEMBERS.values()) <= posts
    assert review.OFFICER in posts


def test_the_people_are_enough_to_walk_a_quarter(sample: Sample) -> None:
    people = sample.catalogue.people.values()
    roles = Counter(role for each in people for role in each.roles)
    assert roles["owner"] >= 3
    assert roles["director"] == len(sample.catalogue.directorates)
    assert roles["cabinet member"] >= 2
    assert all(
        roles[each]
        for each in ("performance officer", "finance officer", "risk owner", "publisher")
    )
    owners = {each.owner for each in sample.catalogue.indicators.values()}
    assert sum(each.post in owners for each in people if "owner" in each.roles) >= 3


def test_everything_said_is_about_something_and_after_its_quarter(sample: Sample) -> None:
    known = {
        "indicator": set(sample.catalogue.indicators),
        "risk": sample.names(risks.REGISTER),
        "position": set(sample.catalogue.services),
    }
    said = [each for name in review.MANNERS for each in sample.of(name)]
    assert len(said) > 150
    for each in said:
        quarter = read_quarter(each["period"])
        assert quarter is not None
        assert quarter.end < each["at"].date().isoformat() <= sample.end.isoformat()
        if "about" in each:
            about = read_about(each["about"])
            assert about is not None
            assert about.code in known[about.kind]
            assert about.fund == ("general-fund" if about.kind == "position" else "")


def test_voices_are_kept_apart_and_owners_speak_first(sample: Sample) -> None:
    spoken: defaultdict[tuple[str, str], dict[str, datetime]] = defaultdict(dict)
    for each in sample.of(review.WRITTEN):
        spoken[each["period"], each["about"]][each["voice"]] = each["at"]
    for voices in spoken.values():
        order = [voices[name] for name in ("Owner", "Director", "Cabinet member") if name in voices]
        assert "Owner" in voices
        assert order == sorted(order)
    assert sum(len(voices) > 1 for voices in spoken.values()) >= 40
    assert sum(len(voices) > 2 for voices in spoken.values()) >= 8


def test_nobody_is_named_in_what_is_written(sample: Sample) -> None:
    for each in (*sample.of(review.WRITTEN), *sample.of(review.CHALLENGED)):
        texts = [str(value) for value in each.values() if isinstance(value, str)]
        assert personal(*texts) == []


def test_steps_of_a_cycle_and_of_a_challenge_follow_each_other(sample: Sample) -> None:
    for dataset, name in ((review.STEPS, "period"), (review.CHALLENGED, "challenge")):
        steps: defaultdict[str, list[Fields]] = defaultdict(list)
        for each in sample.of(dataset):
            steps[each[name]].append(each)
        for taken in steps.values():
            assert [each["step"] for each in taken] == [str(n + 1) for n in range(len(taken))]
            assert all(one["at"] < other["at"] for one, other in pairwise(taken))
            if dataset == review.CHALLENGED:
                assert len({(each["period"], each["about"]) for each in taken}) == 1
    current = quarter_of(sample.end.isoformat())
    begun = sample.names(review.STEPS, "period")
    # On the last day of a quarter nobody has begun with it.
    assert current.code not in begun
    assert len(begun) == (4 if sample.end.isoformat() == current.end else 5)
