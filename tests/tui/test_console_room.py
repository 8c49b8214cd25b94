"""Who is where, as the facilitator sees it: devices, typing, away, answers from seats, receipts and reports owed, a link that is cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.app import App

from tabletop.conductor import Conductor
from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.exercise.model import Exercise
from tabletop.text import cells
from tabletop.tui.crowd import Code, Crowd, Device, Ended, attending, serve_again

from .conftest import BEGIN_MS, SIZES, Stage, StageMaker
from .exercises import INJECTS, ROLES, bank, t

AWAY_MS = BEGIN_MS - 4 * 60_000
"""20:56 on the wall."""


def device(place: str, *roles: str, **more: Any) -> Device:
    """A terminal at the seat of these roles."""
    return Device(place, str(Actor("seat", roles=roles)), **{"name": "", "kind": "terminal", **more})


def crowd(**more: Any) -> Crowd:
    """The manager's phone is there, the teller types at a laptop, the guard's phone was lost, the press officer closed theirs."""
    devices = (
        device("p1", "manager", name="Chen Min", kind="browser", pass_id="p1"),
        device("p2", "teller", typing=True),
        device("p3", "guard", kind="browser", pass_id="p3", away_ms=AWAY_MS),
        device("p4", "press", kind="browser", pass_id="p4", away_ms=AWAY_MS, gone=True),
        Device("p5", "evaluator:Li Wei", "Li Wei", "terminal"),
        Device("p6", "control:police", "", "terminal"),
    )
    return Crowd(devices, (Code("seat:teller", True),), hellos=3, address="http://192.168.1.5:8000", **more)


ROLES_AT_SITES = [{**role, "site": "outlet" if role["id"] in ("manager", "teller", "guard") else "centre"} for role in ROLES]


def branches() -> Exercise:
    """The bank with two sites, a link that is cut and restored, and situation reports every four minutes."""
    cut = {
        "id": "lines-down",
        "kind": "facility",
        "at": "5m",
        "title": t("The lines are down", "线路中断"),
        "text": t("No line.", "线路不通。"),
    }
    back = {
        "id": "lines-up",
        "kind": "facility",
        "at": "8m",
        "title": t("The lines are back", "线路恢复"),
        "text": t("A line.", "线路恢复。"),
    }
    sites = [{"id": "outlet", "title": t("Qiaoxi outlet", "桥西网点")}, {"id": "centre", "title": t("The centre", "中心")}]
    cadence = [{"id": "updates", "by": "security", "every": "4m", "title": t("situation report", "情况报告")}]
    injects = [*INJECTS, {**cut, "cut": {"site": "outlet"}}, {**back, "restore": {"site": "outlet"}}]
    return bank(roles=ROLES_AT_SITES, sites=sites, injects=injects, cadence=cadence)


async def seen(on: Stage, who: Crowd) -> None:
    """The desk looks who is there."""
    on.source.there = who
    desk = on.app.desk
    assert desk is not None
    desk.at_door(lambda door: None, lambda _: None, lambda error: None)
    await on.settle()
    await on.follow(0.1)


def row(on: Stage, begins: str) -> str:
    """The first line of the screen that holds this text."""
    return next(line for line in on.text.splitlines() if begins in line)


# What a device counts as.


def test_one_device_that_is_there_is_enough_and_only_one_that_was_lost_is_missed() -> None:
    there = crowd()
    assert (attending(there, "manager").at, attending(there, "teller").typing) == ("here", True)
    assert (attending(there, "guard").at, attending(there, "guard").since_ms) == ("away", AWAY_MS)
    assert attending(there, "press").at == "none", "left in good order: nobody is missed"
    both = Crowd((*there.devices, device("p7", "guard", "centre")))
    assert (attending(both, "guard").at, attending(both, "centre").at) == ("here", "here"), "a shared device is each role's"


def test_a_paper_lobby_misses_no_device() -> None:
    assert attending(crowd(paper=True), "guard").at == "none"
    assert attending(crowd(paper=True), "manager").at == "here"
    assert not crowd(paper=True).expects_devices


@pytest.mark.parametrize("view", ["lectern", "sitting"])
async def test_signs_and_words_say_who_is_there(stage: StageMaker, view: str) -> None:
    async with stage(bank(), view=view) as on:
        await seen(on, crowd())
        for role, sign, word in (
            ("BM", "●", "not heard"),
            ("T1", "●", "typing …"),
            ("SG", "○", f"away {on_wall()}"),
            ("PR", "◇", "not heard"),
        ):
            told = next(line[at:] for line in on.text.splitlines() if (at := line.find(f"{role} ")) >= 0 and sign in line)
            assert word in told, role
        await on.play(["page:room"])
        assert "● people" in row(on, "Branch manager")
        assert "here, in a browser" in row(on, "Branch manager")
        assert "typing …" in row(on, "Teller")
        assert f"away since {on_wall()}" in row(on, "Guard")
        assert "at the table, no device" in row(on, "Press office")


def on_wall() -> str:
    from datetime import datetime

    return f"{datetime.fromtimestamp(AWAY_MS / 1000):%H:%M}"


async def test_nothing_is_drawn_anew_for_a_sign_of_life(stage: StageMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(bank()) as on:
        await seen(on, crowd())
        drawn: list[int] = []
        monkeypatch.setattr(type(on.app.screen), "draw", lambda self: drawn.append(1))
        await seen(on, crowd())
        assert not drawn, "the same people, the same places"
        await seen(on, Crowd())
        assert drawn


# A server that ends.


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("language", "now", "stands"),
    [
        ("en", "2 devices are cut off, and a REAL EMERGENCY does not reach them", "SERVER FOR PHONES ENDED {time} · 2 cut off"),
        ("zh-Hans", "2 台设备断开，真实警情也传不到这些设备", "手机服务已中断（{time}）· 2 台设备断开"),
    ],
)
async def test_that_the_server_ended_is_said_when_it_does_and_stands_there_until_it_is_back(
    stage: StageMaker, language: str, size: tuple[int, int], now: str, stands: str
) -> None:
    lost = (device("p1", "manager", kind="browser", away_ms=AWAY_MS), device("p2", "teller", kind="browser", away_ms=AWAY_MS))
    ended = Crowd(lost, ended=Ended("http://192.168.1.5:8000", AWAY_MS, 2))
    command = "tabletop serve run-1 --lan 192.168.1.5"

    def flat(text: str) -> str:
        return "".join(text.replace("│", "").replace("▌", "").split())

    async with stage(bank(), size=size, language=language, notifications=True) as on:
        await on.press("enter")
        await seen(on, crowd())
        assert flat(now) not in flat(on.text)
        await seen(on, ended)
        assert flat(now) in flat(on.text)
        assert flat(command) in flat(on.text), "the toast says how it is started again"
        assert stands.format(time=on_wall()) in row(on, "w F4")
        on.app.clear_notifications()
        await on.wait(30)
        assert stands.format(time=on_wall()) in on.text
        assert size[0] < 120 or "○" in row(on, "BM" if language == "en" else "负责人")
        await on.press("w", "f4")
        assert flat(command) in flat(on.text)
        await seen(on, crowd())
        assert flat(command) not in flat(on.text)
        await on.press("escape", "escape")
        assert stands.format(time=on_wall()) not in on.text
        await seen(on, replace(ended, paper=True))
        assert stands.format(time=on_wall()) not in on.text, "on paper nobody is missed"


@pytest.mark.parametrize("view", ["lectern", "sitting"])
async def test_a_console_that_was_opened_after_the_server_ended_says_so_too(stage: StageMaker, view: str) -> None:
    lost = (device("p1", "manager", kind="browser", away_ms=AWAY_MS),)
    async with stage(bank(), view=view, notifications=True) as on:
        await on.press("enter")
        await seen(on, Crowd(lost, ended=Ended("http://192.168.1.5:8000", AWAY_MS, 1)))
        assert f"SERVER FOR PHONES ENDED {on_wall()} · 1 cut off" in on.text
        assert not on.app._notifications, "nothing happened just now"


@pytest.mark.parametrize(
    ("address", "command"),
    [
        ("http://192.168.1.5:8000", "tabletop serve run-1 --lan 192.168.1.5"),
        ("http://127.0.0.1:8000", "tabletop serve run-1"),
        ("http://localhost:8000", "tabletop serve run-1"),
        ("http://[fd00::7]:8000", "tabletop serve run-1 --lan fd00::7"),
        ("https://drill.example", "tabletop serve run-1 --lan ADDRESS --host drill.example --tls-cert FILE --tls-key FILE"),
    ],
)
def test_how_a_server_is_started_again_is_read_from_where_it_was(address: str, command: str) -> None:
    assert serve_again("run-1", address) == command


# Answers from seats.


async def test_an_answer_from_a_seat_is_seen_at_once_with_its_reason(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter")
        await on.wait(20)
        answer = c.GiveAnswer("first-move", "teller", ("comply",), person="Zhao Li", rationale="the knife is close")
        on.source.from_elsewhere(answer, Actor("seat", roles=("teller",)))
        await on.follow()
        told = row(on, "Zhao Li: Comply and keep calm")
        assert "T1" in told
        assert "(why: the knife is close)" in on.text
        assert "0/2" not in on.text
        assert "1/2" in row(on, "What do you do first?")


async def test_the_page_of_questions_says_of_each_role_where_it_stands(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        on.source.from_elsewhere(c.GiveAnswer("first-move", "teller", ("refuse",)), Actor("seat", roles=("teller",)))
        await seen(on, crowd())
        await on.play(["page:actions"])
        assert "1/2" in row(on, "What do you do first?")
        assert row(on, " Refuse").strip("│ ").split()[:3] == ["✓", "2", "T1"]
        assert f"away since {on_wall()}" in row(on, " SG ")
        await seen(on, Crowd())
        assert "no answer yet" in row(on, " SG ")
        await seen(on, Crowd((device("x", "guard", typing=True),)))
        assert "typing …" in row(on, " SG ")
        at = on.app.screen.asks_on_page
        for _ in range(at):
            await on.press("down")
        await on.press("x")
        assert "OPEN ACTIONS" in on.text, "the actions below the questions are still marked from here"


# Receipts and reports.


@pytest.mark.parametrize("size", SIZES)
async def test_a_receipt_is_owed_until_it_is_confirmed_and_says_when_it_is_late(stage: StageMaker, size: tuple[int, int]) -> None:
    async with stage(bank(), size=size, view="sitting") as on:
        await on.press("enter", "enter", "enter")
        assert "RECEIPTS 1" in on.text
        assert "overdue" not in on.text
        told = row(on, "confirm receipt: Duress alarm")
        assert "<" in told
        assert "MC" in told
        assert "2:00 left" in told
        await on.wait(130)
        assert "!" in row(on, "confirm receipt: Duress alarm")
        assert "over by 0:10" in row(on, "confirm receipt: Duress alarm")
        on.source.from_elsewhere(c.AcknowledgeInject("signal", "centre"), Actor("seat", roles=("centre",)))
        await on.follow()
        assert "confirm receipt" not in on.text


async def test_a_message_is_owed_a_reading_back(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter")
        on.source.from_elsewhere(c.SendMessage("teller", "manager", "He wants the vault"), Actor("seat", roles=("teller",)))
        await on.follow()
        assert "BM" in row(on, "read back to T1: He wants the vault")
        await on.press("1")
        number = [line for line in on.text.splitlines() if "confirm to T1: He wants" in line][-1].strip(" │").split()[0]
        await on.press(*number)
        assert on.state.messages[-1].acknowledged_ms is not None
        await on.press("escape")
        assert "read back to T1: He wants" not in on.text


@pytest.mark.parametrize("view", ["lectern", "sitting"])
async def test_what_somebody_told_a_role_that_control_plays_is_owed_until_it_is_read_back(stage: StageMaker, view: str) -> None:
    async with stage(bank(), view=view) as on:
        await on.press("enter")
        on.source.from_elsewhere(c.SendMessage("manager", "police", "Send a car"), Actor("seat", roles=("manager",)))
        await on.follow()
        assert "POL" in row(on, "read back to BM: Send a car")
        assert "RECEIPTS 1" in on.text
        await on.press("0", "1")
        number = [line for line in on.text.splitlines() if "confirm to BM: Send a car" in line][-1].strip(" │").split()[0]
        await on.press(number, "escape")
        assert "read back to BM: Send a car" not in on.text


async def test_a_report_that_falls_due_is_in_sight_two_minutes_before(stage: StageMaker) -> None:
    async with stage(branches(), size=(80, 24)) as on:
        await on.press("enter")
        assert "situation report" not in on.text
        await on.wait(130)
        assert "1:50 left" in row(on, "report: situation report")
        assert "SEC" in row(on, "report: situation report")
        await on.wait(120)
        assert "!" in row(on, "report: situation report")
        on.source.from_elsewhere(c.RecordDecision("security", "All quiet"), Actor("seat", roles=("security",)))
        await on.follow()
        assert "over by" not in "".join(line for line in on.text.splitlines() if "situation report" in line)


# A site that is cut off, a site that pauses.


@pytest.mark.parametrize("view", ["lectern", "sitting"])
async def test_a_cut_link_says_which_site_since_when_and_what_restores_it(stage: StageMaker, view: str) -> None:
    def prepare(conductor: Conductor) -> None:
        conductor.dispatch(c.ReleaseInject("knife"))
        conductor.dispatch(c.ReleaseInject("lines-down"))

    async with stage(branches(), view=view, prepare=prepare) as on:
        told = row(on, "NO LINK Qiaoxi outlet")
        assert "since 0:00:00 · restored by no. 8: The lines are back" in told
        assert "× no link" in " ".join(on.text.split()) or view == "lectern"
        assert "no link" in on.text
        on.source.from_elsewhere(c.ReleaseInject("lines-up"))
        await on.follow()
        assert "NO LINK" not in on.text


ORDER = {
    "id": "order",
    "kind": "order",
    "at": "1m",
    "to": ["security", "teller"],
    "title": t("Report now", "立即报告"),
    "text": t("Report.", "报告。"),
}
"""Asks two roles for something within two minutes; the teller's site can be cut off, the other's cannot."""

ELEMENTS = [{"id": "fact", "title": t("Facts", "事实")}]


def two_asked(answer: str) -> Exercise:
    exercise = branches()
    ask = {"id": "what", "question": t("What is going on?", "情况如何？"), "answer": answer, "within": "2m"}
    order = {**ORDER, "asks": [{**ask, "elements": ELEMENTS} if answer == "report" else ask]}
    links = [
        {"id": name, "kind": "facility", "at": "20m", "to": ["centre"], "title": t(name, name), "text": t("A line.", "线路。"), key: what}
        for name, key, what in (("lines-down", "cut", {"site": "outlet"}), ("lines-up", "restore", {"site": "outlet"}))
    ]
    return bank(roles=ROLES_AT_SITES, sites=[site.model_dump(exclude_none=True) for site in exercise.sites], injects=[order, *links])


@pytest.mark.parametrize("page", ["lectern", "sitting", "actions"])
@pytest.mark.parametrize(("language", "over", "left"), [("en", "SEC over by 0:21", "0:54 left"), ("zh-Hans", "保卫 超 0:21", "剩 0:54")])
@pytest.mark.parametrize("answer", ["report", "text"])
async def test_what_is_overdue_for_one_of_two_is_said_beside_the_time_of_the_other(
    stage: StageMaker, page: str, language: str, over: str, left: str, answer: str
) -> None:
    """Behind a cut link the time stood still for the teller; the security department had its two minutes and no more."""
    size = (140, 40) if page == "sitting" else (80, 24)
    async with stage(two_asked(answer), size=size, language=language) as on:
        for inject in ("lines-down", "order"):
            on.app.ask(c.ReleaseInject(inject))
            await on.settle()
        await on.wait(75)
        if page != "lectern":
            await on.play([f"page:{page}"])
        question = "What is going on?" if language == "en" else "情况如何？"
        assert over not in on.text
        on.app.ask(c.ReleaseInject("lines-up"))
        await on.settle()
        await on.wait(66)
        told = row(on, question)
        assert over in told
        assert left in told
        assert ("! " in told) == (answer == "report")
        on.app.ask(c.GiveAnswer("what", "security", {"fact": "all well"} if answer == "report" else "all well"))
        await on.settle()
        told = row(on, question)
        assert over not in told
        assert left in told


@pytest.mark.parametrize(("language", "over"), [("en", "SEC over by 0:21"), ("zh-Hans", "保卫 超 0:21")])
async def test_what_is_overdue_for_one_is_said_while_the_other_is_cut_off(stage: StageMaker, language: str, over: str) -> None:
    async with stage(two_asked("report"), size=(80, 24), language=language) as on:
        for inject in ("lines-down", "order"):
            on.app.ask(c.ReleaseInject(inject))
            await on.settle()
        await on.wait(141)
        assert over in on.text
        await on.play(["page:actions"])
        rows = [line for line in on.text.splitlines() if "0:21" in line]
        assert [over in line for line in rows] == [True, False], "the question, and the one who owes the answer"
        name = "T1" if language == "en" else "柜员"
        assert not any(name in line for line in rows)


@pytest.mark.parametrize(("language", "said"), [("en", "by Qiaoxi outlet"), ("zh-Hans", "由桥西网点暂停")])
async def test_a_pause_from_a_site_says_where_it_came_from(stage: StageMaker, language: str, said: str) -> None:
    async with stage(branches(), language=language, notifications=True) as on:
        await on.press("enter")
        site = Actor("site", "outlet")
        on.source.from_elsewhere(c.Pause("technical", site="outlet"), site)
        await on.follow()
        assert said in on.text.splitlines()[1]
        assert "technical" in on.text or "技术故障" in on.text
        log = [line for line in on.text.splitlines() if said in line]
        assert len(log) >= 2, "in the record, too"


@pytest.mark.parametrize(("language", "said"), [("en", "The centre: released: D"), ("zh-Hans", "中心：下达：紧急报警")])
async def test_what_a_site_controller_does_says_from_where(stage: StageMaker, language: str, said: str) -> None:
    async with stage(branches(), language=language) as on:
        await on.press("enter")
        assert said not in on.text, "the facilitator did that"
        on.source.from_elsewhere(c.ReleaseInject("signal"), Actor("site", "centre"))
        await on.follow()
        assert said in on.text
        await on.play(["page:log"])
        assert len([line for line in on.text.splitlines() if said in line]) == 1


# Simulated roles are played from here.


@pytest.mark.parametrize(
    ("language", "joined", "renamed", "left"),
    [
        ("en", "He Ping joined", "He Ping at", "He P, who had joined"),
        ("zh-Hans", "He Ping加入", "He Ping改称", "的He P离席"),
    ],
)
async def test_who_joins_where_every_place_is_taken_stands_with_the_others_and_leaves_alone(
    stage: StageMaker, language: str, joined: str, renamed: str, left: str
) -> None:
    async with stage(bank(), language=language, size=(140, 40)) as on:
        for name in ("Wu", "Lin"):
            on.source.conductor.dispatch(c.SeatPerson("manager", name, "A" if name == "Wu" else "B"))
        await on.press("w", "f2", "8", *"Zhao", "enter")
        await on.follow()
        assert "Wu / Lin / Zhao" in on.text
        seat = Actor("seat", roles=("manager",))
        on.source.conductor.dispatch(c.SeatPerson("manager", "He Ping", "+"), seat)
        await on.follow()
        assert "Wu / Lin / Zhao / He Ping" in on.text
        on.source.conductor.dispatch(c.SeatPerson("manager", "He P", "+", "He Ping"), seat)
        await on.follow()
        await on.press("backspace")
        for row in ("1 A Wu", "2 B Lin", "3 + Zhao", "4 + He P"):
            assert row in on.text
        await on.press("4")
        assert "Wu / Lin / Zhao " in on.text
        assert [(one.holder, one.name) for one in on.state.people_at("manager")] == [("A", "Wu"), ("B", "Lin"), ("+", "Zhao")]
        await on.press("escape", "l")
        for said in (joined, renamed, left):
            assert said in on.text


async def test_a_simulated_role_answers_confirms_and_tells_from_the_console(stage: StageMaker) -> None:
    extra = {
        "id": "ask-police",
        "kind": "call",
        "at": "0s",
        "to": ["police"],
        "acknowledge": True,
        "title": t("Police are asked", "询问公安"),
        "text": t("Where are you?", "你们在哪里？"),
        "asks": [{"id": "eta", "question": t("How long?", "多久？"), "answer": "number"}],
    }
    async with stage(bank(injects=[extra, *INJECTS]), size=(80, 24)) as on:
        await on.press("enter")
        await on.press("0", "1")
        assert "control" in on.text
        assert "confirm receipt: Police are asked" in on.text
        await on.press("1", "5", "enter", "enter")
        assert on.state.ask("eta").answers["police"].value == 5.0
        await on.press("0", "1", "1")
        assert on.state.inject("ask-police").acknowledged.keys() == {"police"}
        await on.press("0", "1")
        await on.type("We are five minutes away")
        await on.press("f2", "5", "enter")
        sent = on.state.messages[-1]
        assert (sent.role, sent.to, sent.text) == ("police", "security", "We are five minutes away")
        assert not on.app.desk.drafts, "nothing is left behind"
        assert on.app.screen.page == "lectern"


@pytest.mark.parametrize(("sender", "said_s"), [("0", 10), ("2", 0)], ids=["control says it when it is sent", "people when it was begun"])
async def test_a_message_counts_from_when_it_was_said(stage: StageMaker, sender: str, said_s: int) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter")
        begun = on.app.pressed_ms()
        await on.run_action("message")
        await on.press(*(("0", "1") if sender == "0" else (sender,)), "1")
        await on.type("Two minutes")
        await on.wait(10)
        await on.press("enter")
        (sent,) = on.state.messages
        assert (sent.at_ms - begun) // 1000 == said_s
        assert (sent.sent_ms - begun) // 1000 == 10


async def test_a_message_is_begun_from_the_menu_by_digits_alone(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.run_action("message")
        await on.press("2")
        assert "tells whom?" in on.text
        await on.press("1")
        await on.type("我们需要帮助")
        await on.press("enter")
        assert [(sent.role, sent.to, sent.text) for sent in on.state.messages] == [("teller", "manager", "我们需要帮助")]


# As text.

SCENES: dict[str, tuple[str, ...]] = {
    "devices": ("enter", "wait:20"),
    "devices-room": ("enter", "wait:20", "page:room"),
    "owed": ("enter", "enter", "enter", "wait:130"),
    "questions": ("enter", "wait:20", "page:actions"),
}


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
async def test_frames(
    stage: StageMaker, check_frame: Callable[[App[Any], str], None], name: str, size: tuple[int, int], language: str
) -> None:
    async with stage(bank(), size=size, language=language) as on:
        await seen(on, crowd())
        await on.play(SCENES[name])
        check_frame(on.app, f"console-{name}-{size[0]}x{size[1]}-{language}")
        assert all(cells(line) <= size[0] for line in on.text.splitlines())
