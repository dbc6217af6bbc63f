"""What can be searched in a snapshot, and the index of it.

Rule: an answer is of its own snapshot. The index is kept in memory, and made anew when a definition
or one of the states in it has another version. SQLite's FTS5 and PostgreSQL's text search are two
languages with two ideas of a word, and would need a table that follows every change; a council has
some thousands of things to find, which a dictionary of words answers for in a millisecond, in the
same way on both. Of every kind of state the newest MOST are looked at, however many there are.
"""

import threading
from collections.abc import Callable, Iterator
from urllib.parse import quote

from services.publisher.domain import risks as risk_words
from services.publisher.domain import words
from services.publisher.domain.review_words import decode_review, ordered
from services.publisher.domain.searching import Doc, Index
from services.publisher.reading_contracts import decode_contract
from services.publisher.reading_lists import decode_scheme
from services.publisher.reading_risks import decode_action, decode_project, decode_risk
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.searched import Searched, searched
from services.publisher.web.review_rows import named
from shared.catalogue.model import Catalogue
from shared.contracts.topics import CONTRACTS, FINANCE, RISKS

MOST = 5_000
STATES = (
    (RISKS, "risk/"),
    (RISKS, "action/"),
    (RISKS, "project/"),
    (RISKS, "review/"),
    (CONTRACTS, "contract/"),
    (FINANCE, "scheme/"),
)


class Library:
    """The index as readers share it."""

    def __init__(self) -> None:
        # Whoever comes while somebody reads waits, and finds it done.
        self._lock = threading.Lock()
        self._store = ""
        self._catalogue: Catalogue | None = None
        self._defined: list[Doc] = []
        self._states: list[Searched] = []
        self._docs: dict[Searched, Doc | None] = {}
        self._index = Index([])

    def at(self, view: Snapshot) -> Index:
        """The index of a snapshot."""
        states = [each for kind in STATES for each in searched(view.tx, *kind, MOST)]
        with self._lock:
            same = view.catalogue is self._catalogue and view.store_id == self._store
            if same and states == self._states:
                return self._index
            if not same:
                self._defined = list(_definitions(view.catalogue))
            known = self._docs if same else {}
            new = [each for each in states if each not in known]
            made = {**known, **_made(view, new)}
            self._docs = {each: made.get(each) for each in states}
            found = [doc for doc in self._docs.values() if doc is not None]
            self._index = Index([*self._defined, *found])
            self._store, self._catalogue, self._states = view.store_id, view.catalogue, states
            return self._index


_library = Library()


def index(view: Snapshot) -> Index:
    """Everything that can be found in a snapshot."""
    return _library.at(view)


def _definitions(catalogue: Catalogue) -> Iterator[Doc]:
    services = {code: each.name for code, each in catalogue.services.items()}
    for each in catalogue.indicators.values():
        owners = ", ".join(filter(None, (each.owner, each.deputy)))
        where = services.get(each.service or "", "")
        href = f"/indicators/{quote(each.code, safe='')}"
        says = [each.definition, *(f"{held.framework} {held.code}" for held in each.frameworks)]
        yield Doc("indicator", each.code, each.title, href, owners, where, says)
    for service in catalogue.services.values():
        directorate = catalogue.directorates.get(service.directorate or "")
        portfolio = catalogue.portfolios.get(service.portfolio or "")
        where = ", ".join(held.name for held in (directorate, portfolio) if held)
        href = f"/services/{quote(service.code, safe='')}"
        yield Doc("service", service.code, service.name, href, where=where)
    for theme in catalogue.themes.values():
        href = f"/themes/{quote(theme.code, safe='')}"
        says = [theme.summary, *theme.narrative.splitlines()]
        yield Doc("theme", theme.code, theme.name, href, theme.lead, says=says)
    for dataset in catalogue.datasets.values():
        # Only what is to come by a day stands on a page.
        href = "/supply" if dataset.freshness_days is not None else ""
        where = services.get(dataset.service or "", "")
        says = [f"From {dataset.system}" if dataset.system else "", dataset.source]
        yield Doc("dataset", dataset.code, dataset.title, href, dataset.owner, where, says)


def _made(view: Snapshot, new: list[Searched]) -> dict[Searched, Doc | None]:
    found: dict[Searched, Doc | None] = {}
    for topic in dict.fromkeys(topic for topic, _ in STATES):
        asked = {each.subject: each for each in new if each.topic == topic}
        for row in repository.rows(view.tx, topic, asked).values():
            kind = row.subject.partition("/")[0]
            found[asked[row.subject]] = _MAKERS[kind](row.body or b"", view.catalogue)
    return found


def _risk(body: bytes, catalogue: Catalogue) -> Doc:
    risk = decode_risk(body)
    category = risk_words.category_name(risk.category, catalogue.risk_policy)
    return Doc(
        "risk",
        risk.reference,
        risk.title,
        _href("risks", risk.reference),
        risk.owner or "",
        _joined(_service(catalogue, risk.service or ""), category),
        [risk.cause, risk.event, risk.consequence],
    )


def _action(body: bytes, catalogue: Catalogue) -> Doc:
    action = decode_action(body)
    stage = words.sentence(action.stage)
    return Doc(
        "action",
        action.reference,
        action.title,
        _href("actions", action.reference),
        action.owner,
        _joined(_service(catalogue, action.service), stage),
        [action.description],
    )


def _project(body: bytes, catalogue: Catalogue) -> Doc:
    project = decode_project(body)
    return Doc(
        "project",
        project.reference,
        project.title,
        _href("projects", project.reference),
        _joined(project.sponsor, project.manager),
        _joined(_service(catalogue, project.service), project.programme),
        [project.summary, *(each.title for each in project.milestones.values())],
    )


def _contract(body: bytes, catalogue: Catalogue) -> Doc:
    held = decode_contract(body)
    return Doc(
        "contract",
        held.reference,
        held.title,
        _href("contracts", held.reference),
        where=_joined(held.supplier, _service(catalogue, held.service)),
        says=[held.description],
    )


def _scheme(body: bytes, catalogue: Catalogue) -> Doc:
    held = decode_scheme(body)
    return Doc(
        "scheme",
        held.scheme,
        held.title or held.scheme,
        _href("finance/capital", held.scheme),
        held.manager,
        _joined(_service(catalogue, held.service), held.status),
        [held.summary, *(each.title for each in held.milestones.values())],
    )


def _review(body: bytes, catalogue: Catalogue) -> Doc | None:
    # Of a review, what its voices say and nothing else: that is all that is for everybody.
    review = decode_review(body)
    voices = ordered(review.voices)
    says = [
        text
        for _, said in voices
        for text in (said.what_happened, said.why, said.what_next)
        if text
    ]
    if not says:
        return None
    about = named(review.about, catalogue)
    by = ", ".join(dict.fromkeys(said.by for _, said in voices if said.by))
    return Doc("commentary", "", about.title, about.href, by, words.period(review.period), says)


_MAKERS: dict[str, Callable[[bytes, Catalogue], Doc | None]] = {
    "risk": _risk,
    "action": _action,
    "project": _project,
    "contract": _contract,
    "scheme": _scheme,
    "review": _review,
}


def _href(page: str, code: str) -> str:
    return f"/{page}/{quote(code, safe='')}"


def _joined(*texts: str) -> str:
    return ", ".join(filter(None, texts))


def _service(catalogue: Catalogue, code: str) -> str:
    found = catalogue.services.get(code)
    return found.name if found else code
