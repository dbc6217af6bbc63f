"""Any history of a council's records, definitions and days, for the engine's property tests."""

from typing import Any

from hypothesis import strategies as st

DAYS = [
    *("2024-03-31", "2024-04-01", "2024-02-29", "2023-02-28", "2024-09-30", "2024-10-01"),
    *("2024-11-20", "2024-11-19", "2024-12-31", "2025-01-01", "2022-06-15", "2024-07-02"),
    *("2023-12-31", "2023-08-31", "2023-09-01", "2024-08-14", "2025-03-31"),
]
TIMES = ["00:00:00", "00:30:00", "01:30:00", "09:00:00", "23:59:59"]
WARDS = ["Abbey", "Mill & Weir", "", None]

day = st.sampled_from(DAYS)
# The nights on which the clocks change are among them.
moment = st.one_of(
    st.builds(lambda d, t: f"{d}T{t}", day, st.sampled_from(TIMES)),
    st.sampled_from(["2024-03-31T02:30:00", "2024-10-27T01:30:00", "2024-10-27T03:00:00"]),
)
money = st.sampled_from(["0.00", "12.50", "150.00", "-3.10", "99999999.99", None])
decimal = st.sampled_from(["0", "1.5", "-2.25", "7.333333333", "100", None])

cases = st.fixed_dictionaries(
    {
        "opened": st.one_of(moment, st.none()),
        "closed": st.one_of(moment, st.none()),
        "born": st.sampled_from(["2008-02-29", "1950-01-01", "2024-11-20", None]),
        "ward": st.sampled_from(WARDS),
        "kind": st.sampled_from(["Noise", "Pests", None]),
        "cost": money,
        "score": decimal,
        "urgent": st.sampled_from([True, False, None]),
    }
)
returns = st.fixed_dictionaries(
    {
        "what": st.sampled_from(["staff", "absence"]),
        "on": day,
        "team": st.sampled_from(["A", "B"]),
        "number": decimal,
        "why": st.sampled_from([None, "suppressed", "not applicable", "late", "not due"]),
    }
)
areas = st.fixed_dictionaries(
    {
        "area": st.sampled_from(["E06000001", "E06000002", "E06000003", "E06000004"]),
        "end": st.sampled_from(["2024-06-30", "2024-09-30", "2024-12-31", "2024-03-31"]),
        "number": st.sampled_from(["40", "55.5", "61.25", None]),
        "note": st.sampled_from([None, "c", "z", "low"]),
    }
)
population = st.fixed_dictionaries(
    {
        "ward": st.sampled_from(["Abbey", "Mill & Weir"]),
        "year": st.sampled_from([2022, 2023, 2024]),
        "people": st.sampled_from([0, 900, 1250, None]),
    }
)
localities = st.fixed_dictionaries(
    {
        "ward": st.sampled_from(["Abbey", "Mill & Weir"]),
        "locality": st.sampled_from(["North", "South", None]),
    }
)


def keyed(dataset: str, fields: dict[str, Any], number: int) -> tuple[str, dict[str, Any]]:
    """A record's key and all its fields."""
    if dataset == "cases":
        return f"C{number}", {"ref": f"C{number}", **fields}
    if dataset == "population":
        return f"{fields['ward']}|{fields['year']}", {**fields, "mid": f"{fields['year']}-06-30"}
    names = {"returns": ("what", "on", "team"), "areas": ("area", "end"), "localities": ("ward",)}
    return "|".join(fields[name] for name in names[dataset]), fields


# (dataset, fields or None where the record is deleted, a number for the key)
change = st.one_of(
    *(
        st.tuples(st.just(name), st.one_of(each, each, each, st.none()), st.integers(0, 5))
        for name, each in (
            ("cases", cases),
            ("cases", cases),
            ("cases", cases),
            ("returns", returns),
            ("areas", areas),
            ("population", population),
            ("localities", localities),
        )
    )
)
