"""Compares a file with what is held before its transaction begins, so that others wait less.

Rule: what was found then holds in the transaction only if no batch of the dataset came in between;
otherwise the transaction compares everything itself.
"""

from dataclasses import replace

from services.ingest.checked import Ahead, Checked, Spool
from services.ingest.delivery import Mode
from services.ingest.store import batches, repository
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.own import Own


def compare_ahead(tx: Tx, own: Own, checked: Checked, mode: Mode) -> None:
    """Looks which rows say what is held already. Of no use to a dataset that holds nothing, nor to
    rows of which a later one replaces an earlier."""
    prefix = f"{checked.contract.code}/"
    count = batches.count(tx, checked.contract.code)
    if checked.table.ordered or not count or not repository.any_record(tx, prefix):
        return
    spool = Spool(checked.folder)
    try:
        judging = checked.judging()
        for chunk in checked.chunks(judging):
            held = own.get(tx, RECORDS, [subject for subject, _ in chunk.states])
            differing = [
                (row, state)
                for row, state in zip(chunk.rows, chunk.states, strict=True)
                if held.get(state[0]) != state[1]
            ]
            spool.write(
                replace(
                    chunk,
                    rows=[row for row, _ in differing],
                    states=[state for _, state in differing],
                    repeated=chunk.repeated + len(chunk.states) - len(differing),
                )
            )
        spool.flush()
        lacks = mode == "full" and any(
            subject not in judging for subject in repository.record_subjects(tx, prefix)
        )
    except BaseException:
        spool.close()
        raise
    checked.ahead = Ahead(count, spool, judging, lacks)
