"""Public sources without a key, against a service that answers in their shapes."""

from collections.abc import AsyncIterator, Callable, Iterator
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import stamina

from services.ingest.connect.reach import Reach
from shared.catalogue.yaml_files import load_directory
from tests.integration.answering import Answering, Asked, Told, answering
from tests.integration.connecting import Connecting, connecting

CONTRACTS, _ = load_directory(Path(__file__).parents[2] / "deploy" / "contracts")
ONS = (
    "indicator,areacd,areanm,period,value,lci_95,uci_95\n"
    "Employment rate (Great Britain),E06000022,Bath and North East Somerset,2023-01-01/P1Y,82.7,75,90.4\n"  # noqa: E501
    "Claimant Count,E06000022,Bath and North East Somerset,2025-01-01/P1M,4,,\n"
)
NOMIS = (
    '"DATE","DATE_NAME","GEOGRAPHY_CODE","GEOGRAPHY_NAME","GENDER_NAME","AGE_NAME","MEASURE_NAME",'
    '"MEASURES_NAME","OBS_VALUE","OBS_STATUS","OBS_STATUS_NAME"\n'
)
CSV = {"Content-Type": "text/csv; charset=utf-8"}


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """What is tried again is tried at once."""
    with stamina.set_testing(True, attempts=3):
        yield


class Public:
    """A public source and the door in. `answers` are given one by one, the last again and again."""

    def __init__(self, at: Connecting, service: Answering) -> None:
        self.at = at
        self.service = service
        self.answers: list[Told | Callable[[Asked], Told]] = []
        service.answer = self._next

    def _next(self, asked: Asked) -> Told:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer if isinstance(answer, Told) else answer(asked)

    def says(self, *answers: Told | Callable[[Asked], Told]) -> None:
        self.answers = list(answers)

    async def set(self, source: str, dataset: str, parameters: dict[str, str], **more: Any) -> None:
        """A connector by the ready-made contract; `more` is changed in that."""
        contract = next(each for each in CONTRACTS["datasets"] if each["code"] == dataset)
        connector = {
            "code": "source",
            "title": "A public source",
            "kind": "public",
            "place": self.service.address,
            "schedule": "daily at 05:30",
            "dataset": dataset,
            "public": {"source": source, "parameters": parameters},
        }
        await self.at.apply({"datasets": [{**contract, **more}], "connectors": [connector]})

    async def ons(self, time: str = "latest", **more: Any) -> None:
        """Explore Local Statistics."""
        parameters = {"geo": "E06000022,E92000001", "time": time}
        await self.set("ons", "ons-local-statistics", parameters, **more)


@pytest.fixture
async def public(tmp_path: Path) -> AsyncIterator[Public]:
    with answering(lambda _: Told()) as service:
        async with connecting(tmp_path, reach=service.address, max_file_bytes=2_000_000) as at:
            yield Public(at, service)


def csv(text: str, **headers: str) -> Told:
    named = {name.replace("_", "-"): each for name, each in headers.items()}
    return Told(text.encode(), headers=CSV | named)


async def test_figures_are_asked_for_by_the_sources_own_parameters(public: Public) -> None:
    await public.ons()
    public.says(csv(ONS))
    run = await public.at.run("source")
    assert (run.outcome, run.accepted) == ("done", 2)
    asked = public.service.asked[0]
    assert asked.path == "/explore-local-statistics/api/v1/data.csv"
    assert asked.query == {"geo": "E06000022,E92000001", "time": "latest"}
    assert "integrated-reporting-framework" in asked.headers["user-agent"]
    records = await public.at.records("ons-local-statistics")
    assert records["Claimant Count|E06000022|2025-01-01/P1M"]["value"] == "4"
    assert (await public.at.batch(run.batches[0])).mode == "changes"


async def test_what_has_not_changed_is_not_fetched_again(public: Public) -> None:
    def answer(asked: Asked) -> Told:
        same = asked.headers.get("if-none-match") == '"v1"'
        assert asked.headers.get("if-modified-since") == (changed if same else None)
        return Told(status=304) if same else csv(ONS, ETag='"v1"', Last_Modified=changed)

    changed = format_datetime(public.at.clock.at, usegmt=True)
    await public.ons()
    public.says(answer)
    assert (await public.at.run("source")).extracts == 1
    run = await public.at.run("source")
    assert (run.outcome, run.extracts) == ("done", 0)
    await public.ons(time="all")  # Other figures are asked for: what was known is of no use.
    assert (await public.at.run("source")).extracts == 1
    assert (await public.at.run("source")).extracts == 0
    # Another contract takes other rows of the same answer.
    await public.ons(time="all", null_markers=["", "x"])
    assert (await public.at.run("source")).extracts == 1


async def test_an_answer_that_is_the_same_is_not_let_in_again_without_a_validator(
    public: Public,
) -> None:
    await public.ons()
    public.says(csv(ONS))
    assert (await public.at.run("source")).extracts == 1
    assert (await public.at.run("source")).extracts == 0
    public.says(csv(ONS.replace("82.7", "82.9")))
    run = await public.at.run("source")
    assert (run.accepted, run.unchanged) == (1, 1)


