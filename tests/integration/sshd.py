"""OpenSSH's server as a child process, with keys, a configuration and a folder of its own."""

import asyncio
import getpass
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from deploy.brokers.ports import free_port
from tests.needs import need

CONFIGURATION = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {home}/host
PidFile none
AuthorizedKeysFile {home}/authorized
PermitRootLogin prohibit-password
PubkeyAuthentication yes
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
UseDNS no
LogLevel DEBUG1
Subsystem sftp internal-sftp
ForceCommand internal-sftp
"""


def sshd_path() -> str:
    """The server's program; the test is left out, or fails in CI, where there is none."""
    found = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    need(
        "OpenSSH's server",
        [] if found else ["the server for files (Debian: apt-get install openssh-server)"],
    )
    assert found is not None
    return found


def keygen(path: Path, passphrase: str = "") -> str:
    """Makes a key pair, and answers with the public line."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "test", "-f", str(path)]
    subprocess.run(command, check=True)
    return path.with_name(f"{path.name}.pub").read_text().strip()


class Sshd:
    """The server. `drop` is the folder that it serves; `log` what it said."""

    def __init__(self, home: Path) -> None:
        home.mkdir()
        self.home = home
        self.drop = home / "drop"
        self.drop.mkdir()
        self.port = free_port()
        self.user = getpass.getuser()
        self.host_key = keygen(home / "host")
        public = keygen(home / "user")
        self.private_key = (home / "user").read_text()
        (home / "authorized").write_text(public + "\n")
        self._log = home / "log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def address(self, folder: str = "", port: int | None = None) -> str:
        """Where its folder, or one in it, is for a connector."""
        return f"sftp://127.0.0.1:{port or self.port}{self.drop}{folder}"

    async def start(self) -> None:
        """Starts it, and waits until it answers."""
        configuration = self.home / "sshd_config"
        configuration.write_text(CONFIGURATION.format(port=self.port, home=self.home))
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        self._process = self._started(configuration)
        while True:
            assert self._process.poll() is None, self.log
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            await asyncio.sleep(0.02)

    def _started(self, configuration: Path) -> "subprocess.Popen[bytes]":
        command = [sshd_path(), "-D", "-e", "-f", str(configuration)]
        with self._log.open("ab") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log)

    def kill(self) -> None:
        """Ends it and every connection of it at once."""
        if self._process is None:
            return
        for child in _family(self._process.pid):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.wait()
        self._process = None


def _family(pid: int) -> list[int]:
    """A process and all that it started, the eldest first."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


@asynccontextmanager
async def serving(home: Path) -> AsyncIterator[Sshd]:
    """A server of the test's own."""
    sshd_path()
    server = Sshd(home)
    await server.start()
    try:
        yield server
    finally:
        server.kill()


@asynccontextmanager
async def between(port: int, after: int, cut: object) -> AsyncIterator[int]:
    """A port that leads to another, and calls `cut` once so many bytes came back through it."""

    async def carry(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, back: bool
    ) -> None:
        nonlocal after
        with suppress(OSError):
            while data := await reader.read(65536):
                if back:
                    after -= len(data)
                    if after <= 0:
                        assert callable(cut)
                        cut()
                        break
                writer.write(data)
                await writer.drain()
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            carry(reader, to_writer, back=False), carry(to_reader, writer, back=True)
        )

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
