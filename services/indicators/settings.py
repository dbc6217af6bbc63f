"""Settings of the indicators service: INDICATORS_... in the environment."""

from pydantic_settings import SettingsConfigDict

from shared.runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """See ServiceSettings; the port is the base port plus 2."""

    model_config = SettingsConfigDict(env_prefix="INDICATORS_", frozen=True, extra="ignore")

    port: int = 8002
