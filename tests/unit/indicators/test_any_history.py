"""Whatever happens, in whatever order, every published value is that of a recompute from the final
records with exact fractions, by code that shares nothing with the engine."""

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.catalogue.model import Catalogue, definitions
from tests.unit.indicators.engine import Engine, whole_catalogue
from tests.unit.indicators.histories import change, keyed

WHOLE = whole_catalogue()


def altered(catalogue: Catalogue, which: int) -> dict[str, bytes]:
    """The catalogue with one thing decided otherwise."""
    found = dict(definitions(catalogue))

    def alter(subject: str, **changed: Any) -> None:
        body = msgspec.json.decode(found[subject])
        found[subject] = msgspec.json.encode({**body, **changed})

    ways: list[Callable[[], Any]] = [
        lambda: alter("measure/opened", where="not urgent"),
        lambda: alter("indicator/I02", targets=[{"value": "80"}]),
        lambda: alter("indicator/I01", breakdowns=["kind"]),
        lambda: alter("council/testshire", closure_days=[], no_denominator="zero"),
        lambda: found.pop("indicator/I07"),
        lambda: alter("indicator/I12", periods=["day", "month"]),
        lambda: alter("peer-group/neighbours", issues=[{"areas": ["E06000003"]}]),
        lambda: alter("measure/people", carry_months=2),
    ]
    if which < len(ways):
        ways[which]()
    return found


step = st.one_of(
    st.tuples(st.just("records"), st.lists(change, min_size=1, max_size=6)),
    st.tuples(st.just("records"), st.lists(change, min_size=1, max_size=6)),
    st.tuples(st.just("records"), st.lists(change, min_size=1, max_size=6)),
    st.tuples(st.just("definitions"), st.integers(0, 8)),
    st.tuples(st.just("days"), st.sampled_from([1, 11, 30, 45, 200])),
    st.tuples(st.just("again"), st.none()),
)


def live(engine: Engine, steps: list[Any], chance: random.Random) -> None:
    """Goes through a history, one batch a step, in any order within a batch."""
    known: set[tuple[str, str]] = set()

    def shuffled(events: list[Any]) -> list[Any]:
        return chance.sample(events, len(events))

    for kind, what in steps:
        if kind == "days":
            engine.pass_time(what)
        elif kind == "definitions":
            engine.define(altered(WHOLE, what))
        elif kind == "again":
            engine.send_all_again(shuffled)
        else:
            for dataset, fields, number in what:
                if fields is not None:
                    key, whole = keyed(dataset, fields, number)
                    engine.record(dataset, key, whole)
                    known.add((dataset, key))
                elif mine := sorted(key for each, key in known if each == dataset):
                    engine.record(dataset, mine[number % len(mine)], None)
        engine.send(shuffled)


def wrong(engine: Engine) -> str:
    report = engine.compared()
    return "\n".join(str(each) for each in report.mismatches[:5])


@pytest.mark.timeout(900)  # a failure takes its time to find the smallest history that shows it
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(step, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_every_value_is_that_of_a_recompute_after_any_history(
    kept_engine: Engine, steps: list[Any], chance: random.Random
) -> None:
    kept_engine.begin(date(2024, 11, 20))
    kept_engine.define(definitions(WHOLE))
    kept_engine.send()
    for each in steps:
        live(kept_engine, [each], chance)
    assert wrong(kept_engine) == ""
    lived = kept_engine.service.states()
    assert kept_engine.service.rebuild() == 0, "counting everything again changes nothing"
    kept_engine.forget_all_but_the_topics()
    kept_engine.send_all_again(lambda events: chance.sample(events, len(events)))
    assert kept_engine.service.states() == lived, "the topics alone give the same values"
