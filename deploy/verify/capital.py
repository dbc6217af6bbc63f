"""Capital schemes, worked out again, by year and whole.

Rule: a scheme exists where any record names it, and is known where its own record does. A movement
counts if it is approved and names the years that its change needs: both for rephasing, where it
goes for an addition, where it comes from for a reduction or a removal. Words such as Approved count
in any capitals. Forecasts made at one period for one year are added up, and the newest counts.
Spending that no period can take is in the year without a name.
"""

from deploy.verify.accounting import PERIODS, Books, Entry
from deploy.verify.source import Json
from deploy.verify.structure import Structure

MONEY_ROLES = ("capital-budget", "capital-movement", "capital-posting", "capital-forecast",
               "capital-funding", "milestone")  # fmt: skip
AMOUNTS = ("provisional", "original", "rephased_in", "rephased_out", "additions", "reductions",
           "approved", "spend", "transactions", "forecast", "variance", "unfunded")  # fmt: skip
# From the mildest to the worst.
OUTCOMES = ("information", "green", "amber", "red")


def schemes(books: Books, structure: Structure) -> dict[str, Json]:
    """Every scheme by its code."""
    by_role: dict[str, dict[str, list[Entry]]] = {}
    for role in ("capital-scheme", *MONEY_ROLES):
        for entry in books.of(role):
            by_role.setdefault(entry.text("scheme"), {}).setdefault(role, []).append(entry)
    return {code: scheme_state(books, structure, code, of) for code, of in by_role.items()}


def scheme_state(books: Books, structure: Structure, code: str, of: dict[str, list[Entry]]) -> Json:
    """What is published of a scheme."""
    movements = of.get("capital-movement", [])
    years, spend = years_of(of)
    total = added_up(list(years.values()))
    milestones = [milestone_outcome(each, books.today) for each in of.get("milestone", [])]
    outcomes = [books.judge(total["approved"], total["forecast"]), *milestones]
    known = "capital-scheme" in of
    own = of["capital-scheme"][-1] if known else Entry("", {})
    return {
        "scheme": code,
        "title": own.text("title"),
        "manager": own.text("manager"),
        "status": own.text("status"),
        "known": known,
        "years": years,
        "total": total,
        "spend": spend,
        "rag": max(outcomes, key=OUTCOMES.index),
        "milestones": sorted(milestones),
        "held_movements": sum(
            1 for each in movements if word(each, "status") == "approved" and not years_moved(each)
        ),
        **structure.owned(own),
    }


def new_year() -> Json:
    """A year in which nothing is."""
    return dict.fromkeys(AMOUNTS, 0) | {"funding": {}}


def years_of(of: dict[str, list[Entry]]) -> tuple[dict[str, Json], dict[str, list[int]]]:
    """A scheme's years, and its spending by year and period."""
    years: dict[str, Json] = {}
    spend: dict[str, list[int]] = {}
    made: dict[str, dict[int, int]] = {}

    def year(code: str) -> Json:
        return years.setdefault(code, new_year())

    for entry in of.get("capital-budget", []):
        part = {"provisional": "provisional", "fully approved": "original"}.get(
            word(entry, "approval")
        )
        if part:
            year(entry.text("year"))[part] += entry.pence()
    for entry in of.get("capital-movement", []):
        if word(entry, "status") == "approved":
            for code, part in years_moved(entry):
                year(code)[part] += entry.pence()
    for entry in of.get("capital-posting", []):
        code = entry.when.year if entry.when else ""
        year(code)["spend"] += entry.pence()
        year(code)["transactions"] += 1
        if entry.when:
            by_period = spend.setdefault(code, [0] * PERIODS)
            by_period[entry.when.period - 1] += entry.pence()
    for entry in of.get("capital-funding", []):
        funding = year(entry.text("year"))["funding"]
        funding[entry.text("source")] = funding.get(entry.text("source"), 0) + entry.pence()
    for entry in of.get("capital-forecast", []):
        if entry.when:
            at = made.setdefault(entry.when.year, {})
            at[entry.when.period] = at.get(entry.when.period, 0) + entry.pence()
            year(entry.when.year)
    for code, each in years.items():
        moved = each["rephased_in"] - each["rephased_out"]
        each["approved"] = each["original"] + moved + each["additions"] - each["reductions"]
        forecasts = made.get(code, {})
        each["forecast"] = forecasts[max(forecasts)] if forecasts else each["approved"]
        each["variance"] = each["forecast"] - each["approved"]
        each["unfunded"] = each["approved"] - sum(each["funding"].values())
    return years, spend


def years_moved(entry: Entry) -> list[tuple[str, str]]:
    """The years that a movement changes, and which part of each; none where it cannot count."""
    change, source, target = word(entry, "change"), entry.text("from_year"), entry.text("to_year")
    if change == "rephasing":
        return [(source, "rephased_out"), (target, "rephased_in")] if source and target else []
    if change == "addition":
        return [(target, "additions")] if target else []
    if change in ("reduction", "removal"):
        return [(source, "reductions")] if source else []
    return []


def word(entry: Entry, name: str) -> str:
    """A field that is one of a few words, without capitals."""
    return entry.text(name).strip().casefold()


def added_up(years: list[Json]) -> Json:
    """A scheme's years, whole."""
    total: Json = {name: sum(year[name] for year in years) for name in AMOUNTS}
    funding: dict[str, int] = {}
    for year in years:
        for source, amount in year["funding"].items():
            funding[source] = funding.get(source, 0) + amount
    return total | {"funding": funding}


def milestone_outcome(entry: Entry, today: str) -> str:
    """Green once reached or where it is expected as planned; amber later; red when overdue."""
    planned, forecast = entry.day("planned"), entry.day("forecast")
    due = forecast or planned
    if entry.day("achieved"):
        return "green"
    if due and due < today:
        return "red"
    return "amber" if planned and forecast > planned else "green"
