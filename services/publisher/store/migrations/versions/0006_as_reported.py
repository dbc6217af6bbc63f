"""Quarters as they were reported, and every version of what people answer for.

A store that is there already may have seen any quarter be frozen: it counts as older than all of
them, so its mark `born` is empty. A new store writes the mark when it first starts.
"""

import sqlalchemy as sa
from alembic import op

from shared.delivery.tables import Key

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Makes the tables, and notes of a store that is in use that it is old."""
    op.create_table(
        "state_versions",
        sa.Column("subject", Key, primary_key=True),
        sa.Column("version", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("correlation", sa.Text(), nullable=False, server_default=""),
    )
    op.create_table(
        "frozen_reports",
        sa.Column("period", Key, primary_key=True),
        sa.Column("frozen_at", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.Text(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
    )
    op.create_table(
        "frozen_entries",
        sa.Column("period", Key, primary_key=True),
        sa.Column("topic", Key, primary_key=True),
        sa.Column("subject", Key, primary_key=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.execute(
        "INSERT INTO marks (name, value) SELECT 'born', '' FROM marks WHERE name = 'store-id'"
    )


def downgrade() -> None:
    """Takes them away, and with them what was reported."""
    op.drop_table("frozen_entries")
    op.drop_table("frozen_reports")
    op.drop_table("state_versions")
    op.execute("DELETE FROM marks WHERE name = 'born'")
