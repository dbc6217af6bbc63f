"""The other figures that a judgement may look at, as a test says they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from shared.catalogue.model import Earlier


@dataclass
class Given:
    """Figures given as texts: for an earlier period, for an area, and for the areas of a group."""

    before: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, list[str]] = field(default_factory=dict)

    def earlier(self, which: Earlier) -> Decimal | None:
        return Decimal(self.before[which]) if which in self.before else None

    def area(self, code: str) -> Decimal | None:
        return Decimal(self.areas[code]) if code in self.areas else None

    def peers(self, group: str) -> list[Decimal]:
        return [Decimal(each) for each in self.groups.get(group, ())]

    def group_name(self, group: str) -> str:
        return {"near": "Nearest neighbours"}[group]


NONE = Given()
