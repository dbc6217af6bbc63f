"""Registers, plans and what others say of what they name, made at random: any that a council might
have, and now and then what it should not."""

import random
from collections.abc import Iterator
from typing import Any

from shared.contracts.topics import CATALOGUE, CONTRACTS, FINANCE, INDICATORS, RECORDS
from tests.unit.fed import Said
from tests.unit.risk.registers import PERIODS, budget, contract, record, value

Json = dict[str, Any]
States = dict[str, Json | None]

KNOWN_DAYS = ("2025-11-30", "2025-12-05", "2026-01-04", "2026-01-05", "2026-01-31", "2026-04-01")
DAYS = (None, "2025-03-31", "2026-01-04", "2026-01-05", "2026-02-01", "2026-03-31")
SERVICES = (None, "parks", "waste", "nobody")
PLACES = ("service", "directorate", "corporate")
INDICATORS_OF = (None, "I-1, I-2", "I-2,,I-1 , I-2,I-3", "I-3,I-2", "I-9,I-1")
CENTRES_OF = (None, "A", "A", "B/1 ,A", "A,B/1")
CONTRACTS_OF = (None, "C1", "X/9", "X/9, C1", "C1,X/9")
POUNDS = (None, "0", "12.34", "-1999.99", "4000", "1000000.00")
CONSIDERED = (
    "indicator/I-1@2025-26-Q3", "indicator/I-2@2025-12", "indicator/I-3@2026-01-05",
    "position/2025-26/A@P09", "position/2026-27/A@P01", "contract/C1@2026-03-31", "else",
)  # fmt: skip


