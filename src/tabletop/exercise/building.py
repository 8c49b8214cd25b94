"""The data of one YAML text, built from libyaml's events.

Its composer crashes on depth, and the constructors guess types, so neither is used. Owns: what the values and keys of
a text are, where they stand, and how much of them there may be. Nothing here recurses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

from yaml import AliasEvent, DocumentEndEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent
from yaml._yaml import CParser
from yaml.error import MarkedYAMLError, YAMLError

from tabletop.text import UNSAFE

from .nodes import Map, Mark, Origin, Place, Seq
from .problems import Problems
from .syntax import MOST_DEPTH, syntax_problem

MOST_BYTES = 2 * 1024 * 1024
MOST_NODES = 200_000
"""Keys and values, those behind aliases counted each time."""
MOST_CHARACTERS = 8 * 1024 * 1024
"""Of all values together, those behind aliases counted each time: ten aliases of aliases must not be a million texts."""
MOST_ALIASES = 50
MOST_DIGITS = 15

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_PLAIN: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
_LONGEST_PLAIN = max(map(len, _PLAIN))
_AFTER = re.compile(r"(?:[ \t\n]|#[^\n]*+)*+")
_COMMENT = re.compile(r"[ \t]+#")
_BETWEEN_HAN = re.compile(
    "(?<=[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]) (?=[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef])"
)
"""What YAML makes of a line end between two Chinese characters; Chinese writes no space there."""
_DROPPED = "\x00dropped"
"""Stands for a key whose value goes nowhere; no text that was read can hold it."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment right behind a plain value: perhaps a text that was cut short."""

    place: Place
    key: str
    """The key the value belongs to, or the list it is in."""
    owners: tuple[Map, ...]
    """The maps around it, outermost first."""


class _Hopeless(Exception):
    """Nothing after this place can be read."""


