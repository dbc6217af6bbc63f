"""A batch that is cut in the middle: it counts whole or not at all, and can be sent again."""

import socket
from urllib.parse import urlsplit

import httpx2

from shared.contracts import subjects
from shared.contracts.topics import RECORDS
from tests.e2e import council
from tests.e2e.conftest import on_one_broker
from tests.e2e.system import Running

ROWS = 400


def rows(batch: str) -> dict[str, council.Fields]:
    """The records of a batch, by reference."""
    return {
        f"{batch}-{n}": {
            "ref": f"{batch}-{n}", "received": f"2024-05-{n % 28 + 1:02}", "closed": None,
            "ward": council.WARDS[n % 3],
        }
        for n in range(ROWS)
    }  # fmt: skip


def csv(records: dict[str, council.Fields]) -> bytes:
    lines = ["ref,received,closed,ward"]
    lines += [f"{f['ref']},{f['received']},,{f['ward']}" for f in records.values()]
    return "\n".join(lines).encode()


def upload(system: Running, batch: str) -> None:
    """Sends the whole file; its rows are acknowledged when this returns."""
    records = rows(batch)
    answer = httpx2.post(
        f"{system.door()}/v1/datasets/{council.REQUESTS}/files",
        files={"file": (f"{batch}.csv", csv(records), "text/csv")},
        timeout=60,
    )
    assert answer.status_code == 202, answer.text
    assert answer.json()["accepted"] + answer.json()["unchanged"] == ROWS
    for key, fields in records.items():
        system.ledger.acknowledge(subjects.record(council.REQUESTS, key), fields)


def stored(system: Running, batch: str) -> int:
    """How many rows of a batch are in ingest's store."""
    prefix = f"{council.REQUESTS}/{batch}-"
    known = system.states("ingest", "owned", RECORDS)
    return sum(subject.startswith(prefix) for subject in known)


@on_one_broker
def test_an_upload_whose_connection_breaks_half_way_counts_for_nothing(system: Running) -> None:
    body = (
        b'--cut\r\nContent-Disposition: form-data; name="file"; filename="half.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\n" + csv(rows("half")) + b"\r\n--cut--\r\n"
    )
    path = f"/v1/datasets/{council.REQUESTS}/files"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: ingest\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: multipart/form-data; boundary=cut\r\n\r\n"
    )
    door = urlsplit(system.door())
    with socket.create_connection((door.hostname, door.port), timeout=10) as connection:
        connection.sendall(head.encode() + body[: len(body) // 2])
    lines = b"".join(b'{"data": {"ref": "half-%d", "received": "2024-05-01"}}\n' % n
                     for n in range(ROWS))  # fmt: skip
    head = (
        f"POST /v1/datasets/{council.REQUESTS}/records HTTP/1.1\r\nHost: ingest\r\n"
        f"Content-Length: {len(lines)}\r\nContent-Type: application/x-ndjson\r\n\r\n"
    )
    with socket.create_connection((door.hostname, door.port), timeout=10) as connection:
        connection.sendall(head.encode() + lines[: len(lines) // 2])
    system.rest()
    assert stored(system, "half") == 0
    upload(system, "half")
    system.check()
    assert stored(system, "half") == ROWS


@on_one_broker
def test_a_file_in_which_ingest_is_killed_counts_whole_or_not_at_all(system: Running) -> None:
    ingest = system.processes["ingest"]
    ingest.kill()
    ingest.start("store.before-commit:8")
    system.ready()
    number = 0
    try:
        while number < 50:
            upload(system, f"killed{number}")
            number += 1
    except httpx2.TransportError:
        pass
    assert ingest.ended() and ingest.killed_itself()
    assert stored(system, f"killed{number}") in (0, ROWS)
    ingest.start()
    system.ready()
    upload(system, f"killed{number}")
    system.check()
    assert stored(system, f"killed{number}") == ROWS
