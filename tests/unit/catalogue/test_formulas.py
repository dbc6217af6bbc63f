"""How indicators hang together."""

from shared.catalogue.check import read
from shared.catalogue.formulas import (
    evaluation_order,
    formulas_of,
    measures_of,
    referents,
    vocabulary,
)
from tests.unit.catalogue.documents import changed, small


def test_a_name_stands_for_one_measure_or_one_indicator() -> None:
    names = vocabulary(read(small()))
    assert names["closed_in_10"] == ("measure", "closed-in-10")
    assert names["EP01"] == ("indicator", "EP01")
    assert referents("percent(closed_in_10, EP01) + other", names) == {
        "closed_in_10": ("measure", "closed-in-10"),
        "EP01": ("indicator", "EP01"),
    }


def test_an_indicator_is_made_of_the_measures_of_those_it_uses() -> None:
    catalogue = read(changed(["indicators", 2, "formula"], "EP02 * days_to_close"))
    assert set(measures_of(catalogue, "EP01")) == {"received"}
    assert set(measures_of(catalogue, "EP02")) == {"closed-in-10", "received"}
    assert set(measures_of(catalogue, "EP03")) == {"closed-in-10", "received", "days-to-close"}


def test_what_an_indicator_was_made_of_counts_as_well() -> None:
    document = changed(
        ["indicators", 0, "earlier"],
        [
            {"until": "2019-03", "formula": "EP03 * 0 + spend"},
            {"until": "2020-03", "formula": "spend"},
        ],
    )
    document["indicators"][0] |= {"breakdowns": [], "unit": "number"}
    document["indicators"][1]["breakdowns"] = []
    catalogue = read(document)
    assert formulas_of(catalogue.indicators["EP01"]) == (
        *("EP03 * 0 + spend", "spend", "received"),
    )
    assert set(measures_of(catalogue, "EP01")) == {"received", "spend"}
    order = evaluation_order(catalogue)
    assert order.index("EP03") < order.index("EP01") < order.index("EP02")


def test_an_indicator_is_evaluated_after_those_it_uses() -> None:
    document = changed(["indicators", 0, "formula"], "EP03 / 2")
    document["indicators"][0]["unit"] = "money"
    document["indicators"][1]["formula"] = "100 * closed_in_10 / EP01"
    document["indicators"][0]["breakdowns"] = document["indicators"][1]["breakdowns"] = []
    assert evaluation_order(read(document)) == ("EP03", "EP01", "EP02")
