"""Who plays a role, and what that means for what is owed (semantics: *Staffing*; scoring: *An unstaffed role owes nothing*)."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.paths import on_path
from tabletop.engine.standing import standing
from tabletop.errors import Refused
from tabletop.scoring.people import stints
from tabletop.scoring.scorecard import cases_of, score
from tests.builders import ExerciseDraft, Play, evaluator


def bank() -> Play:
    draft = ExerciseDraft()
    for role in ("manager", "teller", "guard"):
        draft.role(role)
    draft.role("police", simulated=True).objective("alarm", core=True)
    draft.inject("knife")
    draft.asks("first", to=["teller"], options=[{"id": "press", "text": "Press", "does": ["press"]}, {"id": "wait", "text": "Wait"}])
    for action, by in (("press", "teller"), ("look", "guard"), ("stay", "manager"), ("come", "police")):
        draft.expects(action, by=by, objective="alarm", within="2m")
    return Play(draft.build())


def state_of(play: Play, action: str) -> str:
    return standing(play.plan, play.state, action, play.now_ms).state


def test_one_command_says_who_is_here_and_control_plays_the_rest() -> None:
    play = bank().do(c.CallRoll(("manager", "teller")))
    assert play.last.event == e.RolesStaffed(people=("manager", "teller"), control=("guard", "police"))
    play.do(c.CallRoll(("guard", "police")))
    assert play.last.event == e.RolesStaffed(people=("guard", "police"), control=("manager", "teller"))
    play.take_back()
    assert [play.plan.staffed_by(play.state, role) for role in ("manager", "guard", "police")] == ["people", "control", "control"]
    assert play.do(c.CallRoll(("manager", "teller"))).last.event.kind == "retracted", "nothing new"


def test_who_plays_together_with_somebody_here_goes_on_doing_so() -> None:
    play = bank().do(c.StaffRole("guard", "with", "manager")).do(c.CallRoll(("manager",)))
    assert play.plan.staffed_by(play.state, "guard") == "with"
    play.do(c.CallRoll(("teller",)))
    assert play.plan.staffed_by(play.state, "guard") == "control"


def test_somebody_must_be_here_and_known() -> None:
    for here, code in (((), "nobody-here"), (("nobody",), "no-role")):
        with pytest.raises(Refused, match=code):
            bank().do(c.CallRoll(here))


def test_roles_are_not_played_with_each_other_in_a_circle() -> None:
    play = bank().do(c.StaffRole("guard", "with", "manager")).do(c.StaffRole("teller", "with", "guard"))
    with pytest.raises(Refused, match="with-circle"):
        play.do(c.StaffRole("manager", "with", "teller"))
    assert play.plan.staffed(play.state, "teller")


def test_what_is_played_with_a_role_that_is_given_up_is_given_up_too() -> None:
    play = bank().do(c.StaffRole("guard", "with", "manager")).start().release("knife").at("1m").do(c.StaffRole("manager", "nobody"))
    assert [state_of(play, action) for action in ("look", "stay", "press")] == ["not_applicable", "not_applicable", "open"]
    play.do(c.StaffRole("manager", "people"))
    assert [state_of(play, action) for action in ("look", "stay")] == ["open", "open"]


@pytest.mark.parametrize("by", ["nobody", "control"])
@pytest.mark.parametrize("said", ["done", "partial", "missed"])
def test_a_mark_on_an_action_of_an_unstaffed_role_counts_nothing(by: str, said: str) -> None:
    play = bank().do(c.StaffRole("guard", by)).start().release("knife").mark("look", said)  # type: ignore[arg-type]
    assert state_of(play, "look") == "not_applicable"
    play.end("5m")
    assert state_of(play, "look") == "not_applicable"
    assert [case.not_played for case in cases_of(play.plan, play.state) if case.standing.action.id == "look"] == ["unstaffed"]
    assert score(play.plan, play.state).recorded == 0


def test_what_a_simulated_role_does_is_no_merit_of_the_room() -> None:
    play = bank().start().release("knife").mark("come")
    assert state_of(play, "come") == "not_applicable"


def test_somebody_else_who_does_it_does_count() -> None:
    play = bank().do(c.StaffRole("guard", "nobody")).start().release("knife").mark("look", other_role="teller")
    assert state_of(play, "look") == "done"


@pytest.mark.parametrize("after_endex", [False, True])
def test_a_mark_of_what_nobody_played_the_owner_for_is_of_the_one_who_did_it(after_endex: bool) -> None:
    play = bank().do(c.StaffRole("guard", "nobody")).start().release("knife").at("1m").mark("look", other_role="teller")
    play = play.end("5m") if after_endex else play
    play.mark("look", actor=evaluator("E1"))
    assert isinstance(play.last.event, e.ActionMarked)
    assert play.last.event.other_role == "teller"
    known = standing(play.plan, play.state, "look", play.now_ms)
    assert (known.state, known.source) == ("done", "evaluator"), "the evaluator's word stands, and counts"


def test_a_mark_of_an_owner_who_was_there_stays_that_owners() -> None:
    play = bank().start().release("knife").at("1m").mark("look", other_role="teller").at("2m").do(c.StaffRole("guard", "nobody"))
    play.end("5m").mark("look", said="1m", actor=evaluator("E1"))
    assert isinstance(play.last.event, e.ActionMarked)
    assert play.last.event.other_role == ""


def test_a_path_that_hangs_on_a_miss_is_left_when_nobody_plays_the_role_any_more() -> None:
    draft = ExerciseDraft()
    draft.role("guard").objective("alarm").inject("knife").expects("look", by="guard", objective="alarm", within="2m")
    draft.inject("blind", "5m", when={"action": "look", "state": "missed"})
    play = Play(draft.build()).start().release("knife").mark("look", "missed")
    assert on_path(play.plan, play.state, "blind", play.now_ms)
    play.at("1m").do(c.StaffRole("guard", "nobody"))
    assert not on_path(play.plan, play.state, "blind", play.now_ms)


def test_who_had_left_by_then_did_not_stand_in() -> None:
    play = bank().do(c.StaffRole("guard", "nobody")).start().release("knife").at("1m").mark("look", other_role="teller")
    play.at("2m").do(c.StaffRole("teller", "nobody")).mark("look", actor=evaluator("E1"))
    assert state_of(play, "look") == "not_applicable", "nobody of the room was there to do it at two minutes"


def test_what_was_done_before_a_role_was_given_up_stays_done_and_what_was_left_undone_is_not_owed() -> None:
    play = bank().start().release("knife").at("30s").answer("first", "teller", "press").mark("look")
    play.at("1m").do(c.StaffRole("teller", "nobody")).do(c.StaffRole("guard", "nobody")).do(c.StaffRole("manager", "control")).end("10m")
    assert [state_of(play, action) for action in ("press", "look", "stay")] == ["done", "done", "not_applicable"]


def test_a_miss_that_was_due_while_somebody_played_the_role_stays_a_miss() -> None:
    play = bank().start().release("knife").at("3m").mark("look", "missed").at("4m").do(c.StaffRole("guard", "nobody")).end("10m")
    assert state_of(play, "look") == "missed"


def test_a_late_joiner_owes_what_is_due_from_then_on() -> None:
    play = bank().do(c.StaffRole("guard", "nobody")).start().release("knife").at("1m").do(c.StaffRole("guard", "people"))
    assert state_of(play, "look") == "open"
    late = bank().do(c.StaffRole("guard", "nobody")).start().release("knife").at("3m").do(c.StaffRole("guard", "people")).end("4m")
    assert state_of(late, "look") == "not_applicable", "its time was over before anybody came"


def other_role(play: Play, action: str) -> str:
    return standing(play.plan, play.state, action, play.now_ms).other_role


def test_another_role_is_said_only_where_the_owner_was_there_to_do_it() -> None:
    there = bank().start().release("knife").mark("look", other_role="teller")
    assert other_role(there, "look") == "teller"
    for by in ("nobody", "control"):
        away = bank().do(c.StaffRole("guard", by)).start().release("knife").mark("look", other_role="teller")
        assert other_role(away, "look") == ""
    both = bank().do(c.StaffRole("guard", "with", "teller")).start().release("knife").mark("look", other_role="teller")
    assert other_role(both, "look") == ""
    third = bank().do(c.StaffRole("guard", "with", "teller")).start().release("knife").mark("look", other_role="manager")
    assert other_role(third, "look") == "manager"
    left = bank().start().release("knife").mark("look", other_role="teller").at("1m").do(c.StaffRole("guard", "nobody"))
    assert other_role(left, "look") == "teller", "somebody was there when it was done"


def test_who_joins_later_does_not_owe_what_was_on_the_table_before() -> None:
    draft = ExerciseDraft().role("manager").role("teller").objective("alarm", core=True)
    draft.inject("knife").expects("look", by="teller", objective="alarm")
    draft.inject("demand", at="5m").expects("write", by="teller", objective="alarm")
    play = Play(draft.build()).do(c.StaffRole("teller", "control")).start().release("knife").at("5m").release("demand")
    assert (state_of(play, "look"), state_of(play, "write")) == ("not_applicable", "not_applicable")
    play.at("6m").do(c.StaffRole("teller", "people"))
    assert (state_of(play, "look"), state_of(play, "write")) == ("not_applicable", "open")
    play.at("7m").do(c.StaffRole("teller", "nobody"))
    assert (state_of(play, "look"), state_of(play, "write")) == ("not_applicable", "not_applicable")


def test_who_leaves_later_still_owed_what_was_on_the_table_before() -> None:
    draft = ExerciseDraft().role("manager").role("teller").objective("alarm", core=True)
    draft.inject("knife").expects("look", by="teller", objective="alarm")
    draft.inject("demand", at="5m").expects("write", by="teller", objective="alarm")
    play = Play(draft.build()).start().release("knife").at("5m").release("demand").at("6m").do(c.StaffRole("teller", "nobody"))
    assert (state_of(play, "look"), state_of(play, "write")) == ("open", "not_applicable")


def test_what_a_key_turned_through_is_not_said_to_have_been_played() -> None:
    play = bank().do(c.StaffRole("guard", "control")).start().at("5m")
    for by, with_role in (("nobody", ""), ("with", "manager"), ("people", "")):
        play.do(c.StaffRole("guard", by, with_role))  # type: ignore[arg-type]
    play.at("9m")
    told = [(stint.by, stint.stay.begin_ms) for stint in stints(play.plan, play.state, "guard")]
    assert told == [("control", 0), ("people", 300_000)]
    play.do(c.StaffRole("guard", "control"))
    assert [stint.by for stint in stints(play.plan, play.state, "guard")] == ["control", "people", "control"]
