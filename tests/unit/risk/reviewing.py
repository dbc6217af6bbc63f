"""A small council under review: its definitions, its figures, and what people say of them.

The business day is 5 January 2026, so the quarter 2025-26-Q3 is just over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.risk.handlers import RiskHandlers
from services.risk.store.tables import TABLES
from services.risk.world import Worlds
from shared.catalogue.periods import parse_period
from shared.contracts import subjects
from shared.contracts.topics import CATALOGUE, FINANCE, INDICATORS, RECORDS, RISKS
from shared.delivery.business_date import BusinessDate
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.marks import Marks
from shared.delivery.own import Own
from shared.delivery.tables import DeliveryTables
from tests.unit.fed import Fed, StoppedClock, fed

Json = dict[str, Any]

QUARTER = "2025-26-Q3"
OFFICER, OWNER, DIRECTOR = "Performance officer", "Head of Waste", "Director of Place"
RECYCLING, MONEY, RISK = "indicator/recycling", "position/GF/waste", "risk/R1"
ROLES = ("risk", "commentary", "challenge-step", "sign-off", "data-query", "cycle-step")


def _dataset(role: str) -> Json:
    return {"code": f"d-{role}", "title": role, "role": role, "key": "content", "fields": []}


def _person(code: str, post: str, role: str, **of: list[str]) -> Json:
    return {"code": code, "name": code.title(), "post": post, "roles": [role], **of}


DEFINITIONS: dict[str, Json | None] = {
    "service/waste": {"code": "waste", "name": "Waste", "directorate": "place"},
    "indicator/recycling": {
        "code": "recycling", "title": "Recycled", "formula": "a", "unit": "count",
        "periods": ["month", "quarter"], "frequency": "month",
        "service": "waste", "owner": OWNER,
    },
    "indicator/missed": {
        "code": "missed", "title": "Missed bins", "formula": "a", "unit": "count",
        "periods": ["quarter", "financial-year"], "service": "waste", "owner": "Bins manager",
    },
    "risk-matrix/m": {
        "code": "m", "likelihood": 5, "impact": 5,
        "bands": [{"name": "low", "from": 1}, {"name": "high", "from": 10, "rag": "red"}],
    },
    "person/dana": _person("dana", DIRECTOR, "director", directorates=["place"]),
    "person/olu": _person("olu", OWNER, "owner", services=["waste"]),
    "review-cycle/usual": {
        "code": "usual", "owner_days": 10, "director_days": 20, "freeze_days": 30,
        "remind_days": 5,
    },
    **{f"dataset/d-{role}": _dataset(role) for role in ROLES},
}  # fmt: skip


def definitions(**changed: Json) -> dict[str, Json | None]:
    """The council's definitions, some with other parts."""
    named = {key.replace("__", "/").replace("_", "-"): parts for key, parts in changed.items()}
    return {key: {**(said or {}), **named.get(key, {})} for key, said in DEFINITIONS.items()}


def record(role: str, key: str, **fields: Any) -> tuple[str, Json]:
    """A record of a role, by its subject."""
    dataset = f"d-{role}"
    return subjects.record(dataset, key), {"dataset": dataset, "key": key, "fields": fields}


def at(day: int, month: int = 1) -> str:
    return f"2026-{month:02}-{day:02}T09:00:00"


def step(number: int, to: str, quarter: str = QUARTER) -> tuple[str, Json]:
    """A step of a quarter's cycle."""
    key = f"{quarter}/{number}"
    return record(
        "cycle-step", key, period=quarter, step=str(number), to=to, by=OFFICER, at=at(number)
    )


def said(about: str, voice: str = "Owner", text: str = "Lorries broke down") -> tuple[str, Json]:
    """A commentary."""
    return record(
        "commentary", f"{about}/{voice}", period=QUARTER, about=about, voice=voice,
        what_happened=text, by=OWNER, at=at(2),
    )  # fmt: skip


