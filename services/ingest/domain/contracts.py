"""The contracts in force, compiled once per catalogue."""

from collections.abc import Callable, Mapping
from datetime import date

from services.ingest.domain.contract import Contract
from services.ingest.domain.pseudonyms import Pseudonyms
from shared.catalogue.model import Catalogue, Dataset


class Contracts:
    """Contracts by dataset code. `stamp` names the catalogue that they were made from."""

    def __init__(self) -> None:
        self._by_code: dict[str, Contract] = {}
        self.catalogue = Catalogue()
        self.stamp: str | None = None
        self.loaded = False
        # Grows whenever others are put in force.
        self.turn = 0

    def get(self, dataset: str) -> Contract | None:
        """The contract of a dataset."""
        return self._by_code.get(dataset)

    def all(self) -> list[Contract]:
        """Every contract, by code."""
        return [self._by_code[code] for code in sorted(self._by_code)]

    def of_role(self, role: str) -> list[Contract]:
        """The contracts of the datasets with a role, by code."""
        return [each for each in self.all() if each.dataset.role == role]

    def replace(
        self, contracts: Mapping[str, Contract], catalogue: Catalogue, stamp: str | None
    ) -> None:
        """Puts these in force in place of the others, with the catalogue that they are of."""
        self._by_code = dict(contracts)
        self.catalogue = catalogue
        self.stamp = stamp
        self.loaded = True
        self.turn += 1


def compiled(
    datasets: Mapping[str, Dataset],
    pseudonyms: Pseudonyms | None = None,
    today: Callable[[], date] | None = None,
) -> tuple[dict[str, Contract], list[dict[str, str]]]:
    """The contracts of datasets, and what is wrong with those that cannot be compiled."""
    contracts: dict[str, Contract] = {}
    problems: list[dict[str, str]] = []
    for code, dataset in datasets.items():
        try:
            contracts[code] = Contract(dataset, pseudonyms, today)
        except ValueError as error:
            problems.append({"path": f"datasets.{code}", "message": f"{error}."})
    return contracts, problems
