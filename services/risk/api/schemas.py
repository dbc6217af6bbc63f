"""The shapes of the risk service's answers."""

from typing import Any

from pydantic import BaseModel


class Register(BaseModel):
    """The risk register; each risk as in its event on irf.risks."""

    risks: list[dict[str, Any]]
