"""What `follow` says, line by line: what a seat is told comes from its view, and nothing is said twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tabletop.conductor.watching import Kept
from tabletop.engine import commands as c
from tabletop.engine.around import QUIET, Around, AtDevice
from tabletop.engine.emergency import pause_now
from tabletop.engine.rights import Actor
from tabletop.engine.roll import roll
from tabletop.exercise.model import Exercise
from tabletop.scoring.timeline import timeline
from tabletop.text import localise
from tabletop.tui.pages.wall import paused_text
from tabletop.tui.scene import Scene
from tabletop.tui.told import RunTeller
from tabletop.tui.told_seat import Said, SeatTeller, shown
from tabletop.tui.widgets.clock_line import pause_reason
from tabletop.tui.widgets.log_rows import last_rows
from tabletop.words import Words

from .conftest import FakeTime
from .exercises import INJECTS, ROLES, bank, t
from .judges import JoinedMemory

TWO_SITES: dict[str, Any] = {
    "sites": [{"id": "outlet", "title": t("Outlet", "网点")}, {"id": "branch", "title": t("Branch", "支行")}],
    "roles": [{**role, "site": "outlet" if role["id"] in ("teller", "guard") else "branch"} for role in ROLES],
    "injects": [
        *INJECTS,
        {
            "id": "cut-off",
            "kind": "facility",
            "at": "15m",
            "title": t("The lines are dead", "线路中断"),
            "text": t("No dial tone.", "没有拨号音。"),
            "cut": {"site": "outlet"},
        },
        {
            "id": "back",
            "kind": "facility",
            "at": "16m",
            "title": t("The lines are back", "线路恢复"),
            "text": t("A dial tone again.", "又有拨号音了。"),
            "restore": {"site": "outlet"},
        },
    ],
}


class Room:
    """A run, and a seat that is told what is new in it."""

    def __init__(
        self, time: FakeTime, roles: tuple[str, ...] = ("teller",), language: str = "en", exercise: Exercise | None = None
    ) -> None:
        self.source = JoinedMemory(exercise or bank(), time, language=language)
        self.time = time
        self.roles = roles
        self.around = QUIET
        """The run beside its log, as whoever looked last knows it."""
        self.teller = SeatTeller(Words(language))

    def ask(self, command: c.Command, actor: Actor | None = None) -> None:
        self.source.drive(command, actor)

    def said(self) -> list[Said]:
        return self.teller.told(self.source.view(*self.roles, around=self.around))

    def lines(self) -> list[str]:
        return [shown(said) for said in self.said()]


@pytest.fixture
def room(time: FakeTime) -> Room:
    made = Room(time)
    made.lines()
    return made


def test_first_comes_who_one_is_and_what_happened_so_far_the_oldest_first(time: FakeTime) -> None:
    room = Room(time)
    room.ask(c.SeatPerson("teller", "Li Wei"))
    time.wait(5)
    room.ask(c.ReleaseInject("knife"))
    time.wait(20)
    room.ask(c.GiveAnswer("first-move", "teller", ("comply",), rationale="he is nervous"))
    lines = room.lines()
    assert lines == [
        "0:00:00  You are Teller. Your part: Does its part.",
        "0:00:00  Scene: A branch on a Tuesday morning. Eight customers in the hall.",
        "0:00:00  STARTEX: the exercise has begun",
        "0:00:05  EXERCISE · A knife at counter 2 (to everybody): A man holds a knife to a customer at counter two and shouts for cash. "
        "Seven customers stand in the hall.",
        "0:00:05  You are asked: What do you do first? (one of these; "
        + "; ".join(f"{number} {text}" for number, text in enumerate(options(room), start=1))
        + "; until 0:01:10)",
        "0:00:25  Named at this seat: Li Wei",
        "0:00:25  You answered: Comply and keep calm; why: he is nervous. Asked: What do you do first?",
    ]
    assert room.lines() == []


def test_who_comes_to_the_seat_and_goes_is_said_then(room: Room, time: FakeTime) -> None:
    time.wait(4)
    room.ask(c.SeatPerson("teller", "Li Wei"))
    assert room.lines() == ["0:00:04  Named at this seat: Li Wei"]
    time.wait(4)
    room.ask(c.SeatPerson("teller", "Chen", "+"))
    assert room.lines() == ["0:00:08  Named at this seat: Li Wei, Chen"]
    room.ask(c.PersonLeaves("teller"))
    assert room.lines() == ["0:00:08  Named at this seat: Chen"]
    room.ask(c.PersonLeaves("teller", "+", "Chen"))
    assert room.lines() == ["0:00:08  Nobody is named at this seat any more"]


def options(room: Room) -> list[str]:
    (ask,) = room.source.view("teller").asks
    return [option.text["en"] for option in ask.options]  # type: ignore[index]


def test_a_change_is_said_once_and_as_one_line(room: Room) -> None:
    room.ask(c.ReleaseInject("knife"))
    assert [said.kind for said in room.said()] == ["told", "asked"]
    room.ask(c.GiveAnswer("first-move", "teller", ("comply",)))
    room.ask(c.GiveAnswer("first-move", "teller", ("refuse",)))
    assert [said.text.partition(".")[0] for said in room.said()] == ["You changed the answer: Refuse"]
    room.ask(c.ExtendAsks())
    assert room.lines() == ["0:00:00  More time, until 0:02:05: What do you do first?"]
    room.ask(c.CloseAsk("first-move"))
    assert room.lines() == ["0:00:00  Closed: What do you do first?"]
    room.ask(c.ReopenAsk("first-move"))
    assert room.lines() == ["0:00:00  Open again: What do you do first?"]
    room.ask(c.RevealAnswers("first-move"))
    kinds = {said.kind: said.text for said in room.said()}
    assert set(kinds) == {"closed", "revealed"}
    assert "1 Refuse" in kinds["revealed"]
    assert "(T1)" not in kinds["revealed"]
    room.ask(c.RevealAnswers("first-move", names=True))
    assert "1 Refuse (T1)" in room.lines()[0]


def test_a_question_without_an_answer_is_called_again_when_its_time_is_nearly_over(room: Room) -> None:
    room.ask(c.ReleaseInject("knife"))
    room.lines()
    room.time.wait(10)
    assert room.said() == [], "the window was no longer than the warning"
    room.ask(c.ExtendAsks())
    assert [said.kind for said in room.said()] == ["until"]
    room.time.wait(55)
    [warned] = room.said()
    assert (warned.kind, warned.text) == ("nearly-over", "60 seconds left: What do you do first?")
    room.time.wait(61)
    assert [said.kind for said in room.said()] == ["over"]
    room.time.wait(60)
    assert room.lines() == []


def test_an_early_answer_of_somebody_else_is_never_heard_of(room: Room) -> None:
    """The window begins with the first answer: its end comes nearer, and whose answer that was is nobody's business."""
    room.ask(c.ReleaseInject("knife"))
    room.lines()
    room.time.wait(1)
    room.ask(c.GiveAnswer("first-move", "guard", ("comply",)))
    assert room.said() == []


