"""`irf dataset infer`.

Rule: what is proposed goes to standard output, ready to be pasted, and nothing else does; a file
that cannot be read is refused in words.
"""

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.ingest.domain.refusals import RequestRefused
from services.ingest.inferring import inferred

dataset = typer.Typer(help="Proposes what a dataset could be.", no_args_is_help=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}", re.ASCII)


@dataset.callback()
def _group() -> None:
    """Proposes what a dataset could be."""


@dataset.command()
def infer(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    name: Annotated[
        str | None, typer.Option(metavar="CODE", help="The dataset's code; else from the file.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook.")] = None,
) -> None:
    """Proposes a contract from a CSV, XLSX, ODS or JSON-lines file, as YAML, with its doubts."""
    code = name or _code(file)
    if not _CODE.fullmatch(code) or code.startswith("irf-"):
        errors.print(
            f"{code!r} is no code: letters, digits and hyphens, at most 64, and not irf-.",
            style="red",
            markup=False,
        )
        raise typer.Exit(2)
    title = file.stem.replace("_", " ").replace("-", " ").strip().capitalize() or code
    try:
        with file.open("rb") as source:
            typer.echo(inferred(source, file.name, code, title, sheet), nl=False)
    except RequestRefused as refused:
        errors.print(refused.detail, style="red", markup=False)
        raise typer.Exit(1) from refused


def _code(file: Path) -> str:
    made = "-".join(re.findall(r"[a-z0-9]+", file.stem.lower()))[:64].strip("-")
    return "a-dataset" if not made or made.startswith("irf-") else made
