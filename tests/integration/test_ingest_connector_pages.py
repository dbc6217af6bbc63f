"""What people and programs see of connectors: where each stands, its runs, and running one now."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.ingest_forms import OFFICER, OWNER, People, council, people
from tests.integration.publisher_service import eventually

SECRET = "kept elsewhere"
AWAY: dict[str, Any] = {
    "code": "away",
    "title": "The <planning> system",
    "dataset": "requests",
    "kind": "rest",
    "place": "https://planning.example/api",
    "credentials": "planning",
    "schedule": "daily at 05:30",
    "mode": "full",
    "calls": {"items": "data", "fields": {"ref": "id"}},
}
SENT = {**AWAY, "code": "sent", "title": "Sent", "kind": "webhook", "place": "", "mode": None,
        "schedule": "as it comes", "calls": None}  # fmt: skip


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[People]:
    monkeypatch.setenv("INGEST_SECRET_PLANNING", f'{{"token": "{SECRET}"}}')
    document = council() | {"connectors": [AWAY, SENT]}
    with people(f"sqlite:///{tmp_path / 'ingest.db'}", document) as found:
        yield found


def first_run(at: People) -> dict[str, Any]:
    """The first run of the connector, once it has ended. As time flies here, it is soon tried
    again."""

    def ended() -> list[dict[str, Any]]:
        found = at.ingest.client.get("/v1/connectors/away/runs").json()["runs"]
        return found[-1:] if found and found[-1]["ended"] else []

    [found] = eventually(ended)
    return dict(found)


def test_a_run_by_hand_is_told_with_who_ran_it_and_why_it_failed(at: People) -> None:
    assert "Never" in at.get("/connectors", OWNER).text
    assert at.send("/connectors/away", OFFICER, {}).to == "/connectors/away"
    run = first_run(at)
    assert (run["outcome"], run["by"]) == ("failed", "Performance and insight manager")
    assert "INGEST_REACH" in run["reason"]
    page = at.get("/connectors/away", OWNER).text
    assert "The &lt;planning&gt; system" in page
    assert re.search(r"It failed \d+ times? in a row", page)
    assert "Run now" not in page  # An owner reads; officers run.
    assert "Run now" in at.get("/connectors/away", OFFICER).text
    shown = at.get(f"/runs/{run['id']}", OWNER)
    assert shown.status == 200
    assert "Failed" in shown.text
    everything = page + shown.text + at.ingest.client.get("/v1/connectors").text
    assert SECRET not in everything


def test_the_calls_tell_where_each_stands(at: People) -> None:
    answer = at.ingest.client.post("/v1/connectors/away/runs")
    assert answer.status_code == 202
    first_run(at)
    told = at.ingest.client.get("/v1/connectors").json()["connectors"]
    listed = {each["code"]: each for each in told}
    assert listed["away"]["failures"] >= 1
    assert listed["away"]["last_run"]["outcome"] == "failed"
    assert listed["sent"]["last_run"] is None
    page = at.ingest.client.get("/v1/connectors/away/runs", params={"limit": 1}).json()
    assert page["next"] == page["runs"][0]["started"]
    rest = at.ingest.client.get("/v1/connectors/away/runs", params={"before": page["next"]})
    assert rest.json()["runs"] == []


def test_who_may_not_and_what_is_not_there_are_told(at: People) -> None:
    assert at.get("/connectors").status == 403
    assert at.send("/connectors/away", OWNER, {}).status == 403
    elsewhere = {"Origin": "https://x.example"}
    assert at.send("/connectors/away", OFFICER, {}, headers=elsewhere).status == 403
    assert at.get("/connectors/none", OWNER).status == 404
    assert at.get("/runs/none", OWNER).status == 404
    assert at.send("/connectors/sent", OFFICER, {}).status == 409
    assert at.ingest.client.get("/v1/connectors/none/runs").status_code == 404
    assert at.ingest.client.post("/v1/connectors/none/runs").status_code == 404
    assert at.ingest.client.post("/v1/connectors/sent/runs").status_code == 409
    assert at.ingest.client.get("/v1/connectors/away/runs", params={"limit": 0}).status_code == 422
