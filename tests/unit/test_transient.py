"""Which failures of a store are worth waiting for."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from shared.messaging.consumer import is_transient

CAUSE = RuntimeError("away")


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("select 1", {}, CAUSE),
        InterfaceError("select 1", {}, CAUSE),
        sqlite3.OperationalError("database is locked"),
        psycopg.OperationalError("server closed the connection"),
    ],
)
def test_a_store_that_is_away_is_waited_for(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize(
    "error", [ValueError("no"), KeyError("no"), IntegrityError("insert", {}, CAUSE)]
)
def test_what_would_fail_again_is_not(error: Exception) -> None:
    assert not is_transient(error)
