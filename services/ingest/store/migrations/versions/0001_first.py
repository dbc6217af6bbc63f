"""The first form of the store: delivery's tables, batches, rejections, idempotency."""

import sqlalchemy as sa
from alembic import op

from shared.delivery.migration import create_delivery_tables, drop_delivery_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables."""
    create_delivery_tables()
    counts = [
        sa.Column(name, sa.Integer(), nullable=False)
        for name in ("received", "accepted", "unchanged", "rejected", "deleted")
    ]
    op.create_table(
        "batches",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        *counts,
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint("received = accepted + unchanged + rejected", name="batches_add_up"),
    )
    op.create_table(
        "rejections",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text()),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text()),
        sa.PrimaryKeyConstraint("batch", "number"),
    )
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key"),
    )
    op.create_index("idempotency_created", "idempotency", ["created"])


def downgrade() -> None:
    """Takes them away."""
    for table in ("idempotency", "rejections", "batches"):
        op.drop_table(table)
    drop_delivery_tables()
