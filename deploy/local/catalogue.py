"""`irf catalogue check` and `irf catalogue apply`.

Rule: a catalogue is checked here first, with the file, line and column of each problem, and only
one without a problem is sent; the door checks it again all the same.
"""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from deploy.local.door import Door, NotReached, Refused
from deploy.local.system import remembered
from shared.catalogue.check import check as check_document
from shared.catalogue.yaml_files import load_directory

catalogue = typer.Typer(help="Checks and applies definitions.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

Folder = Annotated[
    Path, typer.Argument(exists=True, file_okay=False, help="A folder of YAML files.")
]


@catalogue.command()
def check(folder: Folder) -> None:
    """Checks a catalogue; prints every problem with its place."""
    document = _checked(folder)
    console.print(f"No problems: {_counted(document)}.")


@catalogue.command()
def apply(
    folder: Folder,
    url: Annotated[str | None, typer.Option(help="Where ingest answers, if not here.")] = None,
) -> None:
    """Checks a catalogue and sends it through ingest; prints what changed."""
    document = _checked(folder)
    system = remembered(Path())
    address = url or (system.address("ingest") if system else "http://127.0.0.1:8001")
    door = Door(address)
    try:
        changed = door.apply(document)
    except NotReached as failure:
        errors.print(str(failure), style="red", markup=False)
        raise typer.Exit(2) from failure
    except Refused as refusal:
        errors.print(str(refusal), style="red", markup=False)
        for problem in refusal.problem.get("problems") or ():
            errors.print(f"  {problem}", markup=False)
        raise typer.Exit(1) from refusal
    for name, subjects in changed.items():
        if isinstance(subjects, list):
            console.print(f"{name.capitalize()}: {len(subjects)}", markup=False)
            for subject in subjects:
                console.print(f"  {subject}", markup=False)
        else:
            console.print(f"{name.capitalize()}: {subjects}", markup=False)


def _checked(folder: Path) -> dict[str, Any]:
    document, positions = load_directory(folder)
    problems = check_document(document, positions)
    for problem in problems:
        errors.print(str(problem), markup=False, soft_wrap=True)
    if problems:
        errors.print(f"{len(problems)} problem{'s' * (len(problems) != 1)}", style="red")
        raise typer.Exit(1)
    return document


def _counted(document: dict[str, Any]) -> str:
    counts = [f"{len(part)} {name}" for name, part in document.items() if isinstance(part, list)]
    return ", ".join(counts) or "nothing is defined"
