"""The shapes of the finance service's answers."""

from typing import Any

from pydantic import BaseModel


class Finance(BaseModel):
    """Positions and control totals; each as in its event on irf.finance."""

    controls: list[dict[str, Any]]
    spend: list[dict[str, Any]]
