"""How well a sheet fits a contract: how many of its fields one row has headers for."""

from collections.abc import Iterable, Mapping
from itertools import islice

from services.ingest.domain.contract import spelling
from services.ingest.domain.csv_file import MOST_ABOVE


def fit(rows: Iterable[list[str]], spellings: Mapping[str, str]) -> tuple[int, int]:
    """The most fields that one of the first rows names, and which row that is, from 0."""
    best, at = 0, 0
    for number, cells in enumerate(islice(rows, MOST_ABOVE + 1)):
        fields = {spellings.get(spelling(cell)) for cell in cells} - {None}
        if len(fields) > best:
            best, at = len(fields), number
    return best, at
