"""The files of pages: those of the frame, a service's own, and GOV.UK Frontend as npm installed it.

Rule: a fixed list, read once; no address reaches the disk. Councils do not wear GOV.UK's typeface,
so it is taken out of the stylesheet before anybody is served it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response

from shared.runtime.problems import Problem
from shared.web.packing import packed, takes_gzip

KEPT = "public, max-age=31536000, immutable"
FRAME = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
OURS = ("frame.css", "irf.js", "mark.svg")
THEIRS = ("govuk-frontend.min.css", "govuk-frontend.min.js")
# Where npm puts GOV.UK Frontend; without it pages are plain.
ASSETS = Path(__file__).resolve().parents[2] / "node_modules" / "govuk-frontend" / "dist" / "govuk"

_FONT_FACE = re.compile(rb"@font-face\{[^}]*\}")
_CREST = re.compile(rb"url\(/assets/[^)]*\)")
_SOURCE_MAP = re.compile(rb"\n?/[/*]# sourceMappingURL=\S+( \*/)?\s*$")

log = structlog.get_logger()


@dataclass(frozen=True)
class File:
    """A file as it is served; `packed` is its content compressed."""

    content: bytes
    media_type: str
    mark: str
    packed: bytes


def load(assets: Path, own: Mapping[Path, Sequence[str]]) -> dict[str, File]:
    """Reads every file that there is: the frame's, and a service's own by folder."""
    found: dict[str, File] = {}
    for folder, names in ((FRAME, OURS), *own.items(), (assets, THEIRS)):
        for name in names:
            path = folder / name
            if not path.is_file():
                log.warning("page-asset-missing", file=str(path))
                continue
            content = _SOURCE_MAP.sub(b"", path.read_bytes())
            if name == "govuk-frontend.min.css":
                content = without_typeface(content)
            mark = sha256(content).hexdigest()[:12]
            found[name] = File(content, TYPES[path.suffix], mark, packed(content))
    return found


def without_typeface(css: bytes) -> bytes:
    """The stylesheet in Arial, without the crown's typeface and crest."""
    css = _CREST.sub(b"none", _FONT_FACE.sub(b"", css))
    css = css.replace(b"GDS Transport,arial,sans-serif", b"Arial,Helvetica,sans-serif")
    return css.replace(b"GDS Transport", b"Arial")


def files(loaded: Mapping[str, File]) -> APIRouter:
    """Serves the files. Their addresses carry a mark of their content, so they keep for a year."""
    router = APIRouter(include_in_schema=False)

    @router.get("/static/{name}")
    async def static(request: Request, name: str, v: str = "") -> Response:
        found = loaded.get(name)
        if found is None:
            raise Problem(404, "There is no such file.")
        headers = {
            "Cache-Control": KEPT if v == found.mark else "no-cache",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        content = found.content
        if takes_gzip(request):
            content, headers["Content-Encoding"] = found.packed, "gzip"
        return Response(content, media_type=found.media_type, headers=headers)

    return router
