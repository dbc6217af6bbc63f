"""Which payments were made under a contract or a capital scheme: for pages of them.

What is held already is found by a rebuild (`irf replay publisher`); new records come by themselves.
"""

import sqlalchemy as sa
from alembic import op

from shared.delivery.tables import Key

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the table and its index."""
    op.create_table(
        "ledger_references",
        sa.Column("subject", Key, primary_key=True),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("year", sa.Text(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
    )
    op.create_index(
        "ledger_references_pages",
        "ledger_references",
        ["kind", "reference", "year", "period", "subject"],
    )


def downgrade() -> None:
    """Takes them away."""
    op.drop_table("ledger_references")
