"""Connectors of the kind lginform, against a service that answers as LG Inform Plus does."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import stamina
import yaml
from structlog.testing import capture_logs

from services.ingest.connect import lginform
from services.ingest.connect.lginform_calls import signed
from services.ingest.connect.lginform_periods import read
from tests.integration.answering import Answering, Asked, Told, told
from tests.integration.connecting import Connecting, connecting
from tests.integration.lginform_server import KEY, SECRET, LgInformServer, Metric, lg_inform

CONTRACT = Path(__file__).parents[2] / "deploy" / "contracts" / "lg-inform-plus.yml"
OWN, YORK = "E06000022", "E06000014"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is tried again is tried at once, and the key is known."""
    monkeypatch.setenv("INGEST_SECRET_LGA", f'{{"key": "{KEY}", "secret": "{SECRET}"}}')
    with stamina.set_testing(True, attempts=5):
        yield


class National:
    """The door with a connector to the service."""

    def __init__(self, at: Connecting, server: LgInformServer, service: Answering) -> None:
        self.at = at
        self.server = server
        self.service = service
        self.document: dict[str, Any] = {}

    async def ask(
        self,
        part: dict[str, Any] | None = None,
        beside: dict[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """Puts a connector in force that asks for this; `beside` are other definitions."""
        asking = {"metric_types": list(self.server.metrics), "areas": [OWN, YORK]}
        connector = {
            "code": "source",
            "title": "LG Inform Plus",
            "kind": "lginform",
            "place": self.service.address,
            "credentials": "lga",
            "dataset": "lg-inform",
            "schedule": "daily at 05:30",
            "lginform": asking | (part or {}),
            **more,
        }
        contracts = yaml.safe_load(CONTRACT.read_text("utf-8"))
        others = dict(beside or {})
        datasets = [*contracts["datasets"], *others.pop("datasets", [])]
        self.document = {"datasets": datasets, "connectors": [connector], **others}
        await self.at.apply(self.document)

    def tables(self) -> list[dict[str, str]]:
        """What was asked of /data.table."""
        return [each.query for each in self.service.asked if each.path == "/data.table"]

    async def values(self) -> dict[str, Any]:
        """Values by area and period."""
        found = await self.at.records("lg-inform")
        return {f"{each['area']} {each['period']}": each["value"] for each in found.values()}


@asynccontextmanager
async def national(folder: Path, metrics: dict[int, Metric]) -> AsyncIterator[National]:
    with lg_inform(metrics) as (server, service):
        async with connecting(folder, reach=service.address) as at:
            found = National(at, server, service)
            await found.ask()
            yield found


def planning() -> dict[int, Metric]:
    """A metric type with values of two areas."""
    values = {(OWN, "fin_2024_25"): 88.1, (YORK, "fin_2024_25"): 91, (YORK, "cal_2025"): 92.5}
    return {17482: Metric("Major planning applications in time", values)}


def test_an_address_is_signed_as_its_owner_wants_it() -> None:
    """The signature was made with openssl over the decoded address."""
    address = (
        "https://webservices.esd.org.uk/data.table?value.valueType=raw&metricType=10749"
        "&area=E06000001:AdministrativeWard,E92000001&period=latest:5"
    )
    expected = "&ApplicationKey=ExampleKey&Signature=jiCUzobVHx66tbCwpktych4XoA0%3D"
    secret = {"key": "ExampleKey", "secret": "ExampleSecret"}
    assert signed(address, secret) == address + expected
    encoded = address.replace(":Adm", "%3AAdm")
    assert signed(encoded, secret) == encoded + expected
    assert signed(address, {"key": "A/B"}) == address + "&ApplicationKey=A%2FB"
    assert signed(address, {}) == address
    assert signed("http://a/areas", {"key": "K"}) == "http://a/areas?ApplicationKey=K"


async def test_values_come_with_their_days_and_labels(tmp_path: Path) -> None:
    async with national(tmp_path, planning()) as at:
        run = await at.at.run("source")
        assert (run.outcome, run.reason, run.accepted) == ("done", None, 3)
        record = (await at.at.records("lg-inform"))[f"17482|{OWN}|fin_2024_25|raw"]
        assert record == {
            "metric_type": "17482",
            "metric_label": "Major planning applications in time",
            "area": OWN,
            "area_label": "Bath and North East Somerset",
            "area_long_label": "Bath and North East Somerset (Unitary)",
            "area_is_summary": False,
            "period": "fin_2024_25",
            "period_label": "2024/25",
            "period_start": "2024-04-01",
            "period_end": "2025-03-31",
            "value_type": "raw",
            "value_type_label": "Percentage",
            "value": "88.1",
            "reason": None,
            "lower": None,
            "upper": None,
            "status": "Published",
        }
        [asked] = at.tables()
        assert (asked["area"], asked["period"]) == (f"{OWN},{YORK}", "latest:8")
        detail = (await at.at.batch(run.batches[0])).detail
        assert (detail["metric_type"], detail["updated"]) == (17482, "2026-05-01T08:00:00")


async def test_what_did_not_change_is_not_fetched_and_a_revision_is_the_same_record_anew(
    tmp_path: Path,
) -> None:
    metrics = planning() | {1: Metric("Population", {(OWN, "cal_2024"): 200028})}
    async with national(tmp_path, metrics) as at:
        await at.at.run("source")
        asked = len(at.service.asked)
        run = await at.at.run("source")
        assert (run.outcome, run.batches, run.received) == ("done", [], 0)
        assert [each.path for each in at.service.asked[asked:]] == [
            "/metricTypes/17482",
            "/metricTypes/1",
        ]
        metrics[17482].values[OWN, "fin_2024_25"] = 88.4
        metrics[17482].updated = "2026-06-20T08:00:00"
        run = await at.at.run("source")
        assert (run.accepted, run.unchanged, len(at.tables())) == (1, 2, 3)
        assert (await at.values())[f"{OWN} fin_2024_25"] == "88.4"
        await at.ask({"areas": [OWN]})
        run = await at.at.run("source")  # Of the others nothing is deleted.
        assert (run.unchanged, run.deleted, len(await at.values())) == (2, 0, 4)


async def test_a_value_that_is_not_there_says_why(tmp_path: Path) -> None:
    nulls: dict[tuple[str, str], Any] = {
        (OWN, "cal_2024"): {"value": None, "formatted": "Missing"},
        (OWN, "cal_2025"): {"value": "null", "publicationStatus": "Suppressed"},
        (OWN, "fin_2024_25"): {"value": None, "formatted": "Not applicable"},
        (OWN, "fin_2025_26"): {"value": "*"},
        (OWN, "sch_2024_25"): {"value": None},
        (OWN, "q_9917"): {
            "value": "0.10",
            "confidenceIntervalLower": "null",
            "confidenceIntervalUpper": 0.2,
        },
    }
    async with national(tmp_path, {6080: Metric("Made up", nulls)}) as at:
        run = await at.at.run("source")
        assert (run.accepted, run.rejected) == (6, 0)
        found = await at.at.records("lg-inform")
        assert {each["period"]: (each["value"], each["reason"]) for each in found.values()} == {
            "cal_2024": (None, "missing"),
            "cal_2025": (None, "suppressed"),
            "fin_2024_25": (None, "not applicable"),
            "fin_2025_26": (None, "suppressed"),
            "sch_2024_25": (None, "missing"),
            "q_9917": ("0.1", None),
        }
        quarter = found[f"6080|{OWN}|q_9917|raw"]
        assert (quarter["lower"], quarter["upper"]) == (None, "0.2")
        assert (quarter["period_start"], quarter["period_end"]) == ("2025-10-01", "2025-12-31")


async def test_a_malformed_row_rejects_itself_and_of_two_values_for_one_cell_neither_is_taken(
    tmp_path: Path,
) -> None:
    metrics = planning()
    whole = {
        "metricTypeIdentifier": "17482",
        "areaIdentifier": OWN,
        "periodIdentifier": "cal_2024",
        "valueTypeIdentifier": "raw",
    }
    metrics[17482].odd = [
        whole | {"value": 1},
        whole | {"value": 1},
        whole | {"value": 2, "periodIdentifier": "fin_2024_25"},
        whole | {"value": "about 3", "periodIdentifier": "cen_2021"},
        whole | {"value": 4, "periodIdentifier": "unheard_of"},
        whole | {"value": {"a": 1}, "periodIdentifier": "cal_2025"},
        {"value": 5},
        None,
        "text",
    ]
    async with national(tmp_path, metrics) as at:
        run = await at.at.run("source")
        assert (run.outcome, run.accepted) == ("done", 3)
        assert (await at.values())[f"{OWN} cal_2024"] == "1"
        lines = await at.at.rejections(run.batches[0])
        told_of = {(line.field, line.raw) for line in lines}
        assert {
            ("value", "88.1 or 2"),
            ("value", "about 3"),
            ("value", "{'a': 1}"),
        } <= told_of
        rules = [line.rule for line in lines]
        assert (rules.count("unreadable"), rules.count("required")) == (2, 8)
        assert run.rejected == 7 and f"{OWN} fin_2024_25" not in await at.values()


async def test_groups_children_and_the_groups_that_an_area_owns_are_asked_for(
    tmp_path: Path,
) -> None:
    values = {(area, "cal_2024"): 1 for area in (OWN, YORK, "E06000054", "E06000024", "E05001935")}
    async with national(tmp_path, {1: Metric("Population", values)}) as at:
        await at.ask({"areas": ["BathNES_CIPFA_Near_Neighbours", f"{OWN}:AdministrativeWard"]})
        await at.at.run("source")
        assert {each.partition(" ")[0] for each in await at.values()} == {
            YORK,
            "E06000054",
            "E05001935",
        }
        await at.ask({"areas": [OWN, f"groups:{OWN}"]})
        for _ in range(2):
            await at.at.run("source")
        groups = [each.query for each in at.service.asked if each.path == "/comparisonGroups"]
        assert [(each["ownerArea"], each["pageNumber"]) for each in groups] == [
            (OWN, "1"),
            (OWN, "2"),
            (OWN, "3"),
        ]
        assert at.tables()[-1]["area"].split(",") == [
            OWN,
            "BathNES_CIPFA_Near_Neighbours",
            "AllLaInRegion_SouthWest",
            "AllUnitaryInCountry_England",
            "Cotswold_Neighbours",
        ]
        assert len(at.tables()) == 2


async def test_many_areas_are_asked_for_in_several_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lginform, "AREAS_AT_ONCE", 1)
    async with national(tmp_path, planning()) as at:
        run = await at.at.run("source")
        assert (run.accepted, [each["area"] for each in at.tables()]) == (3, [OWN, YORK])


async def test_periods_are_asked_for_once_and_remembered(tmp_path: Path) -> None:
    metrics = planning() | {1: Metric("Population", {(OWN, "cal_2024"): 1})}
    async with national(tmp_path, metrics) as at:
        await at.at.run("source")

        def pages() -> list[str]:
            asked = [each for each in at.service.asked if each.path == "/periods"]
            return [each.query["pageNumber"] for each in asked]

        assert pages() == ["1", "2", "3", "4"]
        metrics[1].updated = "2026-06-01T00:00:00"
        await at.at.run("source")
        assert pages() == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("label", "days"),
    [
        ("2025/26 Q3", ("2025-10-01", "2025-12-31")),
        ("2025/26 Q4", ("2026-01-01", "2026-03-31")),
        ("2018/19 (academic)", ("2018-09-01", "2019-08-31")),
        ("sch_2018_19", ("2018-09-01", "2019-08-31")),
        ("fin_2009_10", ("2009-04-01", "2010-03-31")),
        ("2009/10", ("2009-04-01", "2010-03-31")),
        ("fin_1999_00", ("1999-04-01", "2000-03-31")),
        ("cal_2018", ("2018-01-01", "2018-12-31")),
        ("2018", ("2018-01-01", "2018-12-31")),
        ("2018/20", None),
        ("cen_2021", None),
        ("cal_9999", None),
        ("Spring 2020", None),
        ("", None),
    ],
)
def test_a_label_is_read_only_where_it_can_mean_one_thing(
    label: str, days: tuple[str, str] | None
) -> None:
    assert read(label) == days


