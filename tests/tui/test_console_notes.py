"""What a standing facilitator need not read at once: notes fold to two lines, what is said in another way stands on one row."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from textual.app import App

from tabletop.text import cells
from tabletop.tui.speaker_items import action_keys
from tabletop.tui.widgets.card import GAPS, Card

from .conftest import Stage, StageMaker
from .exercises import INJECTS, bank, t

NOTES = t(
    "Read slowly, then stay quiet for ten seconds. Let the teller say the real words and show the hands. The alarm is right both ways, now "
    "or as soon as it is safe; listen for how the moment is judged. Nobody is asked to be brave. If two speak at once, let it happen and "
    "come back to it at the next demand.",
    "慢读，读完静默十秒。请柜员说出原话，并演示双手放在哪里。此刻趁其不备报警，或者等到安全时再报，两种做法都对，关键听怎样判断时机。"
    "不鼓励任何人逞英雄。如果有两个人同时说话，先不打断，到下一个要求时再回头讨论。",
)

FIRST, LAST = "Read slowly, then stay quiet", "the next demand."

SCENES: dict[str, tuple[str, ...]] = {
    "folded": ("enter", "wait:20"),
    "unfolded": ("enter", "wait:20", "shift+down"),
    "probe": ("enter", "wait:20", "f7"),
}


def noted(**more: Any) -> Any:
    """The small exercise with notes as long as those of the shipped ones."""
    first = {**INJECTS[0], "notes": NOTES, "props": [t("A grey shopping bag, no knife", "灰色购物袋，不放刀")], **more}
    return bank(injects=[first, *INJECTS[1:]])


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("size", [(80, 24), (100, 32)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
async def test_frames(
    stage: StageMaker, check_frame: Callable[[App[Any], str], None], name: str, size: tuple[int, int], language: str
) -> None:
    async with stage(noted(), size=size, language=language) as on:
        await on.play(SCENES[name])
        await on.follow(0.3)
        check_frame(on.app, f"notes-{name}-{size[0]}x{size[1]}-{language}")
        assert all(cells(line) <= size[0] for line in on.text.splitlines())


def notes(on: Stage) -> list[str]:
    """The lines below the rule that says that they are for the facilitator alone, down to what is owed."""
    lines = on.text.splitlines()
    begin = next(at for at, line in enumerate(lines) if "only for you" in line)
    end = next(at for at, line in enumerate(lines) if "ASKED" in line)
    return [line.strip() for line in lines[begin + 1 : end] if line.strip()]


async def test_notes_fold_to_two_lines_and_say_how_many_more(stage: StageMaker) -> None:
    async with stage(noted(), size=(100, 32)) as on:
        await on.press("enter")
        first, _, more = notes(on)
        assert first.startswith(FIRST)
        count = re.fullmatch(r"… (\d+) more lines: shift\+↓", more)
        assert count is not None
        await on.press("shift+down")
        whole = notes(on)
        assert len(whole) == 2 + int(count[1]), "as many more as it said"
        assert whole[0] == first
        assert LAST in " ".join(whole)
        assert whole[-1].startswith("have ready: A grey shopping bag")
        assert "READ ALOUD" in on.text
        await on.press("shift+up")
        assert notes(on) == [first, whole[1], more]


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=["60x20", "80x24"])
async def test_one_key_shows_the_notes_from_their_first_line_where_there_is_no_room_for_all(
    stage: StageMaker, size: tuple[int, int]
) -> None:
    """What is read aloud gives way to them until the next key, and is whole again after it."""
    text = {"en": "A man holds a knife to a customer and shouts for cash. " * 9, "zh-Hans": "一名男子用刀挟持一位客户。" * 9}
    async with stage(noted(text=text), size=size) as on:
        await on.press("enter")
        folded = on.text
        assert "READ ALOUD" in folded
        await on.press("shift+down")
        assert FIRST in on.text
        await on.press("shift+up")
        assert on.text == folded


async def test_what_is_cut_off_is_counted_with_what_is_folded(stage: StageMaker) -> None:
    text = {"en": "A man holds a knife to a customer and shouts for cash. " * 9, "zh-Hans": "刀。"}
    async with stage(noted(text=text), size=(80, 24)) as on:
        await on.press("enter")
        lectern = on.app.screen.lectern
        (hidden,) = (int(count) for count in re.findall(r"… (\d+) more lines", on.text))
        scene, table = on.app.screen.scene(), on.app.screen.table(on.app.screen.scene())
        shown = next(at for at, line in enumerate(lectern.main.lines) if "more lines" in line.plain)
        whole = Card.of(scene, table, lectern.main.size.width)
        assert shown + hidden == len(whole.lines(len(GAPS) - 1))
        for _ in range(30):
            await on.press("shift+down")
        assert "more lines" not in on.text
        assert "have ready" in on.text


async def test_what_was_unfolded_belongs_to_its_inject(stage: StageMaker) -> None:
    async with stage(noted(), size=(100, 32)) as on:
        await on.press("enter", "shift+down")
        assert "more lines" not in on.text
        await on.press("down")
        assert LAST not in on.text
        await on.press("escape")
        assert "more lines" not in on.text
        await on.press("down", "up", "up")
        assert "more lines" not in on.text, "the same inject looked up again"
        await on.press("escape", "enter", "enter")
        assert on.state.released == ("knife", "signal")
        assert on.app.screen.lectern.unfolded == "knife"
        assert "READ ALOUD (" not in on.text, "another card, not scrolled"


async def test_a_probe_stands_whole_before_the_notes(stage: StageMaker) -> None:
    probe = t("Who in this hall says which word to whom, in what tone, and what do the others do meanwhile with hands and mouths?", "谁？")
    async with stage(noted(probes=[probe]), size=(80, 24)) as on:
        await on.press("enter", "h")
        shown = notes(on)
        assert shown[0].startswith("ASK (1 of 1): Who in this hall")
        assert "hands and mouths?" in " ".join(shown[:3])
        assert not any(line.startswith("✓") and "probe" in line for line in on.text.splitlines()), "it is not said twice"


async def test_the_sitting_view_shows_the_notes_whole(stage: StageMaker) -> None:
    async with stage(noted(), view="sitting") as on:
        await on.press("enter")
        words = " ".join(re.findall(r"││(.*?)│", on.text))
        assert "come back to it at the next" in " ".join(words.split())
        assert "have ready: A grey shopping bag, no knife" in on.text


async def test_the_menu_unfolds_where_a_terminal_sends_no_shift(stage: StageMaker) -> None:
    from tabletop.tui.screens.panels.menu import GROUPS, in_group

    titles = [action.id for action in in_group("view")]
    async with stage(noted(), size=(100, 32)) as on:
        await on.press("enter", "escape", str(3 + GROUPS.index("view") + 1), str(titles.index("scroll_down") + 1))
        assert LAST in on.text


async def test_an_answer_and_the_action_that_it_settled_stand_on_one_row(stage: StageMaker) -> None:
    async with stage(bank(), size=(100, 32)) as on:
        await on.press("enter")
        await on.wait(10)
        scene = on.app.screen.scene()
        keys = action_keys(scene, 20)["keep-calm"]
        await on.press("2", "1")
        await on.wait(7)
        rows = [line for line in on.text.splitlines() if "Comply and keep calm" in line]
        assert len(rows) == 1
        assert re.match(rf" ✓ {keys}  T1 +Comply and keep calm +critical  done 0:10", rows[0])
        assert "Keeps a calm voice" not in on.text
        who, number = keys.split()
        await on.press(who, "right", number)
        assert on.state.marks["keep-calm"][-1].prompted, "its keys still correct it"


async def test_what_is_likely_said_now_comes_first_in_a_panel(stage: StageMaker) -> None:
    """A receipt that is owed stands before what was settled and answered about earlier injects."""
    later = {"id": "card", "kind": "order", "at": "5m", "core": True, "to": ["teller"], "acknowledge": True}
    words = {"title": t("A card", "卡片"), "text": t("Stay where you are.", "原地不动。")}
    async with stage(bank(injects=[INJECTS[0], {**later, **words}]), size=(100, 32)) as on:
        await on.press("enter", "2", "6", "2", "1", "enter", "enter")
        assert on.state.released == ("knife", "card")
        await on.press("2")
        rows = re.findall(r"^│  (\d)  +(.*?)  ", on.text, re.MULTILINE)
        assert rows[0] == ("1", "confirm receipt: A card")
        assert {text for _, text in rows[1:3]} == {"Presses the silent alarm", "Keeps a calm voice, hands in view"}
        assert rows[3] == ("4", "✓ Comply and keep calm")
        await on.press("1")
        assert on.state.inject("card").acknowledged.keys() == {"teller"}
