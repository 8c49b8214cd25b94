"""The debrief: what happened, how it went and how sure that is, page by page, each number open to the log behind it."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.content import Content

from tabletop.debrief.build import debrief
from tabletop.debrief.model import RunInfo
from tabletop.engine.state import State
from tabletop.errors import TabletopError
from tabletop.report import FORMATS
from tabletop.text import clean_line

from ..actions import DEBRIEF_ACTIONS, bindings
from ..look import plain
from ..pages.debrief import evidence_of, summary_lines
from ..pages.debrief_tables import actions_lines, decisions_lines, objectives_lines, timeline_lines
from ..pages.lines import WARN, Line, tabs_line
from .evidence import EvidencePanel
from .judged import JudgedScreen

PAGES = {
    "summary": summary_lines,
    "timeline": timeline_lines,
    "objectives": objectives_lines,
    "actions": actions_lines,
    "decisions": decisions_lines,
}
"""The pages in their order, and what makes their lines."""


class DebriefScreen(JudgedScreen[None]):
    """The debrief of a run, shown once its ratings are locked."""

    ACTIONS = DEBRIEF_ACTIONS
    BINDINGS: ClassVar = [*bindings(DEBRIEF_ACTIONS)]
    CSS_PATH: ClassVar = ["sheet.tcss", "debrief.tcss"]

    def __init__(self) -> None:
        super().__init__()
        self._page = "summary"
        self._stood: dict[str, str] = {}
        """The row one stood on, by page."""

    def page(self, width: int) -> Sequence[Line]:
        return PAGES[self._page](*self.judged(), width) if self.ready else ()

    def above(self, width: int) -> Sequence[Content]:
        words = self.words
        names = [(f"{number} {words(f'debriefscreen.page.{name}')}", name == self._page) for number, name in enumerate(PAGES, start=1)]
        unlocked = self.ready and not self.desk.state.locked
        return (tabs_line(names), plain(words("debriefscreen.unlocked"), WARN) if unlocked else Content(""))

    def show(self, state: State) -> None:
        if state.phase != "ended":
            self.app.go(self.app.place_for(state))
            return
        self.draw()

    def moved(self, row: str) -> None:
        self._stood[self._page] = row

    def _open(self, name: str) -> None:
        self._page = name
        self.draw(self._stood.get(name, ""))
        if name not in self._stood:
            self.sheet.to_end(False)

    # Keys.

    def action_turn(self, by: int) -> None:
        names = list(PAGES)
        self._open(names[(names.index(self._page) + by) % len(names)])

    def action_page(self, key: str) -> None:
        self._open(list(PAGES)[int(key) - 1])

    def action_evidence(self) -> None:
        if self.row:
            made, _ = self.judged()
            self.app.push_screen(EvidencePanel(evidence_of(made, self.desk.entries, self.row)))

    def on_sheet_picked(self) -> None:
        self.action_evidence()

    def action_back(self) -> None:
        self.app.go("evaluation")

    def action_export(self) -> None:
        """Asks for a file name; an existing file is written over only after a yes."""

        def named(text: str) -> str | None:
            path = Path(text).expanduser()
            if format_of(path) is None:
                return self.words("debriefscreen.bad-suffix")
            if not path.absolute().parent.is_dir():
                return self.words("debriefscreen.no-folder", folder=clean_line(str(path.parent)))
            if path.exists():
                self._ask_over(path)
            else:
                self._write(path)
            return None

        words = self.words
        hint = words("debriefscreen.ask.file.hint")
        self.ask_for(words("debriefscreen.ask.file"), named, value=f"{self.desk.run}.md", placeholder=hint)

    def _ask_over(self, path: Path) -> None:
        words = self.words

        def said(text: str) -> str | None:
            if text not in ("1", "2"):
                return words("debriefscreen.ask.over.hint")
            if text == "1":
                self._write(path, over=True)
            else:
                self.app.tell("debriefscreen.kept", file=path.name)
            return None

        label = words("debriefscreen.ask.over", file=clean_line(path.name))
        self.ask_for(label, said, placeholder=words("debriefscreen.ask.over.hint"), choices=("1", "2"))

    def _write(self, path: Path, *, over: bool = False) -> None:
        """Writes the file with what the store knows of the run, so that its seal is printed."""

        def informed(info: RunInfo) -> None:
            desk = self.desk
            made = debrief(desk.exercise, desk.entries, info, desk.state)
            form = format_of(path)
            assert form is not None
            try:
                write_whole(path, FORMATS[form].render(made, self.words.language), over=over)
            except OSError as error:
                self.app.tell("debriefscreen.not-written", why=clean_line(error.strerror or str(error)))
            else:
                self.app.tell("debriefscreen.written", file=clean_line(str(path.absolute())))

        def failed(error: TabletopError) -> None:
            self.app.say(error)

        self.desk.run_info(informed, failed)


def write_whole(path: Path, data: bytes, *, over: bool) -> None:
    """Writes a whole file or none; what was there before goes only with `over`, and only once the new one is complete. Raises OSError."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(data)
        if not over and path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def format_of(path: Path) -> str | None:
    """The report format that the ending of a file name asks for; None where there is none."""
    return next((name for name, form in FORMATS.items() if path.suffix.lower() == form.suffix), None)
