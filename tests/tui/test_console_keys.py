"""What each key of the console records, pressed as a facilitator would."""

from __future__ import annotations

from typing import Any

import pytest

from tabletop.conductor import Conductor
from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.rights import Actor
from tabletop.engine.shuffle import shuffled
from tabletop.exercise.model import Exercise
from tabletop.text import localise
from tabletop.tui.screens.panels.frame import Field

from .conftest import MemorySource, StageMaker
from .exercises import INJECTS, ROLES, bank


def kinds(on: Any) -> list[str]:
    return [entry.event.kind for entry in on.source.log.entries]


def last(on: Any) -> Any:
    return on.source.log.entries[-1].event


async def test_one_key_releases_what_is_due(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        assert "DUE" in on.text
        await on.press("enter")
        assert on.state.released == ("knife",)
        assert "recorded ✓ 3" in on.text
        assert "READ ALOUD" in on.text


@pytest.mark.parametrize("key", ["enter", "n", "pagedown"])
async def test_every_release_key_releases_what_is_due(stage: StageMaker, key: str) -> None:
    async with stage(bank()) as on:
        await on.press(key)
        assert on.state.released == ("knife",)


async def test_nothing_due_the_first_press_shows_it_and_the_second_releases_early(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "enter")
        assert on.state.released == ("knife",)
        assert "press enter again to release early" in on.text
        assert "HAND CARD 2 TO MC" in on.text
        await on.press("enter")
        assert on.state.released == ("knife", "signal")


async def test_page_down_never_releases_early(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("pagedown", "pagedown", "pagedown", "pagedown")
        assert on.state.released == ("knife",)


async def test_an_armed_inject_is_forgotten_with_escape(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "enter", "escape", "enter")
        assert on.state.released == ("knife",)


async def test_off_the_path_asks_a_reason(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "down", "down")
        assert "The bell is ringing" in on.text
        await on.press("enter", "enter")
        assert on.state.released == ("knife",)
        await on.type("show it")
        await on.press("enter")
        assert on.state.released == ("knife", "bell")
        assert on.state.injects["bell"].reason == "show it"


async def test_a_private_inject_cannot_be_mistaken_for_one_to_read_aloud(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter", "enter", "enter")
        assert "× HAND CARD 2 TO MC · DO NOT READ ALOUD" in on.text
        assert "READ ALOUD (about" not in on.text
        assert "confirm receipt: Duress alarm, no voice" in on.text


async def test_two_digits_answer_for_any_role(stage: StageMaker) -> None:
    exercise = bank()
    async with stage(exercise) as on:
        await on.press("enter")
        ask = exercise.injects[0].asks[0]
        order = [option.id for option in shuffled(ask, 7)]
        await on.press("2")
        await on.press(str(order.index("comply") + 1))
        event = last(on)
        assert isinstance(event, e.AnswerGiven)
        assert (event.role, event.value) == ("teller", ("comply",))
        await on.press("3", str(order.index("grab") + 1))
        assert last(on).role == "guard"


async def test_a_digit_marks_an_action_of_the_speaker(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        await on.wait(20)
        await on.press("2")
        await on.wait(9)
        await on.press("5")
        event = last(on)
        assert isinstance(event, e.ActionMarked)
        assert (event.action, event.state, event.said_ms, event.prompted) == ("keep-calm", "done", 20_000, False)


async def test_arrows_make_a_mark_partly_after_a_hint_and_earlier(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        await on.wait(40)
        await on.press("2", "left", "right", "down", "6")
        event = last(on)
        assert (event.action, event.state, event.prompted, event.said_ms) == ("silent-alarm", "partial", True, 25_000)


async def test_tab_lists_everybodys_actions_and_sets_the_other_role(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "3", "tab", "1")
        event = last(on)
        assert (event.action, event.other_role) == ("keep-calm", "guard")


async def test_words_typed_in_the_panel_are_a_decision_of_that_role(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "1")
        await on.type("先稳住他，等警方")
        await on.press("enter")
        event = last(on)
        assert isinstance(event, e.DecisionMade)
        assert (event.role, event.text) == ("manager", "先稳住他，等警方")


async def test_enter_in_an_empty_panel_notes_heard_and_never_releases(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("1", "enter")
        assert isinstance(last(on), e.RoleHeard)
        assert on.state.released == ()


async def test_zero_waits_for_a_second_digit(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("0", "0", "enter")
        assert last(on).role == "medic"


async def test_two_letters_of_the_short_name_choose_a_role(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("0", "p", "o", "enter")
        assert last(on).role == "police"


async def test_a_decision_with_reason_options_and_dissent(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.wait(12)
        await on.press("d")
        await on.wait(30)
        await on.press("1")
        await on.type("Stall for time")
        await on.press("tab")
        await on.type("police are coming")
        await on.press("tab")
        await on.type("hand over the cash")
        await on.press("tab")
        await on.type("guard wants to act")
        await on.press("enter")
        event = last(on)
        assert isinstance(event, e.DecisionMade)
        assert (event.role, event.text, event.reason) == ("manager", "Stall for time", "police are coming")
        assert (event.options, event.dissent, event.said_ms) == ("hand over the cash", "guard wants to act", 12_000)


async def test_a_decision_without_a_role_asks_for_it(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("f2")
        await on.type("等待")
        await on.press("enter", "5")
        assert (last(on).role, last(on).text) == ("security", "等待")


async def test_all_open_actions_by_arrows(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "x", "right", "down", "3", "enter")
        marks = [entry.event for entry in on.source.log.entries if isinstance(entry.event, e.ActionMarked)]
        assert [(mark.action, mark.state) for mark in marks] == [("keep-calm", "done"), ("silent-alarm", "missed")]


async def test_an_action_done_by_another_role(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "f3", "tab", "3", "enter")
        assert (last(on).state, last(on).other_role) == ("done", "guard")


async def test_skip_asks_why(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "s", "1")
        await on.type("no time")
        await on.press("enter")
        assert isinstance(last(on), e.InjectSkipped)
        assert (last(on).inject, last(on).reason, last(on).overtaken) == ("signal", "no time", False)


@pytest.mark.parametrize(("digit", "kind"), [("2", e.InjectDelayed), ("3", e.InjectsSlid)])
async def test_later_and_slide_need_one_digit(stage: StageMaker, digit: str, kind: type[e.Event]) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "f4", digit)
        assert isinstance(last(on), kind)


async def test_overtaken_by_events(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "s", "5")
        await on.type("they rang first")
        await on.press("enter")
        assert last(on).overtaken


async def test_kept_back_it_stays_in_sight_until_somebody_releases_it_or_takes_that_back(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "s", "6")
        assert "Why is it kept back?" in on.text
        await on.type("the police wait")
        await on.press("enter")
        assert isinstance(last(on), e.InjectKeptBack)
        assert (last(on).inject, last(on).reason) == ("signal", "the police wait")
        assert "# kept back  Duress alarm, no voice (the console 0:00)" in on.text
        await on.wait(600)
        assert "signal" not in [line.inject.id for line in on.app.screen.scene().due()]
        await on.press("u", "1")
        assert "# kept back" not in on.text
        assert "signal" in [line.inject.id for line in on.app.screen.scene().due()]


async def test_the_list_shows_what_is_kept_back_with_the_holds_and_there_it_is_released(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "f4", "6", "enter", "tab", "tab")
        shown = on.text.splitlines()
        (row,) = [number for number, text in enumerate(shown) if "Duress alarm" in text]
        assert "kept back: the console 0:00" in shown[row]
        assert row == next(number for number, text in enumerate(shown) if "Two tellers in shock" in text) + 1
        while on.app.screen.selected != "signal":
            await on.press("down")
        await on.press("s")
        assert "no longer keep it back" in on.text
        await on.press("escape", "enter")
        assert on.state.released == ("knife",)
        await on.press("enter")
        assert on.state.released == ("knife", "signal")


async def test_what_a_site_keeps_back_says_so_and_is_put_back_into_the_plan_with_a_reason(stage: StageMaker) -> None:
    roles = [{**role, "site": "outlet"} if role["id"] == "centre" else role for role in ROLES]
    async with stage(bank(roles=roles, sites=[{"id": "outlet", "title": "Qiaoxi"}])) as on:
        await on.press("enter")
        on.source.from_elsewhere(c.KeepInjectBack("signal", "not now"), Actor("site", "outlet"))
        await on.wait(1)
        assert "# kept back  Duress alarm, no voice (Qiaoxi 0:00)" in on.text
        await on.press("tab", "tab")
        while on.app.screen.selected != "signal":
            await on.press("down")
        await on.press("s", "6")
        assert "kept back: Duress alarm, no voice (why: not now)" in on.text
        await on.type("we need it")
        await on.press("enter")
        assert isinstance(last(on), e.Retracted)
        assert (on.state.inject("signal").kept_back, last(on).reason) == (None, "we need it")


async def test_what_is_kept_back_between_two_strokes_wants_two_more(stage: StageMaker) -> None:
    roles = [{**role, "site": "outlet"} if role["id"] == "centre" else role for role in ROLES]
    async with stage(bank(roles=roles, sites=[{"id": "outlet", "title": "Qiaoxi"}])) as on:
        await on.press("enter", "enter")
        assert on.app.screen.armed == "signal"
        on.source.from_elsewhere(c.KeepInjectBack("signal", "not now"), Actor("site", "outlet"))
        await on.wait(1)
        await on.press("enter")
        assert on.state.released == ("knife",)
        await on.press("enter")
        assert on.state.released == ("knife", "signal")


async def test_the_same_digit_puts_ones_own_back_into_the_plan(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "s", "6", "enter", "tab")
        while on.app.screen.selected != "signal":
            await on.press("down")
        await on.press("s", "6", "1")
        assert isinstance(last(on), e.Retracted)
        assert on.state.inject("signal").kept_back is None


async def test_a_note_turned_to_a_ruling(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("o")
        await on.type("no camera in the meeting room")
        await on.press("tab", "tab", "tab", "tab", "enter")
        assert (last(on).category, last(on).text) == ("ruling", "no camera in the meeting room")


async def test_a_prohibited_act_asks_corrected_or_not(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("f6", "7", "1", "1", "3")
        event = last(on)
        assert isinstance(event, e.BreachRecorded)
        assert (event.prohibited, event.corrected, event.role) == ("heroics", True, "guard")


async def test_probes_then_hints_are_logged_when_shown(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "h")
        assert "Who says it aloud?" in on.text
        await on.press("f7", "h", "1")
        assert kinds(on)[-3:] == ["probe_shown", "probe_shown", "hint_shown"]
        assert "Think of the button." in on.text


async def test_pause_stops_at_once_and_asks_why_afterwards(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("space")
        assert on.state.paused
        assert "Paused. Why?" in on.text
        await on.press("2")
        assert on.state.pauses[-1].reason == "break"
        await on.wait(60)
        assert on.app.desk.elapsed_ms() == 0
        await on.press("f8")
        assert not on.state.paused


async def test_one_more_minute_for_what_is_open(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "+")
        assert last(on).asks == ("first-move",)
        assert on.state.asks["first-move"].extended_ms == 60_000


async def test_taking_back_names_it_first_and_asks_why_if_the_room_saw_it(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "u")
        assert "released: A knife at counter 2" in on.text
        assert on.state.released == ("knife",)
        await on.type("wrong card")
        await on.press("enter")
        assert on.state.released == ()
        assert last(on).reason == "wrong card"


async def test_taking_back_what_only_the_facilitator_saw_takes_two_keys(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("1", "enter", "u")
        assert "BM spoke" in on.text
        await on.press("1")
        assert "manager" not in on.state.heard


async def test_an_entry_of_the_log_page_is_taken_back_with_a_reason(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("1", "enter", "2", "enter", "shift+tab")
        assert "LOG" in on.text
        await on.press("down", "u")
        await on.type("heard wrongly")
        await on.press("enter")
        assert "manager" not in on.state.heard
        assert "teller" in on.state.heard
        assert "taken back" in on.text


async def test_endex_takes_two_presses_and_a_digit(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("e")
        assert on.state.phase == "running"
        await on.press("e", "2")
        assert (on.state.phase, on.state.ended_how) == ("ended", "time")


async def test_the_menu_reaches_everything_by_digits(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("escape")
        assert "Injects" in on.text
        await on.press("5", "1")
        assert on.state.released == ("knife",)


async def test_a_typed_inject_is_added_held_and_released_by_enter(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "a", "1", "right", "3")
        await on.type("Smoke")
        await on.press("enter")
        await on.type("Smoke comes from the meeting room.")
        await on.press("enter")
        added = on.state.added[0]
        assert (added.kind, added.to, added.at) == ("alarm", ("guard",), "hold")
        assert "press enter again to release" in on.text
        await on.press("enter")
        assert on.state.released == ("knife", added.id)


async def test_who_is_where_staffs_and_names(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("w", "6", "right", "right")
        assert on.state.staffing["press"][-1].by == "nobody"
        await on.press("right")
        assert "HR" in on.text
        assert "SG" in on.text
        await on.press("6", "escape")
        assert on.state.staffing["press"][-1].by == "nobody"
        await on.press("right", "7")
        assert (on.state.staffing["press"][-1].by, on.state.staffing["press"][-1].with_role) == ("with", "care")
        await on.press("1", "enter")
        await on.type("陈敏")
        await on.press("enter", "tab")
        await on.type("Li Wei")
        await on.press("enter")
        assert [(p.holder, p.name) for p in on.state.people] == [("A", "陈敏"), ("B", "Li Wei")]


async def press_answer(on, ask: str) -> None:  # type: ignore[no-untyped-def]
    """Opens the answer panel of the monitoring centre for that ask."""
    asks = [one.id for one in on.source.exercise.injects[1].asks]
    await on.press("4", str(2 + asks.index(ask)))


async def released_signal(source: MemorySource) -> None:
    source.conductor.dispatch(c.ReleaseInject("knife"))
    source.conductor.dispatch(c.ReleaseInject("signal"))


def both_released(conductor) -> None:  # type: ignore[no-untyped-def]
    conductor.dispatch(c.ReleaseInject("knife"))
    conductor.dispatch(c.ReleaseInject("signal"))


async def test_a_report_is_taken_down_element_by_element(stage: StageMaker) -> None:
    async with stage(bank(), prepare=both_released) as on:
        await press_answer(on, "report")
        await on.type("one man, one knife")
        await on.press("enter")
        await on.type("police")
        await on.press("enter")
        await on.type("15")
        await on.press("enter", "enter")
        assert last(on).value == {"fact": "one man, one knife", "need": "police"}
        assert last(on).next_report_ms == 15 * 60_000


@pytest.mark.parametrize(
    ("ask", "keys", "value"),
    [("count", ["1", "2", "enter", "enter"], 12.0), ("told", ["enter"], True), ("words", [*"abc", "enter", *"why", "enter"], "abc")],
)
async def test_numbers_confirmations_and_words(stage: StageMaker, ask: str, keys: list[str], value: object) -> None:
    async with stage(bank(), prepare=both_released) as on:
        await press_answer(on, ask)
        await on.press(*keys)
        assert last(on).value == value


async def test_full_width_digits_are_a_number(stage: StageMaker) -> None:
    async with stage(bank(), prepare=both_released) as on:
        await press_answer(on, "count")
        await on.type("12")
        await on.press("enter", "enter")
        assert last(on).value == 12.0


async def test_several_options_and_an_order_by_digits(stage: StageMaker) -> None:
    async with stage(bank(), prepare=both_released) as on:
        await press_answer(on, "whom")
        await on.press("1", "3", "enter")
        assert len(last(on).value) == 2
        asks = on.source.exercise.injects[1].asks
        order = [option.id for option in shuffled(asks[5], 7)]
        await press_answer(on, "order")
        await on.press("2", "1", "enter")
        assert last(on).value == (order[1], order[0])


async def test_a_required_reason_is_asked_for(stage: StageMaker) -> None:
    async with stage(bank(), prepare=both_released) as on:
        await press_answer(on, "words")
        await on.type("hold the line")
        await on.press("enter", "enter")
        assert not on.state.asks.get("words", None)
        assert on.app.screen.query(Field)
        await on.type("because")
        await on.press("enter")
        assert on.state.asks["words"].answers["centre"].rationale == "because"


def reason_needed() -> Exercise:
    """The bank, where the first move needs a reason."""
    first, *rest = INJECTS
    asks = [{**first["asks"][0], "rationale": "required"}, *first["asks"][1:]]
    return bank(injects=[{**first, "asks": asks}, *rest])


async def test_after_an_option_only_its_reason_is_asked_for_and_a_digit_is_part_of_it(stage: StageMaker) -> None:
    async with stage(reason_needed(), prepare=both_released) as on:
        first = shuffled(on.source.exercise.injects[0].asks[0], 7)[0]
        await on.press("2", "3")
        assert "✓ " + localise(first.text, "en") in on.text
        assert sum(localise(option.text, "en") in on.text for option in on.source.exercise.injects[0].asks[0].options) == 1
        await on.type("2 of them shout")
        await on.press("enter")
        answer = on.state.asks["first-move"].answers["teller"]
        assert (answer.value, answer.rationale) == ((first.id,), "2 of them shout")


async def test_a_mark_for_a_role_that_control_plays_says_that_it_counts_nothing(stage: StageMaker) -> None:
    def played_by_control(conductor: Conductor) -> None:
        conductor.dispatch(c.StaffRole("guard", "control"))
        conductor.dispatch(c.ReleaseInject("knife"))

    async with stage(bank(), size=(100, 32), prepare=played_by_control) as on:
        await on.press("3", "5")
        assert "noted, not rated" in on.text
        assert on.state.marks["clear-hall"][0].state == "done"
        assert "not rated: SG is not played" in on.text


async def test_a_function_key_on_a_list_closes_it_and_does_its_own_work(stage: StageMaker) -> None:
    async with stage(bank(), prepare=both_released) as on:
        await on.press("f9", "f10", "1")
        assert on.app.faces_players
        assert not on.state.asks.get("first-move") or not on.state.asks["first-move"].revealed


async def test_words_begun_and_left_are_said_to_wait(stage: StageMaker) -> None:
    async with stage(bank(), size=(100, 32), prepare=both_released) as on:
        await on.press("5")
        assert "enter heard" in on.text
        await on.type("the door")
        assert "esc leaves them here for later" in on.text
        await on.press("escape")
        assert "HALF TYPED  5 SEC" in on.text
        await on.press("5", "enter")
        assert on.state.decisions[-1].text == "the door"
        assert "HALF TYPED" not in on.text


async def test_an_answered_question_of_before_is_one_row(stage: StageMaker) -> None:
    def answered(conductor: Conductor) -> None:
        conductor.dispatch(c.ReleaseInject("knife"))
        conductor.dispatch(c.GiveAnswer("first-move", "teller", ("comply",)))

    async with stage(bank(), prepare=answered) as on:
        await on.press("2")
        assert "Refuse" in on.text
        await on.press("escape")
        await on.press("s", "escape", "enter", "enter")
        assert on.state.released[-1] == "signal"
        await on.press("2")
        assert "Comply and keep calm" in on.text
        assert "Refuse" not in on.text
        await on.press("3")
        order = [option.id for option in shuffled(on.source.exercise.injects[0].asks[0], 7)]
        await on.press(str(order.index("refuse") + 1))
        assert on.state.asks["first-move"].answers["teller"].value == ("refuse",)


async def test_a_report_on_paper_is_ticked_by_its_elements(stage: StageMaker) -> None:
    async with stage(bank(), prepare=both_released) as on:
        await press_answer(on, "report")
        await on.press("0")
        assert [field.value for field in on.app.screen.query(Field)] == ["on paper", "on paper", ""]
        await on.press("enter")
        await on.type("20")
        await on.press("enter")
        answer = on.state.asks["report"].answers["centre"]
        assert (answer.value, answer.next_report_ms) == ({"fact": "on paper", "need": "on paper"}, 1_200_000)


async def test_a_time_of_the_next_report_that_is_no_number_is_not_left_out(stage: StageMaker) -> None:
    async with stage(bank(), prepare=both_released) as on:
        await press_answer(on, "report")
        await on.press("0", "enter")
        await on.type("1,5")
        await on.press("enter")
        assert [field.value for field in on.app.screen.query(Field)][-1] == "1,5"
        assert "report" not in on.state.asks


async def test_a_number_needs_one_enter(stage: StageMaker) -> None:
    async with stage(bank(), prepare=both_released) as on:
        await press_answer(on, "count")
        await on.type("7")
        await on.press("enter")
        assert on.state.asks["count"].answers["centre"].value == 7.0
        assert not on.app.screen.is_modal


async def test_keys_typed_faster_than_a_panel_opens_are_not_lost(stage: StageMaker) -> None:
    from textual import events

    async with stage(bank()) as on:
        for key, character in (("f2", None), ("5", "5"), *((letter, letter) for letter in "now")):
            on.app.post_message(events.Key(key, character))
        await on.settle()
        await on.settle()
        await on.press("enter")
        assert (last(on).role, last(on).text) == ("security", "now")
