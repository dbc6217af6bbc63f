"""The guards: each takes the root of a source tree and answers with every break it finds.

Rule: a guard looks at a path it is given and at nothing else, so that `test_guards_bite.py` can
show it a small tree with a planted break.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCES = ("services", "shared", "deploy")
SOURCE_LINES = 300
"""A longer source file is two ideas."""
TEST_LINES = 600
"""Tests and migrations may be longer: they are lists more often than ideas."""

COMMITS_IN = "shared/db/store.py"
OFFSETS_IN = "shared/messaging/consumer.py"
OFFSETS = " client.commit"
"""Where and how Kafka's offsets are committed, of what a transaction has made durable."""
CLOCK = "shared/runtime/clock.py"
EXACT_DOMAINS = ("ingest", "indicators", "finance", "risk")
"""Whose domains hold figures. The publisher's draws pictures, where a float is a coordinate."""

SAME_IN_ALL = (
    "__init__.py",
    "__main__.py",
    "app.py",
    "settings.py",
    "handlers.py",
    "metrics.py",
    "domain/__init__.py",
    "store/__init__.py",
    "store/tables.py",
    "store/repository.py",
    "store/migrations/__init__.py",
    "api/__init__.py",
    "api/routes.py",
    "api/schemas.py",
)


def import_contracts(root: Path) -> list[str]:
    """The contracts of pyproject.toml's import-linter section that are broken."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from importlinter.cli import lint_imports; "
            "sys.exit(lint_imports(config_filename='pyproject.toml', no_cache=True))",
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return []
    broken = [line for line in done.stdout.splitlines() if line.rstrip().endswith("BROKEN")]
    return broken or [done.stdout + done.stderr]


def commits(root: Path) -> list[str]:
    """Places that commit a transaction or offsets, but for the ones that may."""
    return [
        at
        for at in _calls(root, {"commit"})
        if not at.startswith(COMMITS_IN)
        and not (at.startswith(f"{OFFSETS_IN}:") and at.endswith(OFFSETS))
    ]


def batch_publishing(root: Path) -> list[str]:
    """Places that publish by the call that ignores keys, and with them the order per subject."""
    found = _calls(root, {"publish_batch", "send_batch"})
    # sending.py fills its batches by the subject's own partition; nobody else may.
    return [each for each in found if not each.startswith("shared/messaging/sending.py:")]


def types_prepared_late(root: Path) -> list[str]:
    """Places that name a type at the moment something is decoded, or make a decoder in a function:
    two threads that are the first with one type end the process (docs/decisions/0024)."""
    named = [
        f"{at}:{node.lineno} {ast.unparse(node.func)}"
        for at, tree in _trees(root, *SOURCES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".decode", ".convert"))
        if any(keyword.arg == "type" for keyword in node.keywords)
    ]
    made = [
        f"{at}:{node.lineno} {ast.unparse(node.func)}"
        for at, tree in _trees(root, *SOURCES)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".Decoder")
    ]
    return named + made


def wall_clocks(root: Path) -> list[str]:
    """Places that ask the machine for the time, instead of the clock they were given."""
    asked = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "date.today"}
    return [
        f"{at}:{node.lineno} {called}"
        for at, tree in _trees(root, "services", "shared")
        if at != CLOCK
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for called in [".".join(ast.unparse(node.func).split(".")[-2:])]
        if called in asked
    ]


def floats(root: Path) -> list[str]:
    """Places in the domains that hold figures where a float could come in."""
    return [
        f"{at}:{node.lineno} {ast.unparse(node)}"
        for name in EXACT_DOMAINS
        for at, tree in _trees(root, f"services/{name}/domain")
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "float")
    ]


def folders_without_init(root: Path) -> list[str]:
    folders = {path.parent for path in _files(root, *SOURCES, "tests")}
    return sorted(
        _name(root, folder) for folder in folders if not (folder / "__init__.py").is_file()
    )


def long_files(root: Path) -> list[str]:
    found = []
    for path in _files(root, *SOURCES, "tests"):
        parts = path.relative_to(root).parts
        limit = TEST_LINES if parts[0] == "tests" or "migrations" in parts else SOURCE_LINES
        if (lines := len(path.read_text().splitlines())) > limit:
            found.append(f"{_name(root, path)}: {lines} lines, at most {limit}")
    return found


def services(root: Path) -> list[str]:
    """The names of the services: the folders in `services`."""
    return sorted(
        folder.name
        for folder in (root / "services").iterdir()
        if folder.is_dir() and any(folder.rglob("*.py"))
    )


def service_shapes(root: Path) -> list[str]:
    """Files that every service has and one lacks: who has learnt one service knows five."""
    return [
        f"services/{name}/{file}"
        for name in services(root)
        for file in SAME_IN_ALL
        if not (root / "services" / name / file).is_file()
    ]


def service_cards(root: Path) -> list[str]:
    """Services whose docstring does not say what comes in, what goes out, what they own, and what
    always holds."""
    found = []
    for name in services(root):
        card = ast.get_docstring(ast.parse((root / f"services/{name}/__init__.py").read_text()))
        lines = {line.partition(" ")[0] for line in (card or "").splitlines()}
        lacks = [
            " or ".join(words)
            for words in (("Reads", "Takes"), ("Emits",), ("Owns",), ("Invariant",))
            if lines.isdisjoint(words)
        ]
        if lacks:
            found.append(f"services/{name}: {', '.join(lacks)}")
    return found


def _calls(root: Path, methods: set[str]) -> list[str]:
    return [
        f"{at}:{node.lineno} {ast.unparse(node.func)}"
        for at, tree in _trees(root, *SOURCES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in methods
    ]


def _trees(root: Path, *folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in _files(root, *folders):
        yield _name(root, path), ast.parse(path.read_text())


def _files(root: Path, *folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((root / folder).rglob("*.py"))


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
