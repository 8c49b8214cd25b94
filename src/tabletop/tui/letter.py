"""What somebody at a seat writes unasked: a message to a role, a decision of their own, a word of feedback after ENDEX.

Owns: which steps it takes, and the command it becomes. Refuses to own: who may send it (engine), and drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tabletop.engine import commands as c
from tabletop.engine.roles import Tent

from .tasks import ONLY, OWN, WHY, Reply

Kind = Literal["message", "decision", "feedback"]


@dataclass(slots=True)
class Letter:
    """Something being written."""

    kind: Kind
    role: str = ""
    """Of the seat's roles, the one it comes from; empty: not chosen yet."""
    to: str = ""
    """A message: whom it goes to; feedback: `strength` or `gap`. Empty: not chosen yet."""
    reply: Reply = field(default_factory=Reply)

    @classmethod
    def of(cls, kind: Kind, roles: Sequence[str], kept: str = "") -> Letter:
        """A new one, or what was kept of one. Where the seat has one role, it comes from that, unless it was another's words."""
        reply = Reply.of(kept)
        role, to = (*reply.picked, "", "")[:2]
        if not role and len(roles) == 1:
            role = roles[0]
        return cls(kind, role if role in roles else "", to, Reply([], reply.texts))

    def kept(self) -> str:
        """As a draft; empty where no word was written yet."""
        texts = Reply([], self.reply.texts)
        return Reply([self.role, self.to], self.reply.texts).kept() if texts.kept() else ""

    @property
    def step(self) -> Literal["role", "to", "words"]:
        """What is still to be chosen."""
        if not self.role:
            return "role"
        return "words" if self.to or self.kind == "decision" else "to"

    def choose(self, number: int, tents: Sequence[Tent], own: Sequence[str]) -> None:
        """A digit: the number of a role on its name tent, or which sort of feedback."""
        if self.step == "to" and self.kind == "feedback":
            self.to = {1: "strength", 2: "gap"}.get(number, "")
            return
        role = next((tent.id for tent in tents if tent.number == number), "")
        if self.step == "role" and role in own:
            self.role = role
        elif self.step == "to" and role != self.role:
            self.to = role

    def step_back(self, roles: Sequence[str]) -> bool:
        """Undoes the last choice; False where there is none."""
        if self.to:
            self.to = ""
            return True
        if self.role and len(roles) > 1:
            self.role = ""
            return True
        return False

    @property
    def fields(self) -> tuple[str, ...]:
        if self.step != "words":
            return ()
        return (OWN + ONLY, OWN + WHY) if self.kind == "decision" else (OWN + ONLY,)

    def command(self, person: str, inject: str) -> c.Command | None:
        """What it becomes; None while there are no words. `inject`: what its role was told last."""
        text = self.reply.text(OWN + ONLY)
        if not text:
            return None
        if self.kind == "message":
            return c.SendMessage(self.role, self.to, text)
        if self.kind == "decision":
            return c.RecordDecision(self.role, text, self.reply.text(OWN + WHY), person=person, inject=inject)
        return c.AddNote("strength" if self.to == "strength" else "gap", text, role=self.role)
