"""What must never happen at the console: something typed is lost, a false tick, an emergency mistaken for play, two drivers."""

from __future__ import annotations

import json

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.errors import Exit, TabletopError
from tabletop.tui.screens.panels.emergency import EmergencyScreen
from tabletop.tui.screens.panels.frame import Field
from tabletop.tui.screens.panels.too_small import TooSmall

from .conftest import FakeTime, MemorySource, StageMaker
from .exercises import bank


def full() -> TabletopError:
    return TabletopError("store.no-space", exit_code=Exit.NO_SPACE, path="/store.db", reason="SQLITE_FULL")


async def test_what_cannot_be_recorded_stays_on_the_screen_and_is_never_ticked(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        on.source.log.fail_with = full()
        await on.press("1")
        await on.type("Stall for time")
        await on.press("enter")
        assert "NOT RECORDED" in on.text
        assert "recorded ✓ 2" in on.text or on.app.desk.recorded == 2
        assert on.app.desk.trouble is not None
        await on.wait(60)
        assert on.app.desk.elapsed_ms() == 0
        await on.press("2")
        assert on.app.screen.query_one(Field).value == "Stall for time"
        on.source.log.fail_with = None
        await on.press("enter")
        assert on.state.decisions[-1].text == "Stall for time"
        assert on.state.paused
        assert on.app.desk.trouble is None


async def test_trying_again_records_it_at_the_time_it_was_meant_for_and_pauses_there(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.wait(30)
        on.source.log.fail_with = full()
        await on.press("enter")
        await on.wait(100)
        await on.press("1")
        assert "NOT RECORDED" in on.text
        on.source.log.fail_with = None
        await on.press("1")
        assert on.state.injects["knife"].released_ms == 30_000
        assert on.state.paused
        assert on.state.pauses[-1].at_ms == 30_000


async def test_a_draft_is_saved_and_back_after_a_kill(stage: StageMaker, time: FakeTime) -> None:
    async with stage(bank()) as on:
        await on.wait(12)
        await on.press("d", "1")
        await on.type("先稳住他")
        on.app.desk._changed_drafts = dict.fromkeys(on.app.desk._changed_drafts, 0.0)
        on.app._tick()
        await on.settle()
        kept = dict(on.source.kept_drafts)
    assert json.loads(kept["decision"])["text"] == "先稳住他"
    again = MemorySource(bank(), time)
    again.kept_drafts = kept
    async with stage(bank(), source=again) as on:
        assert "先稳住他" in on.text
        await on.press("enter")
        event = on.source.log.entries[-1].event
        assert isinstance(event, e.DecisionMade)
        assert (event.role, event.text) == ("manager", "先稳住他")
        assert "decision" not in on.source.kept_drafts


async def test_a_draft_that_could_not_be_saved_is_tried_again_and_survives_a_take_over(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        keep = on.source.keep_draft

        def busy(name: str, text: str) -> None:
            raise TabletopError("store.in-use", path="x")

        on.source.keep_draft = busy
        await on.press("d", "1")
        await on.type("keep him talking")
        on.app.desk._changed_drafts = dict.fromkeys(on.app.desk._changed_drafts, 0.0)
        await on.wait(1)
        assert not on.source.kept_drafts
        assert list(on.app.desk._changed_drafts) == ["decision"]
        on.source.keep_draft = keep
        on.app.desk.take_over(lambda: None, on.app.say)
        await on.wait(1)
        assert "keep him talking" in on.app.desk.drafts["decision"]
        on.app.desk._changed_drafts = dict.fromkeys(on.app.desk._changed_drafts, 0.0)
        await on.wait(1)
        assert "keep him talking" in on.source.kept_drafts["decision"]


async def test_a_draft_is_saved_however_long_somebody_goes_on_typing(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("3")
        await on.type("先稳住")
        on.app.desk._changed_drafts = dict.fromkeys(on.app.desk._changed_drafts, 0.0)
        await on.type("他")
        on.app._tick()
        await on.settle()
        assert [json.loads(kept)["text"] for kept in on.source.kept_drafts.values()] == ["先稳住他"]


async def test_escape_keeps_what_was_typed_for_the_next_time(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("d", "1")
        await on.type("half a sentence")
        await on.press("escape", "d")
        assert "half a sentence" in on.text


async def test_the_first_press_of_the_emergency_pauses_the_second_stops(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("ctrl+g")
        assert on.state.paused
        assert "again within 5 s" in on.text
        await on.press("ctrl+g")
        assert isinstance(on.app.screen, EmergencyScreen)
        assert "REAL EMERGENCY" in on.text
        assert "EXERCISE" not in on.text
        assert "110" in on.text
        assert "Car park behind the house" in on.text
        assert "Branch manager" in on.text


async def test_the_emergency_works_from_a_text_field_too(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("d")
        await on.type("abc")
        await on.press("f12", "f12")
        assert "REAL EMERGENCY" in on.text


async def test_only_standing_down_with_a_reason_leads_away(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("ctrl+g", "ctrl+g", "escape", "enter", "space", "n", "question_mark", "escape")
        assert isinstance(on.app.screen, EmergencyScreen)
        await on.press("1", "enter")
        assert on.state.emergency is not None
        await on.type("false alarm")
        await on.press("enter")
        assert on.state.emergency is None
        assert "EmergencyScreen" not in [type(screen).__name__ for screen in on.app.screen_stack]
        assert on.state.paused


async def test_without_a_second_press_it_stays_paused_and_says_so(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("ctrl+g")
        await on.wait(6)
        assert "Not confirmed" in on.text
        await on.press("escape", "space")
        assert not on.state.paused


async def test_an_emergency_at_another_seat_turns_this_screen(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        on.source.from_elsewhere(c.PressEmergency(seat="teller", site="Qiaoxi"))
        on.source.from_elsewhere(c.PressEmergency(seat="teller", site="Qiaoxi"))
        await on.follow()
        assert "REAL EMERGENCY" in on.text
        assert "Qiaoxi" in on.text


async def test_a_second_console_only_watches_until_it_takes_over(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(bank(), time, driver="desk-1")
    async with stage(bank(), source=source) as on:
        assert "desk-1 drives this run" in on.text
        await on.press("1", "enter")
        assert on.state.released == ()
        assert "READ-ONLY: desk-1" in on.text
        source.from_elsewhere(c.ReleaseInject("knife"))
        await on.follow()
        assert "A knife at counter 2" in on.text
        await on.run_action("take_over")
        await on.press("2")
        assert "READ-ONLY" not in on.text
        await on.press("1", "enter")
        assert "manager" in on.state.heard


async def test_a_console_that_lost_its_lease_is_read_only(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        on.source.fenced = True
        await on.follow(1.2)
        assert on.app.desk.read_only
        await on.press("1", "enter")
        assert on.state.released == ()


async def test_a_gap_pauses_says_so_and_asks(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        await on.wait(4)
        await on.follow()
        on.source.time.sleep(600)
        await on.follow()
        assert on.state.paused
        assert "10:00 passed that nobody saw" in on.text
        await on.press("escape")
        assert "10:00 passed" in on.text
        await on.press("2")
        assert isinstance(on.source.log.entries[-1].event, e.ClockGap)
        assert on.app.desk.elapsed_ms() == 4_000
        assert on.state.paused


async def test_a_gap_can_be_counted(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.wait(4)
        await on.follow()
        on.source.time.sleep(600)
        await on.follow()
        await on.press("1")
        assert on.app.desk.elapsed_ms() == 604_000


async def test_leaving_pauses_the_run_and_gives_the_lease_up(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.pilot.press("ctrl+q")
        last = on.source.log.entries[-1].event
        assert isinstance(last, e.ClockPaused)
        assert last.reason == "quit"
        assert on.source.closed


async def test_ctrl_c_does_not_leave(stage: StageMaker) -> None:
    async with stage(bank(), notifications=True) as on:
        await on.press("ctrl+c")
        assert "Ctrl+Q leaves" in on.text
        assert not on.source.closed


async def test_below_sixty_by_twenty_it_says_so_and_keeps_what_was_typed(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("d")
        await on.type("kept")
        await on.pilot.resize_terminal(50, 15)
        await on.settle()
        assert isinstance(on.app.screen, TooSmall)
        assert "60 columns" in on.text
        await on.pilot.resize_terminal(80, 24)
        await on.settle()
        assert on.app.screen.query_one("#text", Field).value == "kept"
        assert on.app.focused is on.app.screen.query_one("#text", Field)


async def test_the_clock_of_a_panel_and_the_console_goes_on(stage: StageMaker) -> None:
    async with stage(bank(), size=(100, 26)) as on:
        await on.press("enter", "x")
        await on.wait(75)
        assert "0:01:15" in on.text
        assert "no record" in on.text or "left" in on.text


async def test_what_fails_by_itself_is_said_and_swallows_nothing_that_is_typed(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("d", "1")
        on.source.beat_error = full()
        await on.follow(1.4)
        await on.type("typed on")
        assert on.app.screen.query_one("#text", Field).value == "typed on"
        assert "NOTHING CAN BE RECORDED NOW" in on.text
        on.source.beat_error = None
        await on.follow(1.4)
        assert "NOTHING CAN BE RECORDED NOW" not in on.text
        await on.press("enter")
        assert on.state.decisions[-1].text == "typed on"


async def test_a_gap_waits_until_nobody_types(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("d", "1")
        on.source.time.sleep(60)
        await on.follow()
        await on.type("some people inside")
        assert on.app.screen.query_one("#text", Field).value == "some people inside"
        assert on.state.paused
        await on.press("enter")
        await on.follow(0.3)
        assert "1:00 passed that nobody saw" in on.text


async def test_an_emergency_is_real_whether_or_not_the_disk_takes_it(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        on.source.log.fail_with = full()
        await on.press("ctrl+g")
        await on.press("ctrl+g")
        assert isinstance(on.app.screen, EmergencyScreen)
        assert "110" in on.text
        assert "EXERCISE" not in on.text
        on.source.log.fail_with = None
        await on.press("1")
        await on.type("it was none")
        await on.press("enter")
        assert not any(isinstance(screen, EmergencyScreen) for screen in on.app.screen_stack)
        assert on.state.notes[-1].text == "it was none"


async def test_a_console_that_only_watches_can_still_raise_an_emergency(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(bank(), time, driver="desk-1")
    async with stage(bank(), source=source) as on:
        await on.press("1", "ctrl+g", "ctrl+g")
        assert isinstance(on.app.screen, EmergencyScreen)
        assert on.state.emergency is not None
