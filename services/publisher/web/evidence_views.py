"""The facts of the evidence base: its topics, and a topic as a page and as a file."""

from services.publisher import reading_evidence as reading
from services.publisher.domain import evidence, words
from services.publisher.domain.evidence import Row, Source, Theme
from services.publisher.reading_evidence import Line
from services.publisher.readmodel import Snapshot
from services.publisher.web.tables import Facts, frame
from shared.runtime.problems import Problem

HERE = "/evidence"
SHOWN = 60


def index(view: Snapshot) -> Facts:
    """Every topic."""
    return {
        **frame(view, HERE, None),
        "topics": evidence.topics(view.catalogue),
        "sample": evidence.note(view.catalogue),
    }


def topic(view: Snapshot, code: str) -> Facts:
    """The figures of a topic."""
    theme = named(view, code)
    lines = reading.lines(view, theme)
    return {
        **frame(view, HERE, {"kinds": "indicators,supply"}),
        "topic": theme.topic,
        "lines": lines,
        "sources": all_sources(lines),
        "others": [each.topic for each in evidence.topics(view.catalogue)],
        "sample": evidence.note(view.catalogue),
        "wide": True,
    }


def topic_csv(view: Snapshot, code: str) -> tuple[str, bytes]:
    """A topic as a CSV file: its name and its content."""
    theme = named(view, code)
    lines = reading.lines(view, theme)
    council = view.catalogue.council
    notes = [("Published by", council.name)] if council else []
    notes.append(("As at", f"{words.moment(view.at)} (cursor {view.event_id})"))
    for source in all_sources(lines):
        notes += [("Source", source.name), ("Licence", source.licence)]
    if evidence.note(view.catalogue):
        notes.append(("Note", evidence.SAMPLE))
    name = f"evidence-{theme.topic.code}-{view.today.isoformat()}.csv"
    return name, evidence.csv_file([_row(theme, each) for each in lines], notes)


def named(view: Snapshot, code: str) -> Theme:
    """The topic of an address, or 404."""
    found = next((e for e in evidence.topics(view.catalogue) if e.topic.code == code), None)
    if found is None:
        raise Problem(404, f"There is no topic {code[:SHOWN]!r}.")
    return found


def all_sources(lines: list[Line]) -> list[Source]:
    """The sources of a topic, each once, in the order of their names."""
    return sorted({source for line in lines for source in line.sources})


def _row(theme: Theme, line: Line) -> Row:
    indicator, found = line.indicator, line.figure
    compared = line.comparison
    return Row(
        topic=theme.topic.name,
        code=indicator.code,
        indicator=indicator.title,
        definition=indicator.definition,
        period=found.period if found else "",
        period_code=found.period_code if found else "",
        value=f"{found.number:f}" if found and found.number is not None else "",
        figure=found.text if found else "No figure yet",
        unit=indicator.unit_label or indicator.unit,
        standing=found.standing if found else "",
        change=found.previous.text if found else "",
        year_change=found.last_year.text if found else "",
        comparison=f"{words.period(compared.period)}, {compared.own} here. "
        f"{'. '.join(compared.sentences)}"
        if compared
        else "",
        source="; ".join(each.name for each in line.sources),
        licence="; ".join(dict.fromkeys(each.licence for each in line.sources)),
    )
