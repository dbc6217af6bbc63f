"""The page on the language says what is true."""

import re
from decimal import Decimal
from typing import Any

import pytest

from shared.catalogue.arithmetic import NotCalculable
from shared.catalogue.check import check
from shared.catalogue.expressions import parse
from shared.catalogue.functions import SHAPES
from shared.catalogue.model import Catalogue
from shared.catalogue.words import FUNCTIONS, MAX_CHARACTERS
from tests.unit.catalogue.pages import PAGE, PROSE, TOLD, Records, blocks, code, references, table

CALL = re.compile(r"\b([a-z_]+)\(")
BARE = {"true": True, "false": False, "blank": None}


def meant(told: str) -> Any:
    """The value that a cell tells."""
    if told in BARE:
        return BARE[told]
    return told.strip('"') if told.startswith('"') else Decimal(told)


@pytest.mark.parametrize(("expression", "p4", "p5", "_"), table("Expression"))
def test_expressions_give_what_is_told(
    catalogue: Catalogue, records: Records, expression: str, p4: str, p5: str, _: str
) -> None:
    value = parse(code(expression)).compile(
        catalogue.datasets["potholes"].types(),
        closure_days=catalogue.closure_days,
        references=references(catalogue, records),
    )
    for record, told in (("P4", p4), ("P5", p5)):
        fields = records["potholes"][record]
        if told == "not calculable":
            with pytest.raises(NotCalculable):
                value(fields)
            continue
        found, expected = value(fields), meant(told)
        assert found == expected, record
        assert (found is expected) == (told in BARE), record


def test_every_function_is_told_and_no_other() -> None:
    told = PAGE
    for row in table("You write"):
        told = told.replace(f"| {' | '.join(row)} |", "")
    assert "working_day(" in PAGE
    assert "working_day(" not in told
    spans = [
        *re.findall(r"`([^`\n]+)`", told),
        *re.findall(r'"([^"\n]+)"', "".join(blocks("yaml"))),
    ]
    assert {name for span in spans for name in CALL.findall(span)} == set(FUNCTIONS) == set(SHAPES)
    examples = "".join(row[0] for row in table("Expression"))
    assert set(CALL.findall(examples)) == set(FUNCTIONS)


def test_the_longest_expression_is_as_long_as_told() -> None:
    assert f"at most {MAX_CHARACTERS} characters" in TOLD


@pytest.mark.parametrize(("written", "told"), table("You write"))
def test_mistakes_are_told_as_the_check_tells_them(
    document: dict[str, Any], written: str, told: str
) -> None:
    assert told in problems_with(document, code(written))


def test_a_filter_given_in_the_text_is_right(document: dict[str, Any]) -> None:
    given = re.findall(r"`(where: .*)`\.$", PROSE, flags=re.MULTILINE)
    assert len(given) == 1
    assert problems_with(document, given[0]) == []


def test_a_percentage_is_not_averaged_over_records(document: dict[str, Any]) -> None:
    assert "the mean of a percentage over records is refused" in TOLD
    assert problems_with(document, "of: percent(cost, 400)") == [
        "percentages are not averaged or added up: count the parts and the whole, and divide"
        " in the formula (at character 1)"
    ]


def problems_with(document: dict[str, Any], written: str) -> list[str]:
    """What is wrong once this stands in the pages' first filter, first formula, or first mean."""
    name, _, text = written.partition(": ")
    places = {
        "where": ("measures", "potholes-in-2"),
        "of": ("measures", "days-taken"),
        "formula": ("indicators", "HW01"),
    }
    section, at = places[name]
    listed = [{**each, name: text} if each["code"] == at else each for each in document[section]]
    return [each.message for each in check({**document, section: listed})]
