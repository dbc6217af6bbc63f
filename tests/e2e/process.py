"""One process of a service: started, killed, started again, asked how it is."""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2

from deploy.local.system import ROOT


class Process:
    """One process of a service: started, killed, started again."""

    def __init__(self, name: str, address: str, env: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.address = address
        self.log = log
        self._env = dict(env)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, failpoint: str = "") -> None:
        """Starts it, armed to die at a failpoint if one is named."""
        assert not self.alive
        env = self._env | {f"{self.name.upper()}_FAILPOINT": failpoint}
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"services.{self.name}"],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def code(self) -> int | None:
        """What it ended with, below zero by a signal; None while it runs."""
        return None if self._process is None else self._process.poll()

    def kill(self) -> None:
        """Ends it as a power cut would: kill -9."""
        self.end(signal.SIGKILL)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends it and waits until it is gone."""
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(40)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def ended(self, seconds: float = 20.0) -> bool:
        """Whether it ends by itself; its connections are cut a moment before it is gone."""
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        return not self.alive

    def killed_itself(self) -> bool:
        """Whether it ended at a failpoint."""
        return self._process is not None and self._process.poll() == -signal.SIGKILL

    def checks(self) -> dict[str, str]:
        """What readiness says of each part, or nothing where it does not answer."""
        try:
            answer = httpx2.get(f"{self.address}/health/ready", timeout=5)
        except httpx2.HTTPError:
            return {}
        checks: dict[str, str] = answer.json()["checks"]
        return checks

    def metrics(self) -> str:
        """The metrics, in Prometheus' text format."""
        return httpx2.get(f"{self.address}/metrics", timeout=5).text

    def lines(self) -> list[dict[str, Any]]:
        """Its log, line by line."""
        found = []
        for line in self.log.read_text(errors="replace").splitlines():
            if line.startswith("{"):
                found.append(json.loads(line))
        return found
