"""The first form of the store: delivery's tables, and the span of each measure."""

import sqlalchemy as sa
from alembic import op

from shared.delivery.migration import create_delivery_tables, drop_delivery_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables."""
    create_delivery_tables()
    op.create_table(
        "spans",
        sa.Column("measure", sa.Text(), primary_key=True),
        sa.Column("first_month", sa.Text(), nullable=False),
        sa.Column("last_month", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Takes them away."""
    op.drop_table("spans")
    drop_delivery_tables()
