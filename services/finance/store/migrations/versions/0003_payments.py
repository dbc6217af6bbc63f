"""The payments that hints compare.

Upgrading fills nothing: a ledger is worked out again when its definition names a supplier.
"""

import sqlalchemy as sa
from alembic import op

from shared.delivery.migration import KEY

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "payments",
        sa.Column("ledger", KEY, primary_key=True),
        sa.Column("record", KEY, primary_key=True),
        sa.Column("near", KEY, nullable=True),
        sa.Column("together", KEY, nullable=True),
        sa.Column("day", KEY, nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
    )
    op.create_index("payments_near", "payments", ["near", "day", "record"])
    op.create_index("payments_together", "payments", ["together", "day", "record"])


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("payments")
