"""Files that appear on an SFTP server.

Rule: the server is known by the one key that the connector names, and nothing is sent to any other.
Of this machine no agent, key, configuration or list of known hosts is used.
"""

import asyncio
import logging
import stat
from collections.abc import AsyncIterator, Awaitable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import asyncssh

from services.ingest.connect.arrivals import (
    Arrivals,
    NotGiven,
    Place,
    Seen,
    TooLarge,
    files_of,
    watched,
)
from services.ingest.connect.reach import PORTS
from services.ingest.connect.source import Fetching, SourceFailed
from services.ingest.domain.refusals import shown

PIECE = 1 << 20
CONNECT_SECONDS = 30.0
# For one answer of the server, such as a piece of a file.
ANSWER_SECONDS = 60.0
# How often a server is looked at that is looked at all the time: each look is a connection.
LOOK_SECONDS = 15.0

# It tells users and addresses with every connection.
logging.getLogger("asyncssh").setLevel(logging.WARNING)

T = TypeVar("T")


class Sftp(Arrivals):
    """The source of a folder on an SFTP server."""

    async def waits(self, asked: Fetching) -> bool:
        """Whether it is time to look: only a connection tells what is there."""
        return self.watch.rested(watched(asked), asked.clock.now(), LOOK_SECONDS)

    @asynccontextmanager
    async def opened(self, asked: Fetching) -> AsyncIterator[Place]:
        """A connection, open for as long as the run takes."""
        found = asked.reach.address(asked.connector.place)
        self.watch.looked(watched(asked), asked.clock.now())
        options = await asyncio.to_thread(_options, asked)
        host, port = found.hostname or "", found.port or PORTS["sftp"]
        with _connecting(f"{host}:{port}"):
            connection = await asyncssh.connect(host, port, config=None, options=options)
        async with connection:
            with _plainly("give files by SFTP"):
                async with asyncio.timeout(ANSWER_SECONDS):
                    client = await connection.start_sftp_client(path_errors="surrogateescape")
            yield RemotePlace(client, unquote(found.path) or ".")


class RemotePlace:
    """A folder on a server."""

    def __init__(self, client: asyncssh.SFTPClient, root: str) -> None:
        self._client = client
        self._root = root.rstrip("/")

    async def files(self) -> list[Seen]:
        """The regular files in it."""
        listed = await self._do("be read", self._client.readdir(self._root or "/"))
        found = [_seen(_text(each.filename), each.attrs) for each in listed]
        return [each for each in found if each is not None]

    async def look(self, name: str) -> Seen | None:
        """One of them, as it stands now."""
        try:
            found = await self._do("be read", self._client.lstat(self._at(name)), passing=True)
        except asyncssh.SFTPError:
            return None
        return _seen(name, found)

    async def copy(self, name: str, into: Path, most: int) -> None:
        """Fetches a file, at most so many bytes of it."""
        what = f"give {shown(name)!r}"
        opening = self._client.open(self._at(name), "rb", encoding=None)
        try:
            file = await self._do(what, opening, passing=True)
        except asyncssh.SFTPError as error:
            raise NotGiven(f"The server cannot {what}: {shown(error.reason)}.") from None
        try:
            with into.open("wb") as copy:
                taken = 0
                while piece := await self._do(what, _read(file)):
                    taken += len(piece)
                    if taken > most:
                        raise TooLarge
                    await asyncio.to_thread(copy.write, piece)
        finally:
            await _closed(file)

    async def prepare(self, folder: str) -> None:
        """Makes a folder in it. Whether files may be moved there, moving one tells."""
        try:
            found = await self._do("be read", self._client.lstat(self._at(folder)), passing=True)
        except asyncssh.SFTPError:
            what = (
                f"have the folder {folder!r} made in {self._root or '/'!r}: make the folders done"
                " and failed there by hand, or allow it"
            )
            await self._do(what, self._client.mkdir(self._at(folder)))
            return
        if not stat.S_ISDIR(found.permissions or 0):
            raise SourceFailed(f"On the server {folder!r} is not a folder, and one is needed.")

    async def names(self, folder: str) -> Collection[str]:
        """What lies in a folder in it."""
        listed = await self._do("be read", self._client.readdir(self._at(folder)))
        return [_text(each.filename) for each in listed]

    async def write(self, path: str, text: str) -> None:
        """Writes a file that is not there yet."""
        what = f"have a report written into {path.partition('/')[0]!r}"
        file = await self._do(what, self._client.open(self._at(path), "xb", encoding=None))
        try:
            await self._do(what, file.write(text.encode()))
        finally:
            await _closed(file)

    async def rename(self, path: str, into: str) -> None:
        """Renames a file; a server that keeps to the protocol never overwrites by it."""
        what = f"have {shown(path)!r} moved into {into.partition('/')[0]!r}"
        await self._do(what, self._client.rename(self._at(path), self._at(into)))

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"

    async def _do(self, what: str, work: Awaitable[T], *, passing: bool = False) -> T:
        """One answer of the server. `passing`: the caller hears it where the server says no."""
        with _plainly(what, passing=passing):
            async with asyncio.timeout(ANSWER_SECONDS):
                return await work


