"""Fine points of rights, of real emergencies, and of what follows ENDEX."""

from __future__ import annotations

from tabletop.engine import commands as c
from tabletop.engine.rights import DRIVER, Actor
from tests.engine.looks import E1, E2, code, inject, known, playing, with_injects
from tests.engine.rooms import Room

# Who may append what.


def test_nobody_overwrites_or_takes_back_the_rating_of_another_evaluator() -> None:
    room = playing()
    (rated,) = room.ask(c.Rate("E1", "act", "P"), E1)
    (scored,) = room.ask(c.ScoreBehaviour("E1", "calm", 4), E1)
    assert code(room, c.Rate("E1", "act", "U", "no")) == "refused.not-yours"
    assert code(room, c.ScoreBehaviour("E1", "calm", 1)) == "refused.not-yours"
    for actor in (DRIVER, E2, Actor("lead", "E2")):
        assert code(room, c.Retract(rated, "no"), actor) in ("refused.not-yours", "refused.cannot-take-back")
        assert code(room, c.Retract(scored, "no"), actor) in ("refused.not-yours", "refused.cannot-take-back")
    room.ask(c.Rate("Wu", "act", "S", "the facilitator's own"))
    room.ask(c.Rate("Wu", "act", "M", "the facilitator's own"))
    room.ask(c.Retract(rated), E1)
    assert ("E1", "act") not in room.state.ratings


def test_the_driver_takes_back_what_another_seat_did_only_with_a_reason() -> None:
    room = playing()
    (given,) = room.ask(c.GiveAnswer("first", "head", ("alarm",)), Actor("seat", roles=("head",)))
    assert code(room, c.Retract(given)) == "refused.reason-needed"
    room.ask(c.Retract(given, "answered for somebody else"))
    assert room.state.ask("first").answers == {}


def test_notes_are_of_ones_own_site_and_in_ones_own_name() -> None:
    room = playing()
    site = Actor("site", "hall")
    assert code(room, c.AddNote("gap", "x", role="clerk"), site) == "refused.not-yours"
    assert room.ask(c.AddNote("gap", "x", role="guard"), site)
    assert code(room, c.AddNote("gap", "x", evaluator="E2"), E1) == "refused.not-yours"
    assert room.ask(c.AddNote("gap", "x", evaluator="E1"), E1)
    assert room.ask(c.AddNote("gap", "x"), E1)


# Emergency.


def test_a_second_press_counts_though_the_clock_of_that_machine_is_a_little_behind() -> None:
    room = playing()
    room.wait(100)
    room.ask(c.PressEmergency("console"))
    room.wait(-1.5)
    room.ask(c.PressEmergency("wall"), Actor("wall"))
    assert room.state.emergency is not None
    assert room.state.emergency.confirmed


def test_every_press_is_kept_and_startex_leaves_none_standing() -> None:
    room = Room(start=False)
    room.ask(c.PressEmergency("console"))
    room.wait(6)
    room.ask(c.PressEmergency("wall"), Actor("wall"))
    room.wait(6)
    room.ask(c.Start())
    assert room.state.emergency is None
    assert [[press.seat for press in emergency.presses] for emergency in room.state.emergencies] == [["console", "wall"]]


def test_a_real_emergency_in_the_briefing_or_after_endex_stops_everything_but_notes() -> None:
    room = Room(start=False)
    room.ask(c.PressEmergency("console"))
    room.ask(c.PressEmergency("console"))
    before: tuple[c.Command, ...] = (c.Start(), c.SetParameter("place", "x"), c.StaffRole("head", "nobody"))
    for command in before:
        assert code(room, command) == "refused.emergency"
    room.ask(c.AddNote("note", "all out"))
    room.ask(c.StandDown("over"))
    room.ask(c.Start())
    room.ask(c.End())
    room.ask(c.PressEmergency("console"))
    room.ask(c.PressEmergency("console"))
    after: tuple[c.Command, ...] = (c.Reopen(), c.Rate("E1", "act", "P"), c.MarkAction("go", "missed"), c.LockRatings())
    for command in after:
        assert code(room, command) == "refused.emergency"
    room.ask(c.StandDown("over"))
    assert room.state.phase == "ended"
    assert len(room.state.emergencies) == 2


def test_in_an_emergency_time_releases_nothing_and_another_console_may_take_over_to_stand_down() -> None:
    room = Room(auto=True)
    room.ask(c.PressEmergency("console"))
    room.ask(c.PressEmergency("console"))
    assert room.conductor.tick() == []
    room.ask(c.TakeWheel("other console"))
    room.ask(c.StandDown("false alarm"))
    assert room.state.driver == "other console"


# ENDEX and after.


def test_what_was_said_after_endex_stands_when_play_goes_on() -> None:
    room = playing()
    room.wait(40)
    room.ask(c.End())
    room.ask(c.MarkAction("raise-alarm", "missed", note="nobody"))
    assert known(room, "call-out").state == "pending"
    room.ask(c.Reopen())
    room.ask(c.Resume())
    assert (known(room, "raise-alarm").state, known(room, "call-out").state) == ("missed", "open")
    room.ask(c.GiveAnswer("first", "head", ("both",)))
    assert (known(room, "raise-alarm").state, known(room, "call-out").state) == ("missed", "done"), "a person's word stands over an effect"
    room.ask(c.MarkAction("raise-alarm", "done"))
    assert (known(room, "raise-alarm").state, known(room, "raise-alarm").at_ms) == ("done", 40_000)
    room.ask(c.End())
    assert room.state.ended_ms == 40_000


def test_a_hint_given_at_any_time_counts_for_what_is_set_after_endex_without_a_time() -> None:
    room = playing()
    room.wait(30)
    room.ask(c.ShowHint("smoke"))
    room.ask(c.End())
    room.ask(c.MarkAction("raise-alarm", "done"))
    assert known(room, "raise-alarm").prompted


def test_a_site_controller_puts_nothing_down_to_a_role_elsewhere_nor_to_an_inject_it_was_not_told() -> None:
    room, site = playing(data=with_injects(inject("secret", to=["head"], at="hold"))), Actor("site", "hall")
    room.ask(c.ReleaseInject("secret"))
    assert code(room, c.MarkAction("go", "done", other_role="head"), site) == "refused.not-yours"
    assert code(room, c.RecordDecision("guard", "out", inject="secret"), site) == "refused.not-yours"
    assert code(room, c.RecordDecision("guard", "out", inject="nowhere"), site) == "refused.not-yours"
    assert room.ask(c.MarkAction("go", "done", other_role="guard"), site)
    assert room.ask(c.RecordDecision("guard", "out", inject="smoke"), site)
    assert room.ask(c.RecordDecision("guard", "out"), site)
    assert room.ask(c.MarkAction("go", "done", other_role="head"))
