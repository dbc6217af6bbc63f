"""Reads the view `wide` as a connector does, and says how large this process was before and after:
python read_sql.py PLACE ORIGIN FOLDER. A process of its own, so that its size is its own."""

import asyncio
import resource
import sys
from pathlib import Path

from services.ingest.connect.reach import Reach
from services.ingest.connect.source import Fetching
from services.ingest.connect.sql import Sql
from services.ingest.domain.contract import Contract
from shared.catalogue.check import read
from shared.runtime.clock import SystemClock
from tests.integration.connecting import catalogue


async def rows(place: str, origin: str, folder: Path, select: str) -> int:
    """How many rows were written down."""
    connector = {
        "kind": "sql",
        "place": place,
        "credentials": "db",
        "schedule": "daily at 05:30",
        "query": {"select": select},
    }
    made = read(catalogue(connector))
    asked = Fetching(
        made.connectors["source"],
        Contract(made.datasets["requests"]),
        {},
        {"user": "postgres", "password": "any"},
        folder,
        Reach(origin, None),
        SystemClock(),
    )
    count = 0
    async for extract in Sql().fetch(asked):
        with extract.path.open("rb") as file:
            count += sum(b'"data"' in line for line in file)
    return count


def largest() -> int:
    """In KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    place, origin, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    asyncio.run(rows(place, origin, folder, "SELECT * FROM wide WHERE \"Ref\" = 'R1'"))
    before = largest()
    count = asyncio.run(rows(place, origin, folder, "wide"))
    print(before, largest(), count)
