"""Named crash points: places where a process may die at the worst moment, so that tests make it.

`FAILPOINT=name:n` kills the process with SIGKILL the n-th time it reaches that name. Nothing is
armed unless a test arms it.
"""

import os
import signal

# Every point that the code reaches; tests crash each of them.
POINTS = (
    "store.before-commit",
    "store.after-commit",
    "relay.before-send",
    "relay.after-send",
    "relay.after-mark",
    "consume.before-apply",
    "consume.before-ack",
    "consume.after-ack",
)

_armed: dict[str, int] = {}


def arm(setting: str) -> None:
    """Arms `name:n`; an empty setting arms nothing. Raises ValueError on an unknown name."""
    _armed.clear()
    if not setting:
        return
    name, _, count = setting.partition(":")
    if name not in POINTS:
        raise ValueError(f"no failpoint is called {name!r}; there are: {', '.join(POINTS)}")
    _armed[name] = int(count or 1)


def reach(name: str) -> None:
    """Says that the code stands at `name`. Dies here if a test asked for it."""
    if not _armed or name not in _armed:
        return
    _armed[name] -= 1
    if _armed[name] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
