"""The SFTP connector against OpenSSH's own server."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from services.ingest.connect.reach import Reach
from tests.integration.arrived import HEADER, date, leave, lies, row
from tests.integration.connecting import Connecting, catalogue, connecting
from tests.integration.sshd import Sshd, between, keygen, serving

pytestmark = pytest.mark.sshd


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sshd]:
    """A server for the module: leave it running."""
    async with serving(tmp_path_factory.mktemp("sshd") / "home") as found:
        yield found


@pytest.fixture
def server(shared: Sshd) -> Sshd:
    """The server with an empty folder."""
    shutil.rmtree(shared.drop)
    shared.drop.mkdir()
    return shared


class Door:
    """The door in with its secrets, and the connector that it has."""

    def __init__(self, at: Connecting, server: Sshd, secrets: Path) -> None:
        self.at = at
        self.server = server
        self._secrets = secrets

    def secret(self, **parts: str) -> None:
        (self._secrets / "files.json").write_text(json.dumps(parts))

    def reach(self, port: int) -> None:
        """Lets the connector go to another port of this machine."""
        self.at.door.connectors.reach = Reach(f"sftp://127.0.0.1:{port}", None)

    async def set(self, place: str = "", **more: Any) -> None:
        files = {"pattern": "*.csv", "host_key": self.server.host_key, **more}
        connector = {"kind": "sftp", "place": place or self.server.address(), "files": files}
        await self.at.apply(catalogue(connector | {"credentials": "files"}))


@pytest.fixture
async def door(tmp_path: Path, server: Sshd) -> AsyncIterator[Door]:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    reach = f"sftp://127.0.0.1:{server.port}"
    async with connecting(tmp_path, reach=reach, secrets=secrets, max_file_bytes=8_000_000) as at:
        found = Door(at, server, secrets)
        found.secret(user=server.user, private_key=server.private_key)
        await found.set()
        yield found


async def test_files_are_fetched_the_oldest_first_and_moved_with_a_report(door: Door) -> None:
    at, drop = door.at, door.server.drop
    leave(drop, "b.csv", at.clock.at, row("A", "02/06/2026"), row("B", "31/02/2026"), minutes=30)
    leave(drop, "a.csv", at.clock.at, row("A", "03/06/2026"), minutes=20)
    leave(drop, "other.txt", at.clock.at, row("X"))
    leave(drop, "c.csv.part", at.clock.at, row("X"))
    await at.look()
    await at.look()
    run = (await at.runs("source"))[0]
    assert (run.outcome, run.extracts, run.accepted, run.rejected) == ("done", 2, 2, 1)
    assert (await at.records("requests"))["A"]["received"] == "2026-06-03"
    assert lies(drop) == {
        "done/a.csv", "done/a.csv.report.txt", "done/b.csv", "done/b.csv.report.txt",
        "other.txt", "c.csv.part",
    }  # fmt: skip
    said = (drop / "done/b.csv.report.txt").read_text()
    assert f"Batch {run.batches[0]}\n" in said and "- Row 3, field received" in said


async def test_what_is_no_good_is_put_aside_and_nothing_is_overwritten(door: Door) -> None:
    at, drop = door.at, door.server.drop
    for _ in range(2):
        (drop / "a.csv").write_text("Name,Colour\nx,y\n")
        date(drop / "a.csv", at.clock.at)
        run = await at.run("source")
        assert (run.outcome, run.refused) == ("done", 1)
    assert lies(drop) == {
        "failed/a.csv", "failed/a.csv.report.txt", "failed/a.2.csv", "failed/a.2.csv.report.txt"
    }  # fmt: skip


async def test_an_encrypted_key_is_opened_by_its_passphrase(door: Door) -> None:
    at, server = door.at, door.server
    public = keygen(server.home / "second", "open sesame")
    with (server.home / "authorized").open("a") as known:
        known.write(public + "\n")
    private = (server.home / "second").read_text()
    for passphrase in ({}, {"passphrase": "wrong"}):
        door.secret(user=server.user, private_key=private, **passphrase)
        run = await at.run("source")
        assert run.reason is not None and "its passphrase is missing or wrong" in run.reason
    door.secret(user=server.user, private_key=private, passphrase="open sesame")
    assert (await at.run("source")).outcome == "done"


async def test_a_server_with_another_key_is_told_nothing(door: Door) -> None:
    at, server = door.at, door.server
    await door.set(host_key=keygen(server.home / "not-the-host"))
    leave(server.drop, "a.csv", at.clock.at, row("A"))
    before = len(server.log)
    run = await at.run("source")
    assert run.outcome == "failed"
    assert run.reason is not None and "Nothing was sent to it." in run.reason
    said = server.log[before:]
    assert "Connection from" in said and "userauth-request" not in said
    assert server.user not in said.replace(str(server.home), "")
    assert lies(server.drop) == {"a.csv"}
    name = f"[127.0.0.1]:{server.port} "  # As a line of known_hosts.
    await door.set(host_key=name + server.host_key)
    assert (await at.run("source")).accepted == 1
    for text in ("ssh-ed25519", "ssh-ed25519 AAAA", "nonsense"):
        await door.set(host_key=text)
        run = await at.run("source")
        assert run.reason is not None and "no public key" in run.reason


async def test_a_user_whom_the_server_does_not_know_is_told_in_plain_words(door: Door) -> None:
    keygen(door.server.home / "stranger")
    door.secret(user=door.server.user, private_key=(door.server.home / "stranger").read_text())
    run = await door.at.run("source")
    assert run.reason is not None and "does not let the user" in run.reason
    door.secret(user=door.server.user)
    run = await door.at.run("source")
    assert run.reason is not None and "have no password" in run.reason
    (door.server.home / "stranger").unlink()


async def test_no_agent_and_no_key_of_this_machine_is_used(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key that would open the door lies in the home of the service's user."""
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "id_ed25519").write_text(door.server.private_key)
    (home / ".ssh" / "config").write_text("Host *\n  ProxyCommand false\n")
    monkeypatch.setenv("HOME", str(home))
    door.secret(user=door.server.user, password="guessed")
    run = await door.at.run("source")
    assert run.reason is not None and "does not let the user" in run.reason
    assert "guessed" not in run.reason


