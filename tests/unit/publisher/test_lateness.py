"""Which figures rest on which datasets, and what is said of late ones."""

from services.publisher.domain.lateness import Lateness, behind
from services.publisher.domain.live import SUPPLY, Filter, Message
from shared.catalogue.check import read
from shared.contracts.supply import Supply
from tests.unit.catalogue.documents import small


def test_a_figure_rests_on_what_its_formula_reaches() -> None:
    assert behind(read(small())) == {
        "EP01": ("requests",),
        "EP02": ("requests",),
        "EP03": ("payments", "requests"),
    }


def test_what_is_looked_into_is_behind_a_figure_also_through_derived_fields() -> None:
    document = small()
    document["datasets"][1]["derived"] = [
        {"name": "band", "type": "integer", "is": "lookup('requests', unit, 'score')"},
        {"name": "twice", "type": "integer", "is": "band * 2"},
    ]
    document["measures"][4]["of"] = "amount * twice"
    document["indicators"][2]["formula"] = "spend"
    assert behind(read(document))["EP03"] == ("payments", "requests")


def test_a_source_that_was_replaced_may_be_old() -> None:
    document = small()
    document["indicators"][2] |= {
        "formula": "received / received",
        "unit": "ratio",
        "earlier": [{"until": "2019-03", "formula": "spend / spend"}],
    }
    assert behind(read(document))["EP03"] == ("requests",)


def test_several_late_ones_are_each_told_and_the_earliest_day_where_room_is_scarce() -> None:
    catalogue = read(small())
    supplies = {
        "requests": Supply("requests", "2026-06-01", "2026-07-03", "2026-06-30T23:30:00+00:00",
                           None, "b", late=True),
        "payments": Supply("payments", "2026-06-01", "2026-06-08", late=True),
        "forgotten": Supply("forgotten", "2026-06-01", "2026-06-08", late=True),
    }  # fmt: skip
    late = Lateness(catalogue, supplies, behind(catalogue))
    assert late.parts_of("EP03") == {
        "late": "Late: Payments was due on 8 June 2026; nothing has come yet."
        " Requests (Uniform) was due on 3 July 2026; last received on 1 July 2026.",
        "late_short": "Late: data was due on 8 June 2026",
    }
    assert late.resting_on("payments") == ["EP03"]
    assert late.parts_of("EP99") == {"late": "", "late_short": ""}


def test_a_supply_is_for_whoever_asks_for_a_figure_that_rests_on_it() -> None:
    message = Message(
        1, SUPPLY, "irf-supply/requests", None, frozenset(), b"", indicators=frozenset({"EP01"})
    )
    assert Filter().wants(message)
    assert Filter(frozenset({SUPPLY}), service="other", theme="other").wants(message)
    assert Filter(frozenset({SUPPLY}), indicator="EP01").wants(message)
    assert not Filter(frozenset({SUPPLY}), indicator="EP02").wants(message)
    assert not Filter(frozenset({"indicators"})).wants(message)
