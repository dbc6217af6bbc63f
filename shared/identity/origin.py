"""Where a request comes from: a form is taken only from a page of the same address.

Rule: a browser says where a form was sent from; who says nothing, or something else, is refused.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request

SAFE = frozenset({"GET", "HEAD"})


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own."""
    host = host.strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def from_own_page(request: Request) -> bool:
    """Whether a page of this very address sent the request. Origins are compared by host and port:
    in front of a service may stand what speaks TLS for it."""
    said = request.headers.get("sec-fetch-site")
    if said is not None and said != "same-origin":
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return said == "same-origin"
    host = request.headers.get("host", "")
    return bool(host) and urlsplit(origin).netloc.casefold() == host.casefold()
