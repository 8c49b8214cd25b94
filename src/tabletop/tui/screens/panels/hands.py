"""Hands: cards held up on "three, two, one". One digit for each role that was asked, in the order of the name tents."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from textual import events
from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.events import AnswerValue, Entry
from tabletop.engine.shuffle import shuffled
from tabletop.errors import TabletopError
from tabletop.exercise.asks import Ask

from ...look import column, line, plain, role_key, role_title, spread
from ...speaker_items import seed_of
from ...widgets.owed import value_text
from .frame import Box, digit_of

LONGEST_NUMBER = 9
"""Digits of a number that is held up."""

OWN_KEYS = frozenset({"right", "left", "enter", "backspace", "up", "down", "tab", "shift+tab", "escape"})
"""Keys that mean something here once everybody is through; any other one closes the panel and does what it does on the console."""


class HandsPanel(Box[None]):
    """First answers of the whole room with no device at all; every digit is recorded at once.

    A wrong one is corrected with `left`: what this panel recorded is taken back and given anew, with the time of the hands, whatever the
    deadline says. One card for each role: people who share a role agree on one (semantics: *Answers*).
    """

    STAYS = True
    BINDINGS: ClassVar = [("right,enter,down", "pass_over", "next"), ("left,backspace,up", "step_back", "back")]

    def __init__(self, ask: str) -> None:
        super().__init__()
        self.ask_id = ask
        self._ask: Ask | None = None
        self.said_ms: int | None = None
        """When the cards were held up: at the first digit that was taken down here. None: not yet."""
        self.cursor = 0
        self._roles: list[str] = []
        self.given: dict[str, AnswerValue] = {}
        """What each role held up here."""
        self._entries: dict[str, Entry] = {}
        self._typed = ""

    @property
    def question(self) -> Ask:
        """What was asked when the panel opened: with an added inject it may be taken back meanwhile, and then nothing more is recorded."""
        if self._ask is None:
            self._ask = self.desk.plan.asks[self.ask_id][1]
        return self._ask

    @property
    def roles(self) -> list[str]:
        """The roles that were asked and sit in the room, in the order of the name tents.

        While the panel is open a role keeps its turn, and one that comes in is the last: a card is never taken down for a neighbour.
        """
        desk = self.desk
        plan, state = desk.plan, desk.state
        if self.ask_id not in plan.asks:
            return self._roles
        inject, ask = plan.asks[self.ask_id]
        asked = sorted(plan.addressees(state, inject, ask), key=lambda role: desk.exercise.number_of_role.get(role, 0))
        scene = self.scene()
        present = [role for role in asked if plan.staffed(state, role) and not scene.away(role)]
        self._roles += [role for role in (present or asked) if role not in self._roles]
        return self._roles

    @property
    def options(self) -> list[str]:
        """Ids of the options in the order printed on the cards."""
        return [option.id for option in shuffled(self.question, seed_of(self.desk.state))]

    @property
    def through(self) -> bool:
        """Whether everybody had a turn."""
        return self.cursor >= len(self.roles)

    def heading(self) -> Content:
        left = plain(f"{self.words('panel.hands')} · {line(self.question.question, self.language)}", "bold")
        return spread(left, plain(self.words("panel.hands-count", n=len(self.given), of=len(self.roles)), "bold $text-warning"), self.inner)

    def rows(self) -> list[Content]:
        options = self._option_rows()
        roles = self.roles
        people = self.listed(
            len(roles), lambda index: self._person(index, roles[index]), self.cursor, max(1, self.most_rows - len(options))
        )
        return [row.truncate(self.inner, ellipsis=True) for row in (*options, *people)]

    def _option_rows(self) -> list[Content]:
        ask = self.question
        if ask.answer == "confirm":
            return [Content.assemble((" 1 ", "bold $text-accent"), plain(self.words("console.confirmed")))]
        if ask.answer != "choice":
            return []
        held = Counter(value[0] for value in self.given.values() if isinstance(value, tuple))
        shown = []
        for number, option in enumerate(self.options, start=1):
            what = Content.assemble((f" {number} ", "bold $text-accent"), plain(line(ask.option(option).text, self.language)))
            shown.append(spread(what, plain("▪" * held[option] + f" {held[option]}" if held[option] else "", "bold"), self.inner))
        return shown

    def _person(self, index: int, role: str) -> Content:
        scene = self.scene()
        here = index == self.cursor
        mark = "›" if here else "✓" if role in self.given else " "
        who = f"{role_key(scene.exercise, role)} {role_title(scene.exercise, role, self.language)}  {scene.person(role)}"
        return Content.assemble((f" {mark} ", "bold"), column(who, 40), plain(self._held(role, here), "bold"))

    def _held(self, role: str, here: bool) -> str:
        """What the role holds up, as its number where it has one; in brackets what it had answered before."""
        if here and self._typed:
            return f"{self._typed}_"
        if role in self.given:
            return self._short(self.given[role])
        before = self.desk.state.ask(self.ask_id).answers.get(role)
        return "" if before is None else f"({self._short(before.value)})"

    def _short(self, value: AnswerValue) -> str:
        options = self.options
        if isinstance(value, tuple) and value[0] in options:
            return str(options.index(value[0]) + 1)
        return value_text(self.scene(), self.question, value)

    def keys(self) -> str:
        return self.words("panel.hands-done" if self.through else f"panel.hands-keys-{self.question.answer}")

    def action_pass_over(self) -> None:
        if self.through:
            self.dismiss(None)
        elif self._typed:
            typed, self._typed = self._typed, ""
            self._hold_up(float(typed))
        else:
            self.cursor += 1
            self.draw()

    def action_step_back(self) -> None:
        if self._typed:
            self._typed = self._typed[:-1]
        else:
            self.cursor = max(0, self.cursor - 1)
        self.draw()

    def on_key(self, event: events.Key) -> None:
        digit = digit_of(event.character)
        if self.through and event.key not in OWN_KEYS:
            event.stop()
            event.prevent_default()
            self._late.append(event)
            self.dismiss(None)
        elif digit is not None:
            event.stop()
            self._digit(digit)

    def _digit(self, digit: str) -> None:
        answer, options = self.question.answer, self.options
        if answer == "number":
            self._typed = (self._typed + digit)[:LONGEST_NUMBER]
            self.draw()
        elif digit == "0":
            self._abstain()
        elif answer == "confirm" and digit == "1":
            self._hold_up(True)
        elif answer == "choice" and int(digit) <= len(options):
            self._hold_up((options[int(digit) - 1],))
        else:
            self.app.refuse("panel.no-such-row", number=digit)

    def _hold_up(self, value: AnswerValue) -> None:
        role = self.roles[self.cursor]
        if self.said_ms is None:
            self.said_ms = self.app.pressed_ms()
        if self.given.get(role) != value:
            self._take_back(role)
            self.given[role] = value
            # `left` may follow at once, and takes back what this made.
            self.app.hold_keys()
            command = c.GiveAnswer(self.ask_id, role, value, said_ms=self.said_ms)
            self.app.ask(command, then=lambda entries: self._recorded(role, entries), failed=lambda error: self._failed(role, error))
        self.cursor += 1
        self.draw()

    def _abstain(self) -> None:
        self._take_back(self.roles[self.cursor])
        self.cursor += 1
        self.draw()

    def _take_back(self, role: str) -> None:
        """What this panel recorded for the role was a slip of the finger."""
        self.given.pop(role, None)
        entry = self._entries.pop(role, None)
        if entry is not None:
            self.app.ask(c.Retract(entry))

    def _recorded(self, role: str, entries: list[Entry]) -> None:
        if entries:
            self._entries[role] = entries[0]
        self.app.go_on_with_keys()
        self.draw()

    def _failed(self, role: str, error: TabletopError) -> None:
        self.given.pop(role, None)
        self.app.go_on_with_keys()
        self.draw()
