"""One call explains a value: what it rests on, what helps to read it, and what changed and why."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from alembic import command

from shared.contracts.topics import CATALOGUE, INDICATORS, RECORDS
from shared.db.migrate import configuration
from shared.db.store import Store
from tests.integration.publisher_parcels import FixedClock, parcel, parcels, sent, state
from tests.integration.publisher_service import Running, running

SEPTEMBER = "/v1/indicators/PA01/values/2019-09/explain"
CROSSED = "ward=Abbey&kind=Box"


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher on 15 October 2019 that is only read."""
    folder = tmp_path_factory.mktemp("publisher")
    with running(f"sqlite:///{folder / 'store.db'}", clock=FixedClock()) as run:
        parcels(run)
        corrected(run)
        run.say(INDICATORS, {f"PA01/2019-09/{CROSSED}": crossed()})
        yield run


def corrected(run: Running) -> None:
    """September was 3 for a while, until batch-2 came; August was revised after it was final."""
    few = sent("2019-09", 3, small=True)
    run.say(INDICATORS, {"PA01/2019-09": few}, batch="batch-1", at="2019-10-14T09:00:00.000+00:00")
    run.say(
        INDICATORS,
        {"PA01/2019-09": sent("2019-09", 29)},
        batch="batch-2",
        at="2019-10-15T08:30:00.000+00:00",
    )
    final = sent("2019-08", 33)
    assert final["status"] == "final"
    run.say(INDICATORS, {"PA01/2019-08": final}, at="2019-10-15T08:30:00.000+00:00")


def crossed() -> dict[str, Any]:
    parts = {"ward": "Abbey", "kind": "Box"}
    return sent(
        "2019-09", 2, small=True,
        breakdown={"field": "ward & kind", "member": "Abbey & Box", "parts": parts},
    )  # fmt: skip


def plain(page: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_sentence_says_what_an_officer_would_say(council: Running) -> None:
    assert council.get(SEPTEMBER)["sentence"] == (
        "Parcels sent, September 2019: 29, from 29 records. 29 against a target of at least 20. "
        "Down 4 since August 2019, getting worse. Provisional (P): it may still change until "
        "30 October 2019. Before, it was 3. Records of batch batch-2 moved it: Parcels sent from "
        "3 to 29; 4 of the records that count came in it."
    )


def test_it_names_the_definition_the_target_and_where_they_come_from(council: Running) -> None:
    told = council.get(SEPTEMBER)
    (measure,) = told["inputs"]
    assert (measure["title"], measure["value"], measure["records"]) == ("Parcels sent", "29", 29)
    assert measure["definition"] == 1
    assert measure["since"] is not None
    assert told["definition_version"] == 1
    assert told["definition_since"] is not None
    assert told["target_applied"] == {
        "value": "20", "low": None, "high": None, "floor": None, "basis": "even share",
        "approved_by": "Cabinet", "text": "20",
    }  # fmt: skip
    assert (told["status"], told["final_from"]) == ("provisional", "2019-10-30")
    (dataset,) = told["freshness"]["datasets"]
    assert (dataset["system"], dataset["freshness_days"]) == ("Post room", 2)
    assert told["freshness"]["published"] == "2019-10-15T08:30:00.000+00:00"


def test_it_tells_what_changed_since_the_version_before_and_why(council: Running) -> None:
    told = council.get(SEPTEMBER)["changed"]
    assert (told["version"], told["previous_version"]) == (3, 2)
    assert (told["previous_value"], told["previous_time"]) == ("3", "2019-10-14T09:00:00.000+00:00")
    assert told["batch"] == "batch-2"
    assert told["inputs"] == [
        {"name": "parcels-sent", "title": "Parcels sent", "before": "3", "after": "29",
         "records_before": 3, "records_after": 29}
    ]  # fmt: skip
    assert told["reasons"] == [
        {
            "kind": "records",
            "text": "Records of batch batch-2 moved it: Parcels sent from 3 to 29; 4 of the "
            "records that count came in it.",
        }
    ]
    assert (told["records_in_batch"], told["records_all_looked_at"]) == (4, True)


def test_an_older_version_can_be_asked_for_by_number_or_instant(council: Running) -> None:
    first = council.get(SEPTEMBER, version="1")
    assert (first["value"]["data"]["value"], first["newest"], first["changed"]) == (
        "29", False, None,
    )  # fmt: skip
    second = council.get(SEPTEMBER, version="2")
    assert second["text"] == "3"
    assert second["small_words"] == "Rests on fewer than 5: not for publication"
    assert second["changed"]["previous_text"] == "29"
    assert (second["batch"], second["records"]) == ("batch-1", [])
    assert "newest version alone" in second["records_note"]
    # August was 31 then: it was revised a day later.
    assert second["trend_short"]["text"] == "Down 28 since August 2019, getting worse"
    assert council.get(SEPTEMBER, as_at="2019-10-14T12:00:00Z") == second
    assert council.get(SEPTEMBER, version="3") == council.get(SEPTEMBER)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"version": "9"}, 404),
        ({"version": "x"}, 400),
        ({"as_at": "2019-01-01"}, 404),
        ({"as_at": "tomorrow"}, 400),
        ({"version": "1", "as_at": "2019-10-15"}, 400),
        ({"breakdown": "ward & kind"}, 400),
        ({"breakdown": "kind=Box&ward=Abbey"}, 400),
        ({"breakdown": "ward=Mill&kind=Box"}, 404),
    ],
)
def test_a_version_that_never_was_is_refused(
    council: Running, asked: dict[str, str], status: int
) -> None:
    response = council.http.get(SEPTEMBER, params=asked)
    assert response.status_code == status, response.text
    assert response.json()["detail"]


