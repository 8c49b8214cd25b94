"""The briefing: people are named, checks ticked, settings made; space starts the exercise. Nothing private stands on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar, get_args

from textual import events
from textual.content import Content

from tabletop.conductor.booking import booking_of
from tabletop.engine import commands as c
from tabletop.engine.booking import MINUTE_MS
from tabletop.engine.events import Holder, Pace
from tabletop.engine.state import State
from tabletop.exercise.model import Parameter
from tabletop.exercise.parameters import typed as typed_value
from tabletop.exercise.parameters import value_of

from ..actions import BRIEFING_ACTIONS, bindings
from ..crowd import NOBODY, Crowd
from ..look import line, plain, spread
from ..pages.booking import count_text, plan_text, planned_backwards
from ..pages.briefing import CHECKS_WITH_NOTE, briefing_lines, check_notes, open_checks, people_of, value_text
from ..pages.lines import QUIET, STRONG, WARN, Line
from .panels.door import LobbyPanel, turn_lobby
from .panels.fit import FitPanel
from .panels.frame import Choice
from .panels.roll import RollPanel
from .panels.who import TURNS, joins, with_panel
from .sheet import SheetScreen

PACES: tuple[Pace, ...] = get_args(Pace)

LENGTHS = (0, 30, 45, 60, 90, 120)
"""Minutes of a booking that the arrows turn through, the commonest first; 0: not booked."""


class BriefingScreen(SheetScreen[None]):
    """What the room sees before STARTEX."""

    ACTIONS = BRIEFING_ACTIONS
    BINDINGS: ClassVar = [*bindings(BRIEFING_ACTIONS)]
    CSS_PATH: ClassVar = ["sheet.tcss", "briefing.tcss"]

    takes_typing = True
    """A name may be typed at once, in any script: no hint about input methods is wanted here."""

    def page(self, width: int) -> Sequence[Line]:
        if not self._open:
            return ()
        desk = self.desk
        notes, wall_ms = check_notes(desk.entries), desk.conductor.wall_ms()
        return briefing_lines(
            desk.plan, desk.state, self.words, width, row=self.row, notes=notes, wall_ms=wall_ms, dark=self._dark, crowd=desk.crowd
        )

    _dark = False
    """Whether somebody said that nobody else sees this screen."""

    @property
    def _open(self) -> bool:
        return self.app.desk is not None and self.app.desk.ready

    def below(self, width: int) -> Sequence[Content]:
        if not self._open:
            return ()
        words, missing = self.words, open_checks(self.desk.state)
        separator = "、" if words.language.startswith("zh") else ", "
        told = separator.join(words(f"briefing.check.{check}") for check in missing)
        warning = words("briefing.open", n=len(missing), checks=told) if missing else words("briefing.all-ticked")
        ready, begins = words("briefing.startex.ready"), words("briefing.startex.begins")
        return (
            *self._watching(width),
            *self._time(width),
            Content.styled(warning, WARN if missing else QUIET).truncate(width, ellipsis=True),
            spread(Content.styled(f"{ready}  {begins}", STRONG), Content.styled(words("briefing.startex.press"), "bold $accent"), width),
        )

    def _watching(self, width: int) -> Sequence[Content]:
        """That somebody else drives, where somebody does."""
        desk = self.desk
        if not desk.read_only:
            return ()
        who = self.app.driver_named(desk.driver)
        told = self.words("console.read-only-line", holder=who) if desk.crowd.driven else self.words("panel.undriven-title")
        return (Content.styled(f" {told} ", "bold reverse $text-warning").truncate(width, ellipsis=True),)

    def _time(self, width: int) -> Sequence[Content]:
        """Where the room is booked: when play and hot wash end, and how many injects that leaves."""
        wall_ms = self.desk.conductor.wall_ms()
        planned = planned_backwards(self.desk.plan, self.desk.state, wall_ms)
        if planned is None:
            return ()
        told = (plan_text(planned.now, self.words, wall_ms), count_text(planned, self.words))
        return (Content.styled(" · ".join(told), STRONG).truncate(width, ellipsis=True),)

    def tick(self, now_ms: int) -> None:
        """The times of a booking move on while one briefs; phones say hello."""
        if self._open and (self.desk.crowd, self.desk.read_only) != self._known:
            self._known = self.desk.crowd, self.desk.read_only
            self.draw()
        if self._open and self.desk.state.booking is not None:
            minute = self.desk.conductor.wall_ms() // MINUTE_MS
            if minute != self._minute:
                self._minute = minute
                self.draw()

    _minute = 0
    _known: tuple[Crowd, bool] = (NOBODY, False)
    """Who was at a device, and whether somebody else drove, when it was drawn last."""

    def show(self, state: State) -> None:
        if state.started:
            self.app.go("console")
            return
        self.draw()
        if not self._looked:
            self._looked = True
            self._go_on_typing()

    _looked = False

    def _go_on_typing(self) -> None:
        """What was being typed when the console ended, however it ended, stands in its field again."""
        for draft in self.desk.drafts:
            kind, _, rest = draft.partition(":")
            name, _, holder = rest.partition(":")
            if kind == "name" and name in self.desk.exercise.role_by_id:
                self.sheet.go(f"role:{name}")
                self._ask_name(name, "B" if holder == "B" else "A")
                return
            if kind == "check" and name in CHECKS_WITH_NOTE:
                self.sheet.go(f"check:{name}")
                self._ask_note(name)
                return

    # Keys.

    def action_start(self) -> None:
        missing = len(open_checks(self.desk.state))

        def started(_: object) -> None:
            if missing:
                self.app.tell("briefing.startex.unticked", n=missing)

        self.app.ask(c.Start(), then=started)

    def action_leap(self, by: int) -> None:
        self.sheet.leap(by)

    def action_back(self) -> None:
        self.app.leave_run()

    def action_role(self, key: str) -> None:
        """Digits name roles by their tent; `0` waits for a second digit."""
        number = 10 + int(key) if self._tens else int(key)
        self._tens = key == "0" and not self._tens
        if self._tens:
            return
        for role, has in self.desk.exercise.number_of_role.items():
            if has == number:
                self.sheet.go(f"role:{role}")

    _tens = False

    def action_edit(self) -> None:
        kind, _, name = self.row.partition(":")
        match kind:
            case "role":
                self._ask_name(name, "A")
            case "check" if self.desk.state.checks.get(name, False):
                # Going over the list again with `enter` takes no tick away; the arrows do.
                self.sheet.move(1)
            case "check":
                self._tick(name)
            case "pace":
                self.action_turn(1)
            case "parameter":
                self._ask_value(name)
            case "booking":
                self.action_book()
            case "lobby":
                self.app.push_screen(LobbyPanel())
            case "fitting":
                self._when_dark(lambda: self.app.push_screen(FitPanel(shown_only=True)))
            case "private":
                self._when_dark(self._show_private)
            case _:
                self.sheet.move(1)

    def action_turn(self, by: int) -> None:
        kind, _, name = self.row.partition(":")
        match kind:
            case "role":
                self._turn_role(name, by)
            case "check":
                self._tick(name)
            case "pace":
                other = PACES[(PACES.index(self.desk.state.pace) + by) % len(PACES)]
                self.app.ask(c.ChoosePace(other))
            case "booking":
                self._turn_booking(by)
            case "lobby":
                turn_lobby(self.app, paper=not self.desk.crowd.paper)
            case "parameter" if self.desk.exercise.parameters[name].options:
                options = self.desk.exercise.parameters[name].options
                now = self._value(name)
                index = options.index(now) + by if now in options else 0
                self.app.ask(c.SetParameter(name, options[index % len(options)]))
            case _:
                pass

    def on_sheet_picked(self) -> None:
        self.action_edit()

    def begins(self, event: events.Key) -> bool:
        """Typing on a role, a check or a setting begins its text."""
        character = self.typed(event)
        kind, _, name = self.row.partition(":")
        if not character or not self._open:
            return False
        if kind == "role":
            self._ask_name(name, self._free_holder(name), character)
        elif kind == "parameter" and not self.desk.exercise.parameters[name].options:
            self._ask_value(name, character)
        elif kind == "check" and name in CHECKS_WITH_NOTE:
            self._ask_note(name, character)
        else:
            return False
        return True

    # Roles.

    def action_roll(self) -> None:
        """Who is here, by digits; control plays the rest."""
        if self._open:
            self.app.push_screen(RollPanel())

    def _free_holder(self, role: str) -> Holder:
        """The holder that has no name yet, A first."""
        names = people_of(self.desk.state, role)
        return "B" if self.desk.exercise.role_by_id[role].holders == 2 and "A" in names and "B" not in names else "A"

    def _ask_name(self, role_id: str, holder: Holder, begun: str = "") -> None:
        role = self.desk.exercise.role_by_id[role_id]
        now = people_of(self.desk.state, role_id).get(holder, "")
        code = "briefing.ask.name" if role.holders == 1 else f"briefing.ask.name-{holder.lower()}"

        def keep(text: str) -> str | None:
            if text and text != now:
                if joins(self.desk.plan, self.desk.state, role_id):
                    self.app.ask(c.StaffRole(role_id, "people"))
                self.app.ask(c.SeatPerson(role_id, text, holder))
            elif not text and now:
                self.app.ask(c.PersonLeaves(role_id, holder))
            if holder == "A" and role.holders == 2:
                self._ask_name(role_id, "B")
            else:
                self.sheet.move(1)
            return None

        label = self.words(code, role=line(role.title, self.language))
        self.ask_for(label, keep, value=begun or now, placeholder=self.words("briefing.ask.hint"), draft=f"name:{role_id}:{holder}")

    def _turn_role(self, role: str, by: int) -> None:
        now = self.desk.plan.staffed_by(self.desk.state, role)
        wanted = TURNS[(TURNS.index(now) + by) % len(TURNS)]
        if wanted == "with":
            self._ask_with(role)
        else:
            self.app.ask(c.StaffRole(role, wanted))

    def _ask_with(self, role: str) -> None:
        def chosen(other: str | None) -> None:
            if other is not None:
                self.app.ask(c.StaffRole(role, "with", other))

        self.app.push_screen(with_panel(self.words, self.desk.plan, self.desk.state, role), chosen)

    # Time.

    def action_book(self) -> None:
        """Minutes, or the time at which the room is wanted: digits and `enter` are enough."""
        self.sheet.go("booking")

        def keep(text: str) -> str | None:
            booked = booking_of(text, datetime.fromtimestamp(self.desk.conductor.wall_ms() / 1000).astimezone())
            if booked is None:
                return self.words("fitting.not-a-time")
            self.app.ask(c.Book(*booked))
            return None

        self.ask_for(self.words("fitting.ask"), keep, placeholder=self.words("fitting.ask-hint"))

    def _turn_booking(self, by: int) -> None:
        """The next usual length, or none."""
        booking = self.desk.state.booking
        now = 0 if booking is None else booking.slot_ms // MINUTE_MS
        at = LENGTHS.index(now) if now in LENGTHS else 0
        self.app.ask(c.Book(slot_ms=LENGTHS[(at + by) % len(LENGTHS)] * MINUTE_MS))

    def _when_dark(self, show: Callable[[], object]) -> None:
        """What is private is shown only once somebody has said that nobody else sees it."""
        choices = [plain(self.words("fitting.sure-no")), plain(self.words("fitting.sure-yes"))]

        def chosen(at: int | None) -> None:
            if at == 1:
                show()

        self.app.push_screen(Choice(plain(self.words("fitting.sure"), "bold"), choices), chosen)

    # Checks and settings.

    def _show_private(self) -> None:
        self._dark = True
        self.draw()

    def _tick(self, check: str) -> None:
        done = not self.desk.state.checks.get(check, False)
        if done and check in CHECKS_WITH_NOTE:
            self._ask_note(check)
        else:
            self.app.ask(c.TickCheck(check, done))
            self.sheet.move(1)

    def _ask_note(self, check: str, begun: str = "") -> None:
        def keep(text: str) -> str | None:
            self.app.ask(c.TickCheck(check, True, text))
            self.sheet.move(1)
            return None

        label = self.words("briefing.ask.note", check=self.words(f"briefing.check.{check}"))
        self.ask_for(label, keep, value=begun, placeholder=self.words("briefing.ask.hint"), draft=f"check:{check}")

    def _value(self, name: str) -> str:
        parameter = self.desk.exercise.parameters[name]
        return self.desk.state.parameters.get(name) or value_text(parameter.default, self.language)

    def _ask_value(self, name: str, begun: str = "") -> None:
        parameter = self.desk.exercise.parameters[name]
        if parameter.options:
            self.action_turn(1)
            return

        title = line(parameter.title, self.language) or name

        def keep(text: str) -> str | None:
            if not _fits(parameter, text):
                code = f"problems.parameter-{parameter.kind}"
                return f"{self.words(code, name=title, given=text)} {self.words.hint(code)}".strip()
            self.app.ask(c.SetParameter(name, text))
            self.sheet.move(1)
            return None

        label = self.words("briefing.ask.value", name=title)
        self.ask_for(label, keep, value=begun or self._value(name), placeholder=self.words("briefing.ask.hint"))


def _fits(parameter: Parameter, text: str) -> bool:
    """Whether a typed value is one the parameter takes."""
    return value_of(parameter.kind, typed_value(parameter.kind, text)) is not None
