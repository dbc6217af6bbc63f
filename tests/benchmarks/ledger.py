"""A ledger's postings through the finance service: what loading them costs, what one late posting
costs by how many are held, and what a recompute of everything costs beside it.

The finance service's handlers on a store of their own, without a broker. DuckDB recomputes the same
positions in the same run, from the same records in memory: it sends no events, keeps no history and
explains nothing, so it is the bound on how cheap a recompute can be. Both must agree to the penny.
"""

import gc
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import NamedTemporaryFile, TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, NamedTuple

import duckdb
import msgspec

from services.finance.app import create
from services.finance.settings import Settings
from shared.contracts.finance import Position
from shared.contracts.states import Record
from shared.contracts.topics import CATALOGUE, FINANCE, RECORDS
from shared.delivery.own import Own
from tests.benchmarks.fed import Fact, Fed
from tests.benchmarks.machine import say
from tests.benchmarks.report import Report

POSTINGS = 1_000_000
# As many as the consumer takes at once from a backlog.
BATCH = 10_000
LATE = 200
CENTRES, SERVICES, DIRECTORATES = 500, 40, 6
ACCOUNTS = ("10110", "10200", "20100", "30100", "40100", "40900", "50100", "90100")
YEARS = ("2024-25", "2025-26", "2026-27")
KIB = 1024

_encode = msgspec.json.Encoder().encode
_position = msgspec.json.Decoder(Position).decode


class Posting(NamedTuple):
    """A posting of the ledger; `pence` may be negative."""

    number: int
    cost_centre: int
    account: str
    year: str
    period: int
    pence: int

    def body(self) -> bytes:
        """As its record."""
        sign = "-" if self.pence < 0 else ""
        fields = {
            "number": str(self.number),
            "cost_centre": f"C{self.cost_centre:04}",
            "subjective": self.account,
            "amount": f"{sign}{abs(self.pence) // 100}.{abs(self.pence) % 100:02}",
            "period": f"{self.year}-P{self.period:02}",
            "batch": f"{self.year}-{self.period:02}-{self.number % 40}",
            "description": "Goods and services received",
        }
        return _encode(Record("postings", str(self.number), fields))

    def fact(self) -> Fact:
        """As its event's parts."""
        return RECORDS, f"postings/{self.number}", self.body()


