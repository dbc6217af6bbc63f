"""One service's process: started, watched, started again when it dies, ended.

Rule: a process that ends by itself comes back, after a wait that doubles while it keeps dying and
begins anew once it has lived for a while.
"""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from shared.runtime.clock import Clock

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
SETTLED_SECONDS = 60.0
LAST_WORDS = 2000


class ServiceProcess:
    """A service's process; `watch` is called often by whoever keeps it alive."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        log_file: Path,
        folder: Path,
        clock: Clock,
    ) -> None:
        self.name = name
        self.log_file = log_file
        self.deaths = 0
        self._command = list(command)
        self._env = dict(env)
        self._folder = folder
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._again_at: float | None = None
        self._wait = FIRST_WAIT

    @property
    def pid(self) -> int | None:
        """The process's id while there is one."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Starts the process; what it says goes to its log file."""
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            # A session of its own: Ctrl-C in the terminal reaches only us, and we end the
            # services one after the other.
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._started = self._clock.monotonic()
        self._again_at = None

    def watch(self) -> str | None:
        """Looks after the process; says in words what happened, if anything did."""
        now = self._clock.monotonic()
        if self._again_at is not None:
            if now < self._again_at:
                return None
            self.start()
            return f"{self.name} started again"
        code = None if self._process is None else self._process.poll()
        if code is None:
            return None
        self._process = None
        self.deaths += 1
        self._wait = FIRST_WAIT if now - self._started > SETTLED_SECONDS else self._wait
        self._again_at = now + self._wait
        said = f"{self.name} ended ({_reason(code)}); starting it again in {self._wait:g} s"
        self._wait = min(self._wait * 2, LONGEST_WAIT)
        return f"{said}; its log is {self.log_file}"

    def ask_to_end(self) -> None:
        """Tells the process to end, without waiting; it will not be started again."""
        self._again_at = None
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def end(self, seconds: float) -> None:
        """Waits for the process to be gone, and insists after a time."""
        self.ask_to_end()
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def last_words(self) -> str:
        """The end of its log."""
        try:
            return self.log_file.read_text(errors="replace")[-LAST_WORDS:].strip()
        except OSError:
            return ""


def _reason(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
