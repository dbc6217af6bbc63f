"""Definitions in plain English: every indicator of the sample, and each kind of rule by hand."""

import re
from decimal import Decimal as D
from functools import cache
from typing import Any

import pytest

from deploy.local.system import ROOT
from services.publisher.domain.definition_words import Plain, plain
from services.publisher.domain.expression_words import Known, amount_words, condition_words
from services.publisher.domain.target_words import judged, targets
from services.publisher.domain.words import field_name
from shared.catalogue.check import read
from shared.catalogue.expressions import formula_name
from shared.catalogue.figures import RagRule, Relative, Target
from shared.catalogue.formulas import measures_of
from shared.catalogue.model import Catalogue, Dataset, Field, Indicator, Measure, PeerGroup
from shared.catalogue.yaml_files import load_directory
from tests.unit.publisher.headline_figures import indicator

KNOWN = Known(
    field_name, {"received": "datetime", "closed": "date", "urgent": "boolean"}, {"wards": "Wards"}
)
QUOTED = re.compile(r"“[^”]*”")
SIGNS = re.compile(r"_|==|!=|<|>|\*|/|\+|\(\)|\b(working_days|percent|rate|when|coalesce)\(")


@cache
def sample() -> Catalogue:
    return read(load_directory(ROOT / "deploy/sample/catalogue")[0])


def said(found: Plain) -> str:
    return "\n".join(
        [found.how, *found.parts, *(line for _, lines in found.rows for line in lines)]
    )


def test_every_indicator_of_the_sample_is_in_plain_words() -> None:
    catalogue = sample()
    codes = [formula_name(code) for code in (*catalogue.measures, *catalogue.indicators)]
    named = re.compile(rf"\b({'|'.join(each for each in codes if '_' in each)})\b")
    for code, each in catalogue.indicators.items():
        found = plain(catalogue, each)
        told = said(found)
        assert told == said(plain(catalogue, each)), code
        # What the council itself calls so may hold any sign: a value of a field may be N/A.
        bare = QUOTED.sub("“”", told)
        for label in {each.unit_label, *(r.name for r in catalogue.peer_groups.values())} - {""}:
            bare = bare.replace(label, "")
        assert SIGNS.search(bare) is None, (code, bare)
        assert named.search(told) is None, (code, told)
        for measure in measures_of(catalogue, code):
            title = catalogue.measures[measure].title
            earlier = any(formula_name(measure) in old.formula for old in each.earlier)
            assert f"“{title}”" in told or earlier, (code, measure)
        assert found.formulas[0][1] == [f"{formula_name(code)} = {each.formula}"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind == 'Noise'", "“kind” is “Noise”"),
        ("kind != 'Noise'", "“kind” is not “Noise”"),
        ("kind in ('A', 'B', 'C')", "“kind” is “A”, “B” or “C”"),
        ("kind not in ('A', 'B')", "“kind” is neither “A” nor “B”"),
        ("urgent", "“urgent” is yes"),
        ("not urgent", "“urgent” is no"),
        ("blank(closed)", "“closed” is blank"),
        ("not blank(closed)", "“closed” is filled in"),
        ("closed <= received", "“closed” is on or before “received”"),
        ("closed > add_months(received, -12)",
         "“closed” is after the day 12 months before “received”"),
        ("age_at_start >= 65", "“age at start” is at least 65"),
        ("hours_waited < 2.5", "“hours waited” is less than 2.5"),
        ("days(received, closed) <= 1000",
         "the number of days from “received” to “closed” is at most 1,000"),
        ("month(closed) in (12, 1)", "the month of “closed” is December or January"),
        ("hour(received) < 8 or hour(received) >= 18",
         "the time of “received” is before 8am or the time of “received” is not before 6pm"),
        ("weekday(received) > 5", "the day of the week of “received” is Saturday or Sunday"),
        ("urgent and (kind == 'A' or kind == 'B')",
         "“urgent” is yes and either “kind” is “A” or “kind” is “B”"),
        ("urgent and kind == 'A' or kind == 'B'",
         "both “urgent” is yes and “kind” is “A” or “kind” is “B”"),
        ("starts_with(item, 'Short')", "“item” starts with “Short”"),
        ("not contains(item, 'x')", "“item” does not contain “x”"),
        ("when(urgent, closed <= received, kind == 'A')",
         "“closed” is on or before “received” (if “urgent” is yes) or “kind” is “A” (if not)"),
        ("coalesce(status, '') == 'D'", "“status” is “D”"),
        ("1 < score and score <= 3", "1 is less than “score” and “score” is at most 3"),
    ],
)  # fmt: skip
def test_filters(text: str, words: str) -> None:
    assert condition_words(text, KNOWN) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a", "“a”"),
        ("percent(a, b)", "“a” as a percentage of “b”"),
        ("percent(a - b, c)", "the result of “a” less “b”, as a percentage of “c”"),
        ("rate(a, b, 1000)", "“a” for every 1,000 of “b”"),
        ("a / b", "“a” divided by “b”"),
        ("12 * a / b", "12 times “a”, divided by “b”"),
        ("a - b", "“a” less “b”"),
        ("(a + b + c) / d", "“a”, “b” and “c” together, divided by “d”"),
        ("a / (b + c)", "“a” divided by “b” and “c” together"),
        ("percent(a, b) - percent(c, d)",
         "“a” as a percentage of “b”, less “c” as a percentage of “d”"),
        ("when(urgent, 10, 20)", "10 where “urgent” is yes, otherwise 20"),
        ("lookup('wards', ward, 'locality')", "the “locality” that “Wards” has for “ward”"),
        ("band(age, 18, 65)", "the band of “age” (from 18 and 65)"),
        ("max(a, b)", "the largest of “a” and “b”"),
        ("a / (b * c)", "“a” divided by the result of “b” times “c”"),
        ("-a", "minus “a”"),
    ],
)  # fmt: skip
def test_amounts_and_formulas(text: str, words: str) -> None:
    assert amount_words(text, KNOWN) == words


