"""Any sequence of commands, drawn by hypothesis and by seeded chance."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tabletop.conductor import Conductor
from tabletop.engine import commands as c
from tabletop.engine import schedule
from tabletop.engine.events import EVENTS, Entry, InjectReleased, WallKind, from_body, to_body
from tabletop.engine.evolve import fold, replay, standing
from tabletop.engine.fitting import fit
from tabletop.engine.folding import HANDLERS
from tabletop.engine.standing import _over as over_ms
from tabletop.engine.state import State
from tabletop.errors import Refused
from tests.engine.rooms import DATA, Room

INJECTS = [inject["id"] for inject in DATA["injects"]]
ACTIONS = ["raise-alarm", "call-out", "go", "listen"]
ROLES = ["head", "guard", "clerk", "police"]


def one_command(chance: random.Random, conductor: Conductor) -> c.Command:
    asks: list[c.Command] = [
        c.GiveAnswer("first", chance.choice(ROLES), (chance.choice(["alarm", "look", "both"]),)),
        c.GiveAnswer("why", "guard", "so", rationale="because"),
        c.ExtendAsks(),
        c.CloseAsk("first"),
        c.ReopenAsk("first"),
        c.RevealAnswers("first", chance.random() < 0.5),
        c.TurnWall(chance.choice(get_args(WallKind)), chance.choice(["", *INJECTS]), span_ms=chance.choice([0, 60_000])),
    ]
    flow: list[c.Command] = [
        c.ReleaseInject(chance.choice(INJECTS), chance.choice(["", "why not"])),
        c.SkipInject(chance.choice(INJECTS), overtaken=chance.random() < 0.3),
        c.DelayInject(chance.choice(INJECTS)),
        c.KeepInjectBack(chance.choice(INJECTS), chance.choice(["", "why not"])),
        c.SlideInjects(),
        fit(conductor.plan, conductor.state, chance.randrange(25) * 60_000, conductor.elapsed_ms()).command,
        c.Book(slot_ms=chance.choice([0, 900_000, 1_800_000])),
        c.ShowHint(chance.choice(INJECTS)),
        c.ShowProbe(chance.choice(INJECTS)),
        c.AcknowledgeInject("order", chance.choice(ROLES)),
        c.AddInject({"id": f"x{chance.randrange(3)}", "kind": "call", "title": "X", "text": "x", "at": "hold"}),
        c.Tick(),
        c.Tick(),
    ]
    clock: list[c.Command] = [
        c.Pause("x"),
        c.Resume(),
        c.Resume(),
        c.SetSpeed(chance.choice([0.25, 1, 60])),
        c.Jump(30_000),
        c.ExplainPause("y"),
    ]
    talk: list[c.Command] = [
        c.RecordDecision(chance.choice(ROLES), "text"),
        c.HearRole(chance.choice(ROLES), chance.randrange(-10, 2_000_000)),
        c.MarkAction(chance.choice(ACTIONS), chance.choice(["done", "partial", "missed", "not_observed", "no_record"])),
        c.RecordBreach("run-in"),
        c.AddNote("gap", "x"),
        c.Rate("E1", "act", "S"),
        c.StaffRole(chance.choice(ROLES), chance.choice(["people", "control", "nobody"])),
        c.StaffRole(chance.choice(ROLES), "with", chance.choice(ROLES)),
        c.CallRoll(tuple(chance.sample(ROLES, chance.randrange(4)))),
        c.SeatPerson("guard", "A"),
        c.PersonLeaves("guard"),
        c.SeatPerson("guard", chance.choice(["B", "C"]), "+", chance.choice(["", "B"])),
        c.PersonLeaves("guard", "+", "B"),
        c.SendMessage("head", "guard", "x"),
        c.MeasureIndicator("out", 3),
        c.ScoreBehaviour("E1", "calm", 3),
    ]
    rare: list[c.Command] = [c.End(), c.Reopen("again"), c.PressEmergency("console"), c.StandDown("over"), c.LockRatings()]
    newest = conductor.newest_to_take_back()
    back: list[c.Command] = [] if newest is None else [c.Retract(newest), c.Retract(chance.choice(conductor.entries))]
    groups = [asks, flow, flow, clock, talk, back or talk, rare]
    return chance.choice(chance.choices(groups, weights=[3, 4, 4, 3, 5, 2, 1])[0])


def play(room: Room, chance: random.Random, steps: int) -> Iterator[c.Command]:
    """Commands asked of the room; those it refused, and those that changed nothing, left out."""
    for _ in range(steps):
        room.wait(chance.choice([0, 0.3, 1, 5, 20, 61]))
        command = one_command(chance, room.conductor)
        try:
            recorded = room.ask(command)
        except Refused:
            continue
        if recorded:
            yield command


def through_json(entries: list[Entry]) -> list[Entry]:
    return [replace(entry, event=from_body(entry.event.kind, json.dumps(to_body(entry.event)))) for entry in entries]


@pytest.mark.parametrize("seed", range(120))
def test_any_run_replays_to_the_same_state(seed: int) -> None:
    chance = random.Random(seed)
    room = Room(auto=chance.random() < 0.3, pace=chance.choice(["timed", "timed", "discussion"]))
    before, seen = 0, []
    for _ in play(room, chance, 80):
        assert room.now_ms >= before, "exercise time never runs backwards"
        before = room.now_ms
        seen.append(room.state.released)
    entries = room.log.entries
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.exercise_ms for entry in entries] == sorted(entry.exercise_ms for entry in entries)
    again = replay(through_json(entries))
    assert replace(again, retracted={}) == replace(room.state, retracted={})
    assert again.retracted.keys() == room.state.retracted.keys()
    assert len(set(room.state.released)) == len(room.state.released), "nothing is released twice"
    assert fold(standing(entries)[:3]) == replay(entries[:3]) or room.state.retracted


@pytest.mark.parametrize("seed", range(60))
def test_nothing_is_due_twice_or_lost_and_no_branch_leaks(seed: int) -> None:
    chance = random.Random(1000 + seed)
    room = Room(auto=True)
    for _ in play(room, chance, 60):
        plan, state, now = room.conductor.plan, room.state, room.now_ms
        cued = [line.inject.id for line in schedule.due(plan, state, now)]
        coming = [line.inject.id for line in schedule.upcoming(plan, state, now)]
        assert len(set(cued + coming)) == len(cued + coming)
        assert not set(cued) & set(state.released)
        for inject in plan.injects:
            line = schedule.line_of(plan, state, inject.id, now)
            if line.status == "off_path":
                assert inject.id not in cued + coming
            if line.status == "waiting":
                assert inject.id in coming or state.phase != "running", inject.id
            if line.status == "due":
                assert inject.id in cued
            if state.inject(inject.id).kept_back is not None:
                assert inject.id not in cued + coming, "what is kept back is neither due nor next"
                assert inject.id not in fit(plan, state, chance.randrange(25) * 60_000, now).planned_ms
    for entry in room.log.entries:
        if isinstance(entry.event, InjectReleased) and entry.event.auto:
            assert not entry.event.off_path


@pytest.mark.parametrize("seed", range(80))
def test_a_retraction_followed_by_the_same_command_gives_the_same_state(seed: int) -> None:
    chance = random.Random(2000 + seed)
    room = Room()
    done = None
    for command in play(room, chance, 40):
        done = command
    newest = room.conductor.newest_to_take_back()
    by_hand = done is not None and not isinstance(done, c.Tick)  # what released itself and was taken back waits for a person
    if newest is None or newest is not room.conductor.entries[-1] or not by_hand or room.state.locked:
        room.ask(c.AddNote("note", "something to take back"))
        newest, done = room.conductor.entries[-1], c.AddNote("note", "something to take back")
    if room.state.emergency is not None and room.state.emergency.confirmed:
        room.ask(c.StandDown("over"))
        room.ask(c.AddNote("note", "again"))
        newest, done = room.conductor.entries[-1], c.AddNote("note", "again")
    if room.state.locked:
        return
    before = room.state
    room.wall_ms = newest.wall_ms
    try:
        room.ask(c.Retract(newest))
    except Refused:
        return
    assert done is not None
    room.ask(done)
    assert comparable(room.state) == comparable(before)


def comparable(state: State) -> object:
    """A state without sequence numbers, which a retraction and a repetition move on."""

    def strip(value: object) -> object:
        if isinstance(value, dict):
            return {str(key): strip(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [strip(item) for item in value]
        if hasattr(value, "__dataclass_fields__"):
            hidden = {"seq", "retracted", "released_seq", "amends", "last_ms", "entry", "history", "checks", "hinted_seq"}
            hidden |= {"revealed_seq", "left_seq", "since_seq"}
            return {name: strip(getattr(value, name)) for name in value.__dataclass_fields__ if name not in hidden}
        return repr(value)

    return strip(state)


class Unscanned(tuple[str, ...]):
    """What was released, to whoever does not go through it from end to end."""

    def __contains__(self, name: object) -> bool:
        raise AssertionError(name)

    def index(self, *name: object) -> int:
        raise AssertionError(name)


@pytest.mark.parametrize("seed", range(20))
def test_the_time_for_what_has_no_deadline_is_over_with_the_next_release(seed: int) -> None:
    """Found without a look at every release: every list of actions asks for each of them."""
    room = Room(auto=True, pace="discussion" if seed % 2 else "timed")
    for _ in play(room, random.Random(3000 + seed), 60):
        state, plan = room.state, room.conductor.plan
        fast = replace(state, released=Unscanned(state.released))
        for number, name in enumerate(state.released):
            later = state.released[number + 1 : number + 2]
            over = state.inject(later[0]).released_ms if later else None
            assert over_ms(fast, plan.inject_by_id[name], None) == over
            assert over_ms(fast, plan.inject_by_id[name], 7) == 7


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_nothing_but_a_refusal_comes_out_of_a_command(seed: int) -> None:
    chance = random.Random(seed)
    room = Room()
    for _ in play(room, chance, 25):
        assert room.log.entries == room.conductor.entries


def test_every_event_is_folded() -> None:
    assert set(HANDLERS) == set(EVENTS.values())
    assert len({cls.kind for cls in HANDLERS}) == len(EVENTS)


def test_a_state_that_was_handed_out_never_changes() -> None:
    room = Room()
    room.ask(c.ReleaseInject("smoke"))
    before = room.state
    copy = replace(before)
    for _ in play(room, random.Random(5), 60):
        pass
    assert before == copy
    assert before.released == ("smoke",)
