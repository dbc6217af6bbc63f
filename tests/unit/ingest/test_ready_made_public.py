"""The ready-made contracts for public sources, on small made files of their shapes."""

import csv

import pytest

from services.ingest.domain.intake import Prepared
from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.model import Measure
from shared.catalogue.references import References
from tests.data import real_file
from tests.unit.ingest.contracts import rules
from tests.unit.ingest.ready_made import CATALOGUE, kept, only, taken

ONS = "indicator,areacd,areanm,period,value,lci_95,uci_95,status\n"
FINGERTIPS = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,"
    "Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,"
    "Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,"
    "Compared to England value or percentiles,Compared to Regions value or percentiles,"
    "Time period Sortable,New data,Compared to goal\n"
)
NOMIS = (
    '"DATE","DATE_NAME","GEOGRAPHY_CODE","GEOGRAPHY_NAME","GENDER_NAME","AGE_NAME","MEASURE_NAME",'
    '"MEASURES_NAME","OBS_VALUE","OBS_STATUS","OBS_STATUS_NAME"\n'
)


def fingertips(
    period: str = "2023/24",
    value: str = "82.5",
    note: str = "",
    category: str = ",",
    area: str = "E06000022,Bath and North East Somerset,Counties & UAs",
    sortable: str = "20230000",
) -> str:
    """A row as Fingertips writes it."""
    limits = "80.1,84.9,79.3,85.7" if value else ",,,"
    return (
        f"90366,An indicator,E12000009,South West,{area},Persons,18+ yrs,{category},{period},"
        f"{value},{limits},410,497,{note},Increasing and getting better,Similar,Better,"
        f"{sortable},,\n"
    )


def readings(dataset: str, prepared: Prepared, date: str) -> list[tuple[str, str]]:
    """What each record adds to a measure of the latest value: its day, and a number or a reason."""
    asked = Measure(
        code="m", dataset=dataset, aggregate="latest", of="value", date=date, reason="why"
    )
    of = CATALOGUE.datasets[dataset]
    compiled = CompiledMeasure(asked, of, (), (), References(CATALOGUE.datasets, {}))
    found = [each for row in kept(prepared) for each in compiled.contributions(row)]
    return [tuple(str(said).split("|")) for _, _, said in found]  # type: ignore[misc]


def test_ons_gives_days_and_lengths_and_intervals_where_there_are_any() -> None:
    found = taken(
        "ons-local-statistics",
        ONS
        + "Employment rate (Great Britain),E06000022,Bath and North East Somerset,2023-01-01/P1Y,"
        + "82.7,75,90.4,\n"
        + "Claimant Count,E06000022,Bath and North East Somerset,2025-01-01/P1M,4,,,\n"
        + "Median age,E06000022,Bath and North East Somerset,2024-06-30,39.5,,,\n"
        + "Births,E06000022,Bath and North East Somerset,2023-04-01/P3M,,,,Suppressed to protect\n"
        + "Deaths,E06000022,Bath and North East Somerset,2023-04-01/P3M,,,,\n"
        + "Farms,E06000022,Bath and North East Somerset,2023-04-01/P3M,,,,Not applicable\n",
    )
    assert found.rejected == 0
    assert only(found, "value", "lower", "upper")[:2] == [("82.7", "75", "90.4"), ("4", None, None)]
    assert readings("ons-local-statistics", found, "period_end") == [
        ("2023-12-31", "82.7"),
        ("2025-01-31", "4"),
        ("2024-06-30", "39.5"),
        ("2023-06-30", "~suppressed"),
        ("2023-06-30", "~missing"),
        ("2023-06-30", "~not applicable"),
    ]


def test_ons_without_intervals_or_status_is_the_same_and_a_breakdown_is_not_let_in_by_chance() -> (
    None
):
    plain = taken(
        "ons-local-statistics",
        "indicator,areacd,areanm,period,value\nMedian age,E06000022,Bath,2024-06-30,39.5\n",
    )
    assert (plain.received, plain.rejected) == (1, 0)
    broken_down = taken(
        "ons-local-statistics",
        "indicator,areacd,areanm,period,sex,value\n"
        "Pay,E06000022,Bath,2024-06-30,Female,1\nPay,E06000022,Bath,2024-06-30,Male,2\n",
    )
    assert rules(broken_down) == [(3, None, "duplicate-key")]


def test_fingertips_keeps_every_category_and_tells_why_a_value_is_blank() -> None:
    suppressed = "Value suppressed for disclosure control due to small count"
    missing = "Value missing in source data"
    found = taken(
        "fingertips",
        FINGERTIPS
        + fingertips()
        + fingertips(category="County deprivation deciles,Most deprived decile (IMD2019)")
        + fingertips("2001 - 03", "", suppressed, sortable="20010000")
        + fingertips("2016/17 - 20/21", "", missing, sortable="20160000")
        + fingertips("2021/22 Q1 - 2025/26 Q3", "", "Not applicable", sortable="20210000")
        + fingertips("2022", "7.1", "Aggregated from all known lower geography values"),
    )
    assert (found.received, found.rejected, len(found.states)) == (6, 0, 6)
    assert readings("fingertips", found, "period_end") == [
        ("2024-03-31", "82.5"),
        ("2024-03-31", "82.5"),
        ("2003-12-31", "~suppressed"),
        ("2021-03-31", "~missing"),
        ("2025-12-31", "~not applicable"),
        ("2022-12-31", "7.1"),
    ]
    assert only(found, "category", "lower", "upper", "order")[0] == (None, "80.1", "84.9", 20230000)


def test_fingertips_names_the_column_of_parents_as_it_likes() -> None:
    header = FINGERTIPS.replace("Compared to Regions", "Compared to ICBs")
    found = taken("fingertips", header + fingertips())
    assert (found.received, found.rejected) == (1, 0)
    assert "Better" not in kept(found)[0].values()


def test_nomis_writes_in_capitals_and_a_status_says_why_there_is_no_value() -> None:
    rest = '"E06000022","Bath and North East Somerset","Total","All categories: Age 16+"'
    tail = '"Claimant count","Value"'
    found = taken(
        "nomis-claimant-count",
        NOMIS
        + f'"2026-05","May 2026",{rest},{tail},2310,"A","Normal Value"\n'
        + f'"2026-04","April 2026",{rest},{tail},,"Q","These figures are suppressed"\n'
        + f'"2026-03","March 2026",{rest},{tail},"-","M","Missing value"\n',
    )
    assert found.rejected == 0
    assert readings("nomis-claimant-count", found, "month_end") == [
        ("2026-05-31", "2310"),
        ("2026-04-30", "~suppressed"),
        ("2026-03-31", "~missing"),
    ]
    assert len({subject for subject, _ in found.states}) == 3


@pytest.mark.parametrize("code", ["ons-local-statistics", "fingertips", "nomis-claimant-count"])
def test_polarity_is_made_up_nowhere(code: str) -> None:
    names = {each.name for each in CATALOGUE.datasets[code].fields}
    assert not names & {"polarity", "good", "good_is"}


def test_labels_of_published_figures_of_fingertips_name_their_last_day() -> None:
    path = real_file("trafford/theme_nhs_health_checks.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        labels = sorted({row["period"] for row in csv.DictReader(file)})
    text = FINGERTIPS + "".join(fingertips(label) for label in labels)
    found = readings("fingertips", taken("fingertips", text), "period_end")
    assert len(found) == len(labels) > 10
    assert {day[5:] for day, _ in found} == {"06-30", "09-30", "12-31", "03-31"}
