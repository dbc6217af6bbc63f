"""What a machine lacks is said aloud, and in CI it is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDS_JAVA = """
def test_that_needs_kafka(apache_broker):
    assert apache_broker.running
"""
SKIPS_BY_ITSELF = """
import pytest

def test_that_passes():
    pass

@pytest.mark.skip(reason="somebody was in a hurry")
def test_that_somebody_switched_off():
    pass
"""


def run(test: str, folder: Path, *, ci: bool) -> subprocess.CompletedProcess[str]:
    """Runs one test file with our fixtures on a machine that has no program but Python."""
    file = folder / "test_planted.py"
    file.write_text(test)
    environment = {**os.environ, "PATH": str(folder), "CI": "true" if ci else ""}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        "pyproject.toml",
        "-p",
        "tests.conftest",
        str(file),
    ]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_a_machine_without_java_passes_and_says_what_it_left_out_and_how_to_get_it(
    tmp_path: Path,
) -> None:
    done = run(NEEDS_JAVA, tmp_path, ci=False)
    assert done.returncode == pytest.ExitCode.OK, done.stdout
    assert "LEFT OUT on this machine" in done.stdout
    assert "apt-get install openjdk-17-jre-headless" in done.stdout


def test_ci_fails_where_something_would_be_left_out(tmp_path: Path) -> None:
    done = run(NEEDS_JAVA, tmp_path, ci=True)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert "Apache Kafka is needed here" in done.stdout


def test_ci_fails_on_any_skipped_test(tmp_path: Path) -> None:
    assert run(SKIPS_BY_ITSELF, tmp_path, ci=False).returncode == pytest.ExitCode.OK
    done = run(SKIPS_BY_ITSELF, tmp_path, ci=True)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert "skipped tests fail this run" in done.stdout
