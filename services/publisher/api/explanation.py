"""The explanation of one value, in one answer."""

from services.publisher import beside, explaining, reading
from services.publisher.api import explanation_schemas as schemas
from services.publisher.api import series
from services.publisher.api.answers import value_answer
from services.publisher.domain import aids, explain, personal
from services.publisher.domain.aids import Compared
from services.publisher.domain.changed import RECORDS, Reason
from services.publisher.domain.contributors import member_text
from services.publisher.domain.figures import decode_value, earlier
from services.publisher.domain.messages import HeldRow
from services.publisher.domain.saying import final_from
from services.publisher.domain.trend import Trend
from services.publisher.explaining import Found
from services.publisher.readmodel import Snapshot
from services.publisher.sources import Source, Sources
from services.publisher.store import repository
from services.publisher.store.repository import Span
from services.publisher.supplies import lateness
from shared.contracts.states import MeasureInput
from shared.contracts.topics import CATALOGUE

SERIES_ROWS = 400
VERSIONS_LOOKED_AT = 200
ONLY_NEWEST = (
    "The records are held as they are now, so they are listed for the newest version alone."
)


def explanation(
    view: Snapshot, found: Found, after: str, limit: int, *, signed_in: bool
) -> schemas.Explanation:
    """How a value came about, with a page of its records."""
    value, shown, indicator = found.value, found.figure, found.indicator
    sources = Sources(view, value, found.period)
    records, following = sources.page(after, limit) if found.newest else ([], None)
    revised = reading.revised(view, [found.row], found.row.time).get(found.row.subject)
    change = _changed(view, found, sources)
    held = _definitions(view, found)
    verdict = _verdict(view, found)
    forecast = None
    if beside.is_of_running_year(view, found.period, indicator):
        forecast = beside.year_end(view, indicator, member_text(value))
    more = [verdict.text] if verdict and verdict.signals else []
    if change and change.previous_value != value.value:
        more.append(f"Before, it was {change.previous_text}. {change.reasons[0].text}")
    return schemas.Explanation(
        value=value_answer(found.row, revised),
        title=indicator.title,
        formula=value.formula,
        worked=explain.worked(value.formula, value.measures),
        inputs=[_input(view, name, each, held) for name, each in value.measures.items()],
        definition_version=value.definition,
        target=value.target.value or None if value.target else None,
        outcome=value.rag.outcome,
        rule=value.rag.rule,
        batch=found.row.correlation,
        batches=sorted({each.state.correlation for each in records}),
        records=[_record(view, each, signed_in=signed_in) for each in records],
        next=following,
        sentence=explain.sentence(
            shown, value, lambda code: explaining.title(view.catalogue, code), more
        ),
        text=shown.text,
        period=shown.period,
        reason=value.reason,
        newest=found.newest,
        definition_since=_since(view, found, held),
        source=value.source,
        breaks=series.breaks(indicator),
        target_applied=_target(found),
        status=value.status,
        final_from=str(day) if (day := final_from(indicator, value.period)) else None,
        due=value.due,
        small=value.small,
        small_words=shown.small,
        freshness=_freshness(view, found, sources),
        trend_short=_trend(shown.previous, earlier(value.period.code)[0]),
        trend_long=_trend(shown.last_year, earlier(value.period.code)[1]),
        control=verdict,
        forecast=series.forecast(forecast),
        benchmark=[series.standing(each) for each in standings_of(view, found)],
        changed=change,
        records_note="" if found.newest else ONLY_NEWEST,
    )


def _record(view: Snapshot, source: Source, *, signed_in: bool) -> schemas.SourceRecord:
    dataset = view.catalogue.datasets.get(source.record.dataset)
    return schemas.SourceRecord(
        subject=source.state.subject,
        version=source.state.version,
        batch=source.state.correlation,
        accepted=source.state.origin or source.state.time,
        fields=personal.shown(dataset, source.record.fields, signed_in=signed_in),
        counted={each.measure: each.amount for each in source.counted},
    )


def _definitions(view: Snapshot, found: Found) -> dict[str, HeldRow]:
    """The definitions behind a value as they are held now, by subject."""
    subjects = [f"indicator/{found.indicator.code}"]
    subjects += [f"measure/{code}" for code in found.value.measures]
    return repository.rows(view.tx, CATALOGUE, subjects)


def _input(
    view: Snapshot, name: str, each: MeasureInput, held: dict[str, HeldRow]
) -> schemas.Input:
    definition = held.get(f"measure/{name}")
    known = definition is not None and definition.version == each.definition
    return schemas.Input(
        name=name,
        title=explaining.title(view.catalogue, name),
        value=each.value,
        records=each.records,
        definition=each.definition,
        since=definition.time if known and definition else None,
    )


