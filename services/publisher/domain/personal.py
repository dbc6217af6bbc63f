"""What a record's fields tell of people, as far as a reader may see it.

Rule: the dataset's definition says what a field tells. Who somebody is, nobody reads here; what is
about a person, and a pseudonym, only somebody who is signed in.
"""

from collections.abc import Mapping
from typing import Any

from shared.catalogue.model import Catalogue, Dataset
from shared.contracts.states import Record

HIDDEN = "(hidden)"


def shown(dataset: Dataset | None, fields: Mapping[str, Any], *, signed_in: bool) -> dict[str, Any]:
    """The fields with what this reader may not see hidden. Blanks stay blank. Of a dataset that is
    not defined any more nothing is known, so nothing is shown."""
    if dataset is None:
        return dict.fromkeys(fields, HIDDEN)
    classes = {
        each.name: "about a person" if each.pseudonymise else each.personal
        for each in dataset.fields
        if each.pseudonymise or each.personal != "none"
    }
    if not classes:
        return dict(fields)
    return {
        name: value if value is None or _may_see(classes.get(name), signed_in) else HIDDEN
        for name, value in fields.items()
    }


def for_everybody(catalogue: Catalogue, record: Record) -> Record:
    """A record of the accounts, as everybody may see it: what is about a person is not asked for
    there."""
    dataset = catalogue.datasets.get(record.dataset)
    return Record(record.dataset, record.key, shown(dataset, record.fields, signed_in=False))


def _may_see(told: str | None, signed_in: bool) -> bool:
    return told is None or (told == "about a person" and signed_in)
