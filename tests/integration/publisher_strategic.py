"""A small council with priorities and topics, as the publisher consumes it; in November 2019."""

import json
from typing import Any

from shared.catalogue.check import read
from shared.catalogue.model import definitions
from shared.catalogue.yaml_files import load_directory
from shared.contracts.topics import CATALOGUE, INDICATORS
from tests.integration.publisher_quarter import money
from tests.integration.publisher_sample import Q2, sample, value
from tests.integration.publisher_service import COUNCIL, Running

Json = dict[str, Any]
TODAY = "2019-11-20"
YEAR = ("2018-19", "financial-year", "2018-04-01", "2019-03-31")
REQUESTS = "environmental-protection-requests"
FORMULA = "=HYPERLINK(1)"


def indicator(code: str, **more: Any) -> Json:
    """The definition of an indicator that rests on requests received."""
    return {
        "code": code, "title": f"The indicator {code}", "formula": "ep_received", "unit": "count",
        "periods": ["quarter"], "service": "environmental-health", **more,
    }  # fmt: skip


def council(run: Running) -> None:
    """The small council, which has neither priorities nor topics."""
    sample(run)
    money(run)


def placed(run: Running) -> None:
    """It writes priorities and topics, and places its indicators there."""
    document, _ = load_directory(COUNCIL)
    known = {name: json.loads(body) for name, body in definitions(read(document)).items()}
    requests = known[f"dataset/{REQUESTS}"]
    run.say(
        CATALOGUE,
        {
            "priority/a-quiet": {"code": "a-quiet", "name": "A quiet place", "summary": "Sleep."},
            "priority/b-green": {"code": "b-green", "name": "A green place"},
            "topic/air": {"code": "air", "name": "Air and noise", "summary": "How loud it is."},
            "peer-group/near": {
                "code": "near", "name": "Neighbours", "issues": [{"areas": ["E1", "E2", "E3"]}],
            },
            "peer-group/england": {
                "code": "england", "name": "England", "issues": [{"areas": ["E92"]}],
            },
            f"dataset/{REQUESTS}": requests | {"source": "The noise office", "licence": "OGL v3.0"},
            "indicator/EP02": known["indicator/EP02"]
            | {"priority": "a-quiet", "strategic": True},
            "indicator/EV01": indicator(
                "EV01", topic="air", periods=["financial-year"], unit="percentage", precision=1,
                polarity="low", definition=FORMULA, strategic=True, priority="b-green",
                benchmark={"indicator": "EV90", "area": "area", "groups": ["near", "england"]},
            ),
            "indicator/EV90": indicator(
                "EV90", periods=["financial-year"], influence="context", breakdowns=["area"]
            ),
        },
    )  # fmt: skip
    areas = {"E1": "10", "E2": "20", "E3": "30", "E92": "12.5"}
    run.say(
        INDICATORS,
        {
            "EV01/2018-19": value("EV01", YEAR, "15"),
            **{
                f"EV90/2018-19/area={area}": value("EV90", YEAR, number, member=("area", area))
                for area, number in areas.items()
            },
        },
    )


def many(run: Running, number: int) -> None:
    """So many indicators more in one priority, more than a page of paper has room for."""
    codes = [f"LONG{each:02}" for each in range(number)]
    run.say(
        CATALOGUE,
        {
            f"indicator/{code}": indicator(code, strategic=True, priority="a-quiet")
            for code in codes
        },
    )
    run.say(
        INDICATORS, {f"{code}/{Q2[0]}": value(code, Q2, "7", unit="count") for code in codes}
    )
