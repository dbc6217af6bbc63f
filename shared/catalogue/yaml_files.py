"""A catalogue in a folder of YAML files: the document, and where each part of it stands.

Rule: a file means what it looks like. Only true, false, null and plain whole numbers are anything
but text (`no` is a text, `82.5` keeps its digits, a date stays as written); one name is given once;
anchors, aliases and tags are refused. What cannot be read is a problem with its line, not a crash.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from shared.catalogue.problems import Place, Positions, Problem

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_PLAIN_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}
_LARGEST_FILE = 5_000_000
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def load_directory(path: Path | str) -> tuple[dict[str, Any], Positions]:
    """The document that the folder's files make together, and its positions.

    What could not be read is in `positions.problems`, which `check` reports first.
    """
    folder = Path(path)
    document: dict[str, Any] = {}
    positions = Positions(places={}, problems=[])
    names = [
        each
        for each in sorted(folder.rglob("*"))
        if each.suffix in (".yaml", ".yml")
        and not any(part.startswith(".") for part in each.relative_to(folder).parts)
        and each.is_file()
    ]
    if not names:
        positions.problems.append(Problem("", "there is no YAML file in this folder", str(folder)))
    for name in names:
        _File(name, document, positions).read()
    return document, positions


class _File:
    """Reads one file into the document."""

    def __init__(self, path: Path, document: dict[str, Any], positions: Positions) -> None:
        self._path = path
        self._document = document
        self._positions = positions
        self._seen: set[int] = set()

    def read(self) -> None:
        try:
            if self._path.stat().st_size > _LARGEST_FILE:
                return self._problem("", f"the file is larger than {_LARGEST_FILE:,} bytes")
            text = self._path.read_bytes().decode("utf-8-sig")
            root = yaml.compose(text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            return self._problem("", f"this is not YAML: {error.problem or error.context}", mark)
        except yaml.YAMLError as error:
            return self._problem("", f"this is not YAML: {str(error).splitlines()[0]}")
        except UnicodeDecodeError:
            return self._problem("", "the file is not written in UTF-8")
        except RecursionError:
            return self._problem("", "the file is nested too deeply")
        if root is None:
            return None
        if not isinstance(root, yaml.MappingNode):
            return self._problem(
                "", "a file holds sections such as datasets: and indicators:", root.start_mark
            )
        for section, node in self._entries(root, ""):
            self._section(section, node)
        return None

    def _section(self, section: str, node: yaml.Node) -> None:
        held = self._document.get(section)
        if isinstance(node, yaml.SequenceNode) and isinstance(held, list | None):
            self._positions.places.setdefault(section, self._place(node))
            items = self._document[section] = held or []
            if self._plain(node, section):
                for each in node.value:
                    items.append(self._value(each, f"{section}[{len(items)}]"))
        elif isinstance(node, yaml.ScalarNode) and _scalar(node) is None:
            self._document.setdefault(section, None)
        elif held is not None:
            self._problem(section, f"{section} is given in another file too", node.start_mark)
        else:
            self._document[section] = self._value(node, section)

    def _entries(self, node: yaml.MappingNode, path: str) -> list[tuple[str, yaml.Node]]:
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = key.value
            if not isinstance(key, yaml.ScalarNode) or key.tag not in _PLAIN_TAGS:
                self._problem(path, "the name of a field is a plain word", key.start_mark)
            elif name in found:
                self._problem(path, f"{name} is given twice", key.start_mark)
            else:
                found[name] = value
        return list(found.items())

    def _value(self, node: yaml.Node, path: str) -> Any:
        self._positions.places[path] = self._place(node)
        if not self._plain(node, path):
            return None
        if isinstance(node, yaml.MappingNode):
            entries = self._entries(node, path)
            return {name: self._value(value, f"{path}.{name}") for name, value in entries}
        if isinstance(node, yaml.SequenceNode):
            return [self._value(each, f"{path}[{i}]") for i, each in enumerate(node.value)]
        return _scalar(node)

    def _plain(self, node: yaml.Node, path: str) -> bool:
        """Whether a node stands in one place and means no more than it shows."""
        if id(node) in self._seen:
            self._problem(path, "anchors and aliases are not used in a catalogue", node.start_mark)
            return False
        self._seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            self._problem(path, "tags are not used in a catalogue", node.start_mark)
            return False
        return True

    def _place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        column: int = mark.column + 1
        text: int | None = None
        if isinstance(node, yaml.ScalarNode) and node.style not in ("|", ">"):
            text = column + (1 if node.style in ("'", '"') else 0)
        return Place(str(self._path), mark.line + 1, column, text)

    def _problem(self, path: str, message: str, mark: Any = None) -> None:
        line = mark.line + 1 if mark else None
        column = mark.column + 1 if mark else None
        self._positions.problems.append(Problem(path, message, str(self._path), line, column))


def _scalar(node: yaml.Node) -> Any:
    text: str = node.value
    if getattr(node, "style", None) not in (None, ""):
        return text
    if text in _PLAIN_WORDS:
        return _PLAIN_WORDS[text]
    return int(text) if _WHOLE.fullmatch(text) else text