async def test_a_server_that_is_away_is_waited_for(door: Door, tmp_path: Path) -> None:
    at = door.at
    async with serving(tmp_path / "other") as other:
        other.kill()
        door.reach(other.port)
        await door.set(other.address(), host_key=other.host_key)
        door.secret(user=other.user, private_key=other.private_key)
        leave(other.drop, "a.csv", at.clock.at, row("A"))
        await at.look()
        await at.look()
        standing = await at.standing("source")
        assert standing.reason == f"127.0.0.1:{other.port} cannot be reached."
        await other.start()
        at.clock.pass_(seconds=31)
        await at.look()
        assert set(await at.records("requests")) == {"A"}


async def test_a_server_that_is_killed_in_the_middle_of_a_file_gives_it_whole_next_time(
    door: Door, tmp_path: Path
) -> None:
    at = door.at
    async with serving(tmp_path / "other") as other:
        rows = [row(f"R{each}") for each in range(30_000)]
        leave(other.drop, "a.csv", at.clock.at, *rows)
        door.secret(user=other.user, private_key=other.private_key)
        async with between(other.port, 400_000, other.kill) as port:
            door.reach(port)
            await door.set(other.address(port=port), host_key=other.host_key)
            run = await at.run("source")
        assert (run.outcome, run.extracts) == ("failed", 0)
        assert run.reason == "The connection to the server broke off."
        assert lies(other.drop) == {"a.csv"}
        await other.start()
        door.reach(other.port)
        await door.set(other.address(), host_key=other.host_key)
        run = await at.run("source")
        assert (run.outcome, run.received) == ("done", 30_000)
        assert "done/a.csv" in lies(other.drop)


async def test_a_file_is_taken_once_it_stands_still(door: Door) -> None:
    at, drop = door.at, door.server.drop
    path = leave(drop, "a.csv", at.clock.at, row("A"), minutes=0)
    await at.look()
    for _ in range(2):
        await at.look()
        at.clock.pass_(seconds=16)
        with path.open("a") as file:
            file.write(row("B"))
        date(path, at.clock.at, 0)
    await at.look()
    assert lies(drop) == {"a.csv"}
    at.clock.pass_(seconds=16)
    await at.look()
    assert "done/a.csv" in lies(drop)


async def test_a_server_is_not_asked_at_every_look(door: Door) -> None:
    at, server = door.at, door.server
    await at.look()
    await at.look()
    before = server.log.count("Connection from")
    for _ in range(3):
        at.clock.pass_(seconds=3)
        await at.look()
    assert server.log.count("Connection from") == before
    at.clock.pass_(seconds=10)
    await at.look()
    assert server.log.count("Connection from") == before + 1


