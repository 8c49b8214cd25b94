"""Fitting a plan into the time there is, and the time there is in a booked room."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.booking import MINUTE_MS, booking_now, play_left_ms, shares
from tabletop.engine.events import Pace
from tabletop.engine.fitting import LEAST_TALK_MS, Fitting, behind_ms, fit
from tabletop.engine.schedule import due, line_of, timetable
from tabletop.engine.standing import standing
from tabletop.errors import Refused
from tabletop.exercise.model import Exercise
from tests.builders import BEGIN_MS, ExerciseDraft, Play
from tests.engine.rooms import Room


def drill(core: int = 8, others: int = 4, *, read: str = "30s", window: str | None = "2m", duration: str = "55m") -> ExerciseDraft:
    """An exercise like a half-hour one: core injects four minutes apart, others between them, a recovery at the end, a hold."""
    draft = ExerciseDraft(duration=duration).role("teller").role("guard")
    for number in range(core):
        draft.objective(f"o{number}", core=number == 0)
    for number in range(core - 1):
        draft.inject(f"core-{number}", at=f"{4 * number}m", core=True, read=read)
        draft.expects(f"act-{number}", by="teller" if number % 2 else "guard", objective=f"o{number}", **_within(window))
        if number < others:
            draft.inject(f"more-{number}", at=f"{4 * number + 2}m", read=read)
    draft.inject("over", at="40m", core=True, read=read, kind="recovery")
    draft.expects("reopen", by="guard", objective=f"o{core - 1}", **_within(window))
    return draft.inject("reserve", at="hold")


def _within(window: str | None) -> dict[str, Any]:
    return {} if window is None else {"within": window}


def fitting(draft: ExerciseDraft, minutes: float, pace: Pace = "discussion") -> Fitting:
    play = Play(draft.build(), pace=pace)
    return fit(play.plan, play.state, round(minutes * MINUTE_MS), 0)


# How a booking is shared.


@pytest.mark.parametrize(
    ("total", "parts"), [(15, (3, 7, 5)), (30, (3, 22, 5)), (45, (4, 34, 7)), (60, (5, 45, 10)), (90, (5, 70, 15)), (240, (5, 205, 30))]
)
def test_the_hot_wash_never_gets_less_than_five_minutes_and_the_brief_three_to_five(total: int, parts: tuple[int, int, int]) -> None:
    found = shares(total * MINUTE_MS)
    assert (found.brief_ms, found.play_ms, found.wash_ms) == tuple(part * MINUTE_MS for part in parts)


# In the discussion pace.


def test_a_half_hour_drill_keeps_every_core_inject_and_gives_each_its_equal_share() -> None:
    found = fitting(drill(), 22)
    assert (found.cut, found.untested) == ((), ())
    assert len(found.kept) == 8
    assert set(found.planned_ms.values()) == {165_000}, "twenty-two minutes in eight parts"
    assert found.talk_ms == 135_000
    assert sum(found.planned_ms.values()) <= 22 * MINUTE_MS


def test_what_would_get_less_than_two_minutes_of_talk_is_cut_from_the_end_and_never_the_recovery() -> None:
    found = fitting(drill(), 15.5)
    assert found.kept == ("core-0", "core-1", "core-2", "core-3", "core-4", "over")
    assert found.cut == ("core-5", "core-6")
    assert found.untested == ("o5", "o6")
    assert min(found.planned_ms.values()) >= 30_000 + LEAST_TALK_MS


def test_with_time_enough_each_takes_eight_minutes() -> None:
    assert set(fitting(drill(), 120).planned_ms.values()) == {480_000}


def test_with_no_time_at_all_the_recovery_stays_and_says_how_far_it_goes_beyond_the_end() -> None:
    found = fitting(drill(), 0)
    assert found.kept == ("over",)
    assert found.over_ms == 150_000


def test_injects_on_paths_that_exclude_each_other_take_the_time_of_one() -> None:
    draft = ExerciseDraft().role("teller").objective("o")
    draft.inject("first", core=True).asks("way", to=["teller"], options=[{"id": "a", "text": "A"}, {"id": "b", "text": "B"}])
    for way in "ab":
        draft.inject(f"path-{way}", at="4m", core=True, when={"answer": "way", "is": [way]})
    found = fitting(draft, 4)
    assert found.kept == ("first", "path-a", "path-b")


def test_an_objective_of_roles_that_nobody_plays_stays_untested() -> None:
    play = Play(drill().build(), pace="discussion")
    play.do(c.StaffRole("teller", "nobody"))
    assert fit(play.plan, play.state, 60 * MINUTE_MS, 0).untested == ("o1", "o3", "o5")


# In the timed pace.


def test_a_plan_on_time_is_left_as_it_is() -> None:
    found = fitting(drill(), 55, "timed")
    assert (found.cut, dict(found.moved)) == ((), {})
    assert found.kept[-1] == "over"


def test_what_fits_once_it_is_drawn_forward_is_drawn_forward_and_not_cut() -> None:
    draft = drill(core=3, others=0)
    found = fitting(draft, 20, "timed")
    assert found.cut == ()
    assert found.moved["over"] == -(40 * MINUTE_MS - (20 * MINUTE_MS - 150_000)), "just as far as is needed"
    assert -90_000 < found.moved["core-1"] < 0, "the room gets through the earlier ones a little sooner, too"


def test_core_injects_stay_before_others_and_early_ones_before_late_ones() -> None:
    found = fitting(drill(), 22, "timed")
    assert found.kept == ("core-0", "more-0", "core-1", "core-2", "core-3", "core-4", "core-5", "core-6", "over")
    assert found.cut == ("more-1", "more-2", "more-3")
    tight = fitting(drill(), 12, "timed")
    assert tight.kept == ("core-0", "core-1", "core-2", "over")
    assert tight.cut[:2] == ("more-0", "more-1")


def test_a_long_window_of_the_recovery_costs_a_short_drill_nothing_else() -> None:
    draft = ExerciseDraft(duration="75m").role("teller").objective("o")
    for number in range(4):
        draft.inject(f"core-{number}", at=f"{4 * number}m", core=True, read="30s").expects(
            f"a{number}", by="teller", objective="o", within="2m"
        )
    draft.inject("over", at="54m", core=True, kind="recovery", read="30s").expects("care", by="teller", objective="o", within="10m")
    short, long = fitting(draft, 12, "timed"), fitting(draft, 25, "timed")
    assert short.kept == ("core-0", "core-1", "core-2", "over")
    assert short.planned_ms["over"] == 150_000, "its ten minutes may outlast play"
    assert long.planned_ms["over"] == 630_000, "but not where there is time for them"


@pytest.mark.parametrize("minutes", [3, 8, 13, 22, 31, 47])
def test_in_the_timed_pace_everything_kept_is_over_by_the_end_and_in_the_written_order(minutes: int) -> None:
    play = Play(drill().build()).start()
    found = fit(play.plan, play.state, minutes * MINUTE_MS, 0)
    if found.changes:
        play.do(found.command)
    table = timetable(play.plan, play.state)
    times = [table.due_of[name] for name in found.kept]
    assert times == sorted(times)
    assert all(at >= 0 and at + found.planned_ms[name] <= minutes * MINUTE_MS for name, at in zip(found.kept, times, strict=True))


def test_what_comes_after_another_moves_along_with_it_and_goes_with_it() -> None:
    draft = ExerciseDraft(duration="60m").role("teller").objective("o")
    draft.inject("first", core=True).inject("knot", at="30m").inject("then", after={"inject": "knot", "delay": "5m"}, core=True)
    draft.inject("over", at="50m", core=True, kind="recovery")
    play = Play(draft.build()).start()
    found = fit(play.plan, play.state, 20 * MINUTE_MS, 0)
    assert found.cut == (), "what a core inject comes after is kept with it"
    play.do(found.command)
    at = timetable(play.plan, play.state).due_of["knot"]
    play.wall_ms += at
    play.release("knot")
    later = timetable(play.plan, play.state).due_of
    assert later["then"] + found.planned_ms["then"] <= 20 * MINUTE_MS
    assert later["then"] <= later["over"]


# Done, taken back, done by hand all the same.


def started(pace: Pace = "discussion", minutes: int = 30, **of: Any) -> Play:
    play = Play(drill(**of).build(), pace=pace)
    play.do(c.Book(slot_ms=minutes * MINUTE_MS))
    play.wall_ms += 3 * MINUTE_MS
    return play.start()


def test_startex_of_a_booked_room_cuts_what_the_briefing_showed() -> None:
    play = started(read="80s")
    fitted = [entry.event for entry in play.entries if isinstance(entry.event, e.PlanFitted)]
    assert [event.cut for event in fitted] == [("core-5", "core-6")]
    now = BEGIN_MS + 1
    assert line_of(play.plan, play.state, "core-5", 0).status == "skipped"
    assert play.state.inject("core-5").reason == "out-of-time"
    assert standing(play.plan, play.state, "act-5", now).state == "not_applicable"
    assert play.state.fitted is not None
    assert play.state.fitted.ends_ms == 22 * MINUTE_MS


def test_u_takes_the_whole_fit_back_and_a_cut_inject_is_still_released_by_hand() -> None:
    play = started(read="80s")
    entry = play.entries[-1]
    assert isinstance(entry.event, e.PlanFitted)
    play.do(c.ReleaseInject("core-6"))
    assert play.state.inject("core-6").released_ms == 0
    play.do(c.Retract(entry))
    assert play.state.inject("core-5").gone == ""
    assert play.state.inject("core-6").released_ms == 0
    assert play.state.fitted is None


def test_a_room_booked_long_enough_is_not_fitted() -> None:
    assert not any(isinstance(entry.event, e.PlanFitted) for entry in started(minutes=90).entries)


def test_fitting_again_in_the_middle_goes_by_the_time_left() -> None:
    play = started()
    play.release("core-0").at("14m").release("core-1")
    left = play_left_ms(play.state, play.wall_ms)
    assert left == 8 * MINUTE_MS
    found = fit(play.plan, play.state, left, 14 * MINUTE_MS)
    assert found.kept == ("core-2", "over"), "the inject on the table has its two minutes first"
    play.do(found.command)
    with pytest.raises(Refused, match="fits-already"):
        play.do(found.command)


def test_a_recovery_or_a_hold_is_never_cut_whoever_asks() -> None:
    play = started()
    for wrong in ("over", "reserve"):
        with pytest.raises(Refused, match="never-cut"):
            play.do(c.FitPlan((wrong,)))
    with pytest.raises(Refused, match="no-inject"):
        play.do(c.FitPlan(("nothing",)))


def test_behind_plan_is_what_goes_beyond_the_end_of_play() -> None:
    play = started()
    ends = 22 * MINUTE_MS
    assert behind_ms(play.plan, play.state, ends, 0) == 0
    play.release("core-0")
    assert behind_ms(play.plan, play.state, ends, 0) == 0
    late = behind_ms(play.plan, play.state, ends, 10 * MINUTE_MS)
    assert late == (10 + 7 * 2.5 - 22) * MINUTE_MS, "ten minutes for the first, and two and a half at the least for seven more"
    assert behind_ms(play.plan, play.state, None, 10 * MINUTE_MS) == 0


# The booking on the wall.


def test_a_briefing_that_takes_long_moves_the_end_of_a_slot_but_not_of_a_time_of_day() -> None:
    slot = Play(drill().build(), pace="discussion")
    slot.do(c.Book(slot_ms=30 * MINUTE_MS))
    until = Play(drill().build(), pace="discussion")
    until.do(c.Book(until_wall_ms=BEGIN_MS + 30 * MINUTE_MS))
    for play, over, left in ((slot, 7, 22), (until, 0, 15)):
        early = booking_now(play.state, BEGIN_MS + MINUTE_MS)
        assert early is not None
        assert (early.startex_wall_ms, early.ends_wall_ms) == (BEGIN_MS + 3 * MINUTE_MS, BEGIN_MS + 30 * MINUTE_MS)
        assert early.play_left_ms == 22 * MINUTE_MS
        late = booking_now(play.state, BEGIN_MS + 10 * MINUTE_MS)
        assert late is not None
        assert late.ends_wall_ms == BEGIN_MS + (30 + over) * MINUTE_MS
        assert late.play_left_ms == left * MINUTE_MS


def test_from_startex_on_the_end_stands_and_a_pause_costs_play() -> None:
    play = started()
    play.do(c.Pause())
    play.wall_ms += 5 * MINUTE_MS
    now = booking_now(play.state, play.wall_ms)
    assert now is not None
    assert now.ends_wall_ms == BEGIN_MS + 30 * MINUTE_MS
    assert now.left_ms == 22 * MINUTE_MS
    assert play_left_ms(play.state, play.wall_ms) == 17 * MINUTE_MS


@pytest.mark.parametrize("minutes", [0, 14, 13 * 60])
def test_a_booking_too_short_or_too_long_is_a_slip(minutes: int) -> None:
    play = Play(drill().build())
    if minutes:
        for command in (c.Book(slot_ms=minutes * MINUTE_MS), c.Book(until_wall_ms=play.wall_ms + minutes * MINUTE_MS)):
            with pytest.raises(Refused, match="booking"):
                play.do(command)
    play.do(c.Book(slot_ms=30 * MINUTE_MS))
    play.do(c.Book())
    assert play.state.booking is None
    assert booking_now(play.state, play.wall_ms) is None


def test_a_booking_made_in_play_counts_from_now() -> None:
    play = started()
    play.wall_ms += 10 * MINUTE_MS
    play.do(c.Book(slot_ms=12 * MINUTE_MS))
    now = booking_now(play.state, play.wall_ms)
    assert now is not None
    assert (now.left_ms, now.play_left_ms) == (12 * MINUTE_MS, 7 * MINUTE_MS)


# Any sequence.


def random_exercise(chance: random.Random) -> Exercise:
    draft = ExerciseDraft(duration=f"{chance.randrange(10, 90)}m").role("teller").role("guard").objective("o")
    names: list[str] = []
    for number in range(chance.randrange(2, 14)):
        kind = chance.choice(["situation", "alarm", "recovery"])
        after = {"inject": chance.choice(names), "delay": f"{chance.randrange(5)}m"} if names and chance.random() < 0.3 else None
        fields: dict[str, Any] = {"after": after} if after else {"at": chance.choice([f"{chance.randrange(60)}m", "0s", "hold"])}
        draft.inject(f"i{number}", kind=kind, core=chance.random() < 0.6, read=f"{chance.randrange(90)}s", **fields)
        if chance.random() < 0.5:
            draft.expects(f"a{number}", by="teller", objective="o", within=f"{chance.randrange(1, 10)}m")
        names.append(f"i{number}")
    return draft.build()


@pytest.mark.parametrize("seed", range(150))
def test_whatever_happened_before_a_fit_keeps_recoveries_cuts_nothing_twice_and_is_over_in_time(seed: int) -> None:
    chance = random.Random(seed)
    exercise = random_exercise(chance)
    play = Play(exercise, pace=chance.choice(["timed", "discussion"])).start()
    cut: list[str] = []
    for _ in range(25):
        play.wall_ms += chance.choice([0, 20_000, 90_000, 300_000])
        now = play.state.now(play.wall_ms)
        inject = chance.choice(exercise.injects).id
        try:
            match chance.randrange(6):
                case 0:
                    play.do(c.ReleaseInject(inject))
                case 1:
                    play.do(c.SkipInject(inject))
                case 2:
                    play.do(c.SlideInjects())
                case 3 if cut and isinstance(play.entries[-1].event, e.PlanFitted):
                    cut = [name for name in cut if name not in play.entries[-1].event.cut]
                    play.do(c.Retract(play.entries[-1]))
                case _:
                    _fit(play, chance.randrange(0, 40) * MINUTE_MS, now, cut)
        except Refused:
            continue
        cut = [name for name in cut if play.state.inject(name).released_ms is None]


def _fit(play: Play, play_ms: int, now: int, cut: list[str]) -> None:
    table = timetable(play.plan, play.state)
    found = fit(play.plan, play.state, play_ms, now)
    pending = [play.plan.inject_by_id[name] for name in (*found.kept, *found.cut)]
    assert len(set(pending)) == len(pending)
    assert set(table.due_of) <= {inject.id for inject in pending} <= {inject.id for inject in table.turns}
    assert {inject.id for inject in pending if inject.kind == "recovery"} <= set(found.kept)
    assert not set(found.cut) & set(cut)
    assert set(found.planned_ms) == set(found.kept)
    late = [name for name in found.kept if _ends(play, found, name, now) > found.ends_ms + found.over_ms]
    assert not late or play.state.pace == "discussion"
    if play.state.pace == "discussion" and not found.over_ms:
        assert sum(found.planned_ms[name] for name in found.kept) <= play_ms
    if not found.changes:
        return
    play.do(found.command)
    cut += found.cut
    again = fit(play.plan, play.state, play_ms, now)
    assert again.cut == (), "what was fitted fits"
    assert not again.moved


def _ends(play: Play, found: Fitting, name: str, now: int) -> int:
    """When an inject is over by this fit, as far as it has a time of its own."""
    at = timetable(play.plan, play.state).due_of.get(name)
    if at is None:
        return 0
    inject, duration = play.plan.inject_by_id[name], play.exercise.duration * 1000
    tail = min(found.planned_ms[name], max(play.plan.reading_ms(inject), duration - (play.plan.planned_ms[name] or 0)))
    return max(now, at) + found.moved.get(name, 0) + tail


def test_due_shows_nothing_that_was_cut() -> None:
    room = Room(start=False)
    room.ask(c.Book(slot_ms=15 * MINUTE_MS))
    room.ask(c.Start())
    fitted: Sequence[Any] = [entry.event for entry in room.log.entries if isinstance(entry.event, e.PlanFitted)]
    assert fitted
    room.wait(60 * 60)
    shown = {line.inject.id for line in due(room.conductor.plan, room.state, room.now_ms)}
    assert shown
    assert not shown & set(fitted[0].cut)
