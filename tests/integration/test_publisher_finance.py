"""The calls about the council's money: exact, explained down to records, and strict in what they
take."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.contracts.topics import CATALOGUE, FINANCE, RECORDS
from tests.integration.publisher_money import TODAY, YEAR, money, postings, record
from tests.integration.publisher_parcels import FixedClock
from tests.integration.publisher_service import Running, running

CALLS = "/v1/finance/positions"


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher that was told of the council's money."""
    folder = tmp_path_factory.mktemp("publisher")
    with running(f"sqlite:///{folder / 'store.db'}", clock=FixedClock(TODAY)) as run:
        run.catalogue()
        money(run)
        postings(run, 60)
        yield run


def by_code(found: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(each["fund"], each["code"]): each for each in found["positions"]}


def test_directorates_stand_by_fund_at_the_newest_period(council: Running) -> None:
    found = council.get(CALLS)
    assert (found["year"], found["period"], found["basis"]) == (YEAR, "P07", "as-is")
    assert found["unit"] == "pence"
    assert "positive variance is over budget (adverse)" in found["sign"]
    assert found["cursor"]
    listed = by_code(found)
    assert list(listed) == [
        ("general", "place"), ("general", "resources"), ("hra", "resources"), ("", ""),
    ]  # fmt: skip
    place = listed["general", "place"]
    assert place["name"] == "Place"
    assert place["figures"]["original_budget"] == 13_600_000_00
    assert place["figures"]["variance"] == 1_240_000_00 - 40_000_00
    assert place["figures"]["forecast"] - place["figures"]["current_budget"] == 1_200_000_00
    assert place["rag"]["outcome"] == "red"
    assert listed["hra", "resources"]["figures"]["variance"] == 20_000_00
    assert listed["", ""]["known"] is False
    assert listed["", ""]["figures"]["actual"] == 1_250_00


def test_any_cut_comes_to_the_same_total_of_a_fund(council: Running) -> None:
    for period in ("P03", "P04", "P07", "P13"):
        for basis in ("as-is", "as-was"):
            sums = set()
            for by in ("fund", "directorate", "portfolio", "service", "cost-centre"):
                found = council.get(CALLS, by=by, fund="general", period=period, basis=basis)
                each = [row["figures"] for row in found["positions"]]
                sums.add(tuple(sum(row[name] for row in each) for name in
                               ("current_budget", "actual", "forecast", "variance")))  # fmt: skip
            assert len(sums) == 1, (period, basis, sums)


def test_a_reorganisation_cuts_history_either_way(council: Running) -> None:
    def place(period: str, basis: str) -> int:
        found = council.get(CALLS, fund="general", period=period, basis=basis)
        return int(by_code(found)["general", "place"]["figures"]["original_budget"])

    assert place("P03", "as-was") - place("P03", "as-is") == 240_000_00
    assert place("P04", "as-was") == place("P04", "as-is")


def test_the_parts_of_a_directorate_are_the_services_that_stood_in_it(council: Running) -> None:
    def parts(period: str, basis: str) -> set[str]:
        found = council.get(CALLS, within="place", period=period, basis=basis)
        assert found["by"] == "service"
        return {each["code"] for each in found["positions"]}

    now = {"waste-and-recycling", "environmental-health"}
    assert parts("P07", "as-is") == now
    assert parts("P03", "as-is") == now
    assert parts("P03", "as-was") == {*now, "parks"}
    found = council.get(CALLS, within="waste-and-recycling")
    assert [each["code"] for each in found["positions"]] == ["W200", "W100"]


def test_a_position_is_told_with_what_it_is_made_of(council: Running) -> None:
    found = council.get(f"{CALLS}/service/waste-and-recycling")
    assert [each["code"] for each in found["subjectives"]] == ["employees", "supplies", "income"]
    assert [each["code"] for each in found["children"]] == ["W200", "W100"]
    assert found["run_rate"] == round((7_700_000 + 350_000 + 240_000 - 150_000) * 100 * 12 / 7)
    assert found["forecast"] == found["position"]["figures"]["forecast"]
    first = found["reasons"][0]
    assert (first["cost_centre"], first["variance"]) == ("W100", 1_200_000_00)
    assert first["reason"] == "Agency drivers <b>while</b> routes change"
    assert first["mitigation"] == "Routes are settled by January"
    assert [each["period"] for each in found["history"]] == [f"P{n:02}" for n in range(7, 0, -1)]
    earlier = found["history"][-1]["figures"]
    assert earlier["forecast"] == earlier["current_budget"]


