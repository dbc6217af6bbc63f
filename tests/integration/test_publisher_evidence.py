"""The evidence base: by topic, beside other areas, with sources and licences, and as a file."""

import csv
import io
from collections.abc import Iterator

import pytest

from services.publisher.web import evidence_views, strategic_views
from tests.integration.publisher_parcels import FixedClock
from tests.integration.publisher_service import Running, running
from tests.integration.publisher_strategic import FORMULA, TODAY, council, many, placed
from tests.integration.statements import heard


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    url = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(url, clock=FixedClock(TODAY)) as found:
        council(found)
        placed(found)
        yield found


def test_topics_hold_what_stands_under_them_and_the_rest_of_the_context(run: Running) -> None:
    topics = run.get("/v1/evidence")["topics"]
    held = {each["code"]: [i["code"] for i in each["indicators"]] for each in topics}
    assert held["air"] == ["EV01"]
    # Other areas' figures are what others are compared with.
    assert "EV90" not in {code for codes in held.values() for code in codes}
    page = run.page("/evidence")
    assert "How loud it is." in page
    assert 'href="/evidence/air"' in page


def test_a_figure_stands_beside_its_peers_and_england(run: Running) -> None:
    (found,) = run.get("/v1/evidence", topic="air")["topics"][0]["indicators"]
    assert found["figure"]["text"] == "15.0%"
    assert found["comparison"] == {
        "period": "2018-19",
        "own": "15.0%",
        "sentences": [
            "Neighbours: 20.00% on average of 3 areas; here 5.00 percentage points lower, "
            "which is better; rank 2 of 4, where 1 is best",
            "England: 12.50%; here 2.50 percentage points higher, which is worse",
        ],
    }
    page = run.page("/evidence/air")
    assert "2018/19: 15.0% here" in page
    assert "England: 12.50%; here" in page


def test_every_figure_names_its_source_and_licence(run: Running) -> None:
    (found,) = run.get("/v1/evidence", topic="air")["topics"][0]["indicators"]
    assert found["sources"] == [{"name": "The noise office", "licence": "OGL v3.0"}]
    page = run.page("/evidence/air")
    assert "The noise office. Licence: OGL v3.0" in page
    assert "Sample data: every figure is made up." in page


def test_a_topic_is_a_file_that_no_spreadsheet_takes_for_a_formula(run: Running) -> None:
    answer = run.http.get("/evidence/air.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    name = f'attachment; filename="evidence-air-{TODAY}.csv"'
    assert answer.headers["content-disposition"] == name
    rows = list(csv.reader(io.StringIO(answer.text)))
    told = dict(zip(rows[0], rows[1], strict=True))
    assert told["Code"] == "EV01"
    assert told["Definition"] == f"'{FORMULA}"
    assert (told["Value"], told["Figure"]) == ("15", "15.0%")
    assert told["Licence"] == "OGL v3.0"
    notes = [row for row in rows[2:] if row]
    assert ["Source", "The noise office"] in notes
    assert ["Licence", "OGL v3.0"] in notes
    assert notes[-1][1].startswith("Sample data")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize(
    "path",
    [
        "/evidence/nothing",
        "/evidence/nothing.csv",
        "/evidence/%3Cscript%3Ealert(1)",
        "/evidence/a/b",
    ],
)
def test_a_wrong_address_gets_a_friendly_page(run: Running, path: str) -> None:
    page = run.page(path, 404)
    assert "Go to the overview" in page
    assert "<script>alert" not in page


def test_a_call_for_a_topic_that_is_not_there_is_told_so(run: Running) -> None:
    assert run.http.get("/v1/evidence", params={"topic": "nothing"}).status_code == 404


def test_the_questions_asked_of_the_store_do_not_grow_with_the_indicators(run: Running) -> None:
    reads, store = run.publisher.reads, run.publisher.service.store

    def both() -> int:
        seen.clear()
        store.read_now(lambda tx: evidence_views.topic(reads.snapshot(tx), "air"))
        store.read_now(lambda tx: strategic_views.live(reads.snapshot(tx)))
        return len(seen)

    with heard() as seen:
        both()  # what readers share is read
        before = both()
        many(run, 30)
        both()
        assert 0 < before == both()


def test_both_stores_are_asked_alike(store_url: str) -> None:
    with running(store_url, clock=FixedClock(TODAY)) as found:
        council(found)
        placed(found)
        (line,) = found.get("/v1/evidence", topic="air")["topics"][0]["indicators"]
        assert line["comparison"]["period"] == "2018-19"
        assert len(line["comparison"]["sentences"]) == 2
        groups = found.get("/v1/strategic")["groups"]
        quarters = groups[0]["indicators"][0]["quarters"]
        told = [each["figure"] and each["figure"]["text"] for each in quarters]
        assert told == [None, None, None, "81.3%", "66.7%"]
