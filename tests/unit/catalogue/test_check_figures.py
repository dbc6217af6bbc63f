"""Everything that can be wrong in how a figure is worked out and judged is found and placed."""

from typing import Any

import pytest

from shared.catalogue.check import check
from tests.unit.catalogue.documents import small


def full() -> dict[str, Any]:
    """The small catalogue with one of everything that an indicator can have."""
    document = small()
    document["frameworks"] = [{"code": "oflog", "name": "Oflog"}]
    document["peer_groups"] = [
        {
            "code": "near",
            "name": "Nearest neighbours",
            "issues": [
                {"areas": ["E06000001", "E06000002"], "to": "2024-03"},
                {"areas": ["E06000001", "E06000003"], "from": "2024-04"},
            ],
        }
    ]
    document["datasets"] += [
        {
            "code": "wards",
            "title": "Wards",
            "key": ["code"],
            "fields": [
                {"name": "code", "type": "text"},
                {"name": "area", "type": "text"},
                {"name": "households", "type": "integer"},
            ],
        },
        {
            "code": "areas",
            "title": "Other areas",
            "key": ["area", "on"],
            "fields": [
                {"name": "area", "type": "text"},
                {"name": "on", "type": "date"},
                {"name": "share", "type": "decimal"},
                {"name": "note", "type": "text"},
            ],
        },
    ]
    document["datasets"][0]["derived"] = [
        {"name": "took", "type": "integer", "is": "working_days(received, closed)"},
        {"name": "households", "type": "integer", "is": 'lookup("wards", ward, "households")'},
        {"name": "speed", "type": "text", "is": "band(took, 5, 10)"},
    ]
    document["measures"] += [
        {
            **{"code": "half-took", "dataset": "requests", "aggregate": "percentile"},
            **{"of": "took", "percentile": 50, "date": "closed"},
        },
        {
            **{"code": "others-share", "dataset": "areas", "aggregate": "latest", "of": "share"},
            **{"date": "on", "reason": "note", "carry_months": 12},
        },
    ]
    document["indicators"] += [
        {
            **{"code": "LG01", "title": "Shares elsewhere", "formula": "others_share"},
            **{"unit": "percentage", "owner": "Manager", "breakdowns": ["area"]},
        },
        {
            **{"code": "EP04", "title": "Days", "formula": "half_took", "unit": "days"},
            **{"owner": "Manager", "polarity": "low", "breakdowns": ["ward & kind", "speed"]},
            "periods": ["month", "quarter", "financial-year", "cumulative"],
            "cumulative_from": "2021-04",
            "since": "2021-04",
            "frequency": "quarter",
            "due_days": 30,
            "final_after_days": 90,
            "frameworks": [{"framework": "oflog", "code": "EH1"}],
            "targets": [
                {"to": "2021-03", "profile": {"Q1": 10, "Q2": 9, "Q3": 9, "Q4": 8}, "value": 8},
                {"from": "2021-04", "to": "2022-03", "value": 12, "spread": "even"},
                {"from": "2022-04", "to": "2023-03", "value": 8, "periods": ["month"], "floor": 12},
                {
                    **{"from": "2023-04", "to": "2024-03", "approved_on": "2023-02-14"},
                    "relative": {"to": "peers", "group": "near", "statistic": "median"},
                },
                {"from": "2024-04", "relative": {"to": "area", "area": "E06000001"}},
            ],
            "rag": {"green_within": 1, "amber_within": 2, "amber_if": "better than a year ago"},
            "earlier": [{"until": "2021-12", "formula": "days_to_close", "note": "A mean"}],
            "breaks": [{"from": "2022-01", "note": "The median from here on"}],
            "benchmark": {"indicator": "LG01", "area": "area", "groups": ["near"]},
            "small_numbers_under": 5,
            "stability": 1,
        },
    ]
    return document


MISSING = object()
EP04 = ["indicators", 4]
TARGETS = [*EP04, "targets"]
DERIVED = ["datasets", 0, "derived"]