@pytest.mark.parametrize(
    ("secret", "known", "reason"),
    [
        ('{"key": "ExamplePPK", "secret": "wr0ng"}', SECRET, "The key or the signature"),
        ('{"key": "0ther", "secret": "ExampleSecret"}', SECRET, "The key or the signature"),
        ('{"key": "ExamplePPK"}', SECRET, "it has to be signed with a secret"),
        ('{"key": "ExamplePPK"}', None, None),
        ("{}", SECRET, "It asks for a key"),
    ],
)
async def test_a_key_is_signed_or_alone_and_one_that_is_not_taken_is_told_plainly(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    secret: str,
    known: str | None,
    reason: str | None,
) -> None:
    monkeypatch.setenv("INGEST_SECRET_LGA", secret)
    async with national(tmp_path, planning()) as at:
        at.server.keys = {KEY: known}
        with capture_logs() as logs:
            run = await at.at.run("source")
        if reason is None:
            assert run.outcome == "done"
        else:
            assert run.reason is not None and "answered 401" in run.reason and reason in run.reason
        for hidden in ("wr0ng", "0ther", SECRET, KEY, "Signature="):
            assert hidden not in f"{run} {logs}"


async def test_without_credentials_nothing_is_signed(tmp_path: Path) -> None:
    async with national(tmp_path, planning()) as at:
        at.server.open = True
        await at.ask(credentials=None)
        assert (await at.at.run("source")).outcome == "done"
        assert all("ApplicationKey" not in each.target for each in at.service.asked)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (told({}, 403), "What may be fetched is used up"),
        (told({}, 429, Retry_After="3600"), "left alone for 3600 seconds"),
        (told({}, 503), "answered 503"),
        (told({"message": "sorry"}), "not a list of values"),
        (Told(b"<html>maintenance</html>", headers={"Content-Type": "text/html"}), "JSON"),
    ],
)
async def test_a_cap_or_an_answer_of_another_kind_is_told_and_the_round_goes_on_later(
    tmp_path: Path, answer: Told, reason: str
) -> None:
    metrics = {number: Metric("Made up", {(OWN, "cal_2024"): number}) for number in (1, 2, 3)}
    async with national(tmp_path, metrics) as at:
        at.server.fails = lambda asked: answer if asked.query.get("metricType") == "2" else None
        run = await at.at.run("source")
        assert run.outcome == "failed" and run.reason is not None and reason in run.reason
        standing = await at.at.standing("source")
        assert standing.position["left"] == [2, 3]
        assert standing.position["bytes"] == at.server.served
        at.server.fails = lambda _: None
        asked = len(at.service.asked)
        run = await at.at.run("source")
        assert (run.outcome, run.accepted) == ("done", 2)
        assert at.service.asked[asked].path == "/metricTypes/2"
        assert (await at.at.standing("source")).position["left"] == []


