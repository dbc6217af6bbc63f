"""What the sample council gives by hand: every return fits its dataset, and some are still due."""

from collections import Counter
from datetime import date, timedelta
from functools import cache

import pytest

from deploy.local.demo import CATALOGUE
from deploy.sample.generate import records
from services.ingest import returning
from services.ingest.domain.contract import Contract
from services.ingest.domain.returns import due
from services.ingest.domain.returns.due import Given
from shared.catalogue.check import read
from shared.catalogue.model import Catalogue
from shared.catalogue.yaml_files import load_directory
from shared.contracts import subjects

# The last day of records, which is the day before a demo.
END = date(2026, 11, 29)
TODAY = END + timedelta(days=1)


@cache
def catalogue() -> Catalogue:
    return read(load_directory(CATALOGUE)[0])


@cache
def states() -> list[tuple[str, str, str]]:
    """(owner, deputy, state) of every period of every return."""
    found = catalogue()
    wanted = {each.dataset for each in found.returns.values()}
    contracts = {code: Contract(found.datasets[code]) for code in wanted}
    known: dict[str, dict[str, object]] = {}
    for each in records(END):
        contract = contracts.get(each.dataset)
        if contract is not None:
            key = "|".join(str(each.fields[name]) for name in contract.key_fields)
            known[subjects.record(each.dataset, key)] = each.fields
    answers: list[tuple[str, str, str]] = []
    for asked in found.returns.values():
        for period in due.periods(asked, TODAY):
            said = known.get(returning.subject(contracts[asked.dataset], asked, period))
            given = None
            if said is not None and (said[asked.ask[0]] is not None or asked.note):
                given = Given(period, [str(said[name]) for name in asked.ask])
            standing = due.standing(asked, period, given, TODAY)
            answers.append((asked.owner, asked.deputy, standing.state))
    return answers


def test_most_are_given_some_are_due_and_some_are_overdue() -> None:
    counted = Counter(state for *_, state in states())
    assert len(catalogue().returns) >= 50
    assert counted["given"] > 200
    assert counted["due"] >= 3
    assert counted["overdue"] >= 3


@pytest.mark.parametrize(
    "persona",
    ["owner-adults", "owner-homes", "owner-send", "director-adults", "director-place"],
)
def test_who_gives_figures_has_something_to_give(persona: str) -> None:
    post = catalogue().people[persona].post
    mine = {state for owner, deputy, state in states() if post in (owner, deputy)}
    assert mine & {"due", "overdue"}
    assert "given" in mine


def test_a_figure_leads_to_an_indicator() -> None:
    measured = {each.dataset for each in catalogue().measures.values()}
    assert {each.dataset for each in catalogue().returns.values()} <= measured
