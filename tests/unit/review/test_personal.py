"""Personal identifiers are found in what people write, and reference numbers are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.review.personal import EMAIL, HOME, LONGEST, NHS, NI, PHONE, personal


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Her number is 943 476 5919.", NHS),
        ("9434765919", NHS),
        ("943-476-5919", NHS),
        ("\uff19\uff14\uff13 476 5919", NHS),
        ("943\u200b476\u200b5919", NHS),
        ("NI: AB 12 34 56 C", NI),
        ("ab123456c", NI),
        ("Write to jo.bloggs+x@council.gov.uk today", EMAIL),
        ("<a@b.co>", EMAIL),
        ("Ring 01225 477000", PHONE),
        ("Ring (01225) 477000", PHONE),
        ("020 7946 0018", PHONE),
        ("07700900123", PHONE),
        ("07700 900 123", PHONE),
        ("+44 7700 900123", PHONE),
        ("+44 (0)1225 477000", PHONE),
        ("0044 1225 477000", PHONE),
        ("01225\u00a0477000 12 calls", PHONE),
        ("12 High Street, Bath BA1 5AW", HOME),
        ("flat 3b, the old mill, ba15aw", HOME),
        ("BA1 5AW, 12", HOME),
    ],
)
def test_a_personal_identifier_is_found(text: str, kind: str) -> None:
    assert personal(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5918",  # the check digit is another
        "000 000 0000",
        "94347659190",
        "UPRN 100121234567",
        "BG 12 34 56 C",  # no such prefix
        "AB 12 34 56",
        "12.5% @ £3.20 each",
        "@council",
        "2026-07-01 2026-07-02",
        "0.1234567890",
        "Rose by 01 to 12 in 2026-27-Q1",
        "Order 012345",
        "£1,234,567,890.00",
        "The depot at BA1 5AW opened",
        "In 2026 the depot at BA1 5AW opened",
        "We mended 12 streets. The depot at BA1 5AW opened",
        "",
    ],
)
def test_what_is_no_personal_identifier_is_left_alone(text: str) -> None:
    assert personal(text) == []


def test_what_is_found_in_several_texts_is_named_once_and_in_one_order() -> None:
    found = personal("Ring 01225 477000 or a@b.co", "", "a@b.co; 943 476 5919")
    assert found == [NHS, EMAIL, PHONE]


@pytest.mark.parametrize(
    "text",
    [
        "a" * LONGEST,
        "a." * LONGEST,
        "@" * LONGEST,
        "a@a." * LONGEST,
        "0" * LONGEST,
        "01 " * LONGEST,
        "+44 (0)" * LONGEST,
        "01225 47 " * LONGEST,
        "BA1 5A" * LONGEST,
        "BA1 5AW " * LONGEST,
        "AB12" * LONGEST,
        "\ufdfa" * LONGEST,
    ],
    ids=range(12),
)
def test_a_text_made_to_take_long_does_not(text: str) -> None:
    assert isinstance(personal(text), list)


@given(st.text())
def test_any_text_can_be_looked_through(text: str) -> None:
    assert set(personal(text)) <= {NHS, NI, EMAIL, PHONE, HOME}


@given(st.integers(100_000_000, 999_999_999))
def test_of_ten_numbers_with_the_same_nine_digits_one_at_most_is_found(nine: int) -> None:
    assert sum(NHS in personal(f"x {nine}{last}") for last in range(10)) <= 1
