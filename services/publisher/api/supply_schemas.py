"""The shapes of answers about how datasets are supplied."""

from pydantic import BaseModel, Field


class Supply(BaseModel):
    """How a dataset is supplied. `late` is true from the day after `due` on; the times are blank
    where nothing has come yet, `due` where nothing is known of it."""

    dataset: str
    title: str
    system: str
    owner: str
    service: str | None
    freshness_days: int | None
    received: str | None = Field(description="When the newest load was let in.")
    changed: str | None = Field(description="When a load last changed a record.")
    batch: str = Field(description="The newest load.")
    due: str | None = Field(description="The day by which the next load is due.")
    late: bool


class Supplies(BaseModel):
    """Every dataset whose age is limited, the late ones first."""

    cursor: str
    late: int
    datasets: list[Supply]
