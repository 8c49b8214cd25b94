"""What the command line hands to the screens, and what it makes of how they end."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tabletop import platform
from tabletop.conductor import RunOptions
from tabletop.errors import Exit, TabletopError
from tabletop.store import Store
from tabletop.tui import start
from tabletop.words import Words

from .conftest import Cli


class Screens:
    """Stands where the screens would open: keeps what they were asked for, ends as told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.ends: int | Exception = 0

    def opened(self, name: str, **asked: Any) -> int:
        self.asked.append((name, asked))
        if isinstance(self.ends, Exception):
            raise self.ends
        return self.ends


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch) -> Screens:
    made = Screens()
    monkeypatch.setattr(platform, "no_screen_here", lambda: None)
    for name in ("run_console", "run_start", "run_debrief"):
        monkeypatch.setattr(start, name, lambda _name=name, **asked: made.opened(_name, **asked))
    return made


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli) -> Path:
    monkeypatch.chdir(tmp_path)
    assert cli("new", "bag").code == 0
    return tmp_path


def test_alone_it_opens_the_start_screen(cli: Cli, screens: Screens, home: str) -> None:
    assert cli().code == 0
    [(name, asked)] = screens.asked
    assert (name, asked["store"], asked["language"]) == ("run_start", Path(home) / "data" / "tabletop.db", "en")


def test_run_settles_what_was_asked_for(cli: Cli, screens: Screens, project: Path) -> None:
    (project / "people.yaml").write_text("teller: {A: ' Li  Wei '}\nguard: {A: 王芳, B: 7}\n", encoding="utf-8")
    line = [
        "run",
        "bag",
        "--pace",
        "timed",
        "--speed",
        "2",
        "--auto",
        "--set",
        "branch=North = best",
        "--site",
        "Qiaoxi",
        "--level",
        "outlet",
    ]
    assert cli(*line, "--people", "people.yaml", "--quiet", "--lang", "zh", "--db", "other.db").code == 0
    [(name, asked)] = screens.asked
    assert name == "run_console"
    assert (asked["exercise"], asked["store"], asked["language"], asked["quiet"]) == (
        Path.cwd() / "exercises" / "bag.yaml", Path("other.db"), "zh-Hans", True,
    )  # fmt: skip
    assert asked["options"] == RunOptions(
        pace="timed",
        language="zh-Hans",
        site="Qiaoxi",
        level="outlet",
        auto=True,
        speed=2.0,
        parameters={"branch": "North = best"},
        people={"teller": {"A": "Li Wei"}, "guard": {"A": "王芳", "B": "7"}},
    )


@pytest.mark.parametrize("arguments", [["bag"], ["--resume", "latest"]], ids=" ".join)
def test_a_store_on_a_network_drive_is_warned_of_once_before_the_console(
    cli: Cli, screens: Screens, project: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    with Store.open(project / "runs.db") as store:
        store.create_run("bag-1", kind="live", exercise_id="bag", exercise_json="{}", title="Bag", created_ms=0)
    assert cli("run", *arguments, "--db", "runs.db").err == ""
    asked_for: list[Path] = []

    def remote(path: Path) -> str:
        asked_for.append(path)
        return "nfs4"

    monkeypatch.setattr(platform, "network_drive", remote)
    told = cli("run", *arguments, "--db", "runs.db").err
    assert asked_for == [Path("runs.db")]
    assert told.count("runs.db (nfs4)") == 1
    assert Words("en")("doctor.network-drive") in told
    assert len(screens.asked) == 2


def test_a_run_is_discussed_unless_said(cli: Cli, screens: Screens, project: Path) -> None:
    assert cli("run", "bag").code == 0
    assert screens.asked[0][1]["options"] == RunOptions(pace="discussion", language="en")


def test_a_booked_room_is_planned_by_its_length_or_its_end(cli: Cli, screens: Screens, project: Path) -> None:
    assert cli("run", "bag", "--slot", "45m").code == 0
    soon = datetime.now().astimezone() + timedelta(hours=2)
    assert cli("run", "bag", "--until", f"{soon:%H:%M}").code == 0
    slot, until = (asked["options"] for _, asked in screens.asked)
    assert (slot.slot_ms, slot.until_wall_ms) == (45 * 60_000, 0)
    assert until.slot_ms == 0
    assert 0 <= soon.timestamp() * 1000 - until.until_wall_ms < 60_000


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["bag", "--slot", "10m"], Exit.USAGE, "15 minutes"),
        (["bag", "--slot", "half"], Exit.USAGE, "'half'"),
        (["bag", "--until", "24:00"], Exit.USAGE, "'24:00'"),
        (["bag", "--until", "15:40", "--slot", "30m"], Exit.USAGE, "--until"),
        (["--resume", "latest", "--slot", "30m"], Exit.USAGE, "--slot"),
        (["bag", "--set", "nope=1"], Exit.USAGE, "'nope'"),
        (["bag", "--set", "branch"], Exit.USAGE, "NAME=VALUE"),
        (["bag", "--speed", "0"], Exit.USAGE, "60"),
        (["bag", "--speed", "nan"], Exit.USAGE, "60"),
        (["bag", "--pace", "slow"], Exit.USAGE, "'discussion', 'timed'"),
        (["bag", "--people", "none.yaml"], Exit.NOT_FOUND, "none.yaml"),
        (["bags"], Exit.NOT_FOUND, "'bag'"),
        ([], Exit.USAGE, "--resume"),
        (["bag", "--resume", "latest"], Exit.USAGE, "--resume"),
        (["--practice"], Exit.USAGE, "--resume"),
        (["--resume", "latest", "--practice"], Exit.USAGE, "--practice"),
        (["bag", "--practice", "--people", "people.yaml"], Exit.USAGE, "--people"),
        (["--resume", "latest", "--pace", "timed"], Exit.USAGE, "--pace"),
        (["--resume", "latest", "--set", "a=b"], Exit.USAGE, "--set"),
        (["--resume", "latest"], Exit.NOT_FOUND, "tabletop.db"),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_told_before_a_screen_opens(
    cli: Cli, screens: Screens, project: Path, arguments: list[str], code: Exit, told: str
) -> None:
    ran = cli("run", *arguments)
    assert (ran.code, ran.out, screens.asked) == (code, "", [])
    assert told in ran.err


