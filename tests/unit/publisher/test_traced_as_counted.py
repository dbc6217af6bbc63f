"""The records that a value is traced to are those that the engine counted, whatever the measure,
the window and the member."""

import datetime
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec
import pytest

from services.publisher.domain.contributors import Contributors, measures_of
from services.publisher.domain.figures import decode_value
from shared.catalogue.check import read
from shared.catalogue.model import Catalogue, definitions
from shared.catalogue.periods import parse_period
from shared.catalogue.references import References, table_of
from shared.catalogue.yaml_files import load_directory
from shared.contracts.states import IndicatorValue
from tests.integration.publisher_service import COUNCIL
from tests.unit.indicators.engine import Engine, engine

WARDS = [{"ward": "Abbey", "locality": "North"}, {"ward": "Mill", "locality": "South"}]
DAY = datetime.date(2019, 10, 15)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read(load_directory(COUNCIL)[0])


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine(tmp_path_factory.mktemp("traced")) as made:
        yield made


def parcels(chance: Random) -> list[dict[str, Any]]:
    """Forty parcels over seven months, with blanks wherever one may be."""
    found = []
    for number in range(40):
        sent = DAY - datetime.timedelta(chance.randrange(200))
        arrived = sent + datetime.timedelta(chance.randrange(60))
        found.append(
            {
                "ref": str(number),
                "sent": chance.choice([sent.isoformat()] * 9 + [None]),
                "arrived": arrived.isoformat() if chance.random() < 0.8 else None,
                "ward": chance.choice(["Abbey", "Mill", "A & B", None]),
                "kind": chance.choice(["Box", "Letter", None]),
                "weight": chance.choice(["1", "2.5", "2.50", "7", None]),
                "because": chance.choice(["suppressed", None]),
            }
        )
    return found


def traced(
    catalogue: Catalogue, value: IndicatorValue, records: list[dict[str, Any]]
) -> dict[str, int]:
    """How many records were counted in each measure."""
    period = parse_period(value.period.code)
    contributors = Contributors(
        measures_of(value.formula, period, catalogue),
        catalogue,
        "parcels",
        value,
        period,
        References(catalogue.datasets, {"wards": table_of(["ward"], WARDS)}),
    )
    for fields in records:
        contributors.look(fields)
    found = Counter(each.measure for fields in records for each in contributors.counted(fields))
    return {code: found[code] for code in value.measures}


@pytest.mark.parametrize("seed", range(2))
def test_every_value_is_traced_to_as_many_records_as_were_counted(
    catalogue: Catalogue, service: Engine, seed: int
) -> None:
    records = parcels(Random(seed))
    service.begin(DAY)
    service.define(definitions(catalogue))
    for each in WARDS:
        service.record("wards", each["ward"], each)
    for fields in records:
        service.record("parcels", fields["ref"], fields)
    service.send()
    values = [
        decode_value(msgspec.json.encode(state)) for state in service.service.states().values()
    ]
    assert {value.period.kind for value in values} >= {"day", "month", "quarter", "year-to-date"}
    assert any(value.breakdown and value.breakdown.parts for value in values)
    # Of the many days, a few are enough.
    days = [value for value in values if value.period.kind == "day"]
    for value in [each for each in values if each.period.kind != "day"] + days[::25]:
        counted = {code: each.records for code, each in value.measures.items()}
        where = value.breakdown.member if value.breakdown else "all"
        told = traced(catalogue, value, records)
        assert told == counted, (value.indicator, value.period.code, where)