def test_who_comes_late_hears_how_many_seconds_are_really_left(time: FakeTime) -> None:
    room = Room(time)
    room.ask(c.ReleaseInject("knife"))
    room.ask(c.ExtendAsks())
    room.time.wait(95)
    assert any(line.endswith("30 seconds left: What do you do first?") for line in room.lines())


def test_pauses_say_why_and_where_they_came_from(time: FakeTime) -> None:
    room = Room(time, exercise=bank(**TWO_SITES))
    room.lines()
    room.ask(c.Pause("discussion"))
    assert room.lines() == ["0:00:00  PAUSED discussion"]
    room.ask(c.Resume())
    assert room.lines() == ["0:00:00  The clock runs again"]
    room.ask(c.Pause("safety", site="outlet"), Actor("site", "outlet"))
    assert room.lines() == ["0:00:00  PAUSED safety; at Outlet"]


def test_an_emergency_silences_the_exercise_and_names_what_helps(room: Room) -> None:
    room.ask(c.PressEmergency("seat:guard"))
    assert room.lines() == ["0:00:00  PAUSED emergency", "0:00:00  EMERGENCY pressed: SG. Everything is paused."]
    room.ask(c.PressEmergency("evaluator:Ann"))
    (line,) = room.lines()
    assert line.startswith("0:00:00  REAL EMERGENCY, the exercise is stopped. Raised: SG. Call 110; Muster point: Car park behind")
    assert "Roll: (no name) · Branch manager, (no name) · Teller" in line
    assert "EXERCISE ·" not in line
    room.ask(c.AddNote("ruling", "nobody goes in"))
    assert room.lines() == []
    room.ask(c.CountPerson("seat:manager"))
    (line,) = room.lines()
    assert line.startswith("0:00:00  Accounted for: (no name) · Branch manager. 1 of ")
    room.ask(c.CountPerson("seat:manager", there=False))
    (line,) = room.lines()
    assert line.startswith("0:00:00  Not accounted for after all: (no name) · Branch manager. 0 of ")
    room.ask(c.CountPerson("seat:manager"))
    assert len(room.lines()) == 1
    room.ask(c.StandDown("false alarm"))
    lines = room.lines()
    assert lines.count("0:00:00  The real emergency is over. EXERCISE: the exercise stands paused.") == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Wang Wei (at 2 places: maybe 2 people) · Teller, Guard"),
        ("zh-Hans", "Wang Wei（同名见于 2 处，可能是 2 人） · 柜员、保安员"),
    ],
)
def test_a_name_at_two_seats_is_said_to_be_maybe_two_people(time: FakeTime, language: str, words: str) -> None:
    room = Room(time, language=language)
    for _ in range(2):
        room.ask(c.PressEmergency("seat:guard"))
    devices = tuple(AtDevice(f"seat:{role}", "Wang Wei", time.now_ms()) for role in ("guard", "teller"))
    room.around = Around(devices)
    assert any(words in line for line in room.lines())
    room.source.conductor.devices = devices
    assert words in RunTeller(Words(language)).told(room.source.conductor)[-1][0].text


