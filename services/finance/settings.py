"""Settings of the finance service: FINANCE_... in the environment."""

from pydantic_settings import SettingsConfigDict

from shared.runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """See ServiceSettings; the port is the base port plus 3."""

    model_config = SettingsConfigDict(env_prefix="FINANCE_", frozen=True, extra="ignore")

    port: int = 8003
