"""What a sender should know of how a workbook was read.

Rule: what the reader chose or could not take is said, in a few sentences.
"""

from collections.abc import Sequence
from zipfile import ZipFile

from services.ingest.workbook.scan import Scanned, letters, name

MOST_NAMED = 5


def of(
    archive: ZipFile,
    left: bool,
    sheets: Sequence[str],
    visible: Sequence[str],
    sheet: str,
    scanned: Scanned,
    header: int,
) -> list[str]:
    """The notes on one sheet; `left` says that formulas were left to be calculated, `header` which
    row its headers are in."""
    said = [f"The sheet {sheet[:100]!r} was read."]
    hidden = [each for each in sheets if each not in visible and each != sheet]
    if sheet not in visible:
        said.append("The sheet is hidden; it was read because it was named.")
    if len(sheets) - len(hidden) > 1:
        said.append(f"The workbook has {len(sheets) - len(hidden) - 1} other sheet(s).")
    if hidden:
        said.append(f"{len(hidden)} hidden sheet(s) were not read: {_listed(hidden)}.")
    if scanned.formulas:
        said.append(
            f"{scanned.formulas:,} cell(s) have formulas; their values are those last calculated."
        )
        if left:
            said.append(
                "The program that wrote the workbook left its formulas to be calculated when it is "
                "opened: if values look wrong, open it, save it and send it again."
            )
    if scanned.errors:
        said.append(f"{scanned.errors:,} cell(s) hold an error, such as #REF!.")
    if scanned.percent:
        named = [letters(column) for column in sorted(scanned.percent)]
        said.append(
            f"Cells of column(s) {_listed(named)} are shown as percentages; their values are "
            "fractions, so that 70% is 0.7."
        )
    merged = [f"{name(*start)}:{name(*end)}" for start, end in scanned.merged if end[0] >= header]
    if merged:
        said.append(f"Merged cells have their value in the first alone: {_listed(merged)}.")
    names = [each.casefold() for each in archive.namelist()]
    if any(each.startswith("xl/externallinks/") for each in names):
        said.append(
            "The workbook has links to other files or programs (DDE). Nothing was fetched: their "
            "values are those last seen."
        )
    if "xl/connections.xml" in names:
        said.append("The workbook has connections to data. Nothing was fetched through them.")
    return said


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    listed = ", ".join(each[:40] for each in names[:MOST_NAMED])
    return f"{listed} and {more:,} more" if more > 0 else listed
