"""Canary: an exercise of tokens is played whole in a room of processes, and every byte that reaches anybody is looked through.

What reached whom (`whole_room`) is held against the log: not before its right, not without it (`tests.canary.RIGHTS`), and not while the
link of its site was cut.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tests.canary import JUDGES, SAID, Canary, controls, everybody, only
from tests.canary_room import NEVER, whole_room
from tests.web.served import Driver

from .room import Reader, Screen, happened, leaks, told_by_the_system, until
from .whole_room import HABIT_S, POLICE, Room

OSC = re.compile(rb"\x1b\]([^\x07\x1b]*)")

posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals exist on POSIX systems only")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(tmp_path, stack)


@posix
@pytest.mark.slow
def test_a_wall_that_shows_too_much_is_found(tmp_path: Path) -> None:
    made, folder = whole_room(), tmp_path / "data"
    folder.mkdir(mode=0o700)
    with closing(Driver(folder / "tabletop.db", exercise=made.text)) as driver:
        driver.do(c.Start())
        with Screen(["room", "latest"], tmp_path, program="tests.pty.spoilt") as wall:
            wall.see("EXERCISE")
            conductor = driver.opened.conductor
            gave = happened(conductor.entries, conductor.exercise)
            reader = Reader("wall", {"": ""}, wall.kept)
            until(lambda: leaks(made, reader, gave), lambda: wall.text)
            assert any("is not theirs" in said for said in leaks(made, reader, gave).values())


@posix
@pytest.mark.slow
def test_a_whole_room_gets_its_tokens_and_no_other(room: Room) -> None:
    room.look_behind()
    room.console.press("space")
    room.recorded(e.ExerciseStarted)
    _to_everybody(room)
    _judged_in_play(room)
    _to_some(room)
    _by_the_site_controller(room)
    _behind_a_cut_link(room)
    _with_the_link_restored(room)
    told_to_all = {name: told_by_the_system(pid).decode("utf-8", "replace") for name, pid in room.pids.items()}
    _end(room)
    _judge(room, told_to_all)


def _to_everybody(room: Room) -> None:
    made, console = room.made, room.console
    room.release("knife")
    room.answer("knife")
    room.note(0, room.logged("note of the facilitator"))
    room.note(4, made.typed("ruling", everybody(SAID)))
    console.press("h")
    room.recorded(e.ProbeShown)
    console.press("space", "1", "space")
    room.recorded(e.ClockResumed)
    room.reveal("first-move", "counts")
    room.reveal("first-move", "names")


def _judged_in_play(room: Room) -> None:
    """What is written down of the others is theirs alone who write it; a rating is nobody else's before the lock, and its reason never."""
    made, calm, press = room.made, room.made.ids["alarm-raised"], room.made.ids["press-button"]

    def own(name: str, what: str) -> str:
        return made.typed(f"{what} of {name}", only(name))

    room.evaluator.press("3")
    room.evaluator.see("an observation")
    room.evaluator.commit(own(room.ann, "observation"))
    room.evaluator.press("enter")
    room.recorded(e.Noted, 3)
    room.form(room.lead, "/judge/note", text=own(room.bo, "note"), category="gap", about=room.ids["clerk"])
    room.form(room.lead, "/judge/rate", objective=calm, rating="M", text=own(room.bo, "reason of a rating"))
    room.form(room.lead, "/judge/mark", expected=press, state="done", note=own(room.bo, "note of a mark"))
    room.form(room.lead, "/judge/breach", prohibited=made.ids["chase"], about=room.ids["guard"], text=own(room.bo, "note of a breach"))
    room.form(room.lead, "/draft", key="note", text=own(room.bo, "half a note"))
    room.evaluator.press("r")
    room.evaluator.see("BEHAVIOUR")
    room.evaluator.press("3")
    room.evaluator.see("note")
    room.evaluator.commit(own(room.ann, "reason of a rating"))
    room.evaluator.press("enter")
    room.recorded(e.Rated, 2)
    room.leave(room.evaluator)
    decided = room.logged("decision of the manager", room.lee)
    room.recorder.press("1")
    room.recorder.see("type what was said")
    room.recorder.commit(decided)
    room.recorder.press("enter")
    room.recorded(e.DecisionMade)
    room.form(
        room.writer,
        "/judge/words",
        role=room.ids["clerk"],
        text=room.logged("decision of the clerk", room.kim),
        reason=room.logged("why", room.kim),
    )
    room.form(room.writer, "/judge/rate", 403, objective=calm, rating="P", text="x")
    room.recorded(e.DecisionMade, 2)


