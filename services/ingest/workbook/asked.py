"""What the child is asked and what it answers, as JSON in the folder that it is given.

Rule: names of files are ours; nothing of what a sender calls things is ever a path.
"""

from collections.abc import Mapping, Sequence

import msgspec

# How the child ends where the disk is full: there may be no room for a report.
NO_ROOM = 28
BOOK = "book"
ASKED = "asked.json"
ROWS = "rows.csv"
REPORT = "report.json"


class Asked(msgspec.Struct):
    """Which sheet is wanted (None: the one that fits best), and the contract's spellings of its
    headers, each with the field that it stands for."""

    sheet: str | None
    spellings: Mapping[str, str]


class Report(msgspec.Struct):
    """What was read: the kind of workbook, the sheet and what a sender should know; or why nothing
    was, as an HTTP status and a reason. `because` is for the log."""

    form: str = ""
    sheet: str = ""
    notes: Sequence[str] = ()
    status: int = 0
    refused: str = ""
    because: str = ""
