"""Fine points of semantics.md that are easily lost: what rests on what, and when."""

from __future__ import annotations

from typing import Any

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine import schedule
from tabletop.engine.clock import after_played
from tabletop.engine.events import AskExtended, Entry, InjectReleased, from_body, to_body
from tabletop.engine.paths import holds
from tabletop.engine.plan import Plan
from tabletop.engine.rights import DRIVER, Actor
from tabletop.engine.shuffle import shuffled
from tabletop.engine.standing import Standing, ask_deadline, standing, window_start
from tabletop.errors import Refused
from tabletop.exercise.asks import Ask
from tabletop.exercise.conditions import ParameterIs
from tests.engine.rooms import DATA, Room

E1, E2 = Actor("evaluator", "E1"), Actor("evaluator", "E2")


def code(room: Room, command: c.Command, actor: Actor = DRIVER) -> str:
    with pytest.raises(Refused) as refused:
        room.ask(command, actor)
    return refused.value.code


def known(room: Room, action: str) -> Standing:
    return standing(room.conductor.plan, room.state, action, room.now_ms)


def due(room: Room) -> list[str]:
    return [line.inject.id for line in schedule.due(room.conductor.plan, room.state, room.now_ms)]


def status(room: Room, inject: str) -> str:
    return schedule.line_of(room.conductor.plan, room.state, inject, room.now_ms).status


def due_ms(room: Room, inject: str) -> int | None:
    return schedule.timetable(room.conductor.plan, room.state).due_of.get(inject)


def with_injects(*more: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {**DATA, "injects": [*DATA["injects"], *more], **other}


def inject(inject_id: str, **fields: Any) -> dict[str, Any]:
    return {"id": inject_id, "kind": "call", "title": inject_id, "text": "t", **({} if "after" in fields else {"at": "0s"}), **fields}


def playing(**how: Any) -> Room:
    room = Room(**how)
    room.ask(c.ReleaseInject("smoke"))
    return room


def entry_of(room: Room, kind: str) -> Entry:
    return next(entry for entry in reversed(room.conductor.entries) if entry.event.kind == kind)


# What later entries rest on.


def test_a_hint_taken_back_gives_nothing_away() -> None:
    room = playing()
    room.wait(10)
    (hint,) = room.ask(c.ShowHint("smoke"))
    room.wait(5)
    room.ask(c.MarkAction("raise-alarm", "done"))
    room.ask(c.GiveAnswer("first", "head", ("both",)))
    assert (known(room, "raise-alarm").prompted, known(room, "call-out").prompted) == (True, True)
    room.ask(c.Retract(hint, "never read out"))
    assert (known(room, "raise-alarm").prompted, known(room, "call-out").prompted) == (False, False)


def test_a_contingency_taken_back_gives_nothing_away_and_a_person_may_say_so_all_the_same() -> None:
    room = playing()
    room.wait(130)
    (push,) = room.ask(c.ReleaseInject("push"))
    room.wait(5)
    room.ask(c.MarkAction("raise-alarm", "done"))
    room.ask(c.MarkAction("raise-alarm", "done", prompted=True), E1)
    room.ask(c.Retract(push))
    assert known(room, "raise-alarm").prompted, "the evaluator said it"
    room.ask(c.MarkAction("raise-alarm", "no_record"), E1)
    assert not known(room, "raise-alarm").prompted


def test_what_was_done_before_a_hint_stays_unaided_though_the_clock_stands() -> None:
    room = playing()
    room.wait(10)
    room.ask(c.Pause("discussion"))
    room.ask(c.MarkAction("raise-alarm", "done"))
    room.ask(c.ShowHint("smoke"))
    room.ask(c.MarkAction("call-out", "done"))
    assert (known(room, "raise-alarm").prompted, known(room, "call-out").prompted) == (False, True)


def test_a_hold_that_follows_from_what_was_done_gives_nothing_away() -> None:
    back = inject("ring-back", at="hold", cue={"action": "raise-alarm", "state": "done"})
    wrong = inject("wrong-way", at="hold", cue={"not": {"action": "call-out", "state": "done"}})
    either: list[dict[str, Any]] = [{"action": "go", "state": "missed"}, {"not": {"action": "go", "not_done_within": "5m"}}]
    late = inject("too-late", at="hold", cue={"any": either})
    room = Room(with_injects(back, wrong, late))
    room.ask(c.ReleaseInject("smoke"))
    room.wait(20)
    room.ask(c.MarkAction("raise-alarm", "done"))
    room.ask(c.ReleaseInject("ring-back"))
    room.wait(5)
    room.ask(c.MarkAction("raise-alarm", "done"), E1)
    assert not known(room, "raise-alarm").prompted
    assert room.conductor.plan.contingencies == {"raise-alarm": ("push",), "call-out": ("wrong-way",), "go": ("too-late",)}


def test_an_answer_taken_back_lets_the_one_before_stand_again_with_its_times() -> None:
    room = playing()
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.wait(20)
    (change,) = room.ask(c.GiveAnswer("first", "head", ("look",)))
    assert known(room, "raise-alarm").state == "missed"
    room.ask(c.Retract(change))
    answer = room.state.ask("first").answers["head"]
    assert (answer.value, answer.at_ms, answer.first_ms, answer.amends) == (("alarm",), 20_000, 20_000, 0)
    assert (known(room, "raise-alarm").state, known(room, "raise-alarm").at_ms) == ("done", 20_000)
    assert [record.effect.what for record in room.state.effects.get("run-in", ())] == []


def test_the_first_answer_taken_back_leaves_the_change_as_a_first_answer() -> None:
    room = playing()
    room.wait(20)
    (first,) = room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("both",)))
    assert known(room, "raise-alarm").at_ms == 20_000
    room.ask(c.Retract(first))
    answer = room.state.ask("first").answers["head"]
    assert (answer.first_ms, answer.amends, known(room, "raise-alarm").at_ms) == (40_000, 0, 40_000)


