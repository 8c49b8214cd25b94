"""How the console looks: kept as text at two sizes in two languages, readable in every theme, safe from any text."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from textual.app import App
from textual.color import Color

from tabletop.engine import commands as c
from tabletop.engine.schedule import Status
from tabletop.engine.standing import StandingState
from tabletop.exercise.injects import KINDS
from tabletop.exercise.model import Exercise
from tabletop.text import cells
from tabletop.tui.actions import CONSOLE_ACTIONS, EVERYWHERE, FOOTER_KEYS, footer_of, keys_table
from tabletop.tui.look import KIND_SIGNS, STANDING_SIGNS, STATUS_SIGNS
from tabletop.tui.theme import PAINTS, THEMES, Paint
from tabletop.words import Words

from .conftest import SIZES, Stage, StageMaker
from .exercises import bank

LANGUAGES = ("en", "zh-Hans")

SCENES: dict[str, tuple[str, ...]] = {
    "before": (),
    "released": ("enter", "wait:20"),
    "private": ("enter", "wait:20", "enter", "enter"),
    "armed": ("enter", "wait:20", "enter"),
    "paused": ("enter", "wait:20", "space", "1"),
    "injects": ("enter", "page:injects", "down"),
    "actions": ("enter", "wait:95", "page:actions"),
    "room": ("enter", "1", "enter", "wait:70", "page:room"),
    "log": ("enter", "h", "1", "enter", "shift+tab"),
    "speaker": ("enter", "wait:20", "2"),
    "decision": ("enter", "wait:20", "d", "1", "tab"),
    "marks": ("enter", "wait:20", "x", "right", "down", "right", "right"),
    "skip": ("enter", "s"),
    "kept-back": ("enter", "s", "6", "enter", "wait:20"),
    "kept-back-list": ("enter", "s", "6", "enter", "wait:20", "page:injects", "down", "down"),
    "note": ("enter", "o", "tab"),
    "take-back": ("enter", "u"),
    "add": ("enter", "a", "1", "3"),
    "who": ("w",),
    "menu": ("escape", "5"),
    "endex": ("enter", "e", "e"),
    "emergency-first": ("enter", "ctrl+g"),
    "emergency": ("enter", "ctrl+g", "ctrl+g"),
    "help": ("question_mark",),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
async def test_frames(
    stage: StageMaker, check_frame: Callable[[App[Any], str], None], name: str, size: tuple[int, int], language: str
) -> None:
    """At 80 by 24 the lectern view, at 140 by 40 the sitting view."""
    async with stage(bank(), size=size, language=language, view="sitting") as on:
        await on.play(SCENES[name])
        check_frame(on.app, f"console-{name}-{size[0]}x{size[1]}-{language}")
        text = on.text
        assert all(cells(line) <= size[0] for line in text.splitlines())
        words = Words(language)
        if name != "emergency":
            assert words("console.exercise-mark") in text
            assert ("INTERNAL" if language == "en" else "内部资料") in text


NASTY = "[/nope] [b"


def nasty(value: Any) -> Any:
    """The same data with every text for people in brackets that are no markup."""
    if isinstance(value, dict):
        if value and all(re.fullmatch("[a-z]{2}(-Hans)?", key) for key in value):
            return dict.fromkeys(value, NASTY)
        return {key: nasty(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [nasty(part) for part in value]
    return value


@pytest.mark.parametrize("name", SCENES)
async def test_brackets_are_text_on_every_screen(stage: StageMaker, name: str) -> None:
    data = nasty(bank().model_dump(mode="json", by_alias=True, exclude_none=True))
    for inject in data["injects"]:
        inject["at"] = inject["at"] if inject["at"] == "hold" else f"{inject['at']}s"
        for part in (*inject["asks"], *inject["expects"]):
            if "within" in part:
                part["within"] = f"{part['within']}s"
        if "acknowledge" in inject:
            inject["acknowledge"] = True
        if "cue" in inject:
            inject["cue"] = {"action": "silent-alarm", "not_done_within": "2m"}
    data["duration"] = "30m"
    async with stage(Exercise.model_validate(data), notifications=True) as on:
        on.source.conductor.dispatch(c.SeatPerson("manager", NASTY))
        await on.play(SCENES[name])
        assert "[/nope] [b" in on.text


async def test_escapes_never_reach_the_terminal(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        on.source.conductor.dispatch(c.RecordDecision("manager", "x\x1b]52;c;eA==\x07\x1b[2J\u202egnp\x9b2J"))
        await on.wait(1)
        strips = on.app.screen._compositor.render_strips()
        shown = "".join(segment.text for strip in strips for segment in on.app._guard.apply(list(strip), Color(0, 0, 0)))
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", shown)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [channel / 255 for channel in Color.parse(colour).rgb]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("paint", PAINTS, ids=lambda paint: paint.name)
def test_every_text_is_readable_on_every_ground(paint: Paint) -> None:
    for ground in (paint.background, paint.surface, paint.panel):
        for name in ("text", "muted", "primary", "accent", "warning", "error", "success"):
            assert contrast(getattr(paint, name), ground) >= 7, (name, ground)
        assert contrast(paint.border, ground) >= 3, ground


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_text_token_of_the_theme_is_readable(theme: Any) -> None:
    tokens = theme.to_color_system().generate()
    grounds = [tokens[name] for name in ("background", "surface", "panel")]
    pairs = [(name, ground) for name in tokens if name.startswith("text") or name == "foreground" for ground in grounds]
    pairs += [
        (f"{name}-foreground", tokens[f"{name}-background"])
        for name in ("block-cursor", "input-selection", "input-cursor", "screen-selection", "footer", "footer-key", "footer-description")
    ]
    for name, ground in pairs:
        if not tokens[name].startswith("auto"):
            assert contrast(tokens[name], ground) >= 7, (name, tokens[name], ground)


def drawn_pairs(on: Stage) -> set[tuple[str, str]]:
    """Every pair of colours in which letters are drawn, reversed ones as they appear."""
    pairs = set()
    for strip in on.app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if style is None or style.color is None or style.bgcolor is None or not re.search(r"\w", segment.text):
                continue
            front, ground = style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex
            pairs.add((ground, front) if style.reverse else (front, ground))
    return pairs


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_what_is_really_drawn_is_readable(stage: StageMaker, theme: Any) -> None:
    for name in ("released", "private", "speaker", "marks", "help", "emergency", "note"):
        async with stage(bank(), theme=theme.name) as on:
            await on.play(SCENES[name])
            for front, ground in drawn_pairs(on):
                assert contrast(front, ground) >= 7, (name, front, ground)


def test_no_meaning_by_colour_alone() -> None:
    """Every kind, status and state has a sign or a word of its own."""
    words = Words("en")
    assert set(KIND_SIGNS) == set(KINDS)
    assert len(set(KIND_SIGNS.values())) == len(KINDS)
    assert set(STATUS_SIGNS) == set(get_args(Status))
    assert len(set(STATUS_SIGNS.values())) == len(STATUS_SIGNS)
    assert len({words(f"console.status-{status}") for status in STATUS_SIGNS}) == len(STATUS_SIGNS)
    assert set(STANDING_SIGNS) == set(get_args(StandingState))
    assert len({words(f"console.standing-{state}") for state in STANDING_SIGNS}) == len(STANDING_SIGNS)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_private_inject_and_a_due_one_say_so_without_colour(stage: StageMaker, language: str) -> None:
    words = Words(language)
    async with stage(bank(), size=(80, 24), language=language) as on:
        assert words("console.status-due") in on.text
        await on.press("enter", "enter", "enter")
        assert ("DO NOT READ ALOUD" if language == "en" else "不要朗读") in on.text


async def test_an_alarm_rings_and_blinks_once(stage: StageMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr("tabletop.tui.app.TabletopApp.bell", lambda self: rung.append(1))
    monkeypatch.setattr("tabletop.tui.screens.console.BLINK_S", 1.5)
    async with stage(bank(), quiet=False) as on:
        await on.press("enter")
        assert not rung
        await on.press("enter", "enter")
        assert len(rung) == 1
        assert on.app.screen.lectern.blinking == {"card"}
        await on.follow(1.7)
        assert not on.app.screen.lectern.blinking
        assert len(rung) == 1


async def test_quiet_rings_nothing(stage: StageMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr("tabletop.tui.app.TabletopApp.bell", lambda self: rung.append(1))
    async with stage(bank(), quiet=True) as on:
        await on.press("enter", "enter", "enter")
        assert not rung


async def test_what_is_owed_never_scrolls_away(stage: StageMaker) -> None:
    """Due injects, open questions and deadlines that are over stand on the small view whatever is selected."""
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter")
        await on.wait(200)
        await on.press("down", "down", "down", "down")
        text = on.text
        assert "! DUE" in text
        assert "? 2 T1, 3 SG" in text
        assert "over by" in text
        assert "no record" in text
        assert "missed" not in text


async def test_a_held_inject_that_its_cue_calls_for_says_so(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter")
        assert "WANTED" not in on.text
        await on.wait(130)
        assert "? WANTED   110 rings the monitoring centre" in on.text


async def test_footer_help_and_palette_read_one_table(stage: StageMaker) -> None:
    words = Words("en")
    async with stage(bank()) as on:
        footer = on.text.splitlines()[-1]
        for action in footer_of(CONSOLE_ACTIONS):
            assert words(action.title) in footer
        assert len(footer_of(CONSOLE_ACTIONS)) <= FOOTER_KEYS
        await on.press("question_mark")
        helped = on.text
        for _ in range(12):
            await on.press("pagedown")
            helped += on.text
        for action in (*CONSOLE_ACTIONS, *EVERYWHERE):
            assert words(action.title) in helped, action.id


async def test_the_palette_offers_every_action_and_runs_it(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("ctrl+p")
        await on.follow(0.3)
        for letter in "release":
            await on.pilot.press(letter)
        await on.follow(0.6)
        await on.press("enter")
        await on.follow(0.3)
        assert on.state.released == ("knife",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_is_worded(language: str) -> None:
    words = Words(language)
    for action in (*CONSOLE_ACTIONS, *EVERYWHERE):
        assert words(action.title)
        assert words(action.help)
    assert keys_table(language).count("\n") > 20


def test_the_readme_shows_the_table_of_keys() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    found = re.search(r"<!-- keys -->\n(.*?)\n<!-- /keys -->", readme, re.DOTALL)
    assert found is not None
    assert found[1] == keys_table("en")
