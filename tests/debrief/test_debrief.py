"""What a debrief says of a run: counts, suggestions, what went well, what is wanted, what people still have to confirm."""

from __future__ import annotations

import pytest

from tabletop.debrief.build import debrief, offset_of
from tabletop.debrief.confirm import AROUND_MS, differences, unrecorded_critical
from tabletop.debrief.model import Debrief, RunInfo
from tabletop.engine import commands as c
from tabletop.engine.rights import DRIVER
from tests.builders import BEGIN_MS, ExerciseDraft, Play, evaluator
from tests.reports.runs import a_debrief


def draft() -> ExerciseDraft:
    return (
        ExerciseDraft()
        .role("teller")
        .role("guard")
        .objective("alarm", core=True)
        .prohibited("chase", safety_critical=True)
        .prohibited("shout")
        .inject("knife", hints=["Look."], core=True)
        .expects("press", by="teller", objective="alarm", criticality="critical", within="60s")
        .expects("lock", by="guard", objective="alarm", criticality="critical", within="5m", category="safety")
        .expects("tell", by="guard", objective="alarm", within="60s", clause="4.1")
        .expects("note", by="teller", objective="alarm", criticality="normal", within="60s", clause="4.1")
        .inject("later", at="10m", core=True)
        .inject("reserve", at="hold")
        .inject("detour", at="12m", when={"breach": "chase"})
    )


def play(**options: str) -> Play:
    return Play(draft().build(), **options).start().release("knife")  # type: ignore[arg-type]


def of(played: Play) -> Debrief:
    return debrief(played.exercise, played.entries, RunInfo("small-20261119-0900-00aa"))


def test_every_action_is_counted_once() -> None:
    made = a_debrief()
    counts = made.counts
    counted = counts.unaided + counts.prompted + counts.partial + counts.missed + counts.no_record + counts.not_observed
    assert counted + counts.pending + counts.not_applicable == len(made.actions) == 7
    assert sum(counts.how.values()) == counts.unaided + counts.prompted + counts.partial == 4


def test_suggestions_come_by_weight_and_say_the_gravest_thing() -> None:
    played = play().at("30s").hint("knife").at("40s").mark("note").mark("press").at("10m").mark("lock").mark("tell", "missed")
    played.breach("shout").breach("shout", "guard").breach("chase", corrected=True).end("30m")
    made = of(played).suggestions
    assert [(each.id, each.weight, each.severity) for each in made] == [
        ("breach-chase", 4, "corrective"),
        ("breach-shout", 3, "corrective"),
        ("late-lock", 3, "corrective"),
        ("prompted-press", 3, "corrective"),
        ("missed-tell", 2, "corrective"),
        ("prompted-note", 1, "improvement"),
    ]
    assert made[1].because.values["n"] == 2
    assert (made[4].clause, made[4].objective, made[4].evidence) == ("4.1", "alarm", (8,))


@pytest.mark.parametrize(("corrected", "severity"), [(False, "deficiency"), (True, "corrective")])
def test_an_uncorrected_safety_critical_act_is_a_deficiency(corrected: bool, severity: str) -> None:
    assert of(play().breach("chase", corrected=corrected).end("30m")).suggestions[0].severity == severity


def test_a_missed_critical_action_of_category_safety_is_a_deficiency() -> None:
    assert of(play().mark("lock", "missed").end("30m")).suggestions[0].severity == "deficiency"
    assert of(play().mark("press", "missed").end("30m")).suggestions[0].severity == "corrective"


def test_silence_suggests_nothing() -> None:
    made = of(play().end("30m"))
    assert made.suggestions == ()
    assert made.counts.no_record == 4
    assert [each.code for each in made.wanted] == ["debrief.wanted-confirm", "debrief.wanted-ratings", "debrief.wanted-lock"]


def test_what_went_well_is_critical_unaided_and_in_time() -> None:
    played = play().at("20s").mark("press").at("30s").hint("knife").mark("lock").end("30m")
    assert [line.id for line in of(played).well] == ["press"]


