"""What a formula works out has to be what its indicator says, and nought has to be provided for."""

from typing import Any

import pytest

from shared.catalogue.check import check
from tests.unit.catalogue.documents import small

ADDED = "percentages are not added up or averaged: divide the sum of the parts by the sum of the"
NOUGHT = "this may be nought: say no_denominator"


def problems(formula: str, unit: str, **fields: Any) -> list[str]:
    """What is said of one more indicator. EP02 is a percentage, spend is in pounds, days-to-close
    a mean of days, took-hours of hours, EP05 is days and EP06 a rate; the others are counts."""
    document = small()
    document["measures"] += [
        {
            **{"code": "took-hours", "dataset": "requests", "aggregate": "median"},
            **{"of": "hours(received, closed)", "date": "closed"},
        },
        {
            **{"code": "top-cost", "dataset": "requests", "aggregate": "maximum"},
            **{"of": "coalesce(cost, 0)", "date": "closed"},
        },
        {
            **{"code": "score", "dataset": "requests", "aggregate": "mean", "of": "score + 1"},
            "date": "closed",
        },
        {
            **{"code": "spread", "dataset": "requests", "aggregate": "median"},
            **{"of": "percent(score, 10)", "date": "closed"},
        },
        {
            **{"code": "wards", "dataset": "requests", "aggregate": "distinct", "of": "ward"},
            "date": "closed",
        },
    ]
    document["indicators"] += [
        {"code": "EP05", "title": "x", "formula": "days_to_close", "unit": "days", "owner": "M"},
        {
            **{"code": "EP06", "title": "x", "formula": "rate(received, 25000, 10000)"},
            **{"unit": "rate", "per": 10000, "owner": "M"},
        },
        {"code": "T", "title": "x", "formula": formula, "unit": unit, "owner": "M", **fields},
    ]
    found = check(document)
    assert {each.path for each in found} <= {"indicators[5].formula"}
    return [each.message for each in found]


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        *(("received", "count"), ("wards", "count"), ("open_requests", "number")),
        *(("received + closed_in_10", "count"), ("received - 2 * closed_in_10", "count")),
        *(("spend", "money"), ("spend / received", "money"), ("spend / 1000", "money")),
        *(("spend * 2 + top_cost", "money"), ("spend * received", "money")),
        *(("days_to_close", "days"), ("EP05 * 1.5", "days"), ("max(EP05, days_to_close)", "days")),
        *(("took_hours", "hours"), ("took_hours / 24", "hours"), ("round(took_hours, 1)", "hours")),
        *(("percent(closed_in_10, received)", "percentage"), ("100 - EP02", "percentage")),
        *(("100 * closed_in_10 / received", "percentage"), ("EP02 - EP02", "percentage")),
        *(("spread", "percentage"), ("percent(spend, top_cost)", "percentage")),
        *(("when(received > 0, EP02, 0)", "percentage"), ("coalesce(EP02, 0)", "percentage")),
        *(("min(EP02, 100)", "percentage"), ("-EP02", "percentage"), ("abs(EP02)", "percentage")),
        *(("rate(received, 25000, 10000)", "rate"), ("EP06", "rate"), ("EP06 / 10", "rate")),
        *(("spend / received", "rate"), ("received", "rate"), ("closed_in_10 / received", "ratio")),
        *(("EP05 / days_to_close", "ratio"), ("EP02", "ratio"), ("score", "score")),
        *(("EP02", "score"), ("received", "score"), ("spend", "number"), ("EP05", "number")),
        *(("when(received > 3, 1, 0)", "yes/no"), ("received", "yes/no")),
        *(("0 if received > 3 else 1", "yes/no"), ("score", "percentage"), ("score", "days")),
    ],
)  # fmt: skip
def test_what_fits_is_accepted(formula: str, unit: str) -> None:
    assert problems(formula, unit) == []


