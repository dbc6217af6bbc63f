"""Whether a column is likely to tell who somebody is, by its heading or by its values.

Rule: suspected is left out: letting in takes a decision, and it is a person who decides.
"""

from services.ingest.domain.inferring.column import Column
from services.ingest.domain.inferring.headings import words

# Nearly all of the values look so: with check digits and fixed shapes that is no accident.
_BY_VALUE = {
    "NHS number": "NHS numbers: the check digits are right",
    "national insurance": "National Insurance numbers",
    "email": "email addresses",
    "phone": "telephone numbers",
    "titled name": "names with a title",
    "postcode": "full postcodes",
}
_MOSTLY, _FEWEST = 80, 3
_BY_WORD = {
    "forename": "names of people", "surname": "names of people", "firstname": "names of people",
    "lastname": "names of people", "fullname": "names of people", "middlename": "names of people",
    "nino": "National Insurance numbers", "nhs": "NHS numbers", "upn": "unique pupil numbers",
    "email": "email addresses", "phone": "telephone numbers",
    "telephone": "telephone numbers", "mobile": "telephone numbers", "dob": "dates of birth",
    "birth": "dates of birth", "born": "dates of birth", "postcode": "full postcodes",
    "address": "addresses", "passport": "passport numbers",
}  # fmt: skip
_BY_WORDS = {
    ("first", "name"): "names of people", ("last", "name"): "names of people",
    ("family", "name"): "names of people", ("full", "name"): "names of people",
    ("known", "as"): "names of people", ("national", "insurance"): "National Insurance numbers",
    ("post", "code"): "full postcodes", ("home", "tel"): "telephone numbers",
    ("pupil", "number"): "unique pupil numbers",
}  # fmt: skip
_PEOPLE = frozenset(
    {"client", "customer", "applicant", "tenant", "complainant", "child", "carer", "parent",
     "employee", "worker", "caller", "contact", "claimant", "patient", "resident", "person",
     "manager", "officer", "holder", "guardian", "pupil", "driver"}
)  # fmt: skip
_FREE_TEXT = frozenset({"comment", "comments", "note", "notes", "narrative", "remarks", "details"})
_PLACES = frozenset(
    {"location", "latitude", "longitude", "easting", "northing", "uprn", "geometry"}
)
_PAID = frozenset({"beneficiary", "supplier", "payee", "merchant"})
# A heading that ends so tells of what kind something is, and not what it is.
_ABOUT = frozenset({"type", "kind", "status", "flag", "count", "source", "method", "known"})


def suspected(column: Column) -> str | None:
    """What of people a column seems to hold; None where nothing points to it."""
    said = words(column.heading)
    found = _in_heading(said)
    if found and not (found == "full postcodes" and _is_short(column)):
        return f"{found}, by the heading"
    if column.filled >= _FEWEST:
        for kind, what in _BY_VALUE.items():
            if column.kinds[kind] * 100 >= column.filled * _MOSTLY and not _is_phone_by_chance(
                kind, column
            ):
                return f"{what}, by {column.kinds[kind]:,} of {column.filled:,} values"
    if column.filled > 19 and column.kinds["day"] == column.filled and _spread(column) > 60:
        return f"days from {min(column.years)} to {max(column.years)}, spread as dates of birth are"
    if _FREE_TEXT & set(said) and column.sentences * 2 > column.filled:
        return "free text, which often names people"
    return None


def doubts(column: Column) -> list[str]:
    """What may still be about people though it is let in."""
    said = set(words(column.heading))
    found = []
    if said & _PLACES:
        found.append("a place can be somebody's home: leave it out unless a figure needs it")
    if _PAID & said and not column.kinds["number"]:
        found.append("a supplier can be one person in business: see that such names are withheld")
    if column.many and column.sentences * 2 > column.filled:
        found.append("long texts may name people: leave it out unless a figure needs it")
    if (
        _PEOPLE & said
        and words(column.heading)[-1] not in _ABOUT
        and not column.kinds["number"]
        and not column.kinds["day"]
    ):
        found.append("it may hold names of people: leave it out if it does")
    return found


def _spread(column: Column) -> int:
    return max(column.years) - min(column.years)


def _in_heading(said: list[str]) -> str | None:
    if said and said[-1] in _ABOUT:
        return None
    joined = "".join(said)
    for word, what in _BY_WORD.items():
        if word in said or (len(word) > 7 and word in joined):
            return what
    for pair, what in _BY_WORDS.items():
        if any(tuple(said[at : at + 2]) == pair for at in range(len(said) - 1)):
            return what
    if "name" in said and _PEOPLE & set(said):
        return "names of people"
    return "names of people" if said in (["name"], ["names"]) else None


def _is_short(column: Column) -> bool:
    """Whether postcodes are cut to their district, as those that are published are."""
    return column.filled > 0 and column.kinds["postcode"] * 2 < column.filled


def _is_phone_by_chance(kind: str, column: Column) -> bool:
    """Numbers with a leading nought are references as well: a heading has to speak for phones, or
    spaces in most of them."""
    return kind == "phone" and column.kinds["zeros"] * 2 > column.filled
