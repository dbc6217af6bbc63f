"""The risk register, worked out again: scores by reviews, tiers by moves, appetite, prompts.

Rule: of several records with one reference the last by its subject holds. Reviews are in the order
of their days, moves too, those of one day in the order of their subjects. A review that finds a
level off the matrix is passed over; a risk without a score of its own is not published.
"""

from deploy.verify.accounting import Books, Entry
from deploy.verify.contracts import moved
from deploy.verify.money import pence
from deploy.verify.plans_of_action import listed, named, of_service
from deploy.verify.prompts import Prompts
from deploy.verify.scoring import Grade, Matrix, OffMatrix, level
from deploy.verify.source import Json

TEXTS = ("reference", "title", "owner", "status", "cause", "event", "consequence", "category",
         "objective", "proximity", "velocity")  # fmt: skip
RESPONSES = ("Treat", "Tolerate", "Transfer", "Terminate")
EFFECTIVENESS = ("Effective", "Partly effective", "Ineffective", "Not assessed")


class Register:
    """The definitions by which risks are judged, and their parts by reference."""

    def __init__(self, books: Books, matrix: Json, policy: Json, prompts: Prompts) -> None:
        self.books = books
        self.matrix = Matrix(matrix)
        self.categories = {each["code"]: each for each in policy.get("categories") or ()}
        self.tiers: list[Json] = policy.get("tiers") or []
        self.prompts = prompts
        self.controls = of_risk(books.of("risk-control"))
        self.reviews = in_order(of_risk(books.of("risk-review")), "reviewed")
        self.moves = in_order(of_risk(books.of("risk-move")), "moved")

    def risks(self) -> dict[str, Json]:
        """Every risk that must be published, by its reference."""
        held = {entry.text("reference"): entry for entry in self.books.of("risk")}
        states = ((reference, self.state(reference, entry)) for reference, entry in held.items())
        return {reference: state for reference, state in states if state is not None}

    def state(self, reference: str, entry: Entry) -> Json | None:
        """What is published of a risk; None where its own record cannot be scored."""
        reviews = self.reviews.get(reference, [])
        try:
            history = self.history(entry, reviews)
        except OffMatrix:
            return None
        now = history[-1]
        threat = entry.text("nature").strip().casefold() != "opportunity"
        is_open = still_open(entry, self.books.today)
        category = self.categories.get(entry.text("category"), {})
        target, inherent = self.aimed(entry, "target"), self.aimed(entry, "inherent")
        moves = self.tiered(entry, self.moves.get(reference, []))
        tier = moves[-1]["tier"] if moves else self.first_tier(entry)
        reviewed = now["on"] if len(history) > 1 else ""
        months = self.matrix.review_months(now["band"])
        review_by = moved(reviewed or entry.day("opened"), months) if is_open else ""
        return {name: entry.text(name) for name in TEXTS} | {
            "kind": "risk",
            "nature": "threat" if threat else "opportunity",
            "open": is_open,
            "matrix": self.matrix.code,
            **{name: now[name] for name in ("likelihood", "impact", "score", "band")},
            "rag": self.matrix.colour(now["band"]) if threat else "no target",
            "inherent": inherent and inherent.stated(),
            "target": target and target.stated(),
            "target_score": target and target.score,
            "target_band": target and target.band,
            "target_date": entry.day("target_date"),
            "response": named(entry.text("response"), RESPONSES),
            "exposure": pence(entry.fields.get("exposure")),
            "appetite": category.get("appetite", "cautious") if category else "",
            "appetite_to": category.get("appetite_to"),
            "tolerance_to": category.get("tolerance_to"),
            "standing": standing(now["score"], category) if threat else "",
            "tier": tier,
            "suggested_tier": self.suggested(now["score"], tier) if threat and is_open else "",
            "opened": entry.day("opened"),
            "closed": entry.day("closed"),
            "reviewed": reviewed,
            "reviewed_by": now["by"] if len(history) > 1 else "",
            "review_by": review_by,
            "overdue": "" < review_by < self.books.today,
            "controls": {each.subject: control(each) for each in self.controls.get(reference, [])},
            "history": history,
            "moves": moves,
            **{name: listed(entry.text(name))
               for name in ("indicators", "cost_centres", "contracts", "projects")},
            "prompts": self.prompts.of(entry, reviews) if is_open else {},
            **of_service(self.books, entry),
        }  # fmt: skip

    # Scores

    def history(self, entry: Entry, reviews: list[Entry]) -> list[Json]:
        """The register's own score, then that of each review. Raises OffMatrix."""
        impact, loss = level(entry, "impact"), pence(entry.fields.get("exposure"))
        if impact is None and loss is not None:
            impact = self.matrix.impact_of(entry.text("category"), loss)
        now = self.matrix.grade(level(entry, "likelihood"), impact)
        found = [scored(now, entry.day("opened"), entry.subject)]
        for review in reviews:
            levels = [level(review, name) for name in ("likelihood", "impact")]
            before = (now.likelihood, now.impact)
            try:
                now = self.matrix.grade(
                    *(old if new is None else new for new, old in zip(levels, before, strict=True))
                )
            except OffMatrix:
                continue
            found.append(
                scored(now, review.day("reviewed"), review.subject)
                | {"reason": review.text("reason"), "by": review.text("by")}
            )
        return found

    def aimed(self, entry: Entry, which: str) -> Grade | None:
        """The score that a risk would have otherwise; None unless both levels are there."""
        try:
            return self.matrix.grade(
                level(entry, f"{which}_likelihood"), level(entry, f"{which}_impact")
            )
        except OffMatrix:
            return None

    # Tiers

    def first_tier(self, entry: Entry) -> str:
        """Where a risk stands before any move."""
        return entry.text("tier") or (str(self.tiers[0]["code"]) if self.tiers else "")

    def height(self, tier: str) -> int | None:
        """Where a tier stands among all, 0 for the lowest; None for one that there is not."""
        return next((at for at, each in enumerate(self.tiers) if each["code"] == tier), None)

    def tiered(self, entry: Entry, moves: list[Entry]) -> list[Json]:
        """Every move between tiers."""
        stands, found = self.first_tier(entry), []
        for move in moves:
            before, after = self.height(stands), self.height(move.text("tier"))
            direction = ""
            if before is not None and after is not None and before != after:
                direction = "escalated" if after > before else "de-escalated"
            found.append(
                {
                    "on": move.day("moved"),
                    "tier": move.text("tier"),
                    "came_from": stands,
                    "direction": direction,
                    "reason": move.text("reason"),
                    "by": move.text("by"),
                    "record": move.subject,
                }
            )
            stands = move.text("tier")
        return found

    def suggested(self, score: int, tier: str) -> str:
        """The highest tier that asks for such a score, where it is above a risk's own; any is
        above a tier that there is not."""
        stands = self.height(tier)
        for at in range(len(self.tiers) - 1, -1 if stands is None else stands, -1):
            limit = self.tiers[at].get("escalate_from")
            if limit is not None and limit <= score:
                return str(self.tiers[at]["code"])
        return ""


