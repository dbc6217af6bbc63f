"""Who holds a connector: a process of a machine, so that what it leaves when it dies is seen.

Rule: a hold is another's until its time is over, unless the process that took it is known to be
dead: it ran on this machine, and there is none of its number, or the number is this one's own.
"""

import os
import socket
from hashlib import sha256

_HOST = sha256(socket.gethostname().encode()).hexdigest()[:8]


def mark() -> str:
    """The mark of this process, which its tokens end in after a point."""
    return f"{_HOST}-{os.getpid()}"


def is_dead(token: str) -> bool:
    """Whether the process that made a token is known to be gone. A token of this one's own number
    is of one before it: what this process runs itself, it knows."""
    host, _, number = token.rpartition(".")[2].partition("-")
    if host != _HOST or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
