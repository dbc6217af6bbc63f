"""All books, and which of them a record or a state is for."""

from collections import defaultdict
from collections.abc import Iterator

from services.risk.books.actions import Actions
from services.risk.books.book import Book
from services.risk.books.projects import Projects
from services.risk.books.risks import Risks
from services.risk.world import Heard, Told, World
from shared.delivery.change import Cause, Statement


class Books:
    """Every book of one batch, in the order in which they settle."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._all: list[Book] = [Risks(world), Actions(world), Projects(world)]
        self._by_role: defaultdict[str, list[Book]] = defaultdict(list)
        self._by_topic: defaultdict[str, list[Book]] = defaultdict(list)
        for book in self._all:
            for role in book.ROLES:
                self._by_role[role].append(book)
            for topic in book.TOPICS:
                self._by_topic[topic].append(book)

    @property
    def datasets(self) -> list[str]:
        """The datasets of which any book is kept."""
        listed = self._world.catalogue.datasets.values()
        return [each.code for each in listed if each.role in self._by_role]

    def take(self, told: Told) -> None:
        """Hands a record to the books that it is for."""
        for book in self._by_role.get(told.role, ()):
            book.take(told)

    def hear(self, heard: Heard) -> None:
        """Hands a state to the books that listen to its topic."""
        for book in self._by_topic.get(heard.topic, ()):
            book.hear(heard)

    def settle(self) -> Iterator[Statement]:
        """What follows from all that was taken and heard."""
        self._world.links.write()
        for book in self._all:
            yield from book.settle()

    def pass_time(self, cause: Cause) -> None:
        """Asks every book to settle what depends on the day."""
        for book in self._all:
            book.pass_time(cause)
