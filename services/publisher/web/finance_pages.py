"""The pages about the council's money."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.publisher.readmodel import Snapshot
from services.publisher.web import (
    capital_views,
    finance_lists,
    finance_views,
    monitoring_view,
    payment_views,
)
from services.publisher.web.asking import Asking
from services.publisher.web.tables import Facts

Text = Annotated[str | None, Query(max_length=300)]
Show = Callable[[str, Callable[[Snapshot], Facts]], Awaitable[Response]]


def finance_pages(router: APIRouter, show: Show, asks: Asking) -> None:
    """Adds the routes."""

    @router.get("/finance")
    async def finance(
        year: Text = None,
        period: Text = None,
        basis: Text = None,
        by: Text = None,
        ledger: Text = None,
    ) -> Response:
        if ledger:  # its address before there were positions
            return await spending(ledger, year)
        return await show(
            "finance.html", lambda view: finance_views.overview(view, year, period, basis, by)
        )

    @router.get("/finance/spending")
    async def spending(ledger: Text = None, year: Text = None) -> Response:
        return await show(
            "finance_spending.html", lambda view: finance_lists.spending(view, ledger, year)
        )

    @router.get("/finance/savings")
    async def savings(year: Text = None) -> Response:
        return await show("finance_savings.html", lambda view: finance_lists.savings(view, year))

    @router.get("/finance/reserves")
    async def reserves(year: Text = None) -> Response:
        return await show("finance_reserves.html", lambda view: finance_lists.reserves(view, year))

    @router.get("/finance/virements")
    async def virements(year: Text = None) -> Response:
        return await show(
            "finance_virements.html", lambda view: finance_lists.virements(view, year)
        )

    @router.get("/finance/reconciliation")
    async def reconciliation(year: Text = None) -> Response:
        return await show(
            "finance_reconciliation.html", lambda view: finance_lists.reconciliation(view, year)
        )

    @router.get("/finance/monitoring")
    async def monitoring(year: Text = None, quarter: Text = None) -> Response:
        return await show(
            "finance_monitoring.html", lambda view: monitoring_view.monitoring(view, year, quarter)
        )

    @router.get("/finance/payments")
    async def payments(contract: Text = None, scheme: Text = None, before: Text = None) -> Response:
        return await show(
            "finance_payments.html",
            lambda view: payment_views.payments(view, contract, scheme, before),
        )

    @router.get("/finance/capital")
    async def capital(year: Text = None) -> Response:
        return await show("finance_capital.html", lambda view: capital_views.programme(view, year))

    @router.get("/finance/capital/{scheme}")
    async def scheme(scheme: str) -> Response:
        return await show("finance_scheme.html", lambda view: capital_views.scheme(view, scheme))

    @router.get("/finance/{level}/{code}")
    async def node(
        request: Request,
        level: str,
        code: str,
        year: Text = None,
        period: Text = None,
        basis: Text = None,
        fund: Text = None,
        after: Text = None,
    ) -> Response:
        asked = (year, period, basis)
        asker = await asks.asker(request)
        return await show(
            "finance_node.html",
            lambda view: finance_views.node(view, level, code, asked, fund, after, asker),
        )
