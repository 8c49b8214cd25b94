"""Injects added on the spot, used, and taken back: whatever the order, every reader of the run goes on, and nothing of them is left."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tabletop.debrief.build import debrief
from tabletop.debrief.model import Debrief, RunInfo
from tabletop.engine import commands as c
from tabletop.engine.events import Pace
from tabletop.engine.evolve import replay
from tabletop.engine.rights import DRIVER, Actor
from tabletop.engine.seats import seat_view, wall_view
from tabletop.engine.state import State
from tabletop.errors import Refused
from tabletop.rehearsal.coaching import advice
from tabletop.report import FORMATS
from tabletop.scoring.projection import all_rows, rows
from tests.engine.rooms import Room
from tests.scoring.test_projection import Tables, empty, put, without_status

RUN = RunInfo("small-20261119-0900-00aa")
ROLES = ["head", "guard", "clerk", "police"]
E1 = Actor("evaluator", "E1")
SEEDS = [*range(20), 23, 62, 310]
"""With those in which a question that is gone was answered, and an inject that is gone is named by one that stands."""


def added(inject_id: str, **more: Any) -> c.AddInject:
    """An inject with two questions and an expected action."""
    choice = [{"id": "yes", "text": "Yes", "does": [f"{inject_id}-act"]}, {"id": "no", "text": "No", "breaks": ["run-in"]}]
    asks = [
        {"id": f"{inject_id}-ask", "to": ["head", "clerk"], "question": "?", "answer": "choice", "options": choice, "within": "60s"},
        {"id": f"{inject_id}-report", "to": ["guard"], "question": "!", "answer": "report", "elements": [{"id": "what", "title": "What"}]},
    ]
    expects = [
        {"id": f"{inject_id}-act", "title": "Act", "by": "clerk", "criticality": "critical", "category": "notify", "objective": "act"}
    ]
    return c.AddInject(
        {"id": inject_id, "at": "hold", "kind": "call", "title": "T", "text": "t", "probes": ["Who?"], "hints": ["Up."]}
        | {"asks": asks, "expects": expects, "acknowledge": True}
        | more
    )


def pointing(inject_id: str, at: str) -> c.AddInject:
    """An inject that names another one, its question and its action wherever a file may."""
    data = added(inject_id).data
    options = [{"id": "yes", "text": "Yes", "does": [f"{at}-act"]}, {"id": "no", "text": "No", "misses": [f"{at}-act"]}]
    return c.AddInject(
        {**data, "when": {"any": [{"released": at}, {"not": {"released": at}}, {"answer": f"{at}-ask", "is": ["yes"]}]}}
        | {"asks": [{**data["asks"][0], "options": options}], "expects": [{**data["expects"][0], "done_by": {"released": at}}]}
        | {"cue": {"any": [{"action": f"{at}-act", "state": "missed"}, {"action": f"{at}-act", "not_done_within": "10s"}]}}
    )


def one_command(room: Room, chance: random.Random) -> c.Command:
    plan = room.conductor.plan
    inject = chance.choice([*plan.inject_by_id, *(one.id for one in plan.added)] or ["smoke"])
    ask = chance.choice([*plan.asks, *(ask.id for one in plan.added for ask in one.asks)])
    action = chance.choice([*plan.actions, *(action.id for one in plan.added for action in one.expects)])
    role = chance.choice(ROLES)
    adds: list[c.Command] = [added("x"), added("y"), pointing("y", "x"), pointing("z", "y"), pointing("z", "x")]
    tells: list[c.Command] = [
        *[c.ReleaseInject(inject, "why not")] * 3,
        c.SkipInject(inject, overtaken=chance.random() < 0.5),
        c.AcknowledgeInject(inject, role),
        c.ShowHint(inject),
        c.ShowProbe(inject),
        c.SlideInjects(),
        c.TurnWall("inject", inject),
        c.TurnWall("answers", ask=ask),
    ]
    asks: list[c.Command] = [
        c.ExtendAsks(),
        c.ExtendAsks((ask,)),
        c.CloseAsk(ask),
        c.ReopenAsk(ask),
        c.RevealAnswers(ask, names=chance.random() < 0.5),
        c.GiveAnswer(ask, role, (chance.choice(["yes", "no", "alarm", "look", "both"]),)),
        c.GiveAnswer(ask, role, {"what": "it"}, next_report_ms=60_000),
    ]
    says: list[c.Command] = [
        *[c.MarkAction(action, chance.choice(["done", "missed", "no_record"]), other_role=chance.choice(["", role]))] * 2,
        c.RecordDecision(role, "so be it", inject=chance.choice([None, inject])),
        c.AddNote("gap", "x"),
        c.SendMessage("head", "guard", "x"),
        c.AcknowledgeMessage(chance.choice([0, *(message.seq for message in room.state.messages)]), "guard"),
        c.StaffRole(role, chance.choice(["people", "control"])),
        c.Tick(),
    ]
    takes: list[c.Command] = [c.Retract(entry, "slip") for entry in (room.conductor.newest_to_take_back(),) if entry is not None]
    takes.append(c.Retract(chance.choice(room.conductor.entries), "slip"))
    rare: list[c.Command] = [c.End(), c.Reopen("again"), c.Resume(), c.Pause("x")]
    return chance.choice(chance.choices([adds, tells, asks, says, takes, rare], weights=[2, 4, 4, 4, 2, 0.3])[0])


class Kept:
    """A room whose rows are kept as a store keeps them, and whose every reader is asked after each entry."""

    def __init__(self, seed: int, pace: Pace) -> None:
        self.chance = random.Random(seed)
        self.room = Room(pace=pace)
        self.tables: Tables = empty()
        self.keep(self.room.conductor.entries)

    def keep(self, fresh: list[Any]) -> None:
        put(self.tables, rows(self.room.conductor.plan, self.room.state, fresh))

    def ask(self, command: c.Command, actor: Actor = DRIVER) -> bool:
        self.room.wait(self.chance.choice([1, 2, 7, 40]))
        try:
            self.keep(self.room.ask(command, actor))
        except Refused:
            return False
        self.look()
        return True

    def look(self) -> None:
        """What is looked at in every second: the screens of players, the tips of a practice run."""
        plan, state, now = self.room.conductor.plan, self.room.state, self.room.now_ms
        for role in ROLES:
            seat_view(plan, state, (role,), now)
        wall_view(plan, state, now)
        advice(plan, state, self.room.conductor.entries, now, 7)
        assert not names(state) - {*plan.inject_by_id, *plan.asks, *plan.actions, *plan.exercise.prohibited_by_id}

    def undo(self) -> None:
        """`u`."""
        newest = self.room.conductor.newest_to_take_back()
        assert newest is not None
        assert self.ask(c.Retract(newest, "slip"))

    def take_back(self) -> None:
        """All that can be, in any order: by `u`, and by the log page."""
        again = True
        while again:
            newest = self.room.conductor.newest_to_take_back()
            if newest is not None and self.chance.random() < 0.5:
                again = self.ask(c.Retract(newest, "slip"))
                if again:
                    continue
            entries = [entry for entry in self.room.conductor.entries if entry.seq not in self.room.state.retracted]
            self.chance.shuffle(entries)
            again = any(self.ask(c.Retract(entry, "slip")) for entry in entries)

    def check(self) -> Debrief:
        """No reader fails, replaying gives the same state, rows kept one by one are those worked out anew."""
        plan, state, entries = self.room.conductor.plan, self.room.state, self.room.conductor.entries
        assert replay(entries) == state
        anew = empty()
        put(anew, all_rows(plan, state, entries))
        assert without_status(self.tables) == without_status(anew)
        made = debrief(self.room.exercise, entries, RUN)
        assert FORMATS["md"].render(made, "en")
        assert FORMATS["json"].render(made, "en")
        return made


def names(state: State) -> set[str]:
    """Everything of a plan that a state speaks of by its id, but for what was said of it."""
    return {*state.injects, *state.released, *state.asks, *state.marks, *state.effects}


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_was_added_used_and_taken_back_every_reader_goes_on(seed: int) -> None:
    run = Kept(seed, "timed" if seed % 2 else "discussion")
    run.ask(c.ReleaseInject("smoke"))
    for _ in range(70):
        actor = run.chance.choice([DRIVER, DRIVER, DRIVER, E1])
        run.ask(one_command(run.room, run.chance), actor)
    run.check()
    if run.room.state.phase != "ended":
        run.take_back()
        assert not run.room.state.added, "everything can be taken back in the end"
        run.check()
        run.ask(c.End())
    run.ask(c.Rate("E1", "act", "S"), E1)
    run.ask(c.LockRatings())
    made = run.check()
    assert made.locked


def used(*commands: c.Command) -> Kept:
    """A run in which an inject was added and released, and then this was done."""
    run = Kept(0, "timed")
    for command in (c.ReleaseInject("smoke"), added("x"), c.ReleaseInject("x"), *commands):
        assert run.ask(command)
    return run


CLOSED_AND_OPENED = (c.CloseAsk("x-ask"), c.ReopenAsk("x-ask"))


def test_a_question_that_was_reopened_goes_with_its_inject() -> None:
    run = used(*CLOSED_AND_OPENED)
    for _ in range(3):
        run.undo()
    assert not run.room.state.added
    assert "x-ask" not in run.room.state.asks
    assert run.ask(c.End())
    run.check()


def test_one_more_minute_stays_for_the_questions_that_stand() -> None:
    run = used(c.ExtendAsks())
    run.room.wait(200)
    assert run.ask(c.ExtendAsks())
    for kind in ("inject_released", "inject_added"):
        entry = next(entry for entry in reversed(run.room.conductor.entries) if entry.event.kind == kind)
        assert run.ask(c.Retract(entry, "slip"))
    first = run.room.state.ask("first")
    assert first.extended_ms > 120_000, "where a deadline is over, a minute counts from now"
    assert [turn.extended_ms for turn in first.turns] == [60_000, first.extended_ms]
    assert not [name for name in run.room.state.asks if name.startswith("x-")]
    run.check()


def test_the_next_inject_of_that_id_inherits_nothing() -> None:
    run = used(*CLOSED_AND_OPENED, c.ShowHint("x"), c.MarkAction("x-act", "done"), c.RevealAnswers("x-ask"))
    run.take_back()
    for command in (c.ReleaseInject("smoke"), added("x"), c.ReleaseInject("x"), c.MarkAction("x-act", "missed")):
        assert run.ask(command)
    state = run.room.state
    assert state.inject("x").hints == ()
    assert (state.ask("x-ask").turns, state.ask("x-ask").revealed) == ((), "")
    assert [mark.state for mark in state.marks["x-act"]] == ["missed"]
    run.check()


def test_the_record_words_what_was_taken_back_with_the_inject() -> None:
    run = used(c.GiveAnswer("x-ask", "head", ("yes",)))
    run.take_back()
    assert run.ask(c.End())
    text = FORMATS["md"].render(run.check(), "en").decode()
    assert "EXERCISE · T" in text
    assert "Yes" in text


def test_a_mark_of_an_action_that_is_gone_is_no_fault_of_the_tips() -> None:
    room = used().room
    room.wait(7)
    room.ask(c.MarkAction("x-act", "done"))
    for _ in range(3):
        room.undo("slip")
    assert advice(room.conductor.plan, room.state, room.conductor.entries, room.now_ms, 7) is not None


def test_an_inject_whose_cue_names_what_is_gone_is_released_all_the_same() -> None:
    run = Kept(0, "timed")
    assert run.ask(c.ReleaseInject("smoke"))
    assert run.ask(added("x"))
    taken = run.room.conductor.entries[-1]
    assert run.ask(pointing("y", "x"))
    assert run.ask(c.Retract(taken, "slip"))
    assert run.ask(c.ReleaseInject("y"))
    run.check()
