"""The lectern view: what a standing facilitator sees at every size, and that nothing owed disappears silently."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from tabletop.engine import commands as c
from tabletop.engine.schedule import lines
from tabletop.exercise.loading import load_exercise
from tabletop.text import cells, localise
from tabletop.tui.pages.lines import MAY_NOT_BEGIN
from tabletop.tui.screens.console import ConsoleScreen
from tabletop.tui.widgets.digits import GLYPHS, digits
from tabletop.tui.widgets.lectern import ACTIONS, ASKS
from tabletop.tui.widgets.lines import Lines
from tabletop.tui.widgets.reading import READ_WIDTH, read_lines, sentences
from tabletop.words import Words

from .conftest import Stage, StageMaker
from .exercises import INJECTS, bank, t
from .test_station_safety import cut_off

LANGUAGES = ("en", "zh-Hans")

SIZES = ((80, 24), (100, 32), (140, 40))

SHIPPED = Path(__file__).parents[2] / "exercises"

SCENES: dict[str, tuple[str, ...]] = {
    "released": ("enter", "wait:20", "2", "5"),
    "due": ("enter", "wait:200"),
    "private": ("enter", "wait:20", "enter", "enter"),
    "looking": ("enter", "wait:20", "down", "down"),
    "paused": ("enter", "wait:20", "space", "1"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
async def test_frames(
    stage: StageMaker, check_frame: Callable[[App[Any], str], None], name: str, size: tuple[int, int], language: str
) -> None:
    async with stage(bank(), size=size, language=language) as on:
        await on.play(SCENES[name])
        await on.follow(0.5)
        check_frame(on.app, f"lectern-{name}-{size[0]}x{size[1]}-{language}")
        assert all(cells(line) <= size[0] for line in on.text.splitlines())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_card_of_an_alarm_blinks_and_stands_again_as_it_was(
    stage: StageMaker, check_frame: Callable[[App[Any], str], None], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr("tabletop.tui.screens.console.BLINK_S", 1.5)
    async with stage(bank(), size=(100, 32), language=language) as on:
        await on.play(("enter", "wait:200"))
        await on.follow(1.7)
        await on.press("enter")
        assert on.app.screen.lectern.blinking == {"card"}
        assert heading(on) == ["reverse"]
        await on.follow(1.7)
        assert not on.app.screen.lectern.blinking
        assert not heading(on)
        check_frame(on.app, f"lectern-alarm-100x32-{language}")


def heading(on: Stage) -> list[str]:
    """The styles of the first line of the card."""
    console = on.app.screen
    assert isinstance(console, ConsoleScreen)
    return [str(span.style) for span in console.lectern.main.lines[0].spans if "reverse" in str(span.style)]


async def test_what_falls_due_blinks_once(stage: StageMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tabletop.tui.screens.console.BLINK_S", 1.5)
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter")
        await on.wait(170)
        assert not on.app.screen.lectern.blinking
        await on.wait(11)
        assert on.app.screen.lectern.blinking == {"due"}
        assert "! DUE" in on.text
        await on.follow(1.7)
        assert not on.app.screen.lectern.blinking
        await on.wait(5)
        assert not on.app.screen.lectern.blinking
        assert "! DUE" in on.text


async def test_the_digits_of_a_row_mark_that_action(stage: StageMaker) -> None:
    """Two digits as they stand on the screen, whatever is owed before."""
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter", "enter", "enter")
        titles = {action: expected.title for action, (_, expected) in on.app.desk.plan.actions.items()}
        for left in (4, 3, 2, 1):
            rows = re.findall(r"^ x (\d) (\d)  \S+ +(.*?)  ", on.text, re.MULTILINE)
            assert len(rows) == left
            role, number, shown = rows[-1]
            before = set(on.state.marks)
            await on.press(role, number)
            (marked,) = set(on.state.marks) - before
            assert localise(titles[marked], "en").startswith(shown.rstrip("…"))


async def test_what_stands_on_a_second_page_of_the_panel_shows_no_second_digit(stage: StageMaker) -> None:
    async with stage(many(12), size=(60, 20)) as on:
        await on.play(("enter", "page:actions", *["down"] * 13))
        keys = re.findall(r"x (3 \S+) +SG +Action (\d+)", on.text)
        # Two options and hands stand before the actions, and the question above them takes a line.
        shown = [(key, int(number)) for key, number in keys]
        assert [key for key, number in shown if number < 4] == [f"3 {number + 4}" for _, number in shown if number < 4]
        assert {key for key, number in shown if number >= 4} == {"3 …"}
        await on.press("3")
        assert "Action 3 " in on.text
        assert "Action 4 " not in on.text
        await on.press("7")
        assert set(on.state.marks) == {"action-3"}


async def test_a_settled_row_keeps_its_digits(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter")
        await on.wait(10)
        await on.press("2", "6")
        assert re.search(r"^ ✓ 2 6  T1 +Presses the silent alarm .* done 0:10", on.text, re.MULTILINE)


def many(count: int) -> Any:
    """An exercise whose first inject owes much."""
    first = {**INJECTS[0]}
    action = first["expects"][2]
    ask = first["asks"][0]
    first["expects"] = [{**action, "id": f"action-{n}", "title": t(f"Action {n}", f"行动{n}")} for n in range(count)]
    options = [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]
    first["asks"] = [{**ask, "id": f"ask-{n}", "question": f"Question {n}?", "options": options} for n in range(2)]
    second = {**first, "id": "second", "at": "1m", "expects": [], "asks": [{**ask, "id": "ask-9", "question": "Last?", "options": options}]}
    return bank(injects=[first, second], prohibited=[], indicators=[])


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 32), (140, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("count", [1, 4, 5, 12])
async def test_nothing_owed_disappears_silently(stage: StageMaker, size: tuple[int, int], count: int) -> None:
    async with stage(many(count), size=size) as on:
        await on.press("enter")
        await on.wait(61)
        await on.press("enter")
        text = on.text
        asks, actions = (
            len(re.findall(r"^ \? .*Question|^ \? .*Last", text, re.MULTILINE)),
            len(re.findall(r"^ x .*Action", text, re.MULTILINE)),
        )
        assert f"ASKED 3 · EXPECTED {count}" in text
        assert asks + actions >= min(3, count + 1)
        lines = text.splitlines()
        empty = [line[:60].strip(" │") for line in lines[: next(at for at, line in enumerate(lines) if "ASKED" in line)]][-3:]
        assert "more: tab" not in text or any(empty), "nothing is hidden where lines stand empty"
        if "more: tab" in text and size[1] < 30:
            assert asks <= ASKS or actions <= ACTIONS
        more = re.search(r"(\d+) more: tab", text)
        assert (0 if more is None else int(more[1])) == 3 + count - asks - actions


async def test_the_question_on_the_table_stands_before_an_old_one(stage: StageMaker) -> None:
    async with stage(many(1), size=(80, 24), pace="discussion") as on:
        await on.press("enter")
        await on.wait(30)
        assert "Question 0?" in on.text
        await on.press("enter")
        shown = re.findall(r"Question \d|Last", on.text)
        assert shown[0] == "Last"


async def test_a_private_inject_cannot_be_mistaken(stage: StageMaker) -> None:
    for language, told in (("en", "× HAND CARD 2 TO MC · DO NOT READ ALOUD"), ("zh-Hans", "× 给 监控 的信封 2 · 不要朗读")):
        async with stage(bank(), size=(80, 24), language=language) as on:
            await on.press("enter", "enter", "enter")
            assert told in on.text
            assert Words(language)("console.read-aloud-short") not in on.text.replace(told, "")
            assert "▌" not in on.text
            assert "┆" in on.text


@pytest.mark.parametrize("deliver", ["voice", "phone", "screen", "card"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_private_delivery_says_not_to_read_it_aloud(stage: StageMaker, deliver: str, language: str) -> None:
    private = {**INJECTS[1], "at": "0s", "deliver": deliver}
    async with stage(bank(injects=[private], prohibited=[]), size=(80, 24), language=language) as on:
        await on.press("enter")
        assert ("DO NOT READ ALOUD" if language == "en" else "不要朗读") in on.text
        assert ("MC" if language == "en" else "监控") in on.text


async def test_a_card_that_is_only_looked_at_says_so(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter", "down", "down", "down")
        assert "ONLY LOOKING" in on.text
        assert "READ ALOUD" not in on.text
        await on.press("escape")
        assert "ONLY LOOKING" not in on.text


async def test_jumped_time_is_nobodys_silence(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter", "1", "enter")
        await on.wait(30)
        on.source.from_elsewhere(c.Jump(30 * 60_000))
        await on.follow()
        await on.wait(60)
        assert "NOT HEARD" not in on.text
        await on.wait(100)
        line = next(line for line in on.text.splitlines() if "NOT HEARD" in line)
        assert "2 T1 3 min" in line


async def test_time_behind_a_link_that_is_cut_is_nobodys_silence(stage: StageMaker) -> None:
    async with stage(cut_off(), size=(100, 32)) as on:
        on.source.from_elsewhere(c.ReleaseInject("dark"))
        await on.follow()
        await on.wait(400)
        cut = {role.id for role in on.app.desk.plan.exercise.roles if role.site == "outlet"}
        silent = {role for role, _ in on.app.screen.scene().silent()}
        assert cut
        assert silent
        assert not silent & cut


async def test_who_was_not_heard_stands_there_with_the_digit_to_press(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter")
        await on.wait(170)
        assert "NOT HEARD" not in on.text
        await on.press("1", "enter")
        await on.wait(20)
        line = next(line for line in on.text.splitlines() if "NOT HEARD" in line)
        assert "1 BM" not in line
        assert "2 T1 3 min" in line
        await on.press("2", "1")
        await on.wait(7)
        await on.follow(0.3)
        line = next(line for line in on.text.splitlines() if "NOT HEARD" in line)
        assert "2 T1" not in line, "an action that was said, its role was heard with"
        shown = re.findall(r"\d \w+ \d+ min", line)
        rest = re.search(r"(\d+) more", line)
        assert rest is not None
        assert len(shown) + int(rest[1]) == 8


async def test_a_report_that_is_overdue_stands_above_what_is_on_the_table(stage: StageMaker) -> None:
    later = {**INJECTS[0], "id": "later", "at": "10m", "asks": [], "expects": []}
    report = {"id": "report", "question": "Report?", "answer": "report", "within": "30s", "elements": [{"id": "fact", "title": "Facts"}]}
    asked = {"id": "asked", "question": "And now?", "answer": "text", "within": "5m"}
    told = {**INJECTS[0], "asks": [report], "expects": []}
    exercise = bank(injects=[told, {**later, "asks": [asked, {**asked, "id": "again", "question": "And then?"}]}])
    async with stage(exercise, size=(80, 24)) as on:
        await on.press("enter")
        await on.wait(300)
        await on.press("enter", "enter")
        rows = [line for line in on.text.splitlines() if re.match(r" [?!] ", line)]
        assert "Report?" in rows[0]
        assert rows[0].startswith(" ! ")
        assert rows[1].startswith(" ? ")
        assert "And now?" in rows[1]


async def test_who_has_left_is_away_and_is_not_waited_for(stage: StageMaker) -> None:
    async with stage(bank(), size=(140, 40)) as on:
        on.source.conductor.dispatch(c.SeatPerson("press", "Lin"))
        await on.wait(200)
        assert re.search(r"6 +◇ PR +Lin", on.text)
        on.source.conductor.dispatch(c.PersonLeaves("press"))
        await on.wait(1)
        assert re.search(r"6 +○ PR +left", on.text)
        assert "6 PR 3 min" not in on.text


async def test_the_clock_is_read_back_from_its_digits(stage: StageMaker) -> None:
    known = {glyph: character for character, glyph in GLYPHS.items()}
    assert len(known) == 11, "no two digits look alike"
    async with stage(bank(), size=(100, 32)) as on:
        await on.press("enter")
        await on.wait(3754)
        rows = [line[1:24] for line in on.text.splitlines()[1:4]]
        assert rows == [line.plain for line in digits("1:02:34")]
        assert "60 min" not in on.text
        assert "32 min over 30" in on.text


async def test_below_thirty_rows_the_clock_is_one_line(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.wait(75)
        assert re.search(r"^ 0:01:15 +▶ +29 of 30 min left +1 min behind plan +recorded ✓ 2", on.text, re.MULTILINE)


async def test_minutes_count_to_the_end_of_the_booking(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24), prepare=lambda conductor: conductor.dispatch(c.Book(slot_ms=45 * 60_000))) as on:
        await on.press("enter")
        assert re.search(r"to \d\d:\d\d 45 min left", on.text)
        await on.wait(50 * 60)
        assert re.search(r"5 min past \d\d:\d\d", on.text)


@pytest.mark.parametrize("width", [20, 37, 56, 76, 200])
@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_line_that_is_read_aloud_begins_with_a_stop(path: Path, width: int) -> None:
    exercise = load_exercise(path).exercise
    for inject in exercise.injects:
        for apart in (True, False):
            shown = read_lines(localise(inject.text, "zh-Hans"), width, apart=apart)
            assert all(cells(line) <= min(width, READ_WIDTH) for line in shown)
            assert not [line for line in shown if line[:1] and line[0] in MAY_NOT_BEGIN]


def test_sentences_end_where_a_speaker_breathes() -> None:
    assert sentences("门外停下两辆警车。他说：“给钱！快！”然后退后。") == ["门外停下两辆警车。", "他说：“给钱！快！”然后退后。"]
    assert sentences("Mr. Li waits at No. 5. He asks: why? Nobody knows.") == ["Mr. Li waits at No. 5.", "He asks: why?", "Nobody knows."]
    assert sentences('He shouts: "Cash! All of it!" His voice cracks.') == ['He shouts: "Cash! All of it!"', "His voice cracks."]
    assert sentences("It costs 3.5 million… at 10:43.") == ["It costs 3.5 million…", "at 10:43."]
    assert sentences("") == []


def test_sentences_stand_apart_where_there_is_room() -> None:
    text = "甲。乙。\n丙。"
    assert read_lines(text, 56, apart=True) == ("甲。", "", "乙。", "", "丙。")
    assert read_lines(text, 56, apart=False) == ("甲。乙。", "丙。")


async def test_tab_turns_lectern_sitting_and_the_pages(stage: StageMaker) -> None:
    for size, pages in (
        ((140, 40), ["sitting", "injects", "actions", "room", "log", "lectern"]),
        ((80, 24), ["injects", "actions", "room", "log", "lectern"]),
    ):
        async with stage(bank(), size=size) as on:
            seen = []
            for _ in pages:
                await on.press("tab")
                seen.append(on.app.screen.page)
            assert seen == pages


async def test_the_view_asked_for_is_kept_while_the_program_runs(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        assert "┌─ INJECTS" not in on.text
        await on.run_action("view")
        assert "┌─ INJECTS" in on.text
        await on.press("enter", "tab", "escape")
        assert "┌─ INJECTS" in on.text
        assert "READ ALOUD" in on.text
        on.app.go("console")
        await on.settle()
        await on.follow(0.1)
        assert "┌─ INJECTS" in on.text
        await on.run_action("view")
        assert "┌─ INJECTS" not in on.text


async def test_without_room_the_sitting_view_is_refused_in_words(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24), notifications=True) as on:
        await on.run_action("view")
        assert on.app.screen.page == "lectern"
        assert "120 columns" in on.text


async def test_any_size_at_any_moment(stage: StageMaker) -> None:
    async with stage(bank(), view="sitting") as on:
        await on.press("enter")
        for columns, rows, page in (
            (80, 24, "lectern"),
            (140, 40, "sitting"),
            (60, 20, "lectern"),
            (119, 50, "lectern"),
            (200, 60, "sitting"),
        ):
            await on.pilot.resize_terminal(columns, rows)
            await on.settle()
            assert on.app.screen.page == page
            text = on.text
            assert "READ ALOUD" in text
            assert "recorded ✓ 3" in text
            assert "NEXT" in text
            assert all(cells(line) <= columns for line in text.splitlines())
        await on.press("tab")
        await on.pilot.resize_terminal(80, 24)
        await on.settle()
        assert on.app.screen.page == "injects"


async def test_a_panel_stays_while_the_terminal_changes(stage: StageMaker) -> None:
    async with stage(bank(), size=(100, 32)) as on:
        await on.press("enter", "2")
        await on.pilot.resize_terminal(80, 24)
        await on.settle()
        assert "Presses the silent alarm" in on.text
        await on.press("6")
        assert "silent-alarm" in on.state.marks
        assert re.search(r"^ ✓ 2 6", on.text, re.MULTILINE)


async def test_only_a_second_that_passes_is_drawn(stage: StageMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str | None] = []
    shown = Lines.show

    def show(self: Lines, content: Any) -> None:
        drawn.append(self.id)
        shown(self, content)

    async with stage(bank()) as on:
        await on.press("enter")
        await on.follow(0.6)
        monkeypatch.setattr(Lines, "show", show)
        on.app._tick()
        on.app._tick()
        assert not drawn
        await on.wait(1)
        assert set(drawn) == {"clock", "main", "beside"}
        await on.press("space", "1")
        drawn.clear()
        for _ in range(8):
            on.app._tick()
        assert not drawn


async def test_nothing_is_drawn_behind_a_screen_that_hides_it(stage: StageMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "question_mark")
        drawn: list[int] = []
        monkeypatch.setattr(ConsoleScreen, "draw", lambda self: drawn.append(1))
        await on.wait(5)
        assert not drawn


async def test_a_second_changes_few_lines(stage: StageMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock, what counts down, and nothing of the card."""
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter")
        await on.wait(20)
        before = list(on.app.screen.lectern.main.lines)
        await on.wait(1)
        after = on.app.screen.lectern.main.lines
        changed = [new.plain for old, new in zip(before, after, strict=True) if not old.is_same(new)]
        assert changed
        assert all("left" in line or line.startswith("NEXT") for line in changed)