def of_risk(entries: list[Entry]) -> dict[str, list[Entry]]:
    """The parts of each risk, in the order of their subjects."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.text("risk"), []).append(entry)
    return found


def in_order(parts: dict[str, list[Entry]], day: str) -> dict[str, list[Entry]]:
    """The same, by a day of theirs first."""
    return {
        risk: sorted(each, key=lambda entry: (entry.day(day), entry.subject))
        for risk, each in parts.items()
    }


def scored(grade: Grade, on: str, record: str) -> Json:
    """An entry of a risk's history."""
    return grade.stated() | {"on": on, "record": record, "reason": "", "by": ""}


def still_open(entry: Entry, today: str) -> bool:
    """Whether a risk is on the register."""
    if entry.text("status").strip().casefold() == "closed":
        return False
    return not entry.day("closed") or entry.day("closed") > today


def standing(score: int, category: Json) -> str:
    """Where a score stands beside the council's appetite for its category."""
    within, tolerated = category.get("appetite_to"), category.get("tolerance_to")
    if within is None:
        return ""
    if score <= within:
        return "within appetite"
    return "above appetite" if tolerated is None or score <= tolerated else "beyond tolerance"


def control(entry: Entry) -> Json:
    """What is published of a control."""
    return {name: entry.text(name) for name in ("control", "title", "owner", "line")} | {
        "effectiveness": named(entry.text("effectiveness"), EFFECTIVENESS),
        "assured": entry.day("assured"),
    }
