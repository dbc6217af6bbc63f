"""The shapes of answers about how datasets are supplied and what people owe."""

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


class Owed(BaseModel):
    """A figure that is still to be given for a period that is over."""

    code: str = Field(description="The return.")
    title: str
    dataset: str
    service: str = Field(description="The service's name; blank where none is named.")
    deputy: str
    period: str
    due: str = Field(description="The last day on which it is in time.")
    days_overdue: int = Field(description="0 while it is in time.")
    missing: int = Field(description="How many of the figures that it asks for are blank.")


class Owner(BaseModel):
    """Who owes figures: `overdue` of them are, and `in_time` are still to be given in time."""

    owner: str
    overdue: int
    in_time: int
    returns: list[Owed]


class Supplies(BaseModel):
    """Every dataset whose age is limited, the late ones first; and everybody who owes a return,
    whoever has most overdue first."""

    cursor: str
    late: int
    datasets: list[Supply]
    overdue: int = Field(description="How many returns are overdue.")
    owners: list[Owner]
