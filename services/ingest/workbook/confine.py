"""What the child takes from itself before it looks at anything.

Rule: what is inside of a workbook can make the child fail; it cannot make it large, lasting or
talkative.
"""

import ctypes
import resource

from services.ingest.workbook import limits

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def confine(memory: int, seconds: int) -> None:
    """Limits memory, time, what is written and what is open, and leaves the network where the
    system lets a process do so."""
    for which, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.CSV_BYTES),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(which)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (least, least))
    try:
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)
    except (OSError, AttributeError):
        # Not on this system. It opens no connection anyway.
        pass
