"""A station where it must not fail: from hand to hand, a real emergency, a cut link, hostile text, an input method, no console."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.rights import Actor
from tabletop.errors import TabletopError
from tabletop.exercise.model import Exercise
from tabletop.tui.screens.choosing import ChoosingScreen
from tabletop.tui.screens.handing import HandingScreen
from tabletop.tui.screens.players import RAISED_MS
from tabletop.tui.screens.station import StationScreen
from tabletop.tui.theme import THEMES

from .conftest import FakeTime
from .exercises import INJECTS, ROLES, bank, t
from .seated import AtASeat, SeatSource, seat, wall
from .test_pages_safety import contrast

HOSTILE = "[/nope] [b \x1b]0;owned\x07 [@click=app.leave]x[/]"


def cut_off(*more: dict[str, Any]) -> Exercise:
    """The small exercise played at two sites, one of which loses its link; with `more` injects."""
    at_the_outlet = ("teller", "guard", "manager")
    dark = {"id": "dark", "kind": "facility", "at": "hold", "to": ["city"], "cut": {"site": "outlet"}}
    light = {"id": "light", "kind": "facility", "at": "hold", "restore": {"site": "outlet"}}
    return bank(
        sites=[{"id": "outlet", "title": t("Qiaoxi", "桥西")}, {"id": "office", "title": t("City", "市行")}],
        roles=[{**role, "site": "outlet" if role["id"] in at_the_outlet else "office"} for role in ROLES],
        injects=[
            *INJECTS,
            *more,
            {**dark, "title": t("Lines down", "线路中断"), "text": t("The lines are down.", "线路断了。")},
            {**light, "title": t("Lines up", "线路恢复"), "text": t("The lines are back.", "线路恢复了。")},
        ],
    )


def spoilt(value: object) -> object:
    """Every text of an exercise in brackets that a markup would choke on."""
    if isinstance(value, dict):
        return {key: "[/nope] [b" if key in ("en", "zh-Hans") else spoilt(part) for key, part in value.items()}
    return [spoilt(part) for part in value] if isinstance(value, list) else value


async def test_choosing_shows_the_name_tents_and_takes_digits() -> None:
    async with seat(bank(), (), name="") as on:
        assert isinstance(on.app.screen, ChoosingScreen)
        assert "Branch manager" in on.text
        assert "Police" in on.text
        assert "control team" in on.text
        await on.press("2", "3", "3", "3", "enter")
        assert "YOUR NAME" in on.text
        await on.type("王芳")
        await on.press("enter")
        assert isinstance(on.app.screen, StationScreen)
        assert "You are T1, SG · 王芳" in on.flat
        assert on.source.at == "seat:teller+guard"


async def test_a_name_at_a_seat_of_one_role_is_on_the_roll() -> None:
    async with seat(bank(), (), name="") as on:
        await on.press("2", "enter")
        await on.type("Li Wei")
        await on.press("enter")
        assert [event for event in on.log if isinstance(event, e.PersonSeated)] == [
            e.PersonSeated(role="teller", holder="A", name="Li Wei")
        ]


async def test_somebody_who_comes_later_is_the_second_holder_and_takes_nobodys_place() -> None:
    source = SeatSource(bank(), FakeTime())
    source.from_elsewhere(c.SeatPerson("manager", "Chen"))
    source.from_elsewhere(c.SeatPerson("teller", "Li Wei"))
    async with seat(bank(), ("manager",), name="Zhao", source=source) as on:
        assert on.log[-1] == e.PersonSeated(role="manager", holder="B", name="Zhao")
    async with seat(bank(), ("teller",), name="Sun", source=source) as on:
        assert on.log[-1] == e.PersonSeated(role="teller", holder="+", name="Sun")


async def test_the_seat_that_was_killed_is_offered_again() -> None:
    source = SeatSource(bank(), FakeTime())
    source.left_seats = (("seat:teller+guard", "Wang"), ("evaluator:E1", "E1"))
    async with seat(bank(), (), name="", source=source) as on:
        await on.press("enter")
        assert "Wang" in on.text
        await on.press("enter")
        assert on.source.at == "seat:teller+guard"


async def test_control_and_the_room_do_not_share_a_screen() -> None:
    async with seat(bank(), (), name="") as on:
        await on.press("2", "0", "1", "enter")
        assert "does not share a screen" in on.text
        await on.press("2", "enter", "enter")
        assert str(on.app.actor) == "control:police"


async def test_a_role_that_is_not_there_is_named() -> None:
    source = SeatSource(bank(), FakeTime())
    with pytest.raises(TabletopError, match="nobody"):
        async with seat(bank(), ("nobody",), source=source):
            pass


async def test_from_hand_to_hand_one_key_hides_what_the_last_one_saw() -> None:
    async with seat(bank(), ("teller", "centre"), name="", private=True) as on:
        assert isinstance(on.app.screen, HandingScreen)
        assert on.source.at == "seat:teller+centre"
        await on.told("knife", "signal")
        assert "Something new has come" in on.text
        assert "Duress alarm" not in on.text
        await on.press("4", "enter")
        assert "Duress alarm, no voice" in on.text
        assert "What do you do first?" not in on.text
        assert on.app.actor == Actor("seat", roles=("centre",))
        await on.press("f9")
        assert isinstance(on.app.screen, HandingScreen)
        assert "Duress" not in on.text
        await on.press("2", "enter")
        assert "What do you do first?" in on.text
        assert "Duress" not in on.text


async def test_one_seat_that_goes_from_hand_to_hand_is_that_of_who_was_named() -> None:
    async with seat(bank(), ("manager",), name="Li Wei", private=True) as on:
        assert isinstance(on.app.screen, HandingScreen)
        assert on.source.name == "Li Wei"
        assert on.log[-1] == e.PersonSeated(role="manager", holder="A", name="Li Wei")
        await on.driver(c.SeatPerson("manager", "Sun", "B"))
        await on.press("enter", "f3")
        await on.type("shut the hall")
        await on.press("enter")
        [decided] = [event for event in on.log if isinstance(event, e.DecisionMade)]
        assert decided.person == "Li Wei"
        await on.press("f9", "enter")
        assert on.source.name == "Li Wei"


async def test_a_seat_that_is_being_left_draws_no_more() -> None:
    async with seat(bank(), ("teller", "centre"), name="", private=True) as on:
        await on.press("2", "enter")
        left = on.app.screen
        assert isinstance(left, StationScreen)
        going = on.app.switch_screen(HandingScreen())
        # Its parts go one after the other, so that some of them are there still.
        assert left.children
        assert not left.drawable
        await going


async def test_what_was_typed_stays_with_the_role_whose_it_is() -> None:
    async with seat(bank(), ("teller", "centre"), name="", private=True) as on:
        await on.told("knife", "signal")
        await on.press("2", "enter", "f2", "4")
        await on.type("secret of teller")
        await on.press("f9", "4", "enter")
        assert "secret" not in on.text
        await on.press("f2")
        assert "secret" not in on.text
        await on.press("f9", "2", "enter")
        assert "secret of teller" in on.text


async def test_a_real_emergency_turns_this_and_every_screen() -> None:
    source = SeatSource(cut_off(), FakeTime())
    async with seat(cut_off(), source=source) as on:
        await on.told("knife")
        await on.press("1", "ctrl+g")
        assert "EMERGENCY pressed: Qiaoxi · T1" in on.flat
        assert "Press Ctrl+G or F12 again" in on.flat
        assert not on.state.clock.running
        await on.press("f12")
        assert on.state.emergency.confirmed
        assert "EXERCISE" not in on.text
        for words in ("REAL EMERGENCY", "Qiaoxi", "Call 110", "Car park", "Head count", "Li Wei · Teller"):
            assert words in on.flat
        await on.press("1", "enter", "f2", "question_mark", "escape")
        assert "REAL EMERGENCY" in on.text
        await on.driver(c.StandDown("false alarm"))
        assert "EXERCISE EXERCISE EXERCISE" in on.text
        assert "1 ✓" in on.text
    async with wall(cut_off(), source=source) as on:
        await on.press("ctrl+g", "ctrl+g")
        assert "EXERCISE" not in on.text
        assert "Call 110" in on.text
        assert str(on.source.log.entries[-1].actor) == "wall"


async def test_a_first_press_alone_stays_as_a_line() -> None:
    async with seat(bank()) as on:
        await on.press("f12")
        await on.wait(RAISED_MS / 1000 + 1)
        assert "EMERGENCY pressed" in on.text
        assert "You are" in on.text


async def test_an_emergency_is_real_without_the_disk() -> None:
    async with seat(cut_off()) as on:
        on.source.log.fail_with = TabletopError("store.no-space", path="x")
        await on.press("ctrl+g")
        assert "REAL EMERGENCY" in on.text
        await on.press("ctrl+g")
        assert "Call 110" in on.text
        assert "could not be written down" in on.text
        assert "EXERCISE" not in on.text


async def test_after_a_real_emergency_a_seat_shows_one_state() -> None:
    async with seat(bank(), size=(140, 40)) as on:
        await on.press("ctrl+g", "ctrl+g")
        await on.driver(c.StandDown("nobody was hurt"))
        assert "The real emergency is over. EXERCISE: the exercise stands paused." in on.text
        assert "‖ PAUSED" in on.text
        assert "PAUSED · " not in on.text


async def test_a_pause_says_why() -> None:
    async with seat(bank()) as on:
        await on.driver(c.Pause("discussion"))
        assert "PAUSED" in on.text


async def test_without_a_console_it_says_so_neutrally_and_goes_on() -> None:
    async with seat(bank()) as on:
        await on.told("knife")
        on.source.driven = False
        await on.tick()
        assert "Waiting for the facilitator's screen." in on.text
        await on.press("1", "enter")
        assert "recorded ✓" in on.text


async def test_revealed_answers_show_as_counts_first() -> None:
    async with seat(bank()) as on:
        await on.told("knife")
        await on.driver(c.GiveAnswer("first-move", "guard", ("refuse",)))
        assert "Refuse" not in on.text.partition("━")[0]
        await on.driver(c.RevealAnswers("first-move"))
        assert "ANSWERS REVEALED" in on.text
        assert "SG" not in on.text.partition("ANSWERS REVEALED")[2].partition("BEFORE")[0]
        await on.driver(c.RevealAnswers("first-move", names=True))
        assert "SG" in on.text.partition("ANSWERS REVEALED")[2]


@pytest.mark.parametrize("keys", [("２", "enter"), ("2", "enter")])
async def test_with_an_input_method_on_digits_work(keys: tuple[str, ...]) -> None:
    async with seat(bank(), language="zh-Hans") as on:
        await on.told("knife")
        await on.type(keys[0])
        await on.press("enter")
        assert any(isinstance(event, e.AnswerGiven) for event in on.log)


async def test_what_an_input_method_commits_where_no_text_is_taken_does_nothing() -> None:
    async with seat(bank(), language="zh-Hans") as on:
        await on.told("knife")
        await on.type("没有1个")
        await on.press("enter")
        assert not any(isinstance(event, e.AnswerGiven) for event in on.log)


async def test_a_committed_text_goes_into_the_field_whole() -> None:
    async with seat(bank(), language="zh-Hans") as on:
        await on.told("knife")
        await on.press("f2", "4")
        await on.type("立即报警，不要上前！")
        await on.press("enter")
        assert [event.text for event in on.log if isinstance(event, e.MessageSent)] == ["立即报警，不要上前！"]


async def test_hostile_text_breaks_nothing() -> None:
    exercise = bank(injects=spoilt(INJECTS), roles=[{**role, "title": t("[/nope] [b", "[/nope] [b")} for role in ROLES])
    source = SeatSource(exercise, FakeTime())
    async with seat(exercise, ("teller", "centre"), name=HOSTILE, size=(140, 40), source=source) as on:
        await on.told("knife", "signal")
        await on.driver(c.AddNote("ruling", HOSTILE), c.SendMessage("guard", "teller", HOSTILE), c.Pause(HOSTILE))
        for key in ("tab", "tab", "tab", "f1", "f1", "f2", "2", "4"):
            await on.press(key)
        await on.type("[/nope] [b")
        await on.press("enter")
        assert "[/nope] [b" in on.text
        assert "\x1b" not in on.text
        await on.press("ctrl+g", "ctrl+g")
        assert "REAL EMERGENCY" in on.text
    async with wall(exercise, source=source) as on:
        assert "REAL EMERGENCY" in on.text


async def test_help_names_players_keys_alone() -> None:
    async with seat(bank(), size=(140, 40)) as on:
        await on.press("f1")
        await on.settle()
        assert "Writes to another role" in on.text
        for word in ("Release", "ENDEX", "console", "palette", "Skip", "inject"):
            assert word not in on.text
        await on.press("escape")
        assert "You are" in on.text


async def test_the_three_looks_are_one_key_apart() -> None:
    async with wall(bank()) as on:
        assert on.app.theme == "tabletop-dark"
        await on.press("t")
        assert on.app.theme == "tabletop-light"
        await on.press("f10")
        assert on.app.theme == "tabletop-contrast"


async def test_the_wall_takes_no_other_key() -> None:
    async with wall(bank()) as on:
        await on.told("knife", "signal")
        before = len(on.source.log.entries)
        for key in (
            "enter",
            "n",
            "pagedown",
            "space",
            "f8",
            "full_stop",
            "e",
            "e",
            "v",
            "1",
            "m",
            "f2",
            "question_mark",
            "escape",
            "ctrl+p",
        ):
            await on.press(key)
        assert len(on.source.log.entries) == before
        assert "A KNIFE AT COUNTER 2" in on.text
        assert "Duress" not in on.text


async def test_a_terminal_too_small_says_so() -> None:
    async with seat(bank(), size=(50, 15)) as on:
        assert "too small" in on.text


SCREENS = ("station", "room", "choosing", "handing", "joining")


def test_no_screen_of_the_facilitator_is_loaded() -> None:
    mine = ("start_player", "station_app", "room_app", "desk", *(f"screens.{name}" for name in SCREENS))
    probe = f"import sys, {', '.join(f'tabletop.tui.{name}' for name in mine)}; print(*(name for name in sys.modules if '.tui' in name))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    theirs = ("app", "desk_app", "curtain", "providers", "places", "start", "scene", "screens.base", "screens.console", "screens.panels")
    assert {f"tabletop.tui.{name}" for name in theirs} & loaded == set()
    assert not any(name.startswith(("tabletop.tui.screens.panels", "tabletop.tui.screens.console")) for name in loaded)


@pytest.mark.parametrize("theme", [one.name for one in THEMES])
async def test_everything_can_be_read_in_every_look(theme: str) -> None:
    source = SeatSource(cut_off(), FakeTime())
    async with seat(cut_off(), ("teller", "centre"), size=(120, 40), source=source) as on:
        on.app.theme = theme
        await on.told("knife", "signal")
        await on.driver(c.AddNote("ruling", "The side exit is open."), c.SendMessage("guard", "teller", "Here."), c.Pause("break"))
        for key in ("enter", "1", "enter", "tab", "f4", "tab", "f2", "4", "escape", "escape", "f1", "escape", "f12"):
            await on.press(key)
            readable(on)
        await on.press("f12")
        readable(on)
    async with seat(cut_off(), (), name="", source=source) as on:
        on.app.theme = theme
        await on.driver(c.StandDown("over"), c.Resume())
        for key in ("2", "enter", "a"):
            await on.press(key)
            readable(on)
    async with wall(cut_off(), source=source, site="outlet") as on:
        on.app.theme = theme
        await on.driver(c.ReleaseInject("dark", reason="now"))
        readable(on)


def readable(on: AtASeat) -> None:
    """Every text stands 7:1 against its ground, in what the terminal is sent."""
    for strip in on.app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if segment.text.strip(" ─━▎█▀▄") and style is not None and style.color is not None and style.bgcolor is not None:
                front, ground = style.color.get_truecolor(), style.bgcolor.get_truecolor()
                front, ground = (ground, front) if style.reverse else (front, ground)
                assert contrast(front, ground) >= 7, (segment.text, str(style))