def test_an_effect_that_both_answers_have_keeps_its_time_but_not_who_acted() -> None:
    room = playing()
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    assert known(room, "raise-alarm").other_role == "head"
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("both",)))
    assert (known(room, "raise-alarm").at_ms, known(room, "raise-alarm").other_role) == (20_000, "guard")


def test_the_same_effect_of_two_roles_stands_until_both_have_changed_their_minds() -> None:
    room = playing()
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.wait(10)
    room.ask(c.GiveAnswer("first", "clerk", ("alarm",)))
    assert (known(room, "raise-alarm").at_ms, known(room, "raise-alarm").other_role) == (20_000, "head")
    room.ask(c.GiveAnswer("first", "head", ("look",)))
    alarm = known(room, "raise-alarm")
    assert (alarm.state, alarm.at_ms, alarm.other_role) == ("done", 30_000, "")
    room.ask(c.GiveAnswer("first", "clerk", ("look",)))
    assert known(room, "raise-alarm").state == "missed"
    assert len(room.state.effects["run-in"]) == 2


def test_a_decision_is_taken_back_once() -> None:
    room = playing()
    (made,) = room.ask(c.RecordDecision("head", "Leave"))
    room.ask(c.Retract(made))
    assert code(room, c.Retract(made)) == "refused.already-taken-back"
    assert code(room, c.Retract(entry_of(room, "retracted"))) == "refused.cannot-take-back"


def test_staffing_taken_back_gives_the_role_its_duties_again() -> None:
    room = playing()
    room.wait(30)
    (given_up,) = room.ask(c.StaffRole("clerk", "nobody"))
    assert known(room, "raise-alarm").state == "not_applicable"
    room.ask(c.Retract(given_up))
    assert known(room, "raise-alarm").state == "open"
    assert dict(room.state.staffing) == {}


def test_extra_time_taken_back_moves_the_deadline_back_and_keeps_what_was_answered_in_it() -> None:
    room = playing()
    (more,) = room.ask(c.ExtendAsks(("first",), 60_000))
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.wait(70)
    room.ask(c.GiveAnswer("first", "head", ("look",)))
    room.ask(c.Retract(more))
    assert ask_deadline(room.conductor.plan, room.state, "first") == 70_000
    assert room.state.ask("first").answers["head"].value == ("look",)


