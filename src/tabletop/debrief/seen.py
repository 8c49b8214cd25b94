"""What people saw of the play and of each other: who played, how they behaved, and what was pressed in earnest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from tabletop.engine import events as e
from tabletop.engine.events import BehaviourLine, Entry
from tabletop.engine.plan import Plan
from tabletop.engine.state import State
from tabletop.engine.state_emergency import Emergency
from tabletop.scoring.coordination import counted_scores, lower_median
from tabletop.scoring.people import WHOLE, stays, stints

from .model import BehaviourSeen, RoleLine


def in_play(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries between STARTEX and ENDEX, both left out."""
    plays = False
    for entry in entries:
        if isinstance(entry.event, e.ExerciseEnded):
            plays = False
        if plays:
            yield entry
        if isinstance(entry.event, e.ExerciseStarted | e.ExerciseReopened):
            plays = True


def emergencies_in_play(state: State, entries: Iterable[Entry]) -> tuple[Emergency, ...]:
    """The real emergencies that were called while the exercise ran; what was pressed before or after it is none of its course."""
    pressed = {entry.wall_ms for entry in in_play(entries) if isinstance(entry.event, e.EmergencyRaised | e.EmergencyConfirmed)}
    known = (*state.emergencies, *((state.emergency,) if state.emergency is not None else ()))
    return tuple(each for each in known if each.raised_wall_ms in pressed)


def roles_seen(plan: Plan, state: State) -> tuple[RoleLine, ...]:
    """Who played each role, from when until when."""
    made = []
    for role in plan.exercise.roles:
        there = stays(plan, state, role.id)
        parts = sorted((stay for stay in there.values() if stay != WHOLE), key=lambda stay: (stay.begin_ms, stay.until_ms or 0))
        made.append(RoleLine(role.id, stints(plan, state, role.id), len(there), tuple(parts)))
    return tuple(made)


def behaviour_seen(state: State) -> tuple[BehaviourSeen, ...]:
    """The lines that were scored: the evaluators' word, or the facilitator's where no evaluator scored a line (amendment 7)."""
    made = []
    for name in get_args(BehaviourLine):
        said = counted_scores(state, name)
        if said:
            made.append(BehaviourSeen(name, lower_median(said), len(said), tuple(each.seq for each in said)))
    return tuple(made)
