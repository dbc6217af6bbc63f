"""python -m tests.gallery: a picture of every page of the sample council, to be looked at.

Starts the demo on ports of its own, without changes, takes each page as it stands on a wide and on
a narrow screen, and writes them with an index to .data/gallery.
"""

import html
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
from playwright.sync_api import BrowserContext, Error, sync_playwright

from deploy.local.system import ROOT
from shared.identity.identity import COOKIE
from tests import pages
from tests.pages import Lead

PORT_BASE = 31_800
PUBLISHER, INGEST = (f"http://127.0.0.1:{PORT_BASE + offset}" for offset in (0, 1))
FOLDER = ROOT / ".data" / "gallery"
READY_SECONDS = 240.0
SCREENS = {"wide": 1200, "narrow": 320}
PERSONA = "performance-officer"


@dataclass(frozen=True)
class Shot:
    """A page and what it is called."""

    name: str
    address: str


def main() -> None:
    """Takes them all; exits 1 where a page was no page."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with TemporaryDirectory(prefix="irf-gallery-") as folder:
        command = [sys.executable, "-m", "deploy.local.cli", "demo", "--no-simulate"]
        command += ["--port-base", str(PORT_BASE), "--data-dir", folder]
        demo = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            _wait(demo)
            wrong = _take(_pages())
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(120)
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures: {FOLDER / 'index.html'}\n")
    if wrong:
        sys.stdout.write("\n".join(wrong) + "\n")
        sys.exit(1)


def _wait(demo: "subprocess.Popen[bytes]") -> None:
    """Returns once the sample council's figures stand on pages."""
    until = time.monotonic() + READY_SECONDS
    before = -1
    while time.monotonic() < until:
        if demo.poll() is not None:
            raise SystemExit("The demo ended by itself.")
        time.sleep(3)
        try:
            found = httpx2.get(f"{PUBLISHER}/v1/indicators", timeout=30).json()["indicators"]
        except (httpx2.HTTPError, KeyError, ValueError):
            continue
        known = sum(1 for each in found if each["value"])
        if known and known == before:
            return
        before = known
    raise SystemExit("The sample council was not ready in time.")


def _pages() -> list[Shot]:
    """Every kind of page, with something on it."""
    return [
        Shot(f"{prefix}{kind.name}", f"{base}{_address(kind.sample)}")
        for prefix, base, kinds in (
            ("", PUBLISHER, pages.PUBLISHER),
            ("people-", INGEST, pages.INGEST),
        )
        for kind in kinds
        if kind.sample
    ]


def _address(sample: str | Lead) -> str:
    if isinstance(sample, str):
        return sample
    path = _address(sample.on)
    text = httpx2.get(f"{PUBLISHER}{path}", timeout=30).text
    found = re.search(rf'href="({sample.pattern})"', text)
    # A page that is not to be had is told with all others that are no pages.
    return html.unescape(found[1]) if found else f"/nothing-like-that-on{path}"


def _take(shots: list[Shot]) -> list[str]:
    wrong: list[str] = []
    lines: list[str] = []
    with sync_playwright() as play:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for screen, width in SCREENS.items():
            context = browser.new_context(viewport={"width": width, "height": 900})
            context.add_cookies([{"name": COOKIE, "value": PERSONA, "url": PUBLISHER}])
            for shot in shots:
                file = f"{shot.name}-{screen}.png"
                wrong += _shoot(context, shot, FOLDER / file)
                shown = html.escape(f"{shot.name}, {screen}")
                lines.append(f'<h2>{shown}</h2>\n<img src="{file}" alt="{shown}" width="{width}">')
            context.close()
        browser.close()
    page = "<!DOCTYPE html>\n<html lang=en><title>Pages</title>\n" + "\n".join(lines)
    (FOLDER / "index.html").write_text(page, "utf-8")
    return wrong


def _shoot(context: BrowserContext, shot: Shot, file: Path) -> list[str]:
    page = context.new_page()
    try:
        answer = page.goto(shot.address)
        page.wait_for_timeout(300)
        page.screenshot(path=file, full_page=True)
        expected = 404 if shot.name == "not-found" else 200
        if answer is None or answer.status != expected:
            return [f"{shot.address} answered {answer.status if answer else 'nothing'}"]
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        return [f"{shot.address} needs sideways scrolling ({file.name})"] if wide else []
    except Error as error:
        return [f"{shot.address}: {error.message.splitlines()[0]}"]
    finally:
        page.close()


if __name__ == "__main__":
    main()
