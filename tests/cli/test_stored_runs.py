"""rehearse, runs, log, verify, debrief: a run from a script to its document."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tabletop.cli.commands.log import csv_lines
from tabletop.errors import Exit
from tabletop.store import Store
from tabletop.store.schema import PROJECTIONS

from .conftest import Cli

SCRIPT = """\
exercise: bag
pace: timed
people: {teller: {A: Li Wei}}
steps:
  - {at: 20s, role: guard, ask: first-move, choose: [clear-the-space], rationale: keep calm}
  - {at: 50s, action: tell-the-manager, state: done}
  - {at: 2m, decide: {role: manager, text: "=HYPERLINK(1)", rationale: police are coming}}
  - {at: 3m, decide: {role: manager, text: a slip of the tongue}}
  - {at: 3m, undo: misheard}
end: 25m
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli) -> Path:
    """A folder with one exercise and a script for it."""
    monkeypatch.chdir(tmp_path)
    assert cli("new", "bag").code == 0
    (tmp_path / "script.yaml").write_text(SCRIPT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(project: Path, cli: Cli) -> str:
    """A rehearsed run in the store of this test."""
    ran = cli("rehearse", "bag", "--script", "script.yaml", "--seed", "1")
    assert ran.code == 0
    return ran.out.strip()


def test_the_sample_script_is_right(cli: Cli, project: Path) -> None:
    assert cli("check", "--strict", "script.yaml").out == ""


def test_rehearse_prints_the_id_of_a_stored_run(cli: Cli, run: str) -> None:
    assert run.startswith("bag-")
    rows = json.loads(cli("runs", "--json").out)["runs"]
    assert [(row["run"], row["kind"], row["status"]) for row in rows] == [(run, "rehearsal", "draft")]


def test_rehearse_json_is_the_summary(cli: Cli, project: Path) -> None:
    told = json.loads(cli("rehearse", "bag", "--script", "script.yaml", "--json").out)["run"]
    assert {
        "run",
        "kind",
        "exercise",
        "version",
        "pace",
        "started",
        "ended",
        "people",
        "score",
        "grade",
        "evidence",
        "status",
    } <= told.keys()
    assert (told["exercise"], told["pace"], told["subject"]) == ("bag", "timed", "explosive")
    assert told["score"] == round(told["score"], 2)


def test_a_step_that_cannot_happen_stores_nothing(cli: Cli, project: Path, home: str) -> None:
    (project / "script.yaml").write_text(SCRIPT.replace("ask: first-move", "ask: may-he-come"), encoding="utf-8")
    ran = cli("rehearse", "bag", "--script", "script.yaml")
    assert (ran.code, ran.out) == (Exit.PROBLEMS, "")
    assert "script.yaml:5:" in ran.err
    assert not list(Path(home).rglob("*.db"))


def test_a_machine_without_runs_has_none_and_a_named_store_must_be_there(cli: Cli, home: str, tmp_path: Path) -> None:
    empty = cli("runs")
    assert (empty.code, empty.out) == (0, "")
    assert "tabletop run" in empty.err
    assert json.loads(cli("runs", "--json").out)["runs"] == []
    assert not any(Path(home).iterdir())
    assert cli("runs", "--db", str(tmp_path / "none.db")).code == Exit.NOT_FOUND
    assert cli("log", "latest").code == Exit.NOT_FOUND


def test_runs_lists_the_newest_first_and_ranks_nobody(cli: Cli, run: str) -> None:
    second = cli("rehearse", "bag", "--script", "script.yaml").out.strip()
    lines = cli("runs").out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [second, run]
    assert "score" not in lines[0]
    assert "0:25:00" in lines[1]


def test_log_shows_who_decided_what_and_why(cli: Cli, run: str) -> None:
    lines = cli("log", run).out.splitlines()
    assert lines[0] == "0:00:20  G     Ask people to step back and stand where the bag can be seen (why: keep calm)"
    assert lines[1].startswith("0:02:00  BM")
    assert "[taken back] a slip of the tongue" in lines[2]
    assert cli("log", run[:-2]).out.splitlines() == lines
    assert cli("log", "latest").out.splitlines() == lines


@pytest.mark.parametrize(("language", "words"), [("en", "Facts: a bag; next report at 0:31:00"), ("zh-Hans", "a bag；下次报告：0:31:00")])
def test_log_says_when_the_next_report_comes(cli: Cli, project: Path, language: str, words: str) -> None:
    plan = project / "exercises" / "bag.yaml"
    asked = "id: first-report\n        to: [manager]\n        question: What do you report?\n        answer: report\n"
    asked += "        elements: [{id: fact, title: Facts}]\n"
    plan.write_text(plan.read_text(encoding="utf-8").replace("    asks:\n", f"    asks:\n      - {asked}", 1), encoding="utf-8")
    step = "  - {at: 1m, role: manager, ask: first-report, report: {fact: a bag}, person: Zhao, next: 30m}\n"
    script = project / "script.yaml"
    script.write_text(SCRIPT.replace("  - {at: 2m", f"{step}  - {{at: 2m", 1), encoding="utf-8")
    assert cli("rehearse", "bag", "--script", "script.yaml", "--lang", language).code == 0
    assert words in cli("log", "latest", "--lang", language).out


def test_log_json_has_the_columns_of_the_view(cli: Cli, run: str) -> None:
    rows = json.loads(cli("log", run, "--json").out)["log"]
    assert [tuple(row) for row in rows] == [PROJECTIONS["decision_log"].columns] * 3
    assert [row["retracted"] for row in rows] == [False, False, True]


def test_log_csv_is_no_formula(cli: Cli, run: str) -> None:
    rows = list(csv.DictReader(cli("log", run, "--csv").out.splitlines()))
    assert [row["decision"] for row in rows][1] == "'=HYPERLINK(1)"
    assert rows[0]["rationale"] == "keep calm"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    [_, line] = csv_lines([{"a": f"{start}1+1", "b": 2, "c": None, "d": "two\nlines, and \x1b a comma"}])
    assert next(csv.reader([line])) == [f"'{start}1+1", "2", "", "two lines, and \ufffd a comma"]


def test_log_events_are_all_there_in_order(cli: Cli, run: str) -> None:
    events = json.loads(cli("log", run, "--events", "--json").out)["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert {"run_created", "exercise_started", "answer_given", "decision_made", "retracted"} <= {event["kind"] for event in events}
    assert len(cli("log", run, "--events").out.splitlines()) == len(events)


def test_log_takes_one_form_at_a_time(cli: Cli, run: str) -> None:
    assert cli("log", run, "--json", "--csv").code == Exit.USAGE


def test_verify_holds_and_names_what_was_altered(cli: Cli, run: str, home: str) -> None:
    whole = cli("verify", run)
    assert whole.code == 0
    told = json.loads(cli("verify", run, "--json").out)["verify"]
    assert (told["ok"], told["verdict"], told["seq"]) == (True, "intact", None)
    paper = f"{told['events']}:{told['head'][:16]}"
    assert cli("verify", run, "--head", paper).code == 0
    assert cli("verify", run, "--head", f"{told['events']}:{'0' * 16}").code == Exit.DAMAGED
    [path] = Path(home).rglob("tabletop.db")
    with sqlite3.connect(path) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE event SET body = replace(body, 'keep calm', 'panic') WHERE kind = 'answer_given'")
    connection.close()
    assert cli("verify", run).code == Exit.DAMAGED


def test_an_unknown_run_is_exit_3_with_the_nearest(cli: Cli, run: str) -> None:
    ran = cli("log", run[:-1] + "z")
    assert ran.code == Exit.NOT_FOUND
    assert run in ran.err


def test_a_newer_store_is_exit_7_and_another_file_is_exit_3(cli: Cli, run: str, home: str, tmp_path: Path) -> None:
    [path] = Path(home).rglob("tabletop.db")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    for arguments in (["runs"], ["log", run], ["verify", run], ["debrief", run, "--format", "md"]):
        assert cli(*arguments).code == Exit.NEWER
    (tmp_path / "notes.txt").write_text("not a store", encoding="utf-8")
    assert cli("runs", "--db", str(tmp_path / "notes.txt")).code == Exit.NOT_FOUND


def test_debrief_writes_documents_without_a_screen(cli: Cli, run: str, project: Path) -> None:
    assert "# Debrief" in cli("debrief", run, "--format", "md").out
    assert json.loads(cli("debrief", run, "--format", "json").out)["run"]["id"] == run
    for name, start in (("debrief.md", "**"), ("debrief.json", "{")):
        ran = cli("debrief", run, "-o", name)
        assert (ran.code, ran.out) == (0, "")
        assert (project / name).read_text(encoding="utf-8").startswith(start)
    assert "演练评估报告" in cli("debrief", run, "--format", "md", "--lang", "zh-Hans").out


def test_debrief_of_one_run_is_the_same_bytes_each_time(cli: Cli, run: str, project: Path) -> None:
    cli("debrief", run, "-o", "a.md")
    cli("debrief", run, "-o", "b.md")
    assert (project / "a.md").read_bytes() == (project / "b.md").read_bytes()


def test_an_unknown_format_names_those_there_are(cli: Cli, run: str, project: Path) -> None:
    for arguments in (["--format", "jsno"], ["-o", "debrief.pdf"]):
        ran = cli("debrief", run, *arguments)
        assert (ran.code, ran.out) == (Exit.USAGE, "")
        assert "md, json" in ran.err
    assert not (project / "debrief.pdf").exists()


def test_a_document_that_cannot_be_written_leaves_the_old_one(cli: Cli, run: str, project: Path) -> None:
    (project / "folder").mkdir()
    (project / "folder" / "x").touch()
    ran = cli("debrief", run, "--format", "md", "-o", "folder")
    assert ran.code == Exit.NO_SPACE
    assert [path.name for path in project.iterdir() if path.name.startswith(".")] == []
    assert cli("debrief", run, "--format", "md", "-o", "no/such/folder.md").code == Exit.NO_SPACE


@pytest.mark.parametrize("arguments", [["debrief"], ["run"]], ids=" ".join)
def test_a_screen_without_a_terminal_names_the_plain_command(cli: Cli, run: str, arguments: list[str]) -> None:
    ran = cli(*arguments, run if arguments == ["debrief"] else "bag")
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert "tabletop " in ran.err


def test_reading_a_run_changes_nothing(cli: Cli, run: str, home: str) -> None:
    [path] = Path(home).rglob("tabletop.db")
    before = path.read_bytes()
    for arguments in (["runs"], ["log", run], ["log", run, "--events"], ["verify", run], ["debrief", run, "--format", "md"]):
        assert cli(*arguments).code == 0
    assert path.read_bytes() == before
    with Store.open(path, create=False) as store:
        assert [row.id for row in store.runs()] == [run]


NO_NETWORK = """
import shlex, sys
def tell(event, arguments):
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"}:
        print("NETWORK", event, arguments, file=sys.stderr)
sys.addaudithook(tell)
from tabletop.cli.entry import run
for line in sys.argv[1:]:
    print("ENDED", run(shlex.split(line)), line, file=sys.stderr)
"""

EVERY = (
    *("list", "list --injects", "show bag --facilitator", "check exercises", "new other", "schema", "doctor", "--version -v"),
    *("rehearse bag --script script.yaml", "runs", "log latest", "verify latest", "debrief latest --format md"),
)


def test_no_command_touches_the_network(project: Path) -> None:
    done = subprocess.run([sys.executable, "-c", NO_NETWORK, *EVERY], capture_output=True, text=True, encoding="utf-8", check=True)
    told = [line for line in done.stderr.splitlines() if line.startswith(("NETWORK", "ENDED"))]
    assert told == [f"ENDED 0 {line}" for line in EVERY]
