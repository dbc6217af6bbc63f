"""Connectors and returns that cannot be used are told, each with its place."""

from typing import Any

import pytest

from shared.catalogue.check import check
from tests.unit.catalogue.documents import small

SQL = {"kind": "sql", "place": "postgresql://db.council/uniform", "schedule": "every hour"}
SFTP = {"kind": "sftp", "place": "sftp://files.council/out", "credentials": "files"}
REST = {"kind": "rest", "place": "https://api.council/v1", "schedule": "every hour"}
LGA = {"kind": "lginform", "place": "https://webservices.esd.org.uk", "schedule": "daily at 05:30"}
PEOPLE = {"metric_types": [1], "areas": ["E06000022"]}
RETURN: dict[str, Any] = {
    "code": "counts",
    "title": "Counts",
    "dataset": "counts",
    "period": "at",
    "ask": ["total"],
    "owner": "Manager",
    "fields": {"item": "A"},
}
COUNTS: dict[str, Any] = {
    "code": "counts",
    "title": "Counts",
    "key": ["item", "at"],
    "fields": [
        {"name": "item", "type": "text", "choices": ["A", "B"]},
        {"name": "at", "type": "date"},
        {"name": "total", "type": "integer"},
    ],
    "derived": [{"name": "half", "type": "decimal", "is": "total / 2"}],
}


def problems(connector: dict[str, Any]) -> list[str]:
    """What is wrong with the small catalogue's connector with these fields in place of its own."""
    document = small()
    known = {"code": "nightly", "title": "Nightly export", "dataset": "requests"}
    document["connectors"] = [known | connector]
    return [str(each) for each in check(document)]


@pytest.mark.parametrize(
    ("connector", "told"),
    [
        ({"kind": "folder", "place": "/etc"}, "a folder below the one"),
        ({"kind": "folder", "place": "a/../../b"}, "a folder below the one"),
        ({"kind": "folder", "place": ""}, "a folder below the one"),
        ({"kind": "folder", "place": "a", "dataset": "other"}, "there is no dataset"),
        ({"kind": "folder", "place": "a", "schedule": "sometimes"}, "is no schedule"),
        ({"kind": "folder", "place": "a", "query": {"select": "v"}}, "query is not for"),
        ({"kind": "folder", "place": "a", "files": {"settle_seconds": 0}}, "1 to 86400"),
        ({**SFTP, "files": {}}, "files.host_key is missing"),
        ({**SFTP, "credentials": None, "files": {"host_key": "k"}}, "needs credentials"),
        ({**SQL}, "needs query"),
        ({**SQL, "query": {"select": "v"}, "schedule": "as it comes"}, "say how often"),
        ({**SQL, "query": {"select": "DELETE FROM v"}}, "or one SELECT"),
        ({**SQL, "query": {"select": "SELECT 1; SELECT 2"}}, "without a semicolon"),
        ({**SQL, "query": {"select": "v", "watermark": "at"}, "mode": "full"}, "no watermark"),
        ({**SQL, "query": {"select": "v"}, "mode": "changes"}, "told by a watermark"),
        ({**SQL, "query": {"select": "v"}, "place": "postgresql://u:p@db/x"}, "does not belong"),
        ({**SQL, "query": {"select": "v"}, "place": "file:///etc/passwd"}, "begins with"),
        ({**REST, "calls": {"paging": "cursor"}}, "needs a parameter"),
        ({**REST, "calls": {"since": "from"}}, "go together"),
        ({**REST, "calls": {"token": "https://x/token"}}, "name them"),
        ({**REST, "calls": {"since": "s", "changed": "c"}, "mode": "full"}, "it has no since"),
        ({**REST, "calls": {"overlap_minutes": -1}}, "at least 0"),
        ({**LGA, "lginform": {**PEOPLE, "areas": ["E06000022,E06000014"]}}, "groups:CODE"),
        ({**LGA, "lginform": {**PEOPLE, "periods": "latest 8"}}, "latest:8"),
        ({**LGA, "lginform": PEOPLE, "mode": "full"}, "there is no full extract"),
        ({"kind": "webhook", "place": "https://a", "credentials": "x"}, "no place of its own"),
        ({"kind": "kafka", "place": "kafka://b:9092/t", "schedule": "every hour"}, "as it comes"),
    ],
)  # fmt: skip
def test_a_connector_that_cannot_be_used_is_told(connector: dict[str, Any], told: str) -> None:
    found = problems(connector)
    assert len([each for each in found if told in each]) == 1, found


@pytest.mark.parametrize(
    "connector",
    [
        {**SFTP, "files": {"host_key": "ssh-ed25519 AAAA"}},
        {**SQL, "query": {"select": "v", "watermark": "at"}},
        {**SQL, "query": {"select": "SELECT a FROM v"}, "mode": "full"},
        {**REST, "calls": {"paging": "cursor", "parameter": "after", "since": "s", "changed": "c"}},
        {**LGA, "lginform": {**PEOPLE, "areas": ["groups:E06000022", "E06000022:MLSOA", "A_B"]}},
        {**LGA, "lginform": {**PEOPLE, "periods": "latest:5,fin_2024_25"}},
        {"kind": "webhook", "credentials": "x"},
        {"kind": "kafka", "place": "kafka://b:9092/t", "messages": {"envelope": "debezium"}},
    ],
)
def test_one_that_can_be_used_is_not(connector: dict[str, Any]) -> None:
    assert problems(connector) == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, None),
        ({"owner": " "}, "needs somebody"),
        ({"ask": []}, "at least one field"),
        ({"ask": ["item"]}, "is needed here"),
        ({"fields": {}}, "every key field"),
        ({"fields": {"item": "A", "other": "B"}}, "there is no field"),
        ({"period": "item"}, "is needed here"),
        ({"times": "1"}, "more than 1"),
        ({"due_days": 0}, "1 to 366"),
        ({"dataset": "other"}, "there is no dataset"),
        ({"first": "2025-26-Q1"}, None),
        ({"first": "2025-26"}, "2025-26 is no quarter"),
        ({"first": "soon"}, "is not a period such as"),
        ({"fields": {"item": "Z"}}, "is not one of the choices of item"),
        ({"fields": {"item": "A", "total": "1"}}, "not the same each time"),
        ({"note": "total"}, "is no text"),
        ({"ask": ["half"]}, "is worked out"),
    ],
)
def test_a_return_that_cannot_be_made_is_told(more: dict[str, Any], told: str | None) -> None:
    document = small()
    document["datasets"].append(COUNTS)
    document["returns"] = [RETURN | more]
    found = [str(each) for each in check(document)]
    assert found == [] if told is None else any(told in each for each in found), found
