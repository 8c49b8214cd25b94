"""What a simulated person does at one moment: says something, answers, decides, confirms receipt. Codes and ids, no sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Behaviour = Literal[
    "speech", "part", "other", "choice", "aside", "question", "argument", "voices", "decision", "answer", "early", "receipt",
    "prodded", "leaving", "returning", "late",
]  # fmt: skip
"""Why somebody does it: says what they do; a part of it; what another role should do; picks an option aloud; beside the point; asks
the facilitator; disagrees; three at once; decides at their own device; answers there; answers before the text is read; confirms
receipt; says at last what nobody had; goes, comes back, comes late."""


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody says: a code of the area `practice`, and the ids it speaks of."""

    code: str
    action: str = ""
    whole: bool = True
    """Whether the title of the action is said in full; else its first clause."""
    ask: str = ""
    option: str = ""
    inject: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing one person does."""

    at_ms: int
    """On the exercise clock; in a reaction, milliseconds from when the inject has been read, or from its release where `of_release`."""
    role: str
    behaviour: Behaviour
    line: Line | None = None
    """What is said or decided, the reason of an answer, or its words where it takes words."""
    ask: str = ""
    """The question that is answered."""
    value: tuple[str, ...] | float | bool | None = None
    """Option ids, a number, a plain yes, the ids of report elements; None where the line is the answer."""
    acknowledges: str = ""
    """The inject whose receipt is confirmed."""
    of_release: float | None = None
    """At which part of the reading it happens, from 0 to 1."""

    @property
    def decides(self) -> bool:
        """Whether it is a decision entered at the person's own device."""
        return self.behaviour == "decision"

    def at(self, released_ms: int, read_ms: int) -> Deed:
        """The same on the exercise clock, for an inject released and read then."""
        moment = released_ms + (read_ms + self.at_ms if self.of_release is None else int(read_ms * self.of_release))
        return replace(self, at_ms=moment)
