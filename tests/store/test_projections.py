"""Projections: the views of the public contract, and the rows behind them."""

from __future__ import annotations

import pytest

from tabletop.store import Store

from .ledgers import RUN, entry, make_run

CONTRACT = """
decision_log(run, seq, wall_time, exercise_s, role, person, inject, ask, decision, rationale, latency_s, amends, retracted)
inject_log(run, inject, kind, planned_s, released_s, late_s, status, reason, released_by)
action_log(run, action, objective, owner, criticality, deadline_s, state, latency_s, how, prompted, other_role, evidence_seq)
run_summary(run, kind, exercise, version, pace, subject, site, level, started, ended, people, score, grade, evidence, status)
improvement_plan(run, id, finding, action, element, severity, owner, due, status, verify_by, verified_by_run)
"""


@pytest.mark.parametrize("line", CONTRACT.strip().splitlines(), ids=lambda line: line.partition("(")[0])
def test_views_have_exactly_the_columns_of_the_contract(store: Store, line: str) -> None:
    name, _, columns = line.rstrip(")").partition("(")
    found = store.reader.execute(f"SELECT * FROM {name}").description
    assert [column[0] for column in found] == columns.split(", ")


def test_rows_are_upserted_column_by_column_and_deleted(store: Store) -> None:
    log = make_run(store, events=1)
    log.append([], expected_head=1, rows={"decision_log": [{"seq": 1, "role": "teller-1", "decision": "comply", "exercise_s": 40.5}]})
    log.append([], expected_head=1, rows={"decision_log": [{"seq": 1, "retracted": True}, {"seq": 2, "decision": "shout"}]})
    first, second = store.view("decision_log", RUN)
    assert (first["role"], first["decision"], first["exercise_s"], first["retracted"]) == ("teller-1", "comply", 40.5, 1)
    assert (second["seq"], second["role"]) == (2, None)
    log.append([], expected_head=1, rows={"decision_log": [{"seq": 1, "delete": True}]})
    assert [row["seq"] for row in store.view("decision_log")] == [2]


def test_every_table_takes_rows(store: Store) -> None:
    log = make_run(store)
    log.append(
        [entry(1)],
        expected_head=0,
        rows={
            "decision_log": [{"seq": 1, "wall_time": "2026-11-19T01:00:01.501Z", "amends": 0, "retracted": False}],
            "inject_log": [{"inject": "knife", "kind": "situation", "planned_s": 0.0, "status": "released", "late_s": -1.5}],
            "action_log": [{"action": "silent-alarm", "prompted": True, "other_role": "guard", "evidence_seq": 1}],
            "run_summary": [{"started": "2026-11-19T01:00:00.000Z", "people": 5, "pace": "timed"}],
            "improvement_plan": [{"id": "F1", "finding": "no alarm", "due": "2026-12-19", "status": "open"}],
        },
    )
    assert store.view("inject_log")[0]["late_s"] == -1.5
    action = store.view("action_log")[0]
    assert (action["prompted"], action["other_role"], action["evidence_seq"]) == (1, "guard", 1)
    assert store.view("improvement_plan")[0]["run"] == RUN
    summary = store.view("run_summary", RUN)[0]
    assert (summary["run"], summary["kind"], summary["exercise"], summary["people"], summary["status"]) == (
        RUN,
        "live",
        "armed-hostage",
        5,
        "open",
    )
    assert store.find_run(RUN).started == "2026-11-19T01:00:00.000Z"


def test_the_end_of_a_run_is_one_transaction(store: Store) -> None:
    log = make_run(store)
    log.append(
        [entry(1)], expected_head=0, rows={"run_summary": [{"ended": "2026-11-19T02:00:00.000Z", "status": "ended", "score": 56.99}]}
    )
    row = store.find_run(RUN)
    assert (row.status, row.ended, row.score) == ("ended", "2026-11-19T02:00:00.000Z", 56.99)


def test_rows_worked_out_anew_take_the_place_of_the_old_and_of_no_others(store: Store) -> None:
    log = make_run(store, events=1)
    other = make_run(store, "other", events=1)
    for each in (log, other):
        each.append(
            [], expected_head=1, rows={"inject_log": [{"inject": "a"}, {"inject": "b"}], "run_summary": [{"score": 50, "people": 3}]}
        )
    log.replace_rows({"inject_log": [{"inject": "c"}], "run_summary": [{"people": 4}]})
    assert [row["inject"] for row in store.view("inject_log", RUN)] == ["c"]
    assert [row["inject"] for row in store.view("inject_log", "other")] == ["a", "b"]
    assert (store.find_run(RUN).score, store.find_run(RUN).people) == (None, 4)
    assert store.find_run("other").score == 50
    assert store.find_run(RUN).status == "open"


def test_the_programmes_log_keeps_the_plans_of_other_runs(store: Store) -> None:
    make_run(store)
    programme = make_run(store, "programme")
    programme.append([entry(1)], expected_head=0, rows={"improvement_plan": [{"run": RUN, "id": "F1", "status": "open"}]})
    programme.append([entry(2)], expected_head=1, rows={"improvement_plan": [{"run": RUN, "id": "F1", "status": "done"}]})
    assert [(row["run"], row["status"]) for row in store.view("improvement_plan")] == [(RUN, "done")]
    programme.replace_rows({"improvement_plan": [{"run": RUN, "id": "F2"}]})
    assert [row["id"] for row in store.view("improvement_plan", RUN)] == ["F2"]


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ({"decision_logs": [{"seq": 1}]}, KeyError),
        ({"decision_log": [{"decision": "no key"}]}, ValueError),
        ({"decision_log": [{"seq": 1, "decision) VALUES (1); --": 1}]}, ValueError),
        ({"run_summary": [{"exercise_json": "{}"}]}, ValueError),
    ],
)
def test_rows_that_the_contract_does_not_know_are_a_fault(
    store: Store, rows: dict[str, list[dict[str, object]]], error: type[Exception]
) -> None:
    log = make_run(store)
    with pytest.raises(error):
        log.append([entry(1)], expected_head=0, rows=rows)
    assert log.head == 0