# Where the catalogue is changed, into what, where the problem is, and words of it.
WRONG: list[tuple[list[Any], Any, str, str]] = [
    # Derived fields.
    ([*DERIVED, 0, "name"], "2nd", "datasets[0].derived[0].name", "is no field name"),
    ([*DERIVED, 0, "name"], "in", "datasets[0].derived[0].name", "a word of the expression"),
    ([*DERIVED, 0, "name"], "ward", "datasets[0].derived[0].name", "already a field"),
    ([*DERIVED, 2, "name"], "took", "datasets[0].derived[2].name", "already a field"),
    ([*DERIVED, 0, "type"], "text", "datasets[0].derived[0].is", "a number, and took is text"),
    ([*DERIVED, 2, "type"], "integer", "datasets[0].derived[2].is", "a text, and speed is int"),
    ([*DERIVED, 0, "is"], "days(received)", "datasets[0].derived[0].is", "days(from, to)"),
    ([*DERIVED, 0, "is"], "hours_open * 2", "datasets[0].derived[0].is", "'hours_open' is not"),
    # A derived field knows those before it, not itself and not those after it.
    ([*DERIVED, 0, "is"], "took + 1", "datasets[0].derived[0].is", "'took' is not known"),
    ([*DERIVED, 0, "is"], "households", "datasets[0].derived[0].is", "'households' is not known"),
    (
        *([*DERIVED, 1, "is"], 'lookup("warts", ward, "households")'),
        *("datasets[0].derived[1].is", "there is no dataset 'warts' to look into"),
    ),
    (
        *([*DERIVED, 1, "is"], 'lookup("wards", ward, "homes")'),
        *("datasets[0].derived[1].is", "the dataset 'wards' has no field 'homes'"),
    ),
    (
        *([*DERIVED, 1, "is"], 'lookup("requests", ref, "took")'),
        *("datasets[0].derived[1].is", "the dataset 'requests' has no field 'took'"),
    ),
    (
        *([*DERIVED, 1, "is"], 'lookup("areas", ward, "share")'),
        *("datasets[0].derived[1].is", "the key of 'areas' has 2 values, and 1 are given"),
    ),
    (
        *([*DERIVED, 1, "is"], 'lookup("payments", ward, "amount")'),
        *("datasets[0].derived[1].is", "has no key to look up by"),
    ),
    # Measures.
    (["measures", 5, "percentile"], MISSING, "measures[5]", "percentile is missing"),
    (["measures", 5, "percentile"], 0, "measures[5]", "above 0 and below 100"),
    (["measures", 5, "percentile"], 100, "measures[5]", "above 0 and below 100"),
    (["measures", 0, "percentile"], 50, "measures[0].percentile", "no use for percentile"),
    (["measures", 5, "aggregate"], "median", "measures[5].percentile", "no use for percentile"),
    (["measures", 5, "of"], "speed", "measures[5].of", "a number is needed here"),
    (["measures", 5, "of"], MISSING, "measures[5]", "what is the percentile of?"),
    (["measures", 5, "of"], "toook", "measures[5].of", "did you mean 'took'?"),
    (["measures", 0, "carry_months"], 1, "measures[0].carry_months", "no use for carry_months"),
    (["measures", 6, "carry_months"], 121, "measures[6].carry_months", "0 to 120"),
    (["measures", 6, "carry_months"], -1, "measures[6].carry_months", "0 to 120"),
    (["measures", 6, "reason"], "share", "measures[6].reason", "share in areas is decimal"),
    (["measures", 6, "reason"], "why", "measures[6].reason", "there is no field 'why'"),
    (["measures", 0, "reason"], "ward", "measures[0].reason", "count has no use for reason"),
    (["measures", 6, "date"], "area", "measures[6].date", "date or datetime is needed"),
    (["measures", 3, "empty"], "none", "measures[3].empty", "missing or zero is needed"),
    (
        *(["measures", 2, "of"], "percent(score, cost)"),
        *("measures[2].of", "percentages are not averaged or added up"),
    ),
    (
        *(["measures", 4, "of"], "percent(1, amount)"),
        *("measures[4].of", "percentages are not averaged or added up"),
    ),
    (["measures", 2, "of"], "days(received, closed) + cost", "measures[2].of", "days and pounds"),
    # What is published.
    ([*EP04, "owner"], "", "indicators[4]", "an indicator that nobody owns is nobody's figure"),
    ([*EP04, "owner"], "  ", "indicators[4]", "owner is missing"),
    ([*EP04, "owner"], MISSING, "indicators[4]", "owner is missing"),
    ([*EP04, "per"], 1000, "indicators[4].per", "the N of a rate per N"),
    ([*EP04, "small_numbers_under"], 1, "indicators[4].small_numbers_under", "2 or more"),
    ([*EP04, "stability"], -1, "indicators[4].stability", "within 0 or more"),
    ([*EP04, "precision"], -1, "indicators[4].precision", "0 to 6"),
    ([*EP04, "rounding"], "up", "indicators[4].rounding", "down, half even or half up is needed"),
    ([*EP04, "no_denominator"], 0, "indicators[4].no_denominator", "not appl"),
    ([*EP04, "forecast"], "trend", "indicators[4].forecast", "last year's shape, none or run"),
    ([*EP04, "frameworks", 0, "framework"], "ofl", "indicators[4].frameworks[0].framework", "ofl"),
    # Periods, and windows that cannot be formed.
    ([*EP04, "periods"], ["month", "quarter"], "indicators[4].periods", "need cumulative_from"),
    ([*EP04, "cumulative_from"], MISSING, "indicators[4].periods", "need cumulative_from"),
    ([*EP04, "cumulative_from"], "2021", "indicators[4].cumulative_from", "not a month"),
    ([*EP04, "since"], "2021-05", "indicators[4].cumulative_from", "figures begin in 2021-05"),
    ([*EP04, "since"], "April 2021", "indicators[4].since", "not a month such as 2025-04"),
    ([*EP04, "since"], "2021-22", "indicators[4].since", "not a month such as 2025-04"),
    ([*EP04, "frequency"], "day", "indicators[4].frequency", "it is not given by day"),
    ([*EP04, "due_days"], -1, "indicators[4].due_days", "0 to 3660 days"),
    ([*EP04, "final_after_days"], 3661, "indicators[4].final_after_days", "0 to 3660 days"),
    ([*EP04, "follow_up_days"], -1, "indicators[4].follow_up_days", "0 to 3660 days"),
    ([*EP04, "periods"], ["cumulative", "fortnight"], "indicators[4].periods[1]", "rolling-12-"),
    # Sources and breaks.
    ([*EP04, "earlier", 0, "until"], "2021", "indicators[4].earlier[0].until", "not a month"),
    ([*EP04, "earlier", 0, "formula"], "spnd", "indicators[4].earlier[0].formula", "mean spend?"),
    (
        *([*EP04, "earlier", 0, "formula"], "spend"),
        *("indicators[4].earlier[0].formula", "works out pounds, and the unit is days"),
    ),
    (
        *([*EP04, "earlier"], [{"until": "2021-12", "formula": "half_took"}] * 2),
        *("indicators[4].earlier[1]", "given twice"),
    ),
    ([*EP04, "breaks", 0, "from"], "2022", "indicators[4].breaks[0].from", "not a month"),
    # Benchmarks and peer groups.
    ([*EP04, "benchmark", "indicator"], "LG", "indicators[4].benchmark.indicator", "no indicator"),
    (
        *([*EP04, "benchmark", "area"], "ward"),
        *("indicators[4].benchmark.area", "LG01 is not broken down by 'ward'"),
    ),
    (
        *(["indicators", 3, "periods"], ["calendar-year"]),
        *("indicators[4].benchmark.indicator", "LG01 is given by none of the periods of EP04"),
    ),
    ([*EP04, "benchmark", "groups", 0], "far", "indicators[4].benchmark.groups[0]", "peer group"),
    (["peer_groups", 0, "issues", 0, "to"], "2024", "peer_groups[0].issues[0].to", "not a month"),
    (["peer_groups", 0, "issues", 0, "to"], "2024-04", "peer_groups[0].issues[1]", "two issues"),
    (["peer_groups", 0, "issues", 0, "from"], "2024-05", "peer_groups[0].issues[0]", "before it"),
    (
        *(["peer_groups", 0, "issues", 1, "areas", 1], "E06000001"),
        *("peer_groups[0].issues[1].areas[1]", "given twice"),
    ),
    # Breakdowns.
    ([*EP04, "breakdowns", 0], "ward & town", "indicators[4].breakdowns[0]", "no field 'town'"),
    ([*EP04, "breakdowns", 0], "ward & cost", "indicators[4].breakdowns[0]", "cost in requests"),
    ([*EP04, "breakdowns", 0], "ward & ward", "indicators[4].breakdowns[0][1]", "given twice"),
    # Targets.
    ([*EP04, "polarity"], "none", "indicators[4].targets", "is high or low good?"),
    ([*EP04, "polarity"], "none", "indicators[4].rag", "is high or low good?"),
    ([*TARGETS, 0, "to"], "2021", "indicators[4].targets[0].to", "not a month"),
    ([*TARGETS, 1, "to"], "2022-04", "indicators[4].targets[2]", "in force in the same month"),
    ([*TARGETS, 1, "from"], "2022-04", "indicators[4].targets[1]", "ends before it starts"),
    ([*TARGETS, 3, "approved_on"], "14/2/23", "indicators[4].targets[3].approved_on", "no date"),
    ([*TARGETS, 0, "profile"], {"Q5": 1}, "indicators[4].targets[0].profile", "no part of a year"),
    ([*TARGETS, 0, "profile"], {"4": 1}, "indicators[4].targets[0].profile", "Q1 to Q4, or 01"),
    ([*TARGETS, 0, "profile"], {"Q1": "x"}, "indicators[4].targets[0].profile.Q1", "a number"),
    ([*TARGETS, 0, "profile"], 9, "indicators[4].targets[0].profile", "names with their values"),
    ([*TARGETS, 0, "spread"], "even", "indicators[4].targets[0]", "only one of them"),
    ([*TARGETS, 1, "value"], MISSING, "indicators[4].targets[1].spread", "no value to spread"),
    ([*TARGETS, 1], {"from": "2021-04", "to": "2022-03"}, "indicators[4].targets[1]", "needs a"),
    ([*TARGETS, 2, "periods", 0], "day", "indicators[4].targets[2].periods[0]", "not given by day"),
    ([*TARGETS, 2, "floor"], 7, "indicators[4].targets[2].floor", "on the better side"),
    ([*TARGETS, 2, "low"], 7, "indicators[4].targets[2]", "the range of a goldilocks target"),
    ([*TARGETS, 3, "value"], 5, "indicators[4].targets[3].relative", "no value of its own"),
    ([*EP04, "benchmark"], MISSING, "indicators[4].targets[4].relative", "has no benchmark"),
    (
        *([*TARGETS, 4, "relative", "area"], MISSING),
        *("indicators[4].targets[4].relative", "area is the GSS code"),
    ),
    (
        *([*TARGETS, 3, "relative", "group"], MISSING),
        *("indicators[4].targets[3].relative", "group is the peer group"),
    ),
    (
        *([*TARGETS, 3, "relative", "group"], "far"),
        *("indicators[4].targets[3].relative.group", "there is no peer group 'far'"),
    ),
    (
        *([*TARGETS, 3, "relative", "to"], "last year"),
        *("indicators[4].targets[3].relative.to", "a year ago, area, peers or the period before"),
    ),
    # RAG rules.
    ([*EP04, "rag", "green_within"], -1, "indicators[4].rag.green_within", "green is 0 or more"),
    ([*EP04, "rag", "amber_within"], "0.5", "indicators[4].rag.amber_within", "less far than"),
    ([*EP04, "rag", "green"], 5, "indicators[4].rag", "thresholds or tolerances, not both"),
    ([*EP04, "rag"], {"amber": 5}, "indicators[4].rag.amber", "amber needs green"),
    ([*EP04, "rag"], {"green": 5, "amber": 4}, "indicators[4].rag.amber", "the better side"),
    ([*EP04, "targets"], [], "indicators[4].rag", "needs a target to judge against, or thresholds"),
    ([*EP04, "rag", "amber_if"], "better", "indicators[4].rag.amber_if", "better than a year ago"),
]  # fmt: skip


