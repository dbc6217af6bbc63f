"""How another's Kafka is reached: the brokers that a place names, and those that they name.

Rule: a broker sends its clients on to others. Every one of them is within reach, or none is asked.
A password is only ever said over TLS.
"""

import re
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aiokafka import AIOKafkaConsumer
from aiokafka.cluster import ClusterMetadata

from services.ingest.connect.reach import OutOfReach, Reach
from services.ingest.connect.source import Fetching, SourceFailed

PATIENCE_MS = 10_000
# The broker answers as soon as there is something, and after this long in any case.
FETCH_WAIT_MS = 250
# Of one partition: a few thousand messages with their schemas.
FETCH_BYTES = 8 * 1024 * 1024
MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}", re.ASCII)


class _Within(ClusterMetadata):  # type: ignore[misc]  # aiokafka has no types
    """What is known of a cluster; nothing, where a broker of it is out of reach."""

    def __init__(self, reach: Reach) -> None:
        super().__init__()
        self._reach = reach
        self._let_in = False
        self.refused: str | None = None

    def update_metadata(self, metadata: Any) -> None:
        """Raises OutOfReach at first; later what is refused is told by `refused`."""
        try:
            for _, host, port, *_ in metadata.brokers:
                self._reach.address(_address(host, port))
        except OutOfReach as out:
            self.refused = f"The broker leads on to another: {out}"
            if not self._let_in:
                raise OutOfReach(self.refused) from None
            return
        self._let_in = True
        super().update_metadata(metadata)


def topic_of(place: str) -> str:
    """The topic that a place names. Raises SourceFailed."""
    name = urlsplit(place).path.removeprefix("/")
    if not _TOPIC.fullmatch(name):
        raise SourceFailed("The place names no topic: write kafka://host:port/topic.")
    return name


def consumer(asked: Fetching) -> AIOKafkaConsumer:
    """A consumer of no group, which has nothing yet. Raises OutOfReach, SourceFailed."""
    hosts = []
    for each in urlsplit(asked.connector.place).netloc.split(","):
        found = asked.reach.address(f"kafka://{each}")
        hosts.append(_address(found.hostname or "", found.port or 9092).removeprefix("kafka://"))
    made = AIOKafkaConsumer(
        bootstrap_servers=hosts,
        client_id="irf-ingest",
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        # What a producer took back was never said.
        isolation_level="read_committed",
        fetch_max_wait_ms=FETCH_WAIT_MS,
        max_partition_fetch_bytes=FETCH_BYTES,
        request_timeout_ms=PATIENCE_MS,
        **security(asked.secret),
    )
    made._client.cluster = _Within(asked.reach)
    return made


def refused(made: AIOKafkaConsumer) -> None:
    """Raises OutOfReach where the cluster has come to lead out of reach."""
    reason = made._client.cluster.refused
    if reason is not None:
        raise OutOfReach(reason)


def security(secret: Mapping[str, str]) -> dict[str, Any]:
    """How to be let in: by name and password, or an authority of one's own alone; both by TLS.
    Raises SourceFailed."""
    if not secret:
        return {}
    try:
        context = ssl.create_default_context(cadata=secret.get("ca"))
    except (ssl.SSLError, ValueError):
        raise SourceFailed("The ca among the credentials is no certificate in PEM.") from None
    if "user" not in secret:
        return {"security_protocol": "SSL", "ssl_context": context}
    mechanism = secret.get("mechanism", MECHANISMS[0])
    if mechanism not in MECHANISMS:
        raise SourceFailed(
            f"The mechanism among the credentials is one of {', '.join(MECHANISMS)}."
        )
    return {
        "security_protocol": "SASL_SSL",
        "ssl_context": context,
        "sasl_mechanism": mechanism,
        "sasl_plain_username": secret["user"],
        "sasl_plain_password": secret.get("password", ""),
    }


def _address(host: str, port: int) -> str:
    return f"kafka://[{host}]:{port}" if ":" in host else f"kafka://{host}:{port}"
