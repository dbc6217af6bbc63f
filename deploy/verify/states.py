"""Holds published states of money, contracts and risk beside the recompute's.

Rule: what is compared is what the recompute says. A published state leaves unsaid what is nought,
blank or empty, at any depth, so noughts and blanks say no more than nothing does; only where
nothing is known is another thing than nought are the two told apart.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from deploy.verify.hints import Hints
from deploy.verify.report import ABSENT, Mismatch, Report
from deploy.verify.source import Json

GONE = "deleted"
LONGEST = 400
# Of these, None (which an unsaid one is, too) and nought are not the same.
NOT_KNOWN_IS_NOT_NOUGHT = frozenset(
    {"difference", "agrees", "missing_transactions", "minimum", "total_value", "annual_value",
     "irrecoverable_vat", "value", "sme", "vcse", "exposure", "appetite_to", "tolerance_to",
     "target_score", "budget", "progress"}
)  # fmt: skip
# What is compared of a published state under a name, where that is not simply what it says.
READ: dict[str, Callable[[Json], Any]] = {
    "rag": lambda state: (state.get("rag") or {}).get("outcome"),
    "held": lambda state: bool(state.get("held")),
    "stated": lambda state: sorted(
        each.get("amount", 0) for each in (state.get("stated") or {}).values()
    ),
    "milestones": lambda state: sorted(
        each.get("outcome", "") for each in (state.get("milestones") or {}).values()
    ),
    "held_movements": lambda state: sum(
        bool(each.get("held")) for each in (state.get("movements") or {}).values()
    ),
    "kpis": lambda state: sorted(
        each.get("indicator", "") for each in (state.get("kpis") or {}).values()
    ),
    "years": lambda state: _without(state.get("years") or {}, "reason"),
    "total": lambda state: _without({"": state.get("total") or {}}, "reason")[""],
}
# The same for states of irf.risks.
READ_OF_RISK: dict[str, Callable[[Json], Any]] = {
    "rag": READ["rag"],
    # Where it is unsaid, it is so.
    "open": lambda state: state.get("open", True),
    "prompts": lambda state: _without(state.get("prompts") or {}, "says"),
}


def _without(years: Mapping[str, Any], name: str) -> Json:
    return {
        year: {k: v for k, v in each.items() if k != name} if isinstance(each, dict) else each
        for year, each in years.items()
    }


def bare(value: Any) -> Any:
    """A value without what says nothing: noughts, blanks, and lists and parts of only these."""
    if isinstance(value, dict):
        inner = {name: bare(each) for name, each in value.items()}
        return {name: each for name, each in inner.items() if each} or None
    if isinstance(value, list):
        every = [bare(each) for each in value]
        return every if any(every) else None
    return value or None


def said(state: Json, name: str, read: Mapping[str, Callable[[Json], Any]]) -> Any:
    """What a published state says under a name that is compared."""
    return read[name](state) if name in read else state.get(name)


def same(name: str, published: Any, should: Any) -> bool:
    """Whether a published state says what it should."""
    if name in NOT_KNOWN_IS_NOT_NOUGHT:
        return type(published) is type(should) and bool(published == should)
    return bool(bare(published) == bare(should))


def compared_states(
    expected: Mapping[str, Json],
    published: Mapping[str, Json | None],
    read: Mapping[str, Callable[[Json], Any]] = READ,
) -> Report:
    """Compares every state of these, by subject."""
    subjects = sorted({*expected, *published})
    found = []
    for subject in subjects:
        state, should = published.get(subject), expected.get(subject)
        if should is None:
            if state is not None:
                found.append(Mismatch(subject, _short(state), GONE))
        elif state is None:
            found.append(Mismatch(subject, ABSENT, _short(should)))
        else:
            here = {name: said(state, name, read) for name in should}
            wrong = [name for name in should if not same(name, here[name], should[name])]
            if wrong:
                found.append(
                    Mismatch(
                        subject,
                        _short({name: here[name] for name in wrong}),
                        _short({name: should[name] for name in wrong}),
                    )
                )
    return Report(len(subjects), found)


def compared_hints(expected: Hints, published: Mapping[str, Json | None]) -> Report:
    """Compares hints as sets of records: of a ledger and a kind, each once, whatever its mark."""
    left = {place: set(groups) for place, groups in expected.items()}
    found, compared = [], 0
    for subject, state in sorted(published.items()):
        compared += 1
        if state is None:
            continue
        groups = left.get((state.get("ledger", ""), state.get("hint", "")), set())
        records = frozenset(state.get("records") or ())
        if records in groups:
            groups.remove(records)
        else:
            found.append(Mismatch(subject, _short({"records": sorted(records)}), GONE))
    for (ledger, kind), groups in sorted(left.items()):
        for missing in sorted(sorted(group) for group in groups):
            compared += 1
            where = f"hint/{ledger}/{kind}"
            found.append(Mismatch(where, ABSENT, _short({"records": missing})))
    return Report(compared, found)


def _short(state: Json) -> str:
    shown = {name: bare(v) if isinstance(v, dict | list) else v for name, v in state.items()}
    return json.dumps(shown, ensure_ascii=False)[:LONGEST]
