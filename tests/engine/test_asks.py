from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine.events import AnswerGiven, AnswerValue, AskExtended
from tabletop.engine.standing import ask_deadline, open_asks, standing, unanswered
from tabletop.errors import Refused
from tests.engine.rooms import Room


def released(inject: str = "smoke", after: float = 0) -> Room:
    room = Room()
    room.wait(after)
    room.ask(c.ReleaseInject(inject))
    return room


def code(room: Room, command: c.Command) -> str:
    with pytest.raises(Refused) as refused:
        room.ask(command)
    return refused.value.code


def state_of(room: Room, action: str) -> tuple[str, int | None, bool, str, str]:
    known = standing(room.conductor.plan, room.state, action, room.now_ms)
    return known.state, known.latency_ms, known.prompted, known.other_role, known.source


def test_an_answer_marks_its_actions_with_the_time_of_the_answer() -> None:
    room = released()
    room.wait(30)
    room.ask(c.GiveAnswer("first", "clerk", ("alarm",), rationale="smoke"))
    assert state_of(room, "raise-alarm") == ("done", 20_000, False, "", "option")


def test_an_answer_by_another_role_than_the_owner_says_so() -> None:
    room = released()
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    assert state_of(room, "raise-alarm")[3] == "head"


def test_an_option_may_say_who_acts() -> None:
    room = released()
    room.ask(c.GiveAnswer("first", "head", ("both",)))
    assert state_of(room, "call-out")[3] == ""
    assert state_of(room, "raise-alarm")[3] == "guard"


def test_changing_an_answer_withdraws_what_only_the_old_one_brought_about() -> None:
    room = released()
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("both",)))
    assert state_of(room, "raise-alarm")[1] == 10_000, "an effect both have keeps its first time"
    assert state_of(room, "call-out")[1] == 30_000
    room.ask(c.GiveAnswer("first", "head", ("look",)))
    assert state_of(room, "raise-alarm")[0] == "missed"
    assert state_of(room, "call-out")[0] == "open"
    answer = room.state.ask("first").answers["head"]
    assert (answer.first_ms, answer.at_ms, answer.amends) == (20_000, 40_000, room.conductor.entries[-2].seq)


def test_a_first_answer_is_taken_late_but_a_given_one_is_fixed_after_the_deadline() -> None:
    room = released()
    room.wait(60)
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.wait(600)
    assert code(room, c.GiveAnswer("first", "head", ("look",))) == "refused.answer-fixed"
    room.ask(c.GiveAnswer("first", "clerk", ("look",)))
    assert unanswered(room.conductor.plan, room.state, "first") == ()
    assert open_asks(room.conductor.plan, room.state) == ("first",)


def test_one_more_minute_goes_to_the_selected_ask_or_to_all_open_ones() -> None:
    room = released()
    plan = room.conductor.plan
    assert ask_deadline(plan, room.state, "first") == 70_000
    room.ask(c.ExtendAsks())
    assert ask_deadline(plan, room.state, "first") == 130_000
    room.ask(c.CloseAsk("first"))
    assert code(room, c.ExtendAsks()) == "refused.nothing-open"
    assert code(room, c.GiveAnswer("first", "head", ("alarm",))) == "refused.ask-closed"
    room.ask(c.ReopenAsk("first"))
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))


def test_an_early_answer_is_never_late_and_tells_nobody_else_that_it_was_given() -> None:
    room = released()
    room.wait(4)
    room.ask(c.GiveAnswer("first", "clerk", ("alarm",)))
    assert state_of(room, "raise-alarm")[1] == 0
    # A countdown that jumped on another seat would tell of it, and cost time.
    assert ask_deadline(room.conductor.plan, room.state, "first") == 70_000


def test_jumped_time_is_in_no_window_and_no_latency() -> None:
    room = released()
    room.wait(20)
    room.ask(c.Jump(300_000))
    room.wait(20)
    room.ask(c.GiveAnswer("first", "clerk", ("alarm",)))
    assert state_of(room, "raise-alarm")[1] == 30_000
    assert ask_deadline(room.conductor.plan, room.state, "first") == 370_000


