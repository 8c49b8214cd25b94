"""An inject that somebody keeps back: like a hold from then on, until it is released by hand or that is taken back."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from tabletop.engine import commands as c
from tabletop.engine import schedule
from tabletop.engine.events import InjectKeptBack, InjectReleased, InjectsSlid, PlanFitted
from tabletop.engine.evolve import replay
from tabletop.engine.fitting import behind_ms, fit
from tabletop.engine.rights import Actor
from tabletop.errors import Refused
from tests.engine.looks import code, due, due_ms, entry_of, inject, playing, status, with_injects
from tests.engine.rooms import Room

HALL = Actor("site", "hall")


def coming(room: Room) -> list[str]:
    return [line.inject.id for line in schedule.upcoming(room.conductor.plan, room.state, room.now_ms)]


def kept(room: Room) -> list[str]:
    return [line.inject.id for line in schedule.kept_back(room.conductor.plan, room.state)]


def test_it_is_neither_due_nor_next_nor_late() -> None:
    room = playing()
    assert coming(room)[0] == "order"
    room.wait(60)
    room.ask(c.KeepInjectBack("order", "the police wait"))
    now = room.state.inject("order").kept_back
    assert now is not None
    assert (now.actor, now.at_ms, now.reason) == ("driver", 60_000, "the police wait")
    assert (status(room, "order"), kept(room)) == ("kept_back", ["order"])
    assert "order" not in coming(room)
    room.wait(600)
    assert "order" not in due(room)
    assert (due_ms(room, "order"), due_ms(room, "late")) == (None, None), "what comes after it waits as well"
    assert status(room, "late") == "waiting"
    assert behind_ms(room.conductor.plan, room.state, None, room.now_ms) == room.now_ms - 300_000, "the oldest due one is another"


def test_nothing_but_a_person_releases_it() -> None:
    room = playing(auto=True)
    room.ask(c.KeepInjectBack("soon"))
    room.ask(c.KeepInjectBack("order"))
    for _ in range(20):
        room.wait(60)
        room.ask(c.Tick())
    assert not {"soon", "order"} & set(room.state.released)
    (release,) = room.ask(c.ReleaseInject("order"))
    assert isinstance(release.event, InjectReleased)
    assert (release.event.due_ms, release.event.auto) == (None, False), "as with a hold there is no time it could be late by"
    assert status(room, "order") == "released"
    assert due_ms(room, "late") == room.now_ms + 120_000
    assert kept(room) == ["soon"]


@pytest.mark.parametrize("wait_s", [30, 300])
def test_taken_back_it_is_due_at_its_planned_time(wait_s: int) -> None:
    room = playing(auto=True)
    room.ask(c.KeepInjectBack("order"))
    room.wait(wait_s)
    room.undo()
    assert due_ms(room, "order") == 180_000
    assert (status(room, "order"), kept(room)) == ("due" if wait_s > 180 else "waiting", [])
    room.ask(c.Tick())
    assert "order" not in room.state.released, "what fell due while it was kept back is cued"
    room.wait(180)
    room.ask(c.Tick())
    assert ("order" in room.state.released) == (wait_s < 180), "what was still to come releases itself at its time"
    if wait_s > 180:
        room.ask(c.ReleaseInject("order"))
    assert [entry.event.inject for entry in room.log.entries if isinstance(entry.event, InjectReleased)].count("order") == 1


def test_a_release_that_is_taken_back_leaves_it_kept_back() -> None:
    room = playing()
    room.ask(c.KeepInjectBack("order", "wait"))
    room.ask(c.ReleaseInject("order"))
    room.undo("too early")
    assert status(room, "order") == "kept_back"
    room.wait(600)
    assert "order" not in due(room)
    room.undo()
    assert status(room, "order") == "due"


def test_a_skip_leaves_it_out_and_taken_back_it_is_kept_back_again() -> None:
    room = playing()
    room.ask(c.KeepInjectBack("order"))
    room.ask(c.SkipInject("order", "no time"))
    assert (status(room, "order"), kept(room)) == ("skipped", [])
    room.undo()
    assert (status(room, "order"), kept(room)) == ("kept_back", ["order"])


def test_what_cannot_be_kept_back() -> None:
    assert code(Room(start=False), c.KeepInjectBack("order")) == "refused.not-started"
    room = playing()
    assert code(room, c.KeepInjectBack("nothing")) == "refused.no-inject"
    assert code(room, c.KeepInjectBack("smoke")) == "refused.already-released"
    assert code(room, c.KeepInjectBack("push")) == "refused.by-hand-anyway"
    room.ask(c.SkipInject("soon"))
    assert code(room, c.KeepInjectBack("soon")) == "refused.already-skipped"
    room.ask(c.KeepInjectBack("order"))
    assert code(room, c.KeepInjectBack("order")) == "refused.already-kept-back"
    assert code(room, c.DelayInject("order")) == "refused.already-kept-back"
    room.ask(c.Pause())
    assert room.ask(c.KeepInjectBack("end")), "a standing clock is no reason against it"
    assert code(room, c.ReleaseInject("end")) == "refused.paused"
    room.ask(c.Resume())
    room.ask(c.End())
    assert code(room, c.KeepInjectBack("quiet")) == "refused.ended"


def test_the_fit_leaves_it_out_with_what_waits_for_it() -> None:
    room = playing()
    room.ask(c.KeepInjectBack("order"))
    none_left = fit(room.conductor.plan, room.state, 0, room.now_ms)
    whole = fit(room.conductor.plan, room.state, 3_600_000, room.now_ms)
    for found in (none_left, whole):
        assert not {"order", "late"} & {*found.kept, *found.cut, *found.moved}
    assert "end" in whole.kept
    (fitted,) = room.ask(c.FitPlan(("order", "soon"), (("order", -5000),)))
    assert isinstance(fitted.event, PlanFitted)
    assert (fitted.event.cut, fitted.event.moved) == (("soon",), ()), "agreed to before it was kept back"


def test_a_slide_moves_it_unseen_for_the_case_that_it_comes_back_into_the_plan() -> None:
    room = playing()
    room.ask(c.KeepInjectBack("order"))
    (slid,) = room.ask(c.SlideInjects())
    assert isinstance(slid.event, InjectsSlid)
    assert due_ms(room, "order") is None
    room.ask(c.Retract(entry_of(room, "inject_kept_back")))
    assert due_ms(room, "order") == 300_000, "as if it had never been kept back"


def test_a_slide_with_nothing_to_move_but_what_is_kept_back_is_refused() -> None:
    room = playing()
    for name in ("order", "alarmed", "quiet", "soon", "end"):
        room.ask(c.KeepInjectBack(name))
    assert code(room, c.SlideInjects()) == "refused.nothing-to-slide"


def test_who_did_not_know_that_it_is_kept_back_does_not_release_it() -> None:
    room = playing()
    room.ask(c.KeepInjectBack("order"))
    assert code(room, c.ReleaseInject("order", as_planned=True)) == "refused.already-kept-back"
    assert room.ask(c.ReleaseInject("order"))


def test_in_the_discussion_pace_the_next_one_takes_its_turn() -> None:
    room = playing(pace="discussion")
    room.wait(600)
    assert due(room) == ["order"]
    room.ask(c.KeepInjectBack("order"))
    assert due(room) == ["end"], "but what comes after it waits for it"
    assert "late" not in fit(room.conductor.plan, room.state, 3_600_000, room.now_ms).kept
    assert code(room, c.KeepInjectBack("soon")) == "refused.by-hand-anyway", "set aside: it comes by hand anyway"
    room.ask(c.ReleaseInject("order"))
    room.wait(600)
    assert due(room) == ["late"]


def test_in_the_discussion_pace_a_whole_chain_waits_for_it_but_not_beyond_what_was_left_out() -> None:
    chain = [
        inject("a", at="9m", core=True),
        inject("b", after={"inject": "a"}, core=True),
        inject("c", after={"inject": "b"}, core=True),
    ]
    room = playing(pace="discussion", data=with_injects(*chain))
    for name in ("order", "late"):
        room.wait(600)
        room.ask(c.ReleaseInject(name))
    room.ask(c.KeepInjectBack("a"))
    room.wait(600)
    assert due(room) == ["end"]
    room.ask(c.SkipInject("b"))
    assert due(room) == ["c"]


def test_a_site_keeps_back_what_goes_to_it_alone_and_the_driver_may_end_that() -> None:
    room = playing(data=with_injects(inject("rope", at="9m", to=["guard"])))
    (held,) = room.ask(c.KeepInjectBack("rope", "the guard is on the phone"), HALL)
    assert held.actor == "site:hall"
    assert code(room, c.KeepInjectBack("quiet"), HALL) == "refused.not-yours"
    assert code(room, c.Retract(held)) == "refused.reason-needed", "somebody else's word is taken back with a reason"
    room.ask(c.Retract(held, "we need it now"))
    assert status(room, "rope") == "waiting"
    room.ask(c.KeepInjectBack("rope"))
    assert code(room, c.Retract(entry_of(room, "inject_kept_back")), HALL) == "refused.not-yours", "the driver's word is not the site's"
    assert room.ask(c.ReleaseInject("rope"), HALL), "but a release ends it for everybody"


def test_the_list_has_it_with_the_holds() -> None:
    room = playing()
    table = schedule.timetable(room.conductor.plan, room.state)
    assert table.listed is table.order
    room.ask(c.KeepInjectBack("order"))
    table = schedule.timetable(room.conductor.plan, room.state)
    names = [one.id for one in table.listed]
    assert names == ["smoke", "alarmed", "quiet", "late", "soon", "end", "order", "push"]
    assert table.place == {name: place for place, name in enumerate(names)}
    room.ask(c.ReleaseInject("order"))
    table = schedule.timetable(room.conductor.plan, room.state)
    assert table.listed is table.order


@pytest.mark.parametrize("seed", range(40))
def test_whatever_else_happens_it_comes_by_hand_alone_and_the_log_replays(seed: int) -> None:
    chance = random.Random(seed)
    room = Room(auto=True, pace=chance.choice(["timed", "timed", "discussion"]))
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.KeepInjectBack("order"))
    (held,) = (entry for entry in room.log.entries if isinstance(entry.event, InjectKeptBack))
    others: list[c.Command] = [c.Tick(), c.Pause(), c.Resume(), c.Jump(60_000), c.SlideInjects(), c.SkipInject("soon"), c.SetSpeed(4)]
    for _ in range(30):
        room.wait(chance.choice([0.5, 20, 120]))
        with suppress(Refused):
            room.ask(chance.choice(others))
        assert "order" not in [*due(room), *coming(room), *room.state.released]
    taken = chance.random() < 0.5
    if taken:
        room.ask(c.Retract(held))
        assert status(room, "order") in ("due", "waiting")
    again = replay(room.log.entries)
    assert again.injects == room.state.injects
    assert (status(room, "order") == "kept_back") is not taken
