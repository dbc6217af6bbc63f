"""How each measure was counted, in place of its span: a measure is counted again when that differs.

Upgrading forgets nothing: with nothing known, every measure is counted again once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "counted",
        sa.Column("measure", sa.Text(), primary_key=True),
        sa.Column("how", sa.Text(), nullable=False),
    )
    op.drop_table("spans")


def downgrade() -> None:
    """Takes it away."""
    op.create_table(
        "spans",
        sa.Column("measure", sa.Text(), primary_key=True),
        sa.Column("first_month", sa.Text(), nullable=False),
        sa.Column("last_month", sa.Text(), nullable=False),
    )
    op.drop_table("counted")
