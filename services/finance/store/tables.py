"""The finance service's tables: delivery's, and none besides."""

from sqlalchemy import MetaData

from shared.delivery.tables import delivery_tables

metadata = MetaData()
TABLES = delivery_tables(metadata)
