"""How a service is called: what lets in, what is tried again, and where it is not followed to."""

import gzip
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import stamina
from structlog.testing import capture_logs

from services.ingest.connect.http import MIB, Http
from services.ingest.connect.reach import Reach
from services.ingest.connect.source import SourceFailed
from tests.integration.answering import Answering, Asked, Told, answering, told
from tests.integration.connecting import OwnClock, catalogue, connecting

SECRET = "INGEST_SECRET_THE_KEY"
ROWS = [{"Ref": "A"}]


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """What is tried again is tried at once."""
    with stamina.set_testing(True, attempts=5):
        yield


def source(service: Answering, path: str = "/rows", **calls: Any) -> dict[str, Any]:
    return catalogue(
        {
            "kind": "rest",
            "place": service.address + path,
            "credentials": "the-key",
            "schedule": "every 15 minutes",
            "calls": calls,
        }
    )


@pytest.mark.parametrize(
    ("secret", "header", "value"),
    [
        ('{"token": "T0ken"}', "authorization", "Bearer T0ken"),
        ('{"user": "irf", "password": "pass"}', "authorization", "Basic aXJmOnBhc3M="),
        ('{"header": "X-Api-Key", "key": "K3y"}', "x-api-key", "K3y"),
    ],
)
async def test_credentials_go_into_a_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str, header: str, value: str
) -> None:
    monkeypatch.setenv(SECRET, secret)

    def answer(asked: Asked) -> Told:
        return told(ROWS) if asked.headers.get(header) == value else told({}, 401)

    with answering(answer) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service))
            assert (await at.run("source")).outcome == "done"
            assert service.asked[0].headers["user-agent"].startswith("integrated-reporting")


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        ('{"token": "wr0ng"}', "/rows answered 401. The credentials are not taken."),
        ('{"token": "two\\nlines"}', "The credentials hold characters that no header takes."),
        ('{"user": "irf"}', "have no password"),
        ('{"other": "x"}', "have no header"),
        ("not json wr0ng", "cannot be read"),
    ],
)
async def test_credentials_that_will_not_do_are_a_failure_without_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str, reason: str
) -> None:
    monkeypatch.setenv(SECRET, secret)
    with answering(lambda _: told({}, 401)) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service))
            run = await at.run("source")
            assert run.reason is not None and reason in run.reason
            assert "wr0ng" not in run.reason
            assert len(service.asked) <= 1


class Tokens:
    """A service that gives out tokens, each of which can be taken back."""

    def __init__(self) -> None:
        self.given = 0
        self.good: set[str] = set()
        self.in_form = False
        self.life = 600

    def __call__(self, asked: Asked) -> Told:
        if asked.path == "/token":
            form = asked.body.decode()
            basic = asked.headers.get("authorization") == "Basic aXJmOlMzJTJGY3JldA=="
            if not (basic and not self.in_form) and "client_secret=S3%2Fcret" not in form:
                return told({"error": "invalid_client"}, 401)
            assert "grant_type=client_credentials" in form and "scope=read" in form
            self.given += 1
            self.good = {f"t{self.given}"}
            return told(
                {
                    "access_token": f"t{self.given}",
                    "token_type": "Bearer",
                    "expires_in": self.life,
                }
            )
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        return told(ROWS) if token in self.good else told({"error": "invalid_token"}, 401)


@pytest.mark.parametrize("in_form", [False, True])
async def test_a_token_is_exchanged_once_for_its_life_and_anew_where_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, in_form: bool
) -> None:
    monkeypatch.setenv(SECRET, '{"client_id": "irf", "client_secret": "S3/cret"}')
    tokens = Tokens()
    tokens.in_form = in_form
    with answering(tokens) as service, capture_logs() as logs:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, token=f"{service.address}/token", scope="read"))
            for _ in range(2):
                assert (await at.run("source")).outcome == "done"
            assert tokens.given == 1
            at.clock.pass_(seconds=tokens.life - 29)
            assert (await at.run("source")).outcome == "done"
            assert tokens.given == 2
            tokens.good.clear()  # It is taken back before its time.
            assert (await at.run("source")).outcome == "done"
            assert tokens.given == 3
            tokens.life = 0
            tokens.good.clear()
            assert (await at.run("source")).outcome == "done"
            assert not {"S3/cret", "t1", "t2", "t3"} & set(str(logs).replace("'", " ").split())


async def test_a_token_that_is_refused_twice_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, '{"client_id": "irf", "client_secret": "S3/cret"}')

    def answer(asked: Asked) -> Told:
        return Tokens()(asked) if asked.path == "/token" else told({}, 401)

    with answering(answer) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            await at.apply(source(service, token=f"{service.address}/token", scope="read"))
            run = await at.run("source")
            assert run.reason == f"{service.address}/rows answered 401."
            assert [each.path for each in service.asked] == ["/token", "/rows"] * 2
            await at.apply(source(service, token="http://127.0.0.1:1/token", scope="read"))
            run = await at.run("source")
            assert run.reason is not None and "may reach" in run.reason


