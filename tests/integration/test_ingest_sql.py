"""A database is read into a dataset, from a real PostgreSQL."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from deploy.brokers.ports import free_port
from services.ingest.connect import databases
from services.ingest.connect.sql import _Reading
from tests.integration.connecting import catalogue, connecting
from tests.postgres import PostgresServer

pytestmark = pytest.mark.postgres

UUID = "7d444840-9dc0-11d1-b245-5ffdce74fad2"
TABLE = """
CREATE TABLE base (
    "Ref" text, received timestamp, amount numeric(12, 3), ward integer,
    resident text DEFAULT 'a name', changed timestamptz
);
CREATE VIEW requests AS SELECT * FROM base;
"""


class Source:
    """A database to read from, and what a connector to it needs."""

    def __init__(self, url: str, folder: Path) -> None:
        address = make_url(url)
        self.address = url.replace("+psycopg", "")
        self.origin = f"postgresql://127.0.0.1:{address.port}"
        self.place = f"{self.origin}/{address.database}"
        self.secrets = folder / "secrets"
        self.login("postgres", "any-password")
        self.settings: dict[str, Any] = {"reach": self.origin, "secrets": self.secrets}

    def login(self, user: str, password: str) -> None:
        self.secrets.mkdir(exist_ok=True)
        said = json.dumps({"user": user, "password": password})
        (self.secrets / "db.json").write_text(said)

    @contextmanager
    def open(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.address) as connection:
            yield connection

    def do(self, *statements: str) -> None:
        with self.open() as connection:
            for each in statements:
                connection.execute(each.encode())

    def asks(self, **query: Any) -> dict[str, Any]:
        """A connector that asks this."""
        return {
            "kind": "sql",
            "place": self.place,
            "credentials": "db",
            "schedule": "every 15 minutes",
            "query": {"select": "requests", **query},
        }


@pytest.fixture
def source(postgres_url: str, tmp_path: Path) -> Source:
    made = Source(postgres_url, tmp_path)
    made.do(TABLE)
    return made


async def test_a_view_is_compared_in_full_and_what_is_gone_there_is_gone_here(
    source: Source, tmp_path: Path
) -> None:
    source.do(
        """INSERT INTO base VALUES ('A', '2026-05-01 23:30', 12.5, 7), ('B', NULL, -0.10, -1)"""
    )
    async with connecting(tmp_path, **source.settings) as at:
        await at.apply(catalogue(source.asks()))
        run = await at.run("source")
        assert (run.outcome, run.accepted, run.rejected) == ("done", 2, 0)
        assert await at.records("requests") == {
            "A": {"ref": "A", "received": "2026-05-01", "amount": "12.50", "ward": "7"},
            # -1 in a key to another table stands for none.
            "B": {"ref": "B", "received": None, "amount": "-0.10", "ward": None},
        }
        batch = await at.batch(run.batches[0])
        # What the contract does not name was never asked for.
        assert (batch.mode, batch.detail["columns_dropped"]) == ("full", ["resident", "changed"])
        source.do("""DELETE FROM base WHERE "Ref" = 'B'""")
        run = await at.run("source")
        assert (run.accepted, run.unchanged, run.deleted) == (0, 1, 1)
        assert set(await at.records("requests")) == {"A"}


async def test_rows_that_share_a_key_are_not_told_right_by_chance(
    source: Source, tmp_path: Path
) -> None:
    source.do("""INSERT INTO base VALUES ('A', NULL, 1, 1), ('A', NULL, 2, 1)""")
    async with connecting(tmp_path, **source.settings) as at:
        await at.apply(catalogue(source.asks()))
        run = await at.run("source")
        assert (run.accepted, run.rejected) == (1, 1)
        [rejection] = await at.rejections(run.batches[0])
        assert rejection.rule == "duplicate-key"


async def test_only_what_is_new_is_read_by_a_watermark(source: Source, tmp_path: Path) -> None:
    source.do(
        """INSERT INTO base ("Ref", changed) VALUES
        ('A', '2026-07-01 06:00Z'), ('B', '2026-07-01 08:00Z'), ('N', NULL)"""
    )
    async with connecting(tmp_path, **source.settings) as at:
        await at.apply(catalogue(source.asks(watermark="changed")))
        run = await at.run("source")
        assert (run.received, run.accepted) == (3, 3)
        assert (await at.batch(run.batches[0])).mode == "changes"
        position = (await at.standing("source")).position
        assert (position["watermark"], position["type"]) == ("2026-07-01T08:00:00+00:00", "time")
        # At the boundary and without a watermark: read again. Before it: not.
        source.do(
            """INSERT INTO base ("Ref", changed) VALUES
            ('C', '2026-07-01 07:00Z'), ('D', '2026-07-01 06:59:59Z'), ('E', '2026-07-01 08:30Z')"""
        )
        run = await at.run("source")
        assert (run.received, run.accepted, run.unchanged) == (4, 2, 2)
        assert set(await at.records("requests")) == {"A", "B", "C", "E", "N"}
        source.do("DELETE FROM base")
        run = await at.run("source")
        assert (run.outcome, run.extracts) == ("done", 0)
        assert len(await at.records("requests")) == 5  # A deletion leaves no watermark.


async def test_a_row_that_was_committed_late_is_not_lost(source: Source, tmp_path: Path) -> None:
    insert = b'INSERT INTO base ("Ref", changed) VALUES (%s, %s)'
    async with connecting(tmp_path, **source.settings) as at:
        await at.apply(catalogue(source.asks(watermark="changed", overlap_minutes=30)))
        with source.open() as slow, source.open() as too_slow:
            slow.execute(insert, ("late", "2026-07-01 08:31Z"))
            too_slow.execute(insert, ("too-late", "2026-07-01 08:29Z"))
            with source.open() as quick:
                quick.execute(insert, ("quick", "2026-07-01 09:00Z"))
            await at.run("source")
            assert set(await at.records("requests")) == {"quick"}
        await at.run("source")
        # What lies before the overlap is the limit of a watermark.
        assert set(await at.records("requests")) == {"quick", "late"}
        document = catalogue(source.asks(watermark="changed", overlap_minutes=30))
        weekly = {"code": "weekly", "title": "Weekly", "dataset": "requests"}
        document["connectors"].append(
            weekly | source.asks() | {"schedule": "weekly on Sunday at 02:00"}
        )
        await at.apply(document)
        source.do("""DELETE FROM base WHERE "Ref" = 'quick'""")
        run = await at.run("weekly")
        # A full compare finds both what came too late and what is gone.
        assert (run.accepted, run.unchanged, run.deleted) == (1, 1, 1)
        assert set(await at.records("requests")) == {"late", "too-late"}
        await at.run("source")
        assert set(await at.records("requests")) == {"late", "too-late"}


async def test_a_number_is_a_watermark_and_a_time_in_the_future_does_not_hide_the_rest(
    source: Source, tmp_path: Path
) -> None:
    source.do(
        'CREATE TABLE numbered ("Ref" text, id bigint, day date)',
        "INSERT INTO numbered VALUES ('A', 5, '2026-06-30'), ('B', 10, '2999-01-01')",
    )
    async with connecting(tmp_path, **source.settings) as at:
        await at.apply(catalogue(source.asks(select="numbered", watermark="ID", overlap=2)))
        await at.run("source")
        assert (await at.standing("source")).position["watermark"] == "10"
        source.do("INSERT INTO numbered VALUES ('C', 8, '2026-07-01'), ('D', 7, '2026-07-01')")
        await at.run("source")
        assert set(await at.records("requests")) == {"A", "B", "C"}
        # Another watermark: everything is read again.
        await at.apply(catalogue(source.asks(select="numbered", watermark="day")))
        run = await at.run("source")
        assert (run.received, run.accepted) == (4, 1)
        assert (await at.standing("source")).position["watermark"] == "2026-07-01"
        assert "2999-01-01" in (await at.batch(run.batches[0])).detail["notes"][0]


async def test_a_select_reads_and_nothing_else(source: Source, tmp_path: Path) -> None:
    source.do(
        "INSERT INTO base VALUES ('A', NULL, 1, 1)",
        """CREATE FUNCTION meddle() RETURNS text LANGUAGE plpgsql AS
        $$ BEGIN DELETE FROM base; RETURN 'done'; END $$""",
        "CREATE SCHEMA other",
        """CREATE VIEW other."Some_View" AS SELECT 'V' AS "Ref", 2 AS amount, 3 AS ward""",
    )
    async with connecting(tmp_path, **source.settings) as at:
        for said, reason in {
            'SELECT "Ref", meddle() AS ward, 1 AS amount FROM base': "read-only",
            'WITH gone AS (DELETE FROM base RETURNING "Ref") SELECT * FROM gone': "top level",
            'SELECT "Ref" FROM (DELETE FROM base RETURNING 1) AS x': "syntax error",
            "SELECT 1 AS other FROM base": "None of its columns",
            'SELECT "Ref" FROM nowhere': 'relation "nowhere" does not exist',
        }.items():
            await at.apply(catalogue(source.asks(select=said)))
            run = await at.run("source")
            assert (run.outcome, run.extracts) == ("failed", 0), said
            assert reason in (run.reason or ""), run.reason
        # Colons, percent signs and comments are the query's own.
        said = """SELECT "Ref", '1' || current_setting('transaction_read_only')::text AS ward,
            (SELECT 12.5 WHERE '10:30%' LIKE '%:3%%') AS amount FROM base -- all of it"""
        await at.apply(catalogue(source.asks(select=said)))
        run = await at.run("source")
        assert run.reason is None
        record = {"ref": "A", "received": None, "amount": "12.50", "ward": "1on"}
        assert await at.records("requests") == {"A": record}
        await at.apply(catalogue(source.asks(select="other.nothing")))
        assert "other.nothing" in ((await at.run("source")).reason or "")
        for said, schema in {"other.Some_View": "", "Some_View": "?schema=other"}.items():
            place = {"place": source.place + schema}
            await at.apply(catalogue(source.asks(select=said) | place))
            assert (await at.run("source", confirmed=True)).reason is None
            assert set(await at.records("requests")) == {"V"}


async def test_a_contract_that_does_not_fit_the_columns_is_refused(
    source: Source, tmp_path: Path
) -> None:
    source.do("INSERT INTO base VALUES ('A', NULL, 1, 1)")
    document = catalogue(source.asks())
    document["datasets"][0]["fields"][3] = {"name": "parish", "type": "text"}
    async with connecting(tmp_path, **source.settings) as at:
        await at.apply(document)
        run = await at.run("source")
        assert run.outcome == "failed"
        assert "The column for parish is missing." in (run.reason or "")


async def test_values_come_exactly_and_a_column_of_bytes_is_named(
    source: Source, tmp_path: Path
) -> None:
    kinds = {
        "whole": ("integer", "-1::bigint", -1),
        "other_id": ("integer", "-1", None),
        "exact": ("decimal", "12345678901234567890.10::numeric", "12345678901234567890.1"),
        "rough": ("decimal", "0.1::float8", "0.1"),
        "pounds": ("money", "'-1234.5'::numeric(9, 3)", "-1234.50"),
        "truth": ("boolean", "true", True),
        "bit": ("boolean", "1", True),
        "count": ("integer", "true", 1),
        "day": ("date", "'2026-05-01'::date", "2026-05-01"),
        # In London it is the next day already.
        "summer": ("date", "'2026-05-01 23:30Z'::timestamptz", "2026-05-02"),
        "wall": ("datetime", "'2026-05-01 23:30'::timestamp", "2026-05-01T23:30:00"),
        "moment": ("datetime", "'2026-05-01 23:30Z'::timestamptz", "2026-05-02T00:30:00"),
        "id": ("text", f"'{UUID}'::uuid", UUID),
        "text_minus": ("text", "'-1'::text", "-1"),
        "took": ("text", "'1 day 2 hours'::interval", "1 day, 2:00:00"),
        "listed": ("text", "'{1,2}'::int[]", "[1,2]"),
    }  # fmt: skip
    fields = [{"name": name, "type": kind} for name, (kind, _, _) in kinds.items()]
    own = [
        {"name": "ref", "type": "text"},
        {"name": "turned", "type": "date", "formats": ["%Y-%d-%m"]},
    ]
    selected = ", ".join(f"{said} AS {name}" for name, (_, said, _) in kinds.items())
    select = f"SELECT 'A' AS ref, '2026-05-04'::timestamp AS turned, {selected}"
    async with connecting(tmp_path, **source.settings) as at:
        await at.apply(catalogue(source.asks(select=select), fields=own + fields))
        run = await at.run("source")
        rejections = await at.rejections(run.batches[0])
        assert rejections == []
        told = {name: value for name, (_, _, value) in kinds.items()}
        assert await at.records("requests") == {"A": {"ref": "A", "turned": "2026-05-04", **told}}
        strange = "SELECT 'B' AS ref, 'NaN'::numeric AS exact UNION ALL SELECT 'C', 1"
        optional = [own[0], {"name": "exact", "type": "decimal"}]
        await at.apply(catalogue(source.asks(select=strange), fields=optional))
        run = await at.run("source", confirmed=True)
        assert (run.accepted, run.rejected) == (1, 1)
        [rejection] = await at.rejections(run.batches[0])
        assert (rejection.rule, "exact" in rejection.reason) == ("unreadable", True)
        await at.apply(
            catalogue(
                source.asks(select="SELECT 'A' AS ref, '\\x00'::bytea AS exact"), fields=optional
            )
        )
        assert "The column exact holds bytes" in ((await at.run("source")).reason or "")


async def test_what_goes_wrong_is_said_without_a_secret(
    source: Source, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    source.do("INSERT INTO base VALUES ('A', NULL, 1, 1)")
    with source.open() as connection:
        # Trust nobody of this name: others on the server are let in as before.
        connection.execute(b"CREATE ROLE locked LOGIN PASSWORD 'right-password'")
        connection.execute(b"GRANT SELECT ON requests TO locked")
        lines = "'host all locked 127.0.0.1/32 scram-sha-256'), ('host all all 127.0.0.1/32 trust'"
        found = connection.execute(b"SHOW hba_file").fetchone()
        loaded = connection.execute(b"SELECT pg_conf_load_time()").fetchone()
        assert found is not None
        connection.execute(f"COPY (VALUES ({lines})) TO '{found[0]}'".encode())
        connection.commit()
        connection.execute(b"SELECT pg_reload_conf()")
        while connection.execute(b"SELECT pg_conf_load_time()").fetchone() == loaded:
            connection.commit()
    async with connecting(tmp_path, **source.settings) as at:
        await at.apply(catalogue(source.asks(), extract="changes"))

        async def fails(reason: str) -> None:
            run = await at.run("source")
            assert (run.outcome, run.extracts) == ("failed", 0)
            assert reason in (run.reason or ""), run.reason
            assert "password-" not in (run.reason or "")

        source.login("locked", "wrong-password-1")
        await fails("password authentication failed")
        source.login("locked", "right-password")
        assert (await at.run("source")).accepted == 1
        source.do("REVOKE SELECT ON requests FROM locked")
        await fails("permission denied for view requests")
        (source.secrets / "db.json").write_text('{"user": "locked"}')
        await fails("have no password")
        source.login("postgres", "any")
        for place, reason in {
            "postgresql://127.0.0.1:1/x": "is not among the places",
            source.origin: "names no database",
            f"{source.place}?host=elsewhere": "host=elsewhere, which is not understood",
            f"{source.origin}/nowhere": 'database "nowhere" does not exist',
            f"{source.place}?sslmode=require": "SSL",
            f"{source.place}?schema=other": "other.requests",
        }.items():
            await at.apply(catalogue(source.asks() | {"place": place}))
            await fails(reason)
        await at.apply(catalogue(source.asks() | {"credentials": None}))
        await fails("name its credentials")
    source.do("DROP OWNED BY locked", "DROP ROLE locked")


async def test_a_lock_is_not_waited_for_without_an_end(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.ingest.connect.databases._KINDS", shorter())
    async with connecting(tmp_path, **source.settings) as at:
        await at.apply(catalogue(source.asks()))
        with source.open() as other:
            other.execute(b"LOCK TABLE base IN ACCESS EXCLUSIVE MODE")
            run = await at.run("source")
        assert "lock timeout" in (run.reason or "")


def shorter() -> Any:
    """The kinds of databases, with no patience for locks."""
    kind = databases._KINDS["postgresql"]
    first = [each.replace("'30s'", "'50ms'") for each in kind.first]
    assert first != list(kind.first)
    return {"postgresql": kind._replace(first=first)}


async def test_a_database_that_dies_while_it_is_read_leaves_all_as_it_was(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.do("""INSERT INTO base ("Ref") SELECT 'R' || n FROM generate_series(1, 50) n""")
    wrote = _Reading._write
    parts = []

    def dies(self: Any, *given: Any) -> Any:
        parts.append(1)
        if len(parts) == 2:
            source.do(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'irf-ingest' AND datname = current_database()"""
            )
        return wrote(self, *given)

    async with connecting(tmp_path, **source.settings) as at:
        await at.apply(catalogue(source.asks()))
        assert (await at.run("source")).accepted == 50
        source.do("""INSERT INTO base ("Ref") SELECT 'S' || n FROM generate_series(1, 5000) n""")
        with monkeypatch.context() as patch:
            patch.setattr(_Reading, "_write", dies)
            run = await at.run("source")
        assert (run.outcome, run.extracts) == ("failed", 0)
        assert "The database says: " in (run.reason or "")
        assert len(await at.records("requests")) == 50
        assert (await at.run("source")).accepted == 5000
        assert (await at.standing("source")).failures == 0


