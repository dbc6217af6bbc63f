"""One version of the truth: at one cursor, the same question has the same answer wherever it is
asked: page, call, series, explanation, stream, state on the topic, frozen report and its file."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from services.publisher.store import repository
from shared.contracts import subjects
from shared.contracts.topics import FINANCE, INDICATORS, RISKS
from tests.integration.publisher_quarter import (
    GENERAL,
    QUARTER,
    YEAR,
    correct,
    freeze,
    money,
    quarter,
)
from tests.integration.publisher_sample import Q2, risk, value
from tests.integration.publisher_service import Running, running

VALUE = "EP02/2019-20-Q2"
PLACE = subjects.position("as-is", YEAR, GENERAL, "directorate", "place")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Running]:
    with running(f"sqlite:///{tmp_path}/publisher.db") as found:
        quarter(found)
        yield found
        found.hang_up()


class Asked:
    """The answers of one system at one cursor, each question under the name of who answered."""

    def __init__(self, run: Running) -> None:
        self.run = run
        self.cursor = run.get("/v1/indicators")["cursor"]
        whole = run.http.get(f"/reports/{QUARTER}.json").json()
        self.entries = {
            each["subject"]: json.loads(each["body"]) for each in whole["entries"] if "body" in each
        }
        self.report = run.get(f"/v1/reports/{QUARTER}")
        self.events: dict[str, Any] = {}

    def hear(self, before: str, *wanted: str) -> None:
        """The newest event of each subject that came after a cursor."""
        listener = self.run.listen("", before)
        for event in listener.events():
            self.events[event["data"]["subject"]] = event["data"]
            if set(wanted) <= set(self.events):
                return

    def page(self, path: str, subject: str, part: str) -> str:
        """A part of a subject as a page shows it first."""
        blocks = self.run.page(path).split('data-subject="')
        own = "".join(each for each in blocks if each.startswith(f'{subject}"'))
        found = re.search(rf'data-part="{part}"[^>]*>([^<]*)<', own)
        assert found is not None, (path, subject, part)
        return unescape(found[1]).strip()

    def reported(self, kind: str, subject: str) -> Any:
        return next(each for each in self.report[kind] if each["subject"] == subject)

    def state(self, topic: str, subject: str) -> Any:
        """The state as it came by its topic."""
        store = self.run.publisher.service.store
        row = store.read_now(lambda tx: repository.rows(tx, topic, [subject]))[subject]
        return json.loads(row.body or b"null")

    def close(self) -> None:
        """Nothing moved while the questions were asked."""
        assert self.run.get("/v1/indicators")["cursor"] == self.cursor


def agreed(answers: dict[str, Any], expected: Any) -> None:
    """Everybody answers the same."""
    assert answers == dict.fromkeys(answers, expected)


def say_again(run: Running) -> str:
    """Everything that is asked about moves once more, to end as it was planted; the cursor before
    that."""
    rule = "red: 66.7 is more than 5 points below the target of 75"
    judged: dict[str, Any] = {"target": "75", "outcome": "red", "rule": rule}
    before = str(run.get("/v1/indicators")["cursor"])
    run.say(INDICATORS, {VALUE: value("EP02", Q2, "66.66666667", **judged)})
    money(run)
    run.say(RISKS, {"risk/R1": risk("R1", 4, 5, 20, "very high")})
    return before


def test_everybody_who_is_asked_for_a_figure_gives_the_same(run: Running) -> None:
    before = say_again(run)
    freeze(run)
    asked = Asked(run)
    asked.hear(before, VALUE, PLACE, "risk/R1")
    at = "/v1/indicators/EP02/values"
    series = run.get(at, **{"from": "2019-07-01", "kind": "quarter"})
    explained = run.get(f"{at}/2019-20-Q2/explain")
    listed = {each["code"]: each["value"] for each in run.get("/v1/indicators")["indicators"]}
    event = asked.events[VALUE]
    states = {
        "topic": asked.state(INDICATORS, VALUE),
        "list": listed["EP02"]["data"],
        "call": run.get("/v1/indicators/EP02")["value"]["data"],
        "series": series["values"][-1]["data"],
        "explanation": explained["value"]["data"],
        "stream": event["data"],
        "report": asked.reported("values", VALUE)["data"],
        "file": asked.entries[VALUE],
    }
    agreed({name: state["value"] for name, state in states.items()}, "66.66666667")
    agreed({name: state["rag"]["outcome"] for name, state in states.items()}, "red")
    agreed(
        {name: json.dumps(state, sort_keys=True) for name, state in states.items()},
        json.dumps(states["topic"], sort_keys=True),
    )
    agreed(
        {
            "overview": asked.page("/", VALUE, "value"),
            "indicator": asked.page("/indicators/EP02", VALUE, "value"),
            "strategic": asked.page("/strategic", VALUE, "value"),
            "service": asked.page("/services/environmental-health", VALUE, "value"),
            "explained": asked.page("/indicators/EP02/values/2019-20-Q2", VALUE, "value"),
            "stream": event["display"]["value"],
        },
        "66.7%",
    )
    for page in (f"/reports/{QUARTER}", f"/strategic?report={QUARTER}"):
        assert "<strong>66.7%</strong>" in run.page(page)
    asked.close()


def test_everybody_who_is_asked_about_money_gives_the_same(run: Running) -> None:
    before = say_again(run)
    freeze(run)
    asked = Asked(run)
    asked.hear(before, PLACE)
    when = {"year": YEAR, "period": "P06"}
    listed = run.get("/v1/finance/positions", **when)["positions"]
    one = run.get("/v1/finance/positions/directorate/place", fund=GENERAL, **when)
    figures = {
        "topic": asked.state(FINANCE, PLACE)["figures"],
        "list": next(each for each in listed if each["subject"] == PLACE)["figures"],
        "call": one["position"]["figures"],
        "stream": asked.events[PLACE]["data"]["figures"],
        "report": asked.reported("positions", PLACE)["data"]["figures"],
        "file": asked.entries[PLACE]["figures"],
    }
    agreed({name: each["variance"] for name, each in figures.items()}, 60_00)
    agreed({name: each["forecast"] for name, each in figures.items()}, 1_260_00)
    agreed(
        {
            "page": asked.page(f"/finance?year={YEAR}&period=P06", PLACE, "variance"),
            "stream": asked.events[PLACE]["display"]["variance"],
        },
        "+£60",
    )
    assert "+£60" in run.page(f"/reports/{QUARTER}")
    asked.close()


def test_everybody_who_is_asked_about_a_risk_gives_the_same(run: Running) -> None:
    before = say_again(run)
    freeze(run)
    asked = Asked(run)
    asked.hear(before, "risk/R1")
    register = {each["subject"]: each for each in run.get("/v1/risks")["risks"]}
    agreed(
        {
            "topic": asked.state(RISKS, "risk/R1")["score"],
            "register": register["risk/R1"]["data"]["score"],
            "call": run.get("/v1/risks/R1")["data"]["score"],
            "stream": asked.events["risk/R1"]["data"]["score"],
            "report": asked.reported("risks", "risk/R1")["data"]["score"],
            "file": asked.entries["risk/R1"]["score"],
            "page": int(asked.page("/risks/R1", "risk/R1", "score")),
            "list": int(asked.page("/risks", "risk/R1", "score")),
            "words": int(asked.events["risk/R1"]["display"]["score"]),
        },
        20,
    )
    asked.close()


def test_after_a_correction_all_that_is_live_agrees_and_all_that_is_frozen_does_too(
    run: Running,
) -> None:
    freeze(run)
    before = str(run.get("/v1/indicators")["cursor"])
    correct(run)
    asked = Asked(run)
    asked.hear(before, VALUE)
    moved = asked.reported("values", VALUE)
    agreed(
        {
            "topic": asked.state(INDICATORS, VALUE)["value"],
            "call": run.get("/v1/indicators/EP02")["value"]["data"]["value"],
            "stream": asked.events[VALUE]["data"]["value"],
        },
        "70.9",
    )
    agreed({"report": moved["data"]["value"], "file": asked.entries[VALUE]["value"]}, "66.66666667")
    agreed(
        {
            "live": asked.page("/indicators/EP02", VALUE, "value"),
            "beside the report": moved["since"]["now"],
        },
        "70.9%",
    )
    asked.close()