def test_a_directorate_in_two_funds_is_told_of_one_with_the_other_beside_it(
    council: Running,
) -> None:
    found = council.get(f"{CALLS}/directorate/resources")
    assert found["position"]["fund"] == "general"
    assert [each["fund"] for each in found["other_funds"]] == ["hra"]
    found = council.get(f"{CALLS}/directorate/resources", fund="hra")
    assert found["position"]["fund_name"] == "Housing Revenue Account"
    assert [each["code"] for each in found["children"]] == ["property-and-procurement"]


def test_what_no_structure_knows_has_a_page_of_its_own(council: Running) -> None:
    found = council.get(f"{CALLS}/fund/unplaced")
    assert [each["code"] for each in found["children"]] == ["X999"]
    assert council.get(f"{CALLS}/cost-centre/X999")["position"]["known"] is False


def test_every_number_is_explained_in_a_sentence(council: Running) -> None:
    found = council.get(f"{CALLS}/cost-centre/W100/explain", limit="10")
    told = {each["number"]: each["text"] for each in found["worked"]}
    assert told["Variance"] == (
        "Forecast £13,790,000.00 less current budget £12,560,000.00 is £1,230,000.00: "
        "£1.2 million over budget. Of this £200,000.00 is one-off and £1,030,000.00 ongoing."
    )
    assert "never instead of it" in told["Run rate"]
    assert found["states"] == [f"cost-centre/{YEAR}/W100"]


def test_the_records_behind_a_cost_centre_come_a_page_at_a_time(council: Running) -> None:
    seen: list[str] = []
    after = ""
    while True:
        found = council.get(f"{CALLS}/cost-centre/W100/explain", limit="17", after=after)
        assert len(found["records"]) <= 17
        seen += [each["subject"] for each in found["records"]]
        after = found["next"] or ""
        if not after:
            break
    assert len(seen) == len(set(seen)) == 61
    assert seen[0] == "budgets/W100"
    first = council.get(f"{CALLS}/cost-centre/W100/explain", limit="2")["records"][1]
    assert (first["role"], first["period"], first["fields"]["amount"]) == ("posting", 1, "100.25")
    assert first["batch"] == "batch-1"


def test_a_posting_that_moves_or_goes_leaves_its_old_cost_centre(council: Running) -> None:
    def behind(code: str) -> list[str]:
        found = council.get(f"{CALLS}/cost-centre/{code}/explain", limit="1000")
        return [each["subject"] for each in found["records"]]

    def posting(cost_centre: str) -> dict[str, Any]:
        return record("general-ledger", "9001", number="9001", cost_centre=cost_centre,
                      subjective="1010", date="2026-05-10", amount="1")  # fmt: skip

    council.say(RECORDS, {"general-ledger/9001": posting("E100")})
    assert behind("E100") == ["general-ledger/9001"]
    council.say(RECORDS, {"general-ledger/9001": posting("P100")})
    assert behind("E100") == []
    assert behind("P100") == ["general-ledger/9001"]
    council.say(RECORDS, {"general-ledger/9001": None})
    assert behind("P100") == []


def test_records_are_found_whenever_their_dataset_is_given_its_role(sqlite_url: str) -> None:
    with running(sqlite_url, clock=FixedClock(TODAY)) as run:
        postings(run, 5)
        money(run)
        call = f"{CALLS}/cost-centre/W100/explain"
        assert run.get(call)["records"] == []
        run.catalogue()
        assert len(run.get(call)["records"]) == 6
        run.say(CATALOGUE, {"dataset/general-ledger": None})
        assert [each["role"] for each in run.get(call)["records"]] == ["budget"]
        run.catalogue()
        run.say(CATALOGUE, {"dataset/general-ledger": {
            "code": "general-ledger", "title": "", "key": ["number"], "fields": [],
            "role": "posting",
        }})  # fmt: skip
        before = run.get(call)["records"]
        assert len(before) == 6
        service = run.publisher.service
        assert service.inbox is not None
        handlers = service.inbox._handlers
        service.store.write_now(lambda tx: list(handlers.rebuild(tx)))
        assert run.get(call)["records"] == before


