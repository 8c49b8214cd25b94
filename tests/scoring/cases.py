"""A run in which every action has the fate a test gives it."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tabletop.engine.events import Pace
from tests.builders import ExerciseDraft, Play, evaluator


@dataclass(frozen=True)
class Fate:
    """What an action asks for and what becomes of it; latency in seconds, state None: nothing is recorded."""

    objective: int = 0
    criticality: str = "major"
    within: int | None = 60
    state: str | None = "done"
    latency: int = 30
    prompted: bool = False


FATES = st.builds(
    Fate,
    objective=st.integers(0, 2),
    criticality=st.sampled_from(["critical", "major", "normal"]),
    within=st.none() | st.integers(0, 600),
    state=st.sampled_from(["done", "partial", "missed", "not_observed", "not_applicable"]) | st.none(),
    latency=st.integers(0, 1500),
    prompted=st.booleans(),
)

RATINGS = st.lists(st.tuples(st.sampled_from(["E1", "E2", "E3"]), st.integers(0, 2), st.sampled_from("PSMU")), max_size=6)


WEIGHTS = (1, 2, 0.5)
"""Of the three objectives."""


def play_fates(fates: list[Fate], ratings: list[tuple[str, int, str]] | None = None, *, pace: Pace = "timed") -> Play:
    """The run of an exercise with one inject and these actions, ended after half an hour."""
    draft = ExerciseDraft("fates").role("teller")
    for index, weight in enumerate(WEIGHTS):
        draft.objective(f"objective-{index}", weight=weight, core=index == 0)
    draft.inject("opening", core=True)
    for index, fate in enumerate(fates):
        within = {} if fate.within is None else {"within": f"{fate.within}s"}
        draft.expects(f"action-{index}", by="teller", objective=f"objective-{fate.objective}", criticality=fate.criticality, **within)
    play = Play(draft.build(), pace=pace).start().release("opening").at("30m")
    for index, fate in enumerate(fates):
        if fate.state is not None:
            play.mark(f"action-{index}", fate.state, said=fate.latency, prompted=fate.prompted, actor=evaluator("E1"))
    play.end()
    for name, objective, letter in ratings or []:
        play.rate(name, f"objective-{objective}", letter)
    return play