@pytest.mark.parametrize(
    ("formula", "unit", "told"),
    [
        ("received", "money", "the formula works out counts, and the unit is money (at char"),
        ("received", "percentage", "the formula works out counts, and the unit is percentage"),
        ("received", "days", "the formula works out counts, and the unit is days"),
        ("spend", "count", "the formula works out pounds, and the unit is count"),
        ("spend", "yes/no", "the formula works out pounds, and the unit is yes/no"),
        ("EP05", "hours", "the formula works out days, and the unit is hours"),
        ("took_hours", "days", "the formula works out hours, and the unit is days"),
        ("EP02", "count", "the formula works out percentages, and the unit is count"),
        ("percent(received, 4)", "rate", "the formula works out percentages, and the unit is rate"),
        ("EP06", "percentage", "the formula works out rates, and the unit is percentage"),
        ("spend * 2", "count", "the formula works out pounds, and the unit is count"),
        ("received * EP05", "count", "the formula works out days, and the unit is count"),
        ("spend + received", "money", "pounds and counts cannot be put together (at character 9)"),
        ("EP05 + took_hours", "days", "days and hours cannot be put together (at character 8)"),
        ("EP05 - spend", "days", "days and pounds cannot be put together (at character 8)"),
        ("max(spend, EP05)", "money", "pounds and days cannot be put together (at character 12)"),
        (
            *("when(received > 3, EP02, EP05)", "percentage"),
            "percentages and days cannot be put together (at character 26)",
        ),
        (
            *("spend if received > 3 else EP05", "money"),
            "pounds and days cannot be put together (at character 28)",
        ),
        ("coalesce(EP05, EP06)", "days", "days and rates cannot be put together (at character 16)"),
        ("percent(spend, received)", "percentage", "pounds and counts cannot be put together"),
        ("(EP02 + EP02) / 2", "percentage", f"{ADDED} wholes (at character 2)"),
        ("EP02 + percent(received, 9)", "percentage", f"{ADDED} wholes (at character 1)"),
        ("100 - (spread + EP02)", "percentage", f"{ADDED} wholes (at character 8)"),
    ],
)
def test_what_does_not_fit_is_told_at_its_place(formula: str, unit: str, told: str) -> None:
    found = problems(formula, unit)
    assert len(found) == 1
    assert found[0].startswith(told)


def divided(formula: str, said: str | None, council: str | None) -> list[tuple[str, str]]:
    document = small()
    document["council"].pop("no_denominator")
    for indicator in document["indicators"]:
        indicator["no_denominator"] = "zero"
    if council is not None:
        document["council"]["no_denominator"] = council
    added = {"code": "T", "title": "x", "formula": formula, "unit": "number", "owner": "M"}
    document["indicators"].append(added if said is None else {**added, "no_denominator": said})
    return [(each.path, each.message) for each in check(document)]


@pytest.mark.parametrize(
    ("formula", "at"),
    [
        *(("received / spend", 12), ("percent(closed_in_10, received)", 23)),
        *(("  rate(received, spend, 1000)", 18), ("received / (spend - 1)", 13)),
        *(("received / 0", 12), ("when(spend > 0, received / spend, 0)", 28)),
    ],
)
def test_a_division_without_a_stated_outcome_is_told(formula: str, at: int) -> None:
    (found,) = divided(formula, None, None)
    assert found[0] == "indicators[3].formula"
    assert found[1].startswith(NOUGHT)
    assert found[1].endswith(f"(at character {at})")
    for way in ("not calculable", "not applicable", "zero"):
        assert divided(formula, way, None) == []
        assert divided(formula, None, way) == []


@pytest.mark.parametrize("formula", ["received / 2", "percent(received, 40)", "received * 2", "1"])
def test_what_cannot_be_nought_needs_no_outcome(formula: str) -> None:
    assert divided(formula, None, None) == []


def test_a_division_in_an_earlier_source_is_told_there() -> None:
    document = small()
    document["council"].pop("no_denominator")
    document["indicators"] = document["indicators"][:1]
    document["indicators"][0]["earlier"] = [
        {"until": "2020-03", "formula": "received * received / received"}
    ]
    assert [each.path for each in check(document)] == ["indicators[0].earlier[0].formula"]
