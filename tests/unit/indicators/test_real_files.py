"""Published files of real councils, through a contract and the engine, held against plain sums.

What the files exercise: values of other areas by financial year with suppressed ones, labels that
span many quarters, months as columns, months as numbers.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import pytest

from services.ingest.domain.contract import Contract
from shared.catalogue.check import read
from shared.catalogue.model import Catalogue, definitions
from shared.contracts.states import Record
from tests.data import real_file
from tests.unit.indicators.engine import Engine, engine
from tests.unit.ingest.contracts import checked

WASTE = "trafford/theme_household_waste_recycling.csv"
CHECKS = "trafford/theme_nhs_health_checks.csv"
SATISFACTION = "trafford/theme_social_care_satisfaction.csv"
LIBRARIES = "banes/library_visitors_2013_14.csv"
CONTACT = "banes/contact_to_the_council_2014.csv"

THEME = [
    {"name": "area_code", "type": "text", "required": True},
    {"name": "period", "type": "text", "required": True},
    {"name": "measure", "type": "text"},
    {"name": "value", "type": "decimal", "null_markers": ["", "NA"]},
]
ENDS = {"name": "ends", "type": "date", "is": "period_end(period)"}
PUBLISHED: dict[str, Any] = {"polarity": "none", "owner": "O", "unit": "percentage"}


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Engine]:
    with engine(tmp_path) as found:
        found.begin(date(2026, 3, 1))
        yield found


def rows(name: str) -> list[dict[str, str]]:
    with real_file(name).open(encoding="utf-8-sig", newline="") as file:
        return [{key.strip(): value for key, value in row.items()} for row in csv.DictReader(file)]


def put_in(council: Engine, catalogue: Catalogue, dataset: str, name: str) -> None:
    """A whole file, through its contract, into the engine."""
    council.define(definitions(catalogue))
    prepared = checked(real_file(name).read_bytes(), Contract(catalogue.datasets[dataset]))
    assert not prepared.rejections
    for _, body in prepared.states:
        state = msgspec.json.decode(body or b"", type=Record)
        council.record(dataset, state.key, state.fields)
    council.send()
    assert council.compared().mismatches == []


def a_theme(key: list[str], indicators: list[dict[str, Any]], where: str) -> Catalogue:
    measure = {
        **{"code": "value", "dataset": "theme", "aggregate": "latest", "of": "value"},
        **{"date": "ends", "where": where},
    }
    return read(
        {
            "council": {"code": "t", "name": "T", "area_code": "E08000009"},
            "peer_groups": [
                {
                    **{"code": "near", "name": "Nearest neighbours"},
                    "issues": [{"areas": sorted({r["area_code"] for r in rows(WASTE)})}],
                }
            ],
            "datasets": [
                {
                    **{"code": "theme", "title": "Theme", "key": key, "fields": THEME},
                    "derived": [ENDS],
                }
            ],
            "measures": [measure],
            "indicators": indicators,
        }
    )


def shown(value: str, places: int = 1) -> str:
    return f"{Decimal(value):.{places}f}"


def test_recycling_of_all_neighbours_and_a_target_that_follows_them(council: Engine) -> None:
    where = 'measure == "Percentage"'
    other = {
        **{"code": "NB", "title": "Areas", "formula": "value", "precision": 1, **PUBLISHED},
        **{"periods": ["financial-year"], "breakdowns": ["area_code"]},
    }
    own = {
        **other,
        **{"code": "OWN", "polarity": "high", "breakdowns": ["area_code"]},
        "benchmark": {"indicator": "NB", "area": "area_code", "groups": ["near"]},
        "targets": [{"relative": {"to": "peers", "group": "near", "statistic": "median"}}],
    }
    catalogue = a_theme(["area_code", "period", "measure"], [other, own], where)
    put_in(council, catalogue, "theme", WASTE)
    states = council.service.states()
    by_year: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(WASTE):
        if row["measure"] == "Percentage":
            by_year[row["period"]][row["area_code"]] = row["value"]
    assert len(by_year) == 12
    for year, values in by_year.items():
        first = int(year[:4])
        code = f"{first}-{first + 1 if first < 2012 else year[5:]}"
        for area, value in values.items():
            state = states[f"NB/{code}/area_code={area}"]
            assert state["value"] == shown(value), (year, area)
        peers = [Decimal(shown(value)) for area, value in values.items() if area != "E08000009"]
        target = states[f"OWN/{code}/area_code=E08000009"]["target"]
        assert Decimal(target["value"]) == round(median(peers), 2)
        assert target["basis"] == "median of Nearest neighbours"


def test_labels_that_span_nineteen_quarters_are_cumulative_figures(council: Engine) -> None:
    indicator = {
        **{"code": "HC", "title": "Checks", "formula": "value", "precision": 1, **PUBLISHED},
        **{"periods": ["cumulative"], "cumulative_from": "2021-04", "breakdowns": ["area_code"]},
    }
    catalogue = a_theme(["area_code", "period"], [indicator], 'starts_with(area_code, "E")')
    put_in(council, catalogue, "theme", CHECKS)
    states = council.service.states()
    ends = {f"{year}/{year % 100 + 1} Q{q}": month for year in range(2021, 2026)
            for q, month in ((1, f"{year}-06"), (2, f"{year}-09"), (3, f"{year}-12"),
                             (4, f"{year + 1}-03"))}  # fmt: skip
    compared = 0
    for row in rows(CHECKS):
        month = ends[row["period"].rpartition(" - ")[2]]
        state = states[f"HC/2021-04-to-{month}/area_code={row['area_code']}"]
        assert state["value"] == shown(row["value"]), row
        compared += 1
    assert compared > 2_000


def test_a_value_that_was_not_published_is_missing_and_not_nought(council: Engine) -> None:
    indicator = {
        **{"code": "S", "title": "S", "formula": "value", "precision": 1, **PUBLISHED},
        **{"periods": ["financial-year"], "breakdowns": ["area_code"]},
    }
    catalogue = a_theme(["area_code", "period"], [indicator], "not blank(period)")
    put_in(council, catalogue, "theme", SATISFACTION)
    states = council.service.states()
    gaps = [row for row in rows(SATISFACTION) if row["value"] == "NA"]
    assert gaps
    for row in gaps:
        code = f"{row['period'][:4]}-{row['period'][5:]}"
        state = states.get(f"S/{code}/area_code={row['area_code']}")
        assert state is None or (state["value"], state["reason"]) == (None, "missing")


def test_months_as_columns_are_a_measure_each(council: Engine) -> None:
    table = rows(LIBRARIES)
    months = [name for name in table[0] if name != "Library"]
    fields: list[dict[str, Any]] = [{"name": "library", "type": "text", "required": True}]
    derived, measures = [], []
    for number, month in enumerate(months):
        fields.append({"name": f"v{number}", "headers": [month], "type": "integer"})
        derived.append({"name": f"d{number}", "type": "date", "is": f'period_end("{month}")'})
        measures.append(
            {
                **{"code": f"m{number}", "dataset": "libraries", "aggregate": "sum"},
                **{"of": f"v{number}", "date": f"d{number}"},
            }
        )
    catalogue = read(
        {
            "council": {"code": "t", "name": "T"},
            "datasets": [
                {
                    **{"code": "libraries", "title": "L", "key": ["library"], "fields": fields},
                    "derived": derived,
                }
            ],
            "measures": measures,
            "indicators": [
                {
                    **PUBLISHED,
                    **{"code": "LV", "title": "Visits", "unit": "count", "breakdowns": ["library"]},
                    "formula": " + ".join(each["code"] for each in measures),
                    "periods": ["month", "financial-year"],
                }
            ],
        }
    )
    put_in(council, catalogue, "libraries", LIBRARIES)
    states = council.service.states()
    names = {n: i for i, n in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())}
    year = 0
    for month in months:
        total = sum(int(row[month] or 0) for row in table)
        code = f"20{month[4:]}-{names[month[:3]] + 1:02}"
        assert states[f"LV/{code}"]["value"] == str(total), month
        year += total if "2013-04" <= code <= "2014-03" else 0
    assert states["LV/2013-14"]["value"] == str(year)


def test_months_as_numbers_become_dates(council: Engine) -> None:
    fields = [
        {"name": "title", "type": "text"},
        {"name": "contact_type", "headers": ["ContactType"], "type": "text"},
        {"name": "month_number", "headers": ["MonthNumber"], "type": "integer"},
        {"name": "count", "type": "integer"},
    ]
    began = {"name": "began", "type": "date", "is": 'add_months("2014-01-01", month_number - 1)'}
    catalogue = read(
        {
            "council": {"code": "t", "name": "T", "no_denominator": "not calculable"},
            "datasets": [
                {
                    **{"code": "contact", "title": "Contact", "key": "content"},
                    **{"fields": fields, "derived": [began]},
                }
            ],
            "measures": [
                {
                    **{"code": "contacts", "dataset": "contact", "aggregate": "sum"},
                    **{"of": "count", "date": "began"},
                },
                {
                    **{"code": "by-telephone", "dataset": "contact", "aggregate": "sum"},
                    **{"of": "count", "date": "began", "where": 'contact_type == "Telephone"'},
                },
            ],
            "indicators": [
                {
                    **PUBLISHED,
                    **{"code": "CT", "title": "By telephone", "precision": 1},
                    "formula": "percent(by_telephone, contacts)",
                    "periods": ["month", "calendar-year"],
                }
            ],
        }
    )
    put_in(council, catalogue, "contact", CONTACT)
    states = council.service.states()
    table = rows(CONTACT)
    for month in (*range(1, 13), None):
        mine = [r for r in table if month is None or int(r["MonthNumber"]) == month]
        if not mine:
            continue
        phone = sum(int(r["Count"]) for r in mine if r["ContactType"] == "Telephone")
        share = Decimal(100 * phone) / sum(int(r["Count"]) for r in mine)
        code = "2014" if month is None else f"2014-{month:02}"
        assert Decimal(states[f"CT/{code}"]["value"]) == pytest.approx(share, abs=Decimal("0.05"))
