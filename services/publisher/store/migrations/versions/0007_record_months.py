"""Which records may stand behind a figure, by month.

The months of what is held already are found when the service starts.
"""

import sqlalchemy as sa
from alembic import op

from shared.delivery.tables import Key

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "record_months",
        *(sa.Column(name, Key, primary_key=True) for name in ("dataset", "month", "subject")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("record_months")
    op.execute("DELETE FROM marks WHERE name = 'record-months'")
