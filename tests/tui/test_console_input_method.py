"""A Chinese input method never keeps the facilitator from a command, and never makes one by accident (contract: *Keys*)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tabletop.engine import events as e
from tabletop.tui.actions import CONSOLE_ACTIONS, EVERYWHERE, FIRST_IN_MENU
from tabletop.tui.input_method import plain_key

from .conftest import StageMaker
from .exercises import bank

REACHES = {"enter", "pagedown", "pageup", "tab", "shift+tab", "escape", "space", "up", "down", "shift+up", "shift+down"}
"""Keys beside digits and function keys that arrive with an input method on."""


@pytest.mark.parametrize(
    ("typed", "key"),
    [("ｎ", "n"), ("Ｎ", "n"), ("？", "question_mark"), ("＋", "plus"), ("。", "full_stop"), ("　", "space"), ("３", "3"), ("N", "n")],
)
def test_full_width_forms_are_their_keys(typed: str, key: str) -> None:
    assert plain_key(typed) == key


@pytest.mark.parametrize("typed", ["按", "，好", "é", "ß", "\u200b"])
def test_nothing_else_is_a_key(typed: str) -> None:
    assert plain_key(typed) in (None, "comma")


@pytest.mark.parametrize("typed", ["ｎ", "Ｎ", "N"])
async def test_a_full_width_letter_releases(stage: StageMaker, typed: str) -> None:
    async with stage(bank()) as on:
        await on.type(typed)
        assert on.state.released == ("knife",)


async def test_a_full_width_question_mark_opens_help(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.type("？")
        assert "All keys" in on.text
        assert "Releases what is due" in on.text


async def test_a_full_width_digit_opens_the_panel_of_a_role(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.type("２")
        assert "Teller" in on.text


async def test_committed_pinyin_text_does_nothing_and_says_what_works(stage: StageMaker) -> None:
    async with stage(bank(), notifications=True, language="zh-Hans") as on:
        before = list(on.source.log.entries)
        await on.type("下达按暂停决定")
        assert on.source.log.entries == before
        assert "输入法已打开" in on.text
        await on.press("enter")
        assert on.state.released == ("knife",)


async def test_committed_pinyin_text_goes_into_a_text_field(stage: StageMaker) -> None:
    async with stage(bank(), language="zh-Hans") as on:
        await on.press("f2", "1")
        await on.type("先稳住他，等警方。３人")
        await on.press("enter")
        event = on.source.log.entries[-1].event
        assert isinstance(event, e.DecisionMade)
        assert event.text == "先稳住他，等警方。３人"


async def test_a_full_width_digit_chooses_the_role_in_an_empty_field(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("f2")
        await on.type("３守住侧门")
        await on.press("enter")
        event = on.source.log.entries[-1].event
        assert isinstance(event, e.DecisionMade)
        assert (event.role, event.text) == ("guard", "守住侧门")


def test_everything_is_reached_without_a_letter() -> None:
    """By a twin that arrives with an input method on, or by a number of the menu."""
    from tabletop.tui.screens.panels.menu import GROUPS, MOST, NOT_IN_MENU, in_group

    in_menu = {action.id for group in GROUPS for action in in_group(group)} | set(FIRST_IN_MENU)
    for action in (*CONSOLE_ACTIONS, *EVERYWHERE):
        safe = [key for key in action.keys if key in REACHES or key.isdigit() or (key[0] == "f" and key[1:].isdigit()) or "ctrl" in key]
        assert safe or action.id in in_menu, action.id
    assert len(FIRST_IN_MENU) + len(GROUPS) <= MOST
    assert all(len(in_group(group)) <= MOST for group in GROUPS)
    assert NOT_IN_MENU.isdisjoint(in_menu)


def test_no_key_means_two_things() -> None:
    keys = [key for action in (*CONSOLE_ACTIONS, *EVERYWHERE) for key in action.keys]
    assert len(keys) == len(set(keys))
    assert "ctrl+space" not in keys
    assert "f5" not in keys


def test_the_extended_keyboard_protocol_is_off() -> None:
    program = "import tabletop.tui, textual.constants as c; print(c.DISABLE_KITTY_KEY)"
    environment = {name: value for name, value in os.environ.items() if name != "TEXTUAL_DISABLE_KITTY_KEY"}
    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "True"
