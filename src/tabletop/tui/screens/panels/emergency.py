"""REAL EMERGENCY: the exercise is stopped. The word EXERCISE is gone; site, number, muster point and head count stand here.

Only standing down, with a reason and by the console that drives, leads away (product: *What must never happen*, 5). That console ticks who
is there, too: each tick is recorded, and every screen shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.decide import SECOND_PRESS_MS
from tabletop.engine.emergency import place_told, seats_told
from tabletop.engine.roll import roll
from tabletop.engine.state import State, same_person
from tabletop.engine.state_emergency import Emergency
from tabletop.engine.views import OnRoll
from tabletop.errors import TabletopError

from ...in_sight import PEOPLE, listed
from ...look import line, plain
from ...pages.alarm import CLOSE, MARKS, on_roll
from ...pages.lines import wrapped
from ...seat_names import seat_title
from ...widgets.digits import GLYPHS, digits
from ...widgets.lines import Lines
from ..base import OfTheApp, Panel
from .frame import Prompt

AIR = 2
"""Rows that stay empty above and below facts and roll, where there is room."""

TALL = 34
"""Rows from which on the number stands in large digits."""


def _where(screen: OfTheApp[None], raised: Emergency) -> str:
    """Where it was pressed: site and seat, in words."""
    plan, words = screen.desk.plan, screen.words
    place = place_told(plan, screen.desk.state, raised)
    seats = (seat_title(plan, seat, words) for seat in seats_told(plan, screen.desk.state, raised))
    return " · ".join(part for part in (line(place, plan.language), words("headcount.between").join(seats)) if part)


class EmergencyScreen(Panel[None]):
    """What everybody needs now, and nothing else."""

    PUBLIC: ClassVar = True
    AT_ANY_SIZE: ClassVar = True
    """Whether it is shown however small the terminal is."""
    PALETTE = "console.palette-emergency"
    OPENS_PANELS: ClassVar = True
    """Whether what opens above it may be seen where players look on, too."""
    BINDINGS: ClassVar = [
        ("1", "stand_down", "stand down"),
        ("2", "note", "note"),
        ("up", "move(-1)", "up"),
        ("down", "move(1)", "down"),
        ("enter,space", "count", "counted"),
    ]
    ENTER_ACTS: ClassVar = True
    """`enter` counts whoever the cursor stands on."""

    def __init__(self, *, recorded: bool = True) -> None:
        super().__init__()
        self.recorded = recorded
        """Whether the log knows of it; an emergency is real without it, too."""
        self.cursor = 0
        """Where the cursor stood in the roll last: it stays there when whoever it stands on is on the roll no more."""
        self.person = ""
        """Whom the cursor stands on (`OnRoll.person`): the roll changes while heads are counted."""
        self._unrecorded: dict[str, bool] = {}
        """Who was ticked here, or not after all, though the log did not take it: that counts in this room all the same."""

    def compose(self) -> ComposeResult:
        yield Lines(id="alarm")
        yield Lines(id="facts")
        yield Lines(id="way-out")

    def on_mount(self) -> None:
        self.app.run_changed.subscribe(self, self._changed)
        self.app.ticked.subscribe(self, lambda _: self.draw())
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

    def dismiss(self, result: None = None) -> AwaitComplete:
        gone = super().dismiss(result)
        self.app.call_next(self.app.mind_size)
        return gone

    def action_close(self) -> None:
        """`esc` leads nowhere from here."""

    # Drawing.

    def draw(self) -> None:
        """Draws the alarm line, the facts and the roll, the way out."""
        if not self.query("#alarm"):
            return
        words, width = self.words, self.app.size.width
        self.set_class(self._close, "-close")
        title = Content(f"! {words('panel.emergency-title')} !")
        bar = title.pad_left(max(0, (width - title.cell_length) // 2))
        above = [bar] if self._close else [Content(""), bar, Content("")]
        keys = words("console.hands-go-on") if self.app.unasked.is_telling(self) else self._keys()
        below = [plain(f" {piece}", "bold") for piece in wrapped(keys, max(10, width - 2))]
        self.query_one("#alarm", Lines).show(above)
        facts = self._facts()
        # Counted, not asked for: what stands above and below may have become longer just now.
        height = self.app.size.height - len(above) - len(below) - (0 if self._close else AIR)
        self.query_one("#facts", Lines).show([*facts, *self._rows(max(1, height - len(facts)))])
        self.query_one("#way-out", Lines).show(below)

    @property
    def _close(self) -> bool:
        """Whether no line stays empty for looks."""
        return self.app.size.height < CLOSE

    def _keys(self) -> str:
        if not self.app.MAY_STAND_DOWN:
            return self.words("judge.emergency-keys")
        if self.desk.read_only and not self.desk.crowd.driven:
            return self.words("panel.emergency-undriven")
        if self.desk.read_only:
            return self.words("panel.emergency-read-only", holder=self.app.driver_named(self.desk.driver))
        return self.words("panel.emergency-keys")

    def _facts(self) -> list[Content]:
        desk, words = self.desk, self.words
        raised, real = desk.state.emergency, desk.exercise.real_emergency
        facts: list[Content] = []
        if raised is not None:
            when = f"{datetime.fromtimestamp(raised.since_wall_ms / 1000):%H:%M:%S}"
            facts += self._said(words("panel.emergency-raised", place=_where(self, raised), time=when))
        if not self.recorded:
            facts += self._said(words("panel.emergency-not-recorded"))
        number = real.number if real is not None else ""
        facts.append(plain(words("panel.emergency-number", number=number or words("panel.emergency-no-number")), "bold"))
        if self.app.size.height >= TALL and number and all(character in GLYPHS for character in number):
            facts += [Content(""), *digits(number, "bold $text-error"), Content("")]
        if real is not None and real.muster is not None:
            facts += self._said(words("panel.emergency-muster", place=line(real.muster, self.language)))
        if desk.crowd.cut_off is not None:
            facts += self._said(words("panel.emergency-cut-off", n=desk.crowd.cut_off.cut_off))
        everybody = self.everybody()
        count = words("headcount.title", n=sum(map(self.is_there, everybody)), of=len(everybody))
        above = [] if self._close else [Content("")]
        return [*facts, *above, *self._said(count if everybody else words("headcount.nobody"))]

    def _said(self, text: str) -> list[Content]:
        return [plain(piece, "bold") for piece in wrapped(text, max(16, self.app.size.width - (2 if self._close else 6)))]

    def _rows(self, room: int) -> list[Content]:
        everybody = self.everybody()
        if not everybody:
            return []
        found = self._cursor_in(everybody)
        self._stand_on(everybody, self.cursor if found is None else found)

        def row(index: int) -> Content:
            one = everybody[index]
            there = self.is_there(one)
            return plain(f"  {MARKS[there]} {on_roll(one, self.words, self.language)}", "" if there else "bold")

        return listed(len(everybody), row, self.cursor, room, self.words, signs=PEOPLE)

    # The head count.

    def everybody(self) -> tuple[OnRoll, ...]:
        """Everybody to be counted."""
        desk = self.desk
        return roll(desk.plan, desk.state, desk.conductor.devices)

    def is_there(self, one: OnRoll) -> bool:
        """Whether somebody is accounted for."""
        return self._unrecorded.get(one.person, one.counted_wall_ms is not None)

    def _cursor_in(self, everybody: tuple[OnRoll, ...]) -> int | None:
        """Where whoever the cursor stands on is in the roll now; None where they are on it no more."""
        who = same_person(self.person)
        return next((index for index, one in enumerate(everybody) if same_person(one.person) == who), None)

    def _stand_on(self, everybody: tuple[OnRoll, ...], index: int) -> None:
        """Puts the cursor on somebody of a roll that has anybody."""
        self.cursor = max(0, min(index, len(everybody) - 1))
        self.person = everybody[self.cursor].person

    def action_move(self, by: int) -> None:
        everybody = self.everybody()
        if everybody:
            found = self._cursor_in(everybody)
            self._stand_on(everybody, ((self.cursor if found is None else found) + by) % len(everybody))
        self.draw()

    def action_count(self) -> None:
        """Ticks who is there, and goes on to the next."""
        everybody = self.everybody()
        if not everybody:
            return
        if not self.app.MAY_STAND_DOWN:
            self.app.refuse("judge.not-counted-here")
            return
        if self.desk.read_only:
            self.app.offer_to_take_over()
            return
        index = self._cursor_in(everybody)
        if index is None:
            # Whoever stood under the cursor is on the roll no more: nobody else is ticked unseen.
            self.draw()
            return
        one = everybody[index]
        there = not self.is_there(one)
        self._stand_on(everybody, index + 1 if there else index)
        if self.recorded:
            self._record(one, there)
        else:
            self._unrecorded[one.person] = there
        self.draw()

    def _record(self, one: OnRoll, there: bool) -> None:
        """Has a tick recorded; what the store does not take stands here until it does."""

        def failed(_: TabletopError) -> None:
            self._unrecorded[one.person] = there
            self.draw()

        def recorded(_: object) -> None:
            self._unrecorded.pop(one.person, None)
            self.draw()

        self.app.ask(c.CountPerson(one.person, there), then=recorded, failed=failed)

    # The way out.

    def action_stand_down(self) -> None:
        if not self.app.MAY_STAND_DOWN:
            self.app.refuse("judge.not-stood-down-here")
        elif self.desk.read_only:
            self.app.offer_to_take_over()
        else:
            self._ask_why()

    def _ask_why(self, why: str = "") -> None:
        title = plain(self.words("panel.stand-down-why"), "bold")
        self.app.push_screen(Prompt(title, hint=self.words("console.reason"), value=why), self._stood_down)

    def _stood_down(self, why: str | None) -> None:
        if why is None:
            return
        if self.recorded:
            missing = tuple(one.person for one in self.everybody() if not self.is_there(one))
            self.app.ask(c.StandDown(why, missing), failed=self._again(partial(self._ask_why, why)))
        else:
            self.app.ask(c.AddNote("note", why))
            self.dismiss(None)

    def action_note(self) -> None:
        if self.desk.read_only:
            self.app.refuse("panel.note-not-here", stands=lambda: self.desk.read_only)
        else:
            self._ask_note()

    def _ask_note(self, text: str = "") -> None:
        self.app.push_screen(Prompt(plain(self.words("console.note"), "bold"), value=text), self._noted)

    def _noted(self, text: str | None) -> None:
        if text is not None:
            told = lambda _: self.app.tell("panel.noted")  # noqa: E731
            self.app.ask(c.AddNote("note", text), then=told, failed=self._again(partial(self._ask_note, text)))

    def _again(self, ask: Callable[[], None]) -> Callable[[TabletopError], None]:
        """What was typed and not recorded is there to be sent again, unless it waits for another try already."""

        def failed(error: TabletopError) -> None:
            trouble = self.desk.trouble
            if self in self.app.screen_stack and (trouble is None or trouble.error is not error):
                ask()

        return failed


class RaisedPanel(Panel[None]):
    """After the first press: everything is paused, and it says who pressed. A second press within five seconds confirms."""

    PUBLIC: ClassVar = True
    AT_ANY_SIZE: ClassVar = True
    BINDINGS: ClassVar = [("enter", "close", "close"), ("space,f8", "resume", "resume")]

    def compose(self) -> ComposeResult:
        yield Lines()

    def on_mount(self) -> None:
        self.app.ticked.subscribe(self, self._tick)
        self.app.run_changed.subscribe(self, self._changed)
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def dismiss(self, result: None = None) -> AwaitComplete:
        gone = super().dismiss(result)
        self.app.call_next(self.app.mind_size)
        return gone

    def _changed(self, state: State) -> None:
        if state.emergency is None or state.emergency.confirmed:
            self.dismiss(None)

    def _tick(self, now_ms: int) -> None:
        self._draw()

    def _left_ms(self, raised: Emergency) -> int:
        """Within how many milliseconds a second press confirms the first."""
        return SECOND_PRESS_MS - (self.desk.conductor.wall_ms() - raised.raised_wall_ms)

    @property
    def _may_resume(self) -> bool:
        return self.app.MAY_STAND_DOWN and not self.desk.read_only and self.desk.state.phase == "running"

    @property
    def _unconfirmed(self) -> str:
        """What is said of a press that nobody confirmed in time, where nobody can go on from here."""
        return "judge.raised-over" if self.desk.state.phase == "running" else "panel.raised-unconfirmed"

    def action_resume(self) -> None:
        """Nobody confirmed it in time: play goes on. Until then nothing leads past a second press."""
        raised = self.desk.state.emergency
        if raised is not None and self._left_ms(raised) <= 0 and self._may_resume:
            self.dismiss(None)
            self.app.ask(c.Resume())

    def _draw(self) -> None:
        raised = self.desk.state.emergency
        if raised is None:
            return
        left_ms = self._left_ms(raised)
        place = _where(self, raised)
        over = self.words("panel.raised-over" if self._may_resume else self._unconfirmed)
        if self.app.unasked.is_telling(self):
            over = self.words("console.hands-go-on")
        second = self.words("station.raised-again", n=max(1, -(-left_ms // 1000))) if left_ms > 0 else over
        self.set_class(self.app.size.height < CLOSE, "-close")
        box = self.query_one(Lines)
        width = max(16, box.size.width)
        told = [plain(piece, "bold $text-error") for piece in wrapped(self.words("panel.raised", place=place), width)]
        box.show([*told, Content(""), *(plain(piece, "bold") for piece in wrapped(second, width))])