def broken(path: list[Any], value: Any) -> dict[str, Any]:
    document = full()
    at: Any = document
    for step in path[:-1]:
        at = at[step]
    if value is MISSING:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return document


def test_the_full_catalogue_has_no_problem() -> None:
    assert check(full()) == []


@pytest.mark.parametrize(
    ("at", "value", "path", "words"),
    WRONG,
    ids=[f"{path}-{i}" for i, (_, _, path, _) in enumerate(WRONG)],
)
def test_what_is_wrong_is_found_once_and_named(
    at: list[Any], value: Any, path: str, words: str
) -> None:
    problems = [each for each in check(broken(at, value)) if each.path == path]
    assert [words in each.message for each in problems] == [True], problems
    assert problems[0].message.isprintable()


GOLDILOCKS: list[tuple[dict[str, Any], str, str]] = [
    ({"low": 5}, "indicators[4].targets[0]", "a range needs low and high"),
    ({"high": 5}, "indicators[4].targets[0]", "a range needs low and high"),
    ({"low": 6, "high": 5}, "indicators[4].targets[0]", "low is not above high"),
    ({"low": 4, "high": 5, "value": 4}, "indicators[4].targets[0]", "a value or a range"),
    ({"value": 5, "floor": 4}, "indicators[4].targets[0].floor", "not to goldilocks"),
]


