"""The first form of the store: delivery's tables."""

from shared.delivery.migration import create_delivery_tables, drop_delivery_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables."""
    create_delivery_tables()


def downgrade() -> None:
    """Takes them away."""
    drop_delivery_tables()