def test_a_mark_that_was_replaced_moves_no_window() -> None:
    room = playing()
    room.wait(4)
    room.ask(c.MarkAction("call-out", "done"))
    room.wait(30)
    room.ask(c.MarkAction("call-out", "no_record"))
    smoke = room.conductor.plan.inject_by_id["smoke"]
    assert window_start(room.conductor.plan, room.state, smoke) == 10_000


def test_an_inject_that_came_back_from_a_skip_stands_where_the_slide_has_put_the_others() -> None:
    room = Room()
    (skip,) = room.ask(c.SkipInject("soon"))
    room.ask(c.SlideInjects())
    assert due_ms(room, "soon") is None
    room.ask(c.Retract(skip))
    assert due_ms(room, "soon") == 600_000


def test_what_was_taken_back_does_not_release_itself_again() -> None:
    room = Room(auto=True)
    assert len(room.conductor.tick()) == 1
    room.undo("too early")
    room.wait(1)
    assert room.conductor.tick() == []
    assert due(room) == ["smoke"]
    room.ask(c.ReleaseInject("smoke"))
    assert room.state.released == ("smoke",)


# Answers and their windows.


def test_a_plain_yes_stays_a_yes_in_the_log() -> None:
    given = e.AnswerGiven(ask="ready", role="head", value=True)
    assert given.value is True
    again = from_body("answer_given", '{"ask":"ready","role":"head","value":true}')
    assert isinstance(again, e.AnswerGiven)
    assert again.value is True
    number = from_body("answer_given", '{"ask":"sum","role":"head","value":1}')
    assert isinstance(number, e.AnswerGiven)
    assert (number.value, type(number.value)) == (1.0, float)
    words = from_body("answer_given", '{"ask":"why","role":"head","value":"1"}')
    assert isinstance(words, e.AnswerGiven)
    assert words.value == "1"
    assert to_body(given)["value"] is True


def test_a_change_said_in_time_counts_though_it_is_entered_late() -> None:
    room = playing()
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.wait(53)
    room.ask(c.GiveAnswer("first", "head", ("look",), said_ms=69_000))
    assert room.state.ask("first").answers["head"].at_ms == 69_000
    assert code(room, c.GiveAnswer("first", "head", ("both",))) == "refused.answer-fixed"


def test_a_change_is_never_earlier_than_what_it_changes() -> None:
    room = playing()
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.wait(5)
    room.ask(c.GiveAnswer("first", "head", ("look",), said_ms=12_000))
    answer = room.state.ask("first").answers["head"]
    assert (answer.at_ms, answer.first_ms) == (20_000, 20_000)


def test_one_more_minute_after_the_deadline_is_a_minute_from_now() -> None:
    room = playing()
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.wait(300)
    (entry,) = room.ask(c.ExtendAsks())
    assert ask_deadline(room.conductor.plan, room.state, "first") == 380_000
    room.ask(c.GiveAnswer("first", "head", ("look",)))
    room.ask(c.ExtendAsks())
    assert ask_deadline(room.conductor.plan, room.state, "first") == 440_000
    assert isinstance(entry.event, AskExtended)
    assert (entry.event.by_ms, entry.event.each_ms) == (60_000, (310_000,))


def test_one_more_minute_after_the_deadline_and_a_jump_is_a_minute_from_now() -> None:
    room = playing()
    room.wait(100)
    room.ask(c.Jump(500_000))
    room.wait(10)
    room.ask(c.ExtendAsks())
    assert ask_deadline(room.conductor.plan, room.state, "first") == 670_000


def test_a_deadline_is_moved_by_its_jump_and_its_extension() -> None:
    room = playing()
    room.wait(30)
    room.ask(c.Jump(100_000))
    room.ask(c.ExtendAsks())
    room.wait(20)
    room.ask(c.Jump(200_000))
    assert ask_deadline(room.conductor.plan, room.state, "first") == after_played(room.state.jumps, 10_000, 120_000) == 430_000


