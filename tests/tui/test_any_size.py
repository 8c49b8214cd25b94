"""A real emergency is shown at any size of a terminal, on every screen; the roll of a head count turns its pages where it has no room."""

from __future__ import annotations

import re

import pytest

from tabletop.conductor import Conductor
from tabletop.engine import commands as c
from tabletop.engine.around import AtDevice
from tabletop.engine.events import AnswerGiven, DecisionMade
from tabletop.tui.screens.choosing import ChoosingScreen
from tabletop.tui.screens.handing import HandingScreen
from tabletop.tui.screens.panels.emergency import EmergencyScreen, RaisedPanel
from tabletop.tui.screens.panels.too_small import TooSmall
from tabletop.tui.sizes import SMALLEST, too_small
from tabletop.tui.widgets.footer import Footer
from tabletop.words import LANGUAGES, Words

from .conftest import FakeTime, Stage, StageMaker
from .exercises import bank
from .seated import AtASeat, SeatSource, seat, wall

SMALL = ((58, 18), (30, 10))

FIRST = {"en": "EMERGENCY pressed: the facilitator", "zh-Hans": "有人按下真实警情：主持人"}
REAL = {"en": ("REAL EMERGENCY", "the facilitator", "Call 110", "Muster point", "Head count"),
        "zh-Hans": ("真实警情", "主持人", "请拨打 110", "集合点", "清点人数")}  # fmt: skip


def joined(text: str) -> str:
    """What stands there, as if no line had been broken."""
    return " ".join(text.split())


async def pressed_twice(on: AtASeat, language: str) -> None:
    """Asserts that both presses of the console are shown, what matters most first."""
    await on.driver(c.PressEmergency("console"))
    assert FIRST[language].replace(" ", "") in joined(on.text).replace(" ", "")
    on.source.time.wait(9)
    await on.tick()
    if "too small" in on.flat or "终端窗口太小" in on.flat:
        assert {"en": "EMERGENCY pressed", "zh-Hans": "有人按下真实警情"}[language] in on.flat, "it stays said"
    await on.driver(c.PressEmergency("console"), c.PressEmergency("console"))
    found = [joined(on.text).find(word) for word in REAL[language]]
    assert -1 not in found
    assert found == sorted(found)
    assert not any(footer.display for footer in on.app.screen.query(Footer)), "no key of what lies below is offered"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("size", [*SMALL, (80, 24)])
@pytest.mark.parametrize("screen", ["wall", "handing", "choosing", "naming", "station"])
async def test_both_presses_are_shown_on_every_screen_of_players(screen: str, size: tuple[int, int], language: str) -> None:
    if screen == "wall":
        async with wall(bank(), size=size, language=language) as on:
            await pressed_twice(on, language)
        return
    roles = () if screen == "choosing" else ("teller", "guard")
    name = "Li Wei" if screen == "station" else ""
    async with seat(bank(), roles, name=name, private=screen == "handing", size=size, language=language) as on:
        await pressed_twice(on, language)


async def test_after_an_emergency_the_name_can_be_typed_on() -> None:
    async with seat(bank(), ("teller", "guard"), name="") as on:
        await on.type("Wu")
        await on.driver(c.PressEmergency("console"), c.PressEmergency("console"), c.StandDown("drill"))
        await on.tick()
        await on.type(" Min")
        await on.press("enter")
        assert on.source.name == "Wu Min"


@pytest.mark.parametrize("size", SMALL)
@pytest.mark.parametrize("first", ["console", "briefing", "evaluation", "debrief"])
async def test_both_presses_are_shown_on_every_screen_of_the_facilitator(stage: StageMaker, first: str, size: tuple[int, int]) -> None:
    def prepare(conductor: Conductor) -> None:
        if first in ("evaluation", "debrief"):
            conductor.dispatch(c.End())

    async with stage(bank(), size=size, first=first, started=first != "briefing", prepare=prepare) as on:
        assert isinstance(on.app.screen, TooSmall)
        await on.press("ctrl+g")
        assert isinstance(on.app.screen, RaisedPanel)
        assert "EMERGENCY pressed: the console" in inside(on)
        await on.press("ctrl+g")
        assert isinstance(on.app.screen, EmergencyScreen)
        found = [joined(on.text).find(word) for word in ("REAL EMERGENCY", "the console", "Call 110", "Muster point", "Head count", "[ ]")]
        assert -1 not in found
        assert found == sorted(found)
        await on.press("1")
        await on.type("drill")
        await on.press("enter")
        await on.settle()
        assert isinstance(on.app.screen, TooSmall)
        await on.pilot.resize_terminal(80, 24)
        await on.settle()
        assert not any(isinstance(screen, TooSmall) for screen in on.app.screen_stack)


def inside(on: Stage) -> str:
    """What stands in a box, as if no line had been broken."""
    return joined("".join(character if character not in "█▀▄▌▐" else " " for character in on.text))


async def test_a_terminal_that_grows_or_shrinks_under_an_emergency_shows_what_fits_afterwards(stage: StageMaker) -> None:
    async with stage(bank(), size=(50, 15)) as on:
        await on.press("ctrl+g", "ctrl+g")
        await on.pilot.resize_terminal(80, 24)
        await on.pilot.resize_terminal(40, 12)
        await on.settle()
        assert isinstance(on.app.screen, EmergencyScreen)
        await on.pilot.resize_terminal(100, 30)
        await on.settle()
        await on.press("1")
        await on.type("drill")
        await on.press("enter")
        await on.settle()
        assert not any(isinstance(screen, TooSmall) for screen in on.app.screen_stack)