def _options(asked: Fetching) -> asyncssh.SSHClientConnectionOptions:
    user = asked.need("user")
    private = asked.secret.get("private_key")
    key = _private_key(asked, private) if private else None
    password = None if key else asked.need("password")
    trusted = _host_key(files_of(asked).host_key or "")
    return asyncssh.SSHClientConnectionOptions(
        config=None,
        known_hosts=([trusted], [], []),
        x509_trusted_certs=None,
        x509_trusted_cert_paths=None,
        username=user,
        password=password,
        client_keys=[key] if key else None,
        agent_path=None,
        gss_host=None,
        host_based_auth=False,
        public_key_auth=key is not None,
        password_auth=password is not None,
        kbdint_auth=password is not None,
        disable_trivial_auth=True,
        connect_timeout=CONNECT_SECONDS,
        login_timeout=CONNECT_SECONDS,
        keepalive_interval=15,
        keepalive_count_max=3,
    )


def _private_key(asked: Fetching, text: str) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_private_key(text, asked.secret.get("passphrase") or None)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError):
        # Without the reason: it may quote what it could not read.
        raise SourceFailed(
            f"The private key in the credentials {asked.connector.credentials!r} cannot be read:"
            " it is damaged, or its passphrase is missing or wrong."
        ) from None


def _host_key(text: str) -> asyncssh.SSHKey:
    """The key in a line of known_hosts, or by itself."""
    words = text.split()
    for kind, data in pairwise(words):
        if kind.startswith(("ssh-", "ecdsa-")):
            try:
                return asyncssh.import_public_key(f"{kind} {data}")
            except (asyncssh.KeyImportError, ValueError):
                break
    raise SourceFailed("files.host_key is no public key: it looks like ssh-ed25519 AAAA...")


@contextmanager
def _connecting(server: str) -> Iterator[None]:
    try:
        yield
    except (asyncssh.HostKeyNotVerifiable, asyncssh.KeyExchangeFailed):
        raise SourceFailed(
            f"{server} does not have the key that files.host_key names. Nothing was sent to it. If"
            " the server has a new key, ask its keepers for it and put it into the catalogue."
        ) from None
    except asyncssh.PermissionDenied:
        raise SourceFailed(
            f"{server} does not let the user of these credentials in: the name, the password or"
            " the key is not one that it knows."
        ) from None
    except TimeoutError:
        raise SourceFailed(f"{server} did not answer in time.") from None
    except OSError:
        raise SourceFailed(f"{server} cannot be reached.") from None
    except (asyncssh.Error, ValueError) as error:
        raise SourceFailed(f"{server} broke off: {type(error).__name__}.") from None


@contextmanager
def _plainly(what: str, *, passing: bool = False) -> Iterator[None]:
    try:
        yield
    except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection):
        raise SourceFailed("The connection to the server broke off.") from None
    except asyncssh.SFTPError as error:
        if passing:
            raise
        if isinstance(error, asyncssh.SFTPNoSuchFile):
            raise SourceFailed(f"The server cannot {what}: it is not there.") from None
        if isinstance(error, asyncssh.SFTPPermissionDenied):
            raise SourceFailed(f"The server does not allow it to {what}.") from None
        raise SourceFailed(f"The server cannot {what}: {shown(error.reason)}.") from None
    except TimeoutError:
        raise SourceFailed("The server did not answer in time.") from None
    except (asyncssh.Error, OSError):
        raise SourceFailed("The connection to the server broke off.") from None


async def _read(file: Any) -> bytes:
    """The next piece; a file that is opened without an encoding gives bytes."""
    piece: bytes = await file.read(PIECE)
    return piece


async def _closed(file: Any) -> None:
    """Closes a file on the server, where there is still a server."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await file.close()
    except (asyncssh.Error, OSError, TimeoutError):
        pass


def _seen(name: str, found: asyncssh.SFTPAttrs) -> Seen | None:
    if not stat.S_ISREG(found.permissions or 0):
        return None
    return Seen(name, found.size or 0, float(found.mtime or 0))


def _text(name: str | bytes) -> str:
    return name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")
