"""Contracts published as OCDS: which rows a package comes to, whatever it leaves out or adds."""

import io
import json
from typing import Any

import msgspec
import pytest

from services.ingest.domain import ocds
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import FileIntake, Prepared
from services.ingest.domain.ocds import looks_like_json, open_ocds
from services.ingest.domain.refusals import RequestRefused
from shared.catalogue.model import Dataset
from tests.unit.ingest.contracts import rules

REGISTER: dict[str, Any] = {
    "code": "register",
    "title": "Contracts register",
    "role": "contract",
    "key": ["reference"],
    "fields": [
        *({"name": each, "type": "text"} for each in ("reference", "title", "supplier")),
        {"name": "start", "type": "date", "formats": ["%d/%m/%Y"]},
        {"name": "end", "type": "date"},
        {"name": "total_value", "type": "money"},
        *({"name": each, "type": "text"} for each in ("description", "process", "category")),
        *({"name": each, "type": "text"} for each in ("category_code", "company_number")),
        *({"name": each, "type": "boolean"} for each in ("sme", "vcse")),
    ],
}  # fmt: skip
AWARD: dict[str, Any] = {
    "id": "a1",
    "title": "Grounds",
    "suppliers": [{"id": "s1", "name": "Acme"}],
    "value": {"amount": 1000.5, "currency": "GBP"},
    "contractPeriod": {"startDate": "2026-04-01", "endDate": "2027-03-31T23:59:59+01:00"},
}
CONTRACT: dict[str, Any] = {"id": "c1", "awardID": "a1"}
PARTY: dict[str, Any] = {
    "id": "s1",
    "identifier": {"scheme": "GB-COH", "id": "01234567"},
    "details": {"scale": "sme", "vcse": False},
}


def register(**changes: Any) -> Contract:
    return Contract(msgspec.convert({**REGISTER, **changes}, Dataset, strict=False))


def release(**more: Any) -> dict[str, Any]:
    return {"ocid": "o1", "date": "2026-01-01T00:00:00Z", **more}


def read(body: bytes) -> Prepared:
    of = register()
    file = open_ocds(io.BytesIO(body), of)
    return FileIntake(of, file.columns).check(file.lines)


def package(*releases: Any) -> Prepared:
    return read(json.dumps({"releases": list(releases)}).encode())


def rows(prepared: Prepared) -> dict[str, dict[str, Any]]:
    assert prepared.rejections == []
    found = [msgspec.json.decode(body)["fields"] for _, body in prepared.states if body]
    return {each["reference"]: each for each in found}


def only(*releases: Any) -> dict[str, Any]:
    [row] = rows(package(*releases)).values()
    return row


def test_everything_that_a_register_asks_for_is_filled_in() -> None:
    tender = {
        "title": "Green spaces",
        "description": "Mowing and planting",
        "procurementMethodDetails": "Open procedure",
        "classification": {"scheme": "CPV", "id": "77310000", "description": "Planting"},
    }
    found = only(release(tender=tender, parties=[PARTY], awards=[AWARD], contracts=[CONTRACT]))
    assert found == {
        "reference": "o1/c1", "title": "Grounds", "supplier": "Acme", "start": "2026-04-01",
        "end": "2027-03-31", "total_value": "1000.50", "description": "Mowing and planting",
        "process": "Open procedure", "category": "Planting", "category_code": "77310000",
        "company_number": "01234567", "sme": True, "vcse": False,
    }  # fmt: skip


def test_what_a_later_release_leaves_out_is_as_an_earlier_one_had_it() -> None:
    later = release(date="2026-02-01T00:00:00Z", contracts=[{**CONTRACT, "title": "Signed"}])
    found = only(later, release(parties=[PARTY], awards=[AWARD]))
    assert (found["reference"], found["title"], found["supplier"]) == ("o1/c1", "Signed", "Acme")
    assert (found["total_value"], found["sme"]) == ("1000.50", True)


