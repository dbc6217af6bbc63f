"""The publisher's calls, over HTTP, on SQLite and PostgreSQL."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from shared.contracts.topics import INDICATORS, RECORDS, RISKS
from shared.runtime.clock import SystemClock, iso
from tests.integration.publisher_sample import Q1, Q2, Q3, request, sample, value
from tests.integration.publisher_service import Running, running


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher that is only read."""
    folder = tmp_path_factory.mktemp("publisher")
    with running(f"sqlite:///{folder / 'store.db'}") as run:
        sample(run)
        yield run


def numbers(series: dict[str, Any]) -> dict[str, str | None]:
    """The values of a series by subject."""
    return {each["subject"]: each["data"]["value"] for each in series["values"]}


def test_indicators_come_with_their_definition_and_newest_value(council: Running) -> None:
    listed = council.get("/v1/indicators")
    by_code = {each["code"]: each for each in listed["indicators"]}
    assert by_code["EP02"]["value"]["subject"] == "EP02/2019-20-Q2"
    assert by_code["EP02"]["definition"]["formula"] == "percent(ep_closed_in_10, ep_closed)"
    assert by_code["EP03"]["value"] is None
    assert council.get("/v1/indicators/EP02") == by_code["EP02"]


def test_values_are_a_series_by_period(council: Running) -> None:
    assert numbers(council.get("/v1/indicators/EP02/values")) == {
        "EP02/2019-20-Q1": "81.3",
        "EP02/2019-20-Q2": "66.66666667",
    }
    late = council.get("/v1/indicators/EP02/values", **{"from": "2019-07-01"})
    assert list(numbers(late)) == ["EP02/2019-20-Q2"]
    early = council.get("/v1/indicators/EP02/values", to="2019-20-Q1")
    assert list(numbers(early)) == ["EP02/2019-20-Q1"]
    assert numbers(council.get("/v1/indicators/EP02/values", kind="month")) == {}


def test_a_breakdown_is_a_field_or_one_member_of_it(council: Running) -> None:
    wards = council.get("/v1/indicators/EP02/values", breakdown="ward")
    assert numbers(wards) == {"EP02/2019-20-Q2/ward=": None, "EP02/2019-20-Q2/ward=27": "50"}
    one = council.get("/v1/indicators/EP02/values", breakdown="ward=27")
    assert numbers(one) == {"EP02/2019-20-Q2/ward=27": "50"}
    noise = council.get("/v1/indicators/EP02/values", breakdown="kind=Noise%20Request")
    assert numbers(noise) == {"EP02/2019-20-Q2/kind=Noise%20Request": "100"}


def test_a_long_series_says_that_it_was_cut(council: Running) -> None:
    assert council.get("/v1/indicators/EP02/values", limit="1")["truncated"] is True
    assert council.get("/v1/indicators/EP02/values", limit="2")["truncated"] is False


def test_a_value_is_explained_down_to_its_records(council: Running) -> None:
    told = council.get("/v1/indicators/EP02/values/2019-20-Q2/explain")
    assert told["worked"] == "percent(2, 3)"
    assert [(each["name"], each["records"]) for each in told["inputs"]] == [
        ("ep-closed-in-10", 2),
        ("ep-closed", 3),
    ]
    assert (told["target"], told["outcome"], told["definition_version"]) == ("75", "red", 1)
    assert [each["subject"].rpartition("/")[2] for each in told["records"]] == ["1", "2", "3", "6"]
    assert told["records"][2]["counted"] == {"ep-closed": None}
    assert told["batches"] == ["batch-1"]
    ward = council.get("/v1/indicators/EP02/values/2019-20-Q2/explain", breakdown="ward=27")
    assert [each["subject"].rpartition("/")[2] for each in ward["records"]] == ["1", "2", "3"]


def test_records_are_paged_without_loss_or_repetition(council: Running) -> None:
    seen: list[str] = []
    asked: dict[str, str] = {"limit": "1"}
    for _ in range(10):
        told = council.get("/v1/indicators/EP02/values/2019-20-Q2/explain", **asked)
        seen += [each["subject"].rpartition("/")[2] for each in told["records"]]
        if told["next"] is None:
            break
        asked["after"] = told["next"]
    assert seen == ["1", "2", "3", "6"]


def test_finance_answers_with_the_control_total_and_the_spend(council: Running) -> None:
    (ledger,) = council.get("/v1/finance")["ledgers"]
    assert ledger["control"]["data"]["net_pence"] == 123_000_00
    found = council.get("/v1/finance/procurement-cards")
    assert sum(each["data"]["net_pence"] for each in found["spend"]) == 1104_56