def test_injects_played_are_counted_against_what_the_pace_and_the_path_would_play() -> None:
    made = of(play().at("5m").release("reserve").end("30m")).conditions
    assert (made.played, made.planned, made.extra) == (1, 2, 1)
    kept = play().do(c.KeepInjectBack("later")).end("30m")
    assert (of(kept).conditions.played, of(kept).conditions.planned, of(kept).conditions.extra) == (1, 2, 0)
    off_path = play().at("5m").release("detour", "to see").end("30m")
    assert (of(off_path).conditions.played, of(off_path).conditions.planned, of(off_path).conditions.extra) == (1, 2, 1)
    on_path = play().breach("chase").at("12m").release("detour").end("30m")
    assert (of(on_path).conditions.played, of(on_path).conditions.planned, of(on_path).conditions.extra) == (2, 3, 0)


def test_clauses_show_where_the_plan_held() -> None:
    made = of(play().at("30s").mark("tell").mark("note", other_role="guard").end("30m")).clauses
    assert [(each.clause, each.done, each.troubled, each.missed, each.unknown) for each in made] == [("4.1", 1, 1, 0, 0)]


def test_what_was_taken_back_is_listed_with_its_reason() -> None:
    made = of(play().decision("teller", "Run").take_back(reason="never said").end("30m")).retracted
    assert [(each.seq, each.reason, each.by_seq) for each in made] == [(4, "never said", 5)]
    assert made[0].row is not None
    assert made[0].row.values["text"] == "Run"


def test_the_state_that_was_replayed_already_gives_the_same() -> None:
    played = play().decision("teller", "Run").take_back().at("30s").mark("press").end("30m").lock()
    run = RunInfo("a")
    assert debrief(played.exercise, played.entries, run, played.state) == debrief(played.exercise, played.entries, run)


@pytest.mark.parametrize(
    ("run_id", "minutes"),
    [
        ("a-20261119-0900-00aa", 480),
        ("a-20261119-0859-00aa", 480),
        ("a-20261119-0645-00aa", 345),
        ("a-20261118-1530-00aa", -570),
        ("a-20261119-0907-00aa", 0),
        ("a-20261101-0900-00aa", 0),
        ("a-20269919-0900-00aa", 0),
        ("a", 0),
    ],
)
def test_the_zone_is_read_off_the_run_id(run_id: str, minutes: int) -> None:
    assert offset_of(run_id, BEGIN_MS) == minutes


def test_the_status_follows_the_log_unless_the_store_knows_better() -> None:
    played = play()
    assert of(played).status == "open"
    assert of(played.end("30m")).status == "ended"
    assert of(played.lock()).status == "draft"
    assert debrief(played.exercise, played.entries, RunInfo("a", status="final")).status == "final"


def test_every_unrecorded_critical_action_comes_with_the_log_around_its_deadline() -> None:
    played = play().at("50s").decision("teller", "Wait").at("4m").note("observation", "Quiet").at("5m10s").do(c.HearRole("guard"))
    played.at("6m").mark("press").at("9m").decision("guard", "Go").end("30m")
    (silent,) = unrecorded_critical(played.plan, played.state, played.entries)
    assert silent.case.standing.action.id == "lock"
    assert silent.around_ms == 300_000
    assert [row.code for row in silent.rows] == ["noted", "heard", "marked"]
    assert all(abs((row.at_ms or 0) - silent.around_ms) <= AROUND_MS for row in silent.rows)


def test_without_a_deadline_the_log_runs_on_to_the_next_release() -> None:
    played = play(pace="discussion").at("50s").decision("teller", "Wait").at("8m").release("later").at("9m").decision("teller", "Now")
    played.at("15m").decision("guard", "Go").end("30m")
    first, second = unrecorded_critical(played.plan, played.state, played.entries)
    assert [row.values.get("text") for row in first.rows if row.code == "decided"] == ["Wait", "Now"]
    assert (first.around_ms, second.around_ms) == (0, 0)


def test_what_was_recorded_or_never_due_needs_no_confirming() -> None:
    played = play().at("50s").mark("press").mark("lock", "not_observed").end("30m")
    assert unrecorded_critical(played.plan, played.state, played.entries) == ()
    early = play().end("30s")
    assert unrecorded_critical(early.plan, early.state, early.entries) == ()


