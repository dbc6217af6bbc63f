"""Fixtures for brokers, stores and a browser. See `tests/needs.py` for what a machine may lack."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from playwright.sync_api import Browser, sync_playwright

from deploy.brokers import ApacheKafka, Broker, EmbeddedBroker, apache
from deploy.brokers.ports import free_port
from services.publisher.settings import Settings
from tests.needs import LEFT_OUT, WANTED, in_ci, need
from tests.postgres import PostgresServer

BROKERS = [
    pytest.param("embedded", id="embedded"),
    pytest.param("apache", id="apache", marks=pytest.mark.apache),
]
# For tests that are about something else than the broker: the real one where it can be had.
BEST_BROKER = "embedded" if apache.missing() else "apache"
STORES = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
]

# Drawing a traceback with its locals takes longer than a short session of a consumer lasts.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)


@pytest.fixture(scope="session")
def embedded_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The embedded broker, shared by the session: leave it running."""
    with EmbeddedBroker(free_port(), tmp_path_factory.mktemp("embedded")) as started:
        yield started


@pytest.fixture(scope="session")
def apache_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Apache Kafka, shared by the session: leave it running."""
    need("Apache Kafka", apache.missing())
    with ApacheKafka(free_port(), tmp_path_factory.mktemp("kafka")) as started:
        yield started


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest) -> Broker:
    """Each broker in turn, shared by the session: leave it running, and use `topic_prefix`."""
    found = request.getfixturevalue(f"{request.param}_broker")
    assert isinstance(found, Broker)
    return found


@pytest.fixture
def own_apache_broker(tmp_path: Path) -> Iterator[Broker]:
    """An Apache Kafka of the test's own, which it may stop, kill and start again."""
    need("Apache Kafka", apache.missing())
    with ApacheKafka(free_port(), tmp_path / "kafka") as started:
        yield started


@pytest.fixture
def own_embedded_broker(tmp_path: Path) -> Iterator[Broker]:
    """An embedded broker of the test's own, which it may stop: then it forgets everything."""
    with EmbeddedBroker(free_port(), tmp_path / "embedded") as started:
        yield started


@pytest.fixture
def topic_prefix() -> str:
    """What a test puts before every topic and group, so that no other test sees its events."""
    return f"t{uuid4().hex[:8]}."


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server, shared by the session: leave it running."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def own_postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of the test's own, which it may stop, crash and start again."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database of the test's own."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file of the test's own, not there yet."""
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest) -> str:
    """Each kind of store in turn: an empty one of the test's own."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the Chromium of this machine."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    need(
        "Chromium", [] if found else ["a browser for the pages (Debian: apt-get install chromium)"]
    )
    assert found is not None
    return found


@pytest.fixture(scope="session")
def assets() -> None:
    """The page assets of this machine."""
    there = (Settings().assets / "govuk-frontend.min.css").is_file()
    need("GOV.UK Frontend", [] if there else ["the page assets (make assets)"])


@pytest.fixture(scope="module")
def browser(chromium: str, assets: None) -> Iterator[Browser]:
    """One Chromium for every test of a module. Not of the session: while Playwright's own loop
    runs, no test that is asynchronous can."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failed run: a machine that lacks something hides nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = [
        report
        for report in getattr(reporter, "stats", {}).get("skipped", [])
        if WANTED not in str(report.longrepr)
    ]
    if in_ci() and skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if LEFT_OUT:
        terminalreporter.section("LEFT OUT on this machine", sep="!", red=True, bold=True)
        for thing, how in sorted(LEFT_OUT.items()):
            terminalreporter.write_line(f"{thing}: every test that needs it. To run them: {how}")
    if in_ci() and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("CI leaves nothing out: skipped tests fail this run.", red=True)
