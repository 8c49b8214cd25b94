"""The log entries behind a number: what was recorded, when, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from tabletop.engine.events import Entry

from ..look import clock_text, plain, role_names
from ..pages.lines import QUIET, STRONG, WARN, Line, Page
from ..scene import Scene
from ..widgets.lines import Lines
from ..widgets.log_rows import entry_text
from ..widgets.sheet import Sheet
from .base import Panel


class EvidencePanel(Panel[None]):
    """Some entries of the log, each with its number, so that paper and file can be compared."""

    CSS_PATH = "evidence.tcss"
    BINDINGS: ClassVar = [
        ("escape,enter", "close", "close"),
        ("up", "move(-1)", "up"),
        ("down", "move(1)", "down"),
        ("pageup", "leaf(-1)", "page up"),
        ("pagedown,space", "leaf(1)", "page down"),
    ]

    def __init__(self, entries: Sequence[int]) -> None:
        super().__init__()
        self._wanted = frozenset(entries)

    def compose(self) -> ComposeResult:
        with Container(id="panel"):
            yield Lines(id="panel-title")
            yield Sheet()
            yield Lines(id="panel-foot")

    def on_mount(self) -> None:
        n = len(self._wanted)
        title = self.words("debriefscreen.evidence", n=n) if n else self.words("debriefscreen.evidence.none")
        self.query_one("#panel-title", Lines).show([plain(title, STRONG)])
        self.query_one("#panel-foot", Lines).show([Content.styled(self.words("debriefscreen.evidence.keys"), QUIET)])
        self.query_one(Sheet).show(self._lines)

    def _lines(self, width: int) -> Sequence[Line]:
        desk = self.desk
        scene = Scene(desk.exercise, desk.plan, desk.state, desk.elapsed_ms(), self.words, self.language)
        page = Page(width)
        for entry in (entry for entry in desk.entries if entry.seq in self._wanted):
            gone = entry.seq in desk.state.retracted
            at = clock_text(entry.counts_ms)
            head = Content.assemble((f"{entry.seq:>4}  {at}  ", STRONG), (self._who(entry), QUIET))
            back = Content.styled(f"  {self.words('debriefscreen.evidence.taken-back')}", WARN) if gone else Content("")
            page.content(head + back, row=f"seq:{entry.seq}")
            page.text(entry_text(scene, entry.event, entry.seq), indent=6, row=f"seq:{entry.seq}")
        return page.lines

    def _who(self, entry: Entry) -> str:
        """Who recorded it: the facilitator, an evaluator by name, a seat by its roles."""
        kind, _, name = entry.actor.partition(":")
        if kind == "driver":
            return self.words("evaluation.whose.facilitator")
        if kind in ("seat", "control"):
            return role_names(self.desk.exercise, name.split("+"), self.language)
        return name or kind

    def action_move(self, by: int) -> None:
        self.query_one(Sheet).move(by)

    def action_leaf(self, pages: int) -> None:
        self.query_one(Sheet).leaf(pages)