@pytest.mark.parametrize(("target", "path", "words"), GOLDILOCKS)
def test_a_target_in_the_middle_is_a_value_or_a_range(
    target: dict[str, Any], path: str, words: str
) -> None:
    document = full()
    document["indicators"][4] |= {"polarity": "goldilocks", "targets": [target]}
    assert [(each.path, words in each.message) for each in check(document)] == [(path, True)]


def test_the_middle_has_no_best_quartile() -> None:
    document = full()
    relative = {"to": "peers", "group": "near", "statistic": "best quartile"}
    document["indicators"][4] |= {"polarity": "goldilocks", "targets": [{"relative": relative}]}
    assert [(each.path, each.message) for each in check(document)] == [
        (
            "indicators[4].targets[0].relative.statistic",
            "a goldilocks indicator has no best quartile",
        )
    ]
    document["indicators"][4]["polarity"] = "high"
    assert check(document) == []


def test_thresholds_are_not_for_the_middle_but_for_either_side() -> None:
    document = full()
    document["indicators"][4] |= {"polarity": "goldilocks", "rag": {"green": 5}}
    document["indicators"][4]["targets"] = [{"low": 4, "high": 5}]
    assert [each.message for each in check(document)] == [
        "thresholds belong to high or low, not to goldilocks"
    ]
    document["indicators"][4] |= {"polarity": "low", "targets": []}
    assert check(document) == []
    document["indicators"][4]["rag"] = {"green": 5, "amber": 10}
    assert check(document) == []
    document["indicators"][4]["polarity"] = "high"
    assert [each.path for each in check(document)] == ["indicators[4].rag.amber"]


