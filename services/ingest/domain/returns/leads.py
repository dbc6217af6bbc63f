"""Which indicators a record moves: what somebody who gives a figure is shown afterwards."""

from collections.abc import Mapping
from typing import Any

from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.formulas import referents, vocabulary
from shared.catalogue.model import Catalogue, Dataset, Indicator
from shared.catalogue.references import References


def indicators(
    catalogue: Catalogue, dataset: Dataset, fields: Mapping[str, Any]
) -> list[Indicator]:
    """The indicators whose formula uses a measure that this record counts in, by code."""
    references = References(catalogue.datasets)
    moved = {
        ("measure", each.code)
        for each in catalogue.measures.values()
        if each.dataset == dataset.code
        and CompiledMeasure(each, dataset, references=references).contributions(fields)
    }
    if not moved:
        return []
    names = vocabulary(catalogue)
    return [
        found
        for _, found in sorted(catalogue.indicators.items())
        if moved & set(referents(found.formula, names).values())
    ]