def _to_some(room: Room) -> None:
    made = room.made
    room.release("envelope")
    room.answer("envelope")
    room.confirm("envelope", at=room.group, role="security")
    for roles, role in ((("family", "operations"), "family"), ((POLICE,), POLICE)):
        room.form(room.phones[roles], "/seat/received", inject=made.ids["envelope"], role=room.ids[role])
    police, guard = room.ids[POLICE], room.ids["guard"]
    called = room.logged("message of the police", police, guard)
    room.form(room.phones[POLICE,], "/seat/message", role=police, to=guard, text=called)
    room.comes(room.readers["browser of ('guard',)"], {called})


def _by_the_site_controller(room: Room) -> None:
    made, controller = room.made, room.controller
    for name in ("watch", *NEVER, "envelope", "upstairs"):
        controller.browser.get(f"/site?inject={made.ids[name]}")
    for name in ("outside", "upstairs"):
        room.form(controller, "/judge/release", 409, inject=made.ids[name], reason="x")
    room.form(controller, "/judge/release", inject=made.ids["watch"])
    room.reaches("watch")
    room.answer("watch")
    mine = controls(room.branch)
    note = room.logged("note of the controller's mark", mine)
    room.form(controller, "/judge/mark", expected=made.ids["lock-door"], state="done", note=note)
    room.form(controller, "/judge/note", text=room.logged("note of the controller", mine), category="gap")
    room.form(controller, "/judge/words", role=room.ids["guard"], text=room.logged("decision the controller writes down", mine))
    room.form(controller, "/judge/pause", reason="technical")
    room.recorded(e.ClockPaused, 2)
    room.console.press("space")
    room.recorded(e.ClockResumed, 2)


def _behind_a_cut_link(room: Room) -> None:
    """The branch is cut off: it hears of nothing, and nobody hears of it."""
    made, guard = room.made, room.phones["guard",]
    room.release("line-dead")
    room.wall_of_branch.see("NO LINK")
    until(lambda: "NO LINK" in room.wall_at_branch.page, lambda: room.wall_at_branch.page)
    room.release("outside")
    room.note(4, made.typed("ruling while the line is dead", everybody(SAID)))
    room.answer("outside", but=("manager",))
    room.reveal("who-speaks", "counts")
    unsent = made.typed("message that does not get through", only(room.ids["guard"]))
    room.form(guard, "/seat/message", 409, role=room.ids["guard"], to=room.ids["clerk"], text=unsent)
    room.release("upstairs")
    room.answer("upstairs")
    room.take("teller")
    room.hands.see("NO LINK")
    room.hide()
    room.wall_of_branch.see("NO LINK")
    for phone in room.browsers:
        phone.fetch()


def _with_the_link_restored(room: Room) -> None:
    made, hands, group = room.made, room.hands, room.group
    room.release("line-back")
    for name in ("line-dead", "outside", "upstairs"):
        room.reaches(name, late=True)
    room.take("teller")
    heard = room.inject("upstairs").title
    assert isinstance(heard, dict)
    hands.press("pagedown")
    hands.see(heard["en"])
    teller, security = room.ids["teller"], room.ids["security"]
    hands.press("f2", "2")
    sent = room.logged("message to security", teller, security)
    hands.commit(sent)
    hands.press("enter")
    group.see(sent)
    group.read(HABIT_S)
    group.commit(room.logged("read back by security", teller, security))
    group.press("enter")
    room.recorded(e.MessageAcknowledged)
    hands.press("f3")
    hands.commit(room.logged("decision of the teller", teller))
    hands.press("enter")
    room.recorded(e.DecisionMade, 4)
    hands.press("f3")
    hands.commit(made.typed("half a sentence", only(teller)))
    room.leave(hands)
    room.hide()
    room.release("reports")
    room.confirm("reports", at=group, role="manager")
    room.answer("reports")
    room.form(room.phones["family", "operations"], "/seat/received", inject=made.ids["reports"], role=room.ids["operations"])
    room.release("all-clear")


