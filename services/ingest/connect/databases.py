"""How each kind of database is reached, and made to let nothing be changed.

Rule: one transaction that may only read, with an end to every wait. What a place may say is listed
here: an option of the driver's could lead anywhere.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, text

from services.ingest.connect.reach import PORTS
from services.ingest.connect.source import Fetching, SourceFailed

CONNECT_SECONDS = 10
LOCK_SECONDS = 30
STATEMENT_SECONDS = 600

_DATABASE = re.compile(r"[\w$#. -]{1,128}")


class _Kind(NamedTuple):
    """A kind of database: SQLAlchemy's name for it, the package that speaks to it, what a place may
    say besides its schema, and what is said first, in the one transaction."""

    dialect: str
    package: str
    options: Mapping[str, Sequence[str]]
    first: Sequence[str]


_KINDS: dict[str, _Kind] = {
    "postgresql": _Kind(
        "postgresql+psycopg",
        "psycopg",
        {"sslmode": ("disable", "prefer", "require", "verify-full")},
        (
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
            "SET TRANSACTION READ ONLY",
            f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'",
            f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'",
            "SET LOCAL TIME ZONE 'UTC'",
        ),
    ),
    # SQL Server knows no transaction that may only read: the login decides.
    "mssql": _Kind(
        "mssql+mssqlpython", "mssql-python", {}, (f"SET LOCK_TIMEOUT {LOCK_SECONDS * 1000}",)
    ),
    "oracle": _Kind(
        "oracle+oracledb",
        "oracledb",
        {"protocol": ("tcp", "tcps")},
        ("SET TRANSACTION READ ONLY",),
    ),
}


class Place(NamedTuple):
    """A database and the schema that views are in."""

    engine: Engine
    schema: str | None


def place(asked: Fetching) -> Place:
    """The database that a connector names. Raises SourceFailed, OutOfReach."""
    found = asked.reach.address(asked.connector.place)
    kind = _KINDS[found.scheme]
    database = unquote(found.path.lstrip("/"))
    if not _DATABASE.fullmatch(database):
        raise SourceFailed("The place names no database: write postgresql://host:port/database.")
    options = _options(found, kind)
    if not asked.connector.credentials:
        raise SourceFailed("A database is read with a login of its own: name its credentials.")
    user, password = asked.need("user"), asked.need("password")
    query, more = _driver(found.scheme, database, options, asked)
    address = URL.create(
        kind.dialect,
        user,
        password,
        found.hostname,
        found.port or PORTS[found.scheme],
        None if found.scheme == "oracle" else database,
        query,
    )
    try:
        engine = create_engine(address, poolclass=NullPool, hide_parameters=True, connect_args=more)
    except ImportError:
        raise SourceFailed(
            f"What a connector to {found.scheme} needs is not installed: {kind.package} (the extra"
            " databases)."
        ) from None
    return Place(engine, options.get("schema"))


def begin(connection: Connection) -> None:
    """Says what comes first: this transaction only reads, and waits for nothing too long."""
    name = connection.dialect.name
    for said in _KINDS[name].first:
        connection.execute(text(said))
    driver: Any = connection.connection.driver_connection
    if name == "oracle":
        driver.call_timeout = STATEMENT_SECONDS * 1000
    elif name == "mssql":
        driver.timeout = STATEMENT_SECONDS


def _options(found: SplitResult, kind: _Kind) -> dict[str, str]:
    options = dict(parse_qsl(found.query, keep_blank_values=True))
    for name, value in options.items():
        if name == "schema" and _DATABASE.fullmatch(value):
            continue
        if value not in kind.options.get(name, ()):
            known = ", ".join(["schema", *kind.options])
            raise SourceFailed(
                f"The place says {name}={value[:40]}, which is not understood: it may say {known}."
            )
    return options


def _driver(
    scheme: str, database: str, options: Mapping[str, str], asked: Fetching
) -> tuple[dict[str, str], dict[str, Any]]:
    """What a driver is told besides the address: in its query, and as arguments."""
    match scheme:
        case "postgresql":
            more: dict[str, Any] = {
                "connect_timeout": CONNECT_SECONDS,
                "application_name": "irf-ingest",
                "prepare_threshold": None,
                "sslmode": options.get("sslmode", "prefer"),
            }
            if authority := asked.secret.get("ca"):
                # The library takes a file alone.
                file = Path(asked.folder) / "authority.pem"
                file.write_text(authority, "ascii")
                more |= {"sslmode": "verify-full", "sslrootcert": str(file)}
            return {}, more
        case "mssql":
            # Encrypted, and the certificate checked, unless a driver's default ever changes.
            query = {"ApplicationIntent": "ReadOnly", "Encrypt": "yes"}
            return query, {"timeout": CONNECT_SECONDS}
    protocol = options.get("protocol", "tcp")
    arguments = {"tcp_connect_timeout": CONNECT_SECONDS, "protocol": protocol}
    return {"service_name": database}, arguments