async def test_paths_with_spaces_and_odd_names_come_through(door: Door) -> None:
    at, drop = door.at, door.server.drop / "to be read #1"
    drop.mkdir()
    await door.set(door.server.address("/to%20be%20read%20%231"))
    names = ("with space.csv", "Straße £5.csv", "100%.csv", "quote'\".csv", "x" * 245 + ".csv")
    for number, name in enumerate(names):
        leave(drop, name, at.clock.at, row(f"R{number}"))
    odd = drop / "latin\udce9.csv"
    odd.write_text(HEADER + row("L"))
    date(odd, at.clock.at)
    run = await at.run("source")
    assert (run.outcome, run.accepted) == ("done", 6)
    assert {f"done/{name}" for name in (*names[:4], odd.name)} <= lies(drop)


async def test_a_file_that_is_too_large_is_put_aside(door: Door) -> None:
    at, drop = door.at, door.server.drop
    path = drop / "big.csv"
    with path.open("wb") as file:
        file.truncate(8_000_001)
    date(path, at.clock.at, 30)
    leave(drop, "small.csv", at.clock.at, row("S"))
    run = await at.run("source")
    assert run.reason is not None and "big.csv is larger than" in run.reason
    assert {"failed/big.csv", "done/small.csv"} <= lies(drop)
    assert set(await at.records("requests")) == {"S"}


async def test_links_and_what_is_no_file_are_left_alone(door: Door, tmp_path: Path) -> None:
    at, drop = door.at, door.server.drop
    outside = leave(tmp_path, "outside.csv", at.clock.at, row("X"))
    (drop / "link.csv").symlink_to(outside)
    (drop / "folder.csv").mkdir()
    run = await at.run("source")
    assert (run.outcome, run.extracts) == ("done", 0)
    (drop / "done").write_text("no folder")
    leave(drop, "a.csv", at.clock.at, row("A"))
    run = await at.run("source")
    assert run.reason == "On the server 'done' is not a folder, and one is needed."
    assert await at.records("requests") == {}


class Guarded(asyncssh.SFTPServer):
    """A server that allows no folder to be made, and keeps one file to itself."""

    def __init__(self, chan: Any) -> None:
        super().__init__(chan, chroot=Guarded.root)

    root = b""

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if path == b"/locked.csv":
            raise asyncssh.SFTPPermissionDenied("not for you")
        return super().open(path, pflags, attrs)

    def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        raise asyncssh.SFTPPermissionDenied("no")


class Passwords(asyncssh.SSHServer):
    """Lets in whoever knows the password."""

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("council", "correct horse")


async def test_a_password_does_and_a_server_that_allows_no_folders_is_told_plainly(
    door: Door, tmp_path: Path
) -> None:
    at, drop = door.at, tmp_path / "guarded"
    drop.mkdir()
    Guarded.root = str(drop).encode()
    key = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    listening = await asyncssh.listen(
        "127.0.0.1", 0, server_host_keys=[key], server_factory=Passwords, sftp_factory=Guarded
    )
    async with listening:
        port = listening.get_port()
        door.reach(port)
        public = key.export_public_key("openssh").decode()
        await door.set(f"sftp://127.0.0.1:{port}/", host_key=public)
        door.secret(user="council", password="wrong")
        run = await at.run("source")
        assert run.reason is not None and "does not let the user" in run.reason
        door.secret(user="council", password="correct horse")
        leave(drop, "a.csv", at.clock.at, row("A"))
        run = await at.run("source")
        assert run.reason is not None
        assert "does not allow it to have the folder 'done' made in '/'" in run.reason
        assert await at.records("requests") == {}
        (drop / "done").mkdir()
        (drop / "failed").mkdir()
        run = await at.run("source")
        assert (run.outcome, run.accepted) == ("done", 1)
        assert lies(drop) == {"done/a.csv", "done/a.csv.report.txt"}
        leave(drop, "locked.csv", at.clock.at, row("L"), minutes=30)
        leave(drop, "b.csv", at.clock.at, row("B"))
        run = await at.run("source")
        assert (run.outcome, run.accepted) == ("failed", 1)
        assert run.reason == "The server cannot give 'locked.csv': not for you."
