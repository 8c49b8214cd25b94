"""The roll of a head count on pages: everybody stands on one of them whatever the size, and they are worked out once for each change."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import datetime

import pytest

from tabletop.engine.views import OnRoll, PressedAt, RealEmergency
from tabletop.tui.pages import alarm
from tabletop.tui.pages.alarm import PAGE_MS, AlarmPage
from tabletop.tui.pages.head_count import BETWEEN, in_pages, rows_on_one
from tabletop.words import Words

SITE = {"en": "Qiaoxi branch", "zh-Hans": "桥西支行"}
MUSTER = {"en": "Bank car park, by the gate", "zh-Hans": "门口停车场"}
TELLER = {"en": "Teller", "zh-Hans": "柜员"}

TOLD = {"en": ("Call 110", "Bank", "gate", "Head count"), "zh-Hans": ("请拨打110", "门口", "清点人数")}
PAGE = {"en": "page", "zh-Hans": "页"}


def people(number: int, counted: int = 0) -> tuple[OnRoll, ...]:
    names = [f"Li {one:03d}" for one in range(number)]
    return tuple(OnRoll(name, "role", (TELLER,), name, 1 if at < counted else None) for at, name in enumerate(names))


def raised(roll: tuple[OnRoll, ...]) -> RealEmergency:
    at_ms = 1_795_050_000_000
    return RealEmergency("console", "qiaoxi", at_ms, at_ms, True, SITE, (PressedAt("console"),), "110", MUSTER, roll)


def round_of(emergency: RealEmergency, language: str, width: int, height: int) -> list[list[str]]:
    """What stands there in turn, until it begins anew."""
    words, pages = Words(language), list[list[str]]()
    for number in range(len(emergency.roll) + 60):
        lines = AlarmPage(emergency, words, language, width, height, number * PAGE_MS).stopped()
        assert len(lines) <= height
        assert all(line.cell_length <= width for line in lines)
        shown = [line.plain.strip() for line in lines]
        if pages and shown == pages[0]:
            return pages
        pages.append(shown)
    raise AssertionError("it never begins anew")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("number", [0, 1, 7, 12, 33])
def test_at_any_size_everybody_and_all_that_is_told_stands_on_a_page_and_each_page_says_which_it_is(number: int, language: str) -> None:
    emergency = raised(people(number, counted=number // 3))
    for width in (20, 24, 28, 30, 34, 40, 58, 60, 80, 140):
        for height in (1, 2, 4, 6, 8, 10, 14, 17, 18, 19, 20, 24, 28, 40):
            pages, where = round_of(emergency, language, width, height), (width, height)
            names = [line[4:10] for page in pages for line in page if line.startswith("[")]
            beside = [part[:6] for page in pages for line in page for part in line.replace("[✓]", "[ ]").split("[ ] ")[2:]]
            assert sorted(names + beside) == [one.name for one in emergency.roll], where
            flat = "".join("".join(page) for page in pages).replace(" ", "")
            assert [word for word in TOLD[language] if word.replace(" ", "") not in flat] == [], where
            if len(pages) > 1 and height >= 6:
                numbers = [f"{at}/{len(pages)}" for at in range(1, len(pages) + 1)]
                assert [mark for mark, page in zip(numbers, pages, strict=True) if mark not in "".join(page)] == [], where


def test_where_no_name_has_room_below_what_is_told_the_two_take_turns() -> None:
    first, second, *_ = round_of(raised(people(12)), "en", 30, 8)
    assert "Call 110" in first
    assert "1/4" in first
    assert "[ ] Li 000 · Teller" not in first
    assert second[0].startswith("! REAL EMERGENCY")
    assert second[3:] == [f"[ ] Li {one:03d} · Teller" for one in range(5)]


def test_pages_are_worked_out_once_for_the_same_people_on_the_same_size(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    on_roll = alarm.on_roll

    def counting(one: OnRoll, words: Words, language: str) -> str:
        asked.append(one.person)
        return on_roll(one, words, language)

    monkeypatch.setattr(alarm, "on_roll", counting)
    words = Words("en")

    def draw(roll: tuple[OnRoll, ...], width: int, wall_ms: int) -> int:
        """How often a row was worded."""
        asked.clear()
        AlarmPage(raised(roll), words, "en", width, 24, wall_ms).stopped()
        return len(asked)

    roll = people(200)
    assert draw(roll, 79, 0) == 200
    assert [draw(people(200), 79, at * 250) for at in range(100)] == [0] * 100, "the same people, whenever it is"
    assert draw(roll, 78, 0) == 200
    assert draw((replace(roll[0], counted_wall_ms=1), *roll[1:]), 78, 0) == 200, "somebody was counted"


@pytest.mark.parametrize("size", [(80, 24), (20, 10), (140, 40)])
def test_a_draw_of_two_hundred_people_takes_less_than_five_milliseconds(size: tuple[int, int]) -> None:
    words, taken = Words("en"), list[float]()
    for at in range(20):
        page = AlarmPage(raised(people(200)), words, "en", *size, at * 250)
        began = time.thread_time()
        page.stopped()
        taken.append(time.thread_time() - began)
    # What else the machine does takes its time now and then.
    assert sorted(taken)[10] < 0.005


def fits(widths: list[int], rows: int, width: int) -> bool:
    """Whether names in columns of so many rows are no wider than the screen, tried out."""
    columns = [widths[at : at + rows] for at in range(0, len(widths), rows)]
    return len(columns) == 1 or sum(map(max, columns)) + BETWEEN * (len(columns) - 1) <= width


@pytest.mark.parametrize("seed", range(200))
def test_columns_and_pages_are_those_that_trying_every_way_finds(seed: int) -> None:
    dice = random.Random(seed)
    width, room = dice.randint(10, 100), dice.randint(1, 12)
    widths = [dice.randint(4, min(30, width)) for _ in range(dice.randint(1, 60))]
    ways = (-(-len(widths) // columns) for columns in range(-(-len(widths) // room), len(widths) + 1))
    assert rows_on_one(widths, room, width) == next((rows for rows in ways if fits(widths, rows, width)), 0)
    begin = 0
    for page in in_pages(widths, room, width):
        assert page.start == begin
        assert fits(widths[page.start : page.stop], room, width)
        assert page.stop == len(widths) or not fits(widths[page.start : page.stop + 1], room, width), "there was room for one more"
        begin = page.stop
    assert begin == len(widths)


def test_the_time_is_that_of_the_press_whose_place_is_named_first() -> None:
    first = datetime(2026, 11, 21, 14, 13, 20)  # as people read it here
    at_ms = round(1000 * first.timestamp())
    emergency = RealEmergency("console", "", at_ms + 180_000, at_ms, True, SITE, (PressedAt("console"),), "110", MUSTER, people(2))
    text = " ".join(line.plain for line in AlarmPage(emergency, Words("en"), "en", 80, 24, 0).stopped())
    assert "14:13:20" in text
    assert "14:16:20" not in text
