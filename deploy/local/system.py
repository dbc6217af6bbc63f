"""Where a local system is: its folder, its ports, its stores, and the settings of its services.

Rule: a setting that is already in the environment wins, so `INGEST_STORE_URL=postgresql+psycopg://…
irf run` is the same system on PostgreSQL.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).parents[2]
RUN_FILE = Path(".irf/run.json")
ASSETS = ROOT / "node_modules/govuk-frontend/dist/govuk"

# Offset of each service's port from the base port.
PORTS = {"publisher": 0, "ingest": 1, "indicators": 2, "finance": 3, "risk": 4}
BROKER_PORT = 9

# The door in closes first and the door out last, so that what was accepted is still passed on.
STOPPING_ORDER = (("ingest",), ("indicators", "finance", "risk"), ("publisher",))


class Over(Exception):
    """It is over: somebody asked for the end while something was under way."""


class System(msgspec.Struct, kw_only=True):
    """A local system, as `.irf/run.json` remembers it."""

    data_dir: str
    ports: dict[str, int]
    stores: dict[str, str]
    kafka: str
    temporary: bool = False
    pids: dict[str, int] = {}

    def address(self, service: str) -> str:
        """Where a service answers."""
        return f"http://127.0.0.1:{self.ports[service]}"

    def log_file(self, name: str) -> Path:
        """Where what a process says is kept."""
        return Path(self.data_dir) / "logs" / f"{name}.log"

    def folder(self, name: str) -> Path:
        """A folder of ingest's: `drop`, that files come to, `files`, where what came is kept, and
        `secrets`, with the credentials of connectors."""
        return Path(self.data_dir) / name

    def running(self) -> bool:
        """Whether a process of it is alive."""
        return any(_alive(pid) for pid in self.pids.values())

    def save(self, folder: Path) -> None:
        """Remembers the system in a folder, all of it or nothing."""
        path = folder / RUN_FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        arriving = path.with_suffix(".new")
        arriving.write_text(json.dumps(msgspec.to_builtins(self), indent=2) + "\n")
        arriving.replace(path)


def plan(
    data_dir: Path, port_base: int, kafka: str | None, temporary: bool, given: Mapping[str, str]
) -> System:
    """The system that would be started; `given` is the environment."""
    folder = data_dir.resolve()
    return System(
        data_dir=str(folder),
        ports={name: port_base + offset for name, offset in PORTS.items()},
        stores={
            name: given.get(f"{name.upper()}_STORE_URL") or f"sqlite:///{folder / name}.db"
            for name in PORTS
        },
        kafka=kafka or f"127.0.0.1:{port_base + BROKER_PORT}",
        temporary=temporary,
    )


_system = msgspec.json.Decoder(System).decode


def remembered(folder: Path) -> System | None:
    """The system that was last started in a folder."""
    try:
        return _system((folder / RUN_FILE).read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None


def in_data_dir(data_dir: Path) -> System:
    """A system known only by its data directory."""
    return plan(data_dir, 8000, None, False, {})


# One arena for all threads: batches come and go on several, and each would keep its own peak.
ALLOCATOR = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "262144"}


def environment(
    system: System, name: str, embedded: bool, given: Mapping[str, str]
) -> dict[str, str]:
    """The environment of one service's process."""
    settings: dict[str, Any] = {
        "HOST": "127.0.0.1",
        "PORT": system.ports[name],
        "STORE_URL": system.stores[name],
        "KAFKA": system.kafka,
        "PARTITIONS": 1 if embedded else 6,
        "KAFKA_IDEMPOTENCE": str(not embedded).lower(),
    }
    if embedded:
        # The embedded broker lets a member in after half its session, and a restart waits as long.
        settings["SESSION_MS"] = 6_000
    if name in ("publisher", "ingest") and ASSETS.is_dir():
        settings["ASSETS"] = ASSETS
    if name == "ingest":
        settings |= {key: system.folder(key.lower()) for key in ("DROP", "FILES", "SECRETS")}
    prefix = name.upper()
    own = {f"{prefix}_{key}": str(value) for key, value in settings.items()}
    return ALLOCATOR | own | dict(given)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