class Made:
    """Everything made from one source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def one(self, *found: Any) -> Any:
        """One of these."""
        return self.chance.choice(found)

    def often(self, *usual: Any, other: Any) -> Any:
        """One of these, now and then the other."""
        return self.one(*usual) if self.chance.random() < 0.85 else other

    def upto(self, most: int) -> int:
        """A number from 1."""
        return self.chance.randint(1, most)

    # Definitions

    def levels(self, many: int) -> Any:
        """So many levels: as a number, or each with a weight or without."""
        if self.one(True, False):
            return many
        return [
            {"name": str(number)} | self.one({}, {"weight": self.upto(9)})
            for number in range(1, many + 1)
        ]

    def matrix(self) -> Json:
        """A matrix as a council may define it."""
        across, up = self.chance.randint(3, 6), self.chance.randint(3, 6)
        starts = sorted(self.chance.sample(range(2, 25), self.chance.randint(0, 5)))
        bands: list[Json] = []
        for number, start in enumerate([0, *starts]):
            months = self.one({}, {"review_months": self.one(1, 2, 6, 13)})
            rag = self.one({}, {}, {"rag": self.one("green", "amber", "red")})
            bands.append({"name": f"band {number}", "from": start} | months | rag)
        found: Json = {
            "code": self.one("matrix", "other"),
            "likelihood": self.levels(up),
            "impact": self.levels(across),
            "bands": bands,
        }
        if self.chance.random() < 0.3:
            names = [band["name"] for band in bands]
            found["cells"] = [[self.one(*names) for _ in range(across)] for _ in range(up)]
        if self.chance.random() < 0.7:
            limits = sorted(self.chance.sample(range(1, 500_000), across - 1))
            money = [f"{pence // 100}.{pence % 100:02}" for pence in limits]
            found["criteria"] = [{"category": "money", "money": money}]
        return found

    def policy(self) -> Json:
        """A policy as a council may define it."""
        categories = [
            {"code": code, "name": code}
            | self.one({}, {"appetite": self.one("averse", "eager")})
            | self.often({"appetite_to": self.upto(8)}, other={})
            | self.one({}, {"tolerance_to": self.chance.randint(8, 20)})
            for code in ("money", "people")
        ]
        tiers = [
            {"code": code, "name": code} | self.often({"escalate_from": self.upto(20)}, other={})
            for code in self.chance.sample(PLACES, self.often(3, other=self.one(0, 1, 2)))
        ]
        found: Json = {"code": "policy", "categories": categories, "tiers": tiers}
        causes = ["red indicator", "adverse variance", "contract"]
        prompts: Json = self.often({}, other={"prompts": causes[: self.one(0, 1, 2)]})
        return found | prompts

    # Records: of which dataset, and what they say

    def reference(self) -> str:
        """One of a few, so that parts meet."""
        return str(self.one("R1", "R1", "R/2"))

    def level(self, other: Any = None) -> Any:
        """One of the levels that every matrix has, or of those that few have."""
        return self.often(1, 2, 3, other=self.one(other, 0, 4, 6, 7))

    def risk(self) -> Json:
        """What a register says of a risk."""
        aims = {
            f"{of}_{name}": self.one(None, self.level(), self.level())
            for of in ("inherent", "target")
            for name in ("likelihood", "impact")
        }
        return aims | {
            "reference": self.reference(), "title": "Loss", "service": self.one(*SERVICES),
            "portfolio": self.one(None, "waters"), "owner": self.one(None, "Head"),
            "status": self.often(None, "Open", "open", "Live", other=self.one("closed", "CLOSED ")),
            "nature": self.often(None, "Threat", "threat", other="opportunity"),
            "cause": self.one(None, "x"), "category": self.often("money", "people", other="odd"),
            "tier": self.often(None, *PLACES, other="odd"), "likelihood": self.level(),
            "impact": self.often(self.level(), None, other=9), "target_date": self.one(*DAYS),
            "response": self.one(None, "treat", "Accept"), "exposure": self.one(*POUNDS),
            "opened": self.one(*DAYS),
            "closed": self.often(None, "2026-02-01", "2027-01-01", other="2026-01-05"),
            "indicators": self.one(*INDICATORS_OF), "cost_centres": self.one(*CENTRES_OF),
            "contracts": self.one(*CONTRACTS_OF), "projects": self.one(None, "P1, P1"),
        }  # fmt: skip

    def part(self) -> tuple[str, Json]:
        """A part of a risk."""
        of = {"risk": self.reference(), "by": self.one(None, "Head"), "reason": self.one(None, "x")}
        on = self.one(*KNOWN_DAYS)
        dataset = self.one("risk-reviews", "risk-reviews", "risk-moves", "risk-controls")
        if dataset == "risk-moves":
            return dataset, of | {"moved": on, "tier": self.often(*PLACES, other="odd")}
        if dataset == "risk-reviews":
            considered = self.chance.sample(CONSIDERED, self.one(0, 0, 1, 2))
            found = {"likelihood": self.level(), "impact": self.one(None, self.level())}
            return dataset, of | found | {"reviewed": on, "considered": ", ".join(considered)}
        return dataset, {
            "risk": of["risk"], "control": "1", "title": "Watch", "line": self.one(None, "2nd"),
            "effectiveness": self.one(None, "effective", "so-so"), "assured": self.one(*DAYS),
        }  # fmt: skip

    def action(self) -> Json:
        """What is said of an action."""
        return {
            "reference": self.reference(), "title": "Act", "service": self.one(*SERVICES),
            "status": self.one(None, "Not started", "in progress", "Odd", "Complete", "CANCELLED"),
            "progress": self.one(None, -5, 0, 30, 100, 120), "start": self.one(*DAYS),
            "due": self.one(*KNOWN_DAYS), "forecast": self.one(*DAYS), "risks": "R1,R2",
            "done": self.often(None, other="2026-01-02"), "indicators": self.one(*INDICATORS_OF),
        }  # fmt: skip

    def project(self) -> Json:
        """What is said of a project."""
        return {
            "reference": self.reference(), "title": "Build", "service": self.one(*SERVICES),
            "status": self.one(None, "Delivery", "closed", "Complete", "Cancelled", "Completed"),
            "rag": self.often(None, None, "blue", other=self.one("Red", "amber", "GREEN ")),
            "budget": self.one(*POUNDS), "end": self.one(*DAYS), "forecast_end": self.one(*DAYS),
            "cost_centres": self.one(*CENTRES_OF),
        }  # fmt: skip

    def milestone(self) -> Json:
        """What is said of a project's milestone."""
        return {
            "project": self.reference(), "milestone": "1", "title": "Roof",
            "planned": self.one(*KNOWN_DAYS), "forecast": self.one(*DAYS),
            "achieved": self.often(None, other="2026-01-02"),
        }  # fmt: skip

    def anything(self) -> tuple[str, Json]:
        """A version of any record."""
        turn = self.chance.randrange(12)
        if turn < 4:
            return "partnership" if self.chance.random() < 0.1 else "risks", self.risk()
        if turn < 9:
            return self.part()
        if turn == 9:
            return "actions", self.action()
        return ("projects", self.project()) if turn == 10 else ("project-milestones",
                                                                 self.milestone())  # fmt: skip

    def said(self, many: int) -> list[Said]:
        """So many versions of records; each version of a record is of one dataset, and some say
        that it is gone."""
        versions: dict[str, int] = {}
        found = []
        for _ in range(many):
            dataset, fields = self.anything()
            key = str(fields.get("reference") or self.upto(4))
            ((subject, state),) = record(dataset, key, **fields).items()
            versions[subject] = versions.get(subject, 0) + 1
            gone = self.chance.random() < 0.1
            found.append(Said(RECORDS, subject, versions[subject], None if gone else state))
        return found

    # What other services say

    def heard(self, many: int) -> list[Said]:
        """So many versions of what other services say."""
        versions: dict[str, int] = {}
        found = []
        for _ in range(many):
            topic, ((subject, state),) = self._state()
            versions[subject] = versions.get(subject, 0) + 1
            gone = self.chance.random() < 0.1
            found.append(Said(topic, subject, versions[subject], None if gone else state))
        return found

    def _state(self) -> tuple[str, list[tuple[str, Json | None]]]:
        outcome = self.often("red", "red", "green", other="no data")
        topic = self.one(INDICATORS, FINANCE, CONTRACTS)
        if topic == INDICATORS:
            code, period = self.one("I-1", "I-2", "I-3"), self.one(*PERIODS)
            member = self.often("all", other="ward=Abbey")
            return topic, list(value(code, period, outcome, member).items())
        if topic == FINANCE:
            year = self.often("2025-26", other="2026-27")
            centre = self.one("A", "A", "B/1")
            return topic, list(budget(centre, year, self.one(1, 8, 9), outcome).items())
        stage = self.one("in force", "decision due", "decision overdue", "expired")
        expiry = self.one("2026-03-31", "2027-03-31")
        return topic, list(contract(self.one("C1", "X/9"), stage, expiry).items())


def newest(events: list[Said]) -> Iterator[Said]:
    """The last version of each subject."""
    last: dict[tuple[str, str], Said] = {}
    for event in events:
        known = last.get((event.topic, event.subject))
        if known is None or event.version > known.version:
            last[event.topic, event.subject] = event
    yield from last.values()


def defined(catalogue: dict[str, Json]) -> list[Said]:
    """The first version of these definitions."""
    return [Said(CATALOGUE, subject, 1, state) for subject, state in catalogue.items()]
