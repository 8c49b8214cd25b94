"""Events of the people in the room: who plays what, what was said and done, and how it was judged."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tabletop.exercise.conditions import ActionState

from .events_base import Event

StaffedBy = Literal["people", "with", "control", "nobody"]
Holder = Literal["A", "B", "+"]
"""The place of somebody at a role: who holds it, with whom, or `+`: joined where every place was taken, as many as come."""
How = Literal["said", "written", "chosen", "seen"]
"""How an evaluator knows that an action was done."""
NoteCategory = Literal["note", "observation", "strength", "gap", "ruling", "parked"]
RatingLetter = Literal["P", "S", "M", "U"]
BehaviourLine = Literal["division", "calm", "measures", "sharing", "one-voice"]


class RoleStaffed(Event):
    """Who plays a role from now on."""

    kind = "role_staffed"
    role: str
    by: StaffedBy
    with_role: str = ""


class RolesStaffed(Event):
    """Who is in the room, said of many roles at once: these are played by people, those by control."""

    kind = "roles_staffed"
    people: tuple[str, ...] = ()
    control: tuple[str, ...] = ()


class PersonSeated(Event):
    """Somebody holds a role: from the start, or joining late."""

    kind = "person_seated"
    role: str
    holder: Holder = "A"
    name: str
    before: str = ""
    """As whom somebody who joined beside the holders was known there until now."""


class PersonLeft(Event):
    """Somebody gave up a role."""

    kind = "person_left"
    role: str
    holder: Holder = "A"
    name: str = ""
    """Who of those beside the holders; empty for a holder."""


class DecisionMade(Event):
    """A role decided something."""

    kind = "decision_made"
    role: str
    person: str = ""
    text: str
    reason: str = ""
    options: str = ""
    dissent: str = ""
    inject: str = ""
    said_ms: int


class RoleHeard(Event):
    """A role spoke, and nothing more is noted."""

    kind = "role_heard"
    role: str
    said_ms: int


class ActionMarked(Event):
    """Somebody recorded what became of an expected action."""

    kind = "action_marked"
    action: str
    state: ActionState | Literal["no_record"]
    """`no_record` takes an earlier mark of the same person back to nothing."""
    how: How = "said"
    prompted: bool = False
    """Whether something had given it away, as far as was known then."""
    prompted_said: bool = False
    """Whether a person said so; else it follows from the hints and contingency injects that stand."""
    other_role: str = ""
    """The role that did it, where it is not the owner."""
    said_ms: int | None = None
    """When it was done; None where nobody knows (a state set after ENDEX)."""
    note: str = ""


class BreachRecorded(Event):
    """A prohibited act occurred."""

    kind = "breach_recorded"
    prohibited: str
    role: str = ""
    corrected: bool = False
    note: str = ""
    said_ms: int


class Noted(Event):
    """An observation, strength, gap, ruling, parked item or plain note."""

    kind = "noted"
    category: NoteCategory
    text: str
    role: str = ""
    objective: str = ""
    evaluator: str = ""
    person: str = ""
    """Who said to be at the seat that wrote it; empty: nobody, or it was not written at a seat."""
    said_ms: int


class MessageSent(Event):
    """A role told another role something."""

    kind = "message_sent"
    role: str
    to: str
    text: str
    said_ms: int


class MessageAcknowledged(Event):
    """A message was read back by its addressee."""

    kind = "message_acknowledged"
    message: int
    """Sequence number of the message."""
    role: str
    text: str = ""
    """What was read back, in the addressee's own words; empty: it was only confirmed."""


class Rated(Event):
    """An evaluator rated an objective."""

    kind = "rated"
    evaluator: str
    objective: str
    rating: RatingLetter
    note: str = ""


class BehaviourScored(Event):
    """An evaluator scored a line of behaviour, 5 best."""

    kind = "behaviour_scored"
    evaluator: str
    line: BehaviourLine
    score: int = Field(ge=1, le=5)


class IndicatorMeasured(Event):
    """An outcome was measured; reported, never scored."""

    kind = "indicator_measured"
    indicator: str
    value: float


class RatingsLocked(Event):
    """Ratings stand; the score may be shown."""

    kind = "ratings_locked"
