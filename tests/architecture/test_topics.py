"""The topic map: every topic has one owner and somebody who reads it, and the files say so too."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.contracts.topics import DEAD_LETTERS, MEASURES, TOPICS, owned_by
from shared.runtime.service import Service
from shared.runtime.settings import ServiceSettings
from tests.architecture import guards

ROOT = Path(__file__).parents[2]
SERVICES = guards.services(ROOT)
FOR_OTHERS = {MEASURES, DEAD_LETTERS}
"""Read by no service: measures by systems downstream, dead letters by whoever watches them."""
FILE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/kafka/topics.yml").read_text())


@pytest.fixture
def services(tmp_path: Path) -> Iterator[list[Service]]:
    """Every service, made and not started."""
    made = []
    for name in SERVICES:
        settings = importlib.import_module(f"services.{name}.settings").Settings
        given = settings.read(store_url=f"sqlite:///{tmp_path / name}.db")
        made.append(importlib.import_module(f"services.{name}.app").create(given))
    yield made
    for service in made:
        service.store.close()


async def test_every_topic_has_one_owner_who_owns_it(services: list[Service]) -> None:
    for service in services:
        assert list(service.owns) == owned_by(service.name)
    owners = [topic for service in services for topic in service.owns]
    assert sorted(owners) == sorted(set(TOPICS) - {DEAD_LETTERS})


async def test_every_topic_is_read_by_a_service_or_meant_for_others(
    services: list[Service],
) -> None:
    read = {topic for service in services for topic in service.consumes}
    assert read == set(TOPICS) - FOR_OTHERS


async def test_the_topics_file_grants_what_the_services_do(services: list[Service]) -> None:
    assert set(FILE["topics"]) == set(TOPICS)
    everybody = sorted(service.name for service in services)
    for name, grants in FILE["topics"].items():
        owner = TOPICS[name].owner
        assert sorted(grants["writers"]) == ([owner] if owner in everybody else everybody)
        readers = [service.name for service in services if name in service.consumes]
        assert sorted(grants["readers"]) == sorted(readers), name


def test_the_topics_file_has_the_partitions_that_services_expect() -> None:
    assert FILE["partitions"] == ServiceSettings().partitions
    assert FILE["config"] == {"cleanup.policy": "compact"}
