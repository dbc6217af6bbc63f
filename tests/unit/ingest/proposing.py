"""A file, the contract that is proposed for it, and what the file comes to by that contract."""

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import Prepared
from services.ingest.inferring import inferred
from shared.catalogue.check import check, read
from shared.catalogue.model import Dataset, Field
from shared.catalogue.yaml_files import load_directory
from tests.unit.ingest.contracts import checked


@dataclass
class Told:
    """What was proposed: the text, and the dataset that the text means."""

    text: str
    dataset: Dataset

    @property
    def types(self) -> dict[str, str]:
        """The fields that are let in, and their types."""
        return {each.name: each.type for each in self.dataset.fields}

    def field(self, name: str) -> Field:
        """A field that is let in."""
        [found] = [each for each in self.dataset.fields if each.name == name]
        return found

    @property
    def unsure(self) -> str:
        """Every doubt, on one line."""
        return " ".join(self.text.replace("\n", " ").replace("#", " ").split())


def proposal(raw: str | bytes, name: str = "file.csv", sheet: str | None = None) -> Told:
    """What is proposed for a file; it passes the check."""
    content = raw if isinstance(raw, bytes) else raw.encode()
    text = inferred(io.BytesIO(content), name, "proposed", "A file", sheet)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "proposed.yml").write_text(text, "utf-8")
        document, positions = load_directory(folder)
    assert check(document, positions) == [], text
    return Told(text, read(document).datasets["proposed"])


def loaded(raw: str | bytes, told: Told) -> Prepared:
    """What the file comes to by the contract that was proposed for it."""
    return checked(raw, Contract(told.dataset))