def test_trends_forecast_and_standing_come_with_their_numbers(council: Running) -> None:
    told = council.get(SEPTEMBER)
    assert told["trend_short"] == {
        "period": "2019-08", "way": "down", "effect": "worse", "change": "-4",
        "text": "Down 4 since August 2019, getting worse",
    }  # fmt: skip
    assert (told["trend_long"]["period"], told["trend_long"]["change"]) == ("2018-09", "6")
    # 21 + 60 + 30 + 32 + 31 + 29 = 203 by September.
    assert told["forecast"] == {
        "year": "2019/20", "method": "run rate", "value": "406", "based_on": "2019-20-to-09",
        "sentence": "At the rate of its first 6 months (203), 2019/20 ends at 406: "
        "203 × 12 ÷ 6.",
    }  # fmt: skip
    (group,) = told["benchmark"]
    assert group["values"] == {"E1": "40", "E2": "25", "E3": "10", "E4": "30"}
    assert (group["areas"], group["mean"], group["median"]) == (4, "26.25", "27.5")
    assert (group["rank"], group["quartile"]) == (3, 2)
    assert (group["best_quartile"], group["distance"]) == ("32.5", "3.5")


def test_a_past_year_has_no_forecast(council: Running) -> None:
    assert council.get("/v1/indicators/PA01/values/2019-03/explain")["forecast"] is None


def test_control_limits_are_those_of_the_stretch_that_a_value_is_in(council: Running) -> None:
    may = council.get("/v1/indicators/PA01/values/2019-05/explain")["control"]
    assert (may["limits"]["first"], may["limits"]["last"]) == ("2018-04", "2019-05")
    assert may["signals"] == ["above the upper limit"]
    # Since the break of June there are four months only.
    assert council.get(SEPTEMBER)["control"]["limits"] is None
    assert "8 finished months" in council.get(SEPTEMBER)["control"]["text"]


def test_a_crossed_member_is_explained_by_its_records(council: Running) -> None:
    told = council.get(SEPTEMBER, breakdown=CROSSED)
    assert [each["subject"] for each in told["records"]] == ["parcels/1", "parcels/4"]
    assert told["small"] is True
    assert told["sentence"].startswith("Parcels sent for Abbey & Box, September 2019: 2")
    listed = council.get("/v1/indicators/PA01/values", breakdown="ward & kind")
    assert [each["subject"] for each in listed["values"]] == [f"PA01/2019-09/{CROSSED}"]
    one = council.get("/v1/indicators/PA01/values", breakdown=CROSSED)
    assert one["values"] == listed["values"]


def test_a_series_comes_with_what_helps_to_read_it(council: Running) -> None:
    told = council.get("/v1/indicators/PA01/values", kind="month")
    assert len(told["values"]) == 18
    revised = {each["subject"]: each["revised"] for each in told["values"] if each["revised"]}
    assert revised == {"PA01/2019-08": "2019-10-15T08:30:00.000+00:00"}
    (limits,) = told["control"]
    assert (limits["kind"], limits["points"], limits["centre"]) == ("month", 14, "23.285714286")
    assert limits["signals"]["2019-05"] == ["above the upper limit"]
    assert [(each["month"], each["kind"]) for each in told["breaks"]] == [
        ("2018-04", "a new source"),
        ("2019-06", "break in the series"),
    ]
    assert told["forecast"]["value"] == "406"
    assert list(told["benchmarks"]) == ["2019-09"]
    assert told["benchmarks"]["2019-09"][0]["rank"] == 3


def test_as_it_was_known_nothing_later_is_told(council: Running) -> None:
    told = council.get(
        "/v1/indicators/PA01/values", kind="month", as_at="2019-10-14T12:00:00Z"
    )
    numbers = {each["subject"]: each["data"]["value"] for each in told["values"]}
    assert (numbers["PA01/2019-09"], numbers["PA01/2019-08"]) == ("3", "31")
    assert not any(each["revised"] for each in told["values"])
    assert (told["forecast"], told["benchmarks"]) == (None, {})


