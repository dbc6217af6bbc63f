"""The council's money in words: amounts, variances, movements and where a figure stands.

Rule: whole pence in, text out; a positive variance is over budget, adverse, and everything that
shows one says so. The pages and the stream use these words alike.
"""

from decimal import Decimal

from services.publisher.domain import words
from shared.accounts.calendar import When, month_of, period_code
from shared.contracts.finance import Figures
from shared.contracts.judged import RagState

SIGNS = "A positive variance is over budget (adverse); a negative one is under budget (favourable)."
UNIT = "pence"
NOT_CLASSIFIED = "Not classified"
UNPLACED = "In no structure"
# How a node without a code is named in an address.
NO_CODE = "unplaced"

LEVELS = {
    "fund": "Fund",
    "directorate": "Directorate",
    "portfolio": "Portfolio",
    "service": "Service",
    "cost-centre": "Cost centre",
}
BASES = {"as-is": "As it is now", "as-was": "As it was then"}
BASIS_WORDS = {
    "as-is": "Every period by the structure of today",
    "as-was": "Each period by the structure of its own time",
}
COLUMNS = (
    ("original_budget", "Original budget"),
    ("virements", "Virements"),
    ("current_budget", "Current budget (cash limit)"),
    ("budget_to_date", "Budget to date"),
    ("actual", "Actual to date"),
    ("commitments", "Commitments"),
    ("forecast", "Forecast outturn"),
    ("variance", "Variance"),
    ("movement", "Movement since last forecast"),
)
SIGNED = ("virements", "variance", "movement")


def pence(amount: int) -> str:
    """`£1,234.56`, to the penny."""
    return words.pence(amount)


def pounds(amount: int, *, signed: bool = False) -> str:
    """Whole pounds, half up, for tables: `£1,235`, `−£12`; signed, `+£1,235`."""
    text = words.pounds(Decimal(amount) / 100, 0)
    return f"+{text}" if signed and not text.startswith("−") and text != "£0" else text


def short(amount: int) -> str:
    """An amount in a sentence, without its sign: `£1.2 million`, `£345,000`, `£12.34`."""
    size = abs(amount)
    if size >= words.MILLION:
        return words.pence(size, short=True)
    return pounds(size) if size >= 1_000_00 or size % 100 == 0 else words.pence(size)


def variance(amount: int) -> str:
    """`£1.2 million over budget`"""
    if amount == 0:
        return "on budget"
    return f"{short(amount)} {'over' if amount > 0 else 'under'} budget"


def movement(amount: int) -> str:
    """`£40,000 adverse movement since the previous forecast`"""
    if amount == 0:
        return "no movement since the previous forecast"
    which = "adverse" if amount > 0 else "favourable"
    return f"{short(amount)} {which} movement since the previous forecast"


def column(name: str, amount: int) -> str:
    """A number in a table, in whole pounds."""
    return pounds(amount, signed=name in SIGNED)


def year(code: str) -> str:
    """`2026/27`"""
    return words.short_period(code)


def period(when: When) -> str:
    """What is counted at the end of a period: `April to October 2026 (P07)`; P13 is what is
    adjusted after the year."""
    code = period_code(when.period)
    if when.period > 12:
        return f"all of {year(when.year)} with its adjustments ({code})"
    first, last = month_of(When(when.year, 1)), month_of(when)
    start, end = words.period(first), words.period(last)
    if first == last:
        return f"{end} ({code})"
    return f"{start.split()[0] if first[:4] == last[:4] else start} to {end} ({code})"


def one_period(when: When) -> str:
    """A period alone: `October 2026 (P07)`."""
    if when.period > 12:
        return f"the adjustments after {year(when.year)} ({period_code(when.period)})"
    return f"{words.period(month_of(when))} ({period_code(when.period)})"


def outcome(rag: RagState) -> str:
    """`Red`"""
    return words.OUTCOMES.get(rag.outcome, words.sentence(rag.outcome))


def share(part: int, whole: int) -> str:
    """`33%` of a whole, rounded; a dash where there is none."""
    if whole == 0:
        return "–"
    return f"{words.number(Decimal(part) * 100 / whole, 0)}%"


def display(found: Figures, rag: RagState, when: When) -> dict[str, str]:
    """The parts of a position that an open page replaces when it moves."""
    told = {name: column(name, getattr(found, name)) for name, _ in COLUMNS}
    return {
        **told,
        "run_rate": pounds(found.run_rate),
        "one_off": pounds(found.one_off, signed=True),
        "ongoing": pounds(found.ongoing, signed=True),
        "variance_words": words.sentence(variance(found.variance)),
        "movement_words": words.sentence(movement(found.movement)),
        "outcome": rag.outcome,
        "outcome_word": outcome(rag),
        "rule": words.sentence(rag.rule),
        "period": words.sentence(period(when)),
    }


def headline(name: str, found: Figures) -> str:
    """The one sentence of a position: `Waste: forecast £5.2 million against ...`."""
    if not found.current_budget and not found.forecast and not found.actual:
        return f"{name} has no budget, forecast or spending."
    if not found.current_budget and not found.forecast:
        return f"{name}: {_signed(found.actual)} spent, with neither a budget nor a forecast."
    return (
        f"{name}: forecast {_signed(found.forecast)} against a current budget of "
        f"{_signed(found.current_budget)}: {variance(found.variance)}, "
        f"{movement(found.movement)}."
    )


def _signed(amount: int) -> str:
    return f"{'−' if amount < 0 else ''}{short(amount)}"


def worked_out(found: Figures, when: When) -> list[tuple[str, str]]:
    """How each number of a position came about, in sentences with its numbers, to the penny."""
    gone = min(when.period, 12)
    to = period(when)
    rate = (
        "The year has run: the run rate is what was spent."
        if gone == 12
        else f"Spending to date of {pence(found.actual)} times 12 over {gone} "
        f"period{'' if gone == 1 else 's'}. It stands beside the manager's forecast, "
        "never instead of it."
    )
    return [
        ("Original budget", f"{pence(found.original_budget)}: what council approved."),
        ("Virements", f"{pence(found.virements)}: approved virements that count in {to}."),
        (
            "Current budget (cash limit)",
            f"Original budget {pence(found.original_budget)} plus virements "
            f"{pence(found.virements)} is {pence(found.current_budget)}.",
        ),
        (
            "Budget to date",
            f"{pence(found.budget_to_date)}: the current budget as it falls due in {to}.",
        ),
        ("Actual to date", f"{pence(found.actual)}: postings of {to}."),
        (
            "Commitments",
            f"{pence(found.commitments)}: orders placed and not yet paid. They are shown beside "
            "the actual and are part of no other number.",
        ),
        (
            "Forecast outturn",
            f"{pence(found.forecast)}: the newest forecasts made by then; {pence(found.assumed)} "
            "of it is the current budget, where nobody has forecast.",
        ),
        (
            "Variance",
            f"Forecast {pence(found.forecast)} less current budget {pence(found.current_budget)} "
            f"is {pence(found.variance)}: {variance(found.variance)}. Of this "
            f"{pence(found.one_off)} is one-off and {pence(found.ongoing)} ongoing.",
        ),
        (
            "Movement",
            f"The forecast of {pence(found.forecast)} less the one before it, "
            f"{pence(found.forecast - found.movement)}, is {pence(found.movement)}: "
            f"{movement(found.movement)}.",
        ),
        ("Run rate", f"{pence(found.run_rate)}. {rate}"),
    ]
