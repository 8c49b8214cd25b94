"""The wall is turned by the driver and by what the room is told, and a turn is an entry of the log."""

from __future__ import annotations

from typing import Any

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.engine.seats import wall_view
from tabletop.engine.views import WallView
from tabletop.engine.wall import Reveal, next_reveal, reveal_of, step, unblanked
from tests.engine.looks import code, entry_of, inject, playing, with_injects
from tests.engine.rooms import Room


def wall(room: Room) -> WallView:
    return wall_view(room.conductor.plan, room.state, room.now_ms)


def on_it(room: Room) -> str:
    """The inject that the wall has."""
    inject = wall(room).inject
    return "" if inject is None else inject.inject


def told_twice(**how: Any) -> Room:
    """A room that was told of the smoke and then of the call; in between some roles got their order."""
    room = playing(**how)
    room.ask(c.ReleaseInject("order"))
    room.ask(c.ReleaseInject("late", "now"))
    return room


def test_a_turn_is_one_entry_and_the_wall_shows_it() -> None:
    room = playing()
    entries = room.ask(c.TurnWall("rules"))
    assert [entry.event.kind for entry in entries] == ["wall_turned"]
    assert wall(room).view == "rules"
    assert room.ask(c.TurnWall("rules")) == [], "what is shown already is no news"


def test_a_release_to_the_room_turns_the_wall_back_by_itself() -> None:
    room = playing()
    for view in ("rules", "blank", "timeline"):
        room.ask(c.TurnWall(view))
    room.ask(c.ReleaseInject("late", "now"))
    assert wall(room).view == "inject"
    assert on_it(room) == "late"


def test_a_private_release_turns_nothing_and_is_not_on_the_wall() -> None:
    room = playing()
    room.ask(c.TurnWall("rules"))
    room.ask(c.ReleaseInject("order"))
    assert wall(room).view == "rules"
    room.ask(c.TurnWall("inject"))
    assert on_it(room) == "smoke"
    assert [moment.text for moment in wall(room).timeline] == []
    room.ask(c.TurnWall("timeline"))
    assert [(moment.what, moment.text) for moment in wall(room).timeline] == [("startex", ""), ("inject", "Smoke")]
    assert code(room, c.TurnWall("inject", "order")) == "refused.private"


def test_taking_a_release_back_turns_the_wall_to_what_it_showed_before() -> None:
    room = playing()
    room.ask(c.TurnWall("rulings"))
    room.ask(c.ReleaseInject("late", "now"))
    room.undo("too early")
    assert wall(room).view == "rulings"
    room.ask(c.TurnWall("inject"))
    assert on_it(room) == "smoke"


def test_the_earlier_text_stays_until_the_room_is_told_something() -> None:
    room = told_twice()
    plan = room.conductor.plan
    assert step(plan, room.state, -1) == "smoke"
    assert step(plan, room.state, 1) is None
    room.ask(c.TurnWall("inject", "smoke"))
    assert wall(room).earlier
    assert on_it(room) == "smoke"
    assert step(plan, room.state, -1) is None
    assert step(plan, room.state, 1) == "late"
    room.ask(c.TurnWall("inject", "late"))
    assert not wall(room).earlier
    room.ask(c.TurnWall("inject", "smoke"))
    room.ask(c.ReleaseInject("end"))
    assert on_it(room) == "end"


def test_blank_goes_back_to_what_it_hid() -> None:
    room = told_twice()
    room.ask(c.TurnWall("inject", "smoke"))
    room.ask(c.TurnWall("blank"))
    assert wall(room).view == "blank"
    behind = unblanked(room.conductor.plan, room.state)
    assert (behind.view, behind.inject) == ("inject", "smoke")
    room.ask(c.ReleaseInject("end"))
    room.ask(c.TurnWall("blank"))
    behind = unblanked(room.conductor.plan, room.state)
    assert (behind.view, behind.inject) == ("inject", ""), "the room was told something since"


def test_revealed_answers_turn_the_wall_and_come_as_counts_then_with_names() -> None:
    room = playing()
    assert code(room, c.TurnWall("answers")) == "refused.not-revealed"
    room.ask(c.GiveAnswer("first", "head", ("alarm",)), Actor("seat", roles=("head",)))
    assert [(awaited.answered, awaited.asked) for awaited in wall(room).awaited] == [(1, 2)]
    room.ask(c.TurnWall("blank"))
    room.ask(c.RevealAnswers("first"))
    answers = wall(room).answers
    assert answers is not None
    assert (answers.answered, answers.asked, answers.names) == (1, 2, False)
    assert sorted(tally.count for tally in answers.tallies) == [0, 0, 1]
    assert all(not tally.roles for tally in answers.tallies)
    room.ask(c.RevealAnswers("first", names=True))
    answers = wall(room).answers
    assert answers is not None
    assert [tally.roles for tally in answers.tallies if tally.count] == [("Head",)]
    room.ask(c.TurnWall("inject"))
    room.ask(c.TurnWall("answers"))
    assert wall(room).answers is not None


def test_answers_to_a_private_inject_are_never_on_the_wall() -> None:
    room = playing()
    room.ask(c.ReleaseInject("order"))
    room.ask(c.GiveAnswer("why", "guard", "so", rationale="because"))
    room.ask(c.TurnWall("rules"))
    room.ask(c.RevealAnswers("why"))
    assert wall(room).view == "rules"
    assert code(room, c.TurnWall("answers", ask="why")) == "refused.not-revealed"


