"""Each guard bites: shown a small tree with one planted break, it names the break and no other."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import guards

ROOT = Path(__file__).parents[2]
NAMES = ("alpha", "beta", "finance")
CARD = '"""Card.\n\nReads a\nEmits b\nOwns c\nInvariant d\n"""\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree of our shape, with nothing wrong in it."""
    for name in NAMES:
        for file in guards.SAME_IN_ALL:
            plant(tmp_path, f"services/{name}/{file}", "")
        plant(tmp_path, f"services/{name}/__init__.py", CARD)
    for file in (
        "services/__init__.py",
        "deploy/__init__.py",
        "shared/__init__.py",
        "shared/db/__init__.py",
        "shared/identity/__init__.py",
        "shared/web/__init__.py",
        "tests/__init__.py",
    ):
        plant(tmp_path, file, "")
    plant(tmp_path, guards.COMMITS_IN, "def close(tx):\n    tx.commit()\n")
    plant(tmp_path, "shared/runtime/__init__.py", "")
    plant(tmp_path, guards.CLOCK, "import datetime\nNOW = datetime.datetime.now()\n")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(tree: Path, file: str, text: str) -> None:
    path = tree / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


GUARDS = [
    guards.import_contracts,
    guards.commits,
    guards.batch_publishing,
    guards.types_prepared_late,
    guards.wall_clocks,
    guards.floats,
    guards.folders_without_init,
    guards.long_files,
    guards.service_shapes,
    guards.service_cards,
]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_a_sound_tree_passes(guard: Callable[[Path], list[str]], tree: Path) -> None:
    assert guard(tree) == []


@pytest.mark.parametrize(
    ("file", "text", "contract"),
    [
        ("services/alpha/app.py", "import services.beta.app\n", "never import each other"),
        ("services/alpha/domain/deep.py", "from services import beta\n", "never import each other"),
        ("shared/db/tx.py", "import services.alpha\n", "shared imports no service"),
        ("shared/db/tx.py", "import deploy\n", "shared imports no service"),
        ("services/alpha/app.py", "import deploy\n", "how they are deployed"),
        ("services/alpha/domain/__init__.py", "import sqlalchemy\n", "domain imports no framework"),
        ("services/alpha/domain/deep.py", "import fastapi\n", "domain imports no framework"),
        ("services/alpha/handlers.py", "import aiokafka\n", "Handlers import no framework"),
        ("services/alpha/handlers.py", "from fastapi import FastAPI\n", "Handlers import no"),
        ("services/alpha/handlers.py", "import shared.identity\n", "told who acts"),
        ("services/alpha/domain/deep.py", "import shared.web\n", "told who acts"),
    ],
)
def test_an_import_that_crosses_a_line_is_found(
    file: str, text: str, contract: str, tree: Path
) -> None:
    plant(tree, file, text)
    broken = guards.import_contracts(tree)
    assert len(broken) == 1
    assert contract in broken[0]


def test_a_domain_that_reaches_a_framework_through_shared_is_found(tree: Path) -> None:
    plant(tree, "shared/db/tx.py", "import sqlalchemy\n")
    plant(tree, "services/alpha/domain/__init__.py", "import shared.db.tx\n")
    assert len(guards.import_contracts(tree)) == 1


def test_a_handler_may_reach_a_framework_through_shared(tree: Path) -> None:
    plant(tree, "shared/db/tx.py", "import sqlalchemy\n")
    plant(tree, "services/alpha/handlers.py", "import shared.db.tx\n")
    assert guards.import_contracts(tree) == []


@pytest.mark.parametrize(
    ("guard", "file", "text", "found"),
    [
        (
            guards.commits,
            "services/alpha/handlers.py",
            "def apply(tx):\n    tx.connection.commit()\n",
            "services/alpha/handlers.py:2 tx.connection.commit",
        ),
        (
            guards.commits,
            "shared/messaging/consumer.py",
            "def apply(tx, client):\n    client.commit()\n    tx.connection.commit()\n",
            "shared/messaging/consumer.py:3 tx.connection.commit",
        ),
        (
            guards.batch_publishing,
            "shared/relay.py",
            "async def send(broker):\n    await broker.publish_batch(1)\n",
            "shared/relay.py:2 broker.publish_batch",
        ),
        (
            guards.types_prepared_late,
            "shared/reading.py",
            "def read(body):\n    return msgspec.json.decode(body, type=Record)\n",
            "shared/reading.py:2 msgspec.json.decode",
        ),
        (
            guards.types_prepared_late,
            "shared/reading.py",
            "def read(body):\n    return msgspec.json.Decoder(Record).decode(body)\n",
            "shared/reading.py:2 msgspec.json.Decoder",
        ),
        (
            guards.wall_clocks,
            "services/beta/domain/__init__.py",
            "import time\nAT = time.time()\n",
            "services/beta/domain/__init__.py:2 time.time",
        ),
        (
            guards.wall_clocks,
            "shared/db/tx.py",
            "import datetime\nAT = datetime.datetime.now(datetime.UTC)\n",
            "shared/db/tx.py:2 datetime.now",
        ),
        (
            guards.floats,
            "services/finance/domain/__init__.py",
            "VAT = 0.2\n",
            "services/finance/domain/__init__.py:1 0.2",
        ),
        (
            guards.floats,
            "services/finance/domain/sums.py",
            "def pounds(text):\n    return float(text)\n",
            "services/finance/domain/sums.py:2 float(text)",
        ),
        (guards.folders_without_init, "shared/odd/code.py", "", "shared/odd"),
        (
            guards.long_files,
            "shared/long.py",
            "A = 1\n" * 301,
            "shared/long.py: 301 lines, at most 300",
        ),
        (
            guards.long_files,
            "tests/test_long.py",
            "A = 1\n" * 601,
            "tests/test_long.py: 601 lines, at most 600",
        ),
        (
            guards.service_cards,
            "services/beta/__init__.py",
            '"""Card.\n\nEmits a\nOwns b, Invariant\n"""\n',
            "services/beta: Reads or Takes, Invariant",
        ),
    ],
)
def test_a_planted_break_is_found(
    guard: Callable[[Path], list[str]], file: str, text: str, found: str, tree: Path
) -> None:
    plant(tree, file, text)
    assert guard(tree) == [found]


def test_a_service_that_lacks_a_file_is_found(tree: Path) -> None:
    (tree / "services/beta/metrics.py").unlink()
    assert guards.service_shapes(tree) == ["services/beta/metrics.py"]
