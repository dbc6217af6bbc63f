"""One service on a store of its own, fed events as its topics would bring them.

Everything between the topic and the outbox is the real thing, and there is no broker, so that CPU
time is that of the service and its store alone.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time

from shared.db.migrate import migrate
from shared.delivery.inbox import Received
from shared.runtime.service import Service
from tests.benchmarks import topics

# A topic, a subject, and its state (None: it is gone).
Fact = tuple[str, str, bytes | None]


class Fed:
    """A service, fed without a broker. `spent` is the CPU time it took, in seconds."""

    def __init__(self, path: Path, make: Callable[[str], Service]) -> None:
        self.path = path
        self.service = make(f"sqlite:///{path}")
        migrate(self.service.store)
        self.versions: dict[str, int] = {}
        self.spent = 0.0

    def feed(self, events: Sequence[Fact], time: str = topics.TIME) -> None:
        """One batch that was said at a time, in one transaction, and its outbox emptied."""
        received = []
        for topic, subject, body in events:
            self.versions[subject] = self.versions.get(subject, 0) + 1
            raw = topics.event(topic, subject, self.versions[subject], body, time)
            received.append(Received(topic, 0, 0, raw))
        began = process_time()
        inbox = self.service.inbox
        assert inbox is not None
        self.service.store.write_now(lambda tx: inbox.apply(tx, received))
        self.service.store.write_now(lambda tx: tx.run("DELETE FROM outbox"))
        self.spent += process_time() - began