def test_after_an_emergency_it_is_over_and_no_reason_for_the_pause(room: Room) -> None:
    room.ask(c.PressEmergency("seat:guard"))
    room.ask(c.PressEmergency("seat:guard"))
    room.lines()
    room.ask(c.StandDown("a slip"))
    assert room.lines() == ["0:00:00  The real emergency is over. EXERCISE: the exercise stands paused."]
    late = SeatTeller(Words("en"))
    assert [said.text for said in late.told(room.source.view("teller")) if said.kind == "paused"] == ["PAUSED"]


def test_a_first_press_that_play_went_on_from_is_said_to_be_over(room: Room) -> None:
    room.ask(c.PressEmergency("seat:guard"))
    room.lines()
    room.ask(c.Resume())
    assert "0:00:00  The emergency button was not pressed a second time: it is no real emergency." in room.lines()


def test_that_nobody_drives_is_said_once_and_so_is_that_somebody_does_again(room: Room) -> None:
    room.lines()
    room.around = Around(driven=False, held=True)
    assert room.lines() == ["0:00:00  Nobody drives: the clock stands."]
    assert room.lines() == []
    room.around = QUIET
    assert room.lines() == ["0:00:00  Somebody drives again."]


def test_a_cut_link_is_said_and_what_came_meanwhile_is_told_once_it_is_back(time: FakeTime) -> None:
    room = Room(time, exercise=bank(**TWO_SITES))
    room.ask(c.ReleaseInject("cut-off"))
    room.lines()
    room.ask(c.ReleaseInject("media"))
    assert room.lines() == []
    room.ask(c.ReleaseInject("back"))
    lines = room.lines()
    assert lines[0] == "0:00:00  The link is back"
    assert any("Live from across the road" in line for line in lines)


def test_the_cut_itself_says_no_link(time: FakeTime) -> None:
    room = Room(time, exercise=bank(**TWO_SITES))
    room.lines()
    room.ask(c.ReleaseInject("cut-off"))
    assert any("NO LINK · EXERCISE" in line for line in room.lines())


