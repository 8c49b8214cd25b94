"""Coordination: closed loop, reports, cadence, behaviour (scoring 2.3, semantics: *Closed loop*)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabletop.engine import commands as c
from tabletop.engine.events import BehaviourLine, Pace
from tabletop.engine.rights import DRIVER, Actor
from tabletop.scoring import score
from tabletop.scoring.coordination import PARTS, coordination
from tabletop.scoring.marks import Mark
from tests.builders import ExerciseDraft, Play, evaluator

ROLES = ("teller", "guard", "manager")
ELEMENTS = [{"id": name, "title": name} for name in ("what", "where", "number", "needs")]


def exercise(**changes: Any) -> ExerciseDraft:
    draft = ExerciseDraft(**changes).objective("alarm", core=True)
    for role in ROLES:
        draft.role(role)
    draft.role("police", simulated=True)
    draft.inject("opening", core=True)
    draft.expects("press", by="teller", objective="alarm")
    draft.inject("order", at="1m", to=["teller", "guard", "police"], acknowledge={"within": "1m"})
    draft.inject("report", at="2m").asks("tell", answer="report", to=["manager"], elements=ELEMENTS, within="2m")
    draft.inject("again", at="10m").asks("tell-all", answer="report", elements=ELEMENTS[:2])
    return draft


def seat(*roles: str) -> Actor:
    return Actor("seat", roles=roles)


def begun(draft: ExerciseDraft | None = None, pace: Pace = "timed") -> Play:
    return Play((draft or exercise()).build(), pace=pace).start().release("opening")


def marks(play: Play) -> dict[str, Mark]:
    return {mark.subject: mark for mark in score(play.exercise, play.state).coordination}


def part(play: Play, name: str) -> tuple[float | None, str]:
    """Points, in ten thousandths, and why."""
    mark = marks(play)[name]
    return mark.points if mark.points is None else round(mark.points, 4), mark.because.code


def test_the_parts_weigh_what_the_model_says() -> None:
    assert {name: weight for name, (weight, _) in PARTS.items()} == {"closed-loop": 20, "completeness": 20, "cadence": 10, "behaviour": 50}


def test_a_run_with_nothing_to_judge_has_no_coordination() -> None:
    card = score(begun().end("30m").exercise, begun().end("30m").state)
    assert card.dimensions["coordination"] is None
    assert [(mark.points, mark.because.code) for mark in card.coordination] == [
        (None, "marks.no-receipts"),
        (None, "marks.no-reports"),
        (None, "marks.no-cadence"),
        (None, "marks.no-behaviour"),
    ]


# Closed loop.


def test_the_closed_loop_counts_receipts_in_time_of_all_that_were_owed() -> None:
    play = begun().at("1m").release("order").at("90s").do(c.AcknowledgeInject("order", "teller"), seat("teller"))
    assert part(play, "closed-loop") == (1, "marks.closed-loop"), "the other one is not over yet"
    play.at("2m30s").do(c.AcknowledgeInject("order", "guard"), seat("guard"))
    play.do(c.SendMessage("guard", "teller", "shut the door"), seat("guard")).do(c.SendMessage("guard", "police", "come"), seat("guard"))
    assert part(play, "closed-loop") == (0.5, "marks.closed-loop")
    play.end("30m")
    assert part(play, "closed-loop") == (0.3333, "marks.closed-loop")
    assert marks(play)["closed-loop"].because.values == {"closed": 1, "n": 3}


def test_what_endex_overtook_is_out() -> None:
    play = begun().at("1m").release("order").do(c.AcknowledgeInject("order", "teller"), seat("teller")).end("90s")
    assert part(play, "closed-loop") == (1, "marks.closed-loop")


def test_in_the_discussion_pace_a_receipt_counts_whenever_it_came() -> None:
    play = begun(pace="discussion").at("1m").release("order").at("20m").do(c.AcknowledgeInject("order", "teller"), seat("teller"))
    assert part(play.end("30m"), "closed-loop") == (0.5, "marks.closed-loop-untimed")


@pytest.mark.parametrize("at_a_seat", [False, True])
def test_silence_is_told_by_seats_alone(at_a_seat: bool) -> None:
    play = begun(exercise(cadence=[{"id": "updates", "by": "guard", "every": "5m", "title": "Updates"}])).at("1m").release("order")
    play.at("2m").release("report").at("3m").do(c.RecordDecision("teller", "wait"), seat("teller") if at_a_seat else DRIVER).end("30m")
    found = {name: part(play, name) for name in ("closed-loop", "completeness", "cadence")}
    if at_a_seat:
        assert found == {name: (0, f"marks.{name}") for name in found}
    else:
        codes = {"closed-loop": "receipts", "completeness": "reports", "cadence": "cadence"}
        assert found == {name: (None, f"marks.{codes[name]}-unrecorded") for name in found}


# Reports.


def test_completeness_is_elements_with_text_of_all_elements_over_all_reports() -> None:
    play = begun().at("2m").release("report").do(c.GiveAnswer("tell", "manager", {"what": "fire", "where": " "}), seat("manager"))
    assert part(play, "completeness") == (0.25, "marks.completeness")
    play.do(c.GiveAnswer("tell", "manager", {"what": "fire", "where": "hall", "needs": "110"}), seat("manager"))
    assert part(play, "completeness") == (0.75, "marks.completeness")
    play.at("10m").release("again").do(c.GiveAnswer("tell-all", "guard", {"what": "smoke", "where": "hall"}), seat("guard")).end("30m")
    assert marks(play)["completeness"].because.values == {"stated": 5, "n": 10}, "every staffed role was asked, and two were silent"


def test_a_report_nobody_owed_is_in_no_number() -> None:
    draft = exercise()
    draft.inject("ring", at="3m").asks("ring-up", answer="report", to=["police", "teller"], elements=ELEMENTS)
    play = begun(draft).do(c.StaffRole("teller", "nobody")).at("3m").release("ring")
    play.do(c.GiveAnswer("ring-up", "police", {"what": "it is us"}), Actor("control", roles=("police",))).end("30m")
    assert part(play, "completeness") == (None, "marks.no-reports")


def test_a_report_whose_time_endex_overtook_is_out() -> None:
    play = begun().do(c.RecordDecision("teller", "go"), seat("teller")).at("2m").release("report").end("3m")
    assert part(play, "completeness") == (None, "marks.no-reports")


def test_what_never_reached_a_role_is_not_owed_by_it() -> None:
    draft = exercise(sites=[{"id": "hall", "title": "Hall"}])
    next(role for role in draft.data["roles"] if role["id"] == "guard")["site"] = "hall"
    draft.inject("down", at="hold", cut={"site": "hall"})
    draft.inject("who", at="hold", to=["guard"], acknowledge=True).asks("who-is", answer="report", elements=ELEMENTS, within="1m")
    play = begun(draft).do(c.RecordDecision("teller", "go"), seat("teller")).release("down").release("who").end("30m")
    assert part(play, "completeness") == (None, "marks.no-reports")
    assert part(play, "closed-loop") == (None, "marks.no-receipts")
    before = begun(draft).do(c.RecordDecision("teller", "go"), seat("teller")).release("who").at("30s").release("down").end("30m")
    assert part(before, "completeness") == (None, "marks.no-reports"), "it was cut off before its time was over"
    after = begun(draft).do(c.RecordDecision("teller", "go"), seat("teller")).release("who").at("61s").release("down").end("30m")
    assert part(after, "completeness") == (0, "marks.completeness")


# Cadence.


def test_the_cadence_counts_reports_on_time_of_all_that_fell_due() -> None:
    play = begun(exercise(cadence=[{"id": "updates", "by": "guard", "every": "10m", "title": "Updates"}]))
    play.at("9m").do(c.SendMessage("guard", "teller", "all quiet"), seat("guard")).at("21m").decision("guard", "late").end("35m")
    assert part(play, "cadence") == (0.3333, "marks.cadence")
    assert marks(play)["cadence"].because.values == {"kept": 1, "n": 3}
    assert len(marks(play)["cadence"].evidence) == 1


def test_the_discussion_pace_has_no_cadence() -> None:
    play = begun(exercise(cadence=[{"id": "updates", "by": "guard", "every": "10m", "title": "Updates"}]), "discussion").end("40m")
    assert part(play, "cadence") == (None, "marks.no-cadence")


# Behaviour.


def scored(play: Play, name: str, line: Any, points: int, actor: Actor | None = None) -> Play:
    return play.do(c.ScoreBehaviour(name, line, points), actor or evaluator(name))


def test_behaviour_is_the_mean_of_the_lower_medians_times_twenty() -> None:
    play = begun().end("30m")
    for name, line, points in (("E1", "calm", 2), ("E1", "sharing", 4), ("E2", "sharing", 5), ("E3", "sharing", 5), ("E4", "sharing", 4)):
        scored(play, name, line, points)
    scored(play, "me", "calm", 1, DRIVER)
    assert part(play, "behaviour") == (0.6, "marks.behaviour")
    scored(play, "me", "measures", 1, DRIVER)
    assert part(play, "behaviour") == (0.4667, "marks.behaviour"), "where no evaluator scored, the facilitator's word counts"


def test_one_persons_share_takes_in_what_behaviour_weighs() -> None:
    play = begun().mark("press").end("30m").rate("E1", "alarm", "P")
    assert score(play.exercise, play.state).one_persons_share == pytest.approx(25 / 60)
    scored(play, "E1", "calm", 4)
    assert score(play.exercise, play.state).one_persons_share == pytest.approx(45 / 80)
    scored(play, "E2", "sharing", 4)
    assert score(play.exercise, play.state).one_persons_share is None


def test_of_a_whole_score_thirty_five_in_a_hundred_are_one_evaluators() -> None:
    draft = exercise(cadence=[{"id": "updates", "by": "guard", "every": "10m", "title": "Updates"}])
    draft.inject("late", at="20m").expects("run", by="teller", objective="alarm", within="5m")
    play = begun(draft).at("1m").release("order").at("2m").release("report").mark("press")
    play.do(c.AcknowledgeInject("order", "teller"), seat("teller")).do(c.RecordDecision("teller", "wait"), seat("teller"))
    play.at("20m").release("late").mark("run").end("30m")
    scored(play.rate("E1", "alarm", "P"), "E1", "calm", 5)
    assert score(play.exercise, play.state).one_persons_share == pytest.approx(0.35)


def test_who_scored_behaviour_alone_is_who_assessed() -> None:
    play = begun().mark("press").end("30m")
    assert score(play.exercise, play.state).assessed == "facilitator"
    assert score(play.exercise, scored(play, "E1", "calm", 4).state).assessed == "evaluator"


# Whatever happens.


@dataclass(frozen=True)
class Deed:
    """Something somebody does at a moment, in seconds."""

    at: int
    what: str
    role: str
    other: str
    amount: int


DEEDS = st.lists(
    st.builds(
        Deed,
        st.integers(0, 1790),
        st.sampled_from(["acknowledge", "message", "read-back", "report", "decide", "release"]),
        st.sampled_from(ROLES),
        st.sampled_from(ROLES),
        st.integers(0, 4),
    ),
    max_size=25,
)
SCORES = st.lists(st.tuples(st.sampled_from(["E1", "E2", "E3"]), st.sampled_from(get_args(BehaviourLine)), st.integers(1, 5)), max_size=8)


def played(deeds: Sequence[Deed], scores: Sequence[tuple[str, Any, int]], pace: Pace) -> Play:
    cadence = [{"id": "updates", "by": "guard", "every": "4m", "title": "Updates"}]
    play = begun(exercise(cadence=cadence), pace)
    for deed in sorted(deeds, key=lambda one: one.at):
        play.at(deed.at)
        for command, actor in commands_of(play, deed):
            play.do(command, actor)
    play.end("30m")
    for name, line, points in scores:
        scored(play, name, line, points)
    return play


def commands_of(play: Play, deed: Deed) -> list[tuple[c.Command, Actor]]:
    state, who = play.state, seat(deed.role)
    told = {"order", "report", "again"} & set(state.released)
    match deed.what:
        case "release":
            to_come = [name for name in ("order", "report", "again") if name not in told]
            return [(c.ReleaseInject(to_come[deed.amount % len(to_come)]), DRIVER)] if to_come else []
        case "acknowledge" if "order" in told and deed.role != "manager":
            return [(c.AcknowledgeInject("order", deed.role), who)]
        case "message":
            return [(c.SendMessage(deed.role, deed.other, "x"), who)]
        case "read-back":
            return [(c.AcknowledgeMessage(sent.seq, sent.to), seat(sent.to)) for sent in state.messages[deed.amount : deed.amount + 1]]
        case "report" if "again" in told and deed.amount:
            elements = {element["id"]: "x" for element in ELEMENTS[: min(2, deed.amount)]}
            return [(c.GiveAnswer("tell-all", deed.role, elements, next_report_ms=deed.amount * 60_000), who)]
        case "decide":
            return [(c.RecordDecision(deed.role, "x"), who)]
    return []


@given(DEEDS, SCORES, st.sampled_from(["timed", "discussion"]))
def test_every_part_lies_between_nothing_and_everything_and_the_dimension_between_its_parts(
    deeds: list[Deed], scores: list[tuple[str, Any, int]], pace: Pace
) -> None:
    play = played(deeds, scores, pace)
    card = score(play.exercise, play.state)
    points = [mark.points for mark in card.coordination if mark.points is not None]
    assert all(0 <= one <= 1 for one in points)
    whole = card.dimensions["coordination"]
    assert (whole is None) == (not points)
    if whole is not None:
        assert 100 * min(points) - 1e-9 <= whole <= 100 * max(points) + 1e-9
        weights = [mark.weight for mark in card.coordination if mark.points is not None]
        assert whole == pytest.approx(100 * sum(w * p for w, p in zip(weights, points, strict=True)) / sum(weights))
    known = {entry.seq for entry in play.entries}
    assert all(set(mark.evidence) <= known for mark in card.coordination)
    assert coordination(card.coordination) == whole


@given(DEEDS, SCORES)
def test_the_arithmetic_is_that_of_the_model(deeds: list[Deed], scores: list[tuple[str, Any, int]]) -> None:
    play = played(deeds, scores, "timed")
    found, state = marks(play), play.state
    order, end = state.inject("order"), 1_800_000
    loops = []
    if order.released_ms is not None:
        loops = [(order.released_ms + 60_000, order.acknowledged.get(role)) for role in ("teller", "guard")]
    loops += [(sent.at_ms + 120_000, sent.acknowledged_ms) for sent in state.messages if sent.role != sent.to]
    needed = [(due, done) for due, done in loops if done is not None or due < end]
    if found["closed-loop"].because.code == "marks.closed-loop":
        assert found["closed-loop"].points == sum(done is not None and done <= due for due, done in needed) / len(needed)
    else:
        assert not needed or not any(done is not None for _, done in needed)
    by_line: dict[str, dict[str, int]] = {}
    for name, line, points in scores:
        by_line.setdefault(line, {})[name] = points
    means = [median_low(given.values()) for given in by_line.values()]
    assert found["behaviour"].points == (pytest.approx(sum(means) / len(means) / 5) if means else None)


@given(DEEDS, SCORES, st.sampled_from(ROLES), st.integers(1, 1700))
def test_a_receipt_more_is_never_worse(deeds: list[Deed], scores: list[tuple[str, Any, int]], role: str, at: int) -> None:
    told = [Deed(0, "release", role, role, 0), *deeds]
    without = marks(played(told, scores, "timed"))["closed-loop"].points
    more = marks(played([*told, Deed(at, "acknowledge", role, role, 0)], scores, "timed"))["closed-loop"].points
    assert without is None or (more is not None and more >= without - 1e-9)


def test_a_report_that_a_role_announced_counts_as_one_of_a_cadence() -> None:
    play = begun().at("10m").release("again")
    play.do(c.GiveAnswer("tell-all", "teller", {"what": "x"}, next_report_ms=300_000), seat("teller"))
    play.do(c.GiveAnswer("tell-all", "guard", {"what": "x"}, next_report_ms=300_000), seat("guard"))
    play.at("13m").do(c.RecordDecision("teller", "all well"), seat("teller"))
    play.end("20m")
    assert part(play, "cadence") == (0.5, "marks.cadence-announced")
    assert marks(play)["cadence"].because.values == {"kept": 1, "n": 2, "announced": 2}
