"""Settings that every service has, read once at start from `<NAME>_...` in the environment.

Rule: frozen, checked at start, and no secret has a default. Loopback unless told otherwise.
"""

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.messaging.connection import KafkaSettings


class ServiceSettings(BaseSettings):
    """The settings of one service. Subclasses set `env_prefix` and the default port.

    `identity` is one for the whole system, so it is read from IRF_IDENTITY: see shared/identity.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    store_url: str = ""
    kafka: str = "127.0.0.1:9092"
    partitions: int = Field(6, ge=1, le=1000)
    replication: int = Field(1, ge=1, le=9)
    kafka_idempotence: bool = True
    fetch_wait_ms: int | None = Field(None, ge=1, le=5000)
    session_ms: int = Field(30_000, ge=1_000, le=300_000)
    batch: int = Field(10_000, ge=1, le=100_000)
    topic_prefix: str = ""
    replica: str = "0"
    log_level: str = "INFO"
    failpoint: str = ""
    identity: Literal["personas", "none"] | None = Field(
        None, validation_alias="IRF_IDENTITY"
    )

    @classmethod
    def read(cls, **given: Any) -> Self:
        """Reads the environment; `given` wins over it."""
        return cls(**given)

    def store_address(self, service: str) -> str:
        """The store's address: a SQLite file in `data/` where nothing is configured."""
        if self.store_url:
            return self.store_url
        folder = Path("data")
        folder.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{folder.resolve() / service}.db"

    def kafka_settings(self, service: str) -> KafkaSettings:
        """How this service speaks to the broker."""
        return KafkaSettings(
            bootstrap=self.kafka,
            service=service,
            replica=self.replica,
            partitions=self.partitions,
            replication=self.replication,
            idempotence=self.kafka_idempotence,
            # The embedded broker does not wake a waiting fetch when something comes.
            fetch_wait_ms=self.fetch_wait_ms or (500 if self.kafka_idempotence else 10),
            batch=self.batch,
            session_ms=self.session_ms,
            prefix=self.topic_prefix,
        )
