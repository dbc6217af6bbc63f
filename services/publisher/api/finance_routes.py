"""The calls about the council's money: positions, virements, savings, reserves, capital, control
totals and hints. What is of a ledger of its own stays with `/v1/finance/{code}`."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.publisher import reading_finance as reading
from services.publisher import reading_lists as lists
from services.publisher.api import finance_answers as answers
from services.publisher.api import finance_query as asking
from services.publisher.api import finance_schemas as schemas
from services.publisher.api import query
from services.publisher.api.payment_routes import payment_routes
from services.publisher.domain import finance, finance_words
from services.publisher.domain.finance_sums import LISTED_LEVELS, Standing
from services.publisher.readmodel import ReadModel, Snapshot
from shared.runtime.problems import Problem

Text = Annotated[str | None, Query(max_length=300)]
Short = Annotated[str | None, Query(max_length=40)]
APPROVALS = {"for approval": "for approval", "for information": "for information"}
BY = {"fund": "", "directorate": "", "portfolio": "", "service": "", "cost-centre": ""}


def finance_routes(reads: ReadModel) -> APIRouter:
    """The routes; they come before the one that takes any ledger's code."""
    router = APIRouter(prefix="/v1/finance", tags=["finance"])

    @router.get("/positions")
    async def positions(
        year: Short = None,
        period: Short = None,
        by: Short = None,
        basis: Short = None,
        fund: Text = None,
        within: Text = None,
    ) -> schemas.PositionList:
        """Positions by fund, directorate, portfolio, service or cost centre at the end of a period,
        in pence; `within` lists what a directorate, portfolio or service is made of. A positive
        variance is over budget, adverse."""

        def work(view: Snapshot) -> schemas.PositionList:
            asked = asking.asked(view, year, period, basis)
            level = asking.one_of("by", by, BY, "directorate")
            in_fund = asking.fund(view, fund)
            parents = asking.within(view, asked, within, in_fund)
            if parents is not None:
                level = "cost-centre" if parents and parents[0].level == "service" else "service"
                level = asking.one_of("by", by, {level: ""}, level)
                rows = [
                    child
                    for parent in parents
                    for child in reading.children(view, asked.basis, asked.when, parent)
                ]
            else:
                rows = _listed(view, asked, level, in_fund)
            return answers.position_list(view, asked, level, rows)

        return await reads.read(work)

    @router.get("/positions/{level}/{code}")
    async def position(
        level: str,
        code: str,
        year: Short = None,
        period: Short = None,
        basis: Short = None,
        fund: Text = None,
    ) -> schemas.PositionAnswer:
        """One position: its subjective groups, what it is made of, the run rate beside the
        manager's forecast, reasons and mitigations, and its periods."""

        def work(view: Snapshot) -> schemas.PositionAnswer:
            asked = asking.asked(view, year, period, basis)
            found = asking.standing(view, asked, level, code, asking.fund(view, fund))
            return answers.position(view, asked, *found)

        return await reads.read(work)

    @router.get("/positions/{level}/{code}/explain")
    async def explain(
        level: str,
        code: str,
        year: Short = None,
        period: Short = None,
        basis: Short = None,
        fund: Text = None,
        after: Text = None,
        limit: Annotated[str | None, Query(max_length=20)] = None,
    ) -> schemas.PositionExplanation:
        """How each number of a position was worked out, from which states, and of a cost centre the
        records of its year, a page at a time."""
        rows = query.whole("limit", limit, 100, 1, 1_000)
        start = asking.after(after)

        def work(view: Snapshot) -> schemas.PositionExplanation:
            asked = asking.asked(view, year, period, basis)
            found, _ = asking.standing(view, asked, level, code, asking.fund(view, fund))
            return answers.explanation(view, asked, found, start, rows)

        return await reads.read(work)

    _lists(router, reads)
    payment_routes(router, reads)
    return router


def _listed(view: Snapshot, asked: asking.Asked, level: str, in_fund: str | None) -> list[Standing]:
    if level in LISTED_LEVELS:
        return reading.positions(view, asked.basis, asked.when, level, in_fund)
    found = reading.cost_centres(
        view, asked.basis, asked.when, lambda node: in_fund is None or node.fund == in_fund
    )
    return [reading.standing_of(view, *each, asked.basis, asked.when) for each in found]


