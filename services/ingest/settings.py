"""Settings of the ingest service: INGEST_... in the environment."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.runtime.settings import ServiceSettings

MIB = 1024 * 1024


class Settings(ServiceSettings):
    """See ServiceSettings; the port is the base port plus 1."""

    model_config = SettingsConfigDict(env_prefix="INGEST_", frozen=True, extra="ignore")

    port: int = 8001
    max_records_bytes: int = Field(16 * MIB, ge=1)
    max_file_bytes: int = Field(64 * MIB, ge=1)
    max_waiting_rows: int = Field(200_000, ge=1)
    idempotency_days: int = Field(7, ge=1)
