"""A full extract says which records there are: what it does not name is gone.

Rule: a deletion is never a side effect of a bad export. An extract without rows, or one that would
delete more than half of what is known, is refused unless the sender confirms it; while a rejected
row might be any record, nothing is deleted.
"""

from services.ingest.domain.refusals import RequestRefused

FEW_RECORDS = 20


def refuse_empty(received: int, *, confirmed: bool) -> None:
    """Refuses an extract without rows."""
    if received == 0 and not confirmed:
        raise RequestRefused(
            422,
            "The full extract has no rows, which would say that the dataset is empty. If that is "
            "true, send it again with confirm_deletions=true.",
        )


def refuse_mass_deletion(known: int, missing: int, *, confirmed: bool) -> None:
    """Refuses an extract that lacks more than half of the records that are known."""
    if not confirmed and known > FEW_RECORDS and missing * 2 > known:
        raise RequestRefused(
            422,
            f"The full extract lacks {missing:,} of the {known:,} records that are known; they "
            "would be deleted. If that is true, send it again with confirm_deletions=true; if the "
            "file holds changes only, send it with mode=changes.",
            [{"rule": "mass-deletion", "known": known, "missing": missing}],
        )
