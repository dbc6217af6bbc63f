"""Which records stand behind a cost centre's year: for pages of them, however many are held.

What is held already is found by a rebuild (`irf replay publisher`); new records come by themselves.
"""

import sqlalchemy as sa
from alembic import op

from shared.delivery.tables import Key

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the table and its index."""
    op.create_table(
        "ledger_lines",
        sa.Column("subject", Key, primary_key=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("year", sa.Text(), nullable=False),
        sa.Column("cost_centre", sa.Text(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("subjective", sa.Text(), nullable=False),
    )
    op.create_index(
        "ledger_lines_pages",
        "ledger_lines",
        ["cost_centre", "year", "role", "period", "subject"],
    )


def downgrade() -> None:
    """Takes them away."""
    op.drop_table("ledger_lines")
