"""Which records and states belong to which thing.

Upgrading fills nothing: links are made when a catalogue gives datasets their roles.
"""

import sqlalchemy as sa
from alembic import op

from shared.delivery.migration import KEY

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "links",
        sa.Column("record", KEY, primary_key=True),
        sa.Column("kind", KEY, primary_key=True),
        sa.Column("target", KEY, primary_key=True),
    )
    op.create_index("links_target", "links", ["kind", "target", "record"])


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("links")
