"""The locks pin what they install, by content, and name no place to get it from."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def pins(lock: Path) -> dict[str, str]:
    return dict(PIN.findall(lock.read_text()))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.name))
def test_every_package_has_a_hash_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    for entry in re.split(r"\n(?=[a-z0-9])", text):
        assert PIN.match(entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]
    assert not re.search(r"https?:|--index|--find-links|@ file", text)


def test_the_test_lock_only_adds_to_the_other() -> None:
    runtime = pins(ROOT / "requirements.lock")
    assert runtime.items() <= pins(ROOT / "requirements-test.lock").items()


def test_everything_the_project_names_is_in_the_locks() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    runtime = [*project["dependencies"], *extras["local"], *extras["build"]]
    for named, lock in ((runtime, "requirements.lock"), (extras["test"], "requirements-test.lock")):
        names = {match[0].lower() for entry in named if (match := NAME.match(entry))}
        assert names <= set(pins(ROOT / lock))


def test_the_page_assets_are_pinned_by_content_and_name_no_address() -> None:
    named = json.loads((ROOT / "package.json").read_text())["dependencies"]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, version in named.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    for path, package in packages.items():
        assert "resolved" not in package
        assert not path or package["integrity"].startswith("sha512-")