def _lists(router: APIRouter, reads: ReadModel) -> None:
    """The calls that list states of one kind."""

    @router.get("/virements")
    async def virements(year: Short = None, approval: Short = None) -> schemas.StateList:
        """Virements of a year, for approval and for information; `held` says why one does not
        count."""

        def work(view: Snapshot) -> schemas.StateList:
            known = lists.virement_years(view)
            chosen = asking.year(year, reading.default_year(view, known))
            wanted = asking.one_of("approval", approval, APPROVALS, "")
            found = [
                each
                for each in lists.virements(view, chosen)
                if not wanted or each[1].approval == wanted
            ]
            return answers.states(view, chosen, known, found, finance_words.virement)

        return await reads.read(work)

    @router.get("/savings")
    async def savings(year: Short = None) -> schemas.SavingList:
        """Savings of a year: target, delivered, forecast and undeliverable."""

        def work(view: Snapshot) -> schemas.SavingList:
            known = reading.years(view, "saving")
            chosen = asking.year(year, reading.default_year(view, known))
            found = lists.savings(view, chosen)
            listed = answers.states(view, chosen, known, found, finance_words.saving)
            total = finance_words.SavingTotal(each for _, each in found)
            return schemas.SavingList(
                **listed.model_dump(),
                total=schemas.SavingTotals(
                    target=total.target,
                    delivered=total.delivered,
                    forecast=total.forecast,
                    undeliverable=total.undeliverable,
                    text=total.sentence(),
                ),
            )

        return await reads.read(work)

    @router.get("/reserves")
    async def reserves(year: Short = None) -> schemas.StateList:
        """Reserves of a year."""

        def work(view: Snapshot) -> schemas.StateList:
            known = reading.years(view, "reserve")
            chosen = asking.year(year, reading.default_year(view, known))
            found = lists.reserves(view, chosen)
            return answers.states(view, chosen, known, found, finance_words.reserve)

        return await reads.read(work)

    @router.get("/capital")
    async def capital(year: Short = None) -> schemas.StateList:
        """Capital schemes with money in a year, or all of them."""

        def work(view: Snapshot) -> schemas.StateList:
            found = lists.schemes(view)
            known = sorted({code for _, each in found for code in each.years}, reverse=True)
            chosen = asking.year(year, reading.default_year(view, known))
            in_year = [each for each in found if not year or chosen in each[1].years]
            return answers.states(view, chosen, known, in_year, finance_words.scheme)

        return await reads.read(work)

    @router.get("/capital/{scheme}")
    async def scheme(scheme: str) -> schemas.SchemeAnswer:
        """One capital scheme, by year and whole."""

        def work(view: Snapshot) -> schemas.SchemeAnswer:
            found = lists.scheme(view, scheme)
            if found is None:
                raise Problem(404, f"There is no capital scheme {scheme[:60]!r}.")
            told = answers.state(found[0], finance_words.scheme(found[1]))
            return schemas.SchemeAnswer(cursor=view.event_id, sign=finance.SIGNS, scheme=told)

        return await reads.read(work)

    @router.get("/reconciliations")
    async def reconciliations(year: Short = None) -> schemas.StateList:
        """What is held beside what the ledger states, by period and by batch."""

        def work(view: Snapshot) -> schemas.StateList:
            known = reading.years(view, asking.POSITIONS)
            chosen = asking.year(year, reading.default_year(view, known))
            found = lists.reconciliations(view, chosen)
            return answers.states(view, chosen, known, found, finance_words.reconciliation)

        return await reads.read(work)

    @router.get("/hints")
    async def hints() -> schemas.HintList:
        """Payments worth a look: possible duplicates and split purchases."""

        def work(view: Snapshot) -> schemas.HintList:
            found = lists.hints(view)
            items = [answers.state(held, finance_words.hint(each)) for held, each in found]
            return schemas.HintList(cursor=view.event_id, items=items)

        return await reads.read(work)
