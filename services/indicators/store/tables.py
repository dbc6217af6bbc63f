"""The indicators service's tables: delivery's, and the span of each measure."""

from sqlalchemy import Column, MetaData, Table, Text

from shared.delivery.tables import delivery_tables

metadata = MetaData()
TABLES = delivery_tables(metadata)

# The first and the last month in which a measure ever had a cell. A stock and a year to date run
# up to the last month in which anything happened, which no single cell knows.
SPANS = Table(
    "spans",
    metadata,
    Column("measure", Text, primary_key=True),
    Column("first_month", Text, nullable=False),
    Column("last_month", Text, nullable=False),
)
