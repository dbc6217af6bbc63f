"""Pages and files compressed on their way, for browsers that take that.

Rule: nothing is compressed for somebody who is signed in. The length of an answer that holds both
words from its address and what is not for everybody would tell strangers of the latter (BREACH).
Streams and calls are left as they are.
"""

import asyncio
import gzip
import re

from fastapi import Request
from fastapi.responses import Response

from shared.identity.identity import COOKIE

LEAST = 1_000
"""So many bytes are worth it."""

_NONE = re.compile(r"q=0(\.0*)?")


def takes_gzip(request: Request) -> bool:
    """Whether whoever asks can read what is compressed."""
    for each in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = each.replace(" ", "").partition(";")
        if name == "gzip":
            return not _NONE.fullmatch(weight)
    return False


def packed(content: bytes) -> bytes:
    """The same bytes for the same content, whenever it is compressed."""
    return gzip.compress(content, 6, mtime=0)


async def packed_page(request: Request, answer: Response) -> Response:
    """The answer, compressed where it may be. One with a mark of its content stays as marked."""
    content = bytes(getattr(answer, "body", b""))  # what is sent bit by bit has none
    if len(content) < LEAST or "etag" in answer.headers or "content-encoding" in answer.headers:
        return answer
    answer.headers.add_vary_header("Accept-Encoding")
    answer.headers.add_vary_header("Cookie")
    if takes_gzip(request) and not _may_be_signed_in(request):
        # Not on the loop: a long page must not hold up the streams.
        answer.body = await asyncio.to_thread(packed, content)
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Content-Length"] = str(len(answer.body))
    return answer


def _may_be_signed_in(request: Request) -> bool:
    return COOKIE in request.cookies or "authorization" in request.headers
