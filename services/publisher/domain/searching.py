"""Search: which things say the words that somebody typed, the best first.

Rule: words in, words out. There is no query language, so nothing that is typed can be wrong:
letters and digits are words, everything else only parts them. A word that nothing says is taken for
the nearest that something does, and that is told. All words are wanted; if nothing has all of them,
things that have some are shown, and that is told too.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

MOST_LETTERS = 200
MOST_WORDS = 8
EXCERPT = 220

# In the order in which results are shown, with their headings.
KINDS = {
    "indicator": "Indicators",
    "service": "Services",
    "theme": "Themes",
    "risk": "Risks",
    "action": "Actions",
    "project": "Projects",
    "contract": "Contracts",
    "scheme": "Capital schemes",
    "commentary": "Commentary",
    "dataset": "Datasets",
}
# How much a word weighs by where it stands, and by how near it is to what was typed.
CODE, TITLE, OWNER, TEXT = 8, 5, 2, 1
EXACT, BEGINS, NEAR, WITHIN = 10, 7, 5, 4
WHOLE_CODE = 1_000

_WORD = re.compile(r"[^\W_]+")
# Words that nearly everything has tell nothing, beside others that do.
_SMALL = frozenset(
    "a an and are at by for from how in is it of on or that the to what with".split()
)


def plain(text: str) -> str:
    """Without capitals and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word as it is looked for: one and many are the same."""
    found = plain(word)
    if len(found) > 4 and found.endswith("ies"):
        return f"{found[:-3]}y"
    return found[:-1] if len(found) > 3 and found[-1] == "s" and found[-2] != "s" else found


def words_of(text: str) -> list[str]:
    """The words of a text as they are looked for."""
    return [stem(each) for each in _WORD.findall(text)]


@dataclass(frozen=True)
class Doc:
    """Something that can be found. `where` is told beside its title; `says` is its text, part by
    part, of which a part that has the words is shown."""

    kind: str
    code: str
    title: str
    href: str
    owner: str = ""
    where: str = ""
    says: Sequence[str] = ()
    weights: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        weights: dict[str, int] = {}
        texts = [(CODE, self.code), (TITLE, self.title), (OWNER, self.owner), (OWNER, self.where)]
        for weight, text in [*texts, *((TEXT, text) for text in self.says)]:
            for word in words_of(text):
                weights[word] = max(weight, weights.get(word, 0))
        object.__setattr__(self, "weights", weights)


class Piece(NamedTuple):
    """A part of a text, and whether it is one of the words that were looked for."""

    text: str
    hit: bool = False


class Hit(NamedTuple):
    """Something that was found, and how well it fits."""

    doc: Doc
    score: int


@dataclass(frozen=True)
class Found:
    """What was found. `words` are those that were looked for, as they stand in what was found;
    `taken` says for which typed words others were taken."""

    asked: str
    hits: Sequence[Hit] = ()
    words: frozenset[str] = frozenset()
    taken: Mapping[str, str] = field(default_factory=dict)
    some: bool = False

    def groups(self) -> dict[str, list[Doc]]:
        """What was found by kind: in the order of the kinds, each with the best first."""
        found: dict[str, list[Doc]] = {}
        for kind in KINDS:
            docs = [hit.doc for hit in self.hits if hit.doc.kind == kind]
            if docs:
                found[kind] = docs
        return found

    def marked(self, text: str) -> list[Piece]:
        """A text in pieces, of which some are what was looked for."""
        pieces, start = [], 0
        for each in _WORD.finditer(text):
            if stem(each[0]) in self.words:
                pieces += [Piece(text[start : each.start()]), Piece(each[0], True)]
                start = each.end()
        return [piece for piece in [*pieces, Piece(text[start:])] if piece.text]

    def excerpt(self, doc: Doc) -> list[Piece]:
        """The part of a thing's text that has the words; its beginning where none has."""
        best = max(
            doc.says, key=lambda text: len(self.words.intersection(words_of(text))), default=""
        )
        return self.marked(_around(best, self.words))


def _around(text: str, words: frozenset[str]) -> str:
    """So much of a text as is shown, around the first of the words."""
    if len(text) <= EXCERPT:
        return text
    first = next((each.start() for each in _WORD.finditer(text) if stem(each[0]) in words), 0)
    start = 0 if first < EXCERPT // 2 else text.rfind(" ", 0, first - EXCERPT // 3) + 1
    end = text.rfind(" ", start, start + EXCERPT)
    end = start + EXCERPT if end <= start else end
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


class Index:
    """The words of everything that can be found."""

    def __init__(self, docs: Iterable[Doc]) -> None:
        self.docs = list(docs)
        self._by_word: dict[str, list[int]] = {}
        for place, doc in enumerate(self.docs):
            for word in doc.weights:
                self._by_word.setdefault(word, []).append(place)
        self._words = sorted(self._by_word)
        self._codes: dict[str, list[int]] = {}
        for place, doc in enumerate(self.docs):
            self._codes.setdefault(plain(doc.code), []).append(place)

    def find(self, text: str) -> Found:
        """What fits a text that somebody typed."""
        asked = " ".join(text[:MOST_LETTERS].split())
        typed = list(dict.fromkeys(words_of(asked)))
        wanted = ([each for each in typed if each not in _SMALL] or typed)[:MOST_WORDS]
        scores: dict[int, int] = {}
        counts: dict[int, int] = {}
        used: set[str] = set()
        taken: dict[str, str] = {}
        for word in wanted:
            near = self._like(word)
            used.update(near)
            if near and max(near.values()) == NEAR:
                taken[word] = next(iter(near))
            best: dict[int, int] = {}
            for known, closeness in near.items():
                for place in self._by_word[known]:
                    score = self.docs[place].weights[known] * closeness
                    best[place] = max(score, best.get(place, 0))
            for place, score in best.items():
                scores[place] = scores.get(place, 0) + score
                counts[place] = counts.get(place, 0) + 1
        for place in self._codes.get(plain(asked), ()) if wanted else ():
            scores[place] = scores.get(place, 0) + WHOLE_CODE
            counts[place] = len(wanted)
        most = max(counts.values(), default=0)
        least = len(wanted) if most == len(wanted) else 1
        hits = [Hit(self.docs[n], scores[n]) for n, count in counts.items() if count >= least]
        hits.sort(key=lambda hit: (-hit.score, hit.doc.title, hit.doc.code, hit.doc.href))
        return Found(asked, hits, frozenset(used), taken, some=bool(hits) and least < len(wanted))

    def _like(self, word: str) -> dict[str, int]:
        """The known words that a typed one stands for: itself and what begins with it; else what
        is spelled much like it; else what it is a part of."""
        found = {word: EXACT} if word in self._by_word else {}
        if len(word) > 1:
            start = bisect_left(self._words, word)
            for known in self._words[start:]:
                if not known.startswith(word):
                    break
                found.setdefault(known, BEGINS)
        if found or len(word) < 4:
            return found
        first = [known for known in self._words if abs(len(known) - len(word)) <= 2]
        close = get_close_matches(word, first, n=3, cutoff=0.76)
        if close:
            # The nearest first, and worth the most.
            return {known: NEAR - 2 * place for place, known in enumerate(close)}
        return {known: WITHIN for known in self._words if word in known}
