"""Catalogues in YAML: what a file means, and where its problems are."""

from pathlib import Path

import pytest

from shared.catalogue.check import check
from shared.catalogue.yaml_files import load_directory

FIGURES = """\
measures:
  - {code: received, dataset: requests, aggregate: count, date: received}
  - code: closed
    dataset: requests
    aggregate: count
    date: closed
    where: "clsed >= received"
indicators:
  - code: EP01
    title: Received
    formula:   received + reqests
    owner: Manager
    unit: counts
    colour: red
  - code: EP02
    title: Closed
    formula: >-
      100 * closed
      / recieved
    unit: percentage
    owner: Manager
    no_denominator: zero
"""
DATASETS = """\
datasets:
  - code: requests
    title: Requests
    key: [ref]
    fields:
      - {name: ref, type: text}
      - {name: received, type: datetime}
      - {name: closed, type: datetime}
"""


def folder(path: Path, **files: str | bytes) -> Path:
    for name, text in files.items():
        data = text if isinstance(text, bytes) else text.encode()
        (path / f"{name}.yaml").write_bytes(data)
    return path


def problems(path: Path) -> list[str]:
    document, positions = load_directory(path)
    return [str(each).replace(f"{path}/", "") for each in check(document, positions)]


def test_every_problem_names_its_file_line_and_column(tmp_path: Path) -> None:
    assert problems(folder(tmp_path, figures=FIGURES, datasets=DATASETS)) == [
        "figures.yaml:7:13: measures[1].where: 'clsed' is not known here; did you mean 'closed'?"
        " (at character 1)",
        "figures.yaml:13:11: indicators[0].unit: count, days, hours, money, number, percentage,"
        " rate, ratio, score or yes/no is needed, not 'counts'",
        "figures.yaml:14:13: indicators[0].colour: there is no field 'colour' here"
        " (known: code, title, formula, unit, definition, unit_label, per, precision, rounding,"
        " no_denominator, polarity, periods, cumulative_from, frequency, since, due_days,"
        " final_after_days, follow_up_days, breakdowns, service, owner, deputy, themes, priority,"
        " topic, frameworks,"
        " strategic, influence, targets, rag, stability, forecast, small_numbers_under, earlier,"
        " breaks, benchmark)",
        "figures.yaml:17:14: indicators[1].formula: there is no measure or indicator for recieved;"
        " did you mean received? (at character 16)",
    ]


def test_a_problem_in_an_expression_points_at_its_character(tmp_path: Path) -> None:
    text = FIGURES.replace("counts", "count").replace("    colour: red\n", "")
    found = problems(folder(tmp_path, figures=text, datasets=DATASETS))
    line = text.splitlines()[10]
    assert found[1].startswith(f"figures.yaml:11:{line.index('reqests') + 1}: ")
    assert found[0].startswith("figures.yaml:7:13: ")


def test_files_are_one_document_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    folder(tmp_path / "more", a="themes: [{code: c, name: C}]")
    folder(tmp_path, b="themes: [{code: b, name: B}]", a="themes:\n  - {code: a, name: A}")
    (tmp_path / "notes.txt").write_text("themes: 5")
    (tmp_path / ".hidden.yaml").write_text("themes: 5")
    document, positions = load_directory(tmp_path)
    assert [theme["code"] for theme in document["themes"]] == ["a", "b", "c"]
    assert check(document, positions) == []
    place, exact = positions.find("themes[2].code")
    assert place is not None
    assert exact
    assert (place.file, place.line, place.column) == (str(tmp_path / "more/a.yaml"), 1, 17)


