"""Questions about risks, actions and projects that calls and pages both ask."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

import msgspec

from services.publisher.domain.plans import OVER
from services.publisher.reading_finance import state_of
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.tables import TABLES
from shared.catalogue.scale import Scale
from shared.contracts import subjects
from shared.contracts.risks import Action, Project, Risk
from shared.contracts.topics import RISKS
from shared.delivery.held import Held, HeldState

LAST = "9999"

T = TypeVar("T")
HeldRisk = tuple[HeldState, Risk]
HeldAction = tuple[HeldState, Action]
HeldProject = tuple[HeldState, Project]

_held = Held(TABLES)
decode_risk = msgspec.json.Decoder(Risk).decode
decode_action = msgspec.json.Decoder(Action).decode
decode_project = msgspec.json.Decoder(Project).decode


class WantedRisks(NamedTuple):
    """What a risk must be to be listed; blank parts ask for anything."""

    tier: str = ""
    category: str = ""
    service: str = ""
    standing: str = ""

    def takes(self, found: Risk) -> bool:
        """Whether a risk is wanted."""
        return (
            self.tier in ("", found.tier)
            and self.category in ("", found.category)
            and self.service in ("", found.service or "")
            and self.standing in ("", found.standing)
        )


class WantedPlans(NamedTuple):
    """What an action or a project must be to be listed; blank parts ask for anything. A project
    has no stage: it is open or not."""

    service: str = ""
    stage: str = ""
    risk: str = ""
    indicator: str = ""

    def takes(self, found: Action | Project) -> bool:
        """Whether an action or a project is wanted."""
        stage = found.stage if isinstance(found, Action) else ""
        return (
            self.service in ("", found.service)
            and self.stage in ("", stage)
            and (not self.risk or self.risk in found.risks)
            and (not self.indicator or self.indicator in found.indicators)
        )


def scale(view: Snapshot) -> Scale | None:
    """The council's matrix, if it has defined one."""
    matrix = view.catalogue.matrix
    return Scale(matrix) if matrix else None


def risks(view: Snapshot) -> list[HeldRisk]:
    """The register, the highest score first."""
    found = _scan(view, "risk/", decode_risk)
    return sorted(found, key=lambda each: (-each[1].score, each[1].reference))


def risk(view: Snapshot, reference: str) -> HeldRisk | None:
    """One risk."""
    return _one(view, subjects.risk(reference), decode_risk)


def actions(view: Snapshot) -> list[HeldAction]:
    """Every action: first those to be done, by their due days, then what is over."""
    found = _scan(view, "action/", decode_action)
    return sorted(
        found,
        key=lambda each: (each[1].stage in OVER, each[1].due or LAST, each[1].reference),
    )


def action(view: Snapshot, reference: str) -> HeldAction | None:
    """One action."""
    return _one(view, subjects.action(reference), decode_action)


def projects(view: Snapshot) -> list[HeldProject]:
    """Every project: first those that run, by the days they end, then those that are over."""
    found = _scan(view, "project/", decode_project)
    return sorted(
        found,
        key=lambda each: (
            not each[1].open,
            each[1].forecast_end or each[1].end or LAST,
            each[1].reference,
        ),
    )


def project(view: Snapshot, reference: str) -> HeldProject | None:
    """One project."""
    return _one(view, subjects.project(reference), decode_project)


def named_risks(view: Snapshot, references: Iterable[str]) -> dict[str, HeldRisk]:
    """Those of these risks that exist, by reference, in their order."""
    return _named(view, references, subjects.risk, decode_risk)


def named_projects(view: Snapshot, references: Iterable[str]) -> dict[str, HeldProject]:
    """Those of these projects that exist, by reference, in their order."""
    return _named(view, references, subjects.project, decode_project)


def _scan(view: Snapshot, prefix: str, decode: Callable[[bytes], T]) -> list[tuple[HeldState, T]]:
    return [(state, decode(state.body)) for state in _held.scan(view.tx, RISKS, prefix)]


def _one(view: Snapshot, subject: str, decode: Callable[[bytes], T]) -> tuple[HeldState, T] | None:
    row = repository.rows(view.tx, RISKS, [subject]).get(subject)
    return (state_of(row), decode(row.body or b"")) if row else None


def _named(
    view: Snapshot,
    references: Iterable[str],
    subject: Callable[[str], str],
    decode: Callable[[bytes], T],
) -> dict[str, tuple[HeldState, T]]:
    asked = {reference: subject(reference) for reference in references}
    rows = repository.rows(view.tx, RISKS, asked.values())
    return {
        reference: (state_of(rows[name]), decode(rows[name].body or b""))
        for reference, name in asked.items()
        if name in rows
    }
