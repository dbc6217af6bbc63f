"""A service that answers as LG Inform Plus does, with values that are made up.

Paths, parameters and names are those of its documented calls. It checks a signature exactly: base64
of HMAC-SHA1 over the whole address as it reads decoded, with its scheme and the key; given raw or
percent-encoded.
"""

import base64
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, unquote_plus

from tests.integration.answering import Answering, Asked, Told, answering, told

PAGE = 3
KEY, SECRET = "ExamplePPK", "ExampleSecret"

PERIODS: dict[str, tuple[str, str, str]] = {
    "cal_2024": ("2024", "2024-01-01", "2024-12-31"),
    "cal_2025": ("2025", "2025-01-01", "2025-12-31"),
    "fin_2024_25": ("2024/25", "2024-04-01", "2025-03-31"),
    "fin_2025_26": ("2025/26", "2025-04-01", "2026-03-31"),
    "sch_2024_25": ("2024/25 (academic)", "2024-09-01", "2025-08-31"),
    "cen_2021": ("2021 census", "2021-03-21", "2021-03-21"),
    "q_9917": ("2025/26 Q3", "2025-10-01", "2025-12-31"),
}
GROUPS: dict[str, tuple[str, list[str]]] = {
    "BathNES_CIPFA_Near_Neighbours": ("E06000022", ["E06000014", "E06000025", "E06000054"]),
    "AllLaInRegion_SouthWest": ("E06000022", ["E06000022", "E06000024", "E06000025"]),
    "AllUnitaryInCountry_England": ("E06000022", ["E06000022", "E06000014"]),
    "Cotswold_Neighbours": ("E06000022", ["E06000054"]),
    "Others": ("E08000009", ["E08000009"]),
}
CHILDREN = {"E06000022:AdministrativeWard": ["E05001935", "E05001936"]}
LABELS = {"E06000022": "Bath and North East Somerset", "E06000014": "York", "E92000001": "England"}


@dataclass
class Metric:
    """A metric type with its values: (area, period) to a value, or to fields of the element."""

    label: str
    values: dict[tuple[str, str], Any]
    updated: str = "2026-05-01T08:00:00"
    discontinued: bool = False
    odd: list[Any] = field(default_factory=list)


class LgInformServer:
    """The service. `keys` are those it knows, with their secrets (None: it need not be signed)."""

    def __init__(self, metrics: Mapping[int, Metric]) -> None:
        self.metrics = dict(metrics)
        self.keys: dict[str, str | None] = {KEY: SECRET}
        self.open = False
        self.scheme = "http"
        self.served = 0
        self.fails: Callable[[Asked], Told | None] = lambda _: None

    def __call__(self, asked: Asked) -> Told:
        answer = self.fails(asked) or self._answer(asked)
        self.served += len(answer.body)
        return answer

    def _answer(self, asked: Asked) -> Told:
        if not self.open and not self._let_in(asked):
            return Told(b"Not authorized", 401, {"Content-Type": "text/plain"})
        path = asked.path
        if path.startswith("/metricTypes/"):
            return self._metric(path.rpartition("/")[2])
        if path == "/data.table":
            return Told(json.dumps(self._table(asked.query)).encode(), headers=_JSON)
        if path == "/periods":
            return _listed(asked, "period-array", [_period(name) for name in PERIODS])
        if path == "/comparisonGroups":
            owner = asked.query.get("ownerArea")
            known = [
                {"identifier": name, "label": name.replace("_", " ")}
                for name, (owned_by, _) in GROUPS.items()
                if owned_by == owner
            ]
            return _listed(asked, "comparisonGroup-array", known)
        return told({"message": "No such method"}, 404)

    def _let_in(self, asked: Asked) -> bool:
        key = asked.query.get("ApplicationKey", "")
        if key not in self.keys:
            return False
        secret = self.keys[key]
        if secret is None:
            return True
        address = f"{self.scheme}://{asked.headers['host']}{asked.target}"
        unsigned, found, signature = address.rpartition("&Signature=")
        digest = hmac.new(secret.encode(), unquote_plus(unsigned).encode(), "sha1").digest()
        # Raw it may hold a plus sign, which is one.
        return bool(found) and unquote(signature) == base64.b64encode(digest).decode()

    def _metric(self, number: str) -> Told:
        known = self.metrics.get(int(number))
        if known is None:
            return told({"message": "Not found"}, 404)
        said = {
            "identifier": number,
            "label": known.label,
            "polarity": "high good",
            "dataset": {"identifier": "841", "label": "Made up"},
            "discontinued": known.discontinued,
            "metadataOrDataLastUpdated": known.updated,
        }
        return told({"metricType": said})

    def _table(self, query: Mapping[str, str]) -> list[Any]:
        assert query["value.valueType"] == "raw" and query["period"].startswith("latest")
        areas: dict[str, None] = {}
        for each in query["area"].split(","):
            members = GROUPS[each][1] if each in GROUPS else CHILDREN.get(each, [each])
            areas |= dict.fromkeys(members)
        found: list[Any] = []
        for number in query["metricType"].split(","):
            metric = self.metrics[int(number)]
            for (area, period), value in metric.values.items():
                if area in areas:
                    found.append(_element(number, metric, area, period, value))
            found += metric.odd
        return found


_JSON = {"Content-Type": "application/json;charset=utf-8"}


def _element(number: str, metric: Metric, area: str, period: str, value: Any) -> dict[str, Any]:
    label = LABELS.get(area, area)
    said = {
        "metricTypeIdentifier": number,
        "metricTypeLabel": metric.label,
        "metricTypeIsSummary": False,
        "areaIdentifier": area,
        "areaLabel": label,
        "areaLongLabel": f"{label} (Unitary)",
        "areaIsSummary": False,
        "periodIdentifier": period,
        "periodLabel": PERIODS[period][0] if period in PERIODS else period,
        "periodIsSummary": False,
        "valueTypeIdentifier": "raw",
        "valueTypeLabel": "Percentage",
        "valueTypeIsSummary": False,
        "publicationStatus": "Published",
    }
    if isinstance(value, dict):
        return said | value
    return said | {"value": value, "source": value, "formatted": str(value), "format": "#,##0.0"}


def _period(name: str) -> dict[str, Any]:
    label, first, last = PERIODS[name]
    return {
        "identifier": name,
        "label": label,
        "startDate": f"{first}T00:00:00",
        "endDate": f"{last}T23:59:59",
    }


def _listed(asked: Asked, key: str, every: list[dict[str, Any]]) -> Told:
    start = (int(asked.query.get("pageNumber", "1")) - 1) * PAGE
    return told({key: every[start : start + PAGE]})


@contextmanager
def lg_inform(metrics: Mapping[int, Metric]) -> Iterator[tuple[LgInformServer, Answering]]:
    """Such a service on a port of its own."""
    server = LgInformServer(metrics)
    with answering(server) as service:
        yield server, service