@pytest.mark.parametrize("by_ms", [0, -60_000])
def test_a_span_of_nothing_is_refused(by_ms: int) -> None:
    room = playing()
    for command in (c.ExtendAsks((), by_ms), c.SlideInjects(by_ms), c.DelayInject("order", by_ms)):
        assert code(room, command) == "refused.no-span"


def test_revealed_answers_may_be_hidden_again_by_taking_the_reveal_back() -> None:
    room = playing()
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    (reveal,) = room.ask(c.RevealAnswers("first"))
    assert code(room, c.ReopenAsk("first")) == "refused.revealed"
    room.ask(c.Retract(reveal, "too early"))
    record = room.state.ask("first")
    assert (record.closed, record.revealed) == (False, "")
    room.ask(c.GiveAnswer("first", "clerk", ("alarm",)))


def test_the_solution_of_an_order_is_never_what_is_shown() -> None:
    options = [{"id": name, "text": name} for name in "abc"]
    ask = Ask.model_validate({"id": "q", "question": "?", "answer": "order", "options": options})
    shown = {tuple(option.id for option in shuffled(ask, seed)) for seed in range(200)}
    assert ("a", "b", "c") not in shown
    assert len(shown) == 5
    assert {tuple(sorted(order)) for order in shown} == {("a", "b", "c")}


def test_a_role_was_last_heard_when_it_last_spoke_not_when_it_was_last_written_down() -> None:
    room = playing()
    room.wait(60)
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.ask(c.RecordDecision("head", "Leave", said_ms=30_000))
    assert room.state.heard["head"] == 60_000


# Staffing.


def test_a_role_that_somebody_takes_up_after_the_deadline_never_owed_it() -> None:
    room = Room(start=False)
    room.ask(c.StaffRole("clerk", "nobody"))
    room.ask(c.Start())
    room.ask(c.ReleaseInject("smoke"))
    room.wait(300)
    room.ask(c.StaffRole("clerk", "people"))
    assert known(room, "raise-alarm").state == "not_applicable"
    room.ask(c.End())
    assert known(room, "raise-alarm").state == "not_applicable"


def test_a_role_given_up_and_taken_up_again_in_time_owes() -> None:
    room = playing()
    room.wait(20)
    room.ask(c.StaffRole("clerk", "control"))
    room.wait(20)
    room.ask(c.StaffRole("clerk", "people"))
    room.wait(60)
    assert known(room, "raise-alarm").state == "no_record"
    room.ask(c.StaffRole("clerk", "nobody"))
    assert known(room, "raise-alarm").state == "no_record"


# Injects.


def test_an_inject_put_off_late_falls_due_that_long_after_now() -> None:
    room = Room()
    room.wait(600)
    assert "order" in due(room)
    room.ask(c.DelayInject("order"))
    assert "order" not in due(room)
    assert due_ms(room, "order") == 720_000
    room.undo()
    assert due_ms(room, "order") == 180_000


def test_delays_and_slides_add_up_and_what_follows_follows() -> None:
    room = Room()
    room.ask(c.DelayInject("order"))
    room.ask(c.SlideInjects(60_000))
    room.ask(c.DelayInject("order", 30_000))
    room.ask(c.DelayInject("late", 10_000))
    assert (due_ms(room, "order"), due_ms(room, "late"), due_ms(room, "push")) == (390_000, None, None)
    room.wait(400)
    room.ask(c.ReleaseInject("order"))
    room.ask(c.SlideInjects(60_000))
    assert due_ms(room, "late") == 530_000
    assert due_ms(room, "end") == 1_320_000


def test_a_skipped_inject_can_be_released_by_hand_and_is_skipped_again_when_that_is_taken_back() -> None:
    room = Room()
    room.ask(c.SkipInject("smoke", "no time"))
    room.ask(c.ReleaseInject("smoke", "time after all"))
    assert status(room, "smoke") == "released"
    room.undo()
    assert (status(room, "smoke"), room.state.inject("smoke").reason) == ("skipped", "no time")


