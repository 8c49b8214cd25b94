"""What `tabletop station` and `tabletop room` hand over to the screens, and what they refuse before one is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tabletop import platform
from tabletop.conductor import begin, open_store
from tabletop.exercise.loading import load_exercise
from tabletop.tui import start_player

from .conftest import Cli

Asked = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Stands where the screens would open."""
    kept: Asked = []

    def opened(which: str, /, **what: Any) -> int:
        kept.append((which, what))
        return 0

    monkeypatch.setattr(platform, "no_screen_here", lambda: None)
    for name in ("run_station", "run_room"):
        monkeypatch.setattr(start_player, name, lambda _which=name, **what: opened(_which, **what))
    return kept


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli, home: str) -> str:
    """The id of a run that somebody has begun."""
    monkeypatch.chdir(tmp_path)
    assert cli("new", "bag").code == 0
    loaded = load_exercise(tmp_path / "exercises" / "bag.yaml")
    with open_store(Path(home) / "data" / "tabletop.db") as store:
        opened = begin(store, loaded.exercise, loaded.text)
        opened.close()
        return opened.conductor.run


def test_a_station_is_told_who_sits_there(cli: Cli, asked: Asked, run: str, home: str) -> None:
    assert cli("station", "latest", "--role", "teller", "--role", "3", "--name", "  Li\tWei ", "--quiet").code == 0
    [(name, what)] = asked
    assert name == "run_station"
    assert what == {
        "store": Path(home) / "data" / "tabletop.db",
        "language": "en",
        "run": run,
        "roles": ("teller", "3"),
        "name": "Li Wei",
        "private": False,
        "quiet": True,
    }


def test_one_seat_that_goes_from_hand_to_hand_may_have_a_name(cli: Cli, asked: Asked, run: str) -> None:
    assert cli("station", "latest", "--role", "teller", "--name", "Li Wei", "--private").code == 0
    [(_, what)] = asked
    assert (what["roles"], what["name"], what["private"]) == (("teller",), "Li Wei", True)


@pytest.mark.parametrize("roles", [(), ("--role", "teller", "--role", "3")])
@pytest.mark.parametrize(
    ("language", "words", "hint"), [("en", "Li Wei could be any", "exactly one --role"), ("zh-Hans", "无法确定 Li Wei", "只写一个 --role")]
)
def test_one_name_for_those_who_pass_a_terminal_round_is_refused(
    cli: Cli, asked: Asked, run: str, roles: tuple[str, ...], language: str, words: str, hint: str
) -> None:
    said = cli("station", "latest", *roles, "--name", "Li Wei", "--private", "--lang", language)
    assert said.code == 2
    assert words in said.err
    assert hint in said.err
    assert asked == []


def test_the_wall_is_told_where_it_hangs(cli: Cli, asked: Asked, run: str) -> None:
    assert cli("room", run[:8], "--site", "outlet", "--lang", "zh").code == 0
    [(name, what)] = asked
    assert (name, what["run"], what["site"], what["language"]) == ("run_room", run, "outlet", "zh-Hans")


@pytest.mark.parametrize("command", ["station", "room"])
def test_a_run_that_is_not_there_opens_no_screen(cli: Cli, asked: Asked, run: str, command: str) -> None:
    assert cli(command, "elsewhere").code == 3
    assert cli(command).code == 2
    assert asked == []


@pytest.mark.parametrize(
    "options", [("--evaluator", "--role", "teller"), ("--recorder", "--private"), ("--recorder", "--evaluator"), ("--lead", "--recorder")]
)
def test_a_screen_is_a_seat_or_an_evaluators_or_a_recorders(cli: Cli, asked: Asked, run: str, options: tuple[str, ...]) -> None:
    said = cli("station", "latest", *options)
    assert said.code == 2
    assert "one of them" in said.err
    assert asked == []


@pytest.mark.parametrize("command", ["station", "room"])
def test_without_a_terminal_it_names_the_plain_command(cli: Cli, run: str, command: str) -> None:
    said = cli(command, "latest")
    assert said.code == 2
    assert "tabletop follow latest" in said.err


@pytest.mark.parametrize(("language", "word"), [("en", "without http://"), ("zh-Hans", "前面不带 http://")])
def test_a_host_that_is_more_than_a_name_is_refused_and_leaves_no_address(cli: Cli, run: str, home: str, language: str, word: str) -> None:
    for given in ("drill.example:8765", "https://10.0.0.5"):
        said = cli("--lang", language, "serve", "latest", "--port", "0", "--host", given)
        assert (said.code, said.out) == (2, "")
        assert word in said.err
    with open_store(Path(home) / "data" / "tabletop.db") as store:
        assert store.seats.lobby(run).address == ""
