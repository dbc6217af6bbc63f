"""What people write through the forms, who may, and what becomes of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.ingest_forms import (
    ABOUT,
    ADDRESS,
    CABINET,
    COMMENTARY,
    DIRECTOR,
    FINANCE,
    OFFICER,
    OWNER,
    QUARTER,
    People,
    council,
    people,
)

REVIEW = f"/review/{QUARTER}/{ABOUT}"
CYCLE = f"/cycle/{QUARTER}"
POST = "Head of adult social care operations"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[People]:
    with people(f"sqlite:///{tmp_path / 'ingest.db'}") as started:
        yield started


@pytest.fixture
def collecting(door: People) -> People:
    door.collect()
    return door


# Who acts.


def test_the_page_offers_the_councils_people_and_remembers_the_choice(door: People) -> None:
    shown = door.get("/who")
    assert "Helen Oakes, Head of adult social care operations" in shown.text
    chosen = door.send("/who", "", {"person": OWNER, "back": "/risks"})
    assert (chosen.status, chosen.to) == (303, "http://127.0.0.1:8000/risks")
    assert "Acting as Helen Oakes" in door.get("/who", OWNER).text


@pytest.mark.parametrize("path", [REVIEW, CYCLE, "/risks/R1/review", "/actions/A1/progress"])
def test_who_has_not_said_who_they_are_gets_no_form_and_is_told_so(
    collecting: People, path: str
) -> None:
    before = collecting.records()
    assert "not said who you act as" in collecting.get(path).text
    for answer in (collecting.get(path), collecting.send(path, "", {"does": "comment"})):
        assert answer.status == 403
        assert 'href="/who"' in answer.text
    assert collecting.records() == before


def test_a_council_that_is_no_sample_has_no_personas(tmp_path: Path) -> None:
    with people(f"sqlite:///{tmp_path / 'real.db'}", council(sample=False)) as real:
        assert "Nobody can sign in here" in real.get("/who").text
        for answer in (real.get(CYCLE, OFFICER), real.send(CYCLE, OFFICER, {"does": "step"})):
            assert answer.status == 403
            assert "Nobody can sign in here" in answer.text


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://evil.example"}, {"Origin": "http://127.0.0.1:8000"},
                {"Origin": ADDRESS, "Sec-Fetch-Site": "cross-site"}],
)  # fmt: skip
def test_a_form_from_elsewhere_is_refused(collecting: People, headers: dict[str, str]) -> None:
    form = collecting.get(REVIEW, OWNER).forms["comment-owner"]
    sent = collecting.send(REVIEW, OWNER, form, headers, what_happened="Said by somebody else")
    assert sent.status == 403
    assert "another site" in sent.text
    assert collecting.of("commentary") == []


# Commentary.


def test_commentary_becomes_a_record_with_who_and_when(collecting: People) -> None:
    sent = collecting.do(
        REVIEW, OWNER, "comment-owner", what_happened="More asked.\r\nMany more.", why="Cold",
        by="Somebody else", at="2001-01-01T00:00:00", period="1999-00-Q1",
    )  # fmt: skip
    assert sent.status == 303
    assert collecting.records()[COMMENTARY] == {
        "period": QUARTER,
        "about": ABOUT,
        "voice": "Owner",
        "what_happened": "More asked.\nMany more.",
        "why": "Cold",
        "what_next": None,
        "by": POST,
        # The door's clock, written as the time in London.
        "at": collecting.records()[COMMENTARY]["at"],
    }
    assert collecting.records()[COMMENTARY]["at"].startswith("2026-10-12T10:00:")
    receipt = collecting.get(sent.to, OWNER)
    assert receipt.status == 200
    batch = sent.to.rpartition("/")[2]
    told = collecting.ingest.client.get(f"/v1/batches/{batch}").json()
    assert (told["accepted"], told["detail"]) == (1, {"form": POST})


def test_each_voice_is_its_own_and_only_its_own(collecting: People) -> None:
    for persona, voice in ((OWNER, "owner"), (DIRECTOR, "director"), (CABINET, "cabinet")):
        forms = collecting.get(REVIEW, persona).forms
        assert [name for name in forms if name.startswith("comment")] == [f"comment-{voice}"]
        sent = collecting.do(REVIEW, persona, f"comment-{voice}", what_happened=f"By {voice}")
        assert sent.status == 303
    assert {each["voice"]: each["what_happened"] for each in collecting.of("commentary")} == {
        "Owner": "By owner",
        "Director": "By director",
        "Cabinet member": "By cabinet",
    }
    shown = collecting.get(REVIEW, OFFICER)
    assert all(f"By {voice}" in shown.text for voice in ("owner", "director", "cabinet"))


@pytest.mark.parametrize(
    ("persona", "voice"),
    [(OWNER, "Director"), (DIRECTOR, "Owner"), ("owner-waste", "Owner"), ("publisher", "Owner"),
     ("director-place", "Director"), (FINANCE, "Owner"), (OWNER, "Mayor")],
)  # fmt: skip
def test_a_voice_that_is_somebody_elses_is_refused_and_the_text_is_shown_again(
    collecting: People, persona: str, voice: str
) -> None:
    form = {"does": "comment", "form": "comment-owner", "voice": voice, "version": "0"}
    sent = collecting.send(REVIEW, persona, form, what_happened="A long and careful text")
    assert sent.status == 403
    assert "A long and careful text" in sent.text
    assert collecting.of("commentary") == []


def test_what_breaks_the_contract_is_named_and_nothing_typed_is_lost(collecting: People) -> None:
    sent = collecting.do(
        REVIEW, OWNER, "comment-owner", what_happened="", why="x" * 4001, what_next="By \x07 May"
    )
    assert sent.status == 422
    assert "What happened must have a value" in sent.text
    sent = collecting.do(
        REVIEW, OWNER, "comment-owner", what_happened="y", why="x" * 4001, what_next="By \x07 May"
    )
    assert sent.status == 422
    assert "There is a problem" in sent.text
    assert '<a href="#comment-owner-why">' in sent.text
    assert "4,001 characters" in sent.text
    assert "control character" in sent.text
    assert sent.forms["comment-owner"]["why"] == "x" * 4001
    assert sent.forms["comment-owner"]["what_happened"] == "y"
    assert collecting.of("commentary") == []


def test_what_people_write_is_shown_as_text(collecting: People) -> None:
    nasty = "<script>alert(1)</script>\"'</textarea><b>{{ 7*7 }}"
    assert collecting.do(REVIEW, OWNER, "comment-owner", what_happened=nasty).status == 303
    shown = collecting.get(REVIEW, OWNER)
    assert "<script>alert" not in shown.text
    assert "</textarea><b>" not in shown.text
    assert shown.forms["comment-owner"]["what_happened"] == nasty


def test_two_who_write_at_once_lose_nothing(collecting: People) -> None:
    mine = collecting.get(REVIEW, OWNER).forms["comment-owner"]
    theirs = collecting.get(REVIEW, OWNER).forms["comment-owner"]
    assert collecting.send(REVIEW, OWNER, theirs, what_happened="Theirs", why="T").status == 303
    clash = collecting.send(REVIEW, OWNER, mine, what_happened="Mine", why="M")
    assert clash.status == 409
    assert "Theirs" in clash.text
    assert f"{POST} wrote the newer text" in clash.text
    assert clash.forms["comment-owner"]["what_happened"] == "Mine"
    assert collecting.records()[COMMENTARY]["what_happened"] == "Theirs"
    # Looked at and sent again, mine stands on top of theirs.
    assert collecting.send(REVIEW, OWNER, clash.forms["comment-owner"]).status == 303
    assert collecting.records()[COMMENTARY]["what_happened"] == "Mine"


def test_a_form_sent_twice_counts_once(collecting: People) -> None:
    form = collecting.get(REVIEW, DIRECTOR).forms["raise"]
    first = collecting.send(REVIEW, DIRECTOR, form, text="Is this right?")
    again = collecting.send(REVIEW, DIRECTOR, form, text="Is this right?")
    assert (first.status, again.status) == (303, 303)
    assert first.to == again.to
    assert len(collecting.of("challenges")) == 1
    other = collecting.send(REVIEW, DIRECTOR, form, text="Something else")
    assert other.status == 409
    assert other.forms["raise"]["text"] == "Something else"
    assert len(collecting.of("challenges")) == 1
    assert collecting.send(REVIEW, DIRECTOR, other.forms["raise"]).status == 303
    assert len(collecting.of("challenges")) == 2


def test_personal_identifiers_are_named_and_only_kept_once_confirmed(collecting: People) -> None:
    text = "Ring Mrs Oakes on 020 7946 0018"
    warned = collecting.do(REVIEW, OWNER, "comment-owner", what_happened=text)
    assert warned.status == 422
    assert "telephone number" in warned.text
    assert collecting.of("commentary") == []
    form = warned.forms["comment-owner"]
    assert form["what_happened"] == text
    # What was confirmed was the telephone number, and nothing that is added to it.
    more = collecting.send(
        REVIEW, OWNER, form, confirmed="telephone number", why="or on mrs.oakes@example.org"
    )
    assert more.status == 422
    assert "e-mail address" in more.text
    assert collecting.send(REVIEW, OWNER, form, confirmed="telephone number").status == 303
    assert collecting.records()[COMMENTARY]["what_happened"] == text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/review/{QUARTER}/indicator/NONE", 404),
        (f"/review/2026-27/{ABOUT}", 404),
        (f"/review/{QUARTER}/position/nowhere/adult-social-care", 404),
        (f"/review/{QUARTER}/risk/none", 404),
        (f"/review/{QUARTER}/risk/{'9' * 400}", 404),
        (f"/review/{QUARTER}/{'x' * 2000}", 404),
        ("/risks/none/review", 404),
        ("/actions/none/progress", 404),
        ("/cycle/never", 404),
        ("/received/never", 404),
    ],
)
def test_what_is_not_there_is_said_on_a_page(collecting: People, path: str, status: int) -> None:
    shown = collecting.get(path, OFFICER)
    assert shown.status == status
    assert "<h1" in shown.text


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x=1",
             "javascript:alert(1)", "", "/" + "a" * 600],
)  # fmt: skip
def test_nobody_is_led_to_another_site(collecting: People, back: str) -> None:
    sent = collecting.do(REVIEW, OWNER, "comment-owner", what_happened="Text", back=back)
    assert sent.status == 303
    assert sent.to.startswith("/received/")


@pytest.mark.parametrize(
    ("back", "to"),
    [("/risks/WA 1?x=é", "/risks/WA%201?x=%C3%A9"), ("/risks/WA%201?a=b&c=d", None), ("/", None)],
)
def test_the_way_back_is_any_path_of_the_publisher(
    collecting: People, back: str, to: str | None
) -> None:
    sent = collecting.do(REVIEW, OWNER, "comment-owner", what_happened="Text", back=back)
    assert (sent.status, sent.to) == (303, f"http://127.0.0.1:8000{to or back}")


def test_the_front_door_leads_to_the_figures(door: People) -> None:
    assert door.get("/").to == "http://127.0.0.1:8000/"


def test_the_publishers_address_can_be_set(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'set.db'}"
    with people(url, publisher="https://figures.example/") as door:
        door.collect()
        sent = door.do(REVIEW, OWNER, "comment-owner", what_happened="Text", back="/strategic")
        assert sent.to == "https://figures.example/strategic"


def test_an_oversized_form_is_refused(collecting: People) -> None:
    form = collecting.get(REVIEW, OWNER).forms["comment-owner"]
    assert collecting.send(REVIEW, OWNER, form, what_happened="x" * 70_000).status == 413
    many = {f"field{number}": "x" for number in range(400)}
    assert collecting.send(REVIEW, OWNER, {**form, **many}).status == 400
    assert collecting.of("commentary") == []


# Challenges.


def test_a_challenge_is_raised_answered_closed_and_reopened(collecting: People) -> None:
    assert collecting.do(REVIEW, DIRECTOR, "raise", text="Why so many?").status == 303
    [raised] = collecting.of("challenges")
    reference = raised["challenge"]
    assert (raised["does"], raised["by"]) == ("Raise", "Director of adults")
    assert (raised["about"], raised["period"]) == (ABOUT, QUARTER)
    # The challenger does not answer, and somebody else does not close.
    assert f"answer-{reference}" not in collecting.get(REVIEW, DIRECTOR).forms
    assert f"close-{reference}" not in collecting.get(REVIEW, OWNER).forms
    by_hand = {"does": "close", "challenge": reference, "text": "Enough"}
    refused = collecting.send(REVIEW, OWNER, by_hand)
    assert refused.status == 409
    assert "Only who challenges can close it." in refused.text
    for persona, does in (
        (OWNER, "answer"), (DIRECTOR, "close"), (DIRECTOR, "reopen"), (OWNER, "answer"),
    ):  # fmt: skip
        sent = collecting.do(REVIEW, persona, f"{does}-{reference}", text=f"Now {does}")
        assert sent.status == 303, sent.text
    assert [each["does"] for each in collecting.of("challenges")] == [
        "Raise", "Answer", "Close", "Reopen", "Answer",
    ]  # fmt: skip
    shown = collecting.get(REVIEW, CABINET)
    assert "Why so many?" in shown.text
    assert "answered" in shown.text


def test_of_two_answers_at_once_one_counts_and_the_other_is_told(collecting: People) -> None:
    collecting.do(REVIEW, DIRECTOR, "raise", text="Why?")
    reference = collecting.of("challenges")[0]["challenge"]
    name = f"answer-{reference}"
    one, other = (collecting.get(REVIEW, OWNER).forms[name] for _ in range(2))
    assert collecting.send(REVIEW, OWNER, one, text="Because").status == 303
    late = collecting.send(REVIEW, OWNER, other, text="My own careful answer")
    assert late.status == 409
    assert "It is answered, and not open for an answer." in late.text
    assert "My own careful answer" in late.text
    assert len(collecting.of("challenges")) == 2


def test_a_challenge_of_something_else_is_not_answered_here(collecting: People) -> None:
    collecting.do(REVIEW, DIRECTOR, "raise", text="Why?")
    reference = collecting.of("challenges")[0]["challenge"]
    elsewhere = f"/review/{QUARTER}/position/general/adult-social-care"
    form = {"does": "answer", "challenge": reference, "text": "Because"}
    assert collecting.send(elsewhere, OWNER, form).status == 409
    assert len(collecting.of("challenges")) == 1


def test_an_owner_does_not_challenge(collecting: People) -> None:
    assert "raise" not in collecting.get(REVIEW, OWNER).forms
    assert collecting.send(REVIEW, OWNER, {"does": "raise", "text": "?"}).status == 403


# Signing off and queries.


def test_a_director_signs_after_the_owner_and_either_takes_it_back(collecting: People) -> None:
    by_hand = {"does": "sign", "level": "Director", "value": "12"}
    early = collecting.send(REVIEW, DIRECTOR, by_hand)
    assert early.status == 409
    assert "The owner has not signed it off." in early.text
    shown = collecting.get(REVIEW, OWNER, value="12").forms
    # A form that is shown again still knows the figure that was looked at.
    refused = collecting.send(REVIEW, OWNER, shown["comment-owner"])
    assert refused.status == 422
    form = refused.forms["sign-owner"]
    assert form["value"] == "12"
    assert collecting.send(REVIEW, OWNER, form).status == 303
    assert collecting.send(REVIEW, DIRECTOR, by_hand).status == 303
    said = collecting.of("sign-offs")
    assert [(each["level"], each["status"], each["value"]) for each in said] == [
        ("Director", "Signed", "12"),
        ("Owner", "Signed", "12"),
    ]  # fmt: skip
    assert collecting.do(REVIEW, OWNER, "withdraw-owner").status == 303
    assert [each["status"] for each in collecting.of("sign-offs")] == ["Signed", "Withdrawn"]
    again = collecting.send(REVIEW, OWNER, {"does": "withdraw", "level": "Owner"})
    assert again.status == 409
    assert collecting.send(REVIEW, OWNER, {"does": "sign", "level": "Director"}).status == 403


def test_nothing_is_signed_while_it_is_under_query(collecting: People) -> None:
    assert collecting.do(REVIEW, OWNER, "query").status == 422
    assert collecting.do(REVIEW, OWNER, "query", reason="A site is missing").status == 303
    assert "query" not in collecting.get(REVIEW, OWNER).forms
    refused = collecting.do(REVIEW, OWNER, "sign-owner")
    assert refused.status == 409
    assert "The figure is under query." in refused.text
    assert collecting.send(REVIEW, OFFICER, {"does": "query", "reason": "x"}).status == 409
    assert collecting.send(REVIEW, CABINET, {"does": "resolve"}).status == 403
    assert collecting.do(REVIEW, OFFICER, "resolve", reason="It came").status == 303
    [query] = collecting.of("data-queries")
    assert (query["status"], query["by"]) == ("Resolved", "Performance and insight manager")
    assert collecting.do(REVIEW, OWNER, "sign-owner").status == 303


def test_a_finance_officer_answers_for_a_position(collecting: People) -> None:
    path = f"/review/{QUARTER}/position/general/adult-social-care"
    assert collecting.do(path, FINANCE, "comment-owner", what_happened="Late").status == 303
    [said] = collecting.of("commentary")
    assert (said["about"], said["by"]) == (
        "position/general/adult-social-care",
        "Chief accountant",
    )
