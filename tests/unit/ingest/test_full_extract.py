"""A deletion is never the side effect of a bad export."""

import pytest

from services.ingest.domain.full_extract import refuse_empty, refuse_mass_deletion
from services.ingest.domain.refusals import RequestRefused


def test_an_extract_without_rows_must_be_confirmed() -> None:
    with pytest.raises(RequestRefused) as refused:
        refuse_empty(0, confirmed=False)
    assert refused.value.status == 422
    refuse_empty(0, confirmed=True)
    refuse_empty(1, confirmed=False)


@pytest.mark.parametrize(
    ("known", "missing", "refused"),
    [(20, 20, False), (21, 10, False), (22, 11, False), (21, 11, True), (5_000, 5_000, True)],
)
def test_more_than_half_of_more_than_a_few_must_be_confirmed(
    known: int, missing: int, refused: bool
) -> None:
    refuse_mass_deletion(known, missing, confirmed=True)
    if not refused:
        refuse_mass_deletion(known, missing, confirmed=False)
        return
    with pytest.raises(RequestRefused) as found:
        refuse_mass_deletion(known, missing, confirmed=False)
    assert found.value.problems == [{"rule": "mass-deletion", "known": known, "missing": missing}]