def test_what_waits_for_a_skipped_or_taken_back_inject_waits_and_is_not_lost() -> None:
    room = Room()
    room.ask(c.ReleaseInject("order"))
    assert due_ms(room, "late") == 120_000
    room.undo()
    assert due_ms(room, "late") is None
    room.ask(c.SkipInject("order"))
    room.wait(5000)
    assert status(room, "late") == "waiting"
    coming = [line.inject.id for line in schedule.upcoming(room.conductor.plan, room.state, room.now_ms)]
    assert "late" in coming
    room.ask(c.ReleaseInject("late"))


def test_of_two_due_injects_the_first_may_close_the_path_of_the_second() -> None:
    one = inject("one", at="10s")
    other = inject("other", at="10s", when={"not": {"released": "one"}})
    later = inject("opened", at="10s", when={"released": "one"})
    room = Room({**DATA, "injects": [one, other, later]}, auto=True)
    room.wait(11)
    (entry,) = [entry for entry in room.conductor.tick() if isinstance(entry.event, InjectReleased)][:1]
    assert isinstance(entry.event, InjectReleased)
    assert entry.event.inject == "one"
    room.conductor.tick()
    assert room.state.released == ("one", "opened")


def test_auto_goes_on_through_pauses_and_speeds_and_releases_everything_once() -> None:
    room = Room(auto=True)
    for step in range(240):
        room.wait(5)
        if step % 20 == 3:
            room.ask(c.Pause("break"))
            room.wait(300)
            room.conductor.tick()
            room.ask(c.Resume())
        if step % 20 == 9:
            room.ask(c.SetSpeed([0.25, 4, 1][step // 20 % 3]))
        room.conductor.tick()
    assert room.state.released == ("smoke", "order", "quiet", "late", "soon", "end")
    for entry in room.conductor.entries:
        if isinstance(entry.event, InjectReleased):
            assert entry.event.due_ms is not None
            assert 0 <= entry.exercise_ms - entry.event.due_ms < 20_000, "late by one look at the clock at most"


def test_the_discussion_pace_leaves_out_what_follows_a_hold_that_was_never_released() -> None:
    reply = inject("reply", after={"inject": "push", "delay": "1m"}, core=True)
    room = Room(with_injects(reply), pace="discussion")
    for name in ("smoke", "order", "late", "end"):
        assert due(room) == [name]
        room.ask(c.ReleaseInject(name))
        room.wait(60)
    assert due(room) == []
    assert status(room, "reply") == "waiting"
    room.ask(c.ReleaseInject("push"))
    room.wait(60)
    assert due(room) == ["reply"]


def test_the_discussion_pace_waits_for_the_reading_of_whatever_was_released_last() -> None:
    room = Room(with_injects(inject("aside", at="hold", read="30s")), pace="discussion")
    room.ask(c.ReleaseInject("smoke"))
    room.wait(10)
    assert due(room) == ["order"]
    room.ask(c.ReleaseInject("aside"))
    assert due(room) == []
    room.wait(30)
    assert due(room) == ["order"]
    room.undo()
    assert due(room) == ["order"]


def test_in_the_discussion_pace_time_alone_does_nothing() -> None:
    timed = inject("timed", at="hold", cue={"any": [{"action": "raise-alarm", "not_done_within": "1m"}, {"breach": "run-in"}]})
    room = Room(with_injects(timed), pace="discussion")
    room.ask(c.ReleaseInject("smoke"))
    room.wait(5000)
    assert (status(room, "timed"), status(room, "push"), known(room, "raise-alarm").state) == ("held", "held", "open")
    room.ask(c.RecordBreach("run-in"))
    assert status(room, "timed") == "wanted"
    room.ask(c.End())
    assert known(room, "raise-alarm").state == "no_record"
    assert known(room, "listen").state == "not_applicable", "set aside and never released"


def test_a_parameter_without_a_value_of_its_own_is_judged_by_its_default() -> None:
    parameters = {
        "none": {"kind": "number", "default": 0},
        "half": {"kind": "number", "default": 2.5},
        "town": {"default": {"en": "Harbour", "zh-Hans": "港口"}},
    }
    room = Room({**DATA, "parameters": parameters})
    for name, value in (("none", "0"), ("half", "2.5"), ("town", "Harbour"), ("town", "港口")):
        condition = ParameterIs.model_validate({"parameter": name, "is": [value]})
        assert holds(condition, room.conductor.plan, room.state, 0), (name, value)
        other = ParameterIs.model_validate({"parameter": name, "is": ["other"]})
        assert not holds(other, room.conductor.plan, room.state, 0)


@pytest.mark.parametrize(
    ("kind", "good", "bad"), [("number", "12", "a dozen"), ("duration", "3m", "1:30"), ("choice", "red", "blue"), ("text", "anything", "")]
)
def test_a_parameter_takes_what_its_kind_takes(kind: str, good: str, bad: str) -> None:
    default = {"number": 1, "duration": "2m", "choice": "green", "text": "x"}[kind]
    options = {"options": ["red", "green"]} if kind == "choice" else {}
    room = Room({**DATA, "parameters": {"open": {"kind": kind, "default": default, **options}}}, start=False)
    assert room.ask(c.SetParameter("open", good))
    if bad:
        assert code(room, c.SetParameter("open", bad)) == "refused.bad-parameter"


ADDED = {"id": "extra", "kind": "call", "title": "Extra", "text": "Hello.", "at": "hold"}
ACTION = {"id": "z", "title": "Z", "by": "head", "criticality": "major", "category": "notify", "objective": "act"}
CHOICE = {"id": "q", "question": "?", "answer": "choice"}


@pytest.mark.parametrize(
    "more",
    [
        {"cue": {"action": "nothing", "not_done_within": "2m"}},
        {"when": {"answer": "nothing", "is": ["x"]}},
        {"after": {"inject": "smoke"}},
        {"expects": [{**ACTION, "objective": "nothing"}]},
        {"expects": [{**ACTION, "done_by": {"released": "nothing"}}]},
        {"expects": [ACTION, ACTION]},
        {"asks": [CHOICE]},
        {"asks": [{**CHOICE, "options": [{"id": "a", "text": "A", "does": ["nothing"]}]}]},
        {"asks": [{**CHOICE, "options": [{"id": "a", "text": "A", "breaks": ["nothing"]}]}]},
        {"asks": [{**CHOICE, "options": [{"id": "a", "text": "A", "for": "nobody"}]}]},
        {"title": ""},
    ],
)
def test_an_added_inject_that_could_not_be_played_is_refused(more: dict[str, Any]) -> None:
    room = playing()
    assert code(room, c.AddInject({**ADDED, **more})) in ("refused.bad-inject", "refused.no-role", "refused.id-taken")
    assert room.state.added == ()


def test_an_added_inject_may_speak_of_itself_and_of_those_added_before() -> None:
    room = playing()
    own = {**CHOICE, "options": [{"id": "a", "text": "A", "does": ["z", "raise-alarm"], "breaks": ["run-in"], "for": "guard"}]}
    room.ask(c.AddInject({**ADDED, "expects": [ACTION], "asks": [own]}))
    path = {"all": [{"released": "extra"}, {"answer": "q", "is": ["a"]}, {"action": "z", "state": "done"}]}
    second = {**ADDED, "id": "extra-2", "when": path}
    room.ask(c.AddInject(second))
    room.ask(c.ReleaseInject("extra"))
    room.ask(c.GiveAnswer("q", "head", ("a",)))
    room.ask(c.ReleaseInject("extra-2"))
    assert known(room, "z").other_role == "guard"
    assert code(room, c.AddInject({**ADDED, "id": "extra-2"})) == "refused.id-taken"


def test_taking_back_an_added_inject_leaves_those_playable_that_speak_of_it() -> None:
    room = playing()
    (first,) = room.ask(c.AddInject({**ADDED, "expects": [ACTION]}))
    speaks = {**CHOICE, "options": [{"id": "a", "text": "A", "does": ["z", "raise-alarm"], "misses": ["z"]}]}
    cue = {"any": [{"action": "z", "not_done_within": "1m"}, {"action": "z", "state": "missed"}, {"released": "extra"}]}
    room.ask(c.AddInject({**ADDED, "id": "extra-2", "asks": [speaks], "cue": cue, "when": {"not": {"action": "z", "state": "done"}}}))
    room.ask(c.Retract(first))
    assert status(room, "extra-2") == "held"
    room.ask(c.ReleaseInject("extra-2"))
    room.ask(c.GiveAnswer("q", "head", ("a",)))
    assert known(room, "raise-alarm").state == "done"
    assert [effect.target for effect in room.conductor.entries[-1].event.effects] == ["raise-alarm"]  # type: ignore[union-attr]


def test_a_probe_or_hint_belongs_to_what_the_room_was_told() -> None:
    room = Room()
    for command in (c.ShowProbe("smoke"), c.ShowHint("smoke")):
        assert code(room, command) == "refused.not-released"


def test_what_somebody_types_into_an_added_inject_is_cleaned_and_has_no_placeholders() -> None:
    room = playing()
    (entry,) = room.ask(c.AddInject({**ADDED, "title": "Red\x1b[31m", "text": {"en": "{place} \u202eback"}}))
    assert isinstance(entry.event, e.InjectAdded)
    assert entry.event.inject["title"] == "Red\ufffd[31m"
    assert room.state.added[0].text == {"en": "{place} \ufffdback"}


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
    assert [emergency.seat for emergency in room.state.emergencies] == ["console", "wall"]


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


# Speed and size.


def test_an_entry_that_moves_no_inject_leaves_the_timetable_alone() -> None:
    room = playing()
    room.ask(c.ReleaseInject("order"))
    table = schedule.timetable(room.conductor.plan, room.state)
    for command in (
        c.AddNote("note", "x"),
        c.MarkAction("go", "done"),
        c.GiveAnswer("first", "head", ("alarm",)),
        c.ShowProbe("smoke"),
        c.ShowHint("smoke"),
        c.AcknowledgeInject("order", "head"),
    ):
        room.ask(command)
        assert schedule.timetable(room.conductor.plan, room.state) is table, command


def fresh_table(plan: Plan, room: Room) -> schedule.Timetable:
    return schedule.Timetable.of(plan, room.state)


@pytest.mark.parametrize("seed", range(30))
def test_a_timetable_that_was_changed_is_the_one_that_is_made_anew(seed: int) -> None:
    import random

    from tests.engine.test_properties import play

    chance = random.Random(3000 + seed)
    room = Room(auto=chance.random() < 0.5, pace=chance.choice(["timed", "discussion"]))
    for _ in play(room, chance, 60):
        plan = room.conductor.plan
        kept, made = schedule.timetable(plan, room.state), fresh_table(plan, room)
        assert [inject.id for inject in kept.pending] == [inject.id for inject in made.pending]
        assert kept.due_of == made.due_of
        assert kept.due_times == made.due_times
        assert [inject.id for inject in kept.due_injects] == [inject.id for inject in made.due_injects]
        assert [inject.id for inject in kept.turns] == [inject.id for inject in made.turns]


@pytest.mark.parametrize("seed", range(30))
def test_what_is_remembered_of_a_path_is_what_holds(seed: int) -> None:
    import random

    from tabletop.engine.paths import on_path
    from tests.engine.test_properties import play

    conditions: list[dict[str, Any]] = [
        {"released": "order"},
        {"answer": "first", "is": ["look"]},
        {"action": "raise-alarm", "state": "done"},
        {"action": "call-out", "state": "not_applicable"},
        {"action": "go", "state": "missed"},
        {"action": "raise-alarm", "not_done_within": "90s"},
        {"breach": "run-in"},
        {"elapsed": "4m"},
        {"parameter": "place", "is": ["here"]},
        {"all": [{"not": {"breach": "run-in"}}, {"any": [{"released": "soon"}, {"elapsed": "2m"}]}]},
    ]
    extra = [inject(f"if-{number}", at="1m", when=condition) for number, condition in enumerate(conditions)]
    chance = random.Random(4000 + seed)
    room = Room(with_injects(*extra), auto=chance.random() < 0.5)
    for _ in play(room, chance, 60):
        for made in room.conductor.plan.injects:
            if made.when is not None:
                plan, state, now = room.conductor.plan, room.state, room.now_ms
                assert on_path(plan, state, made.id, now) == holds(made.when, plan, state, now), made.id
