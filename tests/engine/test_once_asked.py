"""A question that was put to a seat once: its words go to whoever had them, and to nobody else."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.engine.seats import once_asked
from tests.builders import ExerciseDraft, Play


def draft() -> ExerciseDraft:
    made = ExerciseDraft(sites=[{"id": "outlet", "title": "Outlet", "level": "outlet"}])
    made.role("head", site="outlet").role("clerk", site="outlet").role("police", simulated=True).objective("calm")
    made.inject("knife").asks("hers", to=["head"], answer="text").asks("everybodys", answer="text")
    made.inject("orders", to=["clerk"]).asks("his", answer="text")
    return made


def question(play: Play, role: str, ask: str, kind: str = "seat") -> str | None:
    """The question that a seat of a role is given."""
    asked = once_asked(play.plan, play.state, play.entries, Actor(kind, roles=(role,)), role, ask)  # type: ignore[arg-type]
    return None if asked is None else str(asked.question)


def test_a_question_is_given_to_the_roles_it_was_put_to_and_from_its_release_on() -> None:
    play = Play(draft().build()).start()
    assert question(play, "head", "hers") is None
    play.release("knife").release("orders")
    assert [question(play, "head", ask) is not None for ask in ("hers", "everybodys", "his", "nowhere")] == [True, True, False, False]
    assert [question(play, "clerk", ask) is not None for ask in ("hers", "everybodys", "his")] == [False, True, True]
    assert question(play, "police", "everybodys", "control") is None


@pytest.mark.parametrize("ask", ["hers", "everybodys"])
def test_it_outlives_the_role_and_the_release_but_nothing_newer_is_told(ask: str) -> None:
    play = Play(draft().build()).start().release("knife")
    released = play.entries[-1]
    play.wait("1s").do(c.StaffRole("head", "control"))
    assert question(play, "head", ask) is not None
    play.take_back(released)
    assert question(play, "head", ask) is not None
    late = Play(draft().build()).start().do(c.StaffRole("head", "control")).release("knife")
    assert question(late, "head", ask) is None


def test_where_links_are_cut_a_release_that_was_taken_back_tells_nothing() -> None:
    made = draft()
    made.inject("dark", to=["clerk"], cut={"site": "outlet"})
    play = Play(made.build()).start().release("dark").release("knife")
    assert question(play, "head", "hers") is None, "it never got there"
    play = Play(made.build()).start().release("knife")
    released = play.entries[-1]
    assert question(play, "head", "hers") is not None
    play.release("dark")
    assert question(play, "head", "hers") is not None
    assert question(play.take_back(released), "head", "hers") is None
