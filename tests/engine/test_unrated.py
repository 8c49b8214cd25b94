"""Before the ratings are locked it is known who evaluates, and what each of them has not rated."""

from __future__ import annotations

from tabletop.engine import commands as c
from tabletop.engine.judging import evaluators, unrated

from .looks import E1, E2, playing


def test_who_evaluates_is_known_from_the_log_and_the_seats_and_what_each_has_not_rated() -> None:
    room = playing()
    objectives = tuple(objective.id for objective in room.conductor.exercise.objectives)
    assert objectives
    room.ask(c.AddNote("gap", "slow"), E2)
    for objective in objectives:
        room.ask(c.Rate("E1", objective, "P"), E1)
    room.ask(c.ScoreBehaviour("E1", "calm", 4), E1)
    names = evaluators(room.state, room.conductor.entries, ("seat:head", "lead:Zoe", "evaluator:E2", "recorder:Lee", "wall"))
    assert names == ("E2", "E1", "Zoe")
    missing = unrated(room.conductor.plan, room.state, names)
    assert [(one.evaluator, one.objectives, len(one.behaviour)) for one in missing] == [
        ("E2", objectives, 5),
        ("E1", (), 4),
        ("Zoe", objectives, 5),
    ]