def test_taking_back_a_reveal_takes_the_answers_off_the_wall() -> None:
    room = playing()
    room.ask(c.GiveAnswer("first", "head", ("alarm",)), Actor("seat", roles=("head",)))
    room.ask(c.RevealAnswers("first"))
    room.ask(c.TurnWall("rules"))
    room.ask(c.TurnWall("answers"))
    room.ask(c.Retract(entry_of(room, "answers_revealed"), "slip"))
    assert wall(room).view == "inject"
    assert wall(room).answers is None


def test_a_timer_runs_in_real_time_and_begins_anew_when_asked_again() -> None:
    room = playing()
    assert code(room, c.TurnWall("timer")) == "refused.no-span"
    assert code(room, c.TurnWall("timer", span_ms=10**9)) == "refused.no-span"
    room.ask(c.TurnWall("timer", span_ms=300_000))
    timer = wall(room).timer
    assert timer is not None
    assert timer.ends_wall_ms == room.wall_ms + 300_000
    room.wait(100)
    assert len(room.ask(c.TurnWall("timer", span_ms=300_000))) == 1


def test_parked_items_show_only_while_the_wall_is_turned_to_them_and_rulings_always() -> None:
    room = playing()
    room.ask(c.AddNote("parked", "who pays"))
    room.ask(c.AddNote("ruling", "no camera in the meeting room"))
    room.ask(c.AddNote("gap", "nobody led"))
    assert [item.text for item in wall(room).rulings] == ["no camera in the meeting room"]
    assert wall(room).parked == ()
    room.ask(c.TurnWall("parked"))
    assert [item.text for item in wall(room).parked] == ["who pays"]


def test_endex_turns_it_to_the_timeline_and_reopening_back() -> None:
    room = playing()
    room.ask(c.End())
    assert wall(room).view == "timeline"
    assert wall(room).shared.ended_wall_ms == room.wall_ms
    room.ask(c.TurnWall("rulings"))
    assert wall(room).view == "rulings"
    room.ask(c.Reopen())
    assert wall(room).view == "inject"


PLAYERS = [Actor("wall"), Actor("viewer"), Actor("seat", roles=("guard",)), Actor("recorder"), Actor("evaluator", "E1")]


@pytest.mark.parametrize("actor", PLAYERS)
def test_only_the_driver_turns_the_wall(actor: Actor) -> None:
    assert code(playing(), c.TurnWall("rules"), actor) == "refused.not-yours"


def test_a_turn_is_not_what_take_back_takes_back() -> None:
    room = playing()
    room.ask(c.TurnWall("rules"))
    newest = room.conductor.newest_to_take_back()
    assert newest is not None
    assert newest.event.kind == "inject_released"
    assert code(room, c.Retract(entry_of(room, "wall_turned"))) == "refused.cannot-take-back"


def test_in_a_real_emergency_the_wall_is_not_turned() -> None:
    room = playing()
    room.ask(c.PressEmergency("console"))
    room.ask(c.PressEmergency("console"))
    assert code(room, c.TurnWall("rules")) == "refused.emergency"
    emergency = wall(room).shared.emergency
    assert emergency is not None
    assert emergency.confirmed


def following(room: Room) -> Reveal | None:
    return next_reveal(room.conductor.plan, room.state)


def test_counts_of_what_nobody_saw_come_first_and_names_only_of_what_stands_on_the_wall() -> None:
    room = playing()
    assert following(room) is None
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    assert following(room) == Reveal("first", "counts")
    room.ask(c.RevealAnswers("first"))
    assert following(room) == Reveal("first", "names")
    room.ask(c.TurnWall("rules"))
    assert following(room) == Reveal("first", "again")
    room.ask(c.TurnWall("answers", ask="first"))
    assert following(room) == Reveal("first", "names")
    room.ask(c.End("played"))
    assert following(room) == Reveal("first", "again"), "after ENDEX nothing more is revealed"
    assert reveal_of(room.conductor.plan, room.state, "first") == Reveal("first", "again")


@pytest.mark.parametrize("option", ["alarm", "look", "both"])
def test_what_most_people_chose_stands_first_on_the_wall(option: str) -> None:
    room = playing()
    room.ask(c.GiveAnswer("first", "head", (option,)))
    room.ask(c.RevealAnswers("first"))
    shown = wall(room).answers
    assert shown is not None
    assert [tally.count for tally in shown.tallies] == [1, 0, 0]


def test_a_question_whose_answers_were_all_taken_back_has_nothing_to_show_and_the_next_one_is_offered() -> None:
    room = Room(with_injects(inject("late-ask", at="hold", asks=[{"id": "now", "question": "Now?", "answer": "confirm"}])))
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.ReleaseInject("late-ask"))
    (given,) = room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.ask(c.RevealAnswers("first"))
    room.ask(c.Retract(given, "entered for the wrong role"))
    shown = wall(room).answers
    assert shown is not None
    assert (shown.ask, shown.answered, [tally.count for tally in shown.tallies]) == ("first", 0, [0, 0, 0])
    assert next_reveal(room.conductor.plan, room.state) is None
    room.ask(c.GiveAnswer("now", "head", True))
    assert next_reveal(room.conductor.plan, room.state) == Reveal("now", "counts")
    room.ask(c.RevealAnswers("now"))
    assert next_reveal(room.conductor.plan, room.state) == Reveal("now", "names")