def test_receipts_messages_and_rulings_are_said(time: FakeTime) -> None:
    room = Room(time, ("centre", "guard"))
    room.ask(c.ReleaseInject("signal"))
    kinds = [said.kind for said in room.said()]
    assert kinds.count("confirm") == 1
    room.ask(c.AcknowledgeInject("signal", "centre"))
    room.ask(c.SendMessage("manager", "guard", "Lock the door"))
    room.ask(c.AddNote("ruling", "No camera in the meeting room"))
    texts = [said.text for said in room.said()]
    assert "MC: Received ✓ Duress alarm, no voice" in texts
    assert "Message, BM to SG: Lock the door" in texts
    assert "Ruling: No camera in the meeting room" in texts
    sent = room.source.conductor.state.messages[0]
    room.ask(c.AcknowledgeMessage(sent.seq, "guard", "Locked"))
    assert [said.text for said in room.said()] == ["Read back ✓ SG to BM: Locked"]


def test_what_is_taken_back_is_said(room: Room) -> None:
    room.ask(c.ReleaseInject("knife"))
    room.lines()
    entry = room.source.conductor.entries[-1]
    room.ask(c.Retract(entry, "too early"))
    assert [said.kind for said in room.said()] == ["withdrawn"]


def test_endex_is_the_last_word_of_the_exercise(room: Room) -> None:
    room.ask(c.ReleaseInject("knife"))
    room.lines()
    room.ask(c.End())
    assert room.lines() == ["0:00:00  ENDEX"]
    room.ask(c.Reopen("not yet"))
    assert room.lines()[0] == "0:00:00  ENDEX was taken back: the exercise goes on"


def test_a_seat_never_hears_what_went_to_others(room: Room) -> None:
    room.ask(c.ReleaseInject("signal"))
    room.ask(c.MarkAction("call-police", "done"))
    room.ask(c.AddNote("gap", "Nobody knew the number"))
    room.ask(c.SendMessage("manager", "guard", "Lock the door"))
    room.ask(c.RecordDecision("manager", "Stall for time"))
    room.ask(c.Rate("Ann", "calm", "P"))
    assert room.lines() == []


def test_chinese_lines_have_chinese_punctuation(time: FakeTime) -> None:
    room = Room(time, language="zh-Hans")
    room.ask(c.ReleaseInject("knife"))
    lines = room.lines()
    assert lines[0] == "0:00:00  您是柜员。您的职责：履行职责。"
    assert any(line.startswith("0:00:00  【演练】2号柜台前亮出了刀（全场）：一名男子") for line in lines)
    assert not [line for line in lines if "(" in line or "; " in line]


def test_brackets_and_escapes_stay_text(room: Room) -> None:
    room.ask(c.AddNote("ruling", "x\x1b]52;c;eA==\x07 [/nope] [b\u202egnp"))
    (line,) = room.lines()
    assert "[/nope] [b" in line
    assert not any(character in line for character in "\x1b\x07\u202e\n")


# The whole run.


def whole(time: FakeTime, prepare: Callable[[JoinedMemory], None], language: str = "en") -> tuple[JoinedMemory, RunTeller]:
    source = JoinedMemory(bank(), time, language=language)
    prepare(source)
    return source, RunTeller(Words(language))


def told(source: JoinedMemory, teller: RunTeller) -> list[str]:
    source.conductor.catch_up()
    return [shown(said) for said, _ in teller.told(source.conductor)]


def test_the_facilitators_lines_hold_what_a_screen_would_show(time: FakeTime) -> None:
    source, teller = whole(time, lambda source: None)
    told(source, teller)
    source.drive(c.ReleaseInject("knife"))
    (line,) = told(source, teller)
    assert line.startswith("0:00:00  released: A knife at counter 2; to everybody; A man holds a knife")
    for part in ("for you: Read slowly.", "asked of T1, SG: What do you do first?", "expected of T1: Presses the silent alarm"):
        assert part in line
    source.drive(c.MarkAction("silent-alarm", "done"), Actor("evaluator", "Ann"))
    source.drive(c.GiveAnswer("first-move", "teller", ("comply",), rationale="he is nervous"))
    lines = told(source, teller)
    assert lines[0] == "0:00:00  Presses the silent alarm: done [Ann]"
    assert "he is nervous" in lines[1]
    assert told(source, teller) == []


