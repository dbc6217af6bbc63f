"""The risk service's tables: delivery's, and which records and states belong to which thing."""

from sqlalchemy import Column, Index, MetaData, Table

from shared.delivery.tables import Key, delivery_tables

metadata = MetaData()
TABLES = delivery_tables(metadata)

# What a record is part of, or names: `kind` says how, `target` what. See store.links.
LINKS = Table(
    "links",
    metadata,
    Column("record", Key, primary_key=True),
    Column("kind", Key, primary_key=True),
    Column("target", Key, primary_key=True),
    Index("links_target", "kind", "target", "record"),
)
