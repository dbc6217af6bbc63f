"""The topics as an AsyncAPI 3 document, with the JSON Schema of each state made from its type."""

from collections.abc import Iterable
from typing import Any

import msgspec

from shared.contracts.envelope import Event
from shared.contracts.states import STATES
from shared.contracts.topics import TOPICS, Topic


def document(service: str, owns: Iterable[str], consumes: Iterable[str]) -> dict[str, Any]:
    """What `service` sends and receives."""
    sends, receives = list(owns), list(consumes)
    schemas = schema_components()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"IRF {service}",
            "version": "1",
            "description": (
                "Every message is a CloudEvents 1.0 event in structured JSON. Its subject is the "
                "Kafka key, subjectversion only grows for a subject, and data is the full state, "
                "or null when the subject is gone."
            ),
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {name: _channel(TOPICS[name]) for name in (*receives, *sends)},
        "operations": {
            f"{action}-{name}": {"action": action, "channel": {"$ref": f"#/channels/{name}"}}
            for action, names in (("receive", receives), ("send", sends))
            for name in names
        },
        "components": {"schemas": schemas},
    }


def _channel(topic: Topic) -> dict[str, Any]:
    states: list[dict[str, Any]] = [
        {"$ref": f"#/components/schemas/{state.__name__}"} for state in STATES.get(topic.name, ())
    ]
    data: dict[str, Any] = {"oneOf": [*(states or [{"type": "object"}]), {"type": "null"}]}
    return {
        "address": topic.name,
        "description": f"{topic.about} Written by {topic.owner}.",
        "messages": {
            topic.event_type: {
                "name": topic.event_type,
                "contentType": "application/cloudevents+json",
                "payload": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Event"},
                        {"type": "object", "properties": {"data": data}},
                    ]
                },
            }
        },
    }


def schema_components() -> dict[str, Any]:
    """The JSON Schema of the envelope and of every state, by name."""
    types = [Event, *(state for states in STATES.values() for state in states)]
    _, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    return dict(sorted(components.items()))
