"""Free ports on the loopback address."""

import random
import socket

BELOW_EPHEMERAL = range(20_000, 29_000)
"""Outside the range that the kernel takes outgoing ports from: a broker that is stopped finds its
port still free when it starts again."""


def free_port() -> int:
    for _ in range(200):
        port = random.choice(BELOW_EPHEMERAL)
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port on the loopback address")
