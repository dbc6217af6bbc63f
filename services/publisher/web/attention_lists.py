"""The short lists of the overview: what is red, worsening, late and overdue.

Rule: each list shows what matters most of it, says how much there is, and leads to all of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.publisher import reading_contracts, reading_risks
from services.publisher.domain import attention, words
from services.publisher.domain.attention import SHORT, Watched
from services.publisher.domain.contracts import count, on
from services.publisher.domain.figures import Figure
from services.publisher.domain.lateness import Lateness, received
from services.publisher.domain.league import Owed, overdue
from services.publisher.readmodel import Snapshot
from services.publisher.supplies import lateness, owners
from services.publisher.web.contract_views import address
from services.publisher.web.plan_rows import action_href, risk_href
from shared.contracts.commissioning import Contract
from shared.contracts.risks import Action, Risk
from shared.contracts.supply import Supply

T = TypeVar("T")


@dataclass(frozen=True)
class Thing:
    """Something that is late or overdue."""

    title: str
    href: str
    text: str
    owner: str = ""


@dataclass(frozen=True)
class Attention:
    """One list: `refresh` says what moves it, `more` names all of it where not all is shown. Of
    figures each row has what is said where their data is late."""

    name: str
    title: str
    href: str
    refresh: str
    count: int
    none: str
    more: str = ""
    rule: str = ""
    figures: Sequence[tuple[Figure, Mapping[str, str]]] = ()
    things: Sequence[Thing] = ()


def more(number: int, shown: int, one: str) -> str:
    """`All 23 changes`; blank where all are shown."""
    return f"All {count(number, one)}" if number > shown else ""


def attention_lists(
    view: Snapshot, watched: Iterable[Watched], risks: Iterable[Risk]
) -> list[Attention]:
    """Every list, given the newest figures and the register."""
    late = lateness(view)
    return [
        *_figures(list(watched), late),
        _late(view, late),
        _actions(view),
        _reviews(risks),
        _decisions(view),
    ]


def _figures(watched: list[Watched], late: Lateness) -> list[Attention]:
    red, worse = attention.red(watched), attention.worsening(watched)

    def rows(found: list[Watched]) -> list[tuple[Figure, Mapping[str, str]]]:
        return [(each.figure, late.parts_of(each.indicator.code)) for each in found[:SHORT]]

    return [
        Attention(
            "red",
            "Red",
            "/indicators?rag=red",
            "counts",
            len(red),
            "No indicator with a target is red.",
            more(len(red), SHORT, "red indicator"),
            figures=rows(red),
        ),
        Attention(
            "worse",
            "Getting worse, not red yet",
            "/indicators?trend=worse",
            "counts",
            len(worse),
            "Nothing else is getting worse.",
            "Everything that is getting worse" if len(worse) > SHORT else "",
            "Worse than the period before, and no better than a year earlier.",
            figures=rows(worse),
        ),
    ]


def _things(
    start: tuple[str, str, str, str],
    found: Sequence[T],
    none: str,
    one: str,
    thing: Callable[[T], Thing],
) -> Attention:
    listed = [thing(each) for each in found[:SHORT]]
    return Attention(*start, len(found), none, more(len(found), SHORT, one), things=listed)


def _late(view: Snapshot, late: Lateness) -> Attention:
    def thing(each: Supply | Owed) -> Thing:
        if isinstance(each, Owed):
            text = f"{each.period}: was to be given by {on(each.standing.due)}, {each.late}"
            return Thing(each.asked.title, "/supply#returns", text, each.asked.owner)
        dataset = view.catalogue.datasets[each.dataset]
        came = received(each)
        last = f"last came on {came}" if came else "nothing has come yet"
        text = f"Was due on {on(each.due)}; {last}"
        return Thing(dataset.title or dataset.code, "/supply", text, dataset.owner)

    # What is not supplied holds up more figures than a return that is not given.
    supplies = sorted(late.among(late.supplies), key=lambda each: (each.due, each.dataset))
    found: list[Supply | Owed] = [*supplies, *overdue(owners(view))]
    return Attention(
        "late",
        "Data that is late",
        "/supply",
        "supply",
        len(found),
        "No data is late, and no return is overdue.",
        "All that is late" if len(found) > SHORT else "",
        things=[thing(each) for each in found[:SHORT]],
    )


def _actions(view: Snapshot) -> Attention:
    def thing(each: Action) -> Thing:
        text = f"Was due on {on(each.due)}"
        return Thing(each.title, action_href(each.reference), text, each.owner)

    return _things(
        ("actions", "Actions overdue", "/actions?stage=overdue", "risks-action"),
        [each for _, each in reading_risks.actions(view) if each.stage == "overdue"],
        "No action is overdue.",
        "overdue action",
        thing,
    )


def _reviews(risks: Iterable[Risk]) -> Attention:
    def thing(each: Risk) -> Thing:
        text = f"{words.sentence(each.band)}; was to be reviewed by {on(each.review_by)}"
        return Thing(each.title, risk_href(each.reference), text, each.owner or "")

    # By score, as the register has them.
    return _things(
        ("reviews", "Risks overdue for review", "/risks#attention-heading", "risks-risk"),
        [each for each in risks if each.open and each.overdue],
        "No review of a risk is overdue.",
        "overdue review",
        thing,
    )


def _decisions(view: Snapshot) -> Attention:
    def thing(each: Contract) -> Thing:
        text = f"What follows was to be decided by {on(each.decision_by)}"
        return Thing(each.title, address(each.reference), text, each.owner)

    late = [e for _, e in reading_contracts.contracts(view) if e.stage == "decision overdue"]
    return _things(
        (
            "decisions",
            "Contracts waiting for a decision",
            "/contracts?stage=decision+overdue",
            "contracts",
        ),
        sorted(late, key=lambda each: (each.decision_by, each.reference)),
        "No decision on a contract is overdue.",
        "contract",
        thing,
    )
