"""Settings of the ingest service: INGEST_... in the environment."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from services.ingest.domain.pseudonyms import Pseudonyms
from shared.runtime.settings import ServiceSettings
from shared.web.files import ASSETS

MIB = 1024 * 1024


class Settings(ServiceSettings):
    """See ServiceSettings; the port is the base port plus 1.

    `publisher` is the address of the publisher as browsers know it, where forms lead back to;
    blank: the next port below on the same host. `assets` is GOV.UK Frontend as npm installed it.

    Connectors go nowhere unless told: `reach` lists the origins that they may ask, `drop` is the
    folder that files come to, `secrets` the one with a file for each of their credentials. `files`
    is where what came is kept while it is wanted; replicas share it. A batch can be undone, and its
    rejected rows be mended, for `undo_days`.

    `pseudonym_key` is the key of pseudonyms (32 characters or more), for catalogues that ask for
    them. Every replica has the same one, and with another nobody is known any more.
    """

    # A secret that is refused is not repeated in the refusal.
    model_config = SettingsConfigDict(
        env_prefix="INGEST_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    port: int = 8001
    publisher: str = Field("", pattern=r"^(https?://[A-Za-z0-9.:\[\]-]+/?)?$")
    assets: Path = ASSETS
    max_records_bytes: int = Field(16 * MIB, ge=1)
    max_file_bytes: int = Field(512 * MIB, ge=1)
    max_waiting_rows: int = Field(200_000, ge=1)
    idempotency_days: int = Field(7, ge=1)
    undo_days: int = Field(30, ge=1)
    reach: str = ""
    drop: Path | None = None
    secrets: Path | None = None
    files: Path | None = None
    connectors: bool = True
    pseudonym_key: SecretStr | None = Field(None, min_length=32)

    def pseudonyms(self) -> Pseudonyms | None:
        """What makes pseudonyms; None without a key."""
        key = self.pseudonym_key
        return None if key is None else Pseudonyms(key.get_secret_value())

    def files_folder(self) -> Path:
        """Where what came is kept: beside the store where that is a file."""
        if self.files is not None:
            return self.files
        address = self.store_address("ingest")
        path = address.removeprefix("sqlite:///")
        return Path(path).parent / "files" if path != address else Path("data/files")
