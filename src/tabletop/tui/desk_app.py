"""The app as far as it deals with a run: what is asked of the desk, what the desk tells, what opens by itself.

Owns: toasts, and panels that nobody asked for. Refuses to own: which screen is shown, and keys (`app`).
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.signal import Signal
from textual.widgets import Input, TextArea

from tabletop.engine.events import ClockPaused
from tabletop.errors import Refused, TabletopError
from tabletop.text import cells
from tabletop.words import Words

from .curtain import CurtainApp
from .enter_once import EnterOnce
from .keyed_app import AT_ONCE
from .look import ids_to_names
from .notices import Notices
from .unasked import Unasked

if TYPE_CHECKING:
    from textual.notifications import Notification, SeverityLevel
    from textual.screen import Screen

    from tabletop.conductor import Gap
    from tabletop.engine import commands as c
    from tabletop.engine.events import Entry
    from tabletop.engine.rights import Actor
    from tabletop.engine.state import State

    from .desk import Desk, Trouble

TOLD_S = 2.0
"""Seconds for which a toast that only confirms stays at least."""

REFUSED_S = 5.0
"""Seconds for which a refusal stays, and a long toast at most."""

CELLS_PER_S = 12
"""Cells of a toast that are read in a second beside one's work: some six Chinese characters, or two words."""

REDRAWS = 2
"""Ticks at which the screen is drawn whole after a toast has gone: it may take one to go."""

LOST_S = 10.0
"""Seconds for which it is said that somebody else has taken over; the clock line goes on saying it."""

PRESSES_S = 5.0
"""Seconds within which a second press confirms an emergency that could not be recorded (semantics: *Emergency*)."""


def reading_s(sentence: str) -> float:
    """Seconds for which a toast stays."""
    return min(REFUSED_S, max(TOLD_S, cells(sentence) / CELLS_PER_S))


def would_refuse(desk: Desk, command: c.Command, actor: Actor | None) -> bool:
    """Whether the run would refuse a command, as things stand on the screens."""
    from tabletop.engine.decide import decide

    if desk.read_only:
        return True
    try:
        decide(desk.plan, desk.state, command, desk.conductor.wall_ms(), actor or desk.conductor.actor)
    except Refused:
        return True
    return False


