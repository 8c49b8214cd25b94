"""`tabletop follow` in a process of its own, while a console drives the run in this one."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tabletop import platform
from tabletop.cli.commands.follow import LOOK_S
from tabletop.conductor import Opened, RunOptions, begin, open_store
from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.exercise.loading import bind
from tabletop.scoring.projection import rows
from tests.canary import Canary, Watched, canary
from tests.signals import HEEDING

from .conftest import Cli

EXERCISE = Path(__file__).parents[2] / "exercises" / "armed-hostage.yaml"

WAIT_S = 20.0


class Follower:
    """`tabletop follow ARGUMENTS` with its lines in files."""

    def __init__(self, folder: Path, store: Path, *arguments: str) -> None:
        self.out, self.err = folder / f"{len(list(folder.iterdir()))}.out", folder / f"{len(list(folder.iterdir()))}.err"
        command = [sys.executable, "-m", "tabletop", "follow", *arguments, "--db", str(store)]
        with self.out.open("wb") as out, self.err.open("wb") as err:
            environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
            self.process = subprocess.Popen(command, stdout=out, stderr=err, env=environment, preexec_fn=HEEDING)

    @property
    def text(self) -> str:
        return self.out.read_text(encoding="utf-8")

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def see(self, text: str) -> float:
        """Waits until `text` was printed; seconds it took."""
        began = time.monotonic()
        while text not in self.text:
            assert time.monotonic() - began < WAIT_S, f"{text!r} was not printed:\n{self.text}\n{self.err.read_text('utf-8')}"
            assert self.process.poll() is None or text in self.text, self.err.read_text("utf-8")
            time.sleep(0.005)
        return time.monotonic() - began

    def end(self, number: int | None = None) -> int:
        """Its exit code, after a signal where one is given."""
        if number is not None:
            self.process.send_signal(number)
        return self.process.wait(WAIT_S)


def opened(store: Path, text: str, **options: str) -> Opened:
    """A run that is driven from this process."""
    exercise = bind(text, {})
    return begin(open_store(store), exercise, text, RunOptions(pace="timed", **options), rows=rows)  # type: ignore[arg-type]


@pytest.fixture
def marked() -> Canary:
    return canary(EXERCISE)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "runs.db"


@pytest.fixture
def driven(store: Path, marked: Canary) -> Iterator[Opened]:
    """A run that has begun."""
    made = opened(store, marked.text, language="en")
    made.conductor.dispatch(c.Start())
    yield made
    made.close()
    made.store.close()


Following = Callable[..., Follower]


@pytest.fixture
def following(tmp_path: Path, store: Path) -> Iterator[Following]:
    """`following("latest", "--json")` starts one that is gone when the test is."""
    folder = tmp_path / "lines"
    folder.mkdir()
    made: list[Follower] = []

    def follow(*arguments: str) -> Follower:
        made.append(Follower(folder, store, *arguments))
        return made[-1]

    yield follow
    for follower in made:
        follower.process.kill()
        follower.process.wait(WAIT_S)


def start(follower: Follower) -> Follower:
    follower.see("STARTEX")
    return follower


def test_lines_follow_what_another_process_records(driven: Opened, following: Following) -> None:
    follower = start(following("latest"))
    took = []
    for number in range(12):
        driven.conductor.dispatch(c.AddNote("note", f"number {number:03}"))
        took.append(follower.see(f"number {number:03}"))
    assert sorted(took)[len(took) // 2] < 1, took
    # How long a process is kept waiting is the machine's; how often this one looks is its own.
    assert LOOK_S <= 0.1 / 2
    assert follower.lines[0] == "0:00:00  run made, timed pace"
    assert all(line[:7].replace(":", "").isdigit() and line[7:9] == "  " for line in follower.lines)
    assert "\x1b" not in follower.text
    assert "Not for players" in follower.err.read_text("utf-8")
    assert follower.end(signal.SIGINT) == 130


def test_it_ends_once_the_ratings_are_locked(driven: Opened, following: Following) -> None:
    follower = start(following("latest"))
    driven.conductor.dispatch(c.End())
    follower.see("ENDEX")
    time.sleep(0.3)
    assert follower.process.poll() is None
    driven.conductor.dispatch(c.LockRatings())
    assert follower.end() == 0
    assert "ratings locked" in follower.text


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is noticed at the next line there")
def test_a_closed_pipe_ends_it_at_once(driven: Opened, store: Path) -> None:
    command = [sys.executable, "-m", "tabletop", "follow", "latest", "--db", str(store)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(WAIT_S) == 141


def test_json_is_one_object_a_line(driven: Opened, following: Following, marked: Canary) -> None:
    follower = following("latest", "--json")
    follower.see("exercise_started")
    driven.conductor.dispatch(c.ReleaseInject(marked.ids["knife-at-counter-2"]))
    follower.see("inject_released")
    seen = [json.loads(line) for line in follower.lines]
    assert {row["schema_version"] for row in seen} == {1}
    entries = [row for row in seen if "seq" in row]
    assert [row["seq"] for row in entries] == list(range(1, len(entries) + 1))
    assert entries[-1]["body"] == {**entries[-1]["body"], "inject": marked.ids["knife-at-counter-2"]}
    assert all(row["text"] for row in seen)
    assert follower.end(signal.SIGINT) == 130


def test_one_seats_lines_hold_what_its_view_gives_and_no_token_more(driven: Opened, following: Following, marked: Canary) -> None:
    """Every string of the exercise is a token: none is printed before, or without, the right of that seat."""
    ids, ask = marked.ids, driven.conductor.dispatch
    watched: list[tuple[Follower, Watched]] = []
    for role in ("teller-1", "security", "police"):
        for form in ((), ("--json",)):
            follower = following("latest", "--role", ids[role], *form)
            watched.append((follower, Watched(role, frozenset({ids[role]}), follower.out.read_bytes)))
    for follower, _ in watched:
        follower.see("STARTEX")
    happened: set[str] = set()
    noted = marked.typed("an evaluator's note")
    for inject in driven.conductor.plan.order[:9]:
        ask(c.ReleaseInject(inject.id, "the test wants it"))
        happened.add(f"released:{inject.id}")
        for one in inject.asks:
            for role_id in driven.conductor.plan.addressees(driven.conductor.state, inject, one)[:2]:
                if one.answer == "choice":
                    ask(c.GiveAnswer(one.id, role_id, (one.options[0].id,), rationale="a reason"))
        ask(c.AddNote("gap", noted), Actor("evaluator", "E1"))
        for action in inject.expects:
            ask(c.MarkAction(action.id, "done"), Actor("evaluator", "E1"))
        time.sleep(0.2)
        for _, seat in watched:
            seat.check(marked, happened)
    for objective in driven.conductor.exercise.objectives:
        ask(c.Rate("E1", objective.id, "S", noted), Actor("evaluator", "E1"))
    ask(c.End())
    for follower, seat in watched:
        follower.see("ENDEX")
        seen = seat.check(marked, happened)
        room = next(inject for inject in driven.conductor.plan.order[:9] if not inject.private)
        assert isinstance(room.title, dict)
        assert room.title["en"] in seen
        assert follower.end(signal.SIGINT) == 130
        assert not follower.err.read_text("utf-8").strip()


def test_an_unknown_role_is_named_with_a_suggestion(driven: Opened, store: Path, cli: Cli, marked: Canary) -> None:
    ran = cli("follow", "latest", "--role", marked.ids["teller-1"][:-1], "--db", str(store))
    assert ran.code == 3
    assert marked.ids["teller-1"][:-1] in ran.err
    assert ran.out == ""


def test_a_run_that_is_over_is_told_from_the_beginning_and_ends(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    script = Path(__file__).parents[1] / "scripts" / "atm-impostor-well.yaml"
    monkeypatch.setenv("TABLETOP_DB", str(tmp_path / "runs.db"))
    run = cli("rehearse", "atm-impostor", "--script", str(script), "--seed", "1").out.strip()
    ran = cli("follow", run)
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "0:46:00  ratings locked"
    seat = cli("follow", run, "--role", "guard")
    assert seat.code == 0
    assert seat.out.splitlines()[-1] == "0:46:00  ENDEX"
    assert "rated" not in seat.out
    assert cli("follow", run, "--role", "4").out == seat.out
    zh = cli("follow", run, "--role", "guard", "--lang", "zh-Hans")
    assert zh.out.splitlines()[-1] == "0:46:00  演练结束"


def test_whether_anybody_reads_is_known_without_a_write_but_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        assert not platform.reader_gone(stream)
        os.close(reader)
        if sys.platform != "win32":
            assert platform.reader_gone(stream)
        monkeypatch.setattr(sys, "platform", "win32")
        assert not platform.reader_gone(stream)
    assert not platform.reader_gone(io.StringIO())
