"""A proposal as a piece of a catalogue in YAML, with the evidence as comments.

Rule: what was read from a file is text in quotes, whatever it holds; a comment is one line.
"""

from collections.abc import Iterator

from services.ingest.domain.inferring.proposal import Proposal
from services.ingest.domain.inferring.sample import Sample
from shared.catalogue.model import Field

WIDTH = 100
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", ""})


def written(proposal: Proposal, sample: Sample) -> str:
    """The proposal, ready to be pasted into a catalogue."""
    return "\n".join(_lines(proposal, sample)) + "\n"


def _lines(proposal: Proposal, sample: Sample) -> Iterator[str]:
    dataset = proposal.dataset
    yield from _comment(
        f"Proposed from {sample.name}: {proposal.rows:,} rows under the headings in row "
        f"{sample.row} ({sample.form}). {proposal.let_in:,} of them are let in by it."
    )
    yield from _comment("UNSURE begins what a person has to decide. Then delete the comments.")
    for each in proposal.told:
        yield from _comment(f"{each[:1].upper()}{each[1:]}.")
    for each in proposal.unsure:
        yield from _comment(f"UNSURE: {each}.")
    yield "datasets:"
    yield f"  - code: {quoted(dataset.code)}"
    yield f"    title: {quoted(dataset.title)}"
    yield from _comment(
        "UNSURE: does a file list every record (full), or what changed (changes)? Nothing tells.", 4
    )
    yield f"    extract: {dataset.extract}"
    for each in proposal.about_key:
        yield from _comment(f"UNSURE: {each}.", 4)
    key = dataset.key
    yield f"    key: {key if isinstance(key, str) else '[' + ', '.join(map(quoted, key)) + ']'}"
    yield "    fields:"
    for found in proposal.fields:
        heading = quoted(found.column.heading.strip())
        yield from _comment(f"{heading}: {found.because}.", 6)
        if blanks := found.column.blanks:
            yield from _comment(f"{blanks:,} blank.", 6)
        if found.left_out:
            yield from _comment(f"UNSURE: left out, since it seems to hold {found.left_out}.", 6)
            yield f"      # - {_field(found.field, personal=True)}"
            continue
        for each in found.unsure:
            yield from _comment(f"UNSURE: {each}.", 6)
        yield f"      - {_field(found.field)}"


def _field(field: Field, *, personal: bool = False) -> str:
    parts = [f"name: {quoted(field.name)}", f"headers: {_listed(field.headers)}"]
    parts.append(f"type: {field.type}")
    if field.formats:
        parts.append(f"formats: {_listed(field.formats)}")
    if field.choices:
        parts.append(f"choices: {_listed(field.choices)}")
    if field.max_length is not None:
        parts.append(f"max_length: {field.max_length}")
    if field.null_markers:
        parts.append(f"null_markers: {_listed(field.null_markers)}")
    if personal:
        parts.append("personal: identifier")
    return "{" + ", ".join(parts) + "}"


def _listed(values: list[str]) -> str:
    return "[" + ", ".join(map(quoted, values)) + "]"


def quoted(text: str) -> str:
    """A text as YAML has it: plain where nothing else could be meant, else in double quotes."""
    plain = set(text) <= _PLAIN | {"-"} and text[:1].isalpha() and text.lower() not in _WORDS
    if plain and not text.endswith("-"):
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    code = ord(character)
    if character.isprintable() and code not in (0xFEFF, 0xFFFE, 0xFFFF):
        return character
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _comment(text: str, indent: int = 0) -> Iterator[str]:
    """A comment of as many lines as it needs; whatever a file put into it stays on its line."""
    room = WIDTH - indent
    line = ""
    text = text.replace("?.", "?")
    for word in _one_line(text).split(" "):
        if line and len(line) + 1 + len(word) > room - 2:
            yield f"{' ' * indent}# {line}"
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield f"{' ' * indent}# {line}"


def _one_line(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)