def test_the_page_of_an_indicator_shows_it_all(council: Running) -> None:
    text = plain(council.page("/indicators/PA01"))
    for words in (
        "Provisional (P): it may still change until 30 October 2019.",
        "Where the year is heading: At the rate of its first 6 months (203)",
        "Break. From June 2019: counted by barcode",
        "33 (R)",
        "(P) provisional: it may still change; (R) revised after it was final.",
        "Compared with other areas, September 2019",
        "Nearest neighbours 4 26.3 27.5 32.5 3 of 5 2 3.5",
        "How the figure for September 2019 changed",
        "15 October 2019 at 9:30am 29 3 Records of batch batch-2 moved it",
        "Deputy Deputy postmaster",
        "Frameworks and returns Post outcomes framework: P1",
        "Approved by Cabinet on 1 March 2019",
        "Unusual: above the upper limit",
        "By ward and kind, September 2019",
        "Abbey & Box".replace("&", "&amp;"),
    ):
        assert words in text, words
    assert "limits_marks" in council.page("/indicators/PA01")


def test_the_page_of_a_value_shows_its_explanation(council: Running) -> None:
    text = plain(council.page("/indicators/PA01/values/2019-09"))
    for words in (
        "Before, it was 3. Records of batch batch-2 moved it",
        "20 (an even share of the year&#39;s); approved by Cabinet",
        "Nearest neighbours, September 2019: mean 26.3",
        "Earlier versions",
        "4 of the records that count came in it",
    ):
        assert words in text, words
    old = council.page("/indicators/PA01/values/2019-09?version=2")
    assert "This is the figure as it was published on 14 October 2019 at 10:00am." in plain(old)
    assert "data-stream" not in old
    assert "data-subject" not in old


def test_a_revised_figure_says_so_where_it_is_shown_large(council: Running) -> None:
    for page in ("/indicators/PA01?period=2019-08", "/indicators/PA01/values/2019-08"):
        assert "Final. Revised on 15 October 2019 at 9:30am, after it was final." in plain(
            council.page(page)
        )


def test_what_is_looked_up_and_carried_is_traced_too(store_url: str) -> None:
    with running(store_url, clock=FixedClock()) as run:
        parcels(run)
        formula = "parcels_under_way + parcels_north + parcels_last"
        run.say(
            INDICATORS, {"PA04/2019-12": state("PA04", "2019-12", "5", formula=formula)}
        )
        ask = "/v1/indicators/PA04/values/2019-12/explain"
        assert {
            each["subject"]: each["counted"] for each in run.get(ask)["records"]
        } == {
            "parcels/2": {"parcels-under-way": None},
            "parcels/3": {"parcels-under-way": None, "parcels-last": "2.5"},
            "parcels/4": {"parcels-under-way": None, "parcels-last": "suppressed"},
            "parcels/6": {"parcels-under-way": None},
        }  # fmt: skip
        run.say(INDICATORS, {"PA04/2019-09-12": state(
            "PA04", "2019-09-12", "3", formula="parcels_under_way + parcels_north"
        )})  # fmt: skip
        day = run.get("/v1/indicators/PA04/values/2019-09-12/explain")
        assert {each["subject"]: each["counted"] for each in day["records"]} == {
            "parcels/1": {"parcels-under-way": None, "parcels-north": None},
            "parcels/2": {"parcels-under-way": None},
            "parcels/5": {"parcels-under-way": None},
            "parcels/6": {"parcels-under-way": None},
        }
        # A ward that moves to the other locality takes its records along.
        moved = {"dataset": "wards", "key": "Abbey",
                 "fields": {"ward": "Abbey", "locality": "South"}}  # fmt: skip
        run.say(RECORDS, {"wards/Abbey": moved, "parcels/5": parcel(5)})
        day = run.get("/v1/indicators/PA04/values/2019-09-12/explain")
        assert "parcels-north" not in day["records"][0]["counted"]


def test_a_new_definition_and_a_new_target_are_told_as_reasons(store_url: str) -> None:
    with running(store_url, clock=FixedClock()) as run:
        parcels(run)
        definition = run.get("/v1/indicators/PA01")["definition"]
        run.say(CATALOGUE, {"indicator/PA01": definition | {"precision": 1}})
        run.say(INDICATORS, {"PA01/2019-09": sent("2019-09", 29, definition=2)}, batch="apply-1")
        told = run.get(SEPTEMBER)
        assert told["definition_since"] is not None
        assert [each["kind"] for each in told["changed"]["reasons"]] == ["definition"]
        run.say(
            INDICATORS,
            {"PA01/2019-09": sent("2019-09", 29, definition=2, target={"value": "25"})},
        )
        assert run.get(SEPTEMBER)["changed"]["reasons"] == [
            {"kind": "target", "text": "The target changed from 20 to 25."}
        ]
        run.say(INDICATORS, {"PA01/2019-09": None})
        assert run.http.get(SEPTEMBER).status_code == 404
        assert run.get(SEPTEMBER, version="3")["newest"] is False


