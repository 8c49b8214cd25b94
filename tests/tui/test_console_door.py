"""Codes, devices, the lobby, who sits where: everything under `w`, by digits, enter, arrows and esc."""

from __future__ import annotations

import errno
import os
import random
import stat
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import pytest
from textual.app import App

from tabletop import platform
from tabletop.conductor import Conductor
from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.plan import Plan
from tabletop.engine.state import State
from tabletop.errors import TabletopError
from tabletop.text import cells
from tabletop.tui.crowd import Crowd, Device
from tabletop.tui.screens.panels.code import CodePanel
from tabletop.tui.screens.panels.door import NO_CODE, LobbyPanel, reserved
from tabletop.tui.widgets.digits import glyphs
from tabletop.web.cards import cards_page

from .conftest import SIZES, FakeTime, MemorySource, Stage, StageMaker
from .exercises import bank
from .test_console_room import branches, crowd, seen

CODE = "7K2M-9QXD"
"""What the run in memory gives for every seat."""


def events(on: Stage, kind: type[Any]) -> list[Any]:
    return [entry.event for entry in on.source.log.entries if isinstance(entry.event, kind)]


def codes(on: Stage) -> list[str]:
    return [code.seat for code in on.source.there.codes]


# Codes.


async def test_a_code_is_shown_once_and_only_after_somebody_says_that_nobody_else_looks(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await seen(on, crowd())
        await on.press("w", "f4", "1", "5")
        assert "a projector may mirror this" in on.text
        assert not isinstance(on.app.screen, CodePanel)
        await on.press("1")
        assert codes(on) == ["seat:teller"], "nothing was made"
        await on.press("1", "5", "2")
        assert codes(on) == ["seat:security"]
        assert isinstance(on.app.screen, CodePanel)
        assert CODE in on.text
        assert "Code for Security department" in on.text
        assert glyphs("7K2M")[0] in on.text
        assert "█▀▀▀▀▀█" in on.text, "the QR of the address"
        await on.press("enter")
        assert CODE not in on.text
        assert isinstance(on.app.screen, LobbyPanel)
        assert all(CODE not in str(entry) for entry in on.source.log.entries), "no code in the log"


async def test_a_code_without_a_server_says_how_there_would_be_a_qr(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("w", "f4", "1", "1", "2")
        assert CODE in on.text
        assert "--lan" in on.text
        assert "█▀▀▀▀▀█" not in on.text
        await seen(on, crowd())
        assert "█▀▀▀▀▀█" in on.text, "the server came up meanwhile"


@pytest.mark.parametrize(("language", "only"), [("en", "on this computer only"), ("zh-Hans", "仅限本机")])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_server_for_this_computer_alone_is_called_that_and_what_phones_need_is_said(
    stage: StageMaker, language: str, size: tuple[int, int], only: str
) -> None:
    async with stage(bank(), size=size, language=language) as on:
        await seen(on, Crowd(own_address="http://127.0.0.1:8765"))
        await on.press("w", "f4")
        told = "".join(on.text.split())
        for part in (only, "http://127.0.0.1:8765", f"tabletop serve {on.app.desk.run} --lan"):
            assert "".join(part.split()) in told.replace("│", ""), part
        await on.press("1", "1", "2")
        assert "".join(only.split()) in "".join(on.text.split())
        assert "█▀▀▀▀▀█" not in on.text, "no phone gets there"


@pytest.mark.parametrize(("language", "only"), [("en", "on this computer only, at"), ("zh-Hans", "仅限本机使用")])
async def test_the_briefing_says_so_too(stage: StageMaker, language: str, only: str) -> None:
    async with stage(bank(), first="briefing", started=False, size=(80, 40), language=language) as on:
        await seen(on, Crowd(own_address="http://127.0.0.1:8765"))
        await on.press("end")
        assert [("http://127.0.0.1:8765" in row) for row in on.text.splitlines() if only in row] == [True]
        await seen(on, Crowd())
        assert "127.0.0.1" not in on.text


async def test_the_viewer_code_needs_no_dark_screen(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("w", "f4", "3")
        assert codes(on) == ["viewer"]
        assert "For the whole room" in on.text


async def test_no_code_is_ever_made_where_players_look(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("w", "f4", "1", "1", "2")
        assert CODE in on.text
        await on.press("escape", "escape", "escape", "t", "1")
        assert on.app.faces_players
        assert CODE not in on.text
        on.app.push_screen(CodePanel("seat:teller", CODE))
        await on.settle()
        assert CODE not in on.text


async def test_codes_for_evaluators_recorders_sites_and_control(stage: StageMaker) -> None:
    async with stage(branches(), size=(80, 24)) as on:
        await on.press("w", "f4", "1", "0", "1", "2")
        assert codes(on) == ["control:police"]
        await on.press("escape", "1", *["up"] * 6, "enter")
        assert "The evaluator's name" in on.text
        await on.type("Li Wei")
        await on.press("enter", "2")
        assert codes(on) == ["evaluator:Li Wei"]
        await on.press("escape", "1", *["up"] * 4, "enter")
        await on.type("记录员甲")
        await on.press("enter", "2")
        assert codes(on) == ["recorder:记录员甲"]
        await on.press("escape", "1", *["up"] * 3, "enter", "2")
        assert codes(on) == ["site:outlet"]


async def test_several_roles_are_put_on_one_device(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("w", "f4", "1", "down", "right", "down", "right")
        assert "One device for 2 roles: T1, SG" in on.text
        await on.press("enter", "2")
        assert codes(on) == ["seat:teller+guard"]


async def test_all_codes_go_to_a_page_that_only_its_owner_reads(stage: StageMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made: list[Mapping[str, str]] = []

    def page(plan: Plan, state: State, given: Mapping[str, str], address: str) -> str:
        if NO_CODE not in given.values():
            made.append(given)
        return f"{address} {sorted(given.items())}"

    async with stage(branches(), size=(80, 24)) as on:
        on.app.make_cards = page
        await on.press("w", "f4", "2")
        assert not made, "without a server cards would lead nowhere"
        await seen(on, crowd())
        for number in (1, 2):
            await on.press("2", "2")
            assert len(made) == number
        first = made[0]
        assert "seat:teller" not in first, "its code was used: it has its device"
        assert {"seat:manager", "control:police", "site:outlet", "site:centre", "viewer"} <= first.keys()
    pages = sorted(os.listdir(tmp_path))
    assert pages == ["run-1-cards-2.html", "run-1-cards.html"], "an older page is never written over"
    for name, given in zip(reversed(pages), made, strict=True):
        assert (tmp_path / name).read_text("utf-8") == f"http://192.168.1.5:8000 {sorted(given.items())}"
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "run-1-cards.html").stat().st_mode) == 0o600


def read_only(path: Path) -> IO[str]:
    raise OSError(errno.EROFS, "Read-only file system", str(path))


def full(path: Path) -> IO[str]:
    path.touch()
    return open("/dev/full", "w", encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="a disk that is full is Linux's /dev/full")
@pytest.mark.parametrize(("created", "why"), [(read_only, "Read-only file system"), (full, "No space left on device")])
async def test_where_the_page_cannot_be_written_the_codes_that_people_hold_go_on_working(
    stage: StageMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, created: Callable[[Path], IO[str]], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(platform, "create_private", created)
    async with stage(bank(), size=(80, 24), notifications=True) as on:
        on.app.make_cards = lambda plan, state, given, address: str(given)
        await seen(on, crowd())
        held = codes(on)
        await on.press("w", "f4", "2", "2")
        assert codes(on) == held
        assert why in " ".join(on.text.split())
    assert os.listdir(tmp_path) == []


def test_before_any_code_is_new_there_is_room_for_a_page_with_whichever_they_will_be(tmp_path: Path) -> None:
    conductor, dice = MemorySource(bank(), FakeTime()).conductor, random.Random(7)

    def page_with(code: Callable[[], str], number: int) -> str:
        seats = [f"seat:{role.id}" for role in conductor.exercise.roles[:number]]
        return cards_page(conductor.plan, conductor.state, {seat: code() for seat in seats}, "http://192.168.1.5:8000")

    def any_code() -> str:
        return "-".join("".join(dice.choices("23456789ABCDEFGHJKMNPQRSTUVWXYZ", k=4)) for _ in range(2))

    for number in (1, 8):
        path = tmp_path / f"{number}.html"
        reserved(path, page_with(lambda: NO_CODE, number)).close()
        assert max(len(page_with(any_code, number).encode()) for _ in range(30)) <= path.stat().st_size


async def test_a_page_of_cards_is_made_beside_the_screens_which_go_on(
    stage: StageMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    at: list[threading.Thread] = []

    def page(plan: Plan, state: State, given: Mapping[str, str], address: str) -> str:
        at.append(threading.current_thread())
        return str(given)

    async with stage(bank(), size=(80, 24)) as on:
        on.app.make_cards = page
        await seen(on, crowd())
        await on.press("w", "f4", "2", "2")
    assert len(at) == 2
    assert threading.main_thread() not in at


async def test_where_no_codes_are_made_no_page_is_left(stage: StageMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def none_made(seats: Sequence[str]) -> dict[str, str]:
        raise TabletopError("store.in-use", path="here")

    async with stage(bank(), size=(80, 24), notifications=True) as on:
        on.app.make_cards = lambda plan, state, given, address: str(given)
        on.source.new_codes = none_made
        await seen(on, crowd())
        await on.press("w", "f4", "2", "2")
        assert "keeps the store here busy" in " ".join(on.text.split())
    assert os.listdir(tmp_path) == []


# The lobby.


async def test_the_lobby_counts_hellos_is_locked_and_falls_back_to_paper_by_one_key_each(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await seen(on, crowd())
        await on.press("w")
        assert "3 phones have said hello" in on.text
        await on.press("up", "enter")
        assert "Join at http://192.168.1.5:8000" in on.text
        assert "4 at devices · 1 away" in on.text
        await on.press("5")
        assert on.source.there.locked
        await on.follow(0.1)
        assert "LOBBY LOCKED" in on.text
        await on.press("5", "6")
        assert (on.source.there.locked, on.source.there.paper) == (False, True)
        await on.follow(0.1)
        assert "PAPER CARDS" in on.text
        await on.press("escape", "escape")
        assert "away" not in on.text, "on paper no device is awaited"


async def test_a_browser_is_sent_out_and_a_terminal_is_not(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24), notifications=True) as on:
        await seen(on, crowd())
        await on.press("w", "f4", "4")
        told = on.text
        assert "● Branch manager" in told
        assert "Chen Min" in told
        assert "○ Guard" in told
        assert "◇ Press office" in told
        assert "● Evaluator Li Wei" in told
        assert "● Control team: Police" in told
        await on.press("2")
        assert not on.source.kicked
        await on.press("1", "1")
        assert not on.source.kicked
        await on.press("1", "2")
        assert on.source.kicked == ["p1"]
        await on.follow(0.1)
        assert "Branch manager" not in "".join(line for line in on.text.splitlines() if "●" in line)


@pytest.mark.parametrize(
    ("language", "wall", "seat"),
    [("en", "The viewer code lets it in again", "used up"), ("zh-Hans", "全场观看代码仍可再次进入", "原代码已失效")],
)
async def test_before_a_wall_is_sent_out_it_is_said_what_keeps_it_out(stage: StageMaker, language: str, wall: str, seat: str) -> None:
    devices = [Device(place, whose, "", "browser", pass_id=place) for place, whose in (("p1", "viewer"), ("p2", "seat:teller"))]
    async with stage(bank(), size=(80, 24), language=language) as on:
        await seen(on, Crowd(tuple(devices), address="http://192.168.1.5:8000"))
        await on.press("w", "f4", "4")
        for digit, told, not_told in (("1", wall, seat), ("2", seat, wall)):
            await on.press(digit)
            flat = "".join(on.text.replace("│", "").split())
            assert "".join(told.split()) in flat
            assert "".join(not_told.split()) not in flat
            await on.press("escape")


async def test_a_long_seat_does_not_touch_the_name_beside_it(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await seen(on, Crowd((Device("p1", "seat:manager+security+teller", "吴敏", "terminal"),)))
        await on.press("w", "f4", "4")
        assert [" 吴敏" in line for line in on.text.splitlines() if "吴敏" in line and "+" in line] == [True]


async def test_one_device_is_one_and_who_is_away_is_counted_wherever_devices_are(stage: StageMaker) -> None:
    one = Device("p1", "seat:manager", "", "browser", pass_id="p1")
    away = Device("p2", "seat:teller", "", "browser", pass_id="p2", away_ms=1)
    async with stage(bank(), size=(80, 24)) as on:
        await seen(on, Crowd((one, away), address="http://192.168.1.5:8000"))
        await on.press("w")
        assert "1 at a device · 1 away" in on.text
        await on.press("f4")
        assert "1 at a device · 1 away" in on.text
    async with stage(bank(), first="briefing", started=False, size=(80, 40)) as on:
        await seen(on, Crowd((away,), address="http://192.168.1.5:8000"))
        await on.press("end")
        assert "nobody at a device · 1 away" in on.text


@pytest.mark.parametrize(
    ("language", "walls"),
    [
        ("en", ["the wall (Qiaoxi outlet)", "the wall (The centre)", "the wall"]),
        ("zh-Hans", ["大屏（桥西网点）", "大屏（中心）", "大屏"]),
    ],
)
async def test_each_wall_says_at_which_site_it_hangs(stage: StageMaker, language: str, walls: list[str]) -> None:
    seats = ("wall:outlet", "wall:centre", "wall")
    async with stage(branches(), size=(80, 24), language=language) as on:
        await seen(on, Crowd(tuple(Device(seat, seat, "", "terminal") for seat in seats)))
        await on.press("w", "f4", "4")
        shown = [line.split("●")[1] for line in on.text.splitlines() if "●" in line]
        assert [line.split("  ")[0].strip() for line in shown] == walls


async def test_a_console_that_only_watches_makes_no_code_and_locks_nothing(stage: StageMaker) -> None:
    async with stage(bank(), driver="LAPTOP-2", notifications=True) as on:
        await on.press("1", "w", "f4", "5")
        assert not on.source.there.locked
        assert "This console only watches" in on.text
        await on.press("3")
        assert not on.source.there.codes


# Who sits where.


async def test_the_digit_again_opens_everything_about_a_role(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("w", "3", "3", "1")
        await on.type("Zhao")
        await on.press("enter")
        assert [(person.role, person.name) for person in on.state.people] == [("guard", "Zhao")]
        await on.press("3", "2", "2")
        assert [(person.role, person.name) for person in on.state.people if person.left_ms is None] == [("teller", "Zhao")]
        assert [event.role for event in events(on, e.PersonLeft)] == ["guard"]


async def test_two_people_change_places_and_the_log_knows_when(stage: StageMaker) -> None:
    def prepare(conductor: Conductor) -> None:
        for holder, name in (("A", "Chen"), ("B", "Wu")):
            conductor.dispatch(c.SeatPerson("manager", name, holder))  # type: ignore[arg-type]
        conductor.dispatch(c.SeatPerson("teller", "Li"))

    async with stage(bank(), size=(80, 24), prepare=prepare) as on:
        await on.wait(60)
        await on.press("w", "f2", "3")
        assert {(p.holder, p.name) for p in on.state.people if p.role == "manager" and p.left_ms is None} == {("A", "Wu"), ("B", "Chen")}
        await on.press("f2", "4", "2")
        now = {(p.role, p.holder): p.name for p in on.state.people if p.left_ms is None}
        assert now == {("manager", "A"): "Li", ("manager", "B"): "Chen", ("teller", "A"): "Wu"}
        assert {p.since_ms for p in on.state.people if p.left_ms is None} == {60_000}


@pytest.mark.parametrize(("language", "answered"), [("en", "answered"), ("zh-Hans", "已答")])
async def test_the_name_stands_beside_what_a_role_has_answered(stage: StageMaker, language: str, answered: str) -> None:
    def prepare(conductor: Conductor) -> None:
        conductor.dispatch(c.SeatPerson("teller", "Zhao Li"))

    async with stage(bank(), size=(80, 24), language=language, prepare=prepare) as on:
        await on.press("enter")
        await on.wait(20)
        on.app.ask(c.GiveAnswer("first-move", "teller", ("comply",)))
        await on.wait(125)
        await on.press("w")
        assert [answered in line for line in on.text.splitlines() if "Zhao Li" in line] == [True]


async def test_a_message_and_a_code_are_reached_from_a_role(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("w", "2", "2", "5", "4")
        await on.type("Ring the police")
        await on.press("enter")
        assert [(sent.role, sent.to) for sent in on.state.messages] == [("teller", "centre")]
        await on.press("2", "4", "2")
        assert codes(on) == ["seat:teller"]


# The briefing counts hellos and shows nothing private.


async def test_the_briefing_counts_hellos_and_falls_back_to_paper_by_one_key(stage: StageMaker) -> None:
    async with stage(bank(), first="briefing", started=False, size=(80, 24)) as on:
        on.app.screen.sheet.go("lobby")
        await on.settle()
        assert "none awaited" in on.text
        await seen(on, crowd())
        assert "3 phones have said hello · 4 at devices" in on.text
        assert "http://192.168.1.5:8000" in on.text
        await on.press("right")
        assert on.source.there.paper
        await on.follow(0.1)
        assert "PAPER CARDS" in on.text
        await on.press("enter", "1", "1")
        assert CODE not in on.text
        await on.press("2")
        assert CODE in on.text


def test_every_letter_of_a_code_has_a_shape_of_its_own() -> None:
    shapes = {tuple(glyphs(letter)) for letter in "0123456789ABCDEFGHJKMNPQRSTVWXYZ"}
    assert len(shapes) == 32


# As text.

SCENES: dict[str, tuple[str, ...]] = {
    "who-devices": ("w",),
    "who-role": ("w", "1"),
    "lobby": ("w", "f4"),
    "seats": ("w", "f4", "1", "down", "right"),
    "code": ("w", "f4", "1", "2", "2"),
    "kick": ("w", "f4", "4"),
}


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
async def test_frames(
    stage: StageMaker, check_frame: Callable[[App[Any], str], None], name: str, size: tuple[int, int], language: str
) -> None:
    async with stage(bank(), size=size, language=language) as on:
        await seen(on, crowd())
        await on.play(SCENES[name])
        if name == "code":
            await seen(on, Crowd(address="http://192.168.1.5:8000"))
        check_frame(on.app, f"console-{name}-{size[0]}x{size[1]}-{language}")
        assert all(cells(line) <= size[0] for line in on.text.splitlines())
