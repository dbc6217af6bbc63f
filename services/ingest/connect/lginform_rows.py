"""The values of LG Inform Plus as rows: one for a metric type, an area, a period and a value type.

Rule: a value that is not there says why: suppressed, missing or not applicable. What cannot be a
value stays as it came, so that the contract rejects that row and names it; and of two values for
one cell neither is taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.ingest.connect.lginform_periods import Days

SUPPRESSED, MISSING, NOT_APPLICABLE = "suppressed", "missing", "not applicable"

# Ours, and where it stands in an element of /data.table.
_NAMES = {
    "metric_type": "metricTypeIdentifier",
    "metric_label": "metricTypeLabel",
    "area": "areaIdentifier",
    "area_label": "areaLabel",
    "area_long_label": "areaLongLabel",
    "area_is_summary": "areaIsSummary",
    "period": "periodIdentifier",
    "period_label": "periodLabel",
    "value_type": "valueTypeIdentifier",
    "value_type_label": "valueTypeLabel",
    "lower": "confidenceIntervalLower",
    "upper": "confidenceIntervalUpper",
    "status": "publicationStatus",
}
_KEY = ("metric_type", "area", "period", "value_type")
_NULLS = frozenset({"", "null", "none", "-", "n/k", ".."})
_REASONS = (
    (SUPPRESSED, frozenset({"*", "c", "[c]"}), "suppress"),
    (NOT_APPLICABLE, frozenset({"n/a", "na", "z", "[z]"}), "not applicable"),
    (MISSING, frozenset({"..", "x", "[x]", "n/k"}), "missing"),
)


def rows(
    elements: Sequence[Mapping[str, Any]], periods: Mapping[str, Days]
) -> Iterator[dict[str, Any]]:
    """The rows of a table. One that repeats another says so only once."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for element in elements:
        row = _row(element, periods)
        key = tuple(str(row[name]) for name in _KEY)
        earlier = found.setdefault(key, row)
        if earlier is not row and earlier["value"] != row["value"]:
            earlier["value"] = f"{_said(earlier['value'])} or {_said(row['value'])}"
            earlier["reason"] = None
    yield from found.values()


def _row(element: Mapping[str, Any], periods: Mapping[str, Days]) -> dict[str, Any]:
    row = {name: _blank(element.get(said)) for name, said in _NAMES.items()}
    first, last = periods.get(str(row["period"]), (None, None))
    value = element.get("value")
    reason = None
    if isinstance(value, str):
        value = value.strip()
    if value is None or isinstance(value, str):
        reason = _reason(value, element)
        value = None if reason else value
    return {**row, "period_start": first, "period_end": last, "value": value, "reason": reason}


def _reason(value: str | None, element: Mapping[str, Any]) -> str | None:
    """Why there is no value; None where the text may be one."""
    said = [_word(value), *(_word(element.get(name)) for name in ("formatted", "source"))]
    status = _word(element.get("publicationStatus"))
    empty = said[0] in _NULLS
    for reason, signs, part in _REASONS:
        if said[0] in signs or part in said[0]:
            return reason
        if empty and (any(each in signs or part in each for each in said[1:]) or part in status):
            return reason
    return MISSING if empty else None


def _word(value: object) -> str:
    return value.strip().casefold() if isinstance(value, str) else ""


def _blank(value: Any) -> Any:
    return None if isinstance(value, str) and value.strip().casefold() == "null" else value


def _said(value: object) -> str:
    return "nothing" if value is None else str(value)
