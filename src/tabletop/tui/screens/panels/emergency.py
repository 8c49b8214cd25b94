"""REAL EMERGENCY: the exercise is stopped. The word EXERCISE is gone; number, muster point and roll stand here.

Only standing down, with a reason, leads away (product: *What must never happen*, 5).
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.decide import SECOND_PRESS_MS
from tabletop.engine.state import State

from ...look import line, plain, role_title, seat_named
from ...widgets.lines import Lines
from ..base import Panel
from .frame import Prompt


class EmergencyScreen(Panel[None]):
    """What everybody needs now, and nothing else."""

    PUBLIC: ClassVar = True
    OPENS_PANELS: ClassVar = True
    """Whether what opens above it may be seen where players look on, too."""
    BINDINGS: ClassVar = [("1", "stand_down", "stand down"), ("2", "note", "note")]

    def __init__(self, *, recorded: bool = True) -> None:
        super().__init__()
        self.recorded = recorded
        """Whether the log knows of it; an emergency is real without it, too."""

    def compose(self) -> ComposeResult:
        yield Lines(id="alarm")
        yield Lines(id="facts")
        yield Lines(id="way-out")

    def on_mount(self) -> None:
        self.app.run_changed.subscribe(self, self._changed)
        self.call_after_refresh(self.draw)

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def _changed(self, state: State) -> None:
        confirmed = state.emergency is not None and state.emergency.confirmed
        if self.recorded and not confirmed:
            self.dismiss(None)
            return
        self.recorded = self.recorded or confirmed
        self.draw()

    def action_close(self) -> None:
        """`esc` leads nowhere from here."""

    def draw(self) -> None:
        """Draws the alarm line, the facts, the way out."""
        if not self.query("#alarm"):
            return
        words, width = self.words, self.app.size.width
        title = Content(f"! {words('panel.emergency-title')} !")
        self.query_one("#alarm", Lines).show([Content(""), title.pad_left(max(0, (width - title.cell_length) // 2)), Content("")])
        facts = self._facts()
        height = self.query_one("#facts").size.height
        self.query_one("#facts", Lines).show(facts[: max(1, height)])
        self.query_one("#way-out", Lines).show([plain(f" {words('panel.emergency-keys')}", "bold")])

    def _facts(self) -> list[Content]:
        desk, words = self.desk, self.words
        raised, exercise = desk.state.emergency, desk.exercise
        facts: list[Content] = []
        if raised is not None:
            when = f"{datetime.fromtimestamp(raised.raised_wall_ms / 1000):%H:%M:%S}"
            site = raised.site or (desk.state.created.site if desk.state.created is not None else "")
            place = " · ".join(part for part in (site, seat_named(raised.seat, words)) if part)
            facts.append(plain(words("panel.emergency-raised", place=place, time=when), "bold"))
        real = exercise.real_emergency
        facts.append(
            plain(words("panel.emergency-number", number=real.number if real is not None else words("panel.emergency-no-number")), "bold")
        )
        if real is not None and real.muster is not None:
            facts.append(plain(words("panel.emergency-muster", place=line(real.muster, self.language)), "bold"))
        facts += [Content(""), plain(words("panel.emergency-roll"), "bold")]
        facts += self._roll()
        return facts

    def _roll(self) -> list[Content]:
        """Who is in the room: named people, else the roles that people play."""
        desk = self.desk
        present = [person for person in desk.state.people if person.left_ms is None]
        roll = [plain(f"  [ ] {person.name} ({role_title(desk.exercise, person.role, self.language)})") for person in present]
        named = {person.role for person in present}
        for role in desk.exercise.roles:
            if role.id not in named and desk.plan.staffed_by(desk.state, role.id) == "people":
                roll.append(plain(f"  [ ] {role_title(desk.exercise, role.id, self.language)}"))
        return roll

    def action_stand_down(self) -> None:
        title = plain(self.words("panel.stand-down-why"), "bold")
        self.app.push_screen(Prompt(title, hint=self.words("console.reason")), self._stood_down)

    def _stood_down(self, why: str | None) -> None:
        if why is None:
            return
        if self.recorded:
            self.app.ask(c.StandDown(why))
        else:
            self.app.ask(c.AddNote("note", why))
            self.dismiss(None)

    def action_note(self) -> None:
        title = plain(self.words("console.note"), "bold")
        self.app.push_screen(
            Prompt(title),
            lambda text: None if text is None else self.app.ask(c.AddNote("note", text), then=lambda _: self.app.tell("panel.noted")),
        )


class RaisedPanel(Panel[None]):
    """After the first press: everything is paused, and it says who pressed. A second press within five seconds confirms."""

    PUBLIC: ClassVar = True
    BINDINGS: ClassVar = [("enter", "close", "close")]

    def compose(self) -> ComposeResult:
        yield Lines()

    def on_mount(self) -> None:
        self.app.ticked.subscribe(self, self._tick)
        self.app.run_changed.subscribe(self, self._changed)
        self.call_after_refresh(self._draw)

    def _changed(self, state: State) -> None:
        if state.emergency is None or state.emergency.confirmed:
            self.dismiss(None)

    def _tick(self, now_ms: int) -> None:
        self._draw()

    def _draw(self) -> None:
        raised = self.desk.state.emergency
        if raised is None:
            return
        left_ms = SECOND_PRESS_MS - (self.desk.conductor.wall_ms() - raised.raised_wall_ms)
        site = raised.site or (self.desk.state.created.site if self.desk.state.created is not None else "")
        place = " · ".join(part for part in (site, seat_named(raised.seat, self.words)) if part)
        second = self.words("panel.raised-again", n=max(1, -(-left_ms // 1000))) if left_ms > 0 else self.words("panel.raised-over")
        self.query_one(Lines).show([plain(self.words("panel.raised", place=place), "bold $text-error"), Content(""), plain(second, "bold")])
