"""A publisher is ready once its pages and charts are as quick as they will be."""

from pathlib import Path

from tests.integration.publisher_sample import sample
from tests.integration.publisher_service import Running, eventually, running


def progress(run: Running) -> str:
    return str(run.http.get("/health/ready").json()["checks"]["progress"])


def drawn(run: Running) -> float:
    """How many pictures the drawing processes of this test run have drawn."""
    found = [
        line.split()[1]
        for line in run.http.get("/metrics").text.splitlines()
        if line.startswith('irf_pictures_drawn_total{outcome="drawn"}')
    ]
    return float(found[0]) if found else 0.0


def test_it_has_shown_pages_and_drawn_before_it_says_that_it_is_ready(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/publisher.db"
    with running(store) as run:
        sample(run)
        assert progress(run) == "warming"
        assert run.http.get("/health/live").status_code == 200
        before = drawn(run)
    with running(store, warm=True) as run:
        eventually(lambda: progress(run) != "warming", 60)
        assert drawn(run) > before
