"""All open actions: arrows choose row and state, `enter` keeps what was changed."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.standing import standing

from ...in_sight import still_at
from ...look import clock_text, column, line, plain, spread
from .frame import EARLIER_MS, Recording, digit_of
from .roles import RolePanel

STATES: tuple[tuple[str, bool], ...] = (
    ("", False),
    ("done", False),
    ("done", True),
    ("partial", False),
    ("partial", True),
    ("missed", False),
    ("not_observed", False),
    ("not_applicable", False),
)
"""What `→` goes through: a state, and whether it came after a hint."""

BY_DIGIT = {"1": 1, "2": 3, "3": 5, "4": 6, "5": 7, "0": 0}
"""Places in STATES that a digit goes to at once."""


class MarksPanel(Recording[None]):
    """Marks expected actions. The time is that of the key that opened it, or the one it was moved to; after ENDEX nobody's."""

    BINDINGS: ClassVar = [
        ("pageup", "earlier(1)", "earlier"),
        ("pagedown", "earlier(-1)", "later"),
        ("up", "move(-1)", "up"),
        ("down", "move(1)", "down"),
        ("left", "turn(-1)", "left"),
        ("right", "turn(1)", "right"),
        ("tab", "other_role", "other role"),
        ("enter", "keep_marks", "keep"),
    ]

    def __init__(self, said_ms: int, first: str | None = None) -> None:
        super().__init__()
        self.said_ms = self._opened_ms = said_ms
        self._moved = False
        self._first = first
        self.cursor = 0
        self.chosen: dict[str, int] = {}
        """Places in STATES by action."""
        self.others: dict[str, str] = {}
        """Other roles by action."""
        self.actions: list[str] = []

    def on_mount(self) -> None:
        self.actions = self.to_mark()
        if self._first is not None:
            if self._first not in self.actions:
                self.actions.insert(0, self._first)
            self.cursor = self.actions.index(self._first)
        super().on_mount()

    def to_mark(self) -> list[str]:
        """The actions that are listed: those of which nothing is recorded."""
        return [owed.standing.action.id for owed in self.scene().owed_actions()]

    def draw(self) -> None:
        self._forget()
        super().draw()

    def _forget(self) -> None:
        """Leaves out what went with an inject that was taken back; the cursor stays on its action."""
        known = [action for action in self.actions if action in self.desk.plan.actions]
        if known != self.actions:
            on = self.actions[self.cursor]
            self.cursor, self.actions = still_at(known, on, self.cursor), known
            self.chosen = {action: state for action, state in self.chosen.items() if action in known}

    def heading(self) -> Content:
        known = self.counts_ms is not None
        when = self.words("panel.marks-at", time=clock_text(self.said_ms)) if known else self.words("panel.marks-at-unknown")
        return spread(plain(self.words("panel.marks-title", n=len(self.actions)), "bold"), plain(when, "bold $text-warning"), self.inner)

    @property
    def counts_ms(self) -> int | None:
        """The exercise time at which what is marked counts; None: nobody knows, after ENDEX."""
        return None if self.desk.state.phase == "ended" and not self._moved else self.said_ms

    def rows(self) -> list[Content]:
        if not self.actions:
            return [plain(self.words("panel.no-actions"))]
        return self.listed(len(self.actions), self._row, self.cursor, self.most_rows)

    def _row(self, index: int) -> Content:
        scene, action_id = self.scene(), self.actions[index]
        known = standing(scene.plan, scene.state, action_id, scene.now_ms)
        action = known.action
        what = Content.assemble(
            column("›" if index == self.cursor else "", 2, "bold"),
            column(scene.role(action.by), 7, "bold"),
            plain(line(action.title, self.language)),
        )
        weight = f"{self.words(f'console.{action.criticality}')}  " if action.criticality != "normal" else ""
        return spread(what, Content.assemble(weight, "  ", self._state(action_id, index == self.cursor)), self.inner)

    def _state(self, action_id: str, here: bool) -> Content:
        state, prompted = STATES[self.chosen.get(action_id, 0)]
        words = self.words
        text = words(f"console.standing-{state}") if state else words("panel.unmarked")
        parts = [text, words("console.after-hint") if prompted else ""]
        if action_id in self.others:
            parts.append(words("console.by-other", role=self.scene().role(self.others[action_id])))
        told = " ".join(part for part in parts if part)
        return plain(f"‹ {told} ›" if here else told, "bold" if state else "")

    def keys(self) -> str:
        return self.words("panel.marks-keys")

    def action_move(self, by: int) -> None:
        self._forget()
        if self.actions:
            self.cursor = (self.cursor + by) % len(self.actions)
            self.draw()

    def action_earlier(self, steps: int) -> None:
        """So many steps of 15 s earlier, and never later than the key that opened the panel."""
        self.said_ms, self._moved = max(0, min(self._opened_ms, self.said_ms - steps * EARLIER_MS)), True
        self.draw()

    def action_turn(self, by: int) -> None:
        self._forget()
        if self.actions:
            action = self.actions[self.cursor]
            self.chosen[action] = (self.chosen.get(action, 0) + by) % len(STATES)
            self.draw()

    def on_key(self, event: events.Key) -> None:
        digit = digit_of(event.character)
        self._forget()
        if digit in BY_DIGIT and self.actions:
            event.stop()
            self.chosen[self.actions[self.cursor]] = BY_DIGIT[digit]
            self.draw()

    def action_other_role(self) -> None:
        self._forget()
        if not self.actions:
            return
        action = self.actions[self.cursor]

        def chosen(role: str | None) -> None:
            if role is not None:
                self.others[action] = role
                if not self.chosen.get(action):
                    self.chosen[action] = 1
                self.draw()

        self.app.push_screen(RolePanel(self.words("panel.other-role")), chosen)

    def action_keep_marks(self) -> None:
        if self.sending:
            return
        self._forget()
        waiting = [action for action in self.actions if self.chosen.get(action)]
        if not waiting:
            self.dismiss(None)
            return
        self.sending = True
        for action in waiting:
            state, prompted = STATES[self.chosen[action]]
            command = c.MarkAction(
                action, state, prompted=True if prompted else None, other_role=self.others.get(action, ""), said_ms=self.counts_ms
            )
            self.app.ask(command, then=lambda _, action=action: self._recorded(action), failed=self.failed)  # type: ignore[misc]

    def _recorded(self, action: str) -> None:
        self.chosen.pop(action, None)
        if not any(self.chosen.values()):
            self.sent()
            self.dismiss(None)
