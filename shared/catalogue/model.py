"""The catalogue's definitions, as plain data.

Rule: everything the council decides about its figures is data of one of these types; nothing else
in the system holds such a decision. A definition that has not changed encodes to the same bytes,
so applying the same catalogue twice is no change.

Reading is lenient (an unknown field in an event from a newer release is passed over, since the
published language only ever grows); `check` is strict about what people write.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from shared.catalogue.accounts import Accounts, Ledger
from shared.catalogue.connectors import Connector, Return
from shared.catalogue.datasets import Dataset, Derived, Field, Retention
from shared.catalogue.definition import Definition, Denominator, Earlier, FieldType
from shared.catalogue.figures import (
    Benchmark,
    Break,
    FrameworkCode,
    Indicator,
    Measure,
    RagRule,
    Relative,
    Source,
    Target,
)
from shared.catalogue.review import Person, ReviewCycle
from shared.catalogue.risks import RiskMatrix, RiskPolicy

__all__ = [
    "SECTIONS",
    "Accounts",
    "Benchmark",
    "Break",
    "Catalogue",
    "Connector",
    "Council",
    "Dataset",
    "Definition",
    "Denominator",
    "Derived",
    "Directorate",
    "Earlier",
    "Field",
    "FieldType",
    "Framework",
    "FrameworkCode",
    "Indicator",
    "Ledger",
    "Measure",
    "Membership",
    "PeerGroup",
    "Person",
    "Placed",
    "Portfolio",
    "Priority",
    "RagRule",
    "Relative",
    "Retention",
    "Return",
    "ReviewCycle",
    "RiskMatrix",
    "RiskPolicy",
    "Section",
    "Service",
    "Source",
    "Target",
    "Theme",
    "Topic",
    "definitions",
    "from_definitions",
]


class Council(Definition, frozen=True):
    code: str
    name: str
    area_code: str | None = None
    sample: bool = False
    closure_days: list[str] = []
    # What an indicator is where there is nothing to divide by, unless it says so itself.
    no_denominator: Denominator | None = None


class Directorate(Definition, frozen=True):
    code: str
    name: str


class Placed(Definition, frozen=True):
    """Where a service stood up to a month (2025-03), that one included."""

    until: str
    directorate: str | None = None
    portfolio: str | None = None


class Service(Definition, frozen=True):
    """`earlier` says where it stood before it was moved to where it stands now."""

    code: str
    name: str
    directorate: str | None = None
    portfolio: str | None = None
    earlier: list[Placed] = []


class Portfolio(Definition, frozen=True):
    code: str
    name: str


class Theme(Definition, frozen=True):
    """A topic across services. `narrative` tells its story, in paragraphs parted by blank lines;
    `lead` is the post that answers for it."""

    code: str
    name: str
    summary: str = ""
    narrative: str = ""
    lead: str = ""


class Priority(Definition, frozen=True):
    """A priority of the corporate plan; they are shown in the order of their codes."""

    code: str
    name: str
    summary: str = ""


class Topic(Definition, frozen=True):
    """A topic of the evidence base: how the people and the place are, whoever has a say in it."""

    code: str
    name: str
    summary: str = ""


class Framework(Definition, frozen=True):
    """A framework that indicators belong to, or a statutory return that they are part of."""

    code: str
    name: str
    kind: Literal["framework", "return"] = "framework"
    source: str = ""


class Membership(Definition, frozen=True, rename={"from_": "from"}):
    """Which areas a peer group holds from one month to another; groups are issued anew."""

    areas: list[str]
    from_: str | None = None
    to: str | None = None


class PeerGroup(Definition, frozen=True):
    """Areas to compare with, by their GSS codes; the council's own need not be among them."""

    code: str
    name: str
    issues: list[Membership]
    source: str = ""


