"""What databases are asked, in the words of each: compiled here; PostgreSQL runs it too."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.dialects import mssql, oracle, postgresql

from services.ingest.connect import sql_query
from services.ingest.connect.source import SourceFailed
from services.ingest.connect.values import Unwritable, is_a_key, writer
from shared.catalogue.connectors import Query
from shared.catalogue.model import Field

DIALECTS: dict[str, Callable[[], Any]] = {
    "postgresql": postgresql.dialect,
    "mssql": mssql.dialect,
    "oracle": oracle.dialect,
}
AT = datetime(2026, 7, 1, 9, 0)
VIEW = Query(select="Child_Social.Requests", watermark="changed")
SELECT = Query(select="SELECT ref, '10:30' AS t FROM requests -- all", watermark="changed")


def said(name: str, query: Query, since: datetime | None = AT, schema: str | None = None) -> str:
    mark = query.watermark
    names = ["ref", *([mark] if mark else [])]
    asked = sql_query.reading(query, schema, names, mark, since)
    compiled = asked.compile(dialect=DIALECTS[name]())
    assert compiled.params == ({} if since is None else {"since": since})
    return " ".join(str(compiled).split())


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        (
            "postgresql",
            'SELECT "Child_Social"."Requests".ref, "Child_Social"."Requests".changed'
            ' FROM "Child_Social"."Requests" WHERE "Child_Social"."Requests".changed >='
            " %(since)s::TIMESTAMP WITHOUT TIME ZONE OR"
            ' "Child_Social"."Requests".changed IS NULL ORDER BY "Child_Social"."Requests".changed',
        ),
        (
            "mssql",
            "SELECT [Child_Social].[Requests].ref, [Child_Social].[Requests].changed"
            " FROM [Child_Social].[Requests] WHERE [Child_Social].[Requests].changed >= :since OR"
            " [Child_Social].[Requests].changed IS NULL ORDER BY [Child_Social].[Requests].changed",
        ),
        (
            "oracle",
            'SELECT "Child_Social"."Requests".ref, "Child_Social"."Requests".changed'
            ' FROM "Child_Social"."Requests" WHERE "Child_Social"."Requests".changed >= :since OR'
            ' "Child_Social"."Requests".changed IS NULL ORDER BY "Child_Social"."Requests".changed',
        ),
    ],
)
def test_a_view_is_asked_for_by_its_quoted_name(name: str, asked: str) -> None:
    assert said(name, VIEW) == asked


@pytest.mark.parametrize("name", DIALECTS)
def test_a_select_is_put_inside_another_and_its_comment_ends(name: str) -> None:
    asked = sql_query.reading(SELECT, None, ["ref"], None, None)
    compiled = str(asked.compile(dialect=DIALECTS[name]()))
    named = "q" if name == "oracle" else "AS q"
    inner = "(\nSELECT ref, '10:30' AS t FROM requests -- all\n)"
    assert compiled == f"SELECT q.ref \nFROM {inner} {named}"
    looked = str(sql_query.looking(SELECT, None).compile(dialect=DIALECTS[name]()))
    assert looked == f"SELECT * \nFROM {inner} {named} \nWHERE 1 = 0"


def test_a_place_may_name_the_schema_that_a_view_is_in() -> None:
    view = Query(select="requests")
    assert said("mssql", view, None, "dbo") == "SELECT dbo.requests.ref FROM dbo.requests"
    assert said("oracle", view, None) == "SELECT requests.ref FROM requests"
    assert said("postgresql", Query(select='x"y'), None) == 'SELECT "x""y".ref FROM "x""y"'


@pytest.mark.parametrize(
    ("newest", "start", "kept"),
    [
        (AT, datetime(2026, 7, 1, 8, 30), {"watermark": "2026-07-01T09:00:00", "type": "time"}),
        (
            AT.replace(tzinfo=UTC),
            datetime(2026, 7, 1, 8, 30, tzinfo=UTC),
            {"watermark": "2026-07-01T09:00:00+00:00", "type": "time"},
        ),
        (date(2026, 7, 1), date(2026, 6, 30), {"watermark": "2026-07-01", "type": "date"}),
        (2**70, 2**70 - 5, {"watermark": str(2**70), "type": "number"}),
        (Decimal("10.5"), Decimal("5.5"), {"watermark": "10.5", "type": "number"}),
    ],
)
def test_a_watermark_is_kept_exactly_and_read_from_its_overlap(
    newest: Any, start: Any, kept: dict[str, str]
) -> None:
    query = Query(select="v", watermark="w", overlap_minutes=30, overlap=5)
    assert sql_query.before(newest, query) == start
    assert sql_query.kept(newest) == kept
    assert sql_query.found(kept) == newest
    assert type(sql_query.found(kept)) is type(newest)


@pytest.mark.parametrize("value", ["2026-07-01", b"\0\1", 1.5, True, Decimal("NaN")])
def test_what_does_not_grow_by_order_is_no_watermark(value: Any) -> None:
    with pytest.raises(SourceFailed, match="The watermark w is neither"):
        sql_query.mark_of(value, "w")


@pytest.mark.parametrize(
    "name", ["id", "ID", "Id", "person_id", "DIM_PERSON_ID", "personId", "CaseID"]
)
def test_columns_that_are_called_as_keys_are(name: str) -> None:
    assert is_a_key(name)


@pytest.mark.parametrize("name", ["PAID", "paid", "Paid", "bid", "valid", "id_type", "visits"])
def test_columns_that_only_end_so_are_not(name: str) -> None:
    assert not is_a_key(name)


UNKNOWN = frozenset({"-1"})


@pytest.mark.parametrize(
    ("kind", "column", "value", "written"),
    [
        ("text", "worker", -1, None),
        ("text", "worker", Decimal("-1"), None),
        ("text", "worker", "-1", "-1"),
        ("integer", "DIM_PERSON_ID", -1, None),
        ("integer", "visits", -1, "-1"),
        ("integer", "visits", Decimal("1E+3"), "1000"),
        ("decimal", "rate", 1e-7, "0.0000001"),
        ("boolean", "open", 0, "0"),
        ("text", "note", True, "true"),
        ("date", "day", datetime(2026, 3, 28, 23, 59), "2026-03-28"),
        ("date", "day", datetime(2026, 6, 28, 23, 59, tzinfo=UTC), "2026-06-29"),
        ("date", "day", 20260328, "20260328"),
        ("text", "place", {"a": Decimal("1.5")}, '{"a":"1.5"}'),
    ],
)
def test_values_are_written_exactly_and_unknown_keys_are_none(
    kind: Any, column: str, value: Any, written: str | None
) -> None:
    assert writer(Field(name="field", type=kind), column, UNKNOWN)(value) == written


@pytest.mark.parametrize("value", [float("inf"), Decimal("NaN"), Decimal("1E+200")])
def test_a_number_that_is_none_is_refused_with_its_column(value: Any) -> None:
    with pytest.raises(Unwritable, match="The column rate"):
        writer(Field(name="field", type="decimal"), "rate")(value)
