"""Settings of the publisher: PUBLISHER_... in the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.runtime.settings import ServiceSettings
from shared.web.files import ASSETS

# What a policy may name: nothing in it can end the directive that it stands in.
_ORIGIN = r"https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?"


class Settings(ServiceSettings):
    """See ServiceSettings; the port is the base port itself.

    `forms` is the address of ingest's forms, such as https://forms.example.gov.uk; left empty, it
    is this service's own host at the next port.

    `embed_in` lists the origins whose pages may show the embedded figures in a frame, with spaces
    between them, such as https://www.example.gov.uk https://*.example.gov.uk; this service's own
    pages always may. All other pages stand in no frame.

    `assets` is the folder of GOV.UK Frontend that npm installed; without it pages are plain.
    """

    model_config = SettingsConfigDict(env_prefix="PUBLISHER_", frozen=True, extra="ignore")

    port: int = 8000
    assets: Path = ASSETS
    forms: str = Field("", pattern=r"^(https?://[^\s/?#]+)?$")
    embed_in: str = Field("", pattern=rf"^({_ORIGIN}( +{_ORIGIN})*)?$")
    ping_seconds: float = Field(10.0, gt=0, le=60)
    send_seconds: float = Field(15.0, gt=0, le=120)
    retry_ms: int = Field(2_000, ge=100, le=60_000)
    stream_clients: int = Field(10_000, ge=1)
