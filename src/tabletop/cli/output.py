"""What goes to stdout: data, in lines or as one JSON object. Everything people or files wrote is filtered on the way (T1)."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from tabletop import platform
from tabletop.errors import Exit, TabletopError
from tabletop.text import UNSAFE

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_VERSION = 1
"""Of every JSON object a command prints."""

STYLES = {"strong": "1", "faint": "2", "bad": "31", "warn": "33", "good": "32"}
"""How a line may be set off in a terminal, as parameters of the escape that sets it. Never the only sign of anything."""


def safe(text: str) -> str:
    """`text` without anything that moves a cursor or reorders letters; line ends stay."""
    return UNSAFE.sub("\ufffd", text)


class Output:
    """One stream people or programs read: filtered, styled only where that is wanted."""

    def __init__(self, stream: IO[str] | None = None, *, colour: bool = True) -> None:
        self.stream = sys.stdout if stream is None else stream
        self.colour = colour and platform.colour_wanted(self.stream)

    @property
    def width(self) -> int | None:
        """Columns of the terminal behind the stream; None where there is none, and lines may be as long as they are."""
        try:
            return os.get_terminal_size(self.stream.fileno()).columns
        except (OSError, ValueError):
            return None

    def line(self, text: str = "", style: str = "") -> None:
        """One line, or several where `text` holds line ends."""
        shown = safe(text)
        self._write(f"\x1b[{STYLES[style]}m{shown}\x1b[0m\n" if style and shown and self.colour else f"{shown}\n")

    def lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.line(line)

    def json(self, key: str, value: object) -> None:
        """One object with `schema_version` and `key`. Letters that the encoding of the stream lacks are escaped as JSON escapes them."""
        self.document({"schema_version": SCHEMA_VERSION, key: value})

    def document(self, value: object) -> None:
        """Any JSON value, in readable lines."""
        import json

        text = json.dumps(value, ensure_ascii=self._plain, indent=2, allow_nan=False)
        self._write(UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")

    def json_line(self, value: object) -> None:
        """A JSON value on one line, for a stream of them."""
        import json

        text = json.dumps(value, ensure_ascii=self._plain, allow_nan=False)
        self._write(UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")

    @property
    def _plain(self) -> bool:
        """Whether the encoding of the stream may lack letters."""
        return (getattr(self.stream, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8"

    def text_document(self, data: bytes, *, as_json: bool) -> None:
        """A whole document of UTF-8 text."""
        import json

        if as_json:
            self.document(json.loads(data))
        else:
            self.line(data.decode("utf-8").rstrip("\n"))

    def finish(self) -> None:
        """Sends what is still held back. Raises BrokenPipeError where nobody reads any more."""
        self._guarded(self.stream.flush)

    def _write(self, text: str) -> None:
        self._guarded(lambda: self.stream.write(text))

    def _guarded(self, act: Callable[[], object]) -> None:
        try:
            act()
        except OSError as error:
            if platform.nobody_reads(error):
                raise BrokenPipeError from error
            if error.errno == errno.ENOSPC:
                raise TabletopError("cli.output-full", exit_code=Exit.NO_SPACE) from error
            raise


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Says in our words why a file could not be written. Raises TabletopError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise TabletopError("platform.unwritable", exit_code=Exit.NO_SPACE, path=str(path), reason=reason) from error


def close_quietly(stream: IO[str]) -> None:
    """Points `stream` at nothing, so that the interpreter's last flush does not complain about a reader that has gone."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)
