"""What evaluation and debrief share: the debrief worked out from the log, anew whenever the log grew."""

from __future__ import annotations

from typing import TypeVar

from tabletop.debrief.build import debrief
from tabletop.debrief.model import Debrief, RunInfo
from tabletop.report.wording import Wording

from .sheet import SheetScreen

Result = TypeVar("Result")


class JudgedScreen(SheetScreen[Result]):
    """A screen of a run that has ended."""

    _made: tuple[int, Debrief, Wording] | None = None

    @property
    def ready(self) -> bool:
        return self.app.desk is not None and self.app.desk.ready

    def judged(self) -> tuple[Debrief, Wording]:
        """The debrief as the log stands, and its words in the language of the interface."""
        desk = self.desk
        if self._made is None or self._made[0] != desk.recorded:
            made = debrief(desk.exercise, desk.entries, RunInfo(desk.run, desk.kind), desk.state)  # type: ignore[arg-type]  # the store knows only these
            self._made = (desk.recorded, made, Wording(made, self.words.language))
        return self._made[1], self._made[2]
