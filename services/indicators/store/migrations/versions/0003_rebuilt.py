"""What topics say while a rebuild reads them again, beside what is held."""

from alembic import op

from shared.delivery.migration import create_rebuilt

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the table."""
    create_rebuilt()


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("rebuilt")