def test_revealing_closes_and_keeps_closed() -> None:
    room = released()
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.ask(c.RevealAnswers("first"))
    room.ask(c.RevealAnswers("first", names=True))
    assert (room.state.ask("first").revealed, room.state.ask("first").closed) == ("names", True)
    assert code(room, c.ReopenAsk("first")) == "refused.revealed"


@pytest.mark.parametrize(
    ("inject", "ask", "role", "good", "bad"),
    [
        ("smoke", "first", "head", ("look",), [(), ("alarm", "look"), ("nothing",), "alarm", True, 3.0, {"a": "b"}]),
        ("order", "in-order", "guard", ("b", "a"), [("a",), ("a", "a"), ("a", "b", "c"), "a"]),
        ("order", "why", "guard", "because", ["", "   ", ("a",), True]),
        ("soon", "sum", "head", 12.5, [True, "12", 1e300, float("nan"), float("inf")]),
        ("soon", "state", "clerk", {"what": "fire"}, [{}, {"what": "  "}, {"who": "x"}, "fire"]),
        ("end", "ready", "head", True, [False, "yes", 1.0]),
        ("end", "some", "head", ("y", "x"), [(), ("x", "x"), ("z",)]),
    ],
)
def test_each_answer_type_takes_its_form_and_nothing_else(
    inject: str, ask: str, role: str, good: AnswerValue, bad: list[AnswerValue]
) -> None:
    room = released(inject, 1300)
    for value in bad:
        assert code(room, c.GiveAnswer(ask, role, value, rationale="so")) == "refused.bad-answer", value
    (entry,) = room.ask(c.GiveAnswer(ask, role, good, rationale="so"))
    assert isinstance(entry.event, AnswerGiven)
    assert entry.event.value == good


def test_a_required_reason_is_required_and_strangers_are_not_asked() -> None:
    room = released("order")
    assert code(room, c.GiveAnswer("why", "guard", "so")) == "refused.rationale-needed"
    assert code(room, c.GiveAnswer("why", "head", "so", rationale="x")) == "refused.not-addressed"
    assert code(room, c.GiveAnswer("why", "nobody", "so", rationale="x")) == "refused.no-role"
    assert code(room, c.GiveAnswer("first", "head", ("alarm",))) == "refused.not-released"


def test_a_report_may_say_when_the_next_one_comes() -> None:
    room = released("soon", 500)
    room.ask(c.GiveAnswer("state", "clerk", {"what": "fire", "where": "hall"}, next_report_ms=1_800_000))
    assert room.state.ask("state").answers["clerk"].next_report_ms == 2_300_000


def test_an_answer_after_a_hint_or_a_contingency_inject_is_prompted() -> None:
    room = released()
    room.ask(c.ShowProbe("smoke"))
    room.wait(5)
    room.ask(c.GiveAnswer("first", "head", ("look",)))
    room.ask(c.ShowHint("smoke"))
    room.wait(5)
    room.ask(c.GiveAnswer("first", "clerk", ("alarm",)))
    assert state_of(room, "raise-alarm") == ("done", 0, True, "", "option")
    other = released()
    other.wait(130)
    other.ask(c.ReleaseInject("push"))
    other.ask(c.MarkAction("raise-alarm", "done"))
    assert state_of(other, "raise-alarm")[2]


def test_a_minute_is_given_where_somebody_still_waits_to_answer() -> None:
    room = released()
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    assert [entry.event.asks for entry in room.ask(c.ExtendAsks()) if isinstance(entry.event, AskExtended)] == [("first",)]
    room.ask(c.GiveAnswer("first", "clerk", ("look",)))
    room.ask(c.ReleaseInject("order"))
    waiting = tuple(ask for ask in open_asks(room.conductor.plan, room.state) if unanswered(room.conductor.plan, room.state, ask))
    assert waiting
    assert "first" not in waiting
    assert [entry.event.asks for entry in room.ask(c.ExtendAsks()) if isinstance(entry.event, AskExtended)] == [waiting]
