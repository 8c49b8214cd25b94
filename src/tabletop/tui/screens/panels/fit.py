"""Fitting to the end: shows what is cut and what stays untested, and does it by one key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.content import Content

from tabletop.conductor.booking import booking_of
from tabletop.engine import commands as c
from tabletop.engine.booking import booking_now, play_left_ms
from tabletop.engine.fitting import Fitting, fit
from tabletop.engine.state import State
from tabletop.text import cells

from ...look import clock_text, column, line, plain
from ...pages.booking import minutes_up, wall_text
from .frame import Box, Prompt


class FitPanel(Box[None]):
    """What fits into the time left. In the briefing it only shows what STARTEX will do; in play, `enter` does it."""

    BINDINGS: ClassVar = [("enter", "fit", "fit"), ("tab", "book", "book")]
    ENTER_ACTS: ClassVar = True

    def __init__(self, *, shown_only: bool = False) -> None:
        super().__init__()
        self._shown_only = shown_only
        self._found: tuple[State, int, Fitting] | None = None

    def _play_ms(self) -> int:
        """Exercise milliseconds of play that are left."""
        state, wall_ms, now_ms = self.desk.state, self.desk.conductor.wall_ms(), self.desk.elapsed_ms()
        if not state.started and (now := booking_now(state, wall_ms)) is not None:
            return max(0, round(now.play_left_ms * state.clock.speed))
        left_ms = play_left_ms(state, wall_ms)
        return max(0, self.desk.exercise.duration * 1000 - now_ms) if left_ms is None else left_ms

    def fitting(self) -> Fitting:
        """What would be done now; the same for a second, so that the list does not jump about."""
        state, now_ms = self.desk.state, self.desk.elapsed_ms()
        second = self.desk.conductor.wall_ms() // 1000
        if self._found is None or self._found[0] is not state or self._found[1] != second:
            self._found = state, second, fit(self.desk.plan, state, self._play_ms(), now_ms)
        return self._found[2]

    def heading(self) -> Content:
        minutes = minutes_up(self._play_ms())
        now = booking_now(self.desk.state, self.desk.conductor.wall_ms())
        if not self.desk.state.started:
            return plain(self.words("fitting.title-brief", minutes=minutes), "bold")
        if now is not None:
            return plain(self.words("fitting.title", minutes=minutes, time=wall_text(now.play_until_wall_ms)), "bold")
        end = clock_text(self.desk.exercise.duration * 1000)
        return plain(self.words("fitting.title-file", minutes=minutes, time=end), "bold")

    def rows(self) -> list[Content]:
        found, scene, words = self.fitting(), self.scene(), self.words
        objectives = self.desk.exercise.objective_by_id
        untested = [line(objectives[name].title, self.language) for name in found.untested]

        def named(names: Sequence[str]) -> list[str]:
            return [f"{scene.number(name):>2}  {scene.title(name)}" for name in names]

        lists = (
            (words("fitting.cut"), named(found.cut) or [words("fitting.nothing-cut")]),
            (words("fitting.stays-untested"), untested or [words("fitting.no-objective")]),
            (words("fitting.kept"), named(found.kept)),
        )
        wide = max(cells(label) for label, _ in lists) + 2
        extra = [words("fitting.moved", n=len(found.moved))] if found.moved else []
        if found.over_ms:
            extra.append(words("fitting.over", minutes=minutes_up(found.over_ms)))
        room = max(6, self.most_rows - len(extra))
        shown = [Content.styled(told, "bold $text-warning").truncate(self.inner, ellipsis=True) for told in extra]
        for number, (label, told) in enumerate(lists):
            share = max(2, room // (len(lists) - number))
            rows = self._list(column(label, wide, "bold $text-accent"), told, share)
            room -= len(rows)
            shown += rows
        return shown

    def _list(self, label: Content, told: list[str], room: int) -> list[Content]:
        """A list behind its label, in `room` lines; the last says how many more there are."""
        if len(told) > room:
            told = [*told[: room - 1], self.words("fitting.more", n=len(told) - room + 1)]
        blank = Content(" " * label.cell_length)
        rows = (Content.assemble(blank if number else label, plain(text)) for number, text in enumerate(told))
        return [row.truncate(self.inner, ellipsis=True) for row in rows]

    def keys(self) -> str:
        if self._shown_only:
            return self.words("fitting.keys-shown")
        return self.words("fitting.keys" if self.fitting().changes else "fitting.keys-nothing")

    def action_fit(self) -> None:
        if self._shown_only:
            self.dismiss(None)
            return
        command = self.fitting().command
        self.app.ask(command, then=lambda _: self._done(len(command.cut)))

    def _done(self, cut: int) -> None:
        self.app.tell("fitting.done", n=cut)
        self.dismiss(None)

    def action_book(self) -> None:
        if not self._shown_only:
            self.app.push_screen(Prompt(plain(self.words("fitting.ask"), "bold"), hint=self.words("fitting.ask-hint")), self._book)

    def _book(self, typed: str | None) -> None:
        if typed is None:
            return
        booked = booking_of(typed, datetime.fromtimestamp(self.desk.conductor.wall_ms() / 1000).astimezone())
        if booked is None:
            self.app.refuse("fitting.not-a-time")
        else:
            self.app.ask(c.Book(*booked), then=lambda _: self.draw())