async def test_an_answer_that_was_refused_is_asked_for_again(public: Public) -> None:
    await public.ons()
    public.says(csv("series,areacd,when,value\na,E06000022,2024,1\n", ETag='"v2"'))
    run = await public.at.run("source")
    assert (run.outcome, run.extracts, run.refused) == ("failed", 1, 1)
    assert run.reason is not None and "The column for period is missing." in run.reason
    assert await public.at.records("ons-local-statistics") == {}
    await public.at.run("source")
    assert "if-none-match" not in public.service.asked[-1].headers


async def test_a_busy_source_is_left_alone_for_as_long_as_it_asks(
    public: Public, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def wait(seconds: float, _: Any = None) -> None:
        waited.append(seconds)

    monkeypatch.setattr("stamina._core._smart_sleep", wait)
    await public.ons()
    busy = Told(status=429, headers={"Retry-After": "7"})
    public.says(busy, Told(status=500), csv(ONS))
    with stamina.set_testing(False):
        run = await public.at.run("source")
    assert (run.outcome, run.accepted, len(public.service.asked)) == ("done", 2, 3)
    assert waited[0] == 7
    public.says(Told(status=429, headers={"Retry-After": "3600"}))
    run = await public.at.run("source")
    assert run.reason is not None and "left alone for 3600 seconds" in run.reason
    assert len(public.service.asked) == 4


async def test_an_answer_that_is_cut_off_is_never_taken_for_a_short_one(public: Public) -> None:
    await public.ons()
    public.says(Told(ONS.encode(), headers=CSV, cut=True), csv(ONS))
    run = await public.at.run("source")
    assert (run.outcome, run.accepted, len(public.service.asked)) == ("done", 2, 2)
    public.says(Told(ONS.encode(), headers=CSV, cut=True))
    run = await public.at.run("source")
    assert run.outcome == "failed"
    assert run.reason is not None and "broke off" in run.reason


async def test_a_way_that_leads_elsewhere_is_not_followed(public: Public) -> None:
    await public.ons()
    with answering(lambda _: csv(ONS)) as other:
        public.says(Told(status=302, headers={"Location": f"{other.address}/data.csv"}))
        run = await public.at.run("source")
        assert (run.outcome, other.asked) == ("failed", [])
        assert run.reason is not None and "INGEST_REACH" in run.reason
        reach = f"{public.service.address} {other.address}"
        public.at.door.connectors.reach = Reach(reach, None)
        assert (await public.at.run("source")).accepted == 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Told(b"<!DOCTYPE html><p>Sorry", headers={"Content-Type": "text/html"}), "text/html"),
        (Told(b"\n <!DOCTYPE html><p>Sorry", headers=CSV), "something else than CSV"),
        (Told(b'{"message": "no data"}', headers=CSV), "something else than CSV"),
        (Told(b"", headers=CSV), "has nothing for what is asked"),
        (csv("a,b\n" + "1,2\n" * 600_000), "more than"),
        (Told(status=400), "answered 400"),
    ],
)
async def test_what_is_no_answer_is_told_and_not_let_in(
    public: Public, answer: Told, reason: str
) -> None:
    await public.ons()
    public.says(answer)
    run = await public.at.run("source")
    assert (run.outcome, run.extracts) == ("failed", 0)
    assert run.reason is not None and reason in run.reason


async def test_nomis_is_asked_by_dataset_and_a_full_page_is_not_taken_for_all(
    public: Public,
) -> None:
    asked_for = {"geography": "1811939768", "date": "latestMINUS11-latest"}
    await public.set("nomis", "nomis-claimant-count", {"dataset": "NM_162_1", **asked_for})

    def rows(count: int) -> str:
        return NOMIS + "".join(
            f'"2026-05","May 2026","E{each:08}","An area","Total","All","Claimant count","Value",'
            f'{each},"A","Normal Value"\n'
            for each in range(count)
        )

    public.says(csv(rows(25_000)))
    public.at.door.connectors._most_bytes = 10_000_000
    run = await public.at.run("source")
    assert run.reason is not None and "at most 25,000 rows" in run.reason
    asked = public.service.asked[0]
    assert asked.path == "/api/v01/dataset/NM_162_1.data.csv"
    assert asked.query == asked_for
    public.says(csv(rows(3)))
    assert (await public.at.run("source")).accepted == 3
    await public.set("nomis", "nomis-claimant-count", asked_for)
    run = await public.at.run("source")
    assert run.reason is not None and "needs the parameter dataset" in run.reason


async def test_fingertips_answers_the_whole_and_what_is_withdrawn_goes(public: Public) -> None:
    header = (
        "Indicator ID,Indicator Name,Parent Code,Area Code,Area Name,Area Type,Sex,Age,"
        "Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Count,"
        "Denominator,Value note,Recent Trend,Compared to England value or percentiles,"
        "Time period Sortable\n"
    )
    row = "90366,A,E12000009,E06000022,Bath,UA,Persons,All ages,,,{},{},80,84,41,50,,,,{}\n"
    years = [row.format(year, f"8{year[-1]}.5", f"{year}0000") for year in ("2020", "2021", "2022")]
    await public.set("fingertips", "fingertips", {"indicator_ids": "90366"})
    public.says(csv(header + "".join(years)))
    run = await public.at.run("source")
    assert (run.outcome, run.accepted) == ("done", 3)
    assert public.service.asked[0].target == (
        "/api/all_data/csv/by_indicator_id?indicator_ids=90366"
    )
    public.says(csv(header + "".join(years[1:]) + row.format("2023", "83.5", "20230000")))
    run = await public.at.run("source")
    assert (run.accepted, run.unchanged, run.deleted) == (1, 2, 1)