def requests(**measure: Any) -> Catalogue:
    """One measure over one dataset, and an indicator that is it."""
    fields = [("ref", "text"), ("received", "date"), ("closed", "date"), ("days", "integer")]
    dataset = Dataset(
        code="requests", title="Service requests", key=["ref"],
        fields=[Field(name=name, type=kind) for name, kind in fields],  # type: ignore[arg-type]
    )  # fmt: skip
    made = Measure(code="m", title="The measure", dataset="requests", **measure)
    return Catalogue(
        datasets={"requests": dataset}, measures={"m": made},
        indicators={"X": indicator("X", formula="m")},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ({"aggregate": "count", "date": "closed"},
         "how many records of “Service requests” there are. "
         "A record counts in the period that “closed” is in."),
        ({"aggregate": "open", "opened": "received", "closed": "closed"},
         "how many records of “Service requests” are open when the period ends. "
         "A record is open from “received” until “closed”."),
        ({"aggregate": "sum", "of": "days", "date": "closed", "empty": "missing"},
         "the total of “days”, over the records of “Service requests”. "
         "A record counts in the period that “closed” is in. Without a record there is no number."),
        ({"aggregate": "mean", "of": "days(received, closed)", "date": "closed",
          "where": "days > 3"},
         "the average of the number of days from “received” to “closed”, over the records of "
         "“Service requests” where “days” is more than 3. "
         "A record counts in the period that “closed” is in."),
        ({"aggregate": "percentile", "of": "days", "percentile": D(90), "date": "closed"},
         "what “days” comes to at most in 90% of the records of “Service requests”. "
         "A record counts in the period that “closed” is in."),
        ({"aggregate": "latest", "of": "days", "date": "closed", "carry_months": 3},
         "the total of “days” on the newest day of the period by “closed”, over the records of "
         "“Service requests”. Where the period has none, it holds on for 3 months."),
    ],
)  # fmt: skip
def test_measures(measure: dict[str, Any], words: str) -> None:
    catalogue = requests(**measure)
    assert plain(catalogue, catalogue.indicators["X"]).parts == [f"“The measure” is {words}"]


def rule(polarity: str = "high", **more: Any) -> Indicator:
    return indicator("X", polarity=polarity, **more)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (rule("none"), ["It is for information: neither a high nor a low figure is good, so it has "
                        "no colour"]),
        (rule(), ["It has no target, so it has no colour"]),
        (rule(targets=[Target(value=D(80))]), ["Green: the target is met", "Red: anything else"]),
        (rule(targets=[Target(value=D(80))], rag=RagRule(amber_within=D(1), of="points")),
         ["Green: the target is met", "Amber: missed by no more than 1 percentage point",
          "Red: anything else"]),
        (rule("low", targets=[Target(value=D(80))],
              rag=RagRule(green_within=D("0.5"), amber_within=D(10), of="percent of target")),
         ["Green: the target is met, or missed by no more than 0.5% of the target",
          "Amber: missed by no more than 10% of the target", "Red: anything else"]),
        (rule("low", unit="days", rag=RagRule(green=D(5), amber=D(18))),
         ["Green: 5 days or less", "Amber: 18 days or less", "Red: anything else"]),
        (rule(targets=[Target(value=D(80), floor=D(70))]),
         ["Green: the target is met", "Amber: missed, but not beyond the least that will do",
          "Red: anything else"]),
        (rule(targets=[Target(value=D(80))],
              rag=RagRule(amber_within=D(5), of="points", amber_if="better than a year ago")),
         ["Green: the target is met",
          "Amber: missed by no more than 5 percentage points, or missed by more, where the figure "
          "is better than a year ago", "Red: anything else"]),
    ],
)  # fmt: skip
def test_judging(made: Indicator, words: list[str]) -> None:
    assert judged(made) == words


@pytest.mark.parametrize(
    ("polarity", "target", "words"),
    [
        ("high", Target(value=D(80)), "80% or more"),
        ("low", Target(value=D(5), from_="2024-04", to="2026-03"),
         "From April 2024 until March 2026: 5% or less"),
        ("goldilocks", Target(low=D(20), high=D(30)), "From 20% to 30%"),
        ("high", Target(value=D(120), spread="even"),
         "120% or more; for the whole year, of which a part of the year has its even share"),
        ("high", Target(profile={"Q1": D(10), "Q4": D(40), "09": D(20)}),
         "By its profile over the year: April to June 10%, January to March 40%, September 20%"),
        ("high", Target(relative=Relative(to="a year ago", change=D(3), of="percent")),
         "3% more than the figure of the same period a year before"),
        ("low", Target(relative=Relative(to="the period before", change=D("-0.5"))),
         "0.5 percentage points less than the figure of the period before"),
        ("high", Target(relative=Relative(to="peers", group="near", statistic="median")),
         "The median of Neighbours"),
        ("high", Target(value=D(80), floor=D(70)), "80% or more; the least that will do is 70%"),
        ("low", Target(value=D(8), periods=["quarter"]), "By quarter: 8% or less"),
    ],
)  # fmt: skip
def test_targets(polarity: str, target: Target, words: str) -> None:
    near = PeerGroup(code="near", name="Neighbours", issues=[])
    catalogue = Catalogue(peer_groups={"near": near})
    assert targets(catalogue, rule(polarity, targets=[target])) == [words]