def _end(room: Room) -> None:
    console = room.console
    for view in "2347":
        room.turn_wall(view)
    room.wall_of_branch.press("f12", "f12")
    room.recorded(e.EmergencyConfirmed)
    real = room.run.conductor.exercise.real_emergency
    assert real is not None
    for name, reader in room.readers.items():
        if name not in NOBODY and (name == "nobody's hands" or "hands" not in name):
            room.comes(reader, {real.number})
    console.see("REAL EMERGENCY")
    console.rest()
    console.press("1")
    console.commit(room.logged("why stood down"))
    console.press("enter")
    room.recorded(e.EmergencyStoodDown)
    console.read(0.3)
    console.press("e", "e")
    console.see("How did it end?")
    console.press("1")
    room.recorded(e.ExerciseEnded)
    for screen in (room.group, room.wall, room.wall_of_branch):
        screen.see("ENDEX")
    _judged_afterwards(room)
    room.look_behind()
    for screen in room.screens:
        screen.press("ctrl+q")
        assert screen.exit_code() == 0


def _judged_afterwards(room: Room) -> None:
    made = room.made
    note = room.logged("note of the facilitator after ENDEX")
    room.console.press("o")
    room.console.read(0.5)
    room.console.commit(note)
    room.console.press("enter")
    room.console.until(lambda: any(note in str(entry.event) for entry in room.run.conductor.entries))
    room.evaluator.press("r")
    room.evaluator.read(0.3)
    room.evaluator.press("x", "down", "down", "tab", "down", "h")
    room.leave(room.evaluator)
    room.form(room.lead, "/judge/note", text=made.typed("note after ENDEX", only(room.bo)), category="strength")
    room.form(room.lead, "/judge/lock", sure="1")
    room.recorded(e.RatingsLocked)
    for phone in room.browsers:
        phone.fetch()


NOBODY = ("join cards", "somebody who has not joined", "serve")
"""Readers to whom nothing of the play comes."""


def _judge(room: Room, told_to_all: dict[str, str]) -> None:
    """Everything that came is held against the log, and against what had to come."""
    made, entries, gave = room.made, room.run.conductor.entries, room.happened()
    never = {made.ids[name] for name in NEVER}
    released = {inject.id for inject in room.run.conductor.exercise.injects} - never
    assert {name for name in gave if name.startswith("released:")} == {f"released:{name}" for name in released}
    assert gave[f"cut:{room.branch}"] < gave[f"restored:{room.branch}"]
    leaked = [said for reader in room.readers.values() for said in leaks(made, reader, gave).values()]
    assert not leaked, "\n".join(leaked)
    for name, reader in room.readers.items():
        if name not in NOBODY and "hands" not in name:
            due = set(_due(made, reader, gave))
            assert len(due) >= 6, name
            assert {token: made.places[token] for token in due if not reader.got(token)} == {}, name
    for screen in (room.group, room.hands, room.wall, room.wall_of_branch):
        assert set(OSC.findall(screen.seen_of_all())) <= {b"22;default"}, "no title, no clipboard"
    for name, told in told_to_all.items():
        assert told, name
        private = [token for token in made.places if token in told and everybody() not in made.rights[token]]
        assert private == [], f"{name} shows this to the whole machine"
    assert all(b"content-encoding" not in phone.kept.whole.lower() for phone in room.browsers)
    by_wall = {entry.event.kind for entry in entries if entry.actor == "wall"}
    assert by_wall <= {"emergency_raised", "emergency_confirmed", "clock_paused"}


TEXTS = re.compile(r"\.injects\.\d+\.(text|title)\.en")
QUESTIONS = re.compile(r"\.injects\.\d+\.asks\.\d+\.(question|options\.\d+\.text)\.en")


def _due(made: Canary, reader: Reader, gave: dict[str, int]) -> Iterator[str]:
    """What must have come to a reader: the texts of what it was told; at seats what it was asked; at a wall what it was told at once."""
    judges, wall = bool({JUDGES, *(name for name in reader.who if name.startswith("controls:"))} & set(reader.who)), "" in reader.who
    for token, rights in made.rights.items():
        own = [right for right in rights if right.after.startswith("released:") and right.gives(frozenset(reader.who))]
        if not own or not (TEXTS.fullmatch(made.places[token][0]) or (QUESTIONS.fullmatch(made.places[token][0]) and not judges)):
            continue
        came_ms = reader.allowed_ms(made, token, gave)
        if came_ms is not None and (not wall or came_ms == min(gave[right.after] for right in own if right.after in gave)):
            yield token
