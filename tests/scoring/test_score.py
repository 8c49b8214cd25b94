"""What counts, what does not, and whose word it is (scoring, with its amendments)."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine.plan import Plan
from tabletop.engine.rights import DRIVER, Actor
from tabletop.engine.standing import Standing, standing
from tabletop.engine.state import State
from tabletop.scoring import Scorecard, score, scorecard
from tabletop.scoring.grades import grade_of, printed, rounded, status_of
from tabletop.scoring.marks import OF_ACTIONS, OF_OBJECTIVES, lower_median
from tabletop.scoring.people import people_count
from tabletop.scoring.scorecard import WEIGHTS
from tests.builders import ExerciseDraft, Play, evaluator


def draft() -> ExerciseDraft:
    return (
        ExerciseDraft()
        .role("teller")
        .role("guard", holders=2)
        .role("police", simulated=True)
        .objective("alarm", core=True)
        .objective("people")
        .prohibited("chase", safety_critical=True)
        .inject("knife", core=True, hints=["Look."])
        .expects("press", by="teller", objective="alarm", criticality="critical", within="60s")
        .expects("lock", by="guard", objective="people", within="60s")
        .inject("push", at="hold", cue={"action": "press", "not_done_within": "60s"})
        .inject("later", at="5m", core=True)
        .expects("count", by="guard", objective="people", within="60s", done_by={"released": "end"})
        .inject("end", at="20m", core=True)
    )


def play(**options: str) -> Play:
    return Play(draft().build(), **options).start().release("knife")  # type: ignore[arg-type]


def card(played: Play) -> Scorecard:
    return score(played.exercise, played.state)


def because(played: Play, action: str, criterion: str = "coverage") -> str:
    return next(mark.because.code for mark in card(played).marks if (mark.subject, mark.criterion) == (action, criterion))


def test_no_record_is_not_a_miss() -> None:
    played = play().at("30s").mark("press").end("30m")
    made = card(played)
    assert because(played, "lock") == "marks.no-record"
    assert made.dimensions["coverage"] == 100
    assert made.dimensions["timeliness"] == 100
    assert made.evidence == pytest.approx(3 / 5)
    assert made.range is not None
    assert made.range[0] < made.range[1] == 100


def test_a_miss_is_only_what_somebody_said() -> None:
    played = play().at("30s").mark("press").at("10m").mark("lock", "missed").end("30m")
    assert because(played, "lock") == "marks.missed"
    assert card(played).dimensions == {"coverage": 50, "timeliness": 50, "rating": None, "coordination": None}


@pytest.mark.parametrize(
    ("within", "latency", "points"), [(60, 60, 1), (60, 90, 0.5), (60, 120, 0), (60, 500, 0), (10, 40, 0.5), (0, 30, 0.5), (300, 450, 0.5)]
)
def test_lateness_costs_by_the_deadline_and_at_least_by_the_minute(within: int, latency: int, points: float) -> None:
    small = ExerciseDraft().role("teller").objective("alarm").inject("knife")
    exercise = small.expects("press", by="teller", objective="alarm", within=f"{within}s").build()
    played = Play(exercise).start().release("knife").at(latency).mark("press").end("30m")
    made = card(played)
    assert made.dimensions["timeliness"] == pytest.approx(100 * points)
    assert made.dimensions["coverage"] == 100
    assert because(played, "press", "timeliness") == ("marks.on-time" if points == 1 else "marks.late")


def test_what_was_recorded_after_endex_without_a_time_is_in_no_timeliness() -> None:
    played = play().end("30m").mark("press")
    assert because(played, "press", "timeliness") == "marks.time-unknown"
    assert card(played).dimensions["timeliness"] is None
    assert card(played).dimensions["coverage"] == 100


def test_a_hint_halves_what_comes_after_it_and_a_probe_costs_nothing() -> None:
    assert card(play().at("10s").hint("knife").at("20s").mark("press").end("30m")).dimensions["coverage"] == 50
    assert card(play().at("20s").mark("press").at("30s").hint("knife").end("30m")).dimensions["coverage"] == 100


def test_a_contingency_inject_prompts_the_action_it_answers() -> None:
    played = play().at("70s").release("push").at("80s").mark("press").mark("lock").end("30m")
    assert because(played, "press") == "marks.done-prompted"
    assert because(played, "lock") == "marks.done"


def test_an_inject_that_was_not_played_owes_nothing() -> None:
    assert because(play().end("30m"), "count") == "marks.unreleased"
    assert because(play().at("1m").skip("later", "no time").end("30m"), "count") == "marks.skipped"
    assert because(play().at("1m").skip("later", overtaken=True).end("30m"), "count") == "marks.overtaken"


def test_a_later_inject_evidences_an_action() -> None:
    played = play().at("5m").release("later").at("5m30s").release("end").end("30m")
    assert because(played, "count") == "marks.done"
    assert because(played, "count", "timeliness") == "marks.on-time"


@pytest.mark.parametrize("by", ["nobody", "control"])
def test_an_unstaffed_role_owes_nothing(by: str) -> None:
    played = Play(draft().build()).do(c.StaffRole("guard", by)).start().release("knife").at("10s").mark("press").end("30m")  # type: ignore[arg-type]
    assert because(played, "lock") == "marks.unstaffed"
    assert card(played).evidence == 1


def test_endex_before_a_deadline_leaves_the_action_out() -> None:
    played = play().at("5m").release("later").end("5m30s")
    assert because(played, "count") == "marks.pending"
    assert card(played).due == 2


def test_an_evaluators_word_stands_over_the_facilitators() -> None:
    played = play().at("10s").mark("press", "missed", actor=evaluator("E1")).at("20s").mark("press").end("30m")
    assert because(played, "press") == "marks.missed"
    played.rate("driver", "alarm", "P", actor=DRIVER).rate("E1", "alarm", "U")
    assert card(played).objectives[0].rating == "U"
    assert card(played).objectives[0].ratings == {"driver": "P", "E1": "U"}


@pytest.mark.parametrize(("letters", "expected"), [("PSS", "S"), ("MU", "U"), ("PM", "M"), ("P", "P"), ("", None), ("PPSU", "S")])
def test_the_lower_median_counts(letters: str, expected: str | None) -> None:
    assert lower_median(list(letters)) == expected  # type: ignore[arg-type]


def test_it_is_self_assessed_while_the_facilitator_alone_judges() -> None:
    assert card(play().end("30m")).assessed == "nobody"
    assert card(play().at("10s").mark("press").end("30m")).assessed == "facilitator"
    assert card(play().at("10s").mark("press").end("30m").rate("me", "alarm", "P", actor=DRIVER)).assessed == "facilitator"
    assert card(play().at("10s").mark("press", actor=Actor("recorder", "R1")).end("30m")).self_assessed


def test_one_evaluators_word_makes_it_independent() -> None:
    assert card(play().at("10s").mark("press", actor=evaluator("E1")).end("30m")).assessed == "evaluator"
    assert card(play().at("10s").mark("press").end("30m").rate("E1", "alarm", "P")).assessed == "evaluator"
    played = play().at("10s").mark("press", actor=evaluator("E1")).end("30m").rate("me", "alarm", "P", actor=DRIVER)
    assert card(played).assessed == "facilitator", "who rates is who judges"
    taken_back = play().at("10s").mark("press", actor=evaluator("E1")).mark("press", "no_record", actor=evaluator("E1")).end("30m")
    assert card(taken_back).assessed == "nobody"


def test_answers_alone_are_nobodys_judgement() -> None:
    made = draft()
    made.data["injects"][0]["asks"] = [
        {"id": "first", "to": ["teller"], "question": "?", "answer": "choice", "options": [{"id": "a", "text": "A", "does": ["press"]}]}
    ]
    played = Play(made.build()).start().release("knife").at("10s").answer("first", "teller", "a").end("30m")
    assert card(played).assessed == "answers"
    assert card(played).dimensions["coverage"] == 100


def test_it_says_how_much_is_one_persons_judgement() -> None:
    played = play().at("10s").mark("press").mark("lock").end("30m").rate("E1", "alarm", "P")
    assert card(played).one_persons_share == pytest.approx(0.25 / 0.80)
    assert card(played.rate("E2", "alarm", "S")).one_persons_share is None


def test_a_little_evidence_is_no_score_and_some_is_provisional() -> None:
    assert card(play().end("30m")).status == "none"
    little = card(play().at("10s").mark("lock").end("30m"))
    assert little.evidence == pytest.approx(0.4)
    assert (little.status, little.value, little.grade, little.range) == ("provisional", 100, "excellent", (50, 100))
    some = card(play().at("10s").mark("press").end("30m").rate("E1", "alarm", "P"))
    assert some.status == "provisional"
    enough = card(play().at("10s").mark("press").mark("lock").end("30m").rate("E1", "alarm", "P"))
    assert (enough.status, enough.rating_coverage) == ("normal", 1)
    unrated = card(play().at("10s").mark("press").mark("lock").end("30m").rate("E1", "people", "P"))
    assert (unrated.status, unrated.rating_coverage) == ("provisional", 0)


@pytest.mark.parametrize(
    ("value", "evidence", "rated", "status"),
    [
        (80, 0.39, 1, "none"),
        (80, 0.4, 1, "provisional"),
        (80, 0.7, 0.7, "normal"),
        (80, 0.7, 0.69, "provisional"),
        (None, 1, 1, "none"),
        (80, None, 1, "provisional"),
    ],
)
def test_the_status_follows_evidence_and_ratings(value: float | None, evidence: float | None, rated: float, status: str) -> None:
    assert status_of(value, evidence, rated) == status


@pytest.mark.parametrize(
    ("value", "grade"),
    [
        (100, "excellent"),
        (90, "excellent"),
        (89.9999999999999, "excellent"),
        (89.99, "good"),
        (80, "good"),
        (79.9, "fair"),
        (60, "fair"),
        (59.99, "poor"),
        (0, "poor"),
    ],
)
def test_grades_come_from_the_number(value: float, grade: str) -> None:
    assert grade_of(value) == grade


@pytest.mark.parametrize(
    ("value", "shown"), [(0.125, "0.12"), (0.375, "0.38"), (2.665, "2.66"), (2.675, "2.68"), (58.4027777, "58.40"), (100, "100.00")]
)
def test_numbers_are_rounded_half_to_even(value: float, shown: str) -> None:
    assert str(rounded(value)) == shown
    assert printed(value) == float(shown)
    assert printed(None) is None


def test_every_criterion_has_a_weight_and_no_weight_is_without_one() -> None:
    assert {*OF_ACTIONS, *OF_OBJECTIVES} | {"coordination"} == set(WEIGHTS)
    assert sum(WEIGHTS.values()) == 100


def test_suggested_ratings_follow_what_was_recorded() -> None:
    def suggested(played: Play) -> tuple[str | None, str]:
        first = card(played).objectives[0]
        return first.suggested, first.because.code

    assert suggested(play().end("30m")) == (None, "marks.suggest-nothing-recorded")
    assert suggested(play().at("10s").mark("press").end("30m")) == ("P", "marks.suggest-all-in-time")
    assert suggested(play().at("90s").mark("press").end("30m")) == ("S", "marks.suggest-slow")
    assert suggested(play().at("121s").mark("press").end("30m")) == ("M", "marks.suggest-far-too-late")
    assert suggested(play().at("10s").mark("press", other_role="guard").end("30m")) == ("M", "marks.suggest-other-role")
    assert suggested(play().at("10s").mark("press", "partial").end("30m")) == ("S", "marks.suggest-not-all-done")
    assert suggested(play().at("10s").hint("knife").mark("press", "partial").end("30m")) == ("U", "marks.suggest-little-done")
    assert suggested(play().at("10s").mark("press", "missed").end("30m")) == ("U", "marks.suggest-critical-missed")
    assert suggested(play(pace="discussion").at("20m").mark("press").end("30m")) == ("P", "marks.suggest-all-done")


def test_a_prohibited_act_bears_on_the_objectives_of_whoever_committed_it() -> None:
    played = play().at("10s").mark("press").mark("lock").breach("chase", "guard").end("30m")
    assert [each.suggested for each in card(played).objectives] == ["P", "M"]
    assert [each.suggested for each in card(played.breach("chase")).objectives] == ["M", "M"]


def test_people_are_counted_by_name_and_by_the_roles_they_play() -> None:
    fresh = Play(draft().build())
    assert people_count(fresh.plan, fresh.state) == 2
    fresh.do(c.SeatPerson("guard", "Wu")).do(c.SeatPerson("guard", "Li", "B"))
    assert people_count(fresh.plan, fresh.state) == 3
    fresh.do(c.StaffRole("teller", "with", "guard"))
    assert people_count(fresh.plan, fresh.state) == 2


def test_every_action_is_looked_at_once_however_long_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    original = standing

    def counting(plan: Plan, state: State, action_id: str, now_ms: int) -> Standing:
        looked.append(action_id)
        return original(plan, state, action_id, now_ms)

    monkeypatch.setattr(scorecard, "standing", counting)
    played = play()
    for second in range(1, 200):
        played.at(second).mark("press").decision("teller", "Wait")
    card(played.end("30m"))
    assert sorted(looked) == sorted(played.plan.actions)
