"""Search finds what people mean by the words they type, and says what it took them for."""

import pytest

from services.publisher.domain.searching import (
    EXCERPT,
    MOST_WORDS,
    Doc,
    Found,
    Index,
    Piece,
    stem,
)

WASTE = Doc(
    "indicator", "WS01", "Household waste recycled", "/indicators/WS01", "Head of waste",
    "Waste services", ["The share of household waste sent to be recycled or composted."],
)  # fmt: skip
BINS = Doc(
    "indicator", "WS02", "Missed bins", "/indicators/WS02", "Head of waste", "Waste services",
    ["Collections that were missed, of 100,000."],
)  # fmt: skip
SERVICE = Doc("service", "waste", "Waste services", "/services/waste")
RISK = Doc("risk", "R-12", "Recycling contractor fails", "/risks/R-12", "Director of place")
SAID = Doc(
    "commentary", "", "Missed bins", "/indicators/WS02", "Sam", "July to September 2026",
    ["Two crews were off sick.", "A third café crew was hired for the collections."],
)  # fmt: skip
INDEX = Index([BINS, SAID, RISK, SERVICE, WASTE])


def titles(found: Found) -> list[str]:
    return [hit.doc.title for hit in found.hits]


def test_a_word_in_a_title_outweighs_the_same_word_elsewhere() -> None:
    assert titles(INDEX.find("bins")) == ["Missed bins", "Missed bins"]
    assert titles(INDEX.find("waste")) == [
        "Waste services",
        "Household waste recycled",
        "Missed bins",
    ]


def test_a_whole_code_comes_first_whatever_its_letters() -> None:
    assert titles(INDEX.find("ws02"))[0] == "Missed bins"
    assert titles(INDEX.find(" r-12 "))[0] == "Recycling contractor fails"


@pytest.mark.parametrize("typed", ["cafe", "CAFÉ", "collection", "collections", "Sam"])
def test_capitals_accents_and_plurals_make_no_difference(typed: str) -> None:
    assert SAID in [hit.doc for hit in INDEX.find(typed).hits]


def test_what_begins_with_a_word_is_found_behind_the_word_itself() -> None:
    found = INDEX.find("recycl")
    assert {"Household waste recycled", "Recycling contractor fails"} == set(titles(found))


@pytest.mark.parametrize(
    ("typed", "taken"),
    [("contracter", "contractor"), ("houshold", "household"), ("mised", "missed")],
)
def test_a_misspelled_word_is_taken_for_the_nearest_and_that_is_told(
    typed: str, taken: str
) -> None:
    found = INDEX.find(typed)
    assert found.hits
    assert found.taken == {typed: taken}


def test_a_part_of_a_word_is_found_where_nothing_is_nearer() -> None:
    assert "Recycling contractor fails" in titles(INDEX.find("tracto"))
    assert INDEX.find("tracto").taken == {}


def test_all_words_are_wanted_and_some_are_shown_only_where_nothing_has_all() -> None:
    both = INDEX.find("missed crew")
    assert titles(both) == ["Missed bins"]
    assert not both.some
    apart = INDEX.find("contractor sick")
    assert apart.some
    assert set(titles(apart)) == {"Recycling contractor fails", "Missed bins"}


def test_small_words_do_not_count_beside_others() -> None:
    assert titles(INDEX.find("what is the household waste")) == ["Household waste recycled"]
    assert set(titles(INDEX.find("of"))) == {
        "Household waste recycled", "Missed bins", "Recycling contractor fails",
    }  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "%", "'; DROP TABLE held; --", "<script>alert(1)</script>", '"', "NEAR(a b)", "*",
     "\x00", "x" * 5000, "zz " * 500, "–", "🗑️"],
)  # fmt: skip
def test_nothing_that_is_typed_is_wrong(typed: str) -> None:
    found = INDEX.find(typed)
    assert len(found.asked) <= 200
    assert len(found.taken) <= MOST_WORDS
    assert "".join(piece.text for piece in found.marked(typed)) == typed


def test_groups_are_in_one_order_with_the_best_first() -> None:
    assert list(INDEX.find("waste").groups()) == ["indicator", "service"]
    assert list(INDEX.find("missed").groups()) == ["indicator", "commentary"]


def test_the_words_are_marked_and_the_text_stays_as_it_was() -> None:
    found = INDEX.find("recycled waste")
    assert found.marked("Household waste, recycled") == [
        Piece("Household "), Piece("waste", True), Piece(", "), Piece("recycled", True),
    ]  # fmt: skip


def test_the_part_of_a_text_is_shown_that_has_the_words() -> None:
    shown = "".join(piece.text for piece in INDEX.find("crew hired").excerpt(SAID))
    assert shown == "A third café crew was hired for the collections."
    long = Doc("theme", "t", "T", "/t", says=[f"{'word ' * 200}needle {'word ' * 200}"])
    cut = "".join(piece.text for piece in Index([long]).find("needle").excerpt(long))
    assert "needle" in cut
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert len(cut) <= EXCERPT + 4


def test_one_and_many_are_one_word() -> None:
    assert stem("Policies") == stem("policy")
    assert stem("bins") == stem("bin")
    assert stem("less") == "less"


def test_of_what_is_spelled_alike_the_nearest_comes_first() -> None:
    cycling = Doc("indicator", "A", "Accidents while cycling", "/a")
    recycling = Doc("indicator", "B", "Bins for recycling", "/b")
    found = Index([cycling, recycling]).find("recyling")
    assert titles(found) == ["Bins for recycling", "Accidents while cycling"]
    assert found.taken == {"recyling": "recycling"}