@pytest.mark.parametrize(
    "wrong",
    [
        told({}, 503),
        told({}, 429, Retry_After="1"),
        told({}, 408),
        Told(b'[{"Ref"', headers={"Content-Type": "application/json"}, cut=True),
    ],
)
async def test_what_may_pass_is_tried_again(tmp_path: Path, wrong: Told) -> None:
    answers = [wrong] * 4 + [told(ROWS)]
    with answering(lambda _: answers.pop(0)) as service:
        async with connecting(tmp_path, reach=service.address) as at:
            document = source(service)
            document["connectors"][0]["credentials"] = None
            await at.apply(document)
            assert (await at.run("source")).outcome == "done"
            assert len(service.asked) == 5


async def asked_once(service: Answering, path: str = "/") -> str:
    """The reason that a call fails for, or its answer as JSON."""
    async with Http(Reach(service.address, None), OwnClock(), MIB) as http:
        try:
            return str((await http.get(service.address + path)).json())
        except SourceFailed as failed:
            return str(failed)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (told({}, 404), "answered 404."),
        (told({}, 500), "answered 500."),
        (Told(b"<html>", headers={"Content-Type": "text/html; x"}), "answered text/html and not"),
        (Told(b"[1,", headers={"Content-Type": "application/json"}), "did not answer in JSON"),
        (Told(b"[" * 5_000), "too deeply nested"),
        (Told(b" " * (MIB + 1)), "more than 1 MiB"),
        (
            Told(gzip.compress(b" " * (2 * MIB)), headers={"Content-Encoding": "gzip"}),
            "more than 1 MiB",
        ),
        (Told(b"no gzip", headers={"Content-Encoding": "gzip"}), "cannot be read"),
        (told({}, 429, Retry_After="600"), "It asks to be left alone for 600 seconds."),
        (Told(status=302, headers={"Location": "/on"}), "leads on and on"),
        (Told(status=304), "answered 304"),
    ],
)
async def test_what_will_not_do_is_told_without_the_query(answer: Told, reason: str) -> None:
    with answering(lambda _: answer) as service:
        said = await asked_once(service, "/rows?key=hidden")
    assert reason in said
    assert "hidden" not in said


async def test_a_service_says_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def wait(delay: float) -> None:
        waited.append(delay)

    monkeypatch.setattr("stamina._core._smart_sleep", wait)
    clock = OwnClock()
    assert clock.now() == datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    answers = [
        told({}, 429, Retry_After="7"),
        told({}, 503, Retry_After="Wed, 01 Jul 2026 09:01:30 GMT"),
        told({}, 503, Retry_After="Wed, 01 Jul 2026 08:00:00 GMT"),
        told({}, 503, Retry_After="soon"),
        told(ROWS),
    ]
    with stamina.set_testing(False), answering(lambda _: answers.pop(0)) as service:
        async with Http(Reach(service.address, None), clock) as http:
            assert (await http.get(service.address)).json() == ROWS
    assert waited[:3] == [7.0, 90.0, 0.0]
    assert len(waited) == 4 and waited[3] > 0


async def test_a_key_is_not_carried_elsewhere_and_nobody_leads_out_of_reach() -> None:
    with answering(lambda _: told(ROWS)) as other:

        def lead(asked: Asked) -> Told:
            onward = "/here" if asked.path == "/first" else f"{other.address}/there?x=1"
            return Told(status=302, headers={"Location": onward})

        with answering(lead) as service:
            reach = Reach(f"{service.address} {other.address}", None)
            async with Http(reach, OwnClock()) as http:
                await http.get(f"{service.address}/first", {"X-Api-Key": "K3y"})
            assert [each.headers.get("x-api-key") for each in service.asked] == ["K3y", "K3y"]
            assert other.asked[0].target == "/there?x=1"
            assert "x-api-key" not in other.asked[0].headers
            with pytest.raises(Exception, match="not among the places"):
                async with Http(Reach(service.address, None), OwnClock()) as http:
                    await http.get(f"{service.address}/first")
            assert len(other.asked) == 1
            with pytest.raises(SourceFailed, match="sends what it is told elsewhere"):
                async with Http(reach, OwnClock()) as http:
                    await http.post(f"{service.address}/token", {"client_secret": "S3cret"})


async def test_no_address_is_logged_with_its_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with answering(lambda _: told({}, 503)) as service, capture_logs() as logs:
        assert await asked_once(service, "/rows?ApplicationKey=hidden")
        assert len(service.asked) == 5
    assert "hidden" not in caplog.text + str(logs)


async def test_a_service_that_is_not_there_is_said_to_be_out_of_reach_of_the_network() -> None:
    with answering(lambda _: told(ROWS)) as service:
        pass
    assert await asked_once(service) == f"{service.address}/ cannot be reached."
