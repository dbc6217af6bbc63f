"""The facts of a dashboard."""

from services.publisher.domain.pins import MOST, Dashboard, Pin, pin
from services.publisher.readmodel import Snapshot
from services.publisher.web.tables import Facts, frame
from services.publisher.web.tiles import tiles

KINDS = {
    "indicator": "indicators,supply",
    "service": "indicators,supply",
    "risk": "risks",
    "contract": "contracts",
    "scheme": "finance",
    "finance": "finance",
}


# What has no words of its own in the stream is read again when such a state comes.
REREAD = {"scheme": "finance-scheme", "finance": "finance-position finance-cost-centre"}


def page(
    view: Snapshot, asked: Dashboard, address: str, *, own: bool, remembers: bool, new: str
) -> Facts:
    """A dashboard as its address has it, with what is wrong in it."""
    found = tiles(view, asked.pins)
    named = {each: tile for each, tile in zip(asked.pins, found, strict=True) if tile}
    kinds = {kind for each in asked.pins for kind in KINDS[each.kind].split(",")}
    pinned = named.get(held) if (held := pin(new)) else None
    return {
        **frame(view, "/dashboard", {"kinds": ",".join(sorted(kinds))} if kinds else None),
        "wide": True,
        "dashboard": asked,
        "tiles": [
            {**(tile or _unknown(each)), "place": place}
            for place, (each, tile) in enumerate(zip(asked.pins, found, strict=True))
        ],
        "last": len(asked.pins) - 1,
        "address": address,
        "own": own,
        "remembers": remembers,
        "reread": " ".join(_reread(named)),
        "pinned": pinned,
        "wrong": [each[:60] for each in asked.wrong][:MOST],
        "most": MOST,
    }


def _unknown(pinned: Pin) -> Facts:
    return {"form": "unknown", "title": pinned.text()[:100], "about": ""}


def _reread(named: dict[Pin, Facts]) -> list[str]:
    """The events upon which the tiles are read again."""
    found = {"new-figures": None}
    for each, tile in named.items():
        if each.kind in REREAD and not tile["live"]:
            found[REREAD[each.kind]] = None
        if each.part(2) and each.kind == "indicator":
            found["new-members"] = None
    return list(found)