class Builder:
    """Turns the events of one text into data."""

    def __init__(self, text: str, path: Path, problems: Problems) -> None:
        self.text = text
        self.path = path
        self.problems = problems
        self.comments: list[Comment] = []
        self.anchors: dict[str, object] = {}
        self.characters = 0
        self.aliases = 0
        self.shared = 0
        self.stack: list[tuple[Map | Seq | None, str | None]] = []

    def build(self) -> Map | None:
        """The document's map. None where the text is no map or stops being YAML; `problems` says why."""
        try:
            root, after = self._document(CParser(self.text))
        except _Hopeless:
            return None
        except MarkedYAMLError as error:
            code, mark, values = syntax_problem(error, self.text)
            self.problems.add(code, self._place(mark), **values)
            return None
        except YAMLError:
            self.problems.add("problems.yaml", Place(self.path, 1, 1))
            return None
        rest = _AFTER.match(self.text, after)
        if rest is not None and rest.end() < len(self.text):
            line = self.text.count("\n", 0, rest.end()) + 1
            self.problems.add("problems.one-document", Place(self.path, line, rest.end() - (self.text.rfind("\n", 0, rest.end()) + 1) + 1))
        if isinstance(root, Map):
            return root
        if root is not None:
            self.problems.add("problems.not-a-map", Place(self.path, 1, 1))
        return None

    def _place(self, mark: Mark) -> Place:
        return Place(self.path, mark.line + 1, mark.column + 1)

    def _add(self, code: str, mark: Mark, node: Map | Seq | None, key: str | None, **values: object) -> None:
        """A problem at a value or key of `node`, with the path of keys to it."""
        if self.problems.full():
            self.problems.skip()
        else:
            self.problems.add(code, self._place(mark), self._path(node, key), **values)

    def _path(self, node: Map | Seq | None, key: str | None) -> str:
        """The path of keys to a value that is about to be put into `node`. Slow, and only for problems."""
        owners = [owner for owner, _ in self.stack if owner is not None]
        steps = []
        for owner, child in zip(owners, [*owners[1:], node], strict=False):
            names = owner.items() if isinstance(owner, Map) else enumerate(owner)
            steps.append(next((str(name) for name, value in names if value is child), "?"))
        last = str(len(node)) if isinstance(node, Seq) else key if key is not None and key is not _DROPPED else ""
        return ".".join([*steps, last] if last else steps)

    def _stop(self, code: str, mark: Mark, **values: object) -> NoReturn:
        self.problems.add(code, self._place(mark), **values)
        raise _Hopeless

    def _document(self, parser: Any) -> tuple[object, int]:
        """The root of the first document, and the index right behind it. One loop for every event: it is most of the time of a load."""
        next_event = parser.get_event
        origin = Origin(self.path)
        escapes = "\\" in self.text
        comments = " #" in self.text or "\t#" in self.text
        nodes, most = 0, MOST_NODES
        root: object = None
        node: Map | Seq | None = None
        key: str | None = None
        value: Any
        while True:
            event = next_event()
            kind = event.__class__
            nodes += 1
            if nodes > most:
                self._stop("problems.too-many-nodes", event.start_mark, limit=MOST_NODES)
            if kind is ScalarEvent:
                value = event.value
                mark = event.start_mark
                style = event.style
                if style == '"' and escapes and UNSAFE.search(value) is not None:
                    self._escaped(value, mark, node, key)
                if key is None and type(node) is Map and value not in node.keys_at and event.anchor is None and event.tag is None:
                    node.keys_at[value] = mark
                    key = value
                    continue
                if not style and (key is not None or type(node) is not Map):
                    if comments:
                        self._comment(event, node, key)
                    if len(value) <= _LONGEST_PLAIN and value in _PLAIN:
                        value = _PLAIN[value]
                    elif value[0] in "-0123456789":
                        value = self._number(value, mark, node, key)
                if style != "|" and type(value) is str and not value.isascii() and event.end_mark.line > mark.line:
                    value = _BETWEEN_HAN.sub("", value)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                node, key = self.stack.pop()
                nodes -= 1
                continue
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                mark = event.start_mark
                value = Map.begun(origin, mark) if kind is MappingStartEvent else Seq.begun(origin, mark)
            elif kind is AliasEvent:
                mark = event.start_mark
                value = self._aliased(event, node, key, most - nodes)
                most = MOST_NODES - self.shared
            elif kind is DocumentEndEvent:
                return root, event.end_mark.index
            elif event is None:
                return None, len(self.text)
            else:
                continue

            if kind is not AliasEvent and (event.anchor is not None or event.tag is not None):
                self._properties(event, value, node, key)
            key_of_value, key = key, None
            if type(node) is Map:
                if key_of_value is None:
                    key = self._key(node, value, mark)
                elif key_of_value is not _DROPPED:
                    node[key_of_value] = value
                    node.values_at[key_of_value] = mark
            elif type(node) is Seq:
                node.append(value)
                node.items_at.append(mark)
            else:
                root = value
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                self.stack.append((node, key))
                if len(self.stack) > MOST_DEPTH:
                    self._stop("problems.too-deep", mark, limit=MOST_DEPTH)
                node, key = value, None

    def _escaped(self, value: str, mark: Mark, node: Map | Seq | None, key: str | None) -> None:
        """A text that has an unsafe character by an escape sequence."""
        unsafe = UNSAFE.findall(value)
        self._add("problems.control-character", mark, node, key, character=f"U+{ord(unsafe[0]):04X}")

    def _properties(self, event: Any, value: object, node: Map | Seq | None, key: str | None) -> None:
        """The tag and anchor of a node."""
        if event.tag is not None:
            self._add("problems.tag", event.start_mark, node, key, tag=event.tag)
        if event.anchor is not None:
            self.anchors[event.anchor] = value

    def _key(self, node: Map, value: object, mark: Mark) -> str:
        """The key that takes the next value; `_DROPPED` where it is no text or there already."""
        if not isinstance(value, str):
            self._add("problems.key-not-text", mark, node, None)
            return _DROPPED
        if value in node.keys_at:
            self._add("problems.duplicate-key", mark, node, value, first=node.keys_at[value].line + 1)
            return _DROPPED
        node.keys_at[value] = mark
        return value

    def _number(self, text: str, mark: Mark, node: Map | Seq | None, key: str | None) -> str | int | float:
        """A number as JSON writes it; any other text stays text."""
        number = _NUMBER.fullmatch(text)
        if number is None:
            return text
        mantissa = text.partition("e" if "e" in text else "E")[0]
        whole = number[1] is None and number[2] is None
        if sum(map(str.isdigit, mantissa)) > MOST_DIGITS or not (whole or isfinite(float(text))):
            self._add("problems.number-too-long", mark, node, key, limit=MOST_DIGITS)
            return 0
        return int(text) if whole else float(text)

    def _comment(self, event: Any, node: Map | Seq | None, key: str | None) -> None:
        """Keeps a comment that follows a plain value on its line."""
        if node is None or _COMMENT.match(self.text, event.end_mark.index) is None:
            return
        owners = [owner for owner, _ in self.stack if isinstance(owner, Map)]
        if isinstance(node, Map):
            owners.append(node)
        elif owners:
            key = next((name for name, child in owners[-1].items() if child is node), None)
        self.comments.append(Comment(self._place(event.start_mark), key or "", tuple(owners)))

    def _aliased(self, event: Any, node: Map | Seq | None, key: str | None, left: int) -> object:
        """What an alias stands for. It is shared, not copied, but counted as if: whoever writes it out copies it."""
        mark = event.start_mark
        self.aliases += 1
        if self.aliases > MOST_ALIASES:
            self._stop("problems.too-many-aliases", mark, limit=MOST_ALIASES)
        if event.anchor not in self.anchors:
            self._add("problems.alias-unknown", mark, node, key, name=event.anchor)
            return None
        target = self.anchors[event.anchor]
        if target is not None and (target is node or any(owner is target for owner, _ in self.stack)):
            self._add("problems.alias-loop", mark, node, key, name=event.anchor)
            return None
        count = 0
        waiting: list[tuple[object, int]] = [(target, len(self.stack))]
        while waiting:
            part, depth = waiting.pop()
            if isinstance(part, Map):
                count += 2 * len(part)
                waiting.extend((child, depth + 1) for child in part.values())
            elif isinstance(part, Seq):
                count += len(part)
                waiting.extend((child, depth + 1) for child in part)
            elif isinstance(part, str):
                self.characters += len(part)
            if depth > MOST_DEPTH:
                self._stop("problems.too-deep", mark, limit=MOST_DEPTH)
            if count > left:
                self._stop("problems.too-many-nodes", mark, limit=MOST_NODES)
            if self.characters > MOST_CHARACTERS:
                self._stop("problems.too-large", mark, limit=MOST_BYTES // 1024 // 1024)
        self.shared += count
        return target
