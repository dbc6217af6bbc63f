"""Every page on which people write, as people use it; and whatever is written into its address."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import pages
from tests.integration.everybody import Seen, may_do_little, opened
from tests.integration.hostile import addresses, found_wrong
from tests.integration.ingest_whole import Served, everything
from tests.integration.publisher_risks import Stopped

EACH = [
    pytest.param(kind, path, id=f"{kind.name}-{path}")
    for kind in pages.INGEST
    for path in kind.small
]
NOT_FOUND = "/nothing-here"
# It leads on to the publisher's first page.
HOME = "/"
# What is no page, but somebody's file.
FILES = {
    "/batches/{batch}/rejections.csv": ("/batches/{rejected}/rejections.csv", pages.OWNER),
    "/returns/workbook/{dataset}": ("/returns/workbook/care-returns", pages.OWNER),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An ingest service that has something on every page."""
    url = f"sqlite:///{tmp_path_factory.mktemp('ingest') / 'store.db'}"
    with everything(url, Stopped()) as found:
        yield found


@pytest.fixture(scope="module")
def seen(browser: Browser, run: Served) -> Iterator[Seen]:
    with opened(browser, run.address) as found:
        yield found


def test_every_page_of_the_service_is_in_the_table(run: Served) -> None:
    known = {kind.route for kind in pages.INGEST}
    assert pages.pages(run.service.routers) == {*known, HOME}
    assert all(kind.small for kind in pages.INGEST)


@pytest.mark.parametrize(("kind", "path"), EACH)
def test_every_page_is_strict_about_what_it_may_do(
    run: Served, kind: pages.Kind, path: str
) -> None:
    with run.acting(kind.by) as client:
        answer = client.get(run.at(path))
    assert answer.status_code == (404 if path == NOT_FOUND else 200)
    may_do_little(answer)


@pytest.mark.chromium
@pytest.mark.parametrize(("kind", "path"), EACH)
def test_every_page_is_for_everybody(run: Served, seen: Seen, kind: pages.Kind, path: str) -> None:
    closely = path == kind.small[0]
    assert seen.faults(run.at(path), kind.by, closely=closely) == {}


def test_a_hostile_address_gets_a_page_that_leads_on(run: Served) -> None:
    known = {kind.route: (kind.small[0], kind.by) for kind in reversed(pages.INGEST)}
    known |= FILES
    asked = [route for route in pages.routes(run.service.routers) if route.path in known]
    assert len(asked) == len(known)
    wrong, tried = [], 0
    for route in asked:
        path, person = known[route.path]
        with run.acting(person) as client:
            found, count = found_wrong(client, addresses(route, run.at(path)), leads_on)
        wrong += found
        tried += count
    assert wrong == []
    assert tried > 500


def leads_on(text: str) -> bool:
    """Whether a page says what is wrong, and where to go from there."""
    return "<h1" in text and 'href="/who"' in text
