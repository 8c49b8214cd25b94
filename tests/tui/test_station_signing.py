"""Who types for several roles at one station is on the roll once: at the first role that nobody is named at yet."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.around import AtDevice
from tabletop.engine.roll import roll
from tabletop.exercise.model import Exercise
from tabletop.tui.station_app import StationApp
from tabletop.tui.widgets.writing import Writing

from .conftest import FakeTime
from .exercises import bank, t
from .seated import AtASeat, SeatSource, below, seat


def named(on: AtASeat) -> list[tuple[str, str, str]]:
    return [(event.role, event.holder, event.name) for event in on.log if isinstance(event, e.PersonSeated)]


def answers(on: AtASeat) -> list[e.AnswerGiven]:
    return [event for event in on.log if isinstance(event, e.AnswerGiven)]


async def test_the_scribe_of_a_group_stands_where_nobody_is_named() -> None:
    source = SeatSource(bank(), FakeTime())
    source.from_elsewhere(c.SeatPerson("guard", "Chen"))
    source.from_elsewhere(c.StaffRole("manager", "with", "teller"))
    async with seat(bank(), ("teller", "guard", "manager"), name="Wu Min", source=source) as on:
        assert named(on) == [("guard", "A", "Chen"), ("teller", "A", "Wu Min")], "one person who plays two roles is counted once"


async def test_the_scribe_of_a_group_is_named_at_one_role_and_for_the_others_somebody_is_looked_for() -> None:
    source = SeatSource(bank(), FakeTime())
    async with seat(bank(), ("teller", "guard", "centre"), name="Wu Min", source=source) as on:
        assert named(on) == [("teller", "A", "Wu Min")]
        on.source.conductor.devices = (AtDevice("seat:teller+guard+centre", "Wu Min", on.source.time.now_ms()),)
        for _ in range(2):
            await on.driver(c.PressEmergency("console"))
        people = [one.person for one in roll(on.source.conductor.plan, on.state, on.source.conductor.devices)]
        assert people[:4] == ["seat:manager", "Wu Min", "seat:guard", "seat:centre"]


async def test_whoever_comes_to_a_role_takes_the_place_that_is_free() -> None:
    source = SeatSource(bank(), FakeTime())
    source.from_elsewhere(c.SeatPerson("manager", "Chen", "B"))
    async with seat(bank(), ("manager",), name="Wu Min", source=source) as on:
        assert named(on) == [("manager", "B", "Chen"), ("manager", "A", "Wu Min")]


async def test_whoever_comes_to_a_role_without_a_free_place_stands_beside_its_holders_in_the_log() -> None:
    source = SeatSource(bank(), FakeTime())
    source.from_elsewhere(c.SeatPerson("teller", "Chen"))
    async with seat(bank(), ("teller",), name="Wu Min", source=source) as on:
        assert named(on) == [("teller", "A", "Chen"), ("teller", "+", "Wu Min")]
        assert "Chen / Wu Min" in on.text


async def test_the_same_scribe_at_another_station_signs_in_once() -> None:
    source = SeatSource(bank(), FakeTime())
    source.from_elsewhere(c.SeatPerson("guard", "WU  min"))
    async with seat(bank(), ("teller", "guard"), name="Wu Min", source=source) as on:
        assert named(on) == [("guard", "A", "WU min")]


async def test_a_name_that_reads_like_a_seat_loses_its_colon() -> None:
    source = SeatSource(bank(), FakeTime())
    async with seat(bank(), ("teller",), name="seat:guard", source=source) as on:
        assert named(on) == [("teller", "A", "seat guard")]
        assert on.source.name == "seat guard", "as the device is known by, too"


async def test_whoever_plays_several_roles_of_control_is_counted_once() -> None:
    source = SeatSource(bank(), FakeTime())
    source.from_elsewhere(c.StaffRole("teller", "control"))
    source.from_elsewhere(c.StaffRole("guard", "control"))
    async with seat(bank(), ("teller", "guard"), name="He", source=source) as on:
        assert len(named(on)) == 1
        assert named(on)[0][2] == "He"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_who_is_named_in_a_place_while_something_is_half_typed_there_sends_it_under_that_name(language: str) -> None:
    async with seat(bank(), language=language) as on:
        await on.driver(c.SeatPerson("teller", "Li Wei"))
        await on.told("knife")
        await on.press("1", "ctrl+r")
        await on.type("because")
        await on.driver(c.SeatPerson("teller", "Li Wen"))
        assert "Li Wen" in on.text
        assert "because" in on.text, "what was typed stays"
        assert on.source.name == "Li Wei", "the device is known by the name that was given at it"
        await on.press("enter")
        (answer,) = [event for event in on.log if isinstance(event, e.AnswerGiven)]
        assert (answer.person, answer.rationale) == ("Li Wen", "because")
        await on.driver(c.SeatPerson("teller", "Zhao"), c.SeatPerson("guard", "Li Wen"))
        assert isinstance(on.app, StationApp)
        assert on.app.person == "Zhao"


async def test_who_left_by_the_record_and_types_on_is_looked_for_and_answers_under_their_own_name() -> None:
    async with seat(bank(), name="Wu Min") as on:
        await on.told("knife")
        await on.driver(c.PersonLeaves("teller"), c.SeatPerson("teller", "Lin"))
        assert "Wu Min" in on.text.splitlines()[1], "who is at the device sees their own name"
        await on.press("1", "enter")
        assert [event.person for event in on.log if isinstance(event, e.AnswerGiven)] == ["Wu Min"]
        await looked_for(on, "seat:teller", "Wu Min", "Lin")


async def test_who_is_written_over_is_looked_for_with_who_comes_and_a_fuller_name_is_one_person() -> None:
    async with seat(bank(), name="Wu") as on:
        await on.driver(c.SeatPerson("teller", "Wu Min"))
        await looked_for(on, "seat:teller", "Wu Min")
    async with seat(bank(), name="Wu") as on:
        await on.driver(c.SeatPerson("teller", "Lin"))
        await looked_for(on, "seat:teller", "Wu", "Lin")


async def looked_for(on: AtASeat, at: str, *names: str) -> None:
    """Asserts whom a head count looks for by name, with this terminal as it is known."""
    assert on.source.at == at
    on.source.conductor.devices = (AtDevice(on.source.at, on.source.name, on.source.time.now_ms()),)
    for _ in range(2):
        await on.driver(c.PressEmergency("console"))
    found = roll(on.source.conductor.plan, on.state, on.source.conductor.devices)
    assert sorted(one.name for one in found if one.name) == sorted(names)


async def test_where_a_terminal_goes_round_it_follows_who_has_it_in_hand_and_nobody_once_they_pass_it_on() -> None:
    source = SeatSource(bank(), FakeTime())
    source.from_elsewhere(c.SeatPerson("teller", "Wu"))
    async with seat(bank(), ("teller", "guard"), name="", private=True, source=source) as on:
        await on.press("2", "enter")
        assert on.source.name == "Wu"
        await on.driver(c.SeatPerson("teller", "Lin"))
        await on.told("knife")
        await on.press("1", "enter")
        assert [event.person for event in on.log if isinstance(event, e.AnswerGiven)] == ["Lin"]
        assert on.source.name == "Wu", "who had it in hand may have it still"
        await on.press("f9")
        assert on.source.name == ""
        await on.driver(c.SeatPerson("guard", "Chen"))
        assert on.source.name == "", "nobody has it in hand"
        assert isinstance(on.app, StationApp)
        assert on.app.person == ""


@pytest.mark.parametrize(("language", "size"), [("en", (80, 24)), ("zh-Hans", (140, 40))])
async def test_who_is_named_at_one_role_of_a_group_without_a_name_answers_for_that_role_alone(language: str, size: tuple[int, int]) -> None:
    source = SeatSource(bank(), FakeTime(), language=language)
    source.from_elsewhere(c.SeatPerson("teller", "Li Na"))
    async with seat(bank(), ("teller", "guard"), name="", source=source, language=language, size=size) as on:
        await on.press("enter")
        await on.told("knife")
        await on.press("1", "enter", "1", "enter")
        given = [(event.role, event.person) for event in answers(on)]
        assert given == [("teller", "Li Na"), ("guard", "")]
        assert "· Li Na" not in on.flat, "the seat has no name"
        for digit in ("2", "3"):
            await on.press("f3", digit)
            await on.type("Doors")
            await on.press("enter", "enter")
        assert [(event.role, event.person) for event in on.log if isinstance(event, e.DecisionMade)] == [("teller", "Li Na"), ("guard", "")]
        assert isinstance(on.app, StationApp)
        assert (on.app.person, on.app.given, on.source.name) == ("", "", "")


async def test_a_report_at_a_group_without_a_name_asks_who_reports_though_somebody_answered_for_another_role() -> None:
    source = SeatSource(bank(), FakeTime())
    source.from_elsewhere(c.SeatPerson("guard", "Chen"))
    async with seat(bank(), ("guard", "centre"), name="", source=source, size=(140, 40)) as on:
        await on.press("enter")
        await on.told("knife")
        await on.press("1", "enter")
        await on.told("signal")
        while "What do you report?" not in below(on):
            await on.press("tab")
        await on.type("Zhao")
        await on.press("enter")
        await on.type("a knife")
        await on.press("enter", "enter", "enter")
        assert [(event.role, event.person) for event in answers(on)] == [("guard", "Chen"), ("centre", "Zhao")]
        while "How many people?" not in below(on):
            await on.press("tab")
        await on.type("7")
        await on.press("enter")
        assert [event.person for event in answers(on)][2:] == [""], "who reported is not the name of the seat"


async def test_who_reports_at_a_seat_of_one_role_is_the_name_of_the_seat() -> None:
    async with seat(bank(), ("centre",), name="", size=(140, 40)) as on:
        await on.press("enter")
        await on.told("signal")
        while "What do you report?" not in below(on):
            await on.press("tab")
        await on.type("Zhao")
        await on.press("enter")
        await on.type("a knife")
        await on.press("enter", "enter", "enter")
        assert "Monitoring centre · Zhao" in on.flat


@pytest.mark.parametrize(("other", "person"), [("", "Wu Min"), ("Wu Min", ""), ("Lin", "")])
async def test_a_decision_at_a_station_without_a_name_is_not_put_down_to_who_is_at_another(other: str, person: str) -> None:
    source = SeatSource(bank(), FakeTime())
    source.from_elsewhere(c.SeatPerson("teller", "Wu Min"))
    async with seat(bank(), ("teller",), name="", source=source) as on:
        await on.press(*["backspace"] * len("Wu Min"), "enter")
        now = source.conductor.wall_ms()
        source.conductor.devices = (AtDevice("seat:teller", "", now), *([AtDevice("seat:teller", other, now)] if other else []))
        await on.press("f3")
        await on.type("I run")
        await on.press("enter")
        assert [(event.text, event.person) for event in on.log if isinstance(event, e.DecisionMade)] == [("I run", person)]


@pytest.mark.parametrize(("at", "offered"), [((), "Wu Min"), ((("seat:guard", "Wu Min"),), "Wu Min"), ((("seat:teller", "wu min"),), "")])
async def test_a_name_is_offered_where_its_owner_is_at_no_other_screen_of_the_seat(at: tuple[tuple[str, str], ...], offered: str) -> None:
    source = SeatSource(bank(), FakeTime())
    source.from_elsewhere(c.SeatPerson("teller", "Wu Min"))
    source.seats_here = at
    async with seat(bank(), ("teller",), name="", source=source) as on:
        assert on.app.screen.query_one(Writing).text == offered


def reporting() -> Exercise:
    """The teller is to report, by two elements."""
    elements = [{"id": "who", "title": t("Who", "谁")}, {"id": "what", "title": t("What", "什么")}]
    ask = {"id": "tell", "to": ["teller"], "question": t("Report", "报告"), "answer": "report", "elements": elements}
    report = {"id": "report", "kind": "order", "at": "0s", "title": t("Report now", "请报告"), "text": t("Now.", "请。"), "asks": [ask]}
    return bank(injects=[report])


@pytest.mark.parametrize(("roles", "private"), [(("teller",), False), (("teller", "guard"), True), (("teller", "guard"), False)])
async def test_who_reports_gives_a_name_and_is_known_by_it_where_the_seat_is_theirs_alone(roles: tuple[str, ...], private: bool) -> None:
    source = SeatSource(reporting(), FakeTime())
    async with seat(source.exercise, roles, name="", private=private, source=source) as on:
        await on.press(*(("2", "enter") if private else ("enter",)))
        await on.told("report")
        await on.type("Wu Min")
        await on.press("tab")
        await on.type("two men")
        await on.press("enter", "enter", "enter")
        [answer] = [event for event in on.log if isinstance(event, e.AnswerGiven)]
        assert (answer.person, answer.value) == ("Wu Min", {"who": "two men"})
        alone = private or len(roles) == 1
        assert named(on) == ([("teller", "A", "Wu Min")] if alone else [])
        assert ("Wu Min" in on.text.splitlines()[1]) is alone


async def test_who_is_asked_for_a_name_while_a_report_is_typed_writes_on_where_the_hands_are() -> None:
    source = SeatSource(reporting(), FakeTime())
    source.from_elsewhere(c.SeatPerson("teller", "Wu Min"))
    async with seat(source.exercise, ("teller",), name="", source=source) as on:
        await on.press(*["backspace"] * len("Wu Min"), "enter")
        await on.told("report")
        await on.press("tab")
        await on.type("two men wi")
        await on.press("left", "left")
        source.conductor.devices = (AtDevice("seat:teller", "Lin", source.conductor.wall_ms()),)
        await on.tick()
        assert "who reports" in on.text
        await on.type("and ")
        fields = {one.field: one.text for one in on.app.screen.query(Writing)}
        assert (fields["who"], fields["what"], fields["#name"]) == ("", "two men and wi", "")


async def test_what_the_other_holder_answered_is_not_called_yours() -> None:
    source = SeatSource(bank(), FakeTime())
    async with seat(bank(), ("teller",), name="Wu Min", source=source) as on:
        await on.told("knife")
        await on.driver(c.GiveAnswer("first-move", "teller", ("comply",), "Lin"))
        assert "✓ Lin: " in on.text
        await on.driver(c.GiveAnswer("first-move", "teller", ("refuse",), "wu min"))
        assert "✓ you: " in on.text
