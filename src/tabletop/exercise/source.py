"""Strict YAML: the text of a file in, data with places out, or every problem of the text.

Plain scalars are `true`, `false`, `null`, nothing at all, and numbers as in JSON; all else is text, keys always. Owns:
what may stand in a file as text and how much of it. Refuses to own: what any key means.

The file's bytes are looked at as a whole here; building.py turns the text into data.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tabletop.errors import NotFound
from tabletop.text import UNSAFE

from .building import MOST_BYTES, Builder
from .building import Comment as Comment
from .nodes import Map, Place
from .problems import Problem, Problems

MOST_CONTROLS = 50
"""Lines with control characters that are named one by one."""

_DIRECTIVE = re.compile(r"(?:[ \t]*+(?:#[^\n]*+)?\n)*+%")


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says, before anybody asks what it means."""

    path: Path
    data: Map | None
    """None where there is no map to speak of."""
    problems: tuple[Problem, ...] = ()
    comments: tuple[Comment, ...] = ()


def read_source(path: Path) -> Source:
    """Reads and parses a file. Raises NotFound where there is none; everything else that is wrong is in `problems`."""
    try:
        if path.exists() and not path.is_file():
            return _refused(path, "problems.not-a-file")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound("problems.no-such-file", path=str(path)) from None
    except (OSError, ValueError) as error:
        return _refused(path, "problems.unreadable", reason=getattr(error, "strerror", None) or type(error).__name__)
    return parse(content, path)


def parse(content: str | bytes, path: Path) -> Source:
    """The data of a YAML text, or what is wrong with it; never an exception."""
    if len(content) > MOST_BYTES:
        return _refused(path, "problems.too-large", limit=MOST_BYTES // 1024 // 1024)
    if isinstance(content, bytes):
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode("utf-8", "replace")
            place = Place(path, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
            return _refused(path, "problems.not-utf8", place)
    else:
        text = content.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    problems = Problems()
    text = _without_controls(text, path, problems)
    if directive := _DIRECTIVE.match(text):
        problems.add("problems.directive", Place(path, text.count("\n", 0, directive.end()) + 1, 1))
        return Source(path, None, problems.sorted())
    builder = Builder(text, path, problems)
    with collector_off():
        data = builder.build()
    if data is None and not problems:
        problems.add("problems.empty-file", Place(path, 1, 1))
    return Source(path, data, problems.sorted(), tuple(builder.comments))


def _refused(path: Path, code: str, place: Place | None = None, **values: object) -> Source:
    problems = Problems()
    problems.add(code, place or Place(path, 1, 1), **values)
    return Source(path, None, problems.sorted())


def _without_controls(text: str, path: Path, problems: Problems) -> str:
    """The text with unsafe characters replaced, the first of each line reported."""
    unsafe = UNSAFE.search(text)
    line, counted = 1, 0
    for _ in range(MOST_CONTROLS):
        if unsafe is None:
            break
        at = unsafe.start()
        line += text.count("\n", counted, at)
        counted = at
        column = at - text.rfind("\n", 0, at)
        problems.add("problems.control-character", Place(path, line, column), character=f"U+{ord(unsafe[0]):04X}")
        end = text.find("\n", at)
        unsafe = UNSAFE.search(text, end) if end >= 0 else None
    if unsafe is not None:
        more = len(UNSAFE.findall(text, unsafe.start()))
        line += text.count("\n", counted, unsafe.start())
        problems.add("problems.control-characters-more", Place(path, line, 1), n=more)
    return UNSAFE.sub("\ufffd", text) if problems else text


@contextmanager
def collector_off() -> Iterator[None]:
    """Keeps Python from looking for cycles: a file makes many objects and none of those."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
