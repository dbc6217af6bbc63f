"""What somebody may write into an address who means no good, or knows no better."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from fastapi.routing import APIRoute

MARK = "<script>alert('x')</script>"
LONG = "x" * 5_000

REFLECTED = (MARK, "<img src=x onerror")

# As they stand in an address, each already encoded.
VALUES = (
    "",
    "%00",
    LONG,
    quote(MARK),
    "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
    "%ED%A0%80",  # half of a surrogate pair
    "%C0%AF",
    "..%2F..%2Fetc%2Fpasswd",
    quote("'; DROP TABLE value; --"),
    quote("{{7*7}}${7*7}"),
    "%F0%9F%92%A9%E2%80%AE",  # an emoji, and a mark that turns the direction of text
    "-1",
    "99999999999999999999999999",
    "1e309",
    "%D9%A3",  # a three that is no ASCII digit
    "2026-02-30",
    "9999-12-31",
    "nothing",
    "%0D%0ASet-Cookie%3A%20a%3Db",
)

# What routes read from the whole query themselves.
READ_BY_HAND = {
    "/search": ("q", "kind"),
    "/dashboard": ("pin", "name", "pinned"),
    "/indicators/{code}/as-at": ("as_at", "as_at-day", "as_at-month", "as_at-year"),
    "/v1/risks/movements": ("quarter",),
}


def asked(route: APIRoute) -> list[str]:
    """The names of the parameters that a route has in its query."""
    return [
        *(field.alias for field in route.dependant.query_params),
        *READ_BY_HAND.get(route.path, ()),
    ]


def addresses(route: APIRoute, good: str) -> list[str]:
    """Hostile addresses of a route, of which `good` is an address that has an answer."""
    path, _, query = good.partition("?")
    kept = [part for part in query.split("&") if part]
    found = []
    for name in asked(route):
        rest = [part for part in kept if not part.startswith(f"{name}=")]
        tried = [f"{name}={value}" for value in VALUES]
        tried += [f"{name}=a&{name}=b", f"{name}[]=a", f"{name}"]
        found += [f"{path}?{'&'.join([*rest, each])}" for each in tried]
    places = route.path.split("/")
    written = path.split("/")
    for at, place in enumerate(places):
        if "{" in place:
            start, end = place.partition("{")[0], place.rpartition("}")[2]
            found += [
                "/".join([*written[:at], f"{start}{value}{end}", *written[at + 1 :]])
                for value in VALUES
            ]
    return found


def found_wrong(
    client: Any, tried: Iterable[str], leads_on: Callable[[str], bool]
) -> tuple[list[tuple[int | str, str]], int]:
    """What is wrong with the answers to hostile addresses of pages, and how many were tried:
    each gets a page, or somebody's file, and where it is refused a way on from there."""
    found: list[tuple[int | str, str]] = []
    every = list(tried)
    for address in every:
        answer = client.get(address)
        text, told = answer.text, answer.headers
        if answer.status_code not in (200, 303, 307, 400, 404):
            found.append((answer.status_code, address[:150]))
        elif "html" not in told.get("content-type", "html") and "content-disposition" not in told:
            found.append((told["content-type"], address[:150]))
        elif any(each in text for each in REFLECTED) or "Traceback" in text:
            found.append(("reflected", address[:150]))
        elif answer.status_code >= 400 and not leads_on(text):
            found.append(("no way on", address[:150]))
        elif "a=b" in told.get("set-cookie", ""):
            found.append(("a header was written", address[:150]))
    return found, len(every)