@pytest.mark.parametrize(
    ("language", "named", "nameless"),
    [
        ("en", "T1 (Li Na) call the police (why: he has a knife)", "T1 lock the door"),
        ("zh-Hans", "柜员（Li Na）：call the police（理由：he has a knife）", "柜员：lock the door"),
    ],
)
def test_a_decision_names_who_made_it_where_that_is_known(time: FakeTime, language: str, named: str, nameless: str) -> None:
    source, teller = whole(time, lambda source: None, language)
    told(source, teller)
    source.drive(c.RecordDecision("teller", "call the police", reason="he has a knife", person="Li Na"))
    source.drive(c.RecordDecision("teller", "lock the door"))
    assert told(source, teller) == [f"0:00:00  {named}", f"0:00:00  {nameless}"]
    state = source.conductor.state
    scene = Scene(source.conductor.exercise, source.conductor.plan, state, 0, Words(language), language)
    rows = [row.plain.split(maxsplit=1)[1].strip() for row in last_rows(scene, source.conductor.entries, 120, 2)]
    assert rows == [nameless, named], "the console's list says the same"


def test_what_a_site_keeps_back_is_told_the_facilitator_with_its_reason_and_no_seat_hears_of_it(time: FakeTime) -> None:
    source = JoinedMemory(bank(**TWO_SITES), time)
    teller, seat = RunTeller(Words("en")), SeatTeller(Words("en"))
    time.wait(200)
    assert "0:03:00  DUE: Duress alarm, no voice" in told(source, teller)
    seat.told(source.view("centre"))
    source.drive(c.KeepInjectBack("signal", "not now"), Actor("site", "branch"))
    assert told(source, teller) == ["0:03:20  kept back: Duress alarm, no voice (why: not now) [Branch]"]
    assert seat.told(source.view("centre")) == []
    (kept,) = (entry for entry in source.conductor.entries if entry.event.kind == "inject_kept_back")
    source.drive(c.Retract(kept), Actor("site", "branch"))
    assert told(source, teller)[-1] == "0:03:20  DUE: Duress alarm, no voice", "it is called again"
    assert seat.told(source.view("centre")) == []


def test_what_falls_due_is_called_once(time: FakeTime) -> None:
    source, teller = whole(time, lambda source: None)
    first = told(source, teller)
    assert first[-1] == "0:00:00  DUE: A knife at counter 2"
    assert told(source, teller) == []
    time.wait(181)
    assert told(source, teller) == ["0:03:00  DUE: Duress alarm, no voice"]


def test_what_was_taken_back_says_so_in_what_came_before(time: FakeTime) -> None:
    def prepare(source: JoinedMemory) -> None:
        source.drive(c.AddNote("note", "slip"))
        source.drive(c.Retract(source.conductor.entries[-1]))

    source, teller = whole(time, prepare)
    lines = told(source, teller)
    assert "0:00:00  note: slip (taken back later)" in lines


def test_an_emergency_in_the_facilitators_lines_has_number_and_muster_point(time: FakeTime) -> None:
    source, teller = whole(time, lambda source: None)
    told(source, teller)
    source.drive(c.PressEmergency("console"))
    source.drive(c.PressEmergency("console"))
    lines = told(source, teller)
    assert any("REAL EMERGENCY" in line and "110" in line and "Car park" in line for line in lines)


