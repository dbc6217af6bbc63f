"""Settings of the risk service: RISK_... in the environment."""

from pydantic_settings import SettingsConfigDict

from shared.runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """See ServiceSettings; the port is the base port plus 4."""

    model_config = SettingsConfigDict(env_prefix="RISK_", frozen=True, extra="ignore")

    port: int = 8004
