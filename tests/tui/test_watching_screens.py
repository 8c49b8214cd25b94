"""What screens of players show that somebody else drives: the head count with its ticks, that an emergency is over, that nobody drives."""

from __future__ import annotations

import pytest

from tabletop.conductor import Conductor
from tabletop.conductor.watching import Kept
from tabletop.engine import commands as c
from tabletop.engine.around import AtDevice
from tabletop.tui.desk import Desk
from tests.engine.rooms import Room

from .conftest import FakeTime
from .exercises import bank
from .seated import AtASeat, SeatSource, seat, wall


async def alarmed(on: AtASeat, *people: tuple[str, str]) -> None:
    """A confirmed emergency, after these signed in."""
    await on.driver(*(c.SeatPerson(role, name) for role, name in people), *(c.PressEmergency("console") for _ in range(2)))


def ticked(on: AtASeat) -> list[str]:
    return [part.strip() for line in on.text.splitlines() for part in line.split("   ") if part.strip().startswith("[✓]")]


async def test_ticks_of_the_console_stand_on_stations_and_on_the_wall() -> None:
    source = SeatSource(bank(), FakeTime())
    async with seat(bank(), source=source, name="Li Wei") as on:
        await alarmed(on, ("manager", "Chen"))
        source.conductor.devices = (
            AtDevice("seat:guard", "Zhao Q", source.time.now_ms()),
            AtDevice("seat:teller", "", source.time.now_ms()),
        )
        await on.tick()
        assert "Zhao Q · Guard" in on.flat
        assert on.text.count("· Teller") == 1, "a second device without a name adds nobody"
        before = on.flat
        await on.driver(c.CountPerson("Chen"), c.CountPerson("Zhao Q"))
        assert ticked(on) == ["[✓] Chen · Branch manager", "[✓] Zhao Q · Guard"]
        assert "Head count: 0 of" in before
        assert "Head count: 2 of" in on.flat
        await on.driver(c.CountPerson("Chen", there=False))
        assert ticked(on) == ["[✓] Zhao Q · Guard"]
    async with wall(bank(), source=source) as on:
        assert ticked(on) == ["[✓] Zhao Q · Guard"]
        assert "Head count: 1 of" in on.flat


async def test_where_the_roll_is_longer_than_the_screen_who_is_missing_stands_above_who_is_found() -> None:
    def prepare(conductor: Conductor) -> None:
        for role in bank().roles:
            for holder in ("A", "B")[: role.holders]:
                conductor.dispatch(c.SeatPerson(role.id, f"{role.id} with a very long name {holder}", holder))  # type: ignore[arg-type]

    source = SeatSource(bank(), FakeTime())
    prepare(source.conductor)
    async with wall(bank(), source=source, size=(60, 14)) as on:
        await alarmed(on)
        while "page 1/2" not in on.flat:
            await on.wait(5)
        first = bank().roles[0].id
        assert f"{first} with a very long name" in on.flat
        await on.driver(c.CountPerson(f"{first} with a very long name A"))
        assert "Head count: 1 of" in on.flat
        assert f"{first} with a very long name A" not in on.flat
        await on.wait(5)
        assert "page 2/2" in on.flat
        assert f"[✓] {first} with a very long name A" in on.flat


@pytest.mark.parametrize(
    ("language", "stands", "goes_on"),
    [
        ("en", "The real emergency is over. EXERCISE: the exercise stands paused.", "EXERCISE: the exercise goes on."),
        ("zh-Hans", "真实警情已解除。【演练】演练仍在暂停。", "真实警情已解除。【演练】演练继续进行。"),
    ],
)
async def test_a_stand_down_is_said_on_stations_and_on_the_wall(language: str, stands: str, goes_on: str) -> None:
    source = SeatSource(bank(), FakeTime(), language=language)
    mark = "EXERCISE EXERCISE EXERCISE" if language == "en" else "演练 演练 演练"
    async with seat(bank(), source=source, language=language) as on, wall(bank(), source=source, language=language) as display:
        for screen in (on, display):
            await alarmed(screen)
            assert mark not in screen.flat
            await screen.driver(c.StandDown("a slip"))
            text = "".join(screen.text.split())
            assert "".join(stands.split()) in text.replace("✓", "")
            assert mark in screen.flat
            await screen.wait(3600)
            assert "".join(stands.split()) in "".join(screen.text.split()), "as long as it stands paused"
            await screen.driver(c.Resume())
            assert "".join(goes_on.split()) in "".join(screen.text.split())
            await screen.wait(21)
            assert "".join(goes_on.split()) not in "".join(screen.text.split())


async def test_who_chooses_a_seat_meanwhile_is_told_too() -> None:
    async with seat(bank(), roles=(), name="") as on:
        await alarmed(on)
        assert "REAL EMERGENCY" in on.text
        await on.driver(c.StandDown("a slip"))
        assert "The real emergency is over." in on.flat


async def test_who_passes_a_terminal_on_is_told_too() -> None:
    async with seat(bank(), roles=("teller", "guard"), name="", private=True) as on:
        await alarmed(on)
        await on.driver(c.StandDown("a slip"))
        assert "The real emergency is over." in on.flat


async def test_the_clock_and_every_countdown_stand_while_nobody_drives_and_go_on_afterwards() -> None:
    source = SeatSource(bank(), FakeTime(), pace="timed")
    async with seat(bank(), source=source) as on, wall(bank(), source=source) as display:
        for screen in (on, display):
            if not source.conductor.state.released:
                await screen.told("knife")
            await screen.wait(10)
            source.driven = True
        shown_ms = source.conductor.elapsed_ms()
        source.driven = False
        for conductor in source.conductors:
            conductor.kept = Kept(shown_ms, driven=False)
        await on.tick()
        await display.tick()
        for screen in (on, display):
            assert "Nobody drives: the clock stands." in screen.flat
        assert "‖" in on.text
        before = on.text
        await on.wait(300)
        assert on.text == before
        await on.press("1", "enter")
        said = on.source.log.entries[-1]
        assert (said.event.kind, said.exercise_ms) == ("answer_given", shown_ms)
        source.driven = True
        for conductor in source.conductors:
            conductor.kept = None
        source.conductor.dispatch(c.Recover(shown_ms), at_ms=shown_ms)
        await on.driver(c.Resume())
        assert "Nobody drives" not in on.flat
        assert source.conductor.elapsed_ms() == shown_ms
        assert "▶" in on.text


def test_what_was_done_a_moment_ago_where_nobody_drives_is_as_long_before_where_the_clock_stands() -> None:
    room = Room()
    room.wait(30)
    desk = Desk(SeatSource(bank(), FakeTime()))
    desk.ready, desk.state, desk._conductor = True, room.state, room.conductor
    assert (desk.elapsed_ms(), desk.elapsed_ms(2_000)) == (30_000, 28_000)
    room.conductor.kept = Kept(29_500, driven=False)
    room.wait(600)
    assert (desk.elapsed_ms(), desk.elapsed_ms(2_000)) == (29_500, 27_500)
    room.conductor.kept = None
    room.ask(c.Pause("break"))
    desk.state = room.state
    assert desk.elapsed_ms(2_000) == desk.elapsed_ms() == 630_000
