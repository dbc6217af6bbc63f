"""The engine that many examples share: each must begin anew."""

from collections.abc import Iterator

import pytest

from tests.unit.indicators.engine import Engine, engine


@pytest.fixture(scope="session")
def kept_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One store for many examples."""
    with engine(tmp_path_factory.mktemp("indicators")) as found:
        yield found
