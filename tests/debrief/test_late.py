"""What was late or stayed out, apart from expected actions too: answers, receipts of injects and messages, situation reports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tabletop.debrief.build import debrief
from tabletop.debrief.model import Debrief, Late, RunInfo
from tabletop.engine import commands as c
from tabletop.engine.owing import reports_due, unconfirmed
from tabletop.engine.plan import plan_of
from tabletop.engine.rights import DRIVER, Actor
from tabletop.engine.seats import seat_view
from tabletop.engine.standing import role_deadline
from tabletop.report import FORMATS
from tabletop.scoring.because import because
from tabletop.tui.scene import Scene
from tabletop.words import Words
from tests.builders import ExerciseDraft, Play

ELEMENTS = [{"id": "what", "title": "What"}]


def draft(**changes: Any) -> ExerciseDraft:
    made = ExerciseDraft(**changes).objective("alarm", core=True).role("teller").role("guard").role("police", simulated=True)
    made.inject("knife").asks("first", to=["teller", "guard"], answer="text", within="3m")
    made.expects("press", by="teller", objective="alarm", within="1m")
    made.inject("order", at="1m", to=["guard"], acknowledge={"within": "2m"})
    made.inject("news", at="2m").asks("tell", to=["guard"], answer="report", elements=ELEMENTS, within="5m")
    return made


def seat(*roles: str) -> Actor:
    return Actor("seat", roles=roles)


def begun(made: ExerciseDraft | None = None, **options: Any) -> Play:
    return Play((made or draft()).build(), **options).start().release("knife")


def say(play: Play, ask: str, role: str, value: Any = "x", actor: Actor | None = None, **how: Any) -> Play:
    return play.do(c.GiveAnswer(ask, role, value, **how), actor or seat(role))


def of(play: Play) -> Debrief:
    return debrief(play.exercise, play.entries, RunInfo("small-20261119-0900-00aa"))


def told(play: Play) -> list[tuple[str, tuple[str, ...], str, int | None, int | None, int | None]]:
    """Kind, roles, code, and in seconds when it was due, when it came and how late it was."""
    return [(each.kind, each.roles, each.what.code, whole(each.due_ms), whole(each.came_ms), whole(each.late_ms)) for each in of(play).late]


def whole(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds // 1000


def test_everything_late_is_named_with_what_it_was_due_at_and_its_entry() -> None:
    play = say(begun().at("1m").release("order").at("2m").release("news").mark("press"), "first", "guard")
    marked = play.entries[-2].seq
    say(play.at("200s"), "first", "teller")
    answered = play.last.seq
    play.at("4m").do(c.AcknowledgeInject("order", "guard"), seat("guard"))
    confirmed = play.last.seq
    say(play.at("8m42s"), "tell", "guard", {"what": "smoke"})
    reported = play.last.seq
    play.end("20m")
    assert told(play) == [
        ("action", ("teller",), "debrief.late-action", 60, 120, 60),
        ("answer", ("teller",), "debrief.late-answer", 180, 200, 20),
        ("receipt", ("guard",), "debrief.late-receipt", 180, 240, 60),
        ("answer", ("guard",), "debrief.late-asked-report", 420, 522, 102),
    ]
    assert [each.seq for each in of(play).late] == [marked, answered, confirmed, reported]
    assert [line.late_ms // 1000 for line in of(play).decisions] == [0, 20, 102]


def test_a_message_that_was_read_back_late_says_whose_it_was() -> None:
    play = begun().at("1m").do(c.SendMessage("teller", "guard", "Shut the door"), seat("teller"))
    sent = play.last.seq
    play.at("5m").do(c.AcknowledgeMessage(sent, "guard"), seat("guard"))
    confirmed = play.last.seq
    (late,) = [each for each in of(play.end("20m")).late if each.kind == "receipt"]
    assert (late.what.code, late.what.values) == ("debrief.late-receipt-message", {"other": "teller", "text": "Shut the door", "n": 1})
    assert (late.due_ms, late.came_ms, late.late_ms, late.seq) == (180_000, 300_000, 120_000, confirmed)


def test_messages_of_one_role_that_nobody_confirmed_are_told_as_one() -> None:
    play = begun()
    for minute, to in enumerate(("guard", "guard", "guard", "teller")):
        sender = "teller" if to == "guard" else "guard"
        play.at(f"{minute + 1}m").do(c.SendMessage(sender, to, "Well?"), seat(sender))
    made = [each for each in of(play.end("20m")).late if each.kind == "receipt"]
    assert [(each.roles, each.what.values["n"], each.due_ms, each.times) for each in made] == [
        (("guard",), 3, 180_000, 3),
        (("teller",), 1, 360_000, 1),
    ]


def test_what_has_no_record_is_told_where_seats_took_part_and_a_question_once_for_all_its_roles() -> None:
    silent = begun().at("1m").release("order").decision("teller", "by voice").end("20m")
    assert told(silent) == []
    play = begun().at("1m").release("order").do(c.RecordDecision("teller", "go"), seat("teller")).end("20m")
    assert told(play) == [
        ("answer", ("teller", "guard"), "debrief.late-answer", 180, None, None),
        ("receipt", ("guard",), "debrief.late-receipt", 180, None, None),
    ]
    assert [each.times for each in of(play).late] == [2, 1]


def test_what_has_no_record_is_told_where_the_score_counts_it() -> None:
    """By voice, too, once something of its kind was recorded: so the list holds what `1 of 3 got it in time` leaves over."""
    made = draft()
    made.inject("again", at="3m", to=["teller", "guard"], acknowledge=True)
    made.inject("report", at="3m").asks("write", to=["teller"], answer="report", elements=ELEMENTS, within="1m")
    play = begun(made).at("1m").release("order").do(c.AcknowledgeInject("order", "guard"))
    play.at("2m").release("news").at("3m").release("again").release("report")
    say(play, "tell", "guard", {"what": "smoke"}, DRIVER).end("20m")
    assert told(play) == [
        ("answer", ("teller",), "debrief.late-asked-report", 240, None, None),
        ("receipt", ("teller", "guard"), "debrief.late-receipt", 300, None, None),
    ]
    whys = {mark.subject: mark.because.values for mark in of(play).card.coordination}
    assert (whys["closed-loop"], whys["completeness"]) == ({"closed": 1, "n": 3}, {"stated": 1, "n": 2})


def test_nothing_is_late_that_nobody_owed() -> None:
    """Not in the discussion pace, not a change of an answer, not what was closed before its time, not what ENDEX overtook."""
    talked = say(begun(pace="discussion").at("10m"), "first", "teller").end("20m")
    assert of(talked).late == ()
    play = say(say(begun().at("1m"), "first", "teller"), "first", "teller", "y").at("2m").do(c.CloseAsk("first")).at("3m").release("order")
    assert told(play.end("4m")) == []
    again = say(begun().at("1m"), "first", "teller").do(c.CloseAsk("first")).do(c.ReopenAsk("first")).end("20m")
    assert told(again) == [("answer", ("guard",), "debrief.late-answer", 180, None, None)]


def test_a_change_of_an_answer_is_not_late_and_jumped_time_is_not_lived() -> None:
    play = say(begun().at("1m"), "first", "teller").do(c.ExtendAsks(by_ms=60_000))
    extra = play.last
    say(play.at("3m30s"), "first", "teller", "y").take_back(extra).end("20m")
    assert [line.late_ms for line in of(play).decisions] == [0, 0]
    jumped = say(begun().at("1m"), "first", "guard").at("4m").do(c.Jump(600_000))
    say(jumped.at("15m"), "first", "teller").end("20m")
    assert told(jumped) == [("answer", ("teller",), "debrief.late-answer", 180, 900, 120)]


def test_how_late_is_what_the_times_beside_it_come_to() -> None:
    due = Late("receipt", ("guard",), because("debrief.late-receipt", inject="order"), 993_900, 1_190_884, 196_984)
    assert due.shown_ms == 197_000
    assert replace(due, came_ms=1_300_000).shown_ms == 196_000, "its role did not live through all of it"
    assert replace(due, came_ms=None, late_ms=None).shown_ms is None


def test_extra_time_counts() -> None:
    play = begun().at("1m").do(c.ExtendAsks(by_ms=60_000))
    play = say(say(play.at("3m30s"), "first", "teller").at("250s"), "first", "guard").end("20m")
    assert told(play) == [("answer", ("guard",), "debrief.late-answer", 240, 250, 10)]


def test_time_without_link_makes_nothing_late() -> None:
    made = draft(sites=[{"id": "hall", "title": "Hall"}])
    next(role for role in made.data["roles"] if role["id"] == "guard")["site"] = "hall"
    made.inject("down", at="hold", cut={"site": "hall"}).inject("up", at="hold", restore={"site": "hall"})
    play = say(begun(made).at("1m"), "first", "teller").release("down").at("11m").release("up")
    say(play.at("13m20s"), "first", "guard").end("20m")
    assert told(play) == [("answer", ("guard",), "debrief.late-answer", 780, 800, 20)]


# Situation reports.


def cadence() -> ExerciseDraft:
    made = draft(cadence=[{"id": "updates", "by": "guard", "every": "8m", "after": "knife", "title": "Updates"}])
    made.data["injects"][0].pop("asks")
    return made


def missed(play: Play) -> list[tuple[str, int, int | None, int | None, int]]:
    found: list[Late] = [each for each in of(play).late if each.kind == "report"]
    return [(each.what.code, whole(each.due_ms) or 0, whole(each.came_ms), whole(each.late_ms), each.times) for each in found]


def test_a_situation_report_that_was_announced_and_came_late_is_named() -> None:
    """As it was played: asked for within five minutes and late, the next one announced and late, and then silence to the end."""
    play = begun(cadence()).at("2m").release("news")
    say(play.at("11m9s"), "tell", "guard", {"what": "smoke"}, next_report_ms=60_000)
    play.at("20m8s").do(c.SendMessage("guard", "teller", "nothing new"), seat("guard")).end("60m")
    assert missed(play) == [
        ("debrief.late-report", 480, 669, 189, 1),
        ("debrief.late-report-announced", 729, 1208, 479, 1),
        ("debrief.late-report", 1689, None, None, 4),
    ]
    assert next(each for each in of(play).card.coordination if each.subject == "cadence").because.values == {"kept": 1, "n": 7}


def test_reports_that_one_silence_missed_are_told_as_one() -> None:
    play = begun(cadence()).at("26m")
    play.do(c.RecordDecision("guard", "all well"), seat("guard")).end("31m")
    assert missed(play) == [("debrief.late-report", 480, 1560, 1080, 3)]


def test_a_report_of_a_role_without_a_cadence_is_named_too() -> None:
    play = say(begun().at("2m").release("news"), "tell", "guard", {"what": "smoke"}, next_report_ms=120_000)
    play.at("6m").do(c.RecordDecision("guard", "all well"), seat("guard")).end("20m")
    assert missed(play) == [("debrief.late-announced", 240, 360, 120, 1)]


@pytest.mark.parametrize("by_seat", [True, False])
def test_where_no_seat_reported_anything_a_cadence_accuses_nobody(by_seat: bool) -> None:
    play = begun(cadence()).at("9m").do(c.RecordDecision("guard", "late"), seat("guard") if by_seat else DRIVER).end("15m")
    assert missed(play) == ([("debrief.late-report", 480, 540, 60, 1)] if by_seat else [])


# What screens say of something overdue is what is written of it when it comes then.


def sent_over_links() -> ExerciseDraft:
    made = draft(sites=[{"id": "hall", "title": "Hall"}])
    made.role("runner", site="hall").role("porter", site="hall")
    for number in range(5):
        made.inject(f"down{number}", at="hold", cut={"site": "hall"}).inject(f"up{number}", at="hold", restore={"site": "hall"})
    made.inject("both", at="hold", to=["runner", "guard"], acknowledge={"within": "1m"})
    made.inject("how", at="hold").asks("well", to=["runner", "guard"], answer="text", within="1m")
    made.inject("state", at="hold").asks("status", to=["runner"], answer="report", elements=ELEMENTS)
    return made


def on_screens(play: Play) -> dict[tuple[str, str], int]:
    """How late the console says that something is, in milliseconds, by its kind and role; a seat of the role says the same."""
    plan, state, now_ms = plan_of(play.exercise, play.state), play.state, play.now_ms
    found = {("receipt", one.role): one.late.late_ms(now_ms) for one in unconfirmed(plan, state, now_ms) if one.late is not None}
    found |= {("report", one.role): one.late.late_ms(now_ms) for one in reports_due(plan, state, now_ms) if one.late is not None}
    scene = Scene(play.exercise, plan, state, now_ms, Words("en"), "en")
    for ask in scene.owed_asks():
        ends = {role: role_deadline(plan, state, ask.id, role) for role in ask.roles}
        found |= {
            ("answer", role): scene.overdue(role, end).late_ms(now_ms) for role, end in ends.items() if end is not None and end < now_ms
        }
    for role in ("runner", "guard"):
        view = seat_view(plan, state, (role,), now_ms)
        owed = [("receipt", one.due_ms, one.over) for one in view.receipts if one.confirmed_ms is None]
        owed += [("receipt", one.due_ms, one.over) for one in view.messages if one.to_me and not one.read_back]
        owed += [("report", one.due_ms, one.over) for one in view.reports]
        owed += [("answer", one.deadline_ms, one.over) for one in view.asks if one.open and not one.mine]
        seen = {(kind, role): over.late_ms(now_ms) for kind, due, over in owed if due is not None and over is not None and due < now_ms}
        assert seen == {key: value for key, value in found.items() if key[1] == role}
    return found


LENGTHS = st.lists(st.integers(1, 200), min_size=1, max_size=5)


@settings(max_examples=60)
@given(
    sent=st.sampled_from(["both", "how", "state", "message"]), lengths=LENGTHS, jumps=st.sets(st.integers(0, 4)), cut_first=st.booleans()
)
def test_a_screen_says_how_late_something_is_as_the_debrief_does(sent: str, lengths: list[int], jumps: set[int], cut_first: bool) -> None:
    play = Play(sent_over_links().build()).start()
    runner, now, cuts = Actor("seat", roles=("runner",)), 0, 0
    if sent == "message":
        play.do(c.SendMessage("guard", "runner", "Well?"), seat("guard"))
    else:
        play.release(sent)
    if sent == "state":
        play.do(c.GiveAnswer("status", "runner", {"what": "smoke"}, next_report_ms=60_000), runner)
    cut = False
    shown: dict[tuple[str, str], int] = {}
    for number, length in enumerate(lengths):
        if (number % 2 == 0) == cut_first:
            play.release(f"up{cuts - 1}" if cut else f"down{cuts}")
            cut = not cut
            cuts += cut
            if cut:
                shown = on_screens(play)
        if number in jumps:
            play.do(c.Jump(length * 1000))
        now = play.now_ms // 1000 + length
        play.at(f"{now}s")
        if cut:
            assert {key: value for key, value in on_screens(play).items() if key[1] == "runner"} == {
                key: value for key, value in shown.items() if key[1] == "runner"
            }, "behind a cut link it stands still"
    if cut:
        play.release(f"up{cuts - 1}")
        play.at(f"{now + 1}s")
    told_late = on_screens(play)
    match sent:
        case "both":
            play.do(c.AcknowledgeInject("both", "runner"), runner)
        case "how":
            say(play, "well", "runner")
        case "state":
            say(play, "status", "runner", {"what": "no smoke"})
        case _:
            play.do(c.AcknowledgeMessage(play.state.messages[0].seq, "runner"), runner)
    play.do(c.End())
    written = {(each.kind, each.roles[0]): each.late_ms for each in of(play).late if each.came_ms is not None}
    assert {key: value for key, value in told_late.items() if key[1] == "runner"} == written


@pytest.mark.parametrize(
    ("language", "note"), [("en", "the link of its role was cut or time was jumped over"), ("zh-Hans", "这段时间无法行动")]
)
@pytest.mark.parametrize("cut_off", [True, False])
def test_the_document_says_why_something_is_less_late_than_its_times(language: str, note: str, cut_off: bool) -> None:
    play = Play(sent_over_links().build()).start().do(c.SendMessage("guard", "runner", "Well?"), seat("guard")).at("3m")
    if cut_off:
        play.release("down0").at("5m").release("up0")
    play.at("6m").do(c.AcknowledgeMessage(play.state.messages[0].seq, "runner"), seat("runner")).end("20m")
    (late,) = [each for each in of(play).late if each.kind == "receipt"]
    assert (late.due_ms, late.came_ms, late.shown_ms) == (120_000, 360_000, 120_000 if cut_off else 240_000)
    assert (note in FORMATS["md"].render(of(play), language).decode()) is cut_off