def test_a_practice_run_is_asked_for_as_one(cli: Cli, screens: Screens, project: Path) -> None:
    assert cli("run", "bag", "--practice", "--slot", "45m").code == 0
    assert cli("run", "bag").code == 0
    assert [asked["kind"] for _, asked in screens.asked] == ["practice", "live"]
    assert screens.asked[0][1]["options"].slot_ms == 45 * 60_000


def test_every_problem_of_a_people_file_has_its_line(cli: Cli, screens: Screens, project: Path) -> None:
    (project / "people.yaml").write_text("teler: {A: X}\nguard: Li\nmanager: {C: Y}\nteller: {A: [a]}\n", encoding="utf-8")
    ran = cli("run", "bag", "--people", "people.yaml")
    assert (ran.code, screens.asked) == (Exit.PROBLEMS, [])
    lines = [line for line in ran.err.splitlines() if line.startswith("people.yaml:")]
    assert [line.split(":")[1] for line in lines] == ["1", "2", "3", "4"]
    assert "'teller'" in lines[0]


@pytest.mark.parametrize("text", ["", "- a\n", "x: [", "# nothing\n"])
def test_a_people_file_that_is_no_map_is_told(cli: Cli, screens: Screens, project: Path, text: str) -> None:
    (project / "people.yaml").write_text(text, encoding="utf-8")
    assert cli("run", "bag", "--people", "people.yaml").code == Exit.PROBLEMS


@pytest.mark.parametrize("code", [0, 143, 129])
def test_the_exit_code_of_the_screen_is_that_of_the_program(cli: Cli, screens: Screens, project: Path, code: int) -> None:
    screens.ends = code
    assert cli("run", "bag").code == code


def test_what_kept_a_run_from_opening_is_worded(cli: Cli, screens: Screens, project: Path) -> None:
    screens.ends = TabletopError("store.no-space", exit_code=Exit.NO_SPACE, path="x.db")
    ran = cli("run", "bag")
    assert ran.code == Exit.NO_SPACE
    assert "x.db" in ran.err


def test_debrief_without_a_format_opens_the_screen_of_that_run(cli: Cli, screens: Screens, project: Path) -> None:
    (project / "script.yaml").write_text("exercise: bag\nsteps:\n  - {at: 1s, action: keep-distance, state: done}\n", encoding="utf-8")
    run = cli("rehearse", "bag", "--script", "script.yaml").out.strip()
    assert cli("debrief", "latest", "--lang", "zh-Hans").code == 0
    [(name, asked)] = screens.asked
    assert (name, asked["run"], asked["language"]) == ("run_debrief", run, "zh-Hans")
    assert cli("debrief", "nothing-like-it").code == Exit.NOT_FOUND
