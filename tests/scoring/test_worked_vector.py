"""The worked vector of the scoring model (scoring 2.7), by hand and through a rehearsal of its script."""

from __future__ import annotations

import pytest

from tabletop.engine.state import State
from tabletop.exercise.loading import load_exercise
from tabletop.exercise.model import Exercise
from tabletop.rehearsal.rehearse import rehearse
from tabletop.scoring import Scorecard, score
from tabletop.scoring.grades import printed
from tabletop.scoring.scorecard import WEIGHTS, weighted_mean
from tests.builders import BEGIN_MS, WORKED_VECTOR, WORKED_VECTOR_SCRIPT, played_vector, worked_vector


def by_hand() -> tuple[Exercise, State]:
    play = played_vector()
    return play.exercise, play.state


def rehearsed() -> tuple[Exercise, State]:
    made = rehearse(load_exercise(WORKED_VECTOR), WORKED_VECTOR_SCRIPT, seed=1, begin_ms=BEGIN_MS)
    return made.exercise, made.played.state


@pytest.fixture(params=[by_hand, rehearsed], ids=["by hand", "rehearsed"])
def card(request: pytest.FixtureRequest) -> Scorecard:
    exercise, state = request.param()
    return score(exercise, state)


def test_the_dimensions_are_those_of_the_model(card: Scorecard) -> None:
    shown = {name: printed(value) for name, value in card.dimensions.items()}
    assert shown == {"coverage": 53.75, "timeliness": 58.4, "rating": 50.0, "coordination": 70.0}


def test_the_objectives_are_those_of_the_model(card: Scorecard) -> None:
    shown = [(each.objective.id, printed(each.coverage), printed(each.timeliness), each.points) for each in card.objectives]
    assert shown == [("alarm", 87.5, 81.25, 80.0), ("people", 20.0, 35.56, 20.0)]
    assert [(each.rating, each.suggested) for each in card.objectives] == [("S", "S"), ("U", "U")]
    assert card.objectives[1].because.code == "marks.suggest-critical-missed"


def test_the_parts_of_coordination_are_those_of_the_model(card: Scorecard) -> None:
    shown = {mark.subject: None if mark.points is None else printed(100 * mark.points) for mark in card.coordination}
    assert shown == {"closed-loop": 80.0, "completeness": 60.0, "cadence": None, "behaviour": 70.0}


def test_the_score_is_that_of_the_model(card: Scorecard) -> None:
    assert card.value == pytest.approx(0.35 * 53.75 + 0.20 * (81.25 + 320 / 9) / 2 + 0.25 * 50 + 0.20 * 70)
    assert printed(card.value) == 56.99


def test_a_dimension_without_a_value_leaves_its_weight_to_the_others(card: Scorecard) -> None:
    without = {**card.dimensions, "rating": None}
    assert printed(weighted_mean((without[name], weight) for name, weight in WEIGHTS.items())) == 59.32


def test_it_is_a_normal_score_of_an_independent_evaluation(card: Scorecard) -> None:
    assert (card.status, card.grade, card.raw_grade, card.assessed) == ("normal", "poor", "poor", "evaluator")
    assert (card.recorded, card.due, card.evidence, card.rating_coverage) == (5, 5, 1.0, 1.0)
    assert card.range == (card.value, card.value)
    assert not card.self_assessed
    assert card.one_persons_share is None


def test_nothing_is_invented_that_comes_with_a_later_formula(card: Scorecard) -> None:
    assert card.caps == ()
    assert card.formula == "1"


def test_the_exercise_is_small_enough_to_be_read(card: Scorecard) -> None:
    assert len(worked_vector().objectives) == 2
    assert {mark.subject for mark in card.marks if mark.criterion == "rating"} == {"alarm", "people"}
