"""Asks the drawing process for pictures, one at a time, and remembers the newest.

Rule: a page waits for a picture no longer than a moment. A process that dies or hangs is ended and
made anew for the next picture; the same specification is drawn once.
"""

import subprocess
import sys
import threading
from base64 import b64decode
from collections import OrderedDict
from hashlib import sha256
from typing import Any, Literal

import msgspec
import structlog

from services.publisher.domain.vega import SCHEMA
from services.publisher.metrics import PICTURES_DRAWN

PATIENCE_SECONDS = 10.0
KEPT = 400
Format = Literal["svg", "png"]
# Small, but with all that charts need: a scale, an axis and a text.
_FIRST = {
    "$schema": SCHEMA,
    "data": {"values": [{"day": 1, "number": 2}]},
    "mark": "line",
    "encoding": {
        "x": {"field": "day", "type": "quantitative"},
        "y": {"field": "number", "type": "quantitative"},
    },
}

log = structlog.get_logger()
_encode = msgspec.json.Encoder(order="sorted").encode
_said = msgspec.json.Decoder(dict[str, str]).decode


class Painter:
    """Draws from any thread."""

    def __init__(self, command: tuple[str, ...] = ()) -> None:
        self._command = command or (sys.executable, "-m", "services.publisher.painting.child")
        # The process draws one at a time; what is drawn already waits for no drawing.
        self._drawing = threading.Lock()
        self._keeping = threading.Lock()
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._child: subprocess.Popen[bytes] | None = None

    def warm(self) -> None:
        """Starts the process, so that nobody waits for it with the first picture."""
        self.svg(_FIRST)

    def svg(self, spec: dict[str, Any]) -> str | None:
        """The picture as the text of an SVG element; None where it cannot be drawn."""
        found = self._picture(spec, "svg")
        return None if found is None else found.decode()

    def png(self, spec: dict[str, Any]) -> bytes | None:
        """The picture as a PNG file; None where it cannot be drawn."""
        return self._picture(spec, "png")

    def close(self) -> None:
        """Ends the process."""
        with self._drawing:
            self._end()

    def _picture(self, spec: dict[str, Any], form: Format) -> bytes | None:
        asked = _encode({"format": form, "spec": spec})
        name = sha256(asked).digest()
        found = self._remembered(name)
        if found is not None:
            return found
        with self._drawing:
            # Somebody may have drawn it while we waited.
            found = self._remembered(name) or self._draw(asked, form)
            if found is not None:
                self._remember(name, found)
            return found

    def _remembered(self, name: bytes) -> bytes | None:
        with self._keeping:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def _remember(self, name: bytes, picture: bytes) -> None:
        with self._keeping:
            self._kept[name] = picture
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def _draw(self, asked: bytes, form: Format) -> bytes | None:
        child = self._child
        if child is None or child.poll() is not None:
            self._end()
            child = self._child = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        ending = threading.Timer(PATIENCE_SECONDS, child.kill)
        ending.start()
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(asked + b"\n")
            child.stdin.flush()
            line = child.stdout.readline()
            said = _said(line)
        except (OSError, msgspec.MsgspecError):
            log.warning("picture-not-drawn", error="the drawing process ended")
            PICTURES_DRAWN.labels("failed").inc()
            self._end()
            return None
        finally:
            ending.cancel()
        if "error" in said:
            log.warning("picture-not-drawn", error=said["error"])
            PICTURES_DRAWN.labels("failed").inc()
            return None
        PICTURES_DRAWN.labels("drawn").inc()
        return b64decode(said["png"]) if form == "png" else said["svg"].encode()

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe is not None:
                    pipe.close()
            self._child = None