def test_a_contract_that_is_extended_keeps_what_its_newest_release_does_not_repeat() -> None:
    signed = {**CONTRACT, "title": "Signed", "value": {"amount": 7, "currency": "GBP"}}
    extended = {"id": "c1", "period": {"startDate": "2026-04-01", "endDate": "2028-03-31"}}
    found = only(
        release(awards=[AWARD], contracts=[signed]),
        release(date="2026-02-01T00:00:00Z", contracts=[extended]),
    )
    told = [found[name] for name in ("title", "supplier", "total_value", "end")]
    assert told == ["Signed", "Acme", "7.00", "2028-03-31"]


def test_the_newest_release_is_told_by_the_moment_and_not_by_its_text() -> None:
    # 00:30 in summer time comes before midnight in Greenwich.
    early = release(date="2026-06-02T00:30:00+01:00", awards=[{**AWARD, "title": "Early"}])
    late = release(date="2026-06-02T00:00:00Z", awards=[{**AWARD, "title": "Late"}])
    undated = release(date="some day", awards=[{**AWARD, "title": "Undated"}])
    assert only(late, early, undated)["title"] == "Late"


def test_an_award_stands_for_itself_until_a_contract_follows_it() -> None:
    other = {**AWARD, "id": "a2"}
    found = rows(package(release(awards=[AWARD, other], contracts=[CONTRACT])))
    assert set(found) == {"o1/c1", "o1/a2"}


def test_records_are_read_by_their_compiled_release_or_else_by_each() -> None:
    compiled = {"ocid": "o1", "compiledRelease": release(awards=[AWARD]), "releases": [{}]}
    listed = {"ocid": "o2", "releases": [{"date": "2026-01-01", "awards": [AWARD]}]}
    body = json.dumps({"records": [compiled, listed]}).encode()
    assert set(rows(read(b"\xef\xbb\xbf" + body))) == {"o1/a1", "o2/a1"}


@pytest.mark.parametrize(
    ("scales", "sme"),
    [
        (["sme"], True), (["small"], True), (["large"], False), (["unknown"], None), ([None], None),
        (["sme", "sme"], True), (["sme", "large"], None), ([], None),
    ],
)  # fmt: skip
def test_of_suppliers_who_differ_nothing_is_said(
    scales: list[str | None], sme: bool | None
) -> None:
    suppliers = [
        {"id": f"s{at}", "name": f"S{at}", "details": {"scale": scale}}
        for at, scale in enumerate(scales)
    ]
    found = only(release(awards=[{**AWARD, "suppliers": suppliers}]))
    assert found["sme"] is sme
    assert found["supplier"] == ("; ".join(f"S{at}" for at in range(len(scales))) or None)


@pytest.mark.parametrize(
    ("vcse", "told"), [(True, True), ("yes", True), (False, False), (None, None), ([1], None)]
)
def test_voluntary_organisations_are_known_where_it_is_said(vcse: Any, told: bool | None) -> None:
    party = {**PARTY, "details": {"vcse": vcse}}
    assert only(release(parties=[party], awards=[AWARD]))["vcse"] is told


def test_a_registered_number_is_that_of_companies_house_alone() -> None:
    more = [{"scheme": "GB-COH", "id": "07654321"}]
    other = {**PARTY, "identifier": {"scheme": "GB-CHC", "id": "1"}}
    assert only(release(parties=[other], awards=[AWARD]))["company_number"] is None
    other["additionalIdentifiers"] = more
    assert only(release(parties=[other], awards=[AWARD]))["company_number"] == "07654321"


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({"amount": 5, "currency": "EUR"}, "is not in pounds"),
        ({"amount": 5, "currency": "AUD"}, "is not in pounds"),
        ({"amount": 0.001, "currency": "GBP"}, "fraction of a penny"),
        ({"amount": 1e300, "currency": "GBP"}, "number"),
    ],
)
def test_an_amount_that_is_not_pounds_and_pence_rejects_its_row(value: Any, fault: str) -> None:
    prepared = package(release(awards=[{**AWARD, "value": value}]), release(ocid="o2"))
    assert rules(prepared) == [(1, "total_value", "type")]
    assert fault in prepared.rejections[0].reason


