"""The screens before and after play show any text as it is, at any size, in every look, with the mark and the word EXERCISE."""

from __future__ import annotations

import pytest

from tabletop.tui.theme import THEMES

from .conftest import FakeTime, MemorySource, StageMaker
from .judged import BRACKETS, bracketed, judged_bank, play

PLACES = ("briefing", "evaluation", "debrief")
KEYS = {
    "briefing": ["enter", "escape", "3", "enter", "escape", "right", "end", "pagedown", "home"],
    "evaluation": ["enter", "escape", "down", "x", "tab", "f7", "down", "end", "home"],
    "debrief": ["enter", "escape", "2", "down", "enter", "escape", "3", "4", "enter", "escape", "5"],
}
"""Keys that look everywhere on a screen."""


def there(place: str, time: FakeTime, *, brackets: bool = False, language: str = "en") -> MemorySource:
    """A run that belongs on a screen."""
    exercise = bracketed(judged_bank()) if brackets else judged_bank()
    source = MemorySource(exercise, time, started=place != "briefing", language=language)
    if place != "briefing":
        play(time, rated=place == "debrief", locked=place == "debrief")(source.conductor)
    return source


@pytest.mark.parametrize("place", PLACES)
async def test_brackets_are_shown_and_never_markup(stage: StageMaker, time: FakeTime, place: str) -> None:
    source = there(place, time, brackets=True)
    async with stage(source.exercise, first=place, source=source, size=(80, 24)) as on:
        for key in KEYS[place]:
            await on.press(key)
            assert BRACKETS in on.text


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_mark_and_exercise_stand_on_every_screen(stage: StageMaker, time: FakeTime, place: str, language: str) -> None:
    source = there(place, time, language=language)
    mark = "INTERNAL · EXERCISE EXERCISE EXERCISE" if language == "en" else "内部资料 · 演练 演练 演练"
    async with stage(source.exercise, first=place, source=source, size=(80, 24), language=language) as on:
        for key in KEYS[place]:
            await on.press(key)
            assert mark in on.text.split("\n")[0]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("size", [(60, 20), (63, 21), (200, 60)])
async def test_every_size_keeps_its_lines_inside(stage: StageMaker, time: FakeTime, place: str, size: tuple[int, int]) -> None:
    from tabletop.text import cells

    source = there(place, time, language="zh-Hans")
    async with stage(source.exercise, first=place, source=source, size=size, language="zh-Hans") as on:
        for key in KEYS[place]:
            await on.press(key)
            lines = on.text.rstrip("\n").split("\n")
            assert len(lines) <= size[1]
            assert all(cells(line) <= size[0] for line in lines)
            assert "演练 演练 演练" in lines[0]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_every_text_can_be_read_in_every_look(stage: StageMaker, time: FakeTime, place: str, theme: str) -> None:
    source = there(place, time)
    async with stage(source.exercise, first=place, source=source, size=(80, 24), theme=theme) as on:
        for key in KEYS[place][:5]:
            await on.press(key)
            for strip in on.app.screen._compositor.render_strips():
                for segment in strip:
                    style = segment.style
                    if segment.text.strip(" ▁▂▃▄▅▆▇█▔▊▎│─╭╮╰╯") and style is not None and style.color and style.bgcolor:
                        assert contrast(style.color.get_truecolor(), style.bgcolor.get_truecolor()) >= 7, (segment.text, str(style))


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """The WCAG contrast of two colours."""

    def luminance(colour: tuple[int, int, int]) -> float:
        parts = [value / 255 for value in colour]
        red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
