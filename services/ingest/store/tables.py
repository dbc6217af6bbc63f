"""The ingest service's tables: delivery's, and what is known about each batch."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, MetaData, Table, Text

from shared.delivery.tables import delivery_tables

metadata = MetaData()
TABLES = delivery_tables(metadata)

# One request that was let in. The check bars a receipt that does not add up.
BATCHES = Table(
    "batches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created", Text, nullable=False),
    Column("dataset", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("received", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("detail", Text, nullable=False),
    CheckConstraint("received = accepted + unchanged + rejected", name="batches_add_up"),
)

# Every fault of every rejected row, numbered within its batch.
REJECTIONS = Table(
    "rejections",
    metadata,
    Column("batch", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("row", BigInteger, nullable=False),
    Column("field", Text),
    Column("rule", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("raw", Text),
)

# Which request a key was used for, and the batch it became.
IDEMPOTENCY = Table(
    "idempotency",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("body_hash", Text, nullable=False),
    Column("batch", Text, nullable=False),
    Column("created", Text, nullable=False),
    Index("idempotency_created", "created"),
)