def test_a_file_means_what_it_looks_like(tmp_path: Path) -> None:
    text = """\
council:
  a: no
  b: 82.50
  c: 2025-04-01
  d: 12
  e: "12"
  f: 012
  g: true
  h: null
  i: ~
  j: 1_000
  k: 12:30
  l: 'true'
  m: 0x10
  n:
  o: -5
  p: .inf
"""
    document, _ = load_directory(folder(tmp_path, a=text))
    assert document["council"] == {
        **{"a": "no", "b": "82.50", "c": "2025-04-01", "d": 12, "e": "12", "f": "012"},
        **{"g": True, "h": None, "i": None, "j": "1_000", "k": "12:30", "l": "true"},
        **{"m": "0x10", "n": None, "o": -5, "p": ".inf"},
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("themes: [", "this is not YAML"),
        ("themes:\n\t- a", "2:1: this is not YAML"),
        ("themes: [{code: a, name: A, name: B}]", "1:29: themes[0]: name is given twice"),
        ("themes: []\nthemes: []", "2:1: themes is given twice"),
        ("- 5", "1:1: a file holds sections"),
        ("5", "1:1: a file holds sections"),
        ("themes: [!!python/object/apply:os.system [ls]]", "1:10: themes[0]: tags are not used"),
        ("council: &a {code: a, name: *a}", "anchors and aliases are not used"),
        ("services: [&a {code: a, name: A}, *a]", "1:12: services[1]: anchors"),
        ("? [a]\n: 5", "1:3: the name of a field is a plain word"),
        ("themes: []\n---\nthemes: []", "this is not YAML"),
        (b"themes: [{code: a, name: \xa3}]", "not written in UTF-8"),
        (b"themes: \x00", "this is not YAML"),
        ("themes: " + "[" * 5000, "not YAML"),
        ("themes: " + "{a: " * 400 + "1" + "}" * 400, "themes"),
        ("#" * 5_000_001, "larger than"),
    ],
    ids=range(16),
)
def test_what_cannot_be_read_is_a_problem_with_its_place(
    tmp_path: Path, text: str | bytes, words: str
) -> None:
    found = problems(folder(tmp_path, a=text))
    assert any(words in each for each in found), found
    assert all(each.startswith("a.yaml") for each in found)


def test_a_thousand_million_laughs_stay_small(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    found = problems(folder(tmp_path, a="\n".join(lines)))
    assert sum("anchors and aliases" in each for each in found) == 39 * 3


def test_one_council_and_one_matrix_are_given_in_one_file(tmp_path: Path) -> None:
    text = "council: {code: a, name: A}"
    assert problems(folder(tmp_path, a=text, b=text)) == [
        "b.yaml:1:10: council: council is given in another file too",
    ]


def test_a_section_that_is_no_list_beside_one_that_is(tmp_path: Path) -> None:
    found = problems(folder(tmp_path, a="themes: []", b="themes: 5", c="themes: []"))
    assert found == ["b.yaml:1:9: themes: themes is given in another file too"]
    (tmp_path / "a.yaml").unlink()
    found = problems(tmp_path)
    assert any("a list of definitions" in each for each in found)


def test_a_folder_without_files_is_a_problem(tmp_path: Path) -> None:
    assert len(problems(tmp_path)) == 1


def test_an_empty_file_and_a_byte_order_mark_are_nothing(tmp_path: Path) -> None:
    folder(tmp_path, a="", b=b"\xef\xbb\xbfthemes: []", c="# only a comment\n", d="themes:")
    assert problems(tmp_path) == []


JUDGED = """\
datasets:
  - code: requests
    title: Requests
    key: [ref]
    fields:
      - {name: ref, type: text}
      - {name: received, type: datetime}
      - {name: closed, type: datetime}
    derived:
      - {name: took, type: integer, is: "days(received, closd)"}
      - name: band
        type: text
        is: band(took, 10, 5)
measures:
  - {code: received, dataset: requests, aggregate: count, date: received}
  - {code: half, dataset: requests, aggregate: median, of: "hours(received, ref)", date: closed}
indicators:
  - code: EP01
    title: Received
    formula: received / half
    unit: number
    earlier:
      - {until: "2021", formula: received / 2 + halv}
    polarity: low
    targets:
      - value: 5
        floor: 4
      - {from: "2021-04", profile: {Q5: 1}}
    rag: {green: 5, amber: 4, amber_within: 1}
"""


def test_problems_of_every_part_of_a_figure_are_placed(tmp_path: Path) -> None:
    found = problems(folder(tmp_path, judged=JUDGED))
    assert [each.partition(": ")[0] for each in found] == [
        *("judged.yaml:10:57", "judged.yaml:13:28", "judged.yaml:16:77", "judged.yaml:18:5"),
        *("judged.yaml:20:25", "judged.yaml:23:17", "judged.yaml:23:49", "judged.yaml:27:16"),
        *("judged.yaml:28:9", "judged.yaml:28:36", "judged.yaml:29:10", "judged.yaml:29:28"),
    ]