class DeskApp(CurtainApp, inherit_bindings=False):
    """An app with a desk."""

    MAY_STAND_DOWN: ClassVar = True
    """Whether a real emergency is stood down from here: by the driver alone (semantics: *Emergency*)."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words
        self.desk: Desk | None = None
        self.run_changed: Signal[State] = Signal(self, "run_changed")
        """The log grew: here is the state after it."""
        self.ticked: Signal[int] = Signal(self, "ticked")
        """Exercise milliseconds, four times a second."""
        self._waiting_to_show: list[Callable[[], object]] = []
        self._redraws = 0
        self._unrecorded_press = float("-inf")
        """When an emergency was pressed that could not be recorded."""
        self._driver_gone = False
        """Whether this console watches a run that nobody drives any more."""
        self.notices = Notices(self)
        self.enter_once = EnterOnce()
        self.unasked = Unasked()

    @property
    def emergency_seat(self) -> str:
        """Where an emergency is pressed when it is pressed here: a wall or seat that this terminal was turned to, else the console."""
        seats = (getattr(screen, "EMERGENCY_SEAT", "") for screen in reversed(self.screen_stack))
        return next(filter(None, seats), "console")

    def run_opened(self, state: State) -> None:
        """The run of the desk is open: its screen is to be shown."""

    def run_not_opened(self, error: TabletopError) -> None:
        """The run of the desk cannot be opened."""

    def _sorted(self, event: events.Key) -> events.Key | None:
        if not event.is_forwarded and event.key not in AT_ONCE:
            if self.unasked.takes(event, self.screen):
                if self.unasked.is_to_be_told(event):
                    self.refuse("console.hands-go-on")
                return None
            if self.enter_once.is_second(event, self.screen_stack):
                self.refuse("console.enter-once")
                return None
        return super()._sorted(event)

    async def _paste(self, event: events.Paste) -> None:
        if not self.unasked.takes_pasted(event, self.screen):
            await super()._paste(event)

    def pressed_ms(self) -> int:
        """Exercise milliseconds when the key was pressed that is being followed: what is said is timed then, however late a panel opens."""
        desk = self.desk
        return 0 if desk is None else desk.elapsed_ms(self.key_age_ms)

    def ask(
        self,
        command: c.Command,
        *,
        then: Callable[[list[Entry]], None] | None = None,
        failed: Callable[[TabletopError], None] | None = None,
        actor: Actor | None = None,
    ) -> None:
        """Has `command` decided and recorded on the desk's thread; `then` runs after the commit. What is refused becomes a toast."""
        desk, said_before = self.desk, self.notices.standing
        if desk is None:
            return

        def recorded(entries: list[Entry]) -> None:
            self.notices.end(said_before)
            if then is not None:
                then(entries)

        def refused(error: TabletopError) -> None:
            if desk.trouble is None or desk.trouble.error is not error:
                self.say(error, stands=partial(would_refuse, desk, command, actor) if isinstance(error, Refused) else None)
            if failed is not None:
                failed(error)

        desk.ask(command, then=recorded, failed=refused, actor=actor)

    def say(self, error: TabletopError, *, stands: Callable[[], bool] | None = None) -> None:
        """Words a problem as one toast; it goes as `refuse` says."""
        self._put(self._worded(error), REFUSED_S, stands, severity="warning")

    def _worded(self, error: TabletopError) -> str:
        """A problem and its hint, with names in place of ids."""
        values = dict(error.values)
        if error.code == "console.read-only" and self.desk is not None and not self.desk.crowd.driven:
            # As the line above says; who drove is gone.
            return " ".join((self.words("panel.undriven-title"), self.words.hint(error.code)))
        if "holder" in values:
            values["holder"] = self.driver_named(str(values["holder"]))
        if self.desk is not None and self.desk.ready:
            from .seat_names import seat_title

            for name in ("seat", "actor"):
                if name in values:
                    values[name] = seat_title(self.desk.plan, str(values[name]), self.words)
            values = ids_to_names(self.desk.exercise, self.desk.plan, values, self.language)
        return " ".join(part for part in (self.words(error.code, **values), self.words.hint(error.code, **values)) if part)

    def refuse(self, code: str, *, stands: Callable[[], bool] | None = None, seconds: float = 0, **values: object) -> None:
        """A toast that refuses something or asks for a second key.

        It goes once what it says holds no more (`stands`), the screen it was said on is gone, something that is asked for afterwards
        is recorded, the exercise begins or ends; else after `seconds`, or the time it takes to read.
        """
        sentence = self.words(code, **values)
        self._put(sentence, seconds or reading_s(sentence), stands)

    def _put(self, sentence: str, seconds: float, stands: Callable[[], bool] | None, *, severity: SeverityLevel = "information") -> None:
        # While players look on it waits: then no screen of the facilitator's is what it was said on.
        screen, phase = None if self.faces_players else self.screen, self._phase

        def still() -> bool:
            here = screen is None or screen in self.screen_stack
            return here and self._phase == phase and (stands is None or stands())

        self.notices.put(sentence, still, seconds)
        self.notify(sentence, severity=severity, timeout=seconds, markup=False)

    @property
    def _phase(self) -> str:
        return "" if self.desk is None else self.desk.state.phase

    def take_down(self, sentence: str) -> bool:
        """Takes a toast away before its time; False where none of that sentence is up."""
        found = [notification for notification in self._notifications if notification.message == sentence]
        for notification in found:
            self._unnotify(notification)
        return bool(found)

    def _unnotify(self, notification: Notification, refresh: bool = True) -> None:
        """A toast goes. What it covered is drawn again by us: where several stood, Textual scrolls them and leaves some of it undrawn."""
        super()._unnotify(notification, refresh)
        self._redraws = REDRAWS

    def driver_named(self, holder: str) -> str:
        """A console as it is called here: one on this computer is another window, whatever the computer is called."""
        return self.words("door.other-window") if holder == platform.node() else holder or "?"

    def tell(self, code: str, **values: object) -> None:
        """A toast in the language of the interface; it stays no longer than it takes to read, because it covers the footer."""
        sentence = self.words(code, **values)
        self.notify(sentence, timeout=reading_s(sentence), markup=False)

    # What the desk tells.

    def desk_opened(self) -> None:
        desk = self.desk
        if desk is None:
            return
        self.run_opened(desk.state)
        self.loaded()
        self.run_changed.publish(desk.state)
        self._mind_emergency(desk.state)
        if desk.read_only and desk.driver:
            self.desk_read_only()

    def desk_failed(self, error: TabletopError) -> None:
        self.run_not_opened(error)

    def desk_changed(self, fresh: Sequence[Entry]) -> None:
        desk = self.desk
        if desk is None or not desk.ready:
            return
        self.run_changed.publish(desk.state)
        self.notices.mind()
        self._mind_site(fresh)
        self._mind_emergency(desk.state, any(entry.event.kind == "emergency_raised" for entry in fresh))
        if any(entry.event.kind == "emergency_stood_down" for entry in fresh):
            self._tell_over(desk)

    def desk_gap(self, gap: Gap) -> None:
        from .screens.panels.gap import GapPanel

        self._when_nobody_types(lambda: self.push_screen(GapPanel(self.words, gap), self._settle))

    def _settle(self, at: int | None) -> None:
        if self.desk is not None and at is not None:
            self.desk.settle_gap(at == 0)

    def desk_trouble(self, trouble: Trouble) -> None:
        if not self.faces_players:
            self._show_trouble()
        elif self._show_trouble not in self._waiting_to_show:
            self._waiting_to_show.append(self._show_trouble)

    def _show_trouble(self) -> None:
        from .screens.panels.trouble import TroublePanel

        trouble = None if self.desk is None else self.desk.trouble
        if trouble is not None and not isinstance(self.screen, TroublePanel):
            self._push_above_hands(TroublePanel(self.words, trouble.error), self._try_again)

    def _try_again(self, at: int | None) -> None:
        desk = self.desk
        if desk is None or desk.trouble is None:
            return
        if at == 0:
            desk.retry(self._still_not)

    def _still_not(self, error: TabletopError) -> None:
        if self.desk is not None and self.desk.trouble is not None:
            self.desk_trouble(self.desk.trouble)
        else:
            self.say(error)

    def desk_read_only(self) -> None:
        """Somebody else drives: said at once, and offered for change once nobody types. What is being typed stays where it is."""
        desk = self.desk
        if desk is not None and desk.was_driving:
            self._close_what_drives()
            told = self.words("door.lost", holder=self.driver_named(desk.driver))
            self.notices.put(told, lambda: desk.read_only, LOST_S)
            self.notify(told, severity="warning", timeout=LOST_S, markup=False)
        self._when_nobody_types(self.offer_to_take_over)

    def _close_what_drives(self) -> None:
        """What was open for the one who drove is closed: its next digit would be refused, or meant for something else later."""
        from .screens.panels.frame import Box

        for screen in reversed(self.screen_stack):
            if isinstance(screen, Box) and not screen.STAYS:
                screen.dismiss(None)

    def offer_to_take_over(self) -> None:
        """Says who drives, and asks whether to take over."""
        from .screens.panels.read_only import ReadOnlyPanel

        if self.desk is not None and self.desk.read_only and not isinstance(self.screen, ReadOnlyPanel):
            self.push_screen(ReadOnlyPanel(self.words), self._take_over)

    def _mind_driver(self, desk: Desk) -> None:
        """Where the console that drove is gone, one that watches offers to take over; once."""
        gone = desk.read_only and not desk.crowd.driven
        if gone and not self._driver_gone:
            self._when_nobody_types(self.offer_to_take_over)
        self._driver_gone = gone

    def _when_nobody_types(self, show: Callable[[], object]) -> None:
        """Opens what nobody asked for once the facilitator looks on and types nothing: it must not swallow what is being typed."""
        self._waiting_to_show.append(show)
        self._show_what_waits()

    def _show_what_waits(self) -> None:
        while self._waiting_to_show and not self.faces_players and not isinstance(self.focused, Input | TextArea):
            before = self.screen
            self._waiting_to_show.pop(0)()
            if self.screen is not before:
                self.unasked.opens(self.screen)

    def _take_over(self, at: int | None) -> None:
        desk = self.desk
        if at != 1 or desk is None or not desk.read_only:
            return

        def driving() -> None:
            self.tell("panel.taken-over")
            # Whoever only watched until now has drawn less.
            self.run_changed.publish(desk.state)

        desk.take_over(driving, self.say)

    def _mind_emergency(self, state: State, raised: bool = False) -> None:
        """A confirmed emergency stands above everything; a first press says so once."""
        if state.emergency is None:
            return
        from .screens.panels.emergency import EmergencyScreen, RaisedPanel

        if state.emergency.confirmed:
            if not any(isinstance(screen, EmergencyScreen) for screen in self.screen_stack):
                self._push_above_hands(EmergencyScreen())
        elif raised and not any(isinstance(screen, RaisedPanel) for screen in self.screen_stack):
            self._push_above_hands(RaisedPanel())

    def _push_above_hands(self, screen: Screen[Any], then: Callable[[Any], None] | None = None) -> None:
        """Opens what waits for nobody: what is being typed goes on where it is, and ends nothing up there."""
        field = self.focused if isinstance(self.focused, Input | TextArea) else None
        if field is not None and getattr(field.screen, "sending", False):
            field = None
        self.unasked.opens(screen, field)
        self.push_screen(screen, then)

    def _tell_over(self, desk: Desk) -> None:
        """Whoever did not stand an emergency down is told that it is over, and what becomes of the exercise."""
        from tabletop.engine.emergency import emergency_over

        over = emergency_over(desk.state)
        if over is not None and (desk.read_only or not self.MAY_STAND_DOWN):
            self.tell(f"headcount.over-{over.exercise}")

    def _mind_site(self, fresh: Sequence[Entry]) -> None:
        """A pause that a site called for says where it came from (semantics: *Sites do not stop apart*)."""
        from .seat_names import site_title

        for entry in fresh:
            if isinstance(entry.event, ClockPaused) and entry.event.site and self.desk is not None:
                self.tell("door.site-paused", site=site_title(self.desk.plan, entry.event.site))

    def _tick(self) -> None:
        # The screens of a program that is being left go before its timer.
        if self._redraws and self.screen_stack:
            self._redraws -= 1
            self.screen.refresh()
        self.notices.mind()
        desk = self.desk
        if desk is not None and desk.ready:
            desk.tick()
            self._mind_driver(desk)
            self.ticked.publish(desk.elapsed_ms())
        self._show_what_waits()

    def action_emergency(self) -> None:
        if self.desk is None or not self.desk.ready:
            self.tell("console.no-run")
            return
        from tabletop.engine import commands as c

        self.desk.ask(c.PressEmergency(seat=self.emergency_seat), failed=self._emergency_not_recorded)

    def _emergency_not_recorded(self, error: TabletopError) -> None:
        """An emergency is real whether or not the disk takes it: the second press shows the screen all the same."""
        from .screens.panels.emergency import EmergencyScreen

        now, last = time.monotonic(), self._unrecorded_press
        self._unrecorded_press = now
        closed = error.code == "refused.emergency-locked"
        if (isinstance(error, Refused) and not closed) or now - last > PRESSES_S:
            # It stays its time, whatever works meanwhile: nothing else says that nobody was told.
            self.notify(self._worded(error), severity="warning", timeout=REFUSED_S, markup=False)
        elif not any(isinstance(screen, EmergencyScreen) for screen in self.screen_stack):
            self._push_above_hands(EmergencyScreen(recorded=False))
