"""Data that tests share, and the real files that stand outside the repository.

Rule: real data files are never copied into the repository; where they are absent a test says so.
"""

from pathlib import Path

from tests.needs import want

CATALOGUE = Path(__file__).parent / "catalogue"
_REAL = Path(__file__).resolve().parents[3] / "shared" / "data"


def real_file(name: str) -> Path:
    """A real public-sector file, such as `banes/...csv`; the test is left out where it is not."""
    found = _REAL / name
    lacks = [] if found.exists() else [f"the published file {name} at {found}"]
    want(f"The real file {name}", lacks)
    return found