def test_the_whole_run_says_who_was_counted_and_that_nobody_drives(time: FakeTime) -> None:
    source = JoinedMemory(bank(), time)
    source.drive(c.SeatPerson("manager", "Chen"))
    for _ in range(2):
        source.drive(c.PressEmergency("console"))
    source.conductor.devices = (AtDevice("seat:guard", "Wu Min", time.now_ms()),)
    teller = RunTeller(Words("en"))
    assert "Roll: Chen · Branch manager, (no name) · Teller, Wu Min · Guard" in teller.told(source.conductor)[-1][0].text
    source.drive(c.CountPerson("Wu Min"))
    source.drive(c.CountPerson("seat:teller"))
    source.drive(c.CountPerson("seat:teller", there=False))
    source.drive(c.CountPerson("Li: of the guard"))
    texts = [said.text for said, _ in teller.told(source.conductor)]
    named, seat = "accounted for: Li: of the guard", "accounted for: (no name) · Teller"
    assert texts == ["accounted for: Wu Min", seat, f"not yet {seat}", named]
    source.drive(c.StandDown("a slip", ("Chen", "seat:teller")))
    (said,) = (said for said, entry in teller.told(source.conductor) if entry is not None)
    assert "not accounted for: Chen, (no name) · Teller" in said.text
    assert "The real emergency is over. EXERCISE: the exercise stands paused." in said.text
    source.conductor.kept = Kept(0, driven=False)
    assert [said.text for said, _ in teller.told(source.conductor)] == ["Nobody drives: the clock stands."]
    assert teller.told(source.conductor) == []


TWO_PLACES = {
    **TWO_SITES,
    "roles": [
        {**role, "site": "outlet"} if role["id"] == "teller" else {**role, "site": "branch"} if role["id"] == "guard" else role
        for role in ROLES
    ],
}


@pytest.mark.parametrize(
    ("roles", "place"),
    [(("teller", "manager"), "Outlet"), (("teller", "guard"), "Outlet / Branch"), (("guard",), "Branch"), (("manager",), "")],
)
def test_an_emergency_at_a_seat_of_several_roles_names_one_place_everywhere(time: FakeTime, roles: tuple[str, ...], place: str) -> None:
    source = JoinedMemory(bank(**TWO_PLACES), time)
    seat, teller = SeatTeller(Words("en")), RunTeller(Words("en"))
    seat.told(source.view("manager"))
    told(source, teller)
    actor = Actor("seat", roles=roles)
    source.drive(c.PressEmergency(str(actor)), actor)
    said, _ = teller.told(source.conductor)[0]
    pressed = " + ".join({"teller": "Teller", "manager": "Branch manager", "guard": "Guard"}[role] for role in roles)
    at = f"{place} · " if place else ""
    assert said.text == f"EMERGENCY pressed: {at}{pressed}"
    assert said.about == {"place": place}
    lines = {one.kind: one for one in seat.told(source.view("manager"))}
    assert lines["emergency"].text.startswith(f"EMERGENCY pressed: {at}")
    assert lines["emergency"].about == {"seat": str(actor), "place": place}
    assert lines["paused"].text == (f"PAUSED emergency; at {place}" if place else "PAUSED emergency")
    state, plan = source.conductor.state, source.conductor.plan
    scene = Scene(plan.exercise, plan, state, 0, Words("en"), "en")
    assert pause_reason(scene) == (f"by {place} · emergency" if place else "emergency")
    assert paused_text(pause_now(plan, state), Words("en"), "en") == " · ".join(
        ["PAUSED", "emergency", *([f"from {place}"] if place else [])]
    )
    (row,) = (row for row in timeline(plan, state, source.conductor.entries) if row.code == "emergency-raised")
    assert localise(row.values["place"], "en") == place  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_wall_that_presses_has_a_name_and_no_brackets(time: FakeTime, language: str) -> None:
    source, teller = whole(time, lambda source: None, language)
    told(source, teller)
    source.drive(c.PressEmergency("wall"), Actor("wall"))
    (line,) = told(source, teller)
    assert line == {"en": "0:00:00  EMERGENCY pressed: the wall", "zh-Hans": "0:00:00  按下真实警情：大屏"}[language]
    source.drive(c.PressEmergency("console"), Actor("wall"))
    (line,) = told(source, teller)
    assert {"en": "[the wall]", "zh-Hans": "［大屏］"}[language] in line
    assert "[wall]" not in line
    assert "［wall］" not in line


