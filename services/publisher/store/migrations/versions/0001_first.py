"""The first form of the store: delivery's tables, figures and their versions."""

import sqlalchemy as sa
from alembic import op

from shared.delivery.migration import create_delivery_tables, drop_delivery_tables

revision = "0001"
down_revision = None

LIVE = "topic <> 'irf.records'"


def upgrade() -> None:
    """Makes the tables."""
    create_delivery_tables()
    op.create_index(
        "held_live", "held", ["cursor"], sqlite_where=sa.text(LIVE), postgresql_where=sa.text(LIVE)
    )
    words = ("indicator", "field", "member", "kind", "opens", "period", "ends")
    op.create_table(
        "figures",
        sa.Column("subject", sa.Text(), primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in words),
    )
    op.create_index("figures_series", "figures", ["indicator", "field", "kind", "ends"])
    op.create_table(
        "figure_versions",
        sa.Column("subject", sa.Text(), primary_key=True),
        sa.Column("version", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary()),
    )


def downgrade() -> None:
    """Takes them away."""
    op.drop_table("figure_versions")
    op.drop_table("figures")
    op.drop_index("held_live", "held")
    drop_delivery_tables()
