"""Whether connectors and returns can be used as they are written."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from shared.catalogue import schedule
from shared.catalogue.check_datasets import NUMBERS, need_field
from shared.catalogue.connectors import PARTS, SCHEMES, Connector, Query, Return
from shared.catalogue.draft import Draft, Entry
from shared.catalogue.model import Dataset
from shared.catalogue.periods import parse_period
from shared.catalogue.problems import Report, brief

# Areas of LG Inform Plus, and periods.
_AREA = re.compile(r"(groups:)?[A-Za-z0-9_.-]{1,100}|[A-Za-z0-9]{1,20}:[A-Za-z0-9]{1,60}", re.ASCII)
_PERIODS = re.compile(r"[A-Za-z0-9_]+(:[0-9]{1,3})?(,[A-Za-z0-9_]+(:[0-9]{1,3})?)*", re.ASCII)
# Those that are looked for all the time where nothing else is said; the others need a time.
_COMES = frozenset({"folder", "sftp", "webhook", "kafka"})


def check_connector(entry: Entry, draft: Draft, report: Report) -> None:
    found: Connector = entry.definition
    path = entry.path
    part = PARTS[found.kind]
    for name in sorted(set(PARTS.values())):
        if name != part and getattr(found, name) is not None:
            report.add(f"{path}.{name}", f"{name} is not for a connector of the kind {found.kind}")
    if getattr(found, part) is None and part not in ("files", "messages"):
        report.add(path, f"a connector of the kind {found.kind} needs {part}")
    _check_place(found, path, report)
    try:
        when = schedule.read(found.schedule)
    except ValueError as error:
        report.add(f"{path}.schedule", str(error))
    else:
        if when.as_it_comes and found.kind not in _COMES:
            report.add(f"{path}.schedule", f"say how often: write {schedule.WORDS}")
        elif found.kind in ("webhook", "kafka") and not when.as_it_comes:
            report.add(f"{path}.schedule", f"a {found.kind} is taken as it comes")
    if found.kind == "sftp" and not (found.files and found.files.host_key):
        report.add(path, "an SFTP server is known by its key: files.host_key is missing")
    if found.kind in ("sftp", "webhook") and not found.credentials:
        report.add(path, f"a connector of the kind {found.kind} needs credentials")
    if found.query is not None:
        _check_query(found.query, found, f"{path}.query", report)
    _check_parts(found, path, report)
    if _is_dataset(draft, found.dataset, f"{path}.dataset", report) is None:
        return


def _check_place(found: Connector, path: str, report: Report) -> None:
    place = f"{path}.place"
    if found.kind == "webhook":
        if found.place:
            report.add(place, "a webhook is sent to ingest: it has no place of its own")
        return
    if found.kind == "folder":
        parts = found.place.replace("\\", "/").split("/")
        if not found.place or found.place.startswith(("/", "\\")) or ".." in parts:
            message = "a folder below the one that the operator gave is needed: uniform/out"
            report.add(place, message)
        return
    schemes = SCHEMES[found.kind]
    try:
        address = urlsplit(found.place)
        known = address.scheme in schemes and bool(address.hostname)
        secret = bool(address.username or address.password)
    except ValueError:
        known = secret = False
    if secret:
        report.add(place, "a name or a password does not belong here: name them by credentials")
    elif not known:
        report.add(place, f"an address is needed that begins with {' or '.join(schemes)}://")


def _check_query(query: Query, found: Connector, path: str, report: Report) -> None:
    words = query.select.split()
    if not words or ";" in query.select:
        report.add(f"{path}.select", "the name of a view, or one SELECT without a semicolon")
    elif len(words) > 1 and words[0].casefold() not in ("select", "with"):
        report.add(f"{path}.select", "the name of a view, or one SELECT")
    if query.watermark and found.mode == "full":
        report.add(f"{path}.watermark", "a full extract reads everything: it has no watermark")
    if not query.watermark and found.mode == "changes":
        report.add(path, "what changed is told by a watermark: name its column, or read in full")
    if query.overlap_minutes < 0 or query.overlap < 0:
        report.add(f"{path}.overlap_minutes", "an overlap is at least 0")


def _check_parts(found: Connector, path: str, report: Report) -> None:
    files, calls, national = found.files, found.calls, found.lginform
    if files and not 1 <= files.settle_seconds <= 86_400:
        report.add(f"{path}.files.settle_seconds", "1 to 86400 seconds are needed")
    if calls:
        if calls.paging == "cursor" and not calls.parameter:
            message = "paging by cursor needs a parameter to give it in"
            report.add(f"{path}.calls.parameter", message)
        if not 1 <= calls.size <= 10_000:
            report.add(f"{path}.calls.size", "1 to 10000 rows a page are needed")
        if (calls.since is None) != (calls.changed is None):
            report.add(f"{path}.calls", "since and changed go together")
        if calls.since and found.mode == "full":
            message = "a full extract reads everything: it has no since"
            report.add(f"{path}.calls.since", message)
        if calls.overlap_minutes < 0:
            report.add(f"{path}.calls.overlap_minutes", "an overlap is at least 0")
        if calls.token and not found.credentials:
            report.add(f"{path}.calls.token", "a token is got with credentials: name them")
    if national:
        if not national.metric_types:
            report.add(f"{path}.lginform.metric_types", "at least one metric type is needed")
        if not national.areas:
            report.add(f"{path}.lginform.areas", "at least one area is needed")
        for index, area in enumerate(national.areas):
            if not _AREA.fullmatch(area):
                message = "a code, a group's name, CODE:AreaType for its children, or groups:CODE"
                report.add(f"{path}.lginform.areas[{index}]", message)
        if not _PERIODS.fullmatch(national.periods):
            message = "latest, latest:8, or identifiers of periods with commas between them"
            report.add(f"{path}.lginform.periods", message)
        if found.mode == "full":
            message = "what is not asked for is not gone: there is no full extract"
            report.add(f"{path}.mode", message)
        if national.megabytes < 1:
            report.add(f"{path}.lginform.megabytes", "at least 1 megabyte a month is needed")


def check_return(entry: Entry, draft: Draft, report: Report) -> None:
    found: Return = entry.definition
    path = entry.path
    if not found.owner.strip():
        report.add(f"{path}.owner", "a return needs somebody who makes it")
    if not 1 <= found.due_days <= 366:
        report.add(f"{path}.due_days", "1 to 366 days are needed")
    if found.times <= 1:
        report.add(f"{path}.times", "more than 1 is needed: 2 asks again about twice as much")
    dataset = _is_dataset(draft, found.dataset, f"{path}.dataset", report)
    if not found.ask:
        report.add(f"{path}.ask", "at least one field is asked for")
    if dataset is None:
        return
    periods = ("date", "period", "financial-year")
    need_field(dataset, found.period, periods, f"{path}.period", report)
    for index, name in enumerate(found.ask):
        need_field(dataset, name, NUMBERS, f"{path}.ask[{index}]", report)
    known = {each.name for each in dataset.fields}
    for name in (*found.fields, *filter(None, (found.note, found.evidence))):
        if name not in known:
            report.add(path, f"there is no field {brief(name)} in the dataset {dataset.code}")
    given = {found.period, *found.fields}
    if dataset.key == "content" or not set(dataset.key) <= given:
        report.add(
            path, "its period and its fields must name every key field, so that it names one record"
        )
    _check_periods(found, dataset, path, report)
    _check_fixed(found, dataset, path, report)


def _check_periods(found: Return, dataset: Dataset, path: str, report: Report) -> None:
    """Each period is to be a record of its own."""
    kind = dataset.types().get(found.period)
    if kind == "financial-year" and found.every != "financial-year":
        message = f"{found.period} is a financial year: it cannot tell one {found.every} apart"
        report.add(f"{path}.period", message)
    if found.first is None:
        return
    try:
        first = parse_period(found.first)
    except ValueError as error:
        report.add(f"{path}.first", str(error))
    else:
        if first.kind != found.every:
            report.add(f"{path}.first", f"{found.first} is no {found.every}")


def _check_fixed(found: Return, dataset: Dataset, path: str, report: Report) -> None:
    for each in dataset.fields:
        said = found.fields.get(each.name)
        if said is not None and each.choices and said not in each.choices:
            message = f"{brief(said)} is not one of the choices of {each.name}"
            report.add(f"{path}.fields.{each.name}", message)
    worked_out = {each.name for each in dataset.derived}
    for name in (found.period, *found.ask, *filter(None, (found.note, found.evidence))):
        if name in worked_out:
            report.add(path, f"{name} is worked out, and nobody gives it")
        if name in found.fields:
            report.add(f"{path}.fields.{name}", "what is asked for is not the same each time")
    for name in filter(None, (found.note, found.evidence)):
        if dataset.types().get(name) not in (None, "text"):
            report.add(path, f"{name} in {dataset.code} is no text, which is needed here")


def _is_dataset(draft: Draft, code: str, path: str, report: Report) -> Dataset | None:
    entry = draft.held["datasets"].get(code)
    if entry is None:
        report.add(path, f"there is no dataset {brief(code)}")
        return None
    found = entry.definition
    return found if isinstance(found, Dataset) else None
