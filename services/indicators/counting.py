"""Cells and the store: loads what is stated, counts again from records, states anew."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from services.indicators.domain.cells import Cells, Deltas, Series, year_subject
from services.indicators.domain.plan import Plan
from shared.contracts.states import MeasureYear, Record
from shared.contracts.topics import MEASURES, RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Statement
from shared.delivery.held import Held
from shared.delivery.own import Own

_record = msgspec.json.Decoder(Record).decode
_measure_year = msgspec.json.Decoder(MeasureYear).decode
_encode = msgspec.json.Encoder().encode

NOTHING = Cause("", "")


class Counting:
    """Reads and states the cells of measures. Never commits."""

    def __init__(self, held: Held, own: Own) -> None:
        self._held = held
        self._own = own

    def load(
        self,
        tx: Tx,
        cells: Cells,
        years: Iterable[tuple[Series, str]],
        whole: Iterable[Series] = (),
    ) -> None:
        """Takes in the years that are not known yet, and all years of the series to have whole."""
        subjects = {
            year_subject(series, year): (series, year)
            for series, year in years
            if not cells.known(series, year)
        }
        for stated, body in self._own.get(tx, MEASURES, subjects).items():
            cells.load(_measure_year(body), subjects[stated][0][1])
        for series, year in subjects.values():
            cells.nothing(series, year)
        for measure, member in whole:
            if measure in cells.whole:
                continue
            for _, body in self._own.scan(tx, MEASURES, f"{measure}/{member}/"):
                cells.load(_measure_year(body), member)

    def load_measures(self, tx: Tx, cells: Cells, measures: set[str]) -> None:
        """Takes in all that is stated of these measures."""
        cells.whole |= measures
        for code in sorted(measures):
            for stated, body in self._own.scan(tx, MEASURES, f"{code}/"):
                cells.load(_measure_year(body), stated.split("/")[1])

    def subjects(self, tx: Tx, topic: str, code: str | None = None) -> list[str]:
        """The subjects that exist, of a measure or an indicator or of all."""
        return self._own.subjects(tx, topic, "" if code is None else f"{code}/")

    def count_all(self, tx: Tx, made: Plan, measures: set[str]) -> Deltas:
        """Every record of the datasets of these measures, counted from nothing."""
        deltas = Deltas()
        for dataset, compiled in made.by_dataset.items():
            wanted = [each for each in compiled if each.measure.code in measures]
            if not wanted:
                continue
            cause, known = NOTHING, ("", "")
            for _, body, *told in self._held.bodies(tx, RECORDS, f"{dataset}/"):
                if tuple(told) != known:
                    known = (told[0], told[1])
                    cause = Cause(*known)
                deltas.count(wanted, _record(body).fields, cause)
        deltas.settle()
        return deltas

    def measure(self, cells: Cells, series: Series, year: str, cause: Cause) -> Statement:
        """What a measure is now, for one financial year and member."""
        state = cells.state(series, year)
        body = None if state is None else _encode(state)
        return Statement(MEASURES, year_subject(series, year), body, cause)

    def state_again(
        self,
        tx: Tx,
        cells: Cells,
        code: str,
        causes: Mapping[Series, Cause],
        cause: Cause | None,
    ) -> Iterator[Statement]:
        """Every year of a measure as it is counted now; years that are no more are gone."""
        stated = set()
        for series, year in sorted(each for each in cells.years() if each[0][0] == code):
            statement = self.measure(cells, series, year, cause or causes.get(series, NOTHING))
            stated.add(statement.subject)
            yield statement
        for old in self.subjects(tx, MEASURES, code):
            if old not in stated:
                yield Statement(MEASURES, old, None, cause or NOTHING)
