"""The speaker key and the note of those who judge or record: the facilitator's panels with another word for what they record.

Owns: that a mark is one's own whatever others have said, and what typed words become. Refuses to own: who may record what (engine).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tabletop.engine import commands as c
from tabletop.engine.clock import milliseconds_of
from tabletop.engine.judging import Said, mark_of, newest_marks, own_standing

from ...look import clock_text, column, line, number_key, plain, spread
from ...speaker_items import Item
from ...widgets.judge_rows import mark_text
from .decision import DecisionPanel
from .frame import DIGITS, Box, Field, Prompt, read_draft
from .marks import MarksPanel
from .note import CATEGORIES, NotePanel
from .speaker import SpeakerPanel

if TYPE_CHECKING:
    from tabletop.engine.rights import Actor

    from ...desk import Desk


class JudgeSpeakerPanel(SpeakerPanel):
    """One role's expected actions, a digit away. A recorder's words are the role's decision, an evaluator's an observation."""

    def __init__(self, role: str, said_ms: int, judge: Actor) -> None:
        super().__init__(role, said_ms)
        self.judge = judge

    @property
    def records(self) -> bool:
        """Whether what is typed is written down as a decision of the role."""
        return self.judge.kind == "recorder"

    def fields(self) -> Iterable[Widget]:
        hint = self.words("panel.type-words" if self.records else "judge.type-observation")
        yield Field(hint, commands=(*DIGITS, "left", "right", "down", "up"), value=self._text)

    def items(self) -> list[Item]:
        """Actions only: answers are given by players and the console. A number keeps its row while the panel is open."""
        found = [known.action.id for known in self.scene().all_actions() if self.everybody or known.action.by == self.role]
        return self._grown([Item(action=action) for action in found])

    def _numbered(self, number: int, item: Item) -> Content:
        scene = self.scene()
        action = scene.plan.actions[item.action][1]
        owner = column(scene.role(action.by), 7, "bold") if self.everybody else Content("")
        key = (f" {number_key(number).ljust(2)} ", "bold $text-accent")
        what = Content.assemble(key, owner, plain(line(action.title, self.language)))
        weight = Content(self.words(f"console.{action.criticality}") if action.criticality != "normal" else "")
        return spread(what, Content("  ").join([weight, mark_text(scene, item.action, str(self.judge))]), self.inner)

    def heard_at(self) -> str:
        """After ENDEX the time at which something was said is asked for: it is not that of a key."""
        if self._asks_when:
            return self.words("judge.asks-when")
        return self.words("judge.counts-at", time=clock_text(self.said_ms))

    @property
    def _asks_when(self) -> bool:
        state = self.desk.state
        return state.phase == "ended" and not state.locked and not self.moved

    def _mark(self, action: str) -> None:
        if self._asks_when:
            title, hint = plain(self.words("evaluation.ask.when"), "bold"), self.words("evaluation.ask.when.hint")
            self.app.push_screen(When(title, hint, self.desk.state.ended_ms or 0), partial(self._at, action))
        else:
            self._mark_at(action, self.said_ms)

    def _at(self, action: str, typed: str | None) -> None:
        if typed is not None and action in self.desk.plan.actions:
            self._mark_at(action, milliseconds_of(typed))

    def _mark_at(self, action: str, at_ms: int | None) -> None:
        scene = self.scene()
        said = Said(self.role, at_ms, self.prompted, self.partly, self.moved or at_ms is not None)
        own = own_standing(scene.plan, scene.state, action, str(self.judge), scene.now_ms)
        command = mark_of(own, said)
        if command is None:
            self._only_heard("panel.marked-already")
        else:
            self._send(command)

    def keys(self) -> str:
        return self.words("judge.speaker-keys-recorder" if self.records else "judge.speaker-keys")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if self.records or not text or self.sending:
            super().on_input_submitted(event)
            return
        event.stop()
        self._send(c.AddNote("observation", text, role=self.role, evaluator=self.judge.name, said_ms=self.said_ms))


class When(Prompt):
    """When something was said that is marked after ENDEX; nothing typed: nobody knows."""

    def __init__(self, title: Content, hint: str, ended_ms: int) -> None:
        super().__init__(title, hint=hint, needed=False)
        self._ended_ms = ended_ms

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        # Textual would call the handler of the panel below as well.
        event.prevent_default()
        typed = event.value.strip()
        at_ms = milliseconds_of(typed)
        if typed and at_ms is None:
            self.app.refuse("evaluation.bad-time")
        elif at_ms is not None and at_ms > self._ended_ms:
            self.app.refuse("evaluation.time-too-late", time=clock_text(self._ended_ms))
        else:
            super().on_input_submitted(event)


class JudgeMarksPanel(MarksPanel):
    """All actions that have no mark of one's own, in every state there is."""

    def __init__(self, said_ms: int, judge: Actor, first: str | None = None) -> None:
        super().__init__(said_ms, first)
        self.judge = judge

    def to_mark(self) -> list[str]:
        scene, actor = self.scene(), str(self.judge)
        marked = {name for name in scene.plan.actions if actor in newest_marks(scene.state, name)}
        return [known.action.id for known in scene.all_actions() if known.action.id not in marked]


class JudgeNotePanel(NotePanel):
    """A note in one's own name. No ruling: that goes to the wall, and is the facilitator's."""

    def __init__(self, said_ms: int, judge: Actor) -> None:
        super().__init__(said_ms)
        self.judge = judge
        left_out = {"ruling", "prohibited"} if judge.kind == "recorder" else {"ruling"}
        self.categories = tuple(category for category in CATEGORIES if category not in left_out)

    @property
    def evaluator(self) -> str:
        return "" if self.judge.kind == "recorder" else self.judge.name


def judge_panel_with_draft(desk: Desk, judge: Actor) -> Box[None] | None:
    """The panel whose text was kept here; None where none was."""
    if judge.kind == "recorder" and read_draft(desk.drafts.get(DecisionPanel.DRAFT, "")):
        return DecisionPanel(desk.elapsed_ms())
    if read_draft(desk.drafts.get(JudgeNotePanel.DRAFT, "")):
        return JudgeNotePanel(desk.elapsed_ms(), judge)
    for name, text in desk.drafts.items():
        kind, _, role = name.partition(":")
        if kind == JudgeSpeakerPanel.DRAFT and role in desk.exercise.role_by_id and read_draft(text):
            return JudgeSpeakerPanel(role, desk.elapsed_ms(), judge)
    return None
