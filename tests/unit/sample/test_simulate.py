from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from random import Random
from typing import Any

import pytest

from deploy.local.demo import CATALOGUE
from deploy.sample.areas import capital, contracts, ledger, plans, review, risks
from deploy.sample.areas.adult_reviews import REVIEWS
from deploy.sample.areas.children import REFERRALS
from deploy.sample.areas.council_homes import REPAIRS
from deploy.sample.areas.environmental_health import REQUESTS
from deploy.sample.areas.housing import CASES
from deploy.sample.areas.resources import CARDS
from deploy.sample.areas.waste import WASTE
from deploy.sample.generate import records
from deploy.sample.simulate import Simulator
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import from_records
from services.ingest.domain.json_rows import Item
from shared.catalogue.check import read
from shared.catalogue.yaml_files import load_directory

NOW = datetime(2026, 3, 1, 14, 5, 6, 789)


class ADoor:
    """Takes everything, and remembers it."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, Sequence[dict[str, Any]], str]] = []

    def send(self, dataset: str, items: Sequence[dict[str, Any]], key: str) -> Any:
        self.taken.append((dataset, items, key))


def a_simulator(run: str = "a") -> Simulator:
    return Simulator(list(records(date(2026, 2, 28))), Random(run), lambda: NOW, run)


def simulated(changes: int, run: str = "a") -> ADoor:
    door = ADoor()
    left = iter(range(changes))
    a_simulator(run).run(door, lambda _: next(left, None) is None, lambda _: None)
    return door


def test_changes_keep_coming_and_each_has_its_own_idempotency_key() -> None:
    door = simulated(1_500)
    assert len(door.taken) == 1_500
    assert len({key for _, _, key in door.taken}) == 1_500


def test_every_kind_of_change_comes() -> None:
    door = simulated(1_500)
    kinds = Counter(dataset for dataset, _, _ in door.taken)
    money = {ledger.POSTINGS, ledger.TOTALS, ledger.ORDERS, ledger.FORECASTS, ledger.VIREMENTS}
    money |= {ledger.SAVINGS, capital.POSTINGS, capital.MILESTONES, contracts.REGISTER}
    work = {REQUESTS, REVIEWS, WASTE, CARDS, REFERRALS, CASES, REPAIRS}
    said = {risks.REVIEWS, plans.ACTED, review.WRITTEN, review.STEPS}
    assert kinds.keys() == work | money | said
    assert any(item.get("deleted") for _, items, _ in door.taken for item in items)


def test_the_contracts_accept_every_change() -> None:
    datasets = read(load_directory(CATALOGUE)[0]).datasets
    contracts = {code: Contract(definition) for code, definition in datasets.items()}
    for dataset, items, _ in simulated(1_500).taken:
        rows = [(n, Item(**item)) for n, item in enumerate(items)]
        assert from_records(contracts[dataset], rows).rejections == []


def test_what_ends_was_open_and_ends_now() -> None:
    ended = {REFERRALS: "assessed", CASES: "prevention_ended", REPAIRS: "completed"}
    seen: Counter[str] = Counter()
    for dataset, items, _ in simulated(1_500).taken:
        data = items[0].get("data", {})
        if dataset in ended and data[ended[dataset]] not in ("", "-1"):
            seen[dataset] += 1
            assert "2026" in data[ended[dataset]]
            assert "03" in data[ended[dataset]]
    assert min(seen[dataset] for dataset in ended) > 5


def test_only_known_requests_are_closed_or_withdrawn() -> None:
    known = {r.fields["ref"] for r in records(date(2026, 2, 28)) if r.dataset == REQUESTS}
    for dataset, items, _ in simulated(1_500).taken:
        for item in items:
            if dataset != REQUESTS:
                continue
            if item.get("deleted"):
                assert item["key"] in known
                known.discard(item["key"])
            elif item["data"]["closed"]:
                assert item["data"]["ref"] in known
            else:
                known.add(item["data"]["ref"])


def test_two_runs_never_use_the_same_reference_or_key() -> None:
    first, second = simulated(300, "a"), simulated(300, "b")
    keys = [{key for _, _, key in door.taken} for door in (first, second)]
    assert not keys[0] & keys[1]

    def new(door: ADoor, run: str) -> set[str]:
        refs = (item.get("data", {}).get("ref", "") for _, items, _ in door.taken for item in items)
        return {ref for ref in refs if f"-{run}-" in ref}

    assert new(first, "a")
    assert new(second, "b")


def test_there_are_two_to_five_changes_a_second() -> None:
    simulator = a_simulator()
    pauses = [simulator.pause() for _ in range(200)]
    assert min(pauses) >= 0.2
    assert max(pauses) <= 0.5


def test_the_stock_of_open_requests_is_never_emptied() -> None:
    simulator = a_simulator()
    for _ in range(3_000):
        simulator.next_change()
    assert len(simulator._open) >= 9


@pytest.mark.parametrize("refusals", [1, 3])
def test_a_change_that_a_door_raises_on_is_not_followed_by_another(refusals: int) -> None:
    class Broken(ADoor):
        def send(self, dataset: str, items: Sequence[dict[str, Any]], key: str) -> Any:
            super().send(dataset, items, key)
            if len(self.taken) == refusals:
                raise RuntimeError

    door = Broken()
    with pytest.raises(RuntimeError):
        a_simulator().run(door, lambda _: False, lambda _: None)
    assert len(door.taken) == refusals
