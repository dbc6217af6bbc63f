"""What is held of every page, whichever service shows it: that it is for everybody.

A page is opened once, and looked at in every way in which people meet it: on a large screen and a
small one, by a screen reader, on paper, in colours of their own, by keyboard, without a script.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize

from shared.identity.identity import COOKIE
from tests.integration import eyes

WIDE: ViewportSize = {"width": 1280, "height": 900}
# What is enlarged four times on a screen of 1280 has the room of 320.
NARROW: ViewportSize = {"width": 320, "height": 640}
# The room for words on a sheet of A4, upright and lying, in CSS pixels.
UPRIGHT, LYING = 718, 1032
TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
INLINE = (" style=", " onclick=", " onload=", "<style", "javascript:")


@dataclass
class Seen:
    """A browser with a tab for pages, another that runs no scripts, and what was wrong in the
    first meanwhile."""

    address: str
    tab: Page
    keys: CDPSession
    plain: Page
    said: list[str] = field(default_factory=list)

    def open(self, path: str, person: str = "") -> None:
        """Opens a page, on a large screen, as somebody or as nobody."""
        for context in (self.tab.context, self.plain.context):
            context.clear_cookies()
            if person:
                context.add_cookies([{"name": COOKIE, "value": person, "url": self.address}])
        self.said.clear()
        self.tab.emulate_media(media="screen", forced_colors="none")
        self.tab.set_viewport_size(WIDE)
        self.tab.goto(path)

    def faults(self, path: str, person: str = "", *, closely: bool = False) -> dict[str, list[str]]:
        """What is wrong with a page, by how it was met; `closely` tries what costs more too."""
        self.open(path, person)
        found = {"wide": self._look(eyes.CUT_OR_OVER)}
        if closely:
            found |= self.without_a_script(path)
        self.tab.set_viewport_size(NARROW)
        found["narrow"] = self._look(eyes.CUT_OR_OVER)
        found["axe"] = eyes.axe_finds(self.tab)
        if closely:
            self.tab.emulate_media(forced_colors="active")
            found["in colours of one's own"] = [
                *eyes.axe_finds(self.tab, eyes.OF_COLOURS),
                *self._look(eyes.COLOUR_ALONE),
            ]
        lying = self.tab.locator(".irf-wide, .irf-strategic").count() > 0
        self.tab.set_viewport_size({"width": LYING if lying else UPRIGHT, "height": 900})
        self.tab.emulate_media(media="print", forced_colors="none")
        found["on paper"] = self._look(eyes.ON_PAPER)
        if closely:
            self.tab.emulate_media(media="screen")
            self.tab.set_viewport_size(WIDE)
            found["by keyboard"] = self._by_keyboard()
        found["said by the browser"] = list(self.said)
        return {how: wrong for how, wrong in found.items() if wrong}

    def _look(self, script: str) -> list[str]:
        return list(self.tab.evaluate(script))

    def _by_keyboard(self) -> list[str]:
        for _ in range(self.tab.evaluate(eyes.REACHABLE) + 1):
            self.keys.send("Input.dispatchKeyEvent", TAB)
        found = self._look(eyes.MISSED)
        for summary in self.tab.locator("main summary").all()[:2]:
            opened = "each => each.parentElement.open"
            before = summary.evaluate(opened)
            summary.press("Enter")
            if summary.evaluate(opened) is before:
                found.append(f"is not opened by a key: {summary.inner_text()}")
        return found

    def without_a_script(self, path: str) -> dict[str, list[str]]:
        """What the open page says or offers, and does not where no script runs."""
        self.plain.goto(path)
        return {
            f"{name} without a script": _unlike(self._look(script), self.plain.evaluate(script))
            for name, script in (("usable", eyes.USABLE), ("words", eyes.WORDS))
        }


def _unlike(one: list[str], other: list[str]) -> list[str]:
    """The first thing in which two lists differ."""
    for here, there in zip_longest(one, other, fillvalue="nothing"):
        if here != there:
            return [f"{there}, and with a script {here}"]
    return []


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Seen]:
    """A tab that notes every fault in its console, and whatever it asks of anybody else."""
    context = browser.new_context(base_url=address)
    context.add_init_script(AXE_SCRIPT)
    tab = context.new_page()
    plain = browser.new_context(base_url=address, java_script_enabled=False, viewport=WIDE)
    found = Seen(address, tab, context.new_cdp_session(tab), plain.new_page())
    tab.on("pageerror", lambda error: found.said.append(str(error)))
    tab.on(
        "console",
        # That a page was not found is what its own status says.
        lambda said: (
            found.said.append(said.text)
            if said.type in ("error", "warning") and "404" not in said.text
            else None
        ),
    )
    tab.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((f"{address}/", "data:")) else found.said.append(asked.url)
        ),
    )
    yield found
    plain.close()
    context.close()


def may_do_little(answer: Any, *, framed: bool = False) -> None:
    """A page's headers let it do nothing that it need not, and nothing stands in it that they
    would have to let."""
    rules = dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers["content-security-policy"].split(";")
    )
    assert "unsafe" not in str(rules)
    assert rules["default-src"] in ("'self'", "'none'")
    assert rules.get("script-src", rules["default-src"]) in ("'self'", "'none'")
    assert rules["style-src"] == "'self'"
    assert rules["base-uri"] == "'none'"
    assert rules["frame-ancestors"] == ("'self'" if framed else "'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert not [each for each in INLINE if each in answer.text]
    assert answer.text.count("<h1") == 1