def test_an_indicator_may_not_depend_on_itself_through_an_earlier_source() -> None:
    document = full()
    document["indicators"][0]["earlier"] = [{"until": "2020-03", "formula": "EP02 / 2"}]
    document["indicators"][0]["unit"] = "number"
    messages = {each.path: each.message for each in check(document)}
    assert messages == {
        "indicators[0].formula": "the indicator depends on itself: EP01 -> EP02 -> EP01",
        "indicators[1].formula": "the indicator depends on itself: EP02 -> EP01 -> EP02",
    }


def test_breakdowns_are_looked_for_in_what_earlier_sources_rest_on() -> None:
    document = full()
    document["indicators"][4]["earlier"][0]["formula"] = "days_to_close + 0 * spend / spend"
    assert {(each.path, each.message) for each in check(document)} == {
        ("indicators[4].breakdowns[0]", "there is no field 'ward' in the dataset payments"),
        ("indicators[4].breakdowns[0]", "there is no field 'kind' in the dataset payments"),
        ("indicators[4].breakdowns[1]", "there is no field 'speed' in the dataset payments"),
    }


def places(value: Any, path: list[Any]) -> list[list[Any]]:
    steps: list[Any] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    return [path, *(each for at, below in steps for each in places(below, [*path, at]))]


@pytest.mark.parametrize("wrong", [None, "x", [[]], {"a": 1}, 1.5])
def test_nonsense_anywhere_is_a_problem_and_no_crash(wrong: Any) -> None:
    document = full()
    parts: list[list[Any]] = [
        *(EP04, DERIVED, ["measures", 5], ["measures", 6], ["peer_groups"], ["frameworks"]),
    ]
    for part in parts:
        at: Any = document
        for step in part:
            at = at[step]
        for path in places(at, part):
            for problem in check(broken(path, wrong)):
                assert problem.message
                assert problem.message.isprintable()