def postings(count: int, seed: int = 7) -> Iterator[Posting]:
    """As a ledger's extract has them: period by period, in no order within one."""
    chance = Random(seed)
    periods = [(year, period) for year in YEARS for period in range(1, 13)]
    for number in range(count):
        year, period = periods[number * len(periods) // count]
        yield late(number, chance, year, period)


def late(number: int, chance: Random, year: str, period: int) -> Posting:
    """A posting of a period."""
    account = chance.choice(ACCOUNTS)
    amount = chance.randint(1, 900_000)
    credit = account.startswith("9") or chance.random() < 0.06
    return Posting(
        number, chance.randrange(CENTRES), account, year, period, -amount if credit else amount
    )


def definitions() -> Iterator[Fact]:
    """The accounts, the services and the datasets."""

    def fact(subject: str, **body: Any) -> Fact:
        return CATALOGUE, subject, _encode(body)

    names = sorted({f"{account[0]}*" for account in ACCOUNTS})
    yield fact(
        "accounts/bench",
        code="bench",
        name="Accounts",
        funds=[{"code": "general", "name": "General Fund"}],
        subjectives=[{"code": f"group-{each[0]}", "name": each, "accounts": [each]}
                     for each in names],
    )  # fmt: skip
    for number in range(SERVICES):
        directorate = f"d{number % DIRECTORATES}"
        yield fact(f"service/s{number}", code=f"s{number}", name="S", directorate=directorate)
    for role, fields in (
        ("cost-centre", ("cost_centre", "name", "service", "fund")),
        ("posting", ("number", "cost_centre", "subjective", "amount", "period", "batch")),
        ("budget", ("cost_centre", "subjective", "year", "amount")),
    ):
        columns = [{"name": each, "type": "text"} for each in fields]
        yield fact(
            f"dataset/{role}s", code=f"{role}s", title=role, key="content", fields=columns,
            role=role,
        )  # fmt: skip


def structure() -> Iterator[Fact]:
    """The cost centres, and a budget for each account of each of them and each year."""
    for number in range(CENTRES):
        code = f"C{number:04}"
        fields = {"cost_centre": code, "name": code, "service": f"s{number % SERVICES}",
                  "fund": "general"}  # fmt: skip
        yield RECORDS, f"cost-centres/{code}", _encode(Record("cost-centres", code, fields))
        for year in YEARS:
            for account in ACCOUNTS:
                key = f"{code}-{year}-{account}"
                budget = {"cost_centre": code, "subjective": account, "year": year,
                          "amount": "120000.00"}  # fmt: skip
                yield RECORDS, f"budgets/{key}", _encode(Record("budgets", key, budget))


def ledger(report: Report, *, full: bool) -> None:
    """Measures and prints; without `full` at a tenth of the postings."""
    count = POSTINGS // (1 if full else 10)
    rows = []
    for held in (count // 10, count):
        say(f"  {held:,} postings")
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.ledger", str(held)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        rows.append(json.loads(done.stdout.splitlines()[-1]))
    report.table("A ledger's postings into positions", rows)
    report.note(
        f"{CENTRES} cost centres, {SERVICES} services, {len(YEARS)} years; load in batches of"
        f" {BATCH:,}; each late posting in a batch of its own; DuckDB recomputes every position"
        " from the records, held in memory as they came; positions agree to the penny"
    )


def measure(count: int) -> dict[str, Any]:
    """One case, in this process."""
    with TemporaryDirectory(prefix="irf-ledger-") as folder:
        path = Path(folder) / "finance.db"
        fed = Fed(path, lambda address: create(Settings(store_url=address)))
        fed.feed(list(definitions()))
        for batch in _batches(structure()):
            fed.feed(batch)
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)
        fed.spent, began = 0.0, perf_counter()
        for batch in _batches(each.fact() for each in postings(count)):
            fed.feed(batch)
        load, wall = fed.spent, perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB
        fed.spent = 0.0
        chance = Random(11)
        late_ones = [late(count + n, chance, YEARS[-1], 8) for n in range(LATE)]
        for each in late_ones:
            fed.feed([each.fact()])
        one = fed.spent / LATE
        ours = _positions(fed)
        fed.service.store.close()
        recompute, theirs = _duckdb([*postings(count), *late_ones])
    assert ours == theirs, "the positions are not those of the recompute"
    return {
        "postings": count,
        "loaded a CPU second": count / load,
        "loaded a second": count / wall,
        "late posting, ms": one * 1000,
        "DuckDB recompute, ms": recompute * 1000,
        "recompute / late": recompute / one,
        "positions": len(ours),
        "peak MiB": round(peak),
    }


def _batches(facts: Iterator[Fact]) -> Iterator[list[Fact]]:
    while batch := list(islice(facts, BATCH)):
        yield batch


def _positions(fed: Fed) -> dict[tuple[str, str, str], int]:
    """What was spent in every year, by level and node, as it is published."""
    own = Own(fed.service.tables)
    states = fed.service.store.read_now(
        lambda tx: [_position(body) for _, body in own.scan(tx, FINANCE, "position/as-is/")]
    )
    return {
        (each.year, each.level, each.node): sum(sum(line.actual) for line in each.lines.values())
        for each in states
        if each.level != "portfolio"
    }


def _duckdb(found: list[Posting]) -> tuple[float, dict[tuple[str, str, str], int]]:
    """The CPU seconds of one recompute in memory, once the records are in, and what it gives."""
    store = duckdb.connect()
    with NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("number,cost_centre,account,year,period,pence\n")
        file.writelines(f"{','.join(map(str, each))}\n" for each in found)
        file.flush()
        store.execute(f"CREATE TABLE postings AS SELECT * FROM read_csv('{file.name}')")
    began = process_time()
    rows = store.execute(
        """
        WITH placed AS (
            SELECT year, account, period, pence, 's' || cost_centre % ? AS service,
                   'd' || (cost_centre % ?) % ? AS directorate
            FROM postings
        ), cells AS (
            SELECT year, service, directorate, account, period, sum(pence) AS pence
            FROM placed GROUP BY ALL
        )
        SELECT year, 'service', service, sum(pence)::BIGINT FROM cells GROUP BY ALL
        UNION ALL
        SELECT year, 'directorate', directorate, sum(pence)::BIGINT FROM cells GROUP BY ALL
        UNION ALL
        SELECT year, 'fund', 'general', sum(pence)::BIGINT FROM cells GROUP BY ALL
        """,
        [SERVICES, SERVICES, DIRECTORATES],
    ).fetchall()
    spent = process_time() - began
    return spent, {(year, level, node): total for year, level, node, total in rows}


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
