"""The shapes of what ingest takes and answers, for its OpenAPI document."""

from typing import Any

_REJECTION = {
    "type": "object",
    "required": ["row", "field", "rule", "reason", "raw"],
    "properties": {
        "row": {"type": "integer", "description": "As a spreadsheet numbers it; from 1 in JSON."},
        "field": {"type": ["string", "null"]},
        "rule": {"type": "string"},
        "reason": {"type": "string"},
        "raw": {"type": ["string", "null"]},
    },
}
_COUNTS = {
    name: {"type": "integer", "minimum": 0}
    for name in ("received", "accepted", "unchanged", "rejected", "deleted")
}
RECEIPT: dict[str, Any] = {
    "type": "object",
    "description": "received = accepted + unchanged + rejected; rejections are the first hundred.",
    "required": ["batch", *_COUNTS, "rejections"],
    "properties": {
        "batch": {"type": "string"},
        **_COUNTS,
        "rejections": {"type": "array", "items": _REJECTION},
    },
}
BATCH: dict[str, Any] = {
    "type": "object",
    "properties": {
        "batch": {"type": "string"},
        **_COUNTS,
        "created": {"type": "string", "format": "date-time"},
        "dataset": {"type": "string"},
        "mode": {"enum": ["full", "changes", "undo", "retention"]},
        "detail": {"type": "object"},
    },
}
BATCHES: dict[str, Any] = {
    "type": "object",
    "required": ["batches", "next"],
    "properties": {
        "batches": {"type": "array", "items": BATCH},
        "next": {"type": ["string", "null"], "description": "`before` of the next page."},
    },
}
REJECTIONS: dict[str, Any] = {
    "type": "object",
    "required": ["batch", "rejections", "next"],
    "properties": {
        "batch": {"type": "string"},
        "rejections": {"type": "array", "items": _REJECTION},
        "next": {"type": ["integer", "null"], "description": "`after` of the next page."},
    },
}
_RUN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "connector": {"type": "string"},
        "started": {"type": "string", "format": "date-time"},
        "ended": {"type": ["string", "null"], "format": "date-time"},
        "outcome": {"enum": ["running", "done", "failed", "cut off"]},
        "by": {"type": "string"},
        "extracts": {"type": "integer"},
        "refused": {"type": "integer", "description": "Of the extracts, those that were refused."},
        **_COUNTS,
        "bytes": {"type": "integer"},
        "reason": {"type": ["string", "null"]},
        "batches": {"type": "array", "items": {"type": "string"}},
        "notes": {"type": "array", "items": {"type": "string"}},
    },
}
RUNS: dict[str, Any] = {
    "type": "object",
    "required": ["connector", "runs", "next"],
    "properties": {
        "connector": {"type": "string"},
        "runs": {"type": "array", "items": _RUN},
        "next": {"type": ["string", "null"], "description": "`before` of the next page."},
    },
}
STANDINGS: dict[str, Any] = {
    "type": "object",
    "required": ["connectors"],
    "properties": {
        "connectors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    **{
                        name: {"type": "string"}
                        for name in ("code", "title", "kind", "dataset", "schedule")
                    },
                    "paused": {"type": "boolean"},
                    "due": {"type": ["string", "null"], "format": "date-time"},
                    "failures": {"type": "integer", "description": "In a row, up to now."},
                    "reason": {"type": ["string", "null"]},
                    "last_run": {"anyOf": [_RUN, {"type": "null"}]},
                },
            },
        }
    },
}
REJECTED_ROWS: dict[str, Any] = {
    "type": "object",
    "required": ["batch", "rows", "next"],
    "properties": {
        "batch": {"type": "string"},
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["row", "cells", "rejections", "fixed_by"],
                "properties": {
                    "row": {"type": "integer"},
                    "cells": {"type": "object", "additionalProperties": {"type": "string"}},
                    "rejections": {"type": "array", "items": _REJECTION},
                    "fixed_by": {
                        "type": ["string", "null"],
                        "description": "The batch that brought it in after all.",
                    },
                },
            },
        },
        "next": {"type": ["integer", "null"], "description": "`after` of the next page."},
    },
}
PREVIEW: dict[str, Any] = {
    "type": "object",
    "description": "What a file would come to; nothing was changed.",
    "properties": {
        **{
            name: {"type": "integer", "minimum": 0}
            for name in (
                "received", "new", "changed", "unchanged", "rejected", "deleted", "deletions_held",
            )
        },
        "differences": {
            "type": "array",
            "description": "The first fifty records that would change.",
            "items": {
                "type": "object",
                "properties": {
                    "key": {"type": "string"},
                    "kind": {"enum": ["new", "changed", "deleted"]},
                    "fields": {
                        "type": "array",
                        "description": "Name, before, after.",
                        "items": {"type": "array", "items": {"type": "string"}},
                    },
                },
            },
        },
        "rejections": {"type": "array", "items": _REJECTION},
        "notes": {"type": "array", "items": {"type": "string"}},
        "confirm": {"type": "string", "description": "Why deletions must be confirmed, if so."},
    },
}  # fmt: skip
_ITEM = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "data": {"type": "object"},
        "key": {
            "description": "One value, or a list for a key of several fields.",
            "type": ["string", "integer", "array"],
        },
        "deleted": {"type": "boolean"},
    },
}
RECORDS_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"anyOf": [{"type": "array", "items": _ITEM}, _ITEM]}},
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}
FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
HOOK_BODY: dict[str, Any] = {
    "parameters": [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ],
    "requestBody": {"required": True, "content": {"application/json": {"schema": {}}}},
}
CATALOGUE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


def answers(status: int, about: str, schema: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    """The answers of a call: what it gives, and the problem document."""
    problem = {
        "description": "A problem document (RFC 9457).",
        "content": {"application/problem+json": {"schema": {"type": "object"}}},
    }
    return {
        status: {"description": about, "content": {"application/json": {"schema": schema}}},
        "4XX": problem,
    }
