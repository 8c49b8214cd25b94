"""The rows leaders query: cheap for one entry, the same in the end as all of them worked out anew."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tabletop.conductor import RunOptions
from tabletop.conductor.opening import begin
from tabletop.engine import commands as c
from tabletop.engine.rights import DRIVER, Actor
from tabletop.errors import Refused
from tabletop.exercise.loading import load_exercise
from tabletop.rehearsal.rehearse import keep, rehearse
from tabletop.scoring.projection import all_rows, rows
from tabletop.store import Store
from tests.builders import BEGIN_MS, WORKED_VECTOR, WORKED_VECTOR_SCRIPT, ExerciseDraft, Play, evaluator, played_vector

Tables = dict[str, dict[Any, dict[str, object]]]

KEYS = {"decision_log": "seq", "inject_log": "inject", "action_log": "action", "run_summary": ""}


def put(tables: Tables, changed: dict[str, Any]) -> None:
    """As a store does: columns given replace, others stay, `delete` takes the row away."""
    for view, made in changed.items():
        for row in made:
            key = row.get(KEYS[view], "")
            if row.get("delete"):
                tables[view].pop(key, None)
            else:
                tables[view].setdefault(key, {}).update(row)


def empty() -> Tables:
    return {view: {} for view in KEYS}


def followed(play: Play, start: int = 0) -> Tables:
    """The tables after the rows of each entry, one by one, as a live run writes them."""
    tables = empty()
    again = Play.__new__(Play)
    again.exercise = play.exercise
    again.entries, again.state = [], type(play.state)()
    for entry in play.entries:
        again.take(entry)
        put(tables, rows(again.plan, again.state, [entry]))
    return tables


def rebuilt(play: Play) -> Tables:
    tables = empty()
    put(tables, all_rows(play.plan, play.state, play.entries))
    return tables


def without_status(tables: Tables) -> Tables:
    for row in tables["run_summary"].values():
        row.pop("status", None)
    return tables


def exercise() -> ExerciseDraft:
    options = [
        {"id": "press", "text": {"en": "Press it", "zh-Hans": "按下"}, "does": ["press", "lock"]},
        {"id": "wait", "text": {"en": "Wait", "zh-Hans": "等待"}, "misses": ["press"], "breaks": ["chase"]},
        {"id": "lock", "text": {"en": "Lock", "zh-Hans": "锁门"}, "does": ["lock"], "for": "guard"},
    ]
    return (
        ExerciseDraft()
        .role("teller")
        .role("guard", holders=2)
        .objective("alarm", core=True)
        .prohibited("chase")
        .inject("knife", read="30s", core=True, hints=["Look.", "Look again."], acknowledge=True)
        .expects("press", by="teller", objective="alarm", criticality="critical", within="60s")
        .expects("lock", by="guard", objective="alarm", within="60s")
        .asks("first", to=["teller", "guard"], answer="choice", options=options)
        .asks("order", to=["teller"], answer="order", options=[{"id": "x", "text": "X"}, {"id": "y", "text": "Y"}])
        .asks("report", to=["guard"], answer="report", elements=[{"id": "what", "title": "What"}, {"id": "where", "title": "Where"}])
        .inject("later", at="2m", core=True)
        .expects("count", by="guard", objective="alarm", within="60s", done_by={"released": "end"})
        .inject("aside", at="3m")
        .inject("reserve", at="hold", cue={"action": "press", "not_done_within": "60s"})
        .inject("end", at="4m", core=True)
        .expects("tidy", by="teller", objective="alarm", criticality="normal")
    )


def test_a_decision_changes_one_row() -> None:
    play = Play(exercise().build()).start().release("knife").at("50s").decision("teller", "Stall", "police are coming", person="Li Wei")
    assert rows(play.plan, play.state, [play.last]) == {
        "decision_log": [
            {
                "seq": 4,
                "wall_time": "2026-11-19T01:00:50.000Z",
                "exercise_s": 50.0,
                "role": "teller",
                "person": "Li Wei",
                "inject": "knife",
                "ask": None,
                "decision": "Stall",
                "rationale": "police are coming",
                "latency_s": 20.0,
                "amends": None,
                "retracted": False,
            }
        ]
    }


def test_an_answer_is_a_decision_in_the_words_of_its_options() -> None:
    play = (
        Play(exercise().build(), language="zh-Hans").start().release("knife").at("50s").answer("first", "teller", "press", rationale="快")
    )
    changed = rows(play.plan, play.state, [play.last])
    assert changed["decision_log"][0]["decision"] == "按下"
    assert [row["action"] for row in changed["action_log"]] == ["press", "lock"]
    assert changed["action_log"][0]["how"] == "chosen"
    play.answer("first", "teller", "wait")
    second = rows(play.plan, play.state, [play.last])
    assert second["decision_log"][0]["amends"] == 4
    assert {row["action"]: row["state"] for row in second["action_log"]} == {"press": "missed", "lock": "open"}


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (c.GiveAnswer("order", "teller", ("y", "x")), "Y → X"),
        (c.GiveAnswer("report", "guard", {"where": "hall", "what": "knife"}), "What: knife; Where: hall"),
    ],
)
def test_other_answers_have_words_too(command: c.GiveAnswer, text: str) -> None:
    play = Play(exercise().build()).start().release("knife").at("50s").do(command, Actor("seat", roles=(command.role,)))
    assert rows(play.plan, play.state, [play.last])["decision_log"][0]["decision"] == text


def test_there_is_a_row_for_every_inject_from_startex_and_none_before() -> None:
    play = Play(exercise().build(), pace="discussion")
    assert "inject_log" not in rows(play.plan, play.state, [play.last])
    play.start()
    made = rows(play.plan, play.state, [play.last])["inject_log"]
    assert {row["inject"]: row["status"] for row in made} == {
        "knife": "planned",
        "later": "planned",
        "aside": "set_aside",
        "reserve": "held",
        "end": "planned",
    }


def test_states_settle_at_endex_and_not_by_the_clock() -> None:
    play = Play(exercise().build()).start().release("knife").at("10m").decision("teller", "Stall")
    assert rebuilt(play)["action_log"]["press"]["state"] == "open"
    assert rebuilt(play)["action_log"]["count"]["state"] == "pending"
    play.end()
    changed = rows(play.plan, play.state, [play.last])
    assert {row["action"]: row["state"] for row in changed["action_log"]} == {
        "press": "no_record",
        "lock": "no_record",
        "count": "not_applicable",
        "tidy": "not_applicable",
    }
    assert {row["status"] for row in changed["inject_log"]} == {"released", "not_played"}


def test_the_score_is_null_until_ratings_are_locked() -> None:
    play = played_vector()
    before = Play.__new__(Play)
    before.exercise, before.entries, before.state = play.exercise, [], type(play.state)()
    for entry in play.entries[:-1]:
        before.take(entry)
    summary = rebuilt(before)["run_summary"][""]
    assert (summary["score"], summary["grade"], summary["evidence"]) == (None, None, 1.0)
    locked = rows(play.plan, play.state, [play.last])["run_summary"][0]
    assert locked["score"] == pytest.approx(56.9930556)
    assert (locked["grade"], locked["status"], locked["people"]) == ("poor", "draft", 5)


def test_a_retracted_decision_keeps_its_row_and_says_so() -> None:
    play = Play(exercise().build()).start().release("knife").at("50s").decision("teller", "Stall").take_back()
    assert rows(play.plan, play.state, [play.last]) == {"decision_log": [{"seq": 4, "latency_s": None, "retracted": True}]}
    row = rebuilt(play)["decision_log"][4]
    assert (row["decision"], row["retracted"]) == ("Stall", True)


def test_a_retracted_answer_gives_its_effects_back() -> None:
    play = Play(exercise().build()).start().release("knife").at("50s").answer("first", "teller", "press").take_back(reason="a slip")
    states = {row["action"]: row["state"] for row in rows(play.plan, play.state, [play.last])["action_log"]}
    assert states == {"press": "open", "lock": "open"}


def test_an_added_inject_that_is_taken_back_leaves_no_row() -> None:
    play = Play(exercise().build()).start().do(c.AddInject({"id": "extra", "at": "hold", "kind": "call", "title": "E", "text": "E."}))
    assert rows(play.plan, play.state, [play.last])["inject_log"][0]["inject"] == "extra"
    play.take_back()
    assert rows(play.plan, play.state, [play.last])["inject_log"] == [{"inject": "extra", "delete": True}]


def test_who_joins_after_an_added_inject_was_taken_back_moves_no_row_of_its_actions() -> None:
    expects = [{"id": "more", "title": "M", "by": "guard", "criticality": "major", "category": "notify", "objective": "alarm"}]
    play = Play(exercise().build()).start()
    play.do(c.AddInject({"id": "extra", "at": "hold", "kind": "call", "title": "E", "text": "E.", "expects": expects}))
    added = play.last
    play.do(c.MarkAction("more", "done", other_role="teller")).do(c.Retract(added))
    play.do(c.StaffRole("teller", "nobody"))
    assert "more" not in {row["action"] for row in rows(play.plan, play.state, [play.last])["action_log"]}


def test_what_is_kept_back_says_so_and_why_to_the_end() -> None:
    play = Play(exercise().build()).start().release("knife").do(c.KeepInjectBack("later", "the police wait"))
    assert rows(play.plan, play.state, [play.last]) == {"inject_log": [kept_row()]}
    play.take_back(reason="go on")
    assert [row["status"] for row in rows(play.plan, play.state, [play.last])["inject_log"]] == ["planned"]
    play.do(c.KeepInjectBack("later", "the police wait")).end("10m")
    assert rebuilt(play)["inject_log"]["later"] == kept_row()
    assert {row["status"] for row in rebuilt(play)["inject_log"].values()} == {"released", "kept_back", "not_played"}
    states = {name: row["state"] for name, row in rebuilt(play)["action_log"].items()}
    assert states["count"] == "not_applicable", "what it would have asked for counts for nothing"


def kept_row() -> dict[str, object]:
    row: dict[str, object] = {"inject": "later", "kind": "situation", "status": "kept_back", "reason": "the police wait"}
    return row | {"planned_s": 120.0, "released_s": None, "late_s": None, "released_by": None}


def test_what_was_kept_back_and_released_is_not_late() -> None:
    play = Play(exercise().build()).start().release("knife").do(c.KeepInjectBack("later", "the police wait")).at("9m").release("later")
    row = rows(play.plan, play.state, [play.last])["inject_log"][0]
    assert (row["status"], row["released_s"], row["late_s"], row["reason"]) == ("released", 540.0, None, None)
    assert row["released_by"] == "driver"


def test_a_whole_log_at_once_gives_whole_rows() -> None:
    play = Play(exercise().build()).start().release("knife").at("50s").decision("teller", "Stall").take_back().end("10m")
    tables = empty()
    put(tables, rows(play.plan, play.state, play.entries))
    assert tables == rebuilt(play)


def steps(rng: random.Random) -> c.Command:
    """Anything a room may ask for."""
    role = rng.choice(["teller", "guard"])
    said = rng.choice([None, rng.randrange(0, 200_000)])
    inject = rng.choice(["knife", "later", "aside", "reserve", "end", "extra"])
    extra = {"id": "extra", "at": "hold", "kind": "call", "title": "E", "text": "E."}
    extra["expects"] = [{"id": "more", "title": "M", "by": "guard", "criticality": "major", "category": "notify", "objective": "alarm"}]  # type: ignore[assignment]
    anything: list[c.Command] = [
        c.ReleaseInject(inject),
        c.ReleaseInject(inject),
        c.SkipInject(inject, overtaken=rng.random() < 0.5),
        c.DelayInject(inject),
        c.KeepInjectBack(inject, rng.choice(["", "why not"])),
        c.AddInject(extra),
        c.ShowHint("knife"),
        c.AcknowledgeInject("knife", role),
        c.GiveAnswer("first", role, (rng.choice(["press", "wait", "lock"]),), said_ms=said),
        c.GiveAnswer("first", role, (rng.choice(["press", "wait", "lock"]),), said_ms=said),
        c.GiveAnswer("order", "teller", ("y", "x"), said_ms=said),
        c.RecordDecision(role, "Do it", said_ms=said),
        c.MarkAction(rng.choice(["press", "lock", "count", "tidy", "more"]), rng.choice(["done", "missed", "no_record"]), said_ms=said),
        c.RecordBreach("chase", role, said_ms=said),
        c.AddNote("gap", "slow"),
        c.StaffRole(role, rng.choice(["people", "nobody", "control"])),
        c.SeatPerson(role, rng.choice(["Wu", "Li"])),
        c.Jump(rng.randrange(1, 60_000)),
        c.Pause(),
        c.Resume(),
        c.Resume(),
        c.Rate("E1", "alarm", "P"),
        c.CloseAsk("first"),
    ]
    return rng.choice(anything)


def steps_of_the_hands(rng: random.Random) -> c.Command:
    """What a room asks for whose people come and go and whose time runs out, among anything else."""
    role, other = rng.choice(["teller", "guard"]), rng.choice(["teller", "guard"])
    action = rng.choice(["press", "lock", "count", "tidy", "more"])
    anything: list[c.Command] = [
        c.CallRoll(tuple({role, other})),
        c.StaffRole(role, "with", other),
        c.StaffRole(role, rng.choice(["people", "nobody"])),
        c.MarkAction(action, rng.choice(["done", "missed"]), other_role=other, said_ms=rng.choice([None, rng.randrange(0, 200_000)])),
        c.FitPlan(tuple(rng.sample(["knife", "later", "aside"], 2)), (("later", -5_000),), talk_ms=120_000),
        c.Book(slot_ms=1_800_000),
    ]
    return rng.choice(anything) if rng.random() < 0.5 else steps(rng)


def random_play(seed: int, steps: Callable[[random.Random], c.Command] = steps) -> Play:
    rng = random.Random(seed)
    play = Play(exercise().build(), pace=rng.choice(["timed", "timed", "discussion"]))
    play.start()
    for _ in range(60):
        play.wait(rng.randrange(0, 20))
        try:
            if rng.random() < 0.2 and play.entries:
                play.take_back(rng.choice(play.entries), "a slip")
            elif rng.random() < 0.02:
                play.end()
            elif rng.random() < 0.3 and play.state.phase == "ended":
                play.do(c.Reopen("more") if rng.random() < 0.5 else c.LockRatings())
            else:
                play.do(steps(rng), rng.choice([DRIVER, DRIVER, DRIVER, evaluator("E1")]))
        except Refused:
            continue
    return play


@pytest.mark.parametrize("seed", [*range(150), 456, 904, 2134, 2536])
def test_rows_one_by_one_end_where_all_rows_do(seed: int) -> None:
    play = random_play(seed)
    assert without_status(followed(play)) == rebuilt(play)


@pytest.mark.parametrize("seed", range(150))
def test_rows_follow_who_is_there_and_what_is_cut(seed: int) -> None:
    play = random_play(seed, steps_of_the_hands)
    assert without_status(followed(play)) == rebuilt(play)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    home = tmp_path / "private"
    home.mkdir(mode=0o700)
    with Store.open(home / "store.db") as opened:
        yield opened


def test_a_live_run_keeps_its_views_in_step_with_its_log(store: Store) -> None:
    """Every entry is appended with its rows; at the end the store holds what the log adds up to."""
    loaded = load_exercise(WORKED_VECTOR)
    opened = begin(store, loaded.exercise, loaded.text, RunOptions(pace="timed", site="Qiaoxi"), rows=rows)
    conductor = opened.conductor
    for command in (
        c.Start(),
        c.ReleaseInject("knife"),
        c.RecordDecision("teller", "Stall", person="Li Wei"),
        c.MarkAction("silent-alarm", "done"),
        c.MarkAction("clear-hall", "missed"),
    ):
        conductor.dispatch(command)
    conductor.dispatch(c.Retract(conductor.entries[-1], "wrong key"))
    conductor.dispatch(c.End())
    conductor.dispatch(c.Rate("E1", "alarm", "P"), evaluator("E1"))
    conductor.dispatch(c.LockRatings())
    opened.close()
    expected = all_rows(conductor.plan, conductor.state, conductor.entries)
    assert expected["decision_log"]
    for view in ("decision_log", "inject_log", "action_log", "run_summary"):
        made = sorted(expected[view], key=lambda row: str(row.get(KEYS[view], "")))
        kept = store.view(view, conductor.run)
        assert [{name: row[name] for name in wanted} for row, wanted in zip(kept, made, strict=True)] == made, view
    assert store.view("run_summary", conductor.run)[0]["status"] == "draft"


def test_a_rehearsal_kept_whole_has_the_same_views(store: Store) -> None:
    made = rehearse(load_exercise(WORKED_VECTOR), WORKED_VECTOR_SCRIPT, seed=1, begin_ms=BEGIN_MS)
    run = keep(store, made, rows)
    summary = store.view("run_summary", run)[0]
    assert (summary["kind"], summary["grade"], summary["people"], summary["evidence"]) == ("rehearsal", "poor", 5, 1.0)
    assert {row["action"]: row["state"] for row in store.view("action_log", run)}["clear-hall"] == "missed"
    assert str(store.view("decision_log", run)[0]["decision"]).startswith("What happened: a man with a knife")
