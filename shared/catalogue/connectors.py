"""The definitions of the ways in: connectors, which fetch, and returns, which people fill in.

Rule: where something is fetched, how often and into which dataset is data; what it takes to be let
in there (a password, a key) is named here and kept elsewhere.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from shared.catalogue.definition import Definition

ConnectorKind = Literal[
    "folder", "sftp", "sql", "rest", "webhook", "kafka", "lginform", "public"
]  # fmt: skip
ReturnPeriod = Literal["month", "quarter", "financial-year", "academic-year", "calendar-year"]


class Files(Definition, frozen=True):
    """Of a folder or an SFTP server: which files, by a pattern such as `*.csv`, and the sheet of a
    workbook. A file is whole once its size has stood still for `settle_seconds`. `host_key` is the
    server's public key, as in a line of known_hosts; nothing is fetched from any other."""

    pattern: str = "*"
    sheet: str | None = None
    settle_seconds: int = 10
    host_key: str | None = None


class Query(Definition, frozen=True):
    """Of a database: the view (or the one SELECT) that is read. With a `watermark`, a column that
    only grows, what is `overlap_minutes` (or, where it is a number, `overlap`) before the newest
    one seen is read again each time, so that what was committed late is not lost. A value that is
    one of `unknown` in a key to another table (-1) stands for none."""

    select: str
    watermark: str | None = None
    overlap_minutes: int = 60
    overlap: int = 0
    unknown: list[str] = msgspec.field(default_factory=lambda: ["-1"])


class Calls(Definition, frozen=True):
    """Of a service that answers in JSON: where the rows stand in an answer (`data.items`, blank
    where it is the answer), how one page leads to the next, and what to ask with for what changed.

    `paging`: `next` (the address in `next`), `cursor` (the answer's `next` is given back as the
    parameter `parameter`), `page` (counted from 1), `offset` (counted in rows, by `size`), or none.
    `since` is the parameter that gets the newest instant seen in the field `changed`, less
    `overlap_minutes`. `deleted` is a field that is true (or has a value) where a row is gone;
    `state=Deleted` one that says this word.
    `fields` says where a field of the dataset stands in a row, by dotted path. `token` is where
    OAuth client credentials are exchanged for a token, and `scope` what for."""

    items: str = ""
    paging: Literal["none", "next", "cursor", "page", "offset"] = "none"
    next: str = "next"
    parameter: str | None = None
    size: int = 100
    size_parameter: str | None = None
    since: str | None = None
    changed: str | None = None
    overlap_minutes: int = 60
    deleted: str | None = None
    fields: dict[str, str] = {}
    token: str | None = None
    scope: str | None = None


class Messages(Definition, frozen=True):
    """Of a webhook or a topic: how a message says what a record is now. `debezium` takes its
    envelope, with or without its schema; `plain` takes the rows at `items`, as Calls does."""

    envelope: Literal["plain", "debezium"] = "plain"
    items: str = ""
    deleted: str | None = None
    fields: dict[str, str] = {}


class LgInform(Definition, frozen=True):
    """Of LG Inform Plus: metric types by their numbers, areas by code or group, and how far back.
    At most `megabytes` are fetched in a month: the limit is the organisation's."""

    metric_types: list[int]
    areas: list[str]
    periods: str = "latest:8"
    megabytes: int = 400


class Public(Definition, frozen=True):
    """Of a public source that needs no key: the shape that it answers in, and the parameters."""

    source: Literal["ons", "fingertips", "nomis"]
    parameters: dict[str, str] = {}


class Connector(Definition, frozen=True):
    """What fetches into a dataset. `place` is where: a folder below the one that the operator gave,
    or an address without a name or a password in it. `credentials` names them. `schedule` says how
    often, in the words of schedule.py."""

    code: str
    title: str
    kind: ConnectorKind
    dataset: str
    place: str = ""
    credentials: str | None = None
    schedule: str = "as it comes"
    mode: Literal["full", "changes"] | None = None
    owner: str = ""
    paused: bool = False
    files: Files | None = None
    query: Query | None = None
    calls: Calls | None = None
    messages: Messages | None = None
    lginform: LgInform | None = None
    public: Public | None = None


class Return(Definition, frozen=True):
    """A figure that a person gives for each period. `fields` are what is the same each time; the
    period goes into the field `period` (a date: its last day), and `ask` are the fields that are
    asked for, the numerator first. It is due `due_days` after the period's end. An answer that is
    `times` as much as the one before, or as little, is asked about again before it is kept."""

    code: str
    title: str
    dataset: str
    period: str
    ask: list[str]
    owner: str
    every: ReturnPeriod = "quarter"
    fields: dict[str, str] = {}
    deputy: str = ""
    due_days: int = 20
    first: str | None = None
    note: str | None = None
    evidence: str | None = None
    help: str = ""
    times: Decimal = Decimal(2)


# Which part says how each kind is read.
PARTS: dict[str, str] = {
    "folder": "files",
    "sftp": "files",
    "sql": "query",
    "rest": "calls",
    "webhook": "messages",
    "kafka": "messages",
    "lginform": "lginform",
    "public": "public",
}
# The schemes of a place, by kind.
SCHEMES: dict[str, tuple[str, ...]] = {
    "sftp": ("sftp",),
    "sql": ("postgresql", "mssql", "oracle"),
    "rest": ("https", "http"),
    "kafka": ("kafka",),
    "lginform": ("https", "http"),
    "public": ("https", "http"),
}
