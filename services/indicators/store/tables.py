"""The indicators service's tables: delivery's, and how each measure was counted."""

from sqlalchemy import Column, MetaData, Table, Text

from shared.delivery.tables import delivery_tables

metadata = MetaData()
TABLES = delivery_tables(metadata)

# By which definitions, and for which breakdowns, a measure's cells were counted. Where that is not
# what is wanted now, the measure is counted again.
COUNTED = Table(
    "counted",
    metadata,
    Column("measure", Text, primary_key=True),
    Column("how", Text, nullable=False),
)
