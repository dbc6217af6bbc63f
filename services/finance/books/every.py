"""All books, and which of them a record is for."""

from collections import defaultdict
from collections.abc import Iterator

from services.finance.books.book import Book
from services.finance.books.capital import Capital
from services.finance.books.contracts import Contracts
from services.finance.books.cost_centres import CostCentres
from services.finance.books.hints import Hints
from services.finance.books.intentions import Intentions
from services.finance.books.reconciliations import Reconciliations
from services.finance.books.reserves import Reserves
from services.finance.books.savings import Savings
from services.finance.books.spending import Spending
from services.finance.books.virements import Virements
from services.finance.world import Told, World
from shared.delivery.change import Cause, Statement


class Books:
    """Every book of one batch, in the order in which they settle."""

    def __init__(self, world: World) -> None:
        of_ledgers = (Spending(world), Hints(world))
        cost_centres = CostCentres(world)
        intentions = Intentions(world)
        # Virements tell the cost centres what they do to budgets, so they settle first.
        self._all: list[Book] = [
            *of_ledgers,
            Virements(world, cost_centres),
            cost_centres,
            Reconciliations(world),
            Capital(world),
            Savings(world),
            Reserves(world),
            # Contracts ask intentions who names them, and tell them when they expire.
            Contracts(world, intentions),
            intentions,
        ]
        by_role: defaultdict[str, list[Book]] = defaultdict(list)
        for book in self._all:
            for role in book.ROLES:
                by_role[role].append(book)
        self._by_dataset: dict[str, tuple[Book, ...]] = {
            code: tuple(by_role[dataset.role or ""])
            for code, dataset in world.catalogue.datasets.items()
            if dataset.role in by_role
        }
        for ledger in {each.dataset for each in world.catalogue.ledgers.values()}:
            self._by_dataset[ledger] = (*self._by_dataset.get(ledger, ()), *of_ledgers)

    @property
    def datasets(self) -> list[str]:
        """The datasets of which any book is kept."""
        return list(self._by_dataset)

    def take(self, told: Told) -> None:
        """Hands a record to the books that it is for."""
        for book in self._by_dataset.get(told.dataset, ()):
            book.take(told)

    def settle(self) -> Iterator[Statement]:
        """What follows from all that was taken."""
        for book in self._all:
            yield from book.settle()

    def pass_time(self, cause: Cause) -> None:
        """Asks every book to settle what depends on the day."""
        for book in self._all:
            book.pass_time(cause)
