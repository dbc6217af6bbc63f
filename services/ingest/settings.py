"""Settings of the ingest service: INGEST_... in the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.runtime.settings import ServiceSettings
from shared.web.files import ASSETS

MIB = 1024 * 1024


class Settings(ServiceSettings):
    """See ServiceSettings; the port is the base port plus 1.

    `publisher` is the address of the publisher as browsers know it, where forms lead back to;
    blank: the next port below on the same host. `assets` is GOV.UK Frontend as npm installed it.
    """

    model_config = SettingsConfigDict(env_prefix="INGEST_", frozen=True, extra="ignore")

    port: int = 8001
    publisher: str = Field("", pattern=r"^(https?://[A-Za-z0-9.:\[\]-]+/?)?$")
    assets: Path = ASSETS
    max_records_bytes: int = Field(16 * MIB, ge=1)
    max_file_bytes: int = Field(64 * MIB, ge=1)
    max_waiting_rows: int = Field(200_000, ge=1)
    idempotency_days: int = Field(7, ge=1)
