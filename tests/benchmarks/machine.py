"""The machine and the processes on it: what it is, who used how much of it."""

import os
import platform
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

MIB = 1024 * 1024


def facts() -> str:
    """The machine in one line."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.partition(": ")[2] for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} "
        f"cores ({model}), {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; load before: {os.getloadavg()[0]:.1f}"
    )


class Meter:
    """CPU seconds and memory of named processes since it was made."""

    def __init__(self, pids: Mapping[str, int | None]) -> None:
        self._processes = {
            name: psutil.Process(pid) for name, pid in pids.items() if pid is not None
        }
        self._before = self._cpu_now()
        self._began = time.perf_counter()
        self.peaks = dict.fromkeys(self._processes, 0)
        self.look()

    def _cpu_now(self) -> dict[str, float]:
        return {name: sum(each.cpu_times()[:2]) for name, each in self._processes.items()}

    def look(self) -> None:
        """Takes note of the memory in use now."""
        for name, process in self._processes.items():
            self.peaks[name] = max(self.peaks[name], process.memory_info().rss)

    def seconds(self) -> float:
        """How long it has been measuring."""
        return time.perf_counter() - self._began

    def cpu(self) -> dict[str, float]:
        """CPU seconds of each process since the beginning."""
        now = self._cpu_now()
        return {name: now[name] - self._before[name] for name in now}

    def memory(self) -> dict[str, int]:
        """Resident bytes of each process now."""
        return {name: int(each.memory_info().rss) for name, each in self._processes.items()}


def say(text: str = "") -> None:
    """Prints a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