async def test_a_database_that_is_away_is_said_to_be(source: Source, tmp_path: Path) -> None:
    away = f"postgresql://127.0.0.1:{free_port()}"
    async with connecting(tmp_path, **source.settings | {"reach": away}) as at:
        await at.apply(catalogue(source.asks() | {"place": f"{away}/any"}))
        run = await at.run("source")
        assert "The database says: connection failed" in (run.reason or "")


@pytest.mark.parametrize(
    ("place", "module", "package"),
    [
        ("oracle://127.0.0.1:1521/mart", "oracledb", "oracledb"),
        ("mssql://127.0.0.1:1433/mart", "mssql_python", "mssql-python"),
    ],
)
async def test_a_driver_that_is_not_installed_is_named(
    source: Source,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    module: str,
    package: str,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    async with connecting(tmp_path, **source.settings | {"reach": place}) as at:
        await at.apply(catalogue(source.asks() | {"place": place}))
        reason = (await at.run("source")).reason or ""
        assert f"needs is not installed: {package} (the extra databases)" in reason


def test_many_rows_are_read_in_bounded_memory(source: Source, tmp_path: Path) -> None:
    """200,000 rows of 60 MB in a process of its own, whose greatest size is looked at."""
    source.do(
        """CREATE VIEW wide AS SELECT 'R' || n AS "Ref", repeat('w', 300) AS ward, n AS amount
        FROM generate_series(1, 200000) n"""
    )
    said = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.integration.read_sql",
            source.place,
            source.origin,
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    before, after, rows = (int(each) for each in said.stdout.split())
    assert rows == 200_000
    assert after - before < 20 * 1024, f"{before} KiB, then {after} KiB"
