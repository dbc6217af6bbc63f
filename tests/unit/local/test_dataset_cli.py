"""`irf dataset infer`: a proposal on standard output, a reason on the other."""

from pathlib import Path

from typer.testing import CliRunner

from deploy.local.cli import app
from deploy.local.dataset import _code


def test_a_proposal_is_ready_to_be_a_catalogue(tmp_path: Path) -> None:
    sent = tmp_path / "Parking fines 2026.csv"
    sent.write_text("Ref,Issued,Amount\nF1,13/04/2026,£35.00\nF2,14/04/2026,£70.00\n", "utf-8")
    made = CliRunner().invoke(app, ["dataset", "infer", str(sent)])
    assert made.exit_code == 0, made.output
    assert "code: parking-fines-2026" in made.stdout
    assert 'title: "Parking fines 2026"' in made.stdout
    folder = tmp_path / "catalogue"
    folder.mkdir()
    (folder / "parking.yml").write_text(made.stdout, "utf-8")
    checked = CliRunner().invoke(app, ["catalogue", "check", str(folder)])
    assert "No problems: 1 datasets" in checked.output


def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path) -> None:
    sent = tmp_path / "twice.csv"
    sent.write_text("Ref,Amount,amount\nA,1,2\n")
    refused = CliRunner().invoke(app, ["dataset", "infer", str(sent)])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "there twice" in refused.stderr
    wrong = CliRunner().invoke(app, ["dataset", "infer", str(sent), "--name", "irf-mine"])
    assert (wrong.exit_code, wrong.stdout) == (2, "")


def test_a_code_is_made_of_the_files_name() -> None:
    assert _code(Path("Fines (April) 2026.csv")) == "fines-april-2026"
    assert _code(Path("irf-own.csv")) == "a-dataset"
    assert _code(Path("£.csv")) == "a-dataset"
