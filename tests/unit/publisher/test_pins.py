"""A dashboard is its address: what is right in it is shown, what is wrong is told."""

import pytest

from services.publisher.domain.pins import MOST, MOST_NAME, Pin, dashboard, pin

RIGHT = (
    ("indicator/EP02", Pin("indicator", ("EP02",))),
    ("indicator/EP02/month", Pin("indicator", ("EP02", "month"))),
    ("indicator/EP02/month/ward=27", Pin("indicator", ("EP02", "month", "ward=27"))),
    (
        "indicator/EP02/quarter/kind=Noise%2520Request",
        Pin("indicator", ("EP02", "quarter", "kind=Noise%20Request")),
    ),
    ("risk/R%2F1", Pin("risk", ("R/1",))),
    ("risk/R/1", Pin("risk", ("R/1",))),
    ("service/waste", Pin("service", ("waste",))),
    ("contract/C 1", Pin("contract", ("C 1",))),
    ("scheme/S1", Pin("scheme", ("S1",))),
    ("finance/service/waste/general-fund", Pin("finance", ("service", "waste", "general-fund"))),
    ("finance/cost-centre/10100", Pin("finance", ("cost-centre", "10100"))),
)
WRONG = (
    "", "/", "indicator", "indicator/", "indicator//month", "indicator/EP02/fortnight",
    "indicator/EP02//ward=27", "indicator/EP02/month/ward=27/more", "shoe/EP02", "risk/",
    "finance/service", "finance/service/waste", "finance/ward/27/general-fund",
    "finance/cost-centre/10100/general-fund", "risk/" + "x" * 300, "risk/a%00b", "risk/%0A",
    "javascript:alert(1)", "<script>alert(1)</script>",
)  # fmt: skip


@pytest.mark.parametrize(("text", "found"), RIGHT)
def test_a_pin_is_read(text: str, found: Pin) -> None:
    assert pin(text) == found


@pytest.mark.parametrize(("text", "found"), RIGHT)
def test_a_pin_is_written_as_it_is_read(text: str, found: Pin) -> None:
    assert pin(found.text()) == found


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_pin_is_none(text: str) -> None:
    assert pin(text) is None


def test_each_pin_stands_once_in_the_order_asked_for_and_what_is_wrong_is_kept_apart() -> None:
    found = dashboard(["risk/R1", "indicator/EP02", "risk/R1", "shoe/1", "shoe/1", " "], "Mine")
    assert [each.text() for each in found.pins] == ["risk/R1", "indicator/EP02"]
    assert found.wrong == ["shoe/1"]
    assert found.address == "/dashboard?name=Mine&pin=risk/R1&pin=indicator/EP02"


def test_more_than_there_may_be_are_counted_and_left_out() -> None:
    found = dashboard(f"risk/{n}" for n in range(MOST + 7))
    assert len(found.pins) == MOST
    assert found.left == 7


def test_an_address_holds_whatever_a_code_or_a_name_holds() -> None:
    found = dashboard(["risk/R%2F1%26pin=x"], 'A & B "quoted" <b>')
    assert found.pins == [Pin("risk", ("R/1&pin=x",))]
    assert found.address == (
        "/dashboard?name=A+%26+B+%22quoted%22+%3Cb%3E&pin=risk/R%252F1%2526pin=x"
    )


def test_pins_are_moved_taken_away_and_added() -> None:
    found = dashboard(["risk/1", "risk/2", "risk/3"])

    def codes(of: object) -> str:
        return "".join(each.code for each in of.pins)  # type: ignore[attr-defined]

    assert codes(found.moved(2, -1)) == "132"
    assert codes(found.moved(0, 1)) == "213"
    assert (
        codes(found.moved(0, -1)) == codes(found.moved(2, 1)) == codes(found.moved(9, 1)) == "123"
    )
    assert codes(found.moved(-1, 1)) == "123"
    assert codes(found.without(1)) == "13"
    assert codes(found.without(9)) == "123"
    new = Pin("risk", ("4",))
    assert codes(found.with_pin(new)) == codes(found.with_pin(new).with_pin(new)) == "1234"


def test_a_name_is_one_line_and_not_too_long() -> None:
    assert dashboard([], " My\n\x00 board ").name == "My board"
    assert len(dashboard([], "x" * 500).name) == MOST_NAME
    assert dashboard([]).named("Ours").name == "Ours"
    assert dashboard([]).address == "/dashboard"
