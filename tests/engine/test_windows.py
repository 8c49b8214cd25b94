"""From when windows run: from when the inject has been read, whatever anybody says, answers or marks meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabletop.engine import commands as c
from tabletop.engine.events import ActionMarked, AnswerGiven
from tabletop.engine.paths import wanted
from tabletop.engine.rights import DRIVER, Actor
from tabletop.engine.standing import Standing, ask_deadline, standing
from tabletop.errors import Refused
from tabletop.scoring.projection import all_rows
from tests.builders import ExerciseDraft, Play, evaluator

ROLES = ("head", "guard", "clerk")
READ_MS, WITHIN_MS = 60_000, 120_000


def small() -> Any:
    """One inject that takes a minute to read; a question and an action for each role, two minutes each; a hold for who does nothing."""
    draft = ExerciseDraft()
    for role in ROLES:
        draft.role(role)
    draft.objective("act").inject("smoke", read="60s", core=True, hints=["Look up."])
    for role in ROLES:
        draft.expects(f"{role}-acts", by=role, objective="act", within="2m")
        options = [
            {"id": "acts", "text": "Acts", "does": [f"{role}-acts"]},
            {"id": "all", "text": "All", "does": [f"{one}-acts" for one in ROLES]},
        ]
        draft.asks(f"ask-{role}", to=[role], question="What now?", within="2m", options=options)
    for role in ROLES:
        draft.inject(f"{role}-push", "hold", cue={"action": f"{role}-acts", "not_done_within": "2m"})
    return draft.build()


EXERCISE = small()

Step = tuple[int, c.Command | str, Actor]
"""After so many seconds of real time: a command, or `back` for the answer or mark before it, and who asks."""

CLOCK = (c.Jump, c.Pause, c.Resume)

ANSWERS = st.builds(
    lambda role, option: (c.GiveAnswer(f"ask-{role}", role, (option,)), Actor("seat", roles=(role,))),
    st.sampled_from(ROLES),
    st.sampled_from(["acts", "all"]),
)
MARKS = st.builds(
    lambda role, state, said_ms, actor: (c.MarkAction(f"{role}-acts", state, said_ms=said_ms), actor),
    st.sampled_from(ROLES),
    st.sampled_from(["done", "partial", "missed", "no_record"]),
    st.none() | st.integers(0, 200_000),
    st.sampled_from([DRIVER, evaluator("E1")]),
)
OF_THE_CLOCK = st.builds(
    lambda command: (command, DRIVER), st.sampled_from([c.Jump(20_000), c.Jump(90_000), c.Pause("break"), c.Resume(), c.Resume()])
)
ELSE = st.sampled_from([(c.ShowHint("smoke"), DRIVER), (c.RecordDecision("guard", "Go."), DRIVER), ("back", DRIVER)])
STEPS = st.lists(
    st.builds(lambda gap, asked: (gap, *asked), st.integers(0, 45), st.one_of(ANSWERS, MARKS, OF_THE_CLOCK, ELSE)), min_size=1, max_size=12
)


def played(steps: list[Step], *kinds: type[c.Command]) -> Play:
    """The run of these steps, or of those of some kinds at the same times; what is refused does not happen."""
    play = Play(EXERCISE).start().release("smoke")
    for gap, command, actor in steps:
        play.wait(gap)
        if kinds and not isinstance(command, kinds):
            continue
        try:
            if not isinstance(command, str):
                play.do(command, actor)
            elif isinstance(play.last.event, AnswerGiven | ActionMarked):
                play.take_back()
        except Refused:
            pass
    return play


def known(play: Play, role: str) -> Standing:
    return standing(play.plan, play.state, f"{role}-acts", play.now_ms)


@given(STEPS)
def test_nothing_that_a_role_does_moves_the_deadline_of_another_nor_its_own(steps: list[Step]) -> None:
    play, nobody = played(steps), played(steps, *CLOCK)
    for role in ROLES:
        assert known(play, role).deadline_ms == known(nobody, role).deadline_ms
        assert ask_deadline(play.plan, play.state, f"ask-{role}") == known(play, role).deadline_ms


@given(STEPS)
def test_no_latency_is_negative_and_what_came_during_the_reading_has_none(steps: list[Step]) -> None:
    play = played(steps)
    for role in ROLES:
        one = known(play, role)
        if one.at_ms is not None:
            assert one.latency_ms is not None
            assert one.latency_ms >= 0
            assert one.latency_ms == 0 or one.at_ms > READ_MS
            assert (one.late_ms > 0) == (one.deadline_ms is not None and one.at_ms > one.deadline_ms)
    for view in ("action_log", "decision_log"):
        for row in all_rows(play.plan, play.state, play.entries)[view]:
            assert row["latency_s"] is None or row["latency_s"] >= 0  # type: ignore[operator]  # seconds


@given(STEPS)
def test_who_answers_in_time_has_acted_in_time(steps: list[Step]) -> None:
    """Where the question and the action it brings about have the same `within`."""
    play = played([step for step in steps if not isinstance(step[1], c.MarkAction)])
    for role in ROLES:
        answer, deadline = play.state.ask(f"ask-{role}").answers.get(role), ask_deadline(play.plan, play.state, f"ask-{role}")
        if answer is not None and deadline is not None and answer.at_ms <= deadline:
            assert [known(play, effect.effect.target.removesuffix("-acts")).late_ms for effect in answer.effects] == [0] * len(
                answer.effects
            )


@pytest.mark.parametrize("quick", [("answer", 5), ("mark", 20), ("answer", 59)])
def test_a_quick_answer_of_one_role_takes_no_time_from_another(quick: tuple[str, int]) -> None:
    what, at_s = quick
    play = Play(EXERCISE).start().release("smoke").at(at_s)
    _ = play.answer("ask-head", "head", "acts") if what == "answer" else play.mark("head-acts")
    assert known(play, "guard").deadline_ms == READ_MS + WITHIN_MS
    play.at("3m").answer("ask-guard", "guard", "acts")
    assert (known(play, "guard").latency_ms, known(play, "guard").late_ms) == (120_000, 0)
    assert known(play, "head").latency_ms == 0


def test_what_is_held_for_a_role_that_does_nothing_is_wanted_at_the_same_time_whoever_was_quick() -> None:
    play = Play(EXERCISE).start().release("smoke").at("5s").answer("ask-head", "head", "acts")
    calls = [wanted(play.plan, play.state, f"{role}-push", at_ms) for role in ("guard", "head") for at_ms in (179_999, 180_000)]
    assert calls == [False, True, False, False]