@pytest.mark.parametrize("exponent", ["999999999", "-999999999", "99"])
def test_an_amount_with_a_huge_exponent_is_never_written_out(exponent: str) -> None:
    body = json.dumps({"releases": [release(awards=[AWARD])]}).replace("1000.5", f"1e{exponent}")
    prepared = read(body.encode())
    assert rules(prepared) == [(1, "total_value", "type")]


@pytest.mark.parametrize("status", ["cancelled", "unsuccessful", "Cancelled"])
def test_what_came_to_nothing_is_told_and_not_taken(status: str) -> None:
    prepared = package(release(awards=[{**AWARD, "status": status}, {**AWARD, "id": "a2"}]))
    assert rules(prepared) == [(1, "reference", "status")]
    assert len(prepared.states) == 1
    assert prepared.received == 2


@pytest.mark.parametrize(
    "release",
    [
        {"awards": [AWARD]},
        release(awards=[{**AWARD, "id": None}]),
        release(awards=[{**AWARD, "id": ["a"]}]),
    ],
)
def test_what_has_nothing_to_know_it_by_is_rejected_each_by_itself(release: Any) -> None:
    prepared = package(release, release)
    assert [rule for _, field, rule in rules(prepared) if field == "reference"] == ["required"] * 2


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("2026-03-31T23:00:00Z", "2026-04-01"),
        ("2026-12-31T23:00:00Z", "2026-12-31"),
        ("2026-04-01", "2026-04-01"),
        ("0001-01-01T00:00:00+14:00", None),
        ("tomorrow", None),
    ],
)
def test_a_day_is_the_day_in_london(start: str, told: str | None) -> None:
    period = {**AWARD["contractPeriod"], "startDate": start}
    prepared = package(release(awards=[{**AWARD, "contractPeriod": period}]))
    if told is None:
        assert rules(prepared) == [(1, "start", "format")]
    else:
        assert rows(prepared)["o1/a1"]["start"] == told


@pytest.mark.parametrize("odd", [5, None, "x", [1], {"a": 1}])
def test_a_part_of_another_kind_is_passed_over(odd: Any) -> None:
    names = ("tender", "parties", "contracts", "date", "language")
    found = only(release(awards=[AWARD]) | dict.fromkeys(names, odd))
    assert found["title"] == "Grounds"
    assert rows(package(release(awards=odd))) == {}


def test_a_release_that_is_no_object_is_a_row_that_is_rejected() -> None:
    prepared = package(5, release(awards=[AWARD]), ["x"])
    assert rules(prepared) == [(1, None, "shape"), (3, None, "shape")]
    assert prepared.received == 3


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b'{"releases": {}}', b'{"records": 1}', b'{"releases": [NaN]}',
        b'{"releases": [{"ocid": "\xff"}]}', b'{"a":' * 100_000, b'{"releases": []} x',
    ],
)  # fmt: skip
def test_what_is_no_package_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(RequestRefused) as refused:
        read(body)
    assert refused.value.status == 422
    assert "cannot be read" in refused.value.detail


def test_a_package_that_is_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps({"releases": []}).encode()
    monkeypatch.setattr(ocds, "MOST_BYTES", len(body))
    assert read(body).received == 0
    monkeypatch.setattr(ocds, "MOST_BYTES", len(body) - 1)
    with pytest.raises(RequestRefused) as refused:
        read(body)
    assert refused.value.status == 413


def test_json_is_known_by_how_it_begins() -> None:
    assert looks_like_json(io.BytesIO(b'\xef\xbb\xbf\n {"a": 1}'))
    assert not looks_like_json(io.BytesIO(b"a,b\n{,}\n"))
    with pytest.raises(RequestRefused) as refused:
        open_ocds(io.BytesIO(b"{}"), register(role="intention"))
    assert refused.value.status == 415
