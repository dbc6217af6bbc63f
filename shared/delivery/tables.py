"""The tables that delivery needs in every service's store.

Each service's `store/tables.py` adds them to its own metadata with `delivery_tables(metadata)`.
"""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

# SQLite only numbers rows by itself for INTEGER PRIMARY KEY.
Number = BigInteger().with_variant(Integer, "sqlite")
# Subjects are read by prefix and in order: by bytes everywhere, whatever a server's language is.
Key = Text().with_variant(Text(collation="C"), "postgresql")


@dataclass(frozen=True)
class DeliveryTables:
    """Delivery's tables in one service's metadata."""

    owned: Table
    held: Table
    rebuilt: Table
    history: Table
    outbox: Table
    marks: Table
    dead_letters: Table


def delivery_tables(metadata: MetaData) -> DeliveryTables:
    """Adds delivery's tables to `metadata`."""
    state = ("topic", "subject")
    return DeliveryTables(
        # The newest state of everything this service says. body NULL: it is gone.
        owned=Table(
            "owned",
            metadata,
            Column("topic", Key, primary_key=True),
            Column("subject", Key, primary_key=True),
            Column("version", BigInteger, nullable=False),
            Column("body", LargeBinary),
            Column("time", Text, nullable=False),
            Column("correlation", Text, nullable=False),
            Column("origin", Text, nullable=False),
        ),
        # The newest state of everything this service consumed, by a cursor that only grows.
        held=Table(
            "held",
            metadata,
            Column("topic", Key, primary_key=True),
            Column("subject", Key, primary_key=True),
            Column("version", BigInteger, nullable=False),
            Column("body", LargeBinary),
            Column("time", Text, nullable=False),
            Column("correlation", Text, nullable=False),
            Column("origin", Text, nullable=False),
            Column("cursor", BigInteger, nullable=False),
        ),
        # During a rebuild: what the topics have said so far, read again from their beginning.
        rebuilt=Table(
            "rebuilt",
            metadata,
            Column("topic", Key, primary_key=True),
            Column("subject", Key, primary_key=True),
            Column("version", BigInteger, nullable=False),
            Column("body", LargeBinary),
            Column("time", Text, nullable=False),
            Column("correlation", Text, nullable=False),
            Column("origin", Text, nullable=False),
        ),
        # Every version of what this service owns, for the topics that keep their history.
        history=Table(
            "history",
            metadata,
            *(Column(name, Key, primary_key=True) for name in state),
            Column("version", BigInteger, primary_key=True, autoincrement=False),
            Column("body", LargeBinary),
            Column("time", Text, nullable=False),
            Column("correlation", Text, nullable=False),
        ),
        # Parcels of events, committed with the state they tell of; gone once published.
        outbox=Table(
            "outbox",
            metadata,
            Column("id", Number, primary_key=True, autoincrement=True),
            Column("created", Text, nullable=False),
            Column("events", Integer, nullable=False),
            Column("parcel", LargeBinary, nullable=False),
            sqlite_autoincrement=True,
        ),
        # Small facts about delivery itself: how far a topic was published, epochs, the cursor.
        marks=Table(
            "marks",
            metadata,
            Column("name", Text, primary_key=True),
            Column("value", Text, nullable=False),
        ),
        # Events that can never succeed, with why and where they stood.
        dead_letters=Table(
            "dead_letters",
            metadata,
            Column("id", Number, primary_key=True, autoincrement=True),
            Column("parked", Text, nullable=False),
            Column("topic", Text, nullable=False),
            Column("partition", Integer, nullable=False),
            Column("position", BigInteger, nullable=False),
            Column("subject", Text),
            Column("reason", Text, nullable=False),
            Column("raw", LargeBinary, nullable=False),
            Column("replayed", Text),
            Index("dead_letters_place", "topic", "partition", "position"),
            sqlite_autoincrement=True,
        ),
    )