def test_words_that_differ_are_listed_the_standing_one_first() -> None:
    played = play().at("20s").mark("press").mark("press", "missed", actor=evaluator("E1")).mark("lock").mark("tell")
    played.mark("tell", "missed", actor=DRIVER)
    (found,) = differences(played.plan, played.state)
    assert (found.action, found.words) == ("press", (("evaluator:E1", "missed"), ("driver", "done")))


def press(played: Play) -> Play:
    """A real emergency, called and stood down."""
    return played.do(c.PressEmergency("driver")).wait(30).do(c.StandDown("a slip"))


def test_only_what_was_pressed_between_startex_and_endex_is_an_emergency_of_the_exercise() -> None:
    made = of(press(Play(draft().build())).start().release("knife"))
    assert (made.conditions.emergencies, made.emergencies) == (0, ())
    before = press(Play(draft().build())).wait(60).start().release("knife").at("20m")
    assert of(press(before.end())).conditions.emergencies == 0
    assert [row.code for row in of(before).timeline if row.code.startswith("emergency")] == ["emergency-raised", "emergency-over"] * 2
    assert [each.code for each in of(before).course if "clock" in each.code] == ["debrief.course-clock"]
    before.do(c.Reopen("one more")).do(c.Resume()).wait(60)
    again = of(press(before).do(c.Resume()).wait(60).do(c.End()))
    assert again.conditions.emergencies == len(again.emergencies) == 1
    assert [each.values["emergencies"] for each in again.course if "clock" in each.code] == [1]


def roles(played: Play) -> dict[str, tuple[list[tuple[str, int, int | None]], int, list[tuple[int, int | None]]]]:
    made = of(played)
    return {
        line.role: (
            [(each.by, each.stay.begin_ms, each.stay.until_ms) for each in line.stints],
            line.holders,
            [(stay.begin_ms, stay.until_ms) for stay in line.parts],
        )
        for line in made.roles
    }


def test_a_role_given_up_was_played_until_then_and_its_people_took_part() -> None:
    played = Play(draft().build()).do(c.SeatPerson("guard", "Wu")).do(c.SeatPerson("teller", "Li")).start().release("knife").at("5m")
    played.do(c.PersonLeaves("guard")).do(c.StaffRole("guard", "nobody")).end("30m")
    assert of(played).conditions.people == 2
    assert roles(played)["guard"] == ([("people", 0, 300_000), ("nobody", 300_000, None)], 1, [(0, 300_000)])
    assert roles(played)["teller"] == ([("people", 0, None)], 1, [])


def test_who_joins_late_is_there_from_then_and_who_comes_after_endex_was_not() -> None:
    played = Play(draft().build()).do(c.StaffRole("guard", "nobody")).start().release("knife").at("5m")
    played.do(c.StaffRole("guard", "people")).do(c.SeatPerson("guard", "Wu")).end("30m")
    assert of(played).conditions.people == 2
    assert roles(played)["guard"] == ([("nobody", 0, 300_000), ("people", 300_000, None)], 1, [(300_000, None)])
    played.do(c.StaffRole("guard", "nobody")).do(c.SeatPerson("teller", "Zhao"))
    assert of(played).conditions.people == 2
    assert roles(played)["guard"][0][-1] == ("people", 300_000, None)
    assert roles(played)["teller"] == ([("people", 0, None)], 0, [])


def test_whoever_left_in_the_briefing_did_not_play() -> None:
    played = Play(draft().build()).do(c.SeatPerson("guard", "Wu")).do(c.PersonLeaves("guard")).do(c.SeatPerson("teller", "Li"))
    played.do(c.StaffRole("guard", "control")).start().release("knife").end("30m")
    assert of(played).conditions.people == 1
    assert roles(played)["guard"] == ([("control", 0, None)], 0, [])


def test_behaviour_is_told_by_line_with_its_lower_median_the_evaluators_word_before_the_facilitators() -> None:
    played = play().end("30m")
    for name, score in (("E1", 4), ("E2", 5)):
        played.do(c.ScoreBehaviour(name, "calm", score), evaluator(name))
    played.do(c.ScoreBehaviour("me", "calm", 1)).do(c.ScoreBehaviour("me", "sharing", 2))
    assert [(each.line, each.median, each.n) for each in of(played).behaviour] == [("calm", 4, 2), ("sharing", 2, 1)]
    assert of(play().end("30m")).behaviour == ()
