"""Migrations: Alembic brings a service's store to the newest form at start.

Each service keeps its own steps in `services/<name>/store/migrations/versions`; the environment
that runs them is one for all, beside this file.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from shared.db.store import Store

ENVIRONMENT = Path(__file__).parent / "alembic"


def configuration(service: str) -> Config:
    """Alembic's configuration for one service."""
    root = Path(__file__).resolve().parents[2]
    config = Config()
    config.set_main_option("script_location", str(ENVIRONMENT))
    config.set_main_option("path_separator", "newline")
    versions = root / "services" / service / "store" / "migrations" / "versions"
    config.set_main_option("version_locations", str(versions))
    return config


def migrate(store: Store) -> None:
    """Applies the steps that are missing. Two replicas that start at once do it in turn."""
    config = configuration(store.service)
    with store.writer_engine.connect() as connection, connection.begin():
        if not store.sqlite:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4701)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def at_head(connection: Connection, service: str) -> bool:
    """Whether every step has been applied."""
    head = ScriptDirectory.from_config(configuration(service)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head
