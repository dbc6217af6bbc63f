"""The ingest service's tables: delivery's, and what is known about each batch."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from shared.delivery.tables import Key, delivery_tables

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
    Index("batches_of_dataset", "dataset", "created"),
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

# What each rejected row of a file said in the columns that its contract names, so that it can be
# mended. `fixed_by` is the batch that brought it in after all.
REJECTED_ROWS = Table(
    "rejected_rows",
    metadata,
    Column("batch", Text, primary_key=True),
    Column("row", BigInteger, primary_key=True, autoincrement=False),
    Column("cells", Text, nullable=False),
    Column("fixed_by", Text),
)

# What each record was before a batch changed it, and a fingerprint of the state that the batch made
# of it: its undo. A record that is still in that state goes back.
BEFORE = Table(
    "batch_before",
    metadata,
    Column("batch", Text, primary_key=True),
    Column("subject", Key, primary_key=True),
    Column("made", BigInteger, nullable=False),
    Column("body", LargeBinary),
    sqlite_with_rowid=False,
)

# Files that somebody looks at before they are applied, and what was sent and is kept: `batch` is
# the batch that it became, blank while it waits to be applied. `until` is when it goes.
EXTRACTS = Table(
    "extracts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("dataset", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("batch", Text),
    Column("sheet", Text),
    Index("extracts_batch", "batch"),
    Index("extracts_until", "until"),
)

# The columns that the last file of a dataset had, so that a new one is noticed.
COLUMNS = Table(
    "file_columns",
    metadata,
    Column("dataset", Text, primary_key=True),
    Column("names", Text, nullable=False),
    Column("seen", Text, nullable=False),
)

# Where each connector stands in its source, when it is due, and which process has it in hand.
CONNECTIONS = Table(
    "connections",
    metadata,
    Column("connector", Text, primary_key=True),
    Column("position", Text),
    Column("due", Text),
    Column("holder", Text),
    Column("held_until", Text),
    Column("failures", Integer, nullable=False),
    Column("looked", Text),
    Column("reason", Text),
)

# One run of a connector. `outcome` is running, done, failed or cut off.
RUNS = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("connector", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("ended", Text),
    Column("outcome", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("extracts", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("received", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("reason", Text),
    Column("detail", Text, nullable=False),
    Index("runs_of_connector", "connector", "started"),
)
