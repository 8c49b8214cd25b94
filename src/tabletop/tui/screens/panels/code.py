"""A join code, once, large enough to be read across a table, with its QR where the server's address is known.

It lives on this panel alone: in no log, no title, no toast, and gone with the panel (T12).
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from tabletop.codes import join_link, qr_lines
from tabletop.engine.joining import VIEWER
from tabletop.errors import TabletopError
from tabletop.text import cells

from ...look import plain
from ...pages.lines import wrapped
from ...seat_names import seat_title
from ...widgets.digits import glyphs
from ...widgets.lines import Lines
from ..base import Panel

LEAST_BESIDE = 26
"""Cells that the code in large letters needs beside a QR."""


class CodePanel(Panel[None]):
    """Seat, code, address, QR."""

    BINDINGS: ClassVar = [("enter", "close", "close")]

    def __init__(self, seat: str, code: str) -> None:
        super().__init__()
        self.seat = seat
        self.code = code

    def compose(self) -> ComposeResult:
        with Container(id="panel"):
            yield Lines(id="panel-title")
            with Container(id="code"):
                yield Lines(id="qr")
                yield Lines(id="letters")
            yield Lines(id="panel-foot")

    def on_mount(self) -> None:
        self.app.ticked.subscribe(self, lambda _: self.draw())
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Draws all of it; an address that has come since adds its QR."""
        words, inner = self.words, max(20, self.app.size.width - 4)
        title = words("door.code-title", seat=seat_title(self.desk.plan, self.seat, words))
        self.query_one("#panel-title", Lines).show([Content.styled(piece, "bold") for piece in wrapped(title, inner)])
        qr = self._qr() if inner >= LEAST_BESIDE else ()
        across = len(qr[0]) if qr else 0
        # A QR wants dark on light whatever the theme.
        square = self.query_one("#qr", Lines)
        square.display = bool(qr)
        square.styles.width, square.styles.height = across, len(qr)
        square.show([Content.styled(row, "#000000 on #ffffff") for row in qr])
        self.query_one("#letters", Lines).show(self._letters(inner - across - 2))
        self.query_one("#panel-foot", Lines).show([Content.styled(words("door.code-keys"), "$text-muted")])

    def _qr(self) -> tuple[str, ...]:
        address = self.desk.crowd.address
        try:
            return qr_lines(join_link(address, self.code)) if address else ()
        except TabletopError:
            # Without the extra `web` address and code are typed.
            return ()

    def _letters(self, width: int) -> list[Content]:
        words, address, own = self.words, self.desk.crowd.address, self.desk.crowd.own_address
        shown: list[Content] = [Content("")]
        for group in self.code.split("-"):
            large = glyphs(group)
            if cells(large[0]) <= width:
                shown += [*(Content.styled(row, "bold") for row in large), Content("")]
        shown.append(plain(self.code, "bold $text-accent"))
        told = words("door.code-no-qr")
        if address or own:
            told = words("door.code-type", address=address) if address else words("door.code-own", address=own)
        once = words("door.code-viewer" if self.seat == VIEWER else "door.code-once")
        for text in (told, once):
            shown += [plain(piece) for piece in wrapped(text, max(12, width))]
        return shown
