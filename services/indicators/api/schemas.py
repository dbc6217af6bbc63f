"""The shapes of the indicators service's answers."""

from typing import Any

from pydantic import BaseModel


class History(BaseModel):
    """Every version of a value, oldest first; each as in its event on irf.indicators."""

    subject: str
    versions: list[dict[str, Any]]