async def test_no_more_is_fetched_in_a_month_than_its_budget_and_the_next_month_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lginform, "MEGABYTE", 1_000)
    values = {(OWN, "cal_2024"): 1, (YORK, "cal_2024"): 2}
    metrics = {number: Metric("Made up " * 20, dict(values)) for number in range(1, 13)}
    async with national(tmp_path, metrics) as at:
        await at.ask({"megabytes": 10})
        run = await at.at.run("source")
        assert run.outcome == "done" and run.reason is not None and "budget" in run.reason
        standing = await at.at.standing("source")
        spent, left = standing.position["bytes"], standing.position["left"]
        assert 0 < len(left) < 12 and spent == at.server.served
        assert standing.failures == 0 and standing.due == "2026-07-02T04:30:00.000+00:00"
        asked = len(at.service.asked)
        await at.at.run("source")
        for _ in range(3):
            at.at.clock.pass_(days=1)
            await at.at.run("source")
        # What cannot fit any more is not asked for: only whether it changed.
        assert at.server.served <= 10_000
        assert {each.path for each in at.service.asked[asked:]} <= {f"/metricTypes/{left[0]}"}
        at.at.clock.pass_(days=31)
        run = await at.at.run("source")
        fetched = [
            each.query["metricType"]
            for each in at.service.asked[asked:]
            if each.query.get("metricType")
        ]
        assert str(left[0]) in fetched and "1" not in fetched
        assert (await at.at.standing("source")).position["month"] == "2026-08"


