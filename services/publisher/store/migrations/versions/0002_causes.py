"""Which batch led to a version of a figure: for its history, with what changed and why.

Of versions kept before, it is not known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds the column."""
    op.add_column(
        "figure_versions",
        sa.Column("correlation", sa.Text(), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Takes it away."""
    with op.batch_alter_table("figure_versions") as table:
        table.drop_column("correlation")
