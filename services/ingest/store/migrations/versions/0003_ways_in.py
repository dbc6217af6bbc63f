"""The ways in: connectors and their runs, kept extracts, rejected rows, and what undoes a batch."""

import sqlalchemy as sa
from alembic import op

from shared.delivery.migration import KEY

revision = "0003"
down_revision = "0002"

COUNTS = ("received", "accepted", "unchanged", "rejected", "deleted")


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    """A column of text."""
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    """Makes the tables."""
    op.create_index("batches_of_dataset", "batches", ["dataset", "created"])
    op.create_table(
        "rejected_rows",
        text("batch"),
        sa.Column("row", sa.BigInteger(), nullable=False),
        text("cells"),
        text("fixed_by", null=True),
        sa.PrimaryKeyConstraint("batch", "row"),
    )
    op.create_table(
        "batch_before",
        text("batch"),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("batch", "subject"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "extracts",
        *[text(name) for name in ("id", "created", "until", "dataset", "mode", "form")],
        *[text(name) for name in ("name", "path")],
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        text("by"),
        text("batch", null=True),
        text("sheet", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("extracts_batch", "extracts", ["batch"])
    op.create_index("extracts_until", "extracts", ["until"])
    op.create_table(
        "file_columns", *[text(name) for name in ("dataset", "names", "seen")],
        sa.PrimaryKeyConstraint("dataset"),
    )  # fmt: skip
    op.create_table(
        "connections",
        text("connector"),
        *[text(name, null=True) for name in ("position", "due", "holder", "held_until")],
        sa.Column("failures", sa.Integer(), nullable=False),
        *[text(name, null=True) for name in ("looked", "reason")],
        sa.PrimaryKeyConstraint("connector"),
    )
    op.create_table(
        "runs",
        *[text(name) for name in ("id", "connector", "started")],
        text("ended", null=True),
        *[text(name) for name in ("outcome", "by")],
        *[sa.Column(name, sa.Integer(), nullable=False) for name in ("extracts", "refused")],
        *[sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS],
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        text("reason", null=True),
        text("detail"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("runs_of_connector", "runs", ["connector", "started"])


def downgrade() -> None:
    """Takes them away."""
    tables = ("runs", "connections", "file_columns", "extracts", "batch_before", "rejected_rows")
    for table in tables:
        op.drop_table(table)
    op.drop_index("batches_of_dataset", "batches")