def test_who_begins_to_follow_later_reads_what_those_read_who_followed_then(time: FakeTime) -> None:
    source = JoinedMemory(bank(), time)
    teller = RunTeller(Words("en"))
    lines = told(source, teller)

    def then(*commands: c.Command) -> None:
        for command in commands:
            time.wait(1)
            source.drive(command)
            lines.extend(told(source, teller))

    then(c.SeatPerson("manager", "Chen"), c.ReleaseInject("knife"), c.GiveAnswer("first-move", "teller", ("comply",)))
    then(c.GiveAnswer("first-move", "teller", ("refuse",)), c.MarkAction("silent-alarm", "done"))
    then(c.RevealAnswers("first-move"), c.RevealAnswers("first-move", names=True))
    everybody = "Roll: Chen · Branch manager, (no name) · Teller"
    then(c.PressEmergency("console"), c.PressEmergency("console"))
    confirmed = len(lines) - 1
    assert everybody in lines[confirmed]
    missing = tuple(one.person for one in roll(source.conductor.plan, source.conductor.state) if one.person != "Chen")
    then(c.CountPerson("Chen"), c.StandDown("a slip", missing), c.SeatPerson("teller", "Bo"), c.StaffRole("guard", "nobody"))
    then(c.Resume(), c.End())
    late = told(source, RunTeller(Words("en")))
    entries = [line for line in lines if "DUE:" not in line]
    assert [line for line in late if "DUE:" not in line] == entries
    (stood,) = (line for line in late if "stood down" in line)
    assert "the exercise stands paused" in stood
    assert [line.partition("  ")[2] for line in late if "answers revealed" in line] == [
        "answers revealed, counts: What do you do first?",
        "answers revealed, with names: What do you do first?",
    ]
    assert [line.partition("  ")[2].split(":")[0] for line in late if "answer" in line and "T1" in line and "asked" not in line][:2] == [
        "T1 answered",
        "T1 changed the answer",
    ]


def test_a_seat_that_is_followed_after_endex_says_when_things_were_read_back_and_revealed(time: FakeTime) -> None:
    room = Room(time, ("guard",))
    room.ask(c.SendMessage("manager", "guard", "Lock the door"))
    room.ask(c.ReleaseInject("knife"))
    room.ask(c.GiveAnswer("first-move", "guard", ("comply",)))
    time.wait(20)
    room.ask(c.AcknowledgeMessage(room.source.conductor.state.messages[0].seq, "guard"))
    time.wait(20)
    room.ask(c.RevealAnswers("first-move"))
    time.wait(600)
    room.ask(c.End())
    lines = room.lines()
    assert "0:00:20  Confirmed ✓ BM to SG: Lock the door" in lines
    assert any(line.startswith("0:00:40  Answers revealed, counts: What do you do first?") for line in lines)


@pytest.mark.parametrize(("language", "stated"), [("en", "Where: hall; A number: two"), ("zh-Hans", "地点：hall；人数：two")])
def test_a_report_is_told_in_the_order_of_the_exercise(time: FakeTime, language: str, stated: str) -> None:
    elements = [{"id": "where", "title": t("Where", "地点")}, {"id": "a-number", "title": t("A number", "人数")}]
    ask = {"id": "tell", "to": ["teller"], "question": t("Report", "报告"), "answer": "report", "elements": elements}
    report = {"id": "report", "kind": "order", "at": "1m", "title": t("Report now", "请报告"), "text": t("Now.", "请。"), "asks": [ask]}
    source = JoinedMemory(bank(injects=[*INJECTS, report]), time, language=language)
    source.drive(c.ReleaseInject("report"))
    # A log keeps keys by name.
    source.drive(c.GiveAnswer("tell", "teller", {"a-number": "two", "where": "hall"}))
    assert stated in told(source, RunTeller(Words(language)))[-1]
    assert any(stated in said.text for said in SeatTeller(Words(language)).told(source.view("teller")))


def test_a_question_from_before_a_cut_has_more_time_after_it(time: FakeTime) -> None:
    room = Room(time, exercise=bank(**TWO_SITES))
    room.ask(c.ReleaseInject("knife"))
    room.lines()
    time.wait(10)
    room.ask(c.ReleaseInject("cut-off"))
    room.lines()
    time.wait(300)
    assert room.lines() == []
    room.ask(c.ReleaseInject("back"))
    assert "0:05:10  More time, until 0:06:05: What do you do first?" in room.lines()
