"""Many figures at once: the lines of a workbook to fill in, and what is unusual in what came back.

Rule: a line is a record. Returns that are parts of one record (planned and spent of a quarter) are
asked for in one line, so that it comes back as one row.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from services.ingest import returning
from services.ingest.domain.refusals import RowRefused, ValueRefused
from services.ingest.domain.returns import due, sense
from services.ingest.domain.returns.due import Standing
from services.ingest.kept import Kept
from services.ingest.preview import Difference
from services.ingest.returning import Series, Unusable
from services.ingest.workbook.template import TemplateLine


def lines(kept: Kept, wanted: Iterable[Standing], found: Sequence[Standing]) -> list[TemplateLine]:
    """A line for each record that is to be given; `found` are all standings, for what was given
    last."""
    by_record: dict[str, list[Standing]] = {}
    for each in wanted:
        try:
            contract = returning.contract_of(kept, each.asked)
            name = returning.subject(contract, each.asked, each.period)
        except Unusable:
            continue
        by_record.setdefault(name, []).append(each)
    known = kept.many(by_record)
    made = []
    for name, standings in by_record.items():
        first = standings[0]
        contract = returning.contract_of(kept, first.asked)
        asked = [field for each in standings for field in _asked(each)]
        record = known.get(name)
        made.append(
            TemplateLine(
                returning.fixed(contract, first.asked, first.period),
                list(dict.fromkeys(asked)),
                dict(record.fields) if record else {},
                "; ".join(filter(None, (_last(each, found) for each in standings))),
            )
        )
    return made


def _asked(standing: Standing) -> list[str]:
    asked = standing.asked
    return [*asked.ask, *filter(None, (asked.note, asked.evidence))]


def _last(standing: Standing, found: Sequence[Standing]) -> str:
    """What was given last, in words."""
    before = [
        each.given
        for each in found
        if each.asked.code == standing.asked.code
        and each.given is not None
        and each.period.end < standing.period.end
        and any(each.given.values)
    ]
    if not before:
        return ""
    newest = max(before, key=lambda each: each.period.end)
    return f"{returning.figure(newest).text()} in {newest.period.label()}"


def doubts(kept: Kept, dataset: str, differences: Iterable[Difference], today: date) -> list[str]:
    """What is unusual in the figures of returns that a file would give, each with whose it is."""
    changed = {each.key: each for each in differences if each.kind != "deleted"}
    found = []
    for asked in kept.catalogue.returns.values():
        if asked.dataset != dataset:
            continue
        for period in due.periods(asked, today):
            try:
                series = returning.series(kept, asked, period)
                key = series.contract.key_of(returning.fixed(series.contract, asked, period))
            except (Unusable, ValueRefused, RowRefused):
                break
            if key in changed:
                title = f"{asked.title}, {period.label()}"
                found += [f"{title}: {each}" for each in _doubts(series, changed[key])]
    return found


def _doubts(series: Series, changed: Difference) -> list[str]:
    after = {name: text for name, _, text in changed.fields}
    asked = series.asked
    if not after.keys() & set(asked.ask):
        return []
    before = series.found.fields if series.found else {}
    said = [after[name] if name in after else before.get(name) for name in asked.ask]
    numbers = [None if text in (None, "") else Decimal(str(text)) for text in said]
    earlier = [returning.figure(each) for each in series.earlier]
    return sense.doubts(asked, sense.Figure(series.period, numbers), earlier)
