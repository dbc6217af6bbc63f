"""A frozen quarter stays as it was reported, whatever comes after, and anybody can check it."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from services.publisher.store import frozen
from shared.contracts.topics import INDICATORS, RISKS
from shared.db.migrate import configuration, migrate
from shared.db.store import Store
from shared.db.tx import Tx
from shared.runtime.clock import SystemClock
from tests.integration.publisher_quarter import (
    COOKIE,
    CYCLE,
    HOSTILE,
    OFFICER,
    QUARTER,
    correct,
    cycle,
    freeze,
    later,
    quarter,
)
from tests.integration.publisher_service import Running, running

PAGE = f"/reports/{QUARTER}"


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Running]:
    with running(f"sqlite:///{tmp_path}/publisher.db") as found:
        quarter(found)
        yield found


def call(run: Running) -> Any:
    return run.get(f"/v1/reports/{QUARTER}")


def the_value(answer: Any, subject: str = "EP02/2019-20-Q2") -> Any:
    return next(each for each in answer["values"] if each["subject"] == subject)


def test_a_late_correction_moves_the_live_figure_and_never_the_frozen_one(run: Running) -> None:
    freeze(run)
    before = call(run)
    assert the_value(before)["since"] is None
    correct(run)
    after = call(run)
    reported = the_value(after)
    assert reported["data"]["value"] == "66.66666667"
    assert reported["text"].endswith("10 working days, July to September 2019: 66.7%, Red")
    assert reported["since"] == {
        "text": "Corrected since: 66.7% now 70.9% (4.2 percentage points higher)",
        "now": "70.9%",
        "difference": "4.23333333",
    }
    assert run.get("/v1/indicators/EP02")["value"]["data"]["value"] == "70.9"
    assert before["sha256"] == after["sha256"]
    assert before["values"][0]["data"] == after["values"][0]["data"]


def test_the_page_shows_the_report_with_what_moved_beside_it(run: Running) -> None:
    freeze(run, despite="The board meets today")
    correct(run)
    page = run.page(PAGE)
    assert "66.7%" in page
    assert "Corrected since: 66.7% now 70.9% (4.2 percentage points higher)" in page
    assert "Corrected since: £60 over budget now £100 over budget (£40.00 more)" in page
    assert "Since: 20 now 10 (high)" in page
    assert f", by {OFFICER}" in page
    assert "The board meets today" in page
    assert "Two officers left" in page
    assert HOSTILE not in page
    assert "&lt;script&gt;alert" in page
    assert call(run)["sha256"] in page
    assert "it matches" in page
    # What is not for everybody is in no report that everybody reads.
    assert "Is it the wards?" not in page


def test_the_strategic_page_reads_the_report_where_it_is_asked_to(run: Running) -> None:
    freeze(run)
    correct(run)
    live, reported = run.page("/strategic"), run.page(f"/strategic?report={QUARTER}")
    assert "70.9%" in live
    assert "66.7%" not in live
    assert f'href="/strategic?report={QUARTER}"' in live
    assert "<strong>66.7%</strong>" in reported
    assert 'href="/strategic"' in reported
    assert "data-subject" not in reported
    run.page("/strategic?report=2019-20-Q1", 404)
    run.page("/strategic?report=nonsense", 404)


def checked(whole: Any) -> str:
    """The hash of a report by its file alone, as a reader without this code works it out."""
    marks = []
    for entry in whole["entries"]:
        if "body" in entry:
            line = [entry["topic"], entry["subject"], entry["version"], entry["body"]]
            text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
            assert entry["mark"] == sha256(text.encode()).hexdigest(), entry["subject"]
        marks.append(entry["mark"])
    return sha256("".join(f"{mark}\n" for mark in marks).encode()).hexdigest()


def test_anybody_can_check_the_whole_report_by_its_file(run: Running) -> None:
    freeze(run)
    correct(run)
    answer = run.http.get(f"{PAGE}.json")
    assert "attachment" in answer.headers["content-disposition"]
    whole = answer.json()
    assert checked(whole) == whole["report"]["sha256"] == call(run)["sha256"]
    assert whole["report"]["intact"] is True
    listed = {(each.get("topic"), each.get("subject")): each for each in whole["entries"]}
    body = json.loads(listed[INDICATORS, "EP02/2019-20-Q2"]["body"])
    assert body["value"] == "66.66666667"
    assert (INDICATORS, "EP02/2019-20-Q2/ward=27") in listed
    assert ("irf.catalogue", "indicator/EP02") in listed
    assert len(whole["entries"]) == sum(whole["report"]["counts"].values())


def test_the_file_withholds_what_is_not_for_everybody_and_can_still_be_checked(
    run: Running,
) -> None:
    freeze(run)
    public = run.http.get(f"{PAGE}.json")
    private = run.http.get(f"{PAGE}.json", headers={"Cookie": COOKIE})
    assert "Is it the wards?" not in public.text
    assert "2019-10-09T09:00:00" not in public.text  # when the owner signed off
    assert "Priya" not in public.text
    assert "Two officers left" in public.text
    assert "Is it the wards?" in private.text
    assert "Priya" in private.text
    assert checked(public.json()) == checked(private.json()) == call(run)["sha256"]


def tamper(run: Running, sql: str) -> None:
    def work(tx: Tx) -> None:
        assert tx.connection.execute(sa.text(sql)).rowcount == 1

    run.publisher.service.store.write_now(work)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE frozen_entries SET body = CAST(REPLACE(CAST(body AS TEXT), '66.66666667', '96.6')"
        " AS BLOB) WHERE subject = 'EP02/2019-20-Q2'",
        "DELETE FROM frozen_entries WHERE subject = 'risk/R1'",
        "UPDATE frozen_entries SET version = 9 WHERE subject = 'challenge/C1'",
        "INSERT INTO frozen_entries SELECT period, topic, 'risk/R9', version, time, body"
        " FROM frozen_entries WHERE subject = 'risk/R1'",
        "UPDATE frozen_reports SET counts = '{}'",
    ],
    ids=["a figure", "a risk gone", "a version", "a risk more", "the counts"],
)
def test_a_copy_that_was_changed_is_noticed_wherever_it_is_read(run: Running, sql: str) -> None:
    freeze(run)
    assert call(run)["intact"] is True
    tamper(run, sql)
    assert call(run)["intact"] is False
    assert run.get(f"{PAGE}.json")["report"]["intact"] is False
    assert "no longer matches its hash" in run.page(PAGE)
    assert "no longer matches its hash" in run.page(f"/strategic?report={QUARTER}")


class HandClock(SystemClock):
    """The time as it is, and what is put on top."""

    more = timedelta()

    def now(self) -> datetime:
        return super().now() + self.more


def test_what_shows_figures_of_a_report_rests_on_a_check_of_the_last_minutes(
    tmp_path: Path,
) -> None:
    clock = HandClock()
    with running(f"sqlite:///{tmp_path}/publisher.db", clock=clock) as run:
        quarter(run)
        freeze(run)
        assert run.get("/v1/strategic", report=QUARTER)["intact"] is True
        tamper(run, "UPDATE frozen_entries SET version = 9 WHERE subject = 'challenge/C1'")
        assert run.get("/v1/strategic", report=QUARTER)["intact"] is True
        clock.more = timedelta(minutes=6)
        assert run.get("/v1/strategic", report=QUARTER)["intact"] is False
        # Another hash on record is another report, however lately that one was checked.
        tamper(run, "UPDATE frozen_entries SET version = 1 WHERE subject = 'challenge/C1'")
        assert call(run)["intact"] is True
        tamper(run, "UPDATE frozen_reports SET sha256 = 'planted'")
        assert run.get("/v1/strategic", report=QUARTER)["intact"] is False


def everything(run: Running) -> tuple[Any, Any]:
    store = run.publisher.service.store
    return store.read_now(lambda tx: (frozen.reports(tx), list(frozen.entries(tx, QUARTER))))


def test_a_second_freeze_changes_nothing(run: Running) -> None:
    freeze(run)
    first = everything(run)
    correct(run)
    freeze(run, later(2), late=0)
    run.say(RISKS, {CYCLE: None})
    freeze(run, later(3))
    assert everything(run) == first


def test_a_rebuild_leaves_the_report_alone(run: Running) -> None:
    freeze(run)
    first = everything(run)
    inbox = run.publisher.service.inbox
    assert inbox is not None
    store = run.publisher.service.store
    store.write_now(inbox.start_rebuild)
    store.write_now(inbox.finish_rebuild)  # the topics said nothing at all
    assert run.get("/v1/indicators")["indicators"] == []
    assert everything(run) == first
    page = run.page(PAGE)
    assert "Withdrawn since: it was 66.7%" in page
    assert "it matches" in page


def test_a_store_that_is_younger_than_the_freeze_takes_no_copy_and_says_so(run: Running) -> None:
    freeze(run, "2019-11-09T12:00:00+00:00")
    assert everything(run) == ([], [])
    page = run.page(PAGE)
    assert "holds no copy" in page
    assert "restored from a backup" in page
    assert "holds no copy" in run.page("/reports")
    assert "restored from a backup" in run.page(f"/strategic?report={QUARTER}", 404)
    answer = run.http.get(f"/v1/reports/{QUARTER}")
    assert answer.status_code == 404
    assert "restored from a backup" in answer.json()["detail"]
    assert run.get("/v1/reports")["reports"][0]["lost"] is True


def test_a_store_from_before_reports_counts_as_older_than_every_freeze(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/publisher.db"
    store = Store(url, "publisher")
    config = configuration("publisher")
    with store.writer_engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.execute(sa.text("INSERT INTO marks VALUES ('store-id', '0123abcd')"))
    migrate(store)
    store.close()
    with running(url) as run:
        quarter(run)
        freeze(run, "2019-11-09T12:00:00+00:00")
        assert call(run)["frozen_at"] == "2019-11-09T12:00:00.000+00:00"


def test_a_quarter_that_is_not_frozen_has_no_report_yet(run: Running) -> None:
    assert "is not frozen yet" in run.page(PAGE)
    assert "Directors sign off" in run.page("/reports")
    assert run.http.get(f"/v1/reports/{QUARTER}").status_code == 404
    assert run.http.get(f"{PAGE}.json").status_code == 404
    heads = run.get("/v1/reports")["reports"]
    assert heads == [
        {
            "period": QUARTER, "stage": "director sign-off", "text": "Directors sign off",
            "frozen_at": None, "taken_at": None, "cursor": None, "sha256": None, "counts": {},
            "lost": False,
        }
    ]  # fmt: skip
    run.page("/reports/2019-20", 404)
    run.page("/reports/2019-20-Q9.json", 404)


def test_what_belongs_to_another_year_or_quarter_is_not_copied(run: Running) -> None:
    other = {**cycle("open"), "period": "2019-20-Q1"}
    stranger = {
        "kind": "challenge", "reference": "C9", "period": "2019-20-Q1", "about": "indicator/EP02",
        "stage": "closed", "by": OFFICER, "at": "2019-07-01T09:00:00",
    }  # fmt: skip
    run.say(RISKS, {"cycle/2019-20-Q1": other, "challenge/C9": stranger})
    freeze(run)
    held = {entry.subject for entry in everything(run)[1]}
    assert {"challenge/C1", CYCLE, "risk/R1", "EP02/2019-20-Q1"} <= held
    assert "position/as-is/2019-20/general/directorate/place" in held
    # Spending of 2024/25, reminders, and what other quarters said.
    assert not any(each.startswith(("spend/", "control/", "reminder/")) for each in held)
    assert not held & {"challenge/C9", "cycle/2019-20-Q1"}
