"""The example of the pages on the catalogue, read from them once."""

from typing import Any

import pytest

from services.indicators.domain.evaluate import Evaluator
from services.ingest.domain.intake import Prepared
from shared.catalogue.check import check, read
from shared.catalogue.model import Catalogue
from shared.catalogue.yaml_files import load_directory
from tests.unit.catalogue import pages


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The catalogue of the pages, without a problem."""
    folder = tmp_path_factory.mktemp("catalogue")
    for number, text in enumerate(pages.blocks("yaml")):
        (folder / f"{number:02}.yml").write_text(text, "utf-8")
    document, positions = load_directory(folder)
    assert [str(problem) for problem in check(document, positions)] == []
    return document


@pytest.fixture(scope="session")
def catalogue(document: dict[str, Any]) -> Catalogue:
    return read(document)


@pytest.fixture(scope="session")
def loaded(catalogue: Catalogue) -> dict[str, Prepared]:
    return pages.loaded(catalogue)


@pytest.fixture(scope="session")
def records(loaded: dict[str, Prepared]) -> pages.Records:
    return pages.records(loaded)


@pytest.fixture(scope="session")
def evaluator(catalogue: Catalogue, records: pages.Records) -> Evaluator:
    return pages.evaluator(catalogue, records)
