"""What a batch moves of things that several records make: which things, why, and their records."""

from collections.abc import Iterable, Iterator

from services.risk.books.book import later
from services.risk.world import Told, World
from shared.contracts.fields import Fields, text
from shared.delivery.change import Cause


class Moved:
    """Things that a batch moves, each with the newest cause, by what they are known by."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._causes: dict[str, Cause] = {}

    def take(self, told: Told, kind: str, field: str) -> None:
        """A record names a thing in a field: it is linked to it, and what it named moves."""
        named = [
            [text(fields, field)] if fields is not None else []
            for fields in (told.before, told.after)
        ]
        self._world.links.note(told.record, kind, *named)
        for thing in {*named[0], *named[1]}:
            self.touch(thing, told.cause)

    def touch(self, thing: str, cause: Cause) -> None:
        """A thing is to be settled."""
        self._causes[thing] = later(self._causes.get(thing), cause)

    def touch_all(self, kind: str, cause: Cause) -> None:
        """Every thing of a kind is to be settled."""
        for thing in self._world.links.targets(kind):
            self.touch(thing, cause)

    def __iter__(self) -> Iterator[tuple[str, Cause]]:
        return iter(self._causes.items())

    def records(self, kinds: Iterable[str]) -> dict[str, dict[str, dict[str, Fields]]]:
        """By thing and kind of link, the records that name it, in order of their subjects."""
        linked = {kind: self._world.links.of(kind, self._causes) for kind in kinds}
        wanted = [record for of in linked.values() for records in of.values() for record in records]
        fields = self._world.fields(wanted)
        found: dict[str, dict[str, dict[str, Fields]]] = {}
        for thing in self._causes:
            found[thing] = {
                kind: {each: fields[each] for each in of.get(thing, ()) if each in fields}
                for kind, of in linked.items()
            }
        return found