def test_risks_come_with_the_highest_score_first(council: Running) -> None:
    register = council.get("/v1/risks")["risks"]
    assert [each["data"]["reference"] for each in register] == ["R1", "R2"]
    assert council.get("/v1/risks/R2") == register[1]


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/v1/indicators/NOPE", {}, 404),
        ("/v1/indicators/NOPE/values", {}, 404),
        ("/v1/indicators/EP02/values", {"from": "yesterday"}, 400),
        ("/v1/indicators/EP02/values", {"to": "2026-02-31"}, 400),
        ("/v1/indicators/EP02/values", {"kind": "fortnight"}, 400),
        ("/v1/indicators/EP02/values", {"breakdown": "shoe=9"}, 400),
        ("/v1/indicators/EP02/values", {"as_at": "9999-99-99T00:00:00Z"}, 400),
        ("/v1/indicators/EP02/values", {"as_at": "0001-01-01T00:00:00+14:00"}, 400),
        ("/v1/indicators/EP02/values", {"limit": "-1"}, 400),
        ("/v1/indicators/EP02/values", {"limit": "٣"}, 400),
        ("/v1/indicators/EP02/values/2019-20-Q9/explain", {}, 400),
        ("/v1/indicators/EP02/values/2018-19-Q1/explain", {}, 404),
        ("/v1/indicators/EP02/values/2019-20-Q2/explain", {"breakdown": "ward"}, 400),
        ("/v1/indicators/EP02/values/2019-20-Q2/explain", {"breakdown": "ward=99"}, 404),
        ("/v1/finance/nope", {}, 404),
        ("/v1/risks/nope", {}, 404),
        ("/v1/stream", {"kinds": "indicators,gossip"}, 400),
        ("/v1/nothing", {}, 404),
    ],
)
def test_nonsense_is_refused_with_a_problem_document(
    council: Running, path: str, asked: dict[str, str], status: int
) -> None:
    response = council.http.get(path, params=asked)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"]


def test_values_as_they_were_known_stay_known(store_url: str) -> None:
    with running(store_url) as run:
        run.catalogue()
        run.say(INDICATORS, {"EP02/2019-20-Q1": value("EP02", Q1, "80")})
        before = _now()
        run.say(INDICATORS, {"EP02/2019-20-Q1": value("EP02", Q1, "81"),
                             "EP02/2019-20-Q2": value("EP02", Q2, "70")})  # fmt: skip
        between = _now()
        run.say(INDICATORS, {"EP02/2019-20-Q1": None})
        ask = "/v1/indicators/EP02/values"
        assert numbers(run.get(ask, as_at=before)) == {"EP02/2019-20-Q1": "80"}
        assert numbers(run.get(ask, as_at=between)) == {
            "EP02/2019-20-Q1": "81",
            "EP02/2019-20-Q2": "70",
        }
        assert numbers(run.get(ask)) == {"EP02/2019-20-Q2": "70"}
        assert numbers(run.get(ask, as_at="2019-01-01")) == {}


def test_the_newest_period_that_has_begun_stands_for_an_indicator(store_url: str) -> None:
    future = ("2190-91-Q1", "quarter", "2190-04-01", "2190-06-30")
    with running(store_url) as run:
        run.catalogue()
        run.say(INDICATORS, {f"EP02/{period[0]}": value("EP02", period, "1")
                             for period in (Q3, Q1, future, Q2)})  # fmt: skip
        assert run.get("/v1/indicators/EP02")["value"]["subject"] == "EP02/2019-20-Q3"
        run.say(INDICATORS, {"EP02/2019-20-Q3": None})
        assert run.get("/v1/indicators/EP02")["value"]["subject"] == "EP02/2019-20-Q2"


def test_a_rebuild_gives_the_same_answers(store_url: str) -> None:
    with running(store_url) as run:
        sample(run)
        asked = ("/v1/indicators", "/v1/indicators/EP02/values?breakdown=ward", "/v1/risks")
        before = [_without_cursor(run.get(path)) for path in asked]
        service = run.publisher.service
        assert service.inbox is not None
        service.store.write_now(service.inbox.finish_rebuild)
        assert [_without_cursor(run.get(path)) for path in asked] == before


def test_a_withdrawn_risk_and_record_are_gone(store_url: str) -> None:
    with running(store_url) as run:
        sample(run)
        run.say(RISKS, {"risk/R1": None})
        run.say(RECORDS, {"environmental-protection-requests/1": None})
        assert [each["subject"] for each in run.get("/v1/risks")["risks"]] == ["risk/R2"]
        told = run.get("/v1/indicators/EP02/values/2019-20-Q2/explain")
        assert [each["subject"].rpartition("/")[2] for each in told["records"]] == ["2", "3", "6"]


def test_an_explanation_looks_at_a_bounded_number_of_records(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.publisher.sources.SCANNED_RECORDS", 2)
    with running(store_url) as run:
        sample(run)
        run.say(RECORDS, {"environmental-protection-requests/0": request(4)})
        first = run.get("/v1/indicators/EP02/values/2019-20-Q2/explain")
        assert len(first["records"]) < 4
        assert first["next"] is not None


def _now() -> str:
    time.sleep(0.005)
    now = iso(SystemClock().now())
    time.sleep(0.005)
    return now


def _without_cursor(found: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in found.items() if name != "cursor"}