async def test_who_presses_while_seats_are_chosen_is_called_the_same_everywhere(stage: StageMaker) -> None:
    source = SeatSource(bank(), FakeTime())
    async with seat(bank(), (), name="", source=source) as on:
        await on.press("ctrl+g")
        assert "a terminal that is choosing its seat" in on.flat
    async with wall(bank(), source=source) as on:
        assert "a terminal that is choosing its seat" in on.flat
    async with stage(bank(), size=(80, 24)) as there:
        there.source.from_elsewhere(c.PressEmergency("choosing"))
        await there.follow()
        assert "a terminal that is choosing its seat" in inside(there)


def many(people: int) -> SeatSource:
    """A run at which so many people look on."""
    source = SeatSource(bank(), FakeTime())
    names = [f"{chr(65 + n % 26)}ng {chr(65 + n // 26)}i" for n in range(people)]
    source.conductor.devices = tuple(AtDevice("viewer", name, source.time.now_ms()) for name in names)
    return source


def shown(on: AtASeat) -> set[str]:
    return {part.strip() for line in on.text.splitlines() for part in line.replace("[✓]", "[ ]").split("[ ]")[1:]}


async def test_five_and_thirty_people_stand_on_one_page() -> None:
    async with wall(bank(), source=many(25)) as on:
        await on.driver(c.PressEmergency("console"), c.PressEmergency("console"))
        assert len(shown(on)) == 35
        assert "more" not in on.text
        assert "page" not in on.text


@pytest.mark.parametrize("size", [(80, 24), (30, 10)])
async def test_where_the_roll_is_longer_than_the_screen_it_turns_its_pages_by_itself_who_is_missing_first(size: tuple[int, int]) -> None:
    async with seat(bank(), source=many(60), name="Li Wei", size=size) as on:
        await on.driver(c.PressEmergency("console"), c.PressEmergency("console"), c.CountPerson("Ang Ai"))
        while not on.flat.partition("Head count: 1 of 70 · page ")[2].startswith("1/"):
            await on.wait(5)
        pages = int(on.flat.partition("page 1/")[2].split()[0])
        turned = []
        for _ in range(pages):
            turned.append(shown(on))
            await on.wait(5)
        assert len(set().union(*turned)) == sum(map(len, turned)) == 70, "everybody, and nobody twice"
        assert "Ang Ai · observer" in turned[-1]
        assert "page 1/" in on.flat


# Where there is no room, no key acts unseen.


async def resized(on: AtASeat | Stage, width: int, height: int) -> None:
    await on.pilot.resize_terminal(width, height)
    await on.settle()


async def test_a_seat_too_small_answers_nothing_and_keeps_what_was_typed() -> None:
    async with seat(bank()) as on:
        await on.told("knife")
        await on.press("f3")
        await on.type("Doors")
        await resized(on, 50, 15)
        before = len(on.source.log.entries)
        await on.type("1 x")
        await on.press("enter", "escape", "2", "enter", "f2", "tab", "enter", "ctrl+r", "f8", "f1")
        assert len(on.source.log.entries) == before
        assert "too small" in on.text
        await resized(on, 80, 24)
        await on.type(" shut")
        await on.press("enter")
        assert [event.text for event in on.log if isinstance(event, DecisionMade)] == ["Doors shut"]
        await on.press("1", "enter")
        assert [event.ask for event in on.log if isinstance(event, AnswerGiven)] == ["first-move"]


async def test_a_seat_too_small_still_hides_what_it_shows_raises_an_emergency_and_ends() -> None:
    async with seat(bank(), ("teller", "guard"), private=True, name="") as on:
        await on.press("enter", "f3")
        await on.type("only the drawer")
        await resized(on, 50, 15)
        await on.press("f9", "down", "enter")
        assert isinstance(on.app.screen, HandingScreen), "nobody sits down unseen"
        await resized(on, 80, 24)
        assert "only the drawer" not in on.text
        await on.press("enter")
        assert "only the drawer" in on.text
        await resized(on, 50, 15)
        await on.press("ctrl+g", "ctrl+g")
        assert on.state.emergency.confirmed
        await on.press("ctrl+q")
        assert not on.app.is_running


@pytest.mark.parametrize("roles", [(), ("teller", "guard")])
async def test_nobody_takes_a_seat_where_none_is_shown(roles: tuple[str, ...]) -> None:
    async with seat(bank(), roles, name="", size=(50, 15)) as on:
        await on.type("Li")
        await on.press("1", "space", "enter", "enter")
        assert isinstance(on.app.screen, ChoosingScreen)
        await resized(on, 80, 24)
        if not roles:
            await on.press("2", "enter")
        await on.type("Wu")
        await on.press("enter")
        assert on.source.name == "Wu"


def test_the_size_that_is_asked_for_is_the_one_that_is_needed() -> None:
    assert not too_small(*SMALLEST)
    assert too_small(SMALLEST[0] - 1, 99)
    assert too_small(999, SMALLEST[1] - 1)
    for language in LANGUAGES:
        words = Words(language)
        for told in (words("console.too-small", columns=SMALLEST[0], rows=SMALLEST[1]), words("doctor.too-small")):
            assert [int(number) for number in re.findall(r"\d+", told)][:2] == list(SMALLEST)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_program_asks_for_the_same_size(stage: StageMaker, language: str) -> None:
    width, height = SMALLEST[0] - 1, SMALLEST[1] - 1
    asked = joined(Words(language)("console.too-small", columns=SMALLEST[0], rows=SMALLEST[1])).replace(" ", "")
    async with seat(bank(), size=(width, height), language=language) as on:
        seen = [on.text]
    async with stage(bank(), size=(width, height), language=language) as there:
        seen.append(there.text)
    for text in seen:
        assert asked in joined(text).replace(" ", "")
        assert f"{width}×{height} < {SMALLEST[0]}×{SMALLEST[1]}" in text
