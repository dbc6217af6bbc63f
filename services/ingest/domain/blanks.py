"""Rows that somebody left blank where figures are asked for.

Rule: a row of a form or a workbook in which nothing that was asked for is given says nothing; it is
passed over and counted, and no record becomes blank by it.
"""

from collections.abc import Collection

from services.ingest.domain.table import Line, Table


def passing_over_blank(table: Table, asked: Collection[str]) -> Table:
    """The table without the rows in which all of these fields are blank, and a note of how many
    those were. It is read to its end for that: it is a table that people filled in."""
    places = [at for name, at, _ in table.columns if name in asked]
    if not places:
        return table
    kept: list[Line] = []
    blank = 0
    for line in table.lines:
        if line.fault is None and line.data is None and not _said(line, places):
            blank += 1
        else:
            kept.append(line)
    table.lines = iter(kept)
    if blank:
        table.notes = [*table.notes, f"{blank:,} row(s) were left blank and passed over."]
    return table


def _said(line: Line, places: list[int]) -> bool:
    # What is more than its text (a formula that was not calculated) says something.
    return any(line.cells[at].strip() or line.cells[at].__class__ is not str for at in places)
