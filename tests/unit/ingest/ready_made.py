"""The ready-made contracts, and what a file comes to by one of them."""

from typing import Any

import msgspec

from deploy.local.system import ROOT
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import Prepared
from services.ingest.domain.pseudonyms import Pseudonyms
from shared.catalogue.check import read
from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.references import References, table_of
from shared.catalogue.yaml_files import load_directory
from shared.contracts.states import Record
from tests.unit.ingest.contracts import checked

FOLDER = ROOT / "deploy" / "contracts"
DOCUMENT, POSITIONS = load_directory(FOLDER)
CATALOGUE = read(DOCUMENT)
BOM = "\ufeff"
PSEUDONYMS = Pseudonyms("a key of these tests, of more than 32 characters")


def ready(code: str) -> Contract:
    """The ready-made contract of a dataset."""
    return Contract(CATALOGUE.datasets[code], PSEUDONYMS)


def taken(code: str, text: str | bytes) -> Prepared:
    """What a file comes to."""
    return checked(text, ready(code))


def kept(prepared: Prepared) -> list[dict[str, Any]]:
    """The fields of the rows that were let in, in order."""
    bodies = (body for _, body in prepared.states)
    return [msgspec.json.decode(body or b"", type=Record).fields for body in bodies]


def only(prepared: Prepared, *names: str) -> list[tuple[Any, ...]]:
    """Some of the fields of each row that was let in."""
    return [tuple(fields[name] for name in names) for fields in kept(prepared)]


def counted(measure: str, *prepared: Prepared) -> int:
    """How many of the rows of the first file a measure counts, the others being looked into."""
    asked = CATALOGUE.measures[measure]
    tables = {
        code: table_of(CATALOGUE.datasets[code].key, kept(each))
        for each in prepared[1:]
        for code in {subject.partition("/")[0] for subject, _ in each.states}
    }
    looked_into = References(CATALOGUE.datasets, tables)
    of = CATALOGUE.datasets[asked.dataset]
    compiled = CompiledMeasure(asked, of, (), (), looked_into)
    found = [each for row in kept(prepared[0]) for each in compiled.contributions(row)]
    return sum(count for _, count, _ in found)
