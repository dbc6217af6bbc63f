"""From LG Inform Plus to a comparison: fetched, counted, judged against peers, and shown."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shared.catalogue.check import check, read
from shared.catalogue.model import definitions
from shared.contracts.topics import CATALOGUE, INDICATORS
from tests.integration.lginform_server import KEY, SECRET, Metric
from tests.integration.publisher_service import running
from tests.integration.test_ingest_lginform import OWN, YORK, National, national
from tests.unit.indicators.engine import Engine, engine

SOUTH_GLOS, WILTSHIRE, ENGLAND = "E06000025", "E06000054", "E92000001"
AREA = "metric_type == '17482' and value_type == 'raw'"
FIGURES: dict[str, Any] = {
    "council": {"code": "bathnes", "name": "Bath and North East Somerset", "area_code": OWN},
    "datasets": [
        {
            "code": "decisions",
            "title": "Decisions on major applications",
            "key": ["ref"],
            "fields": [
                {"name": "ref", "type": "text"},
                {"name": "decided", "type": "date"},
                {"name": "in_time", "type": "boolean"},
            ],
        }
    ],
    "measures": [
        {"code": "decided", "dataset": "decisions", "aggregate": "count", "date": "decided"},
        {
            "code": "in-time",
            "dataset": "decisions",
            "aggregate": "count",
            "date": "decided",
            "where": "in_time",
        },
        {
            "code": "lg-planning",
            "dataset": "lg-inform",
            "aggregate": "latest",
            "of": "value",
            "date": "period_end",
            "where": AREA,
        },
        {
            "code": "lg-population",
            "dataset": "lg-inform",
            "aggregate": "latest",
            "of": "value",
            "date": "period_end",
            "where": f"metric_type == '1' and area == '{OWN}'",
        },
    ],
    "indicators": [
        {
            "code": "PL01",
            "title": "Major applications decided in time",
            "formula": "percent(in_time, decided)",
            "unit": "percentage",
            "precision": 1,
            "polarity": "high",
            "periods": ["financial-year"],
            "owner": "Head of planning",
            "no_denominator": "not calculable",
            "benchmark": {"indicator": "LG17482", "area": "area", "groups": ["neighbours"]},
            "targets": [
                {"relative": {"to": "peers", "group": "neighbours", "statistic": "median"}}
            ],
        },
        {
            "code": "LG17482",
            "title": "Major applications decided in time: areas compared",
            "formula": "lg_planning",
            "unit": "percentage",
            "precision": 1,
            "periods": ["financial-year"],
            "breakdowns": ["area"],
            "owner": "Performance team",
            "influence": "context",
        },
        {
            "code": "CX01",
            "title": "Population",
            "formula": "lg_population",
            "unit": "number",
            "periods": ["calendar-year"],
            "owner": "Performance team",
            "influence": "context",
        },
    ],
    "peer_groups": [
        {
            "code": "neighbours",
            "name": "Nearest neighbours",
            "issues": [{"areas": [YORK, SOUTH_GLOS, WILTSHIRE, OWN]}],
        }
    ],
}


async def asked(at: National) -> dict[str, Any]:
    """Puts the catalogue in force at ingest, and answers with its definitions."""
    await at.ask({"areas": ["BathNES_CIPFA_Near_Neighbours", ENGLAND, OWN]}, FIGURES)
    document = at.document
    assert [str(problem) for problem in check(document, None)] == []
    return dict(definitions(read(document)))


async def counted(at: National, service: Engine) -> dict[str, Any]:
    """Fetches, hands what ingest holds to the indicators, and answers with their values."""
    run = await at.at.run("source")
    assert (run.outcome, run.rejected) == ("done", 0)
    for key, fields in (await at.at.records("lg-inform")).items():
        service.record("lg-inform", key, fields)
    service.send()
    return {subject: each[1] for subject, each in service.service.owned().items()}


async def test_what_lg_inform_says_of_others_is_what_a_council_is_compared_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INGEST_SECRET_LGA", f'{{"key": "{KEY}", "secret": "{SECRET}"}}')
    year = "fin_2024_25"
    suppressed = {"value": None, "publicationStatus": "Suppressed"}
    planning = {
        (YORK, year): 80,
        (SOUTH_GLOS, year): 90.5,
        (WILTSHIRE, year): suppressed,
        (ENGLAND, year): 88,
        (OWN, year): 10,
    }
    metrics = {17482: Metric("Major", planning), 1: Metric("People", {(OWN, "cal_2024"): 200_028})}
    async with national(tmp_path, metrics) as at:
        found = await asked(at)
        with engine(tmp_path) as service:
            service.begin(date(2026, 6, 12))
            service.define(found)
            for number in range(10):
                fields = {"ref": f"{number}", "decided": "2024-06-03", "in_time": number < 8}
                service.record("decisions", f"{number}", fields)
            values = await counted(at, service)
            own = values["PL01/2024-25"]
            # Half way between 80 and 90.5: the own area is left out, and so is what is suppressed.
            assert (own["value"], own["target"]["value"]) == ("80.0", "85.25")
            assert own["rag"]["outcome"] == "red"
            assert values["CX01/2024"]["value"] == "200028"
            suppressed_there = values.get(f"LG17482/2024-25/area={WILTSHIRE}")
            assert suppressed_there is None or suppressed_there["value"] is None
            planning[SOUTH_GLOS, year] = 79.5  # It is revised.
            metrics[17482].updated = "2026-06-11T00:00:00"
            values = await counted(at, service)
            own = values["PL01/2024-25"]
            assert (own["target"]["value"], own["rag"]["outcome"]) == ("79.75", "green")
            assert service.compared().mismatches == []
    with running(f"sqlite:///{tmp_path / 'publisher.db'}") as publisher:
        publisher.say(CATALOGUE, {name: json.loads(body) for name, body in found.items()})
        publisher.say(INDICATORS, values)
        told = publisher.get("/v1/indicators/PL01/values/2024-25/explain")["benchmark"]
        assert [(each["areas"], each["median"], each["rank"]) for each in told] == [(2, "79.75", 1)]
