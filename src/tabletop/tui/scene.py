"""What a screen draws from: one run at one moment, in one language.

Owns: what is owed now, and in which order. Refuses to own: how it looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tabletop.engine.booking import BookingNow, booking_now, play_left_ms
from tabletop.engine.fitting import behind_ms
from tabletop.engine.judging import actions_told, urgency
from tabletop.engine.links import Overdue, cut_since, overdue, unheard_since
from tabletop.engine.owing import ReportDue, Unconfirmed, reports_due, told_control, unconfirmed
from tabletop.engine.plan import Plan
from tabletop.engine.schedule import Line, due, held_wanted, kept_back, upcoming
from tabletop.engine.standing import Standing, open_asks, role_deadline, soonest, standing, unanswered
from tabletop.engine.state import State
from tabletop.exercise.asks import Ask
from tabletop.exercise.model import Exercise
from tabletop.words import Words

from .crowd import NOBODY, Attending, Crowd, attending
from .look import inject_title, line, role_name, role_names

REPORT_SOON_MS = 2 * 60_000
"""Milliseconds before its time from which on a report is in sight."""

BY_HANDS = ("choice", "confirm", "number")
"""Sorts of answers that a person can hold up."""

SILENT_MS = 3 * 60_000
"""Milliseconds without a word after which a role counts as not heard: shorter silences are listening."""


@dataclass(frozen=True, slots=True)
class OwedAsk:
    """A question that some role has not answered."""

    id: str
    inject: str
    question: str
    roles: tuple[str, ...]
    """Who has not answered."""
    asked: int
    """How many were asked."""
    deadline_ms: int | None
    since_ms: int
    late_report: bool = False
    """Whether it asks for a report that is overdue: somebody waits for it, whatever is on the table now."""
    over: tuple[str, ...] = ()
    """Those of `roles` whose time is over, where that of others is not: a link was cut, and `deadline_ms` is theirs alone."""
    late: Overdue | None = None
    """How late the latest of `roles` is; None: none of them is."""


@dataclass(frozen=True, slots=True)
class OwedAction:
    """An expected action of which nothing is recorded."""

    standing: Standing
    since_ms: int

    @property
    def deadline_ms(self) -> int | None:
        return self.standing.deadline_ms


def _urgency(owed: OwedAsk | OwedAction) -> tuple[bool, int]:
    """Running deadlines before what has none; the oldest first in both."""
    late = owed.late if isinstance(owed, OwedAsk) else None
    return urgency(owed.deadline_ms if late is None else late.from_ms, owed.since_ms)


Owed = tuple[list[OwedAsk], list[OwedAction]]
"""Questions and actions, each the most urgent first."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One run at one moment."""

    exercise: Exercise
    plan: Plan
    state: State
    now_ms: int
    words: Words
    language: str
    crowd: Crowd = NOBODY
    """Who is at a device, when it was looked last."""

    def role(self, role_id: str) -> str:
        """Short name of a role."""
        return role_name(self.exercise, role_id, self.language)

    def roles(self, role_ids: tuple[str, ...]) -> str:
        """Short names side by side."""
        return role_names(self.exercise, role_ids, self.language)

    def title(self, inject_id: str) -> str:
        """Title of an inject."""
        return inject_title(self.plan, inject_id, self.language)

    def number(self, inject_id: str) -> int:
        """The number printed on an inject's card: its place in the plan, from 1."""
        return _numbers(self.plan).get(inject_id, 0)

    def person(self, role_id: str) -> str:
        """Who holds a role now; empty where nobody is named."""
        return " / ".join(person.name for person in self.state.people_at(role_id))

    def due(self) -> tuple[Line, ...]:
        """Injects that are due, oldest first."""
        return due(self.plan, self.state, self.now_ms)

    def upcoming(self) -> Iterator[Line]:
        """Injects to come, soonest first."""
        return upcoming(self.plan, self.state, self.now_ms)

    def wanted(self) -> tuple[Line, ...]:
        """Held injects that their cues call for."""
        return held_wanted(self.plan, self.state, self.now_ms) if self.state.phase == "running" else ()

    def kept_back(self) -> tuple[Line, ...]:
        """Injects that somebody keeps back."""
        return kept_back(self.plan, self.state) if self.state.phase == "running" else ()

    def next_line(self) -> Line | None:
        """What `enter` would release: the oldest due inject, else the next."""
        waiting = self.due()
        return waiting[0] if waiting else next(self.upcoming(), None)

    def booking(self, wall_ms: int) -> BookingNow | None:
        """When the room is wanted by others, and what of that time is left at wall time `wall_ms`; None where it is not booked."""
        return booking_now(self.state, wall_ms)

    def used_ms(self, wall_ms: int) -> tuple[int, int]:
        """What is used of the time there is, and all of it: of the booking from STARTEX on, else of what the exercise takes."""
        booking, begun_ms = self.booking(wall_ms), self.state.started_wall_ms
        if booking is None or begun_ms is None or self.state.phase == "ended":
            return self.now_ms, self.exercise.duration * 1000
        return max(0, wall_ms - begun_ms), booking.ends_wall_ms - begun_ms

    def behind_ms(self, wall_ms: int) -> int:
        """Milliseconds by which play is behind the plan, in both paces; in the discussion pace only where the room is booked."""
        left_ms = play_left_ms(self.state, wall_ms)
        if left_ms is None or self.state.pace == "timed":
            return behind_ms(self.plan, self.state, None, self.now_ms)
        return behind_ms(self.plan, self.state, self.now_ms + left_ms, self.now_ms)

    def owed_asks(self) -> list[OwedAsk]:
        """Open questions that somebody has not answered: reports that are overdue, then the most urgent first."""
        owed = []
        for ask_id in open_asks(self.plan, self.state):
            missing = tuple(role for role in unanswered(self.plan, self.state, ask_id) if self._plays(role))
            if missing:
                owed.append(self._owed_ask(ask_id, missing))
        return sorted(owed, key=lambda one: (not one.late_report, *_urgency(one)))

    def _owed_ask(self, ask_id: str, missing: tuple[str, ...]) -> OwedAsk:
        inject, ask = self.plan.asks[ask_id]
        ends = {role: role_deadline(self.plan, self.state, ask_id, role) for role in missing}
        late = {role: self.overdue(role, end) for role, end in ends.items() if end is not None and end < self.now_ms}
        apart = 0 < len(late) < len(ends)
        return OwedAsk(
            ask_id,
            inject.id,
            line(ask.question, self.language),
            missing,
            len(self.plan.addressees(self.state, inject, ask)),
            soonest((end for role, end in ends.items() if not apart or role not in late), self.now_ms),
            self.state.inject(inject.id).released_ms or 0,
            ask.answer == "report" and bool(late),
            tuple(late) if apart else (),
            max(late.values(), key=lambda each: each.late_ms(self.now_ms), default=None),
        )

    def owed_actions(self) -> list[OwedAction]:
        """Expected actions of released injects of which nothing is recorded, the most urgent first."""
        owed = []
        for inject_id in self.state.released:
            inject = self.plan.inject_by_id.get(inject_id)
            for action in () if inject is None else inject.expects:
                known = standing(self.plan, self.state, action.id, self.now_ms)
                if known.state in ("open", "no_record", "pending"):
                    owed.append(OwedAction(known, self.state.inject(inject_id).released_ms or 0))
        return sorted(owed, key=_urgency)

    def owed(self) -> Owed:
        """Everything somebody still owes the room."""
        return self.owed_asks(), self.owed_actions()

    def asked_now(self, role: str) -> Ask | None:
        """The choice that the inject on the table puts to a role: its options come first there, with the digits of cards and seats."""
        inject = self.plan.inject_by_id.get(self.state.released[-1]) if self.state.released else None
        takes = open_asks(self.plan, self.state)
        if inject is None:
            return None
        for ask in inject.asks:
            if ask.answer == "choice" and ask.id in takes and role in self.plan.addressees(self.state, inject, ask):
                return ask
        return None

    def by_hands(self, ask: Ask) -> bool:
        """Whether the whole room can answer by hands: several were asked, for one digit each, and no reason has to be said."""
        asked = self.plan.addressees(self.state, self.plan.asks[ask.id][0], ask)
        return len(asked) > 1 and ask.answer in BY_HANDS and ask.rationale != "required"

    def numbered_actions(self) -> dict[str, list[Standing]]:
        """The expected actions of each role in the order in which its panel numbers them."""
        by_role: dict[str, list[Standing]] = {}
        for known in self.all_actions():
            by_role.setdefault(known.action.by, []).append(known)
        return by_role

    def all_actions(self) -> list[Standing]:
        """The expected actions of what was released, as panels number them."""
        return actions_told(self.plan, self.state, self.now_ms)

    def unconfirmed(self) -> tuple[Unconfirmed, ...]:
        """Receipts of injects and messages that are owed, the one due first at the head."""
        return unconfirmed(self.plan, self.state, self.now_ms)

    def told_control(self) -> tuple[Unconfirmed, ...]:
        """What people told roles that control plays, and wait for."""
        return told_control(self.plan, self.state, self.now_ms)

    def reports_due(self) -> tuple[ReportDue, ...]:
        """Reports that are overdue, or due soon."""
        return tuple(one for one in reports_due(self.plan, self.state, self.now_ms) if one.due_ms - self.now_ms <= REPORT_SOON_MS)

    def attending(self, role_id: str) -> Attending:
        """How a role attends as far as devices tell: who plays it with another role is where that one is."""
        return attending(self.crowd, self.plan.played_with(self.state, role_id)[-1])

    def no_link(self, role_id: str) -> bool:
        """Whether the link of the site at which people play the role is cut."""
        site = self.plan.role(role_id).site
        return bool(site) and self.plan.staffed(self.state, role_id) and cut_since(self.plan, self.state, site or "") is not None

    def away(self, role_id: str) -> bool:
        """Whether everybody who sat at a role has left."""
        seated = [person for person in self.state.people if person.role == role_id]
        return bool(seated) and all(person.left_ms is not None for person in seated)

    def heard_ms(self) -> dict[str, int]:
        """When each role was last heard, in exercise milliseconds; an action that somebody said, its role was heard with."""
        heard = dict(self.state.heard)
        for action_id, marks in self.state.marks.items():
            found = self.plan.actions.get(action_id)
            for mark in marks:
                if found is not None and mark.how == "said" and mark.state in ("done", "partial") and mark.at_ms is not None:
                    role = mark.other_role or found[1].by
                    heard[role] = max(heard.get(role, 0), mark.at_ms)
        return heard

    def silent(self) -> list[tuple[str, int]]:
        """Roles played by participants of whom nothing was heard for a while, and milliseconds since then, the longest first."""
        heard, found = self.heard_ms(), []
        for role in self.exercise.roles:
            # Behind a cut link nobody can be heard.
            cut_off = unheard_since(self.plan, self.state, role.id) is not None
            if self.plan.staffed(self.state, role.id) and not self.away(role.id) and not cut_off:
                changes = self.state.staffing.get(role.id, ())
                since_ms = max(heard.get(role.id, 0), changes[-1].at_ms if changes else 0)
                silent_ms = self.lived_ms(role.id, since_ms)
                if silent_ms >= SILENT_MS:
                    found.append((role.id, silent_ms))
        return sorted(found, key=lambda one: -one[1])

    def overdue(self, role_id: str, due_ms: int) -> Overdue:
        """How late what a role owes is."""
        return overdue(self.plan, self.state, role_id, due_ms, self.now_ms)

    def lived_ms(self, role_id: str, since_ms: int) -> int:
        """Exercise milliseconds since then in which a role could have been heard: neither jumped over, nor cut off."""
        return max(0, self.overdue(role_id, since_ms).late_ms(self.now_ms))

    def _plays(self, role_id: str) -> bool:
        return self.plan.staffed_by(self.state, role_id) != "nobody"


_NUMBERS: list[tuple[Plan, dict[str, int]]] = []


def _numbers(plan: Plan) -> dict[str, int]:
    for known, numbers in _NUMBERS:
        if known is plan:
            return numbers
    numbers = {inject.id: number for number, inject in enumerate(plan.injects, start=1)}
    _NUMBERS[:] = [(plan, numbers), *_NUMBERS[:1]]
    return numbers
