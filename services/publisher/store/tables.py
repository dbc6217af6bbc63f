"""The publisher's tables: delivery's, those of the read model, and those of what is kept for good.

`figures` finds the values of an indicator by kind of period and date, also those that are gone
by now; the values themselves stay in `held`. `figure_versions` keeps every version of a value
that arrived, for "as known on". `ledger_lines` finds the records behind a cost centre's year; the
records themselves stay in `held` too. `record_months` finds those that may stand behind a figure.
`state_versions` keeps every version of the states that people answer for. `frozen_reports` and
`frozen_entries` hold quarters as they were reported.
Rule: what is frozen is inserted once, and nothing updates or deletes it.
"""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text, text

from shared.delivery.tables import Key, delivery_tables

metadata = MetaData()
TABLES = delivery_tables(metadata)
HELD = TABLES.held

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

LEDGER_LINES = Table(
    "ledger_lines",
    metadata,
    Column("subject", Key, primary_key=True),
    Column("role", Text, nullable=False),
    Column("year", Text, nullable=False),
    Column("cost_centre", Text, nullable=False),
    # 0 for what stands in no period of its year, such as a budget for all of it.
    Column("period", BigInteger, nullable=False),
    Column("subjective", Text, nullable=False),
    Index("ledger_lines_pages", "cost_centre", "year", "role", "period", "subject"),
)

LEDGER_REFERENCES = Table(
    "ledger_references",
    metadata,
    Column("subject", Key, primary_key=True),
    # contract or scheme, and which one.
    Column("kind", Text, primary_key=True),
    Column("reference", Text, nullable=False),
    Column("year", Text, nullable=False),
    Column("period", BigInteger, nullable=False),
    Index("ledger_references_pages", "kind", "reference", "year", "period", "subject"),
)

RECORD_MONTHS = Table(
    "record_months",
    metadata,
    Column("dataset", Key, primary_key=True),
    # Of one of its dates; empty for what came in and has not left.
    Column("month", Key, primary_key=True),
    Column("subject", Key, primary_key=True),
    sqlite_with_rowid=False,
)

STATE_VERSIONS = Table(
    "state_versions",
    metadata,
    Column("subject", Key, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("time", Text, nullable=False),
    Column("body", LargeBinary),
    # The batch that led to it, where it is known.
    Column("correlation", Text, nullable=False, server_default=""),
)

FROZEN_REPORTS = Table(
    "frozen_reports",
    metadata,
    Column("period", Key, primary_key=True),
    # When somebody froze the quarter, and when its copy was taken here.
    Column("frozen_at", Text, nullable=False),
    Column("taken_at", Text, nullable=False),
    Column("cursor", BigInteger, nullable=False),
    Column("store", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    # How many entries there are of each topic, as JSON.
    Column("counts", Text, nullable=False),
)

FROZEN_ENTRIES = Table(
    "frozen_entries",
    metadata,
    Column("period", Key, primary_key=True),
    Column("topic", Key, primary_key=True),
    Column("subject", Key, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("time", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# What the stream reads: everything but records, in the order in which it was applied.
LIVE = "topic <> 'irf.records'"
Index(
    "held_live",
    TABLES.held.c.cursor,
    sqlite_where=text(LIVE),
    postgresql_where=text(LIVE),
)