def test_lists_say_what_became_of_each(council: Running) -> None:
    found = council.get("/v1/finance/virements", approval="for approval")
    (held,) = found["items"]
    assert held["data"]["reference"] == "V2"
    assert "Held, so that it counts in no budget: it has no decision" in held["text"]
    assert [each["data"]["reference"] for each in
            council.get("/v1/finance/virements")["items"]] == ["V1", "V2", "V3"]  # fmt: skip
    found = council.get("/v1/finance/savings")
    assert found["total"]["target"] == 990_000_00
    assert found["total"]["text"].startswith("Target £990,000: 29% delivered (£290,000), 61%")
    assert len(council.get("/v1/finance/reserves", year=YEAR)["items"]) == 2
    assert council.get("/v1/finance/reserves", year="2020-21")["items"] == []
    totals = council.get("/v1/finance/reconciliations")["items"]
    assert [each["data"]["agrees"] for each in totals] == [None, True, False]
    assert "a difference of −£10.00. 2 postings are missing." in totals[2]["text"]
    (hint,) = council.get("/v1/finance/hints")["items"]
    assert "no finding" in hint["text"]


def test_capital_is_told_by_scheme(council: Running) -> None:
    found = council.get("/v1/finance/capital", year="2027-28")
    assert [each["data"]["scheme"] for each in found["items"]] == ["depot"]
    found = council.get("/v1/finance/capital/depot")
    assert found["scheme"]["data"]["years"][YEAR]["approved"] == 3_700_000_00
    assert "£200,000 over budget" in found["scheme"]["text"]


def test_a_ledger_is_still_asked_for_by_its_code(council: Running) -> None:
    assert [each["code"] for each in council.get("/v1/finance")["ledgers"]] == ["procurement-cards"]
    assert council.get("/v1/finance/procurement-cards")["code"] == "procurement-cards"


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        (CALLS, {"year": "2026"}, 400),
        (CALLS, {"year": "2026-29"}, 400),
        (CALLS, {"year": "x" * 30}, 400),
        (CALLS, {"year": "x" * 200}, 422),
        (CALLS, {"period": "P00"}, 400),
        (CALLS, {"period": "P14"}, 400),
        (CALLS, {"period": "2025-26-P03", "year": YEAR}, 400),
        (CALLS, {"by": "ward"}, 400),
        (CALLS, {"basis": "as-if"}, 400),
        (CALLS, {"fund": "petty"}, 400),
        (CALLS, {"within": "nowhere"}, 404),
        (CALLS, {"within": "place", "by": "fund"}, 400),
        (f"{CALLS}/ward/27", {}, 404),
        (f"{CALLS}/service/nothing", {}, 404),
        (f"{CALLS}/service/waste-and-recycling", {"fund": "hra"}, 404),
        (f"{CALLS}/cost-centre/nothing", {}, 404),
        (f"{CALLS}/cost-centre/unplaced", {}, 404),
        (f"{CALLS}/cost-centre/W100", {"year": "2019-20"}, 404),
        (f"{CALLS}/cost-centre/W100/explain", {"after": "nonsense"}, 400),
        (f"{CALLS}/cost-centre/W100/explain", {"limit": "0"}, 400),
        (f"{CALLS}/cost-centre/%3Cscript%3E/explain", {}, 404),
        ("/v1/finance/virements", {"approval": "maybe"}, 400),
        ("/v1/finance/savings", {"year": "next"}, 400),
        ("/v1/finance/capital/nothing", {}, 404),
        ("/v1/finance/nothing", {}, 404),
    ],
)
def test_nonsense_is_refused_in_plain_words(
    council: Running, path: str, params: dict[str, str], status: int
) -> None:
    answer = council.http.get(path, params=params)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_year_without_money_is_an_empty_list(council: Running) -> None:
    assert council.get(CALLS, year="2019-20")["positions"] == []
    assert council.get(CALLS, period="2026-27-P02")["period"] == "P02"


def test_before_there_is_any_money_the_calls_answer(sqlite_url: str) -> None:
    with running(sqlite_url, clock=FixedClock(TODAY)) as run:
        for call in ("positions", "virements", "savings", "reserves", "capital", "hints",
                     "reconciliations"):  # fmt: skip
            run.get(f"/v1/finance/{call}")
        run.say(FINANCE, {"reconciliation/novel/1": {"kind": "novel"}})
        assert run.http.get("/v1/finance/positions").status_code == 200
