"""Lists with a cursor: no row is hidden without a sign, and the cursor reaches every one."""

from __future__ import annotations

import re

import pytest
from textual.content import Content

from tabletop.tui.in_sight import in_sight, listed
from tabletop.words import Words

from .conftest import StageMaker
from .exercises import ROLES, bank, role, t

THIRTEEN = [*ROLES, role("driver", t("DRV", "司机"), t("Driver", "司机")), role("cook", t("COOK", "厨师"), t("Cook", "厨师"))]

MANY = [*THIRTEEN, *(role(f"r{n}", t(f"R{n}", f"岗{n}"), t(f"Post {n}", f"岗位{n}")) for n in range(9))]

MORE = re.compile(r"… (\d+) more: ([↑↓])")


@pytest.mark.parametrize("room", range(1, 23))
def test_the_cursor_is_in_sight_and_what_is_hidden_is_counted(room: int) -> None:
    for cursor in range(20):
        part = in_sight(20, cursor, room)
        assert 0 <= part.top <= cursor < part.top + part.shown <= 20
        assert part.shown + bool(part.above) + bool(part.below) == min(room, 20)
        if room >= 3:
            assert (part.above, part.below) == (part.top, 20 - part.top - part.shown)
        elif room == 2:
            assert (part.above, part.below) == ((0, 19 - cursor) if cursor < 19 else (19, 0))


def test_the_row_of_the_cursor_alone_is_reversed() -> None:
    rows = listed(9, lambda index: Content(f"row {index}"), 4, 5, Words("en"))
    assert [row.plain.strip() for row in rows] == ["… 2 more: ↑", "row 2", "row 3", "row 4", "… 4 more: ↓"]
    assert [any(span.style == "reverse" for span in row.spans) for row in rows] == [False, False, False, True, False]
    nowhere = listed(9, lambda index: Content(f"row {index}"), None, 20, Words("en"))
    assert not any(row.spans for row in nowhere)


async def test_who_is_where_says_that_there_are_more_roles_and_the_arrows_reach_them(stage: StageMaker) -> None:
    async with stage(bank(roles=THIRTEEN), size=(80, 24)) as on:
        await on.press("w")
        assert "Cook" not in on.text
        assert MORE.findall(on.text) == [("2", "↓")]
        for _ in range(12):
            await on.press("down")
        assert "Cook" in on.text
        assert MORE.findall(on.text) == [("2", "↑")]
        await on.press("down", "down", "down")
        assert MORE.findall(on.text) == [("2", "↓")], "round to the first"
        assert "Branch manager" in on.text


async def test_other_lists_say_so_too(stage: StageMaker) -> None:
    async with stage(bank(roles=MANY), size=(80, 24)) as on:
        await on.press("w", "f3")
        assert MORE.findall(on.text) == [("9", "↓")], "the roll"
        await on.press("escape", "f4", "1")
        assert MORE.search(on.text), "seats"
        await on.press("escape", "escape", "escape")
        await on.press("0")
        assert MORE.search(on.text), "who spoke"


async def test_the_pages_of_the_console_say_on_their_frame_how_much_is_not_in_sight(stage: StageMaker) -> None:
    async with stage(bank(roles=MANY), size=(80, 24)) as on:
        await on.play(["page:room"])
        assert "↓ 3" in on.text.splitlines()[-2]
        for _ in range(len(MANY)):
            await on.press("down")
        assert "↑ 3" in on.text.splitlines()[-2]
