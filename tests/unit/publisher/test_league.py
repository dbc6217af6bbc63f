"""Who owes figures, and in which order they stand."""

from datetime import date
from itertools import permutations

from services.publisher.domain.league import Owner, league, overdue
from shared.catalogue.check import read
from shared.catalogue.model import Catalogue
from shared.contracts.returns import Standing
from tests.unit.catalogue.documents import small

TODAY = date(2026, 7, 25)


def catalogue() -> Catalogue:
    """Three returns of two owners."""
    document = small()
    fields = [
        {"name": "item", "type": "text", "required": True},
        {"name": "period_end", "type": "date", "required": True},
        {"name": "number", "type": "integer"},
    ]
    key = ["item", "period_end"]
    document["datasets"].append({"code": "care", "title": "Care", "key": key, "fields": fields})
    document["returns"] = [
        {"code": code, "title": code.capitalize(), "dataset": "care", "period": "period_end",
         "fields": {"item": code}, "ask": ["number"], "owner": owner}
        for code, owner in (("beds", "Head of care"), ("visits", "Head of care"), ("bins", "Waste"))
    ]  # fmt: skip
    return read(document)


def standing(code: str, period: str, due: str, **more: object) -> Standing:
    given = more.get("given")
    return Standing(
        code, period, due, 1, due < "2026-07-25" and not given, str(given) if given else None
    )


OWED = [
    standing("bins", "2026-27-Q1", "2026-07-20"),
    standing("beds", "2026-27-Q1", "2026-07-24"),
    standing("beds", "2025-26-Q4", "2026-04-20", given="2026-04-18"),
    standing("visits", "2026-27-Q1", "2026-08-20"),
]


def brief(owners: list[Owner]) -> list[tuple[str, int, int, list[tuple[str, int]]]]:
    return [
        (each.name, each.overdue, each.in_time, [(o.asked.code, o.days) for o in each.returns])
        for each in owners
    ]


def test_whose_is_overdue_longest_stands_first_and_what_is_given_is_owed_no_more() -> None:
    expected = [
        ("Waste", 1, 0, [("bins", 5)]),
        ("Head of care", 1, 1, [("beds", 1), ("visits", 0)]),
    ]
    for told in permutations(OWED):
        assert brief(league(catalogue(), told, TODAY)) == expected


def test_most_overdue_stands_before_longest_overdue() -> None:
    more = [*OWED, standing("visits", "2025-26-Q4", "2026-07-23")]
    owners = league(catalogue(), more, TODAY)
    assert [(each.name, each.overdue) for each in owners] == [("Head of care", 2), ("Waste", 1)]
    assert [each.asked.code for each in overdue(owners)] == ["bins", "visits", "beds"]
    assert [each.late for each in overdue(owners)] == [
        "5 days overdue",
        "2 days overdue",
        "1 day overdue",
    ]


def test_a_return_that_is_defined_no_more_is_owed_by_nobody() -> None:
    assert league(catalogue(), [standing("gone", "2026-27-Q1", "2026-07-20")], TODAY) == []


def test_what_ingest_says_is_overdue_is_so_also_where_the_day_here_has_not_turned() -> None:
    told = [Standing("bins", "2026-27-Q1", "2026-07-25", 1, overdue=True)]
    assert brief(league(catalogue(), told, TODAY)) == [("Waste", 1, 0, [("bins", 1)])]
