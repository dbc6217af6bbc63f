import socket
from collections.abc import Iterator

import pytest

from deploy.brokers.ports import free_port


@pytest.fixture
def port_in_use() -> Iterator[int]:
    """A port that somebody else listens on."""
    port = free_port()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", port))
        listening.listen()
        yield port
