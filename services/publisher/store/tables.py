"""The publisher's tables: delivery's, and two that make the read model quick to ask.

`figures` finds the values of an indicator by kind of period and date, also those that are gone
by now; the values themselves stay in `held`. `figure_versions` keeps every version of a value
that arrived, for "as known on".
"""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text, text

from shared.delivery.tables import delivery_tables

metadata = MetaData()
TABLES = delivery_tables(metadata)

FIGURES = Table(
    "figures",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("indicator", Text, nullable=False),
    # Empty for all records; else the field of the breakdown and its member.
    Column("field", Text, nullable=False),
    Column("member", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # The day from which it is shown: see domain.figures.opens.
    Column("opens", Text, nullable=False),
    Column("period", Text, nullable=False),
    # Year to date periods start on one day: the end tells them apart.
    Column("ends", Text, nullable=False),
    Index("figures_series", "indicator", "field", "kind", "ends"),
)

VERSIONS = Table(
    "figure_versions",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("time", Text, nullable=False),
    Column("body", LargeBinary),
    # The batch that led to it, where it is known.
    Column("correlation", Text, nullable=False, server_default=""),
)

# What the stream reads: everything but records, in the order in which it was applied.
LIVE = "topic <> 'irf.records'"
Index(
    "held_live",
    TABLES.held.c.cursor,
    sqlite_where=text(LIVE),
    postgresql_where=text(LIVE),
)
