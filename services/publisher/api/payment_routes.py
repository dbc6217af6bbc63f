"""The call that lists the payments behind a contract's or a scheme's spending."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.publisher import reading_payments as reading
from services.publisher.api import query
from services.publisher.readmodel import ReadModel, Snapshot

Text = Annotated[str | None, Query(max_length=300)]


class PaymentRow(BaseModel):
    """A payment as its record has it, in pounds as it came."""

    subject: str
    year: str
    period: int
    version: int
    batch: str
    accepted: str
    fields: dict[str, Any]


class PaymentList(BaseModel):
    """Payments, the newest first. `next` continues the list."""

    cursor: str
    under: str
    reference: str
    payments: list[PaymentRow]
    next: str | None


def payment_routes(router: APIRouter, reads: ReadModel) -> None:
    """Adds the call."""

    @router.get("/payments")
    async def payments(
        contract: Text = None,
        scheme: Text = None,
        before: Text = None,
        limit: Annotated[str | None, Query(max_length=20)] = None,
    ) -> PaymentList:
        """The payments made under a contract or a capital scheme, whether or not it is registered:
        what its spending is made of."""
        rows = query.whole("limit", limit, 100, 1, 1_000)
        asked, start = reading.under(contract, scheme), reading.before(before)

        def work(view: Snapshot) -> PaymentList:
            found, following = reading.payments(view, asked, start, rows)
            return PaymentList(
                cursor=view.event_id,
                under=asked.kind,
                reference=asked.reference,
                payments=[
                    PaymentRow(
                        subject=each.place.subject,
                        year=each.place.year,
                        period=each.place.period,
                        version=each.row.version,
                        batch=each.row.correlation,
                        accepted=each.row.origin,
                        fields=each.record.fields,
                    )
                    for each in found
                ],
                next=reading.before_text(following) if following else None,
            )

        return await reads.read(work)