class Catalogue(msgspec.Struct, kw_only=True):
    """Every definition by its code."""

    council: Council | None = None
    directorates: dict[str, Directorate] = {}
    portfolios: dict[str, Portfolio] = {}
    services: dict[str, Service] = {}
    themes: dict[str, Theme] = {}
    frameworks: dict[str, Framework] = {}
    peer_groups: dict[str, PeerGroup] = {}
    datasets: dict[str, Dataset] = {}
    measures: dict[str, Measure] = {}
    indicators: dict[str, Indicator] = {}
    accounts: dict[str, Accounts] = {}
    ledgers: dict[str, Ledger] = {}
    risk_matrices: dict[str, RiskMatrix] = {}
    risk_policies: dict[str, RiskPolicy] = {}
    people: dict[str, Person] = {}
    review_cycles: dict[str, ReviewCycle] = {}
    priorities: dict[str, Priority] = {}
    topics: dict[str, Topic] = {}
    connectors: dict[str, Connector] = {}
    returns: dict[str, Return] = {}

    @property
    def books(self) -> Accounts | None:
        """The council's accounts, if it has defined them."""
        return next(iter(self.accounts.values()), None)

    @property
    def matrix(self) -> RiskMatrix | None:
        """The council's risk matrix, if it has defined one."""
        return next(iter(self.risk_matrices.values()), None)

    @property
    def risk_policy(self) -> RiskPolicy:
        """The council's risk policy; one without categories or tiers if it has defined none."""
        return next(iter(self.risk_policies.values()), None) or RiskPolicy(code="none")

    @property
    def review_cycle(self) -> ReviewCycle:
        """The council's review cycle; the usual one if it has defined none."""
        return next(iter(self.review_cycles.values()), None) or ReviewCycle(code="usual")

    @property
    def closure_days(self) -> tuple[str, ...]:
        return tuple(self.council.closure_days) if self.council else ()


class Section(msgspec.Struct, frozen=True):
    """How one kind of definition is written (`name`), named in subjects and held."""

    name: str
    kind: str
    holds: str
    type: type[Any]
    many: bool = True


SECTIONS: tuple[Section, ...] = (
    Section("council", "council", "council", Council, many=False),
    Section("directorates", "directorate", "directorates", Directorate),
    Section("portfolios", "portfolio", "portfolios", Portfolio),
    Section("services", "service", "services", Service),
    Section("themes", "theme", "themes", Theme),
    Section("priorities", "priority", "priorities", Priority),
    Section("topics", "topic", "topics", Topic),
    Section("frameworks", "framework", "frameworks", Framework),
    Section("peer_groups", "peer-group", "peer_groups", PeerGroup),
    Section("datasets", "dataset", "datasets", Dataset),
    Section("measures", "measure", "measures", Measure),
    Section("indicators", "indicator", "indicators", Indicator),
    Section("accounts", "accounts", "accounts", Accounts, many=False),
    Section("ledgers", "ledger", "ledgers", Ledger),
    Section("risk_matrix", "risk-matrix", "risk_matrices", RiskMatrix, many=False),
    Section("risk_policy", "risk-policy", "risk_policies", RiskPolicy, many=False),
    Section("people", "person", "people", Person),
    Section("review_cycle", "review-cycle", "review_cycles", ReviewCycle, many=False),
    Section("connectors", "connector", "connectors", Connector),
    Section("returns", "return", "returns", Return),
)

_BY_KIND = {
    section.kind: (section.holds, msgspec.json.Decoder(section.type).decode) for section in SECTIONS
}
_encode = msgspec.json.Encoder().encode


def definitions(catalogue: Catalogue) -> dict[str, bytes]:
    """Each definition as one event's data, by subject `{kind}/{code}`."""
    found: dict[str, bytes] = {}
    for section in SECTIONS:
        held = getattr(catalogue, section.holds)
        if section.kind == "council":
            held = {held.code: held} if held else {}
        for code, definition in held.items():
            found[f"{section.kind}/{code}"] = _encode(definition)
    return found


def from_definitions(found: Mapping[str, bytes]) -> Catalogue:
    """The catalogue that these definitions make; kinds of a newer release are passed over."""
    catalogue = Catalogue()
    for subject in sorted(found):
        kind, _, code = subject.partition("/")
        if kind not in _BY_KIND:
            continue
        holds, decode = _BY_KIND[kind]
        if kind == "council":
            catalogue.council = decode(found[subject])
        else:
            getattr(catalogue, holds)[code] = decode(found[subject])
    return catalogue
