"""Every event is a CloudEvent by the judgement of the CloudEvents SDK, which we use only here."""

import json
from datetime import datetime

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured
from cloudevents.core.exceptions import BaseCloudEventException
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.contracts import envelope
from shared.contracts.topics import TOPICS

TIME = "2026-01-05T08:00:00.123+00:00"


def encoded(topic: str, subject: str, body: bytes | None, epoch: int = 3) -> bytes:
    return envelope.encode(
        topic,
        subject,
        7,
        body,
        source="/irf/ingest",
        time=TIME,
        correlation="019b-batch",
        origin=TIME,
        epoch=epoch,
    )


def judged(raw: bytes, key: bytes = b"key") -> CloudEvent:
    headers: dict[str, bytes] = {"content-type": b"application/cloudevents+json"}
    found = from_structured(KafkaMessage(headers, key, raw), JSONFormat(), CloudEvent)
    assert isinstance(found, CloudEvent)
    return found


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("body", [b'{"ref":"a1","where":"caf\xc3\xa9"}', None])
def test_an_event_of_each_topic_conforms_and_says_what_we_said(
    topic: str, body: bytes | None
) -> None:
    subject = "requests/a%2F1"
    found = judged(encoded(topic, subject, body), subject.encode())
    attributes = found.get_attributes()
    assert attributes["specversion"] == "1.0"
    assert attributes["type"] == TOPICS[topic].event_type
    assert (attributes["subject"], attributes["partitionkey"]) == (subject, subject)
    assert attributes["datacontenttype"] == "application/json"
    assert (attributes["subjectversion"], attributes["logepoch"]) == ("7", 3)
    assert attributes["correlationid"] == "019b-batch"
    assert attributes["time"].isoformat(timespec="milliseconds") == TIME
    assert found.get_data() == (None if body is None else json.loads(body))


@pytest.mark.parametrize("epoch", [0, 1])
def test_attribute_names_are_those_that_cloudevents_allows(epoch: int) -> None:
    names = json.loads(encoded("irf.records", "requests/1", b"{}", epoch)).keys() - {"data"}
    assert all(name.isascii() and name.isalnum() and name == name.lower() for name in names)
    assert all(len(name) <= 20 for name in names)


def test_identity_is_one_for_a_version_and_another_for_the_next() -> None:
    first = json.loads(encoded("irf.records", "requests/1", b"{}", 0))
    again = json.loads(encoded("irf.records", "requests/1", b"{}", 9))
    assert (first["source"], first["id"]) == (again["source"], again["id"])
    assert first["id"].endswith("@7")


def test_what_the_sdk_would_fill_in_by_itself_is_there() -> None:
    event = json.loads(encoded("irf.records", "requests/1", b"{}"))
    assert event["id"] and event["specversion"] == "1.0"


@pytest.mark.parametrize(
    ("name", "value"), [("source", None), ("type", None), ("logEpoch", 1), ("time", "yesterday")]
)
def test_the_judge_refuses_what_is_no_cloudevent(name: str, value: object) -> None:
    event = json.loads(encoded("irf.records", "requests/1", b"{}"))
    event.pop(name, None)
    if value is not None:
        event[name] = value
    with pytest.raises((BaseCloudEventException, KeyError, ValueError)):
        judged(json.dumps(event).encode())


def test_an_event_that_the_sdk_wrote_is_read() -> None:
    event = CloudEvent(
        {
            "id": "irf.records/requests/1@2",
            "source": "/elsewhere",
            "type": "uk.irf.record.v1",
            "specversion": "1.0",
            "subject": "requests/1",
            "time": datetime.fromisoformat(TIME),
            "subjectversion": "2",
            "unknownattribute": "passed over",
        },
        {"dataset": "requests"},
    )
    found = envelope.decode(JSONFormat().write(event))
    assert (found.subject, found.version) == ("requests/1", "2")
    assert json.loads(envelope.body_of(found) or b"") == {"dataset": "requests"}
