"""Lines of a page: text cut and wrapped in cells, and the rows one can stand on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from textual.content import Content

from tabletop.text import cells, fit

HEAD, QUIET, WARN, GOOD, BAD, STRONG = "bold $primary", "$text-muted", "bold $warning", "$success", "bold $error", "bold"
"""Styles of a line by what it is; each is backed by a word or a sign, never by colour alone."""

MAY_NOT_BEGIN = "，。、；：？！）》」』】〕”’…—%,.;:?!)]}"
"""Characters that may not begin a line (Chinese typesetting); one of them may hang one place further out."""

MAY_NOT_END = "（《「『【〔“‘([{"
"""Characters that may not end a line."""


EMPTY = Content()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page. Lines that share a `row` are one row one can stand on; without it the line only informs."""

    text: Content = EMPTY
    row: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a line: its text, its width in cells (0: what is left over), its side and style."""

    text: str
    width: int = 0
    style: str = ""
    right: bool = False


def unbroken(text: str, width: int) -> Iterator[str]:
    """The pieces of a paragraph between which a line may break; what is wider than `width` cells is torn."""
    return chain.from_iterable([piece] if cells(piece.rstrip()) <= width else _torn(piece, width) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    """What may not be torn apart: words with the spaces behind them, single wide characters with what must stay with them."""
    piece = ""
    for char in text:
        wide = cells(char) > 1
        if (
            piece
            and char != " "
            and (wide or cells(piece[-1]) > 1 or piece[-1] == " ")
            and not (char in MAY_NOT_BEGIN or piece[-1] in MAY_NOT_END)
        ):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _torn(piece: str, width: int) -> Iterator[str]:
    """A piece that is wider than a line, cut to lines."""
    line = ""
    for char in piece:
        if line and cells(line + char) > width:
            yield line
            line = ""
        line += char
    yield line


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells: broken at spaces and between wide characters, newlines kept; at least one line."""
    width = max(width, 2)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in unbroken(paragraph, width):
            if line and cells((line + piece).rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece
        lines.append(line.rstrip())
    return lines


def columns(parts: Sequence[Cell], width: int, gap: int = 2) -> Content:
    """Fields side by side in exactly `width` cells, `gap` cells apart; fields of width 0 share what is left over.

    Where the others leave nothing over, the line is cut.
    """
    shown = [part for part in parts if part.width >= 0]
    fixed = sum(part.width for part in shown) + gap * (len(shown) - 1)
    open_ones = sum(part.width == 0 for part in shown)
    share, rest = divmod(max(0, width - fixed), open_ones) if open_ones else (0, 0)
    pieces: list[Content] = []
    for part in shown:
        room = part.width or share + (1 if rest > 0 else 0)
        rest -= part.width == 0
        text = fit(part.text.replace("\n", " "), room)
        if part.right and cells(part.text) < room:
            text = " " * (room - cells(part.text)) + part.text
        pieces.append(Content.styled(text, part.style) if part.style else Content(text))
    whole = Content(" " * gap).join(pieces)
    return whole.truncate(width, pad=True) if whole.cell_length > width else whole


class Page:
    """Lines being put together for a width in cells."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[Line] = []

    def gap(self) -> None:
        """An empty line, unless there is one or nothing stands above."""
        if self.lines and self.lines[-1].text:
            self.lines.append(Line())

    def heading(self, text: str, aside: str = "") -> None:
        """A heading, with something quiet at the right edge of its line."""
        self.gap()
        room = self.width - cells(aside) - 1 if aside else self.width
        left = fit(text, room) if aside else first_line(text, room)
        self.lines.append(Line(Content.assemble((left, HEAD), (f" {aside}", QUIET)) if aside else Content.styled(left, HEAD)))

    def text(self, text: str, style: str = "", indent: int = 0, row: str = "", hang: int = 0) -> None:
        """Text, wrapped; lines after the first are set in by `hang` more cells."""
        for number, piece in enumerate(wrapped(text, self.width - indent - hang)):
            set_in = " " * (indent + (hang if number else 0))
            self.lines.append(Line(Content.assemble(set_in, (piece, style)), row))

    def labelled(self, label: str, text: str, row: str = "", *, indent: int = 4, label_width: int = 12, style: str = "") -> None:
        """Text, wrapped, in a column behind a quiet label that stands on its first line only."""
        column = indent + label_width + 2
        for number, piece in enumerate(wrapped(text, self.width - column)):
            before = " " * indent + fit(label if number == 0 else "", label_width + 2)
            self.lines.append(Line(Content.assemble((before, QUIET), (piece, style)), row))

    def fields(self, parts: Sequence[Cell], row: str = "", indent: int = 0) -> None:
        """Fields side by side on one line."""
        line = columns(parts, self.width - indent)
        self.lines.append(Line(Content(" " * indent) + line if indent else line, row))

    def before(self, parts: Sequence[Cell], text: Content, row: str = "") -> None:
        """Fields of fixed width, and behind them a line that was cut to what is left over."""
        fixed = sum(part.width for part in parts) + 2 * (len(parts) - 1)
        self.lines.append(Line(Content.assemble(columns(parts, fixed), "  ", text), row))

    def content(self, text: Content, row: str = "") -> None:
        self.lines.append(Line(text.truncate(self.width, ellipsis=True), row))


def tabs_line(tabs: Sequence[tuple[str, bool]]) -> Content:
    """The names of pages side by side; the one that is open is marked by a sign and reversed."""
    shown = [Content.styled(f"▸{name} " if is_open else f" {name} ", "bold reverse" if is_open else QUIET) for name, is_open in tabs]
    return Content(" ").join(shown)


def first_line(text: str, width: int) -> str:
    """`text` on one line of at most `width` cells, not padded."""
    flat = " ".join(text.split())
    return flat if cells(flat) <= width else fit(flat, width)


def rows_of(lines: Sequence[Line]) -> tuple[str, ...]:
    """The rows one can stand on, in order."""
    return tuple(dict.fromkeys(line.row for line in lines if line.row))
