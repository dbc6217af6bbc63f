"""The page on where records come from says what is true of JSON, databases, topics and figures."""

import re
from datetime import datetime
from typing import Any

import httpx2
import msgspec
from sqlalchemy.dialects import postgresql

from services.indicators.domain.evaluate import Evaluator
from services.ingest.connect import sql_query
from services.ingest.connect.broker import topic_of
from services.ingest.connect.debezium import Debezium
from services.ingest.connect.paging import Pages
from services.ingest.connect.paths import at, is_gone, key_in, record, rows_in
from services.ingest.domain.contract import Contract
from shared.catalogue.model import Catalogue
from tests.unit.catalogue.pages import TOLD, blocks, published, value

# SQLAlchemy gives its dialects no types.
DIALECT: Any = postgresql.dialect


async def test_an_answer_is_read_as_told(catalogue: Catalogue) -> None:
    connector = catalogue.connectors["highways-api"]
    contract = Contract(catalogue.datasets[connector.dataset])
    calls = connector.calls
    assert calls is not None
    answer: Any = msgspec.json.decode(blocks("json rest")[0])
    now, gone = rows_in(answer, calls.items)
    said = contract.from_object(record(now, calls.fields, contract))
    assert "P7 is a record now, in the ward of Mill; P2 is gone" in TOLD
    assert (said["ref"], said["ward"], said["road_class"]) == ("P7", "Mill", "B")
    assert not is_gone(now, calls.deleted)
    assert is_gone(gone, calls.deleted)
    assert key_in(record(gone, calls.fields, contract), contract) == {"ref": "P2"}
    assert at(now, calls.changed or "") == "2026-06-12T08:15:00Z"
    asked: list[str] = []

    async def ask(address: str) -> Any:
        asked.append(address)
        return answer if len(asked) == 1 else {"data": {"reports": []}}

    pages = Pages(calls, connector.place, ask, lambda row: hash(str(row)))
    assert [len(page) async for page in pages.read()] == [2, 0]
    following = httpx2.URL(asked[1])
    assert f"with `after={following.params['after']}`" in TOLD
    assert following.params["kind"] == "pothole"


def test_national_figures_come_to_what_is_told(evaluator: Evaluator) -> None:
    told = re.search(
        r"NB02 is ([\d.]+) for `(\S+)`, nothing for `(\S+)` and ([\d.]+) for `(\S+)` in (\S+)\.",
        TOLD,
    )
    assert told
    first, area, without, third, other, year = told.groups()
    assert published(evaluator, "NB02", year, area) == first
    assert published(evaluator, "NB02", year, other) == third
    nothing = value(evaluator, "NB02", year, without)
    assert nothing is None or nothing.value is None


def test_a_database_is_asked_as_told(catalogue: Catalogue) -> None:
    query = catalogue.connectors["highways-mart"].query
    assert query is not None
    seen = datetime(2026, 7, 1, 9, 0)
    since = sql_query.before(seen, query)
    names = ["ref", "Reported", "ward", "last_changed"]
    assert "`ref`, `Reported`, `ward` and `resident`, the first asks, once 09:00 on 1 July" in TOLD
    asked = sql_query.reading(query, "reporting", names, "last_changed", since)
    said = str(asked.compile(dialect=DIALECT()))
    value = "%(since)s::TIMESTAMP WITHOUT TIME ZONE"
    assert " ".join(blocks("sql")[0].split()) == " ".join(said.replace(value, f"'{since}'").split())


def test_a_change_is_read_as_told(catalogue: Catalogue) -> None:
    connector = catalogue.connectors["highways-changes"]
    contract = Contract(catalogue.datasets[connector.dataset])
    assert connector.messages is not None
    reader = Debezium(contract, connector.messages)
    [now] = reader.read(None, blocks("json kafka")[0].encode())
    said = contract.from_object(dict(now.data))
    assert "P7 was reported at 17:40 in London and is now on a road of class A, for £12.50" in TOLD
    assert (said["ref"], said["reported"]) == ("P7", "2026-06-11T17:40:00")
    assert (said["road_class"], said["cost"]) == ("A", "12.50")
    assert topic_of(connector.place) == "highways.public.potholes"