async def test_the_list_is_every_inject_of_the_plan(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.play(("enter", "page:injects"))
        desk = on.app.desk
        for row in lines(desk.plan, desk.state, desk.elapsed_ms()):
            assert localise(row.inject.title, "en")[:20] in on.text


async def test_the_lines_that_are_read_aloud_stay_where_they_are(stage: StageMaker) -> None:
    exercise = bank()
    async with stage(exercise, size=(100, 32)) as on:
        await on.press("enter")

        def aloud() -> list[str]:
            return [line for line in on.text.splitlines() if line.startswith(" ▌")]

        first = aloud()
        assert len(first) > 2
        await on.press("h")
        assert aloud() == first
        await on.press("1", "1", "2", "1")
        assert aloud() == first


async def test_what_was_recorded_is_said_for_a_moment(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter")
        await on.wait(20)
        await on.press("5", "enter")
        await on.follow(0.3)
        assert re.search(r"✓ +0:2\d .*SEC", on.text)
        await on.wait(7)
        await on.follow(0.3)
        assert not re.search(r"✓ +0:2\d .*SEC", on.text)


LATE_REPORT = {"id": "report", "question": "Report?", "answer": "report", "within": "30s", "elements": [{"id": "fact", "title": "Facts"}]}


@pytest.mark.parametrize("page", ["lectern", "sitting", "actions"])
async def test_no_card_and_no_cadence_pushes_an_overdue_report_out_of_sight(stage: StageMaker, page: str) -> None:
    """A long card leaves three rows for what is owed; an older question and marks that nobody gave are owed, too."""
    long = {"en": " ".join(["A long sentence that is read aloud to the whole room."] * 13), "zh-Hans": "长" * 300}
    first = {**INJECTS[0], "asks": [{**INJECTS[0]["asks"][0], "within": "10s"}]}
    told = {**INJECTS[0], "id": "told", "at": "0s", "asks": [LATE_REPORT], "expects": []}
    later = {**INJECTS[0], "id": "later", "at": "10m", "text": long, "asks": [], "expects": []}
    cadence = [{"id": "updates", "by": "security", "every": "4m", "title": {"en": "situation report", "zh-Hans": "情况报告"}}]
    size = (140, 40) if page == "sitting" else (80, 24)
    async with stage(bank(injects=[first, told, later], cadence=cadence), size=size, view="lectern") as on:
        await on.press("enter", "enter")
        await on.wait(300)
        await on.press("enter", "enter")
        if page != "lectern":
            await on.play([f"page:{page}"])
        rows = [found[0] for line in on.text.splitlines() if (found := re.search(r"[?!] .*(situation report|Report\?|do first)", line))]
        assert rows[0].startswith("! ")
        assert "situation report" in rows[0]
        assert rows[1].startswith("! ")
        assert "Report?" in rows[1]