async def test_a_metric_type_that_is_no_more_stops_no_other_and_a_discontinued_one_is_said_so(
    tmp_path: Path,
) -> None:
    metrics = planning()
    metrics[17482].discontinued = True
    async with national(tmp_path, metrics) as at:
        await at.ask({"metric_types": [404, 17482]})
        run = await at.at.run("source")
        assert (run.outcome, run.accepted) == ("done", 3)
        assert run.reason == "LG Inform Plus has no metric type 404."
        assert (await at.at.batch(run.batches[0])).detail["discontinued"] is True


async def test_what_was_fetched_counts_also_where_it_is_not_let_in(tmp_path: Path) -> None:
    async with national(tmp_path, planning()) as at:
        contracts = yaml.safe_load(CONTRACT.read_text("utf-8"))
        contracts["datasets"][0]["fields"].append({"name": "colour", "type": "text"})
        document = await at.at.door.keeper.catalogue()
        connector = {
            "code": "source", "title": "x", "kind": "lginform", "place": at.service.address,
            "credentials": "lga", "dataset": "lg-inform", "schedule": "daily at 05:30",
            "lginform": {"metric_types": [17482], "areas": [OWN]},
        }  # fmt: skip
        assert document.connectors["source"].kind == "lginform"
        await at.at.apply(contracts | {"connectors": [connector]})
        run = await at.at.run("source")
        assert run.outcome == "failed" and run.reason is not None and "colour" in run.reason
        standing = await at.at.standing("source")
        assert standing.position["bytes"] == at.server.served
        assert standing.position["left"] == [17482]


def test_the_server_takes_a_signature_raw_or_percent_encoded_and_no_other() -> None:
    with lg_inform(planning()) as (_, service), httpx2.Client() as client:
        secret = {"key": KEY, "secret": SECRET}
        several = [
            signed(f"{service.address}/periods?pageNumber={n}", secret) for n in range(1, 99)
        ]
        address = next(each for each in several if "%2B" in each and "%2F" in each)
        assert client.get(address).status_code == 200
        raw = address.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
        assert client.get(raw).status_code == 200
        assert service.asked[-1].target.endswith("=")
        for wrong in (address[:-4], address.replace("pageNumber=", "pageNumber=0"), raw + "A"):
            answer = client.get(wrong)
            assert (answer.status_code, answer.text) == (401, "Not authorized")


def keyed(asked: Asked) -> str:
    return asked.query["ApplicationKey"]


async def test_every_call_is_signed_by_the_scheme_that_it_is_made_with(tmp_path: Path) -> None:
    async with national(tmp_path, planning()) as at:
        at.server.scheme = "https"  # As behind something that speaks TLS for it.
        run = await at.at.run("source")
        assert run.reason is not None and "http or https" in run.reason
        assert [keyed(each) for each in at.service.asked] == [KEY]
