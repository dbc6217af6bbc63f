"""What stands beside the set for members: money by fund and the top risks, live or as reported."""

from dataclasses import dataclass
from urllib.parse import quote

from services.publisher import reading_finance, reading_reports, reading_risks
from services.publisher.api import finance_query
from services.publisher.domain import finance, risks, words
from services.publisher.domain.finance_sums import fund_name
from services.publisher.domain.reported import Moved
from services.publisher.reading_reports import Frozen
from services.publisher.readmodel import Snapshot
from services.publisher.web import finance_rows
from shared.accounts.calendar import When
from shared.contracts import subjects
from shared.contracts.finance import Figures

TOP_RISKS = 5
NOTHING = Figures()


@dataclass(frozen=True)
class Money:
    """A fund in the summary. `subject` is empty where its words are of another period."""

    code: str
    name: str
    href: str
    budget: str
    forecast: str
    variance: str
    outcome: str
    outcome_word: str
    subject: str = ""
    moved: Moved | None = None


@dataclass(frozen=True)
class TopRisk:
    """A risk in the summary."""

    reference: str
    title: str
    href: str
    owner: str
    score: str
    outcome: str
    outcome_word: str
    standing: str
    subject: str = ""
    moved: Moved | None = None


@dataclass(frozen=True)
class Beside:
    """What stands beside the set: money by fund, at the end of a period, and the top risks."""

    period: str
    money: list[Money]
    risks: list[TopRisk]
    risks_sentence: str


def funds(view: Snapshot) -> tuple[str, list[Money]]:
    """The period that money is told of now, and each fund at its end."""
    asked = finance_query.asked(view, None, None, None)
    money = []
    for each in reading_finance.positions(view, asked.basis, asked.when, "fund"):
        if not each.fund and each.figures == NOTHING:
            continue  # what had no fund was placed since
        row = finance_rows.row(each, asked)
        if not each.fund:
            # Nobody budgets where there is no fund: what was spent says more than a variance, and
            # it is read again rather than copied.
            spent = finance.column("actual", each.figures.actual)
            row |= {"variance_words": f"{spent} spent", "subject": ""}
        money.append(
            Money(
                code=each.fund,
                name=fund_name(view.catalogue.books, each.fund),
                href=row["href"],
                budget=row["current_budget"],
                forecast=row["forecast"],
                variance=row["variance_words"],
                outcome=row["outcome"],
                outcome_word=row["outcome_word"],
                subject=row["subject"],
            )
        )
    return finance.period(asked.when), money


def beside(view: Snapshot) -> Beside:
    """Money and risks as they are now."""
    period, money = funds(view)
    every = [risk for _, risk in reading_risks.risks(view)]
    listed = [each for each in every if each.open and risks.is_threat(each)][:TOP_RISKS]
    top = []
    for risk in listed:
        parts = risks.risk_parts(risk, view.catalogue.risk_policy)
        top.append(
            TopRisk(
                reference=risk.reference,
                title=parts["title"],
                href=f"/risks/{quote(risk.reference)}",
                owner=parts["owner"],
                score=parts["score"],
                outcome=parts["outcome"],
                outcome_word=parts["outcome_word"],
                standing=parts["standing"],
                subject=subjects.risk(risk.reference),
            )
        )
    return Beside(period, money, top, risks.counts(every))


def beside_reported(view: Snapshot, report: Frozen) -> Beside:
    """Money and risks as they were reported, funds in the order of the accounts of the time."""
    books = report.catalogue.books
    known = [each.code for each in books.funds] if books else []

    def order(fund: str) -> tuple[int, str]:
        return (known.index(fund) if fund in known else len(known) + (not fund), fund)

    money = [
        Money(
            code=each.position.fund,
            name=fund_name(report.catalogue.books, each.position.fund),
            href="",
            budget=finance.column("current_budget", each.figures.current_budget),
            forecast=finance.column("forecast", each.figures.forecast),
            variance=words.sentence(finance.variance(each.figures.variance)),
            outcome=each.rag.outcome,
            outcome_word=finance.outcome(each.rag),
            moved=each.moved,
        )
        for each in sorted(
            reading_reports.positions(view, report, ("fund",)),
            key=lambda each: order(each.position.fund),
        )
    ]
    every = reading_reports.risks(view, report)
    listed = [each for each in every if risks.is_threat(each.risk)]
    top = [
        TopRisk(
            reference=each.risk.reference,
            title=each.risk.title,
            href=f"/risks/{each.entry.subject.partition('/')[2]}",
            owner=each.risk.owner or "",
            score=str(each.risk.score),
            outcome=each.risk.rag.outcome,
            outcome_word=words.sentence(each.risk.band),
            standing=words.sentence(each.risk.standing) or "Not judged",
            moved=each.moved,
        )
        for each in listed[:TOP_RISKS]
    ]
    when = When(report.quarter.year, report.quarter.last_period)
    sentence = risks.counts(each.risk for each in every)
    return Beside(finance.period(when), money, top, sentence)