def test_what_is_not_due_stands_back_for_the_newest_figure(store_url: str) -> None:
    with running(store_url, clock=FixedClock()) as run:
        parcels(run)
        waiting: dict[str, Any] = {
            "reason": "not due", "target": None,
            "rag": {"outcome": "not due", "rule": "Not due until 10 November 2019."},
        }  # fmt: skip
        run.say(INDICATORS, {"PA01/2019-10": sent("2019-10", None, **waiting)})
        assert run.get("/v1/indicators/PA01")["value"]["subject"] == "PA01/2019-09"
        assert "October 2019 so far" in run.page("/indicators/PA01")
        told = run.get("/v1/indicators/PA01/values/2019-10/explain")
        assert told["sentence"] == (
            "Parcels sent, October 2019 so far: no figure. Not due until 10 November 2019."
        )
        missing = {"reason": "missing", "target": None}
        run.say(INDICATORS, {"PA01/2019-10": sent("2019-10", None, **missing)})
        assert run.get("/v1/indicators/PA01")["value"]["subject"] == "PA01/2019-10"
        run.say(INDICATORS, {"PA05/2019-10": state("PA05", "2019-10", None, **waiting)})
        assert run.get("/v1/indicators/PA05")["value"]["subject"] == "PA05/2019-10"


def test_areas_of_an_earlier_period_are_shown_where_the_newest_has_none(
    council: Running,
) -> None:
    text = plain(council.page("/indicators/PA01?period=2019-08"))
    assert "Compared with other areas, September 2019 Ours: 29 ." in text
    assert council.get("/v1/indicators/PA01/values/2019-08/explain")["benchmark"] == []


def test_a_store_of_before_keeps_its_versions_without_their_batches(store_url: str) -> None:
    store = Store(store_url, "publisher")
    old = msgspec.json.encode(sent("2019-09", 3))
    try:
        with store.writer_engine.connect() as connection, connection.begin():
            config = configuration("publisher")
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
            connection.execute(
                sa.text("INSERT INTO figure_versions VALUES ('PA01/2019-09', 0, :time, :body)"),
                {"time": "2019-10-01T08:00:00.000+00:00", "body": old},
            )
    finally:
        store.close()
    with running(store_url, clock=FixedClock()) as run:
        run.catalogue()
        run.say(INDICATORS, {"PA01/2019-09": sent("2019-09", 29)}, batch="batch-2")
        told = run.get(SEPTEMBER)["changed"]
        assert (told["previous_version"], told["previous_value"]) == (0, "3")
        assert told["batch"] == "batch-2"
        assert "it was 3 (published" in run.page("/indicators/PA01/values/2019-09")


def test_an_indicator_is_shown_as_it_was_known_on_a_day(council: Running) -> None:
    text = plain(council.page("/indicators/PA01/as-at?kind=month&as_at=2019-10-14"))
    assert "This is what was known at the end of 14 October 2019." in text
    # What was known of September then, and what it is now.
    assert "September 2019 3 (P, S) 20 Red 29 August 2019 31 20 Green 33" in text
    assert "2 figures have changed since." in text
    by_parts = council.page(
        "/indicators/PA01/as-at?kind=month&as_at-day=14&as_at-month=10&as_at-year=2019"
    )
    assert plain(by_parts) == text
    now = plain(council.page("/indicators/PA01/as-at?kind=month&as_at=2019-10-15"))
    assert "Nothing has changed since." in now
    assert "Nothing was known of it then." in plain(
        council.page("/indicators/PA01/as-at?as_at=2018-01-01")
    )
    assert "/indicators/PA01/as-at" in council.page("/indicators/PA01")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/indicators/PA01/as-at", 400),
        ("/indicators/PA01/as-at?as_at=tomorrow", 400),
        ("/indicators/PA01/as-at?as_at=2019-10-16", 400),
        ("/indicators/PA01/as-at?as_at-day=31&as_at-month=2&as_at-year=2019", 400),
        ("/indicators/PA01/as-at?as_at=2019-10-14&kind=decade", 400),
        ("/indicators/NO01/as-at?as_at=2019-10-14", 404),
    ],
)
def test_a_day_that_cannot_be_is_a_friendly_page(council: Running, path: str, status: int) -> None:
    assert "govuk-heading" in council.page(path, status)


def test_the_chart_has_the_lines_of_the_peers(council: Running) -> None:
    text = council.page("/indicators/PA01?kind=month")
    assert "The dotted purple line is the mean of Nearest neighbours" in text
    assert "others_marks" in text
