"""Fine points of semantics.md that are easily lost: what later entries rest on, answers, staffing."""

from __future__ import annotations

from typing import Any

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.clock import after_played
from tabletop.engine.events import AskExtended, from_body, to_body
from tabletop.engine.shuffle import shuffled
from tabletop.engine.standing import ask_deadline, standing
from tabletop.exercise.asks import Ask
from tests.engine.looks import E1, code, due, due_ms, entry_of, inject, known, playing, with_injects
from tests.engine.rooms import Room

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


def test_a_mark_during_the_reading_moves_no_window_and_nor_does_what_replaces_it() -> None:
    room = playing()
    room.wait(4)
    for state in ("done", "no_record"):
        room.ask(c.MarkAction("call-out", state))
        assert standing(room.conductor.plan, room.state, "raise-alarm", room.now_ms).deadline_ms == 70_000
        room.wait(30)


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


def test_a_release_that_was_taken_back_opens_its_questions_anew_when_it_comes_again() -> None:
    room = Room()
    (release,) = room.ask(c.ReleaseInject("smoke"))
    room.ask(c.ExtendAsks())
    room.ask(c.RevealAnswers("first"))
    room.ask(c.Retract(release, "too early"))
    room.wait(60)
    room.ask(c.ReleaseInject("smoke"))
    record = room.state.ask("first")
    assert (record.closed, record.revealed, record.extended_ms) == (False, "", 0)
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))


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
