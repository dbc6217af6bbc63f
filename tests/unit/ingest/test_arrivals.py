"""Files that appear: names, standing still, reports; and what the pages tell of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.ingest.connect import arrivals, sftp
from services.ingest.connect.arrival_report import MOST, report
from services.ingest.connect.arrivals import Seen, Watch, free_name, wanted
from services.ingest.connect.public import SHAPES
from services.ingest.domain.receipt import Receipt, RejectionLine
from services.ingest.domain.refusals import RequestRefused
from shared.catalogue.connectors import Connector

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
CONNECTOR = Connector("nightly", "The nightly files", "folder", "requests", "out")
DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(
    ("name", "pattern", "meant"),
    [
        ("a.csv", "*.csv", True),
        ("a.CSV", "*.csv", False),
        ("a.csv", "*", True),
        (".a.csv", "*", False),
        ("a.csv.PART", "*", False),
        ("a.filepart", "*", False),
        ("../a.csv", "*", False),
        ("..\\a.csv", "*", False),
        ("a\0.csv", "*", False),
        ("..", "*", False),
    ],
)
def test_files_are_meant_by_their_names(name: str, pattern: str, meant: bool) -> None:
    assert wanted(name, pattern) is meant


def test_a_name_gets_a_number_where_it_or_its_report_is_there() -> None:
    assert free_name("a.csv", []) == "a.csv"
    assert free_name("a.csv", ["A.CSV"]) == "a.2.csv"
    assert free_name("a.csv", ["a.csv.report.txt", "a.2.csv"]) == "a.3.csv"
    assert free_name("a.csv", [".a.csv.report.txt.part"]) == "a.2.csv"
    assert free_name("a", ["a"]) == "a.2"
    for long in ("x" * 251 + ".csv", "ß" * 120 + ".csv", "a." + "y" * 250):
        assert len(free_name(long, []).encode()) < 230


def test_a_file_is_still_once_it_was_seen_unchanged_for_long_enough() -> None:
    watch = Watch()
    young = Seen("a.csv", 10, NOW.timestamp())
    old = Seen("b.csv", 10, NOW.timestamp() - 301)
    ahead = Seen("c.csv", 10, NOW.timestamp() + 90_000)

    def still(after: int, *seen: Seen) -> str:
        found = watch.still("here", seen, NOW + timedelta(seconds=after), 10)
        return "".join(each.name[0] for each in found)

    assert still(0, young, old, ahead) == "b"
    assert still(9, young, ahead) == ""
    assert still(10, young, ahead) == "ac"
    assert still(11, young._replace(size=11)) == ""
    assert still(12) == ""
    assert still(21, young._replace(size=11)) == ""  # It was away: it is watched from here on.
    # Of a slow writer more is asked than a date of five minutes ago.
    assert Watch().still("here", [old], NOW, 3_600) == []


def test_a_report_repeats_no_row_and_stops_after_a_hundred_faults() -> None:
    faults = [RejectionLine(row, "nhs", "format", "It is no date.", "X") for row in range(1, 121)]
    receipt = Receipt(batch="B1", received=200, accepted=79, unchanged=1, rejected=120)
    receipt.rejections = faults
    text = report(CONNECTOR, "a.csv", receipt, NOW)
    assert text.count("rule format") == MOST == 100
    assert "(the first 100 faults)" in text and "Rejected: 120" in text
    refused = RequestRefused(422, "The columns do not fit.", [{"column": "x", "message": "Is it?"}])
    text = report(CONNECTOR, "line\nbreak.csv\udce9", refused, NOW)
    assert "The columns do not fit.\n- x: Is it?\n" in text
    text.encode()


def test_the_page_tells_what_is_so() -> None:
    page = " ".join((DOCS / "catalogue-connecting.md").read_text("utf-8").split())
    assert f"more than {arrivals.SURELY_OLD / 60:g} minutes ago" in page
    assert f"looked at every {sftp.LOOK_SECONDS:g} seconds" in page
    assert f"the first {MOST} faults" in page
    assert all(f"`{each}`" in page for each in (*arrivals.UNFINISHED, *SHAPES))
    assert f"at {SHAPES['nomis'].most_rows:,} rows" in page
