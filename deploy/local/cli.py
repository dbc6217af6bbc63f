"""The `irf` command.

Rule: a command says in plain words what it did, exits 0 when that is what was asked for, 1 when it
was refused or something was found wrong, and 2 when it could not be tried.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import Annotated, Any, NoReturn

import httpx2
import typer
from rich.console import Console
from rich.panel import Panel

from deploy.local import demo as sample_council
from deploy.local import report
from deploy.local.catalogue import catalogue
from deploy.local.dataset import dataset
from deploy.local.door import Door, NotReached, Refused
from deploy.local.pause import paused, pausing
from deploy.local.quiet import wait_until_quiet
from deploy.local.runner import CannotStart, Runner
from deploy.local.system import PORTS, System, in_data_dir, plan, remembered
from deploy.local.verification import Stores, Unsettled, look, verify_running
from deploy.verify.compare import Report
from deploy.verify.source import StoreUnreadable
from shared.runtime.clock import SystemClock

QUIET_SECONDS = 60.0
REPLAY_SECONDS = 600.0

app = typer.Typer(
    name="irf",
    help="The Integrated Reporting Framework on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.add_typer(catalogue, name="catalogue")
app.add_typer(dataset, name="dataset")
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

PortBase = Annotated[
    int, typer.Option(min=1024, max=65000, help="First port; ingest and the others follow it.")
]
Kafka = Annotated[
    str | None, typer.Option(metavar="HOST:PORT", help="A Kafka to use, not the embedded broker.")
]
Url = Annotated[str | None, typer.Option(help="Where ingest answers, if not here.")]


@app.command()
def demo(
    port_base: PortBase = 8000,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where to keep it; a new temporary folder otherwise.")
    ] = None,
    kafka: Kafka = None,
    simulate: Annotated[bool, typer.Option(help="Let changes keep coming.")] = True,
) -> None:
    """Starts everything with a sample council whose figures keep moving. Ctrl-C ends it."""
    _forget_last_demo()
    folder = data_dir or Path(tempfile.mkdtemp(prefix="irf-demo-"))
    system = plan(folder, port_base, kafka, data_dir is None, os.environ)
    clock = SystemClock()
    # Part of every reference and Idempotency-Key, so that each run makes its own.
    run = f"{int(clock.now().timestamp()):x}"

    def work(runner: Runner) -> None:
        # The door is open long before the others have joined their consumer groups.
        runner.wait_until_ready("ingest")
        door = Door(system.address("ingest"), runner.over.wait)
        sample_council.apply_sample_catalogue(door)
        sample = sample_council.sample_records(clock)
        with report.progress(console) as bar:
            task = bar.add_task("Loading the sample council", total=len(sample))
            sample_council.load_sample(door, sample, run, lambda n: bar.advance(task, n))
        with console.status("The services are getting ready"):
            runner.wait_until_ready()
        _show_address(system, "Sample council (sample data: nothing here is real)")
        if simulate:
            with report.Changes(console, system.log_file("simulator")) as changes:
                sample_council.simulate(
                    sample_council.fed(door, system, clock, token_bytes(24)),
                    sample,
                    run,
                    clock,
                    runner.over.wait,
                    changes.tell,
                    partial(paused, Path(system.data_dir), clock),
                )
        door.close()

    _start(system, kafka is None, work)


@app.command()
def run(
    port_base: PortBase = 8000,
    data_dir: Annotated[Path, typer.Option(help="Where to keep it.")] = Path(".irf/data"),
    kafka: Kafka = None,
) -> None:
    """Starts everything with a lasting data directory and no sample. Ctrl-C ends it."""
    system = plan(data_dir, port_base, kafka, False, os.environ)

    def work(runner: Runner) -> None:
        runner.wait_until_ready()
        _show_address(system, "Ready")

    _start(system, kafka is None, work)


@app.command()
def load(
    dataset: Annotated[str, typer.Argument(help="The code of the dataset.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    mode: Annotated[
        report.Mode | None, typer.Option(help="What the file is; the dataset says otherwise.")
    ] = None,
    confirm_deletions: Annotated[
        bool, typer.Option(help="Let a full extract delete most of what is known.")
    ] = False,
    url: Url = None,
) -> None:
    """Sends a file through ingest; prints the receipt and the rejections."""
    door = Door(url or _ingest_address())
    options: dict[str, str] = {}
    if mode is not None:
        options["mode"] = mode.value
    if confirm_deletions:
        options["confirm_deletions"] = "true"
    try:
        with report.progress(console, bytes_read=True) as bar:
            task = bar.add_task(f"Sending {file.name}", total=file.stat().st_size)
            receipt = door.upload(dataset, file, options, lambda n: bar.advance(task, n))
    except NotReached as failure:
        _cannot(str(failure))
    except Refused as refusal:
        if "batch" not in refusal.problem:
            _refused(refusal)
        # Every row was rejected: the problem is the receipt as well.
        receipt = refusal.problem
    report.receipt(console, receipt)
    rejected = int(receipt["rejected"])
    if rejected:
        report.rejections(console, list(door.rejections(receipt["batch"])))
    door.close()
    if rejected and not receipt["accepted"] and not receipt["unchanged"]:
        raise typer.Exit(1)


@app.command()
def verify(
    data_dir: Annotated[
        Path | None, typer.Option(help="A system's data directory, if not this folder's.")
    ] = None,
    ingest_store: Annotated[str | None, typer.Option(help="Address of ingest's store.")] = None,
    publisher_store: Annotated[
        str | None, typer.Option(help="Address of the publisher's store.")
    ] = None,
    indicators_store: Annotated[
        str | None, typer.Option(help="Address of the indicators service's store.")
    ] = None,
) -> None:
    """Recomputes every published value from the current records, by separate code."""
    here = remembered(Path())
    if data_dir is not None:
        # The folder's own system may well be this one, with its ports and whether it is running.
        same = here is not None and Path(here.data_dir) == data_dir.resolve()
        system = here if here is not None and same else in_data_dir(data_dir)
    elif ingest_store and publisher_store:
        system = in_data_dir(Path())
    elif here is not None:
        system = here
    else:
        _cannot("No system was started in this folder. Name one with --data-dir DIR.")
    stores = Stores(
        ingest_store or system.stores["ingest"],
        publisher_store or system.stores["publisher"],
        indicators_store or (None if ingest_store else system.stores["indicators"]),
    )
    try:
        if system.running():
            # A real system's changes go on; the simulated ones can wait.
            with pausing(Path(system.data_dir)):
                found = _verify_running(system, stores)
        else:
            with console.status("Recomputing everything"):
                found = look(stores)
    except (StoreUnreadable, Unsettled) as failure:
        _cannot(str(failure))
    report.verification(console, found)
    if found.mismatches:
        raise typer.Exit(1)


def _verify_running(system: System, stores: Stores) -> Report:
    with console.status("Waiting until nothing is under way"):
        quiet = wait_until_quiet(system, SystemClock(), QUIET_SECONDS, time.sleep)
    if not quiet:
        console.print(
            f"The system was not at rest within {QUIET_SECONDS:.0f} s; comparing all the same."
        )
    with console.status("Recomputing everything"):
        return verify_running(stores, time.sleep)


@app.command()
def replay(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(PORTS)}.")],
    url: Annotated[str | None, typer.Option(help="Where the service answers, if not here.")] = None,
) -> None:
    """Rebuilds a service's projections from its topics, and waits until that is done."""
    if service not in PORTS:
        _cannot(f"There is no service {service!r}; there are {', '.join(PORTS)}.")
    system = remembered(Path())
    if url is None and system is None:
        _cannot("No system was started in this folder. Name the service's address with --url.")
    address = url or (system.address(service) if system else "")
    clock = SystemClock()
    try:
        asked = httpx2.post(f"{address}/admin/replay", timeout=30)
        if asked.status_code != 202:
            _refused(Refused(asked.status_code, asked.json()))
        until = clock.monotonic() + REPLAY_SECONDS
        with console.status(f"{service} is rebuilding"):
            while httpx2.get(f"{address}/admin/replay", timeout=30).json()["rebuilding"]:
                if clock.monotonic() > until:
                    _cannot(f"{service} was still rebuilding after {REPLAY_SECONDS:.0f} s.")
                time.sleep(0.3)
    except httpx2.HTTPError as failure:
        _cannot(f"No answer from {address} ({type(failure).__name__}). Is the system running?")
    console.print(f"{service} has rebuilt everything from its topics.")