def _since(view: Snapshot, found: Found, held: dict[str, HeldRow]) -> str | None:
    """Since when the definition is in force; of an older one, when the value first was by it."""
    definition = held.get(f"indicator/{found.indicator.code}")
    if definition is not None and definition.version == found.value.definition:
        return definition.time
    first = None
    subject, until = found.row.subject, found.row.version
    for kept in repository.versions(view.tx, subject, until, VERSIONS_LOOKED_AT):
        if kept.body and decode_value(kept.body).definition == found.value.definition:
            first = kept.time
    return first


def _target(found: Found) -> schemas.Target | None:
    target = found.value.target
    if target is None:
        return None
    return schemas.Target(
        value=target.value or None,
        low=target.low,
        high=target.high,
        floor=target.floor,
        basis=target.basis,
        approved_by=target.approved_by,
        text=found.figure.target,
    )


def _trend(found: Trend, period: str | None) -> schemas.Trend:
    return schemas.Trend(
        period=period,
        way=found.way,
        effect=found.effect,
        change=None if found.change is None else series.text(found.change),
        text=found.text,
    )


def _freshness(view: Snapshot, found: Found, sources: Sources) -> schemas.Freshness:
    datasets = [view.catalogue.datasets[code] for code in sources.datasets]
    supplies = lateness(view, sources.datasets).supplies
    return schemas.Freshness(
        accepted=found.row.origin or None,
        published=found.row.time,
        text=found.figure.fresh,
        datasets=[
            schemas.Dataset(
                code=each.code,
                title=each.title,
                system=each.system,
                owner=each.owner,
                freshness_days=each.freshness_days,
                received=supplies[each.code].received if each.code in supplies else None,
                due=supplies[each.code].due if each.code in supplies else None,
                late=each.code in supplies and supplies[each.code].late,
            )
            for each in datasets
        ],
    )


def _verdict(view: Snapshot, found: Found) -> schemas.Verdict | None:
    """Whether the newest version is more than the usual ups and downs."""
    kind = found.value.period.kind
    if kind not in aids.CHARTED or not found.newest:
        return None
    where = found.value.breakdown
    span = Span(found.indicator.code, where.field if where else "", found_member(found), kind)
    rows = repository.series(view.tx, span, SERIES_ROWS)
    line = [decode_value(row.body or b"") for row in rows]
    place = next((n for n, row in enumerate(rows) if row.subject == found.row.subject), None)
    if place is None:
        return None
    stretches = aids.limits_of(found.indicator, line, view.today)
    stretch = aids.stretch_at(stretches, place)
    return schemas.Verdict(
        limits=series.control(stretch, line) if stretch else None,
        signals=stretch.signals.get(place, []) if stretch else [],
        text=aids.control_words(
            stretches, place, line, found.say, unfinished=found.figure.unfinished
        ),
    )


def found_member(found: Found) -> str | None:
    """A found value's member as figures are looked for by it."""
    where = found.value.breakdown
    if where is None:
        return None
    return member_text(found.value) if where.parts else where.member


def standings_of(view: Snapshot, found: Found) -> list[Compared]:
    """How a value for all records stands among other areas, by the benchmark's groups."""
    if found.value.breakdown is not None or found.indicator.benchmark is None:
        return []
    period = found.value.period.code
    values = beside.areas(view, found.indicator, period=period).get(period, {})
    return beside.compared(view, found.indicator, period, found.figure.number, values)


def _changed(view: Snapshot, found: Found, sources: Sources) -> schemas.Changed | None:
    """What changed since the version before."""
    step = next(iter(explaining.steps(view, found, 1)), None)
    if step is None:
        return None
    came, all_of_them = None, True
    if found.newest and found.row.correlation:
        came, all_of_them = sources.came_in(found.row.correlation)
    return schemas.Changed(
        version=step.version.version,
        time=step.version.time,
        batch=found.row.correlation,
        previous_version=step.before.version,
        previous_time=step.before.time,
        previous_value=step.before_value,
        previous_text=step.before_text,
        inputs=[
            schemas.InputMove(
                name=each.name,
                title=explaining.title(view.catalogue, each.name),
                before=each.before.value if each.before else None,
                after=each.after.value if each.after else None,
                records_before=each.before.records if each.before else 0,
                records_after=each.after.records if each.after else 0,
            )
            for each in step.moves
        ],
        reasons=[
            schemas.Reason(kind=each.kind, text=_with_count(each, came, all_of_them))
            for each in step.reasons
        ],
        records_in_batch=came,
        records_all_looked_at=all_of_them,
    )


def _with_count(reason: Reason, came: int | None, all_of_them: bool) -> str:
    """A reason, with how many of the records that count came in its batch."""
    if reason.kind != RECORDS or not came:
        return reason.text
    least = "" if all_of_them else "at least "
    return f"{reason.text[:-1]}; {least}{came:,} of the records that count came in it."
