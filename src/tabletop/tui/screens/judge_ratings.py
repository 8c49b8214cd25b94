"""The ratings at an evaluator's own seat: while play goes on and after ENDEX, in that evaluator's name and no other's.

Owns: what of the evaluation is left out here: who evaluates is known, nothing is measured, ENDEX is not taken back, only a lead
evaluator locks. Refuses to own: the pages themselves (`pages`), how a rating is asked for (`evaluation`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor, require
from tabletop.engine.state import State
from tabletop.errors import Refused

from ..actions import bindings, footer_key, footer_of
from ..judge_actions import RATINGS_ACTIONS
from ..look import clock_text, plain, spread
from ..pages.lines import QUIET, STRONG, tabs_line
from ..pages.ratings import LOCK, Judging
from ..scene import Scene
from ..widgets.clock_line import going, stands
from .evaluation import DIGITS_ON, PAGES, EvaluationScreen
from .judging import came_line
from .panels.judging import JudgeNotePanel

if TYPE_CHECKING:
    from ..judge_app import JudgeApp


class JudgeRatingsScreen(EvaluationScreen, inherit_bindings=False):
    """An evaluator's ratings; after ENDEX the confirm list too."""

    ACTIONS = RATINGS_ACTIONS
    BINDINGS: ClassVar = bindings(RATINGS_ACTIONS)

    def __init__(self) -> None:
        super().__init__()
        self._page = PAGES[1]

    @property
    def judge_app(self) -> JudgeApp:
        return self.app  # type: ignore[return-value]  # this screen is shown by no other

    @property
    def actor(self) -> Actor | None:
        """Who sits here: nobody else's word can be given."""
        return self.judge_app.who

    @property
    def judging(self) -> Judging:
        return replace(super().judging, evaluator=self.judge_app.who.name, independent=True, measures=False, locks=self._may_lock())

    def _may_lock(self) -> bool:
        """Whether the ratings can be locked from here: after ENDEX, by the one who leads."""
        desk = self.desk
        try:
            require(desk.plan, desk.state, c.LockRatings(), self.judge_app.lead)
        except Refused:
            return False
        return desk.state.phase == "ended"

    def _remember_evaluator(self) -> None:
        self._judging = replace(self._judging, evaluator=self.judge_app.who.name, independent=True)

    def _first_row(self) -> str:
        if self.desk.state.phase == "ended" and not self.desk.state.locked and (row := self._next_open()):
            self._page = PAGES[0]
            return row
        self._page = PAGES[1]
        return f"objective:{self.desk.exercise.objectives[0].id}"

    def show(self, state: State) -> None:
        if state.phase == "briefing":
            self.action_back()
            return
        if state.phase != "ended":
            self._page = PAGES[1]
        if not self._shown_first:
            self._shown_first = True
            self._remember_evaluator()
            self.draw(self._first_row())
            self._go_on_typing()
            # The footer follows the row one stands on, once there is a footer.
            self.call_after_refresh(self.draw)
        else:
            self.draw()

    def tick(self, now_ms: int) -> None:
        """The clock goes on above the page."""
        if self.app.screen is self and self.ready and self.desk.state.phase == "running":
            self._draw_fixed()

    def above(self, width: int) -> Sequence[Content]:
        if not self.ready:
            return ()
        desk, words = self.desk, self.words
        if desk.state.phase == "ended":
            lines = super().above(width)
            return (lines[0], plain(words("judge.locked" if desk.state.locked else "judge.rate-now"), QUIET))
        tabs = tabs_line([(words("evaluation.page.ratings"), True)])
        scene = Scene(desk.exercise, desk.plan, desk.state, desk.elapsed_ms(), words, self.language)
        clock = Content.assemble((f"{clock_text(scene.now_ms)} ", STRONG), going(scene, stands=stands(desk)))
        came = came_line(self.judge_app, scene)
        said = plain(f" ● {came} ", "bold reverse $text-accent") if came else plain(words("judge.rate-in-play"), QUIET)
        return (spread(tabs, clock, width), said)

    def foot(self) -> list[tuple[str, str]]:
        known = {action.id: action for action in footer_of(self.ACTIONS)}
        if self._page == PAGES[0]:
            return [(footer_key(action, self.words), self.words(action.title)) for action in known.values()]
        digits = [(key, self.words(code)) for key, code in DIGITS_ON.get(self.row.partition(":")[0], {}).items()]
        rest = [action for name, action in known.items() if name != "digit" and (name != "turn" or self.desk.state.phase == "ended")]
        return [*digits, *((footer_key(action, self.words), self.words(action.title)) for action in rest)]

    # Keys.

    def action_turn(self) -> None:
        """The confirm list is for after ENDEX: before it, no record may only mean not yet."""
        if self.desk.state.phase == "ended":
            super().action_turn()

    def action_all(self) -> None:
        if self.desk.state.phase == "ended":
            super().action_all()

    def action_note(self) -> None:
        self.app.push_screen(JudgeNotePanel(self.app.pressed_ms(), self.judge_app.who))

    def action_back(self) -> None:
        self.app.go(self.app.place_for(self.desk.state))

    def action_lock(self) -> None:
        if self.desk.state.locked:
            self.app.tell("evaluation.locked-now")
        elif self._may_lock():
            if self._page != PAGES[1] or self.row != LOCK or not self._judging.armed:
                self._page = PAGES[1]
                self._judging = replace(self._judging, armed=True)
                self.draw(LOCK)
            else:
                self.app.ask(c.LockRatings(), actor=self.judge_app.lead)

    def action_score(self) -> None:
        self.app.tell("evaluation.locked-now")