def _start(system: System, embedded: bool, work: Callable[[Runner], None]) -> None:
    def say(text: str) -> None:
        console.print(text, style="yellow", markup=False)

    console.print(f"Starting; data and logs are in {system.data_dir}", markup=False)
    Path(system.data_dir).mkdir(parents=True, exist_ok=True)
    try:
        Runner(system, embedded, Path(), SystemClock(), say).run(work)
    except (CannotStart, sample_council.SampleIsWrong, Refused) as failure:
        _cannot(str(failure))
    console.print("Every process has ended.")


def _show_address(system: System, title: str) -> None:
    lines = [
        f"Dashboard  {system.address('publisher')}/",
        f"Door in    {system.address('ingest')}/docs",
        "Ctrl-C ends every process.  `irf verify` checks every figure.",
    ]
    console.print(Panel("\n".join(lines), title=title, expand=False))


def _forget_last_demo() -> None:
    """A demo's temporary folder goes when the next demo begins in the same place."""
    last = remembered(Path())
    if last is not None and last.temporary and not last.running():
        shutil.rmtree(last.data_dir, ignore_errors=True)


def _ingest_address() -> str:
    system = remembered(Path())
    return system.address("ingest") if system else "http://127.0.0.1:8001"


def _refused(refusal: Refused) -> NoReturn:
    errors.print(str(refusal), style="red", markup=False)
    problems: list[Any] = refusal.problem.get("problems") or []
    for problem in problems:
        errors.print(f"  {problem}", markup=False)
    raise typer.Exit(1)


def _cannot(why: str) -> NoReturn:
    errors.print(why, style="red", markup=False)
    raise typer.Exit(2)


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
