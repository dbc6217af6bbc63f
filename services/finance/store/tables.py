"""The finance service's tables: delivery's, and the payments that hints compare."""

from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Text

from shared.delivery.tables import Key, delivery_tables

metadata = MetaData()
TABLES = delivery_tables(metadata)

# What a ledger's hints compare. `near` is the mark of those that may be duplicates of each other
# with the stretch of time that the payment is in, `together` that of those that may be parts of one
# purchase; NULL where there are none. What is in no group is not here.
PAYMENTS = Table(
    "payments",
    metadata,
    Column("ledger", Key, primary_key=True),
    Column("record", Key, primary_key=True),
    Column("near", Key),
    Column("together", Key),
    Column("day", Key, nullable=False),
    Column("pence", BigInteger, nullable=False),
    Column("unit", Text, nullable=False),
    Index("payments_near", "near", "day", "record"),
    Index("payments_together", "together", "day", "record"),
)
