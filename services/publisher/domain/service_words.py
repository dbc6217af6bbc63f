"""A service in a few sentences: what stands beside its indicators, for the top of its page.

Rule: each sentence is of one register and gives its counts; none judges.
"""

from collections.abc import Iterable

from services.publisher.domain import finance, plans, words
from services.publisher.domain.contracts import count
from services.publisher.domain.risks import is_threat
from shared.contracts.risks import Action, Project, Risk


def money(fund: str, variance: int, period: int) -> str:
    """`£300,000 over budget at period 7 (General Fund).`"""
    return f"{words.sentence(finance.variance(variance))} at period {period} ({fund})."


def risks(found: Iterable[Risk]) -> str:
    """`2 of 6 risks are above appetite: 1 very high, 1 high. 1 of them is beyond tolerance.`"""
    threats = [each for each in found if each.open and is_threat(each)]
    if not threats:
        return "No risk is open."
    above = [each for each in threats if each.standing in ("above appetite", "beyond tolerance")]
    share = _share(len(above), len(threats), "risk", "above appetite")
    if not above:
        return f"{share}."
    bands = dict.fromkeys(each.band for each in sorted(above, key=lambda each: -each.score))
    told = ", ".join(f"{sum(e.band == band for e in above)} {band.lower()}" for band in bands)
    text = f"{share}: {told}."
    beyond = sum(each.standing == "beyond tolerance" for each in above)
    return f"{text} {beyond:,} of them {_are(beyond)} beyond tolerance." if beyond else text


def actions(found: Iterable[Action]) -> str:
    """`1 of 5 actions is overdue.`"""
    listed = [each for each in found if each.stage not in plans.OVER]
    if not listed:
        return "No action is open."
    late = sum(each.stage == "overdue" for each in listed)
    return f"{_share(late, len(listed), 'action', 'overdue')}."


def projects(found: Iterable[Project]) -> str:
    """`1 of 3 projects is red.` Blank without a project."""
    listed = [each for each in found if each.open]
    if not listed:
        return ""
    red = sum(each.rag.outcome == "red" for each in listed)
    return f"{_share(red, len(listed), 'project', 'red')}."


def _share(number: int, whole: int, thing: str, state: str) -> str:
    """`2 of 6 risks are above appetite`, `None of 6 risks is ...`, `Its one risk is not ...`"""
    if whole == 1:
        return f"Its one {thing} is {'' if number else 'not '}{state}"
    if not number:
        return f"None of {count(whole, thing)} is {state}"
    return f"{number:,} of {count(whole, thing)} {_are(number)} {state}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
