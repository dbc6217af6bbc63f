"""The shapes of the answers about contracts and commissioning. Amounts in states are pence."""

from typing import Any

from pydantic import BaseModel, Field

from services.publisher.api.finance_schemas import StateAnswer


class ContractList(BaseModel):
    """Contracts of the register, what expires first first."""

    cursor: str
    unit: str = "pence"
    text: str = Field(description="How many need a decision, in words.")
    contracts: list[StateAnswer]


class ContractAnswer(BaseModel):
    """A contract, with how its dates were worked out, what was paid under its reference, and the
    intentions that name it."""

    cursor: str
    unit: str = "pence"
    contract: StateAnswer
    dates: list[str]
    paid: dict[str, Any] | None
    intentions: list[StateAnswer]


class IntentionList(BaseModel):
    """Commissioning intentions, by the day of their decision."""

    cursor: str
    unit: str = "pence"
    intentions: list[StateAnswer]


class Procurement(BaseModel):
    """A row of the pipeline, with the fields of a UK1 pipeline notice; amounts in pounds."""

    buyer: str
    reference: str
    title: str
    description: str
    value_excluding_vat: str = Field(description="As recorded, taken to be without VAT.")
    value_including_vat: str = Field(description="Blank: no record says it.")
    contract_start: str
    contract_end: str
    tender_notice: str
    category: str
    cpv_code: str
    procedure: str
    suitable_for_smes: str
    suitable_for_vcses: str
    contact: str
    service: str
    current_contract: str
    current_contract_expires: str


class Pipeline(BaseModel):
    """What is to be bought in the months to come for more than so many pounds."""

    cursor: str
    over: str = Field(description="Pounds.")
    months: int
    procurements: list[Procurement]
