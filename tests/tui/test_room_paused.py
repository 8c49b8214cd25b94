"""A wall and a seat while the clock stands: why, and which site's controller had it stopped, however long the reason is."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor

from .conftest import FakeTime
from .seated import AtASeat, SeatSource, seat, wall
from .test_station_safety import cut_off

CONTROLLER = Actor("site", "outlet")

LONG = "A customer has fainted and the first aider is with her; we go on in ten minutes, when she has been looked after"

SIZES = [(80, 24), (140, 40)]


def paused_by_its_controller(reason: str, language: str) -> SeatSource:
    """A run at two sites that the controller of one has paused."""
    source = SeatSource(cut_off(), FakeTime(), language=language)
    source.from_elsewhere(c.ReleaseInject("knife"))
    source.from_elsewhere(c.Pause(reason, "outlet"), CONTROLLER)
    return source


def whole(on: AtASeat) -> str:
    """What stands on the screen, as it reads across its lines."""
    return on.flat if "‖ PAUSED" in on.text else "".join(on.text.split())


@pytest.mark.parametrize("site", ["outlet", "office", ""])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("language", "reason", "said"),
    [
        ("en", "", "‖ PAUSED · from Qiaoxi"),
        ("en", "safety", "‖ PAUSED · safety · from Qiaoxi"),
        ("en", LONG, f"‖ PAUSED · {LONG} · from Qiaoxi"),
        ("zh-Hans", "safety", "‖暂停·安全原因·来自桥西"),
        ("zh-Hans", "有客户晕倒，急救员正在处置，" * 4, f"‖暂停·{'有客户晕倒，急救员正在处置，' * 4}·来自桥西"),
    ],
)
async def test_a_paused_wall_says_why_and_from_which_site(site: str, size: tuple[int, int], language: str, reason: str, said: str) -> None:
    source = paused_by_its_controller(reason, language)
    async with wall(cut_off(), source=source, language=language, size=size, site=site) as on:
        assert said in whole(on)


@pytest.mark.parametrize("size", SIZES)
async def test_a_paused_seat_says_all_of_it_too(size: tuple[int, int]) -> None:
    async with seat(cut_off(), source=paused_by_its_controller(LONG, "en"), size=size) as on:
        assert f"‖ PAUSED · {LONG} · from Qiaoxi" in on.flat
        assert "What do you do first?" in on.text
