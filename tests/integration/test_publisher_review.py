"""Commentary is for everybody; challenges, queries, sign-offs and reminders are for people who are
signed in, on pages, in calls and in the stream."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.contracts import subjects
from shared.contracts.topics import INDICATORS, RISKS
from tests.integration.publisher_quarter import (
    ABOUT,
    CHALLENGE,
    COOKIE,
    CYCLE,
    DIRECTOR,
    HOSTILE,
    OWNER,
    QUARTER,
    REMINDER,
    REVIEW,
    challenge,
    cycle,
    quarter,
    review,
    voice,
)
from tests.integration.publisher_sample import Q2, value
from tests.integration.publisher_service import Listener, Running, eventually, running

SECRET = "Is it the wards?"
SIGNED_IN = {"Cookie": COOKIE}
QUERY = {"by": OWNER, "at": "2019-10-11T09:00:00", "reason": "Ward 27 looks wrong"}


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Running]:
    with running(f"sqlite:///{tmp_path}/publisher.db", ping_seconds=0.2) as found:
        quarter(found)
        # So that streams tell of what comes from here on, and of nothing before.
        cursor = int(found.get("/v1/indicators")["cursor"].rpartition("-")[2])
        eventually(lambda: found.publisher.feed.position >= cursor)
        yield found
        found.hang_up()


def read(run: Running, path: str, cookie: str = COOKIE) -> str:
    """A page as somebody who is signed in sees it."""
    answer = run.http.get(path, headers={"Cookie": cookie})
    assert answer.status_code == 200, answer.text[:500]
    return str(answer.text)


def test_commentary_is_for_everybody_and_the_rest_is_not(run: Running) -> None:
    run.say(RISKS, {REVIEW: review(query=QUERY)})
    page = run.page("/indicators/EP02")
    assert "Commentary for July to September 2019" in page
    for text in ("Two officers left", "Two are hired", f"{OWNER}, 8 October 2019 at 10:00am"):
        assert text in page
    for text in (SECRET, "Under query", "Ward 27 looks wrong", "Signed off by", "/review/2019"):
        assert text not in page
    seen = read(run, "/indicators/EP02")
    for text in (SECRET, "Under query", "Ward 27 looks wrong", f"Signed off by {OWNER}"):
        assert text in seen
    assert "Waits for the director’s sign-off" in seen
    assert "30 October 2019: late" in seen


@pytest.mark.parametrize("cookie", ["irf_persona=nobody", "irf_persona=", "other=director-place"])
def test_a_cookie_that_names_nobody_signs_nobody_in(run: Running, cookie: str) -> None:
    assert SECRET not in read(run, "/indicators/EP02", cookie)


def test_what_people_wrote_stands_as_text(run: Running) -> None:
    seen = read(run, "/indicators/EP02")
    assert HOSTILE not in seen
    assert seen.count("&lt;script&gt;alert(&#39;said&#39;)&lt;/script&gt;") == 2


def test_forms_are_at_the_next_port_and_told_where_to_come_back_to(run: Running) -> None:
    seen = read(run, "/indicators/EP02?kind=quarter")
    host, _, port = run.address.rpartition(":")
    assert f'href="{host}:{int(port) + 1}/review/{QUARTER}/{ABOUT}?back=' in seen
    assert "%2Findicators%2FEP02%3Fkind%3Dquarter" in seen
    strange = run.http.get("/cycle", headers={"Host": '"><script>x'})
    assert "<script>x" not in strange.text


def test_who_is_signed_in_is_led_to_their_returns(run: Running) -> None:
    forms = f"{run.address.rpartition(':')[0]}:{int(run.address.rpartition(':')[2]) + 1}"
    assert f'href="{forms}/returns"' in read(run, "/cycle")
    assert "My returns" not in read(run, "/cycle", "irf_persona=nobody")


def test_forms_are_told_what_only_the_figures_know(run: Running) -> None:
    """The value that a sign-off answers for, and what a quarter lacks for a freeze."""
    forms = f"{run.address.rpartition(':')[0]}:{int(run.address.rpartition(':')[2]) + 1}"
    (link,) = re.findall(rf'href="({forms}/review/[^"]+)"', read(run, "/indicators/EP02"))
    assert parse_qs(urlsplit(unescape(link)).query)["value"] == ["66.66666667"]
    (link,) = re.findall(rf'href="({forms}/cycle/[^"]+)"', read(run, f"/cycle/{QUARTER}"))
    assert "for a director’s sign-off" in parse_qs(urlsplit(unescape(link)).query)["missing"][0]


def test_a_risk_and_a_services_money_are_spoken_of_on_their_own_pages(run: Running) -> None:
    risk = next(iter(run.get("/v1/risks")["risks"]))["data"]["reference"]
    about = f"risk/{risk}"
    said = review(about=about, subject=subjects.risk(risk), voices={"Owner": voice("It grows")})
    run.say(RISKS, {subjects.review(QUARTER, about): said})
    assert "It grows" in run.page(f"/risks/{risk}")
    seen = read(run, f"/risks/{risk}")
    assert "/review?back=" in seen
    assert f"/review/{QUARTER}/{about}?back=" in seen


def test_forms_are_where_a_setting_says(tmp_path: Path) -> None:
    forms = "https://forms.example.gov.uk"
    with running(f"sqlite:///{tmp_path}/publisher.db", forms=forms) as run:
        quarter(run)
        assert f'href="{forms}/review/{QUARTER}/{ABOUT}?back=' in read(run, "/indicators/EP02")
        assert f'href="{forms}/cycle/{QUARTER}?back=' in read(run, f"/cycle/{QUARTER}")


def test_earlier_texts_of_a_voice_are_kept_with_who_said_them_and_when(run: Running) -> None:
    again = voice("Three officers left", when="2019-10-12T08:00:00")
    spoken = {"Owner": again, "Director": voice("I agree", DIRECTOR, "2019-10-12T09:00:00")}
    run.say(RISKS, {REVIEW: review(voices=spoken)})
    run.say(RISKS, {REVIEW: review(voices=spoken, stage="signed off")})
    page = run.page("/indicators/EP02")
    now, _, earlier = page.partition("Earlier texts for July to September 2019")
    assert "Three officers left" in now
    assert "I agree" in now
    assert "Two officers left" not in now
    assert earlier.count("Two officers left") == 1
    told = run.get(f"/v1/reviews/{QUARTER}/{ABOUT}")["commentary"]
    assert [(each["voice"], each["what_happened"], each["now"]) for each in told] == [
        ("Director", "I agree", True),
        ("Owner", "Three officers left", True),
        ("Owner", "Two officers left", False),
    ]


def test_the_page_of_a_cycle_says_who_is_late_and_what_is_missing(run: Running) -> None:
    seen = read(run, f"/cycle/{QUARTER}")
    for text in (
        "1 figure waits for a director’s sign-off",
        "1 challenge is not closed",
        "Who is late",
        "Environmental health",
        "Answer a challenge",
        "17 October 2019: late",
        SECRET,
        "66.7%",
    ):
        assert text in seen, text
    assert "Figures under review" in read(run, f"/cycle/{QUARTER}")
    page = run.page(f"/cycle/{QUARTER}")
    assert "Directors sign off" in page
    assert "Due 30 October 2019" in page
    for text in (SECRET, "Who is late</h2>", "Answer a challenge", "Reminders", ": late"):
        assert text not in page, text
    assert "1 of 1" in read(run, "/cycle")
    assert "1 of 1" not in run.page("/cycle")
    run.page("/cycle/2019-20", 404)
    assert "Open: nobody collects yet" in run.page("/cycle/2025-26-Q1")


def test_calls_tell_no_more_than_pages(run: Running) -> None:
    refused = run.http.get("/v1/challenges")
    assert refused.status_code == 403
    assert SECRET not in refused.text
    told = run.http.get("/v1/challenges", headers=SIGNED_IN)
    assert told.headers["cache-control"] == "no-store"
    assert [each["data"]["reference"] for each in told.json()["challenges"]] == ["C1"]
    assert (
        run.http.get(
            "/v1/challenges", params={"about": "indicator/EP01"}, headers=SIGNED_IN
        ).json()["challenges"]
        == []
    )
    mine = f"/v1/reviews/{QUARTER}/{ABOUT}"
    assert run.get(mine)["review"] is None
    assert run.http.get(mine, headers=SIGNED_IN).json()["review"]["data"]["waits_for"] == DIRECTOR
    public = run.get(f"/v1/cycles/{QUARTER}")
    assert (public["stage"], public["cycle"], public["reminders"], public["missing"]) == (
        "director sign-off", None, [], [],
    )  # fmt: skip
    whole = run.http.get(f"/v1/cycles/{QUARTER}", headers=SIGNED_IN).json()
    assert whole["missing"] == [
        "1 figure waits for a director’s sign-off",
        "1 challenge is not closed",
    ]
    assert whole["cycle"]["data"]["late"] == 1
    assert [each["data"]["who"] for each in whole["reminders"]] == [OWNER]
    for wrong in ("indicator/NOPE", "nonsense", "risk/R1"):
        assert run.http.get(f"/v1/reviews/{QUARTER}/{wrong}").status_code == 404


def until_the_end(listener: Listener) -> list[dict[str, Any]]:
    """The events up to the figure that is said last."""
    found = []
    for event in listener.events():
        found.append(event["data"])
        if event["data"]["subject"] == "EP01/2019-20-Q2":
            return found
    raise AssertionError("the stream ended")


def move_everything(run: Running) -> None:
    answered = {
        "does": "Answer", "by": OWNER, "at": "2019-10-14T09:00:00",
        "text": "Another secret", "record": "challenge-steps/C1-2",
    }  # fmt: skip
    run.say(RISKS, {REVIEW: review(query=QUERY)})
    run.say(RISKS, {CHALLENGE: challenge(answered, stage="answered")})
    run.say(RISKS, {CYCLE: cycle("director sign-off", late=7), REMINDER: None})
    run.say(INDICATORS, {"EP01/2019-20-Q2": value("EP01", Q2, "1052", unit="count")})


@pytest.mark.parametrize("resumed", [False, True])
def test_the_stream_tells_whoever_is_not_signed_in_of_commentary_and_stages_alone(
    run: Running, resumed: bool
) -> None:
    cursor = run.get("/v1/indicators")["cursor"]
    if not resumed:
        public, private = run.listen("", cursor), run.listen("", cursor, COOKIE)
    move_everything(run)
    if resumed:
        public, private = run.listen("", cursor), run.listen("", cursor, COOKIE)
    told = {each["subject"]: each for each in until_the_end(public)}
    assert set(told) == {REVIEW, CYCLE, "EP01/2019-20-Q2"}
    assert set(told[REVIEW]["data"]) == {"kind", "period", "about", "topic", "subject", "voices"}
    assert told[CYCLE]["data"] == {
        "kind": "cycle", "period": QUARTER, "stage": "director sign-off",
    }  # fmt: skip
    assert told[CYCLE]["display"]["stage_word"] == "Directors sign off"
    whole = {each["subject"]: each for each in until_the_end(private)}
    assert set(whole) == {REVIEW, CYCLE, CHALLENGE, REMINDER, "EP01/2019-20-Q2"}
    assert whole[CHALLENGE]["display"]["stage_word"] == "Answered: waits for whoever raised it"
    assert whole[REVIEW]["data"]["query"] == QUERY
    assert whole[CYCLE]["display"]["late"] == "7"


def test_the_page_of_an_indicator_hears_of_its_own_review(run: Running) -> None:
    cursor = run.get("/v1/indicators")["cursor"]
    mine = run.listen("kinds=indicators,risks&indicator=EP02", cursor)
    run.say(
        RISKS, {"risk/R1": None, "review/2019-20-Q2/indicator/EP01": review(about="indicator/EP01")}
    )
    run.say(RISKS, {REVIEW: review(stage="signed off")})
    assert next(mine.events())["data"]["subject"] == REVIEW


def test_a_review_that_cannot_be_read_tells_nothing_to_whoever_is_not_signed_in(
    run: Running,
) -> None:
    public = run.listen("", run.get("/v1/indicators")["cursor"])
    run.say(RISKS, {REVIEW: {"kind": "review", "query": QUERY}})
    run.say(INDICATORS, {"EP01/2019-20-Q2": value("EP01", Q2, "1052", unit="count")})
    assert [each["subject"] for each in until_the_end(public)] == ["EP01/2019-20-Q2"]
