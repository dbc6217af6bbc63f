"""Delivery's tables as migration steps: their first form, and what was added since.

Rule: this file is history. A later change of these tables is a new step, not an edit here.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def create_delivery_tables() -> None:
    """Creates owned, held, history, outbox, marks and dead_letters."""
    state: list[tuple[str, Any, bool]] = [
        ("topic", KEY, False),
        ("subject", KEY, False),
        ("version", sa.BigInteger(), False),
        ("body", sa.LargeBinary(), True),
        ("time", sa.Text(), False),
        ("correlation", sa.Text(), False),
    ]

    def columns(*more: tuple[str, Any, bool]) -> list[sa.Column[Any]]:
        return [sa.Column(name, kind, nullable=null) for name, kind, null in (*state, *more)]

    origin = ("origin", sa.Text(), False)
    key = sa.PrimaryKeyConstraint("topic", "subject")
    op.create_table("owned", *columns(origin), key)
    op.create_table(
        "held",
        *columns(origin, ("cursor", sa.BigInteger(), False)),
        sa.PrimaryKeyConstraint("topic", "subject"),
    )
    op.create_table(
        "history", *columns(), sa.PrimaryKeyConstraint("topic", "subject", "version")
    )
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("parcel", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("parked", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("replayed", sa.Text()),
        sqlite_autoincrement=True,
    )
    op.create_index("dead_letters_place", "dead_letters", ["topic", "partition", "position"])


def create_rebuilt() -> None:
    """Creates rebuilt: what topics say while they are read again."""
    op.create_table(
        "rebuilt",
        sa.Column("topic", KEY, nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "subject"),
    )


def drop_delivery_tables() -> None:
    """Takes them away again."""
    for table in ("dead_letters", "marks", "outbox", "history", "held", "owned"):
        op.drop_table(table)
