"""All books, and which of them a record or a state is for."""

from collections import defaultdict
from collections.abc import Iterator

from services.risk.books.actions import Actions
from services.risk.books.book import Book
from services.risk.books.challenges import Challenges
from services.risk.books.cycles import Cycles
from services.risk.books.figures import Figures
from services.risk.books.projects import Projects
from services.risk.books.quarters import Quarters
from services.risk.books.reminders import Reminders
from services.risk.books.reviews import Reviews
from services.risk.books.risks import Risks
from services.risk.world import Heard, Told, World
from shared.delivery.change import Cause, Statement


class Books:
    """Every book of one batch, in the order in which they settle."""

    def __init__(self, world: World) -> None:
        self._world = world
        quarters, figures = Quarters(world), Figures(world)
        challenges = Challenges(world, figures)
        reviews = Reviews(world, quarters, figures, challenges)
        self._all: list[Book] = [
            Risks(world),
            Actions(world),
            Projects(world),
            challenges,
            reviews,
            Cycles(world, quarters, reviews),
            Reminders(world, quarters, figures, challenges, reviews),
        ]
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
        """What follows from all that was taken and heard. Books that settle later hear of risks as
        they are stated now."""
        self._world.links.write()
        for book in self._all:
            for statement in book.settle():
                if isinstance(book, Risks):
                    topic, subject, body, cause = statement
                    self.hear(Heard(topic, subject, None, body, cause))
                yield statement

    def pass_time(self, cause: Cause) -> None:
        """Asks every book to settle what depends on the day."""
        for book in self._all:
            book.pass_time(cause)
