"""Settings of the publisher: PUBLISHER_... in the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.runtime.settings import ServiceSettings

ROOT = Path(__file__).resolve().parents[2]


class Settings(ServiceSettings):
    """See ServiceSettings; the port is the base port itself.

    `assets` is the folder of GOV.UK Frontend that npm installed; without it pages are plain.
    """

    model_config = SettingsConfigDict(env_prefix="PUBLISHER_", frozen=True, extra="ignore")

    port: int = 8000
    assets: Path = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk"
    ping_seconds: float = Field(10.0, gt=0, le=60)
    send_seconds: float = Field(15.0, gt=0, le=120)
    retry_ms: int = Field(2_000, ge=100, le=60_000)
    stream_clients: int = Field(10_000, ge=1)