def signed(
    about: str, level: str, value: str = "", status: str = "Signed", day: int = 3
) -> tuple[str, Json]:
    """A sign-off."""
    by = OWNER if level == "Owner" else DIRECTOR
    return record(
        "sign-off", f"{about}/{level}", period=QUARTER, about=about, level=level, status=status,
        value=value, by=by, at=at(day),
    )  # fmt: skip


def queried(about: str, status: str = "Under query") -> tuple[str, Json]:
    """A query of a figure."""
    return record(
        "data-query", about, period=QUARTER, about=about, status=status, reason="Twice counted",
        by=OWNER, at=at(2),
    )  # fmt: skip


def challenge(
    number: int, does: str, by: str, about: str = RECYCLING, reference: str = "C1"
) -> tuple[str, Json]:
    """A step of a challenge."""
    return record(
        "challenge-step", f"{reference}/{number}", challenge=reference, step=str(number),
        does=does, period=QUARTER, about=about, text="Why?", by=by, at=at(number),
    )  # fmt: skip


def registered(reference: str = "R1", impact: int = 5, **others: Any) -> tuple[str, Json]:
    """A risk of the register."""
    fields = {"title": "Depot", "service": "waste", "owner": OWNER, "likelihood": 4} | others
    return record("risk", reference, reference=reference, impact=impact, **fields)


def value(code: str, period: str, amount: str | None, rag: str = "green") -> tuple[str, Json]:
    """A value of an indicator, all records, by its subject."""
    found = parse_period(period)
    state = {
        "indicator": code, "breakdown": None, "value": amount, "reason": None, "unit": "count",
        "period": {
            "code": period, "kind": found.kind,
            "start": found.start.isoformat(), "end": found.end.isoformat(),
        },
        "formula": "a", "definition": 1, "measures": {}, "target": None,
        "rag": {"outcome": rag, "rule": ""},
    }  # fmt: skip
    return subjects.indicator_value(code, period, "all"), state


def position(
    budget: int, forecast: int, period: int = 9, service: str = "waste", **place: str
) -> tuple[str, Json]:
    """A service's position: the year's budget, and the forecast at the end of every period."""
    where = {"basis": "as-is", "year": "2025-26", "fund": "GF", "level": "service"} | place
    line = {"original": [budget] + [0] * 12, "forecast": [forecast] * 13}
    state = {
        "kind": "position", **where, "node": service, "period": period, "figures": {},
        "rag": {"outcome": "green", "rule": ""}, "lines": {"staff": line}, "cost_centres": 1,
    }  # fmt: skip
    basis, year, fund, level = (where[name] for name in ("basis", "year", "fund", "level"))
    return subjects.position(basis, year, fund, level, service), state


def define(risk: Fed, **changed: Json) -> None:
    """The service learns the definitions."""
    risk.say(CATALOGUE, definitions(**changed))


def tell(risk: Fed, *records: tuple[str, Json | None], **cause: str) -> None:
    """The service learns of records."""
    risk.say(RECORDS, dict(records), **cause)


def show(risk: Fed, *figures: tuple[str, Json | None], **cause: str) -> None:
    """The service hears what indicators and finance say."""
    for topic, its in (
        (FINANCE, {s: each for s, each in figures if s.startswith("position/")}),
        (INDICATORS, {s: each for s, each in figures if not s.startswith("position/")}),
    ):
        if its:
            risk.say(topic, its, **cause)


def handlers(tables: DeliveryTables) -> RiskHandlers:
    """The service's handlers, with a clock that stands still."""
    own = Own(tables)
    days = BusinessDate(Marks(tables), StoppedClock())
    return RiskHandlers(Worlds(Held(tables), Definitions(tables), own, days), own)


@contextmanager
def reviewing(folder: Path) -> Iterator[Fed]:
    """The risk service on a new store."""
    with fed(folder, "risk", TABLES, handlers, RISKS) as found:
        yield found
