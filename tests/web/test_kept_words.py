"""What a seat said stays in sight, until ENDEX and after it; and a word afterwards (semantics: *Who may append what*)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest

from tabletop.engine import commands as c
from tabletop.errors import TabletopError
from tabletop.web.server import Server

from .served import Browser, Driver, visible
from .test_faults import follows
from .test_seat import wait_for

Joined = Callable[..., Browser]


def before(page: str) -> str:
    """What stands under *Before*, in plain words."""
    return html.unescape(visible(page.partition('<section id="before"')[2].partition("</section>")[0]))


def asked(page: str) -> str:
    return html.unescape(visible(page.partition('<section id="asked"')[2].partition("</section>")[0]))


def test_an_answer_stays_in_sight_after_its_time_after_it_was_closed_and_after_endex(
    driver: Driver, joined: Joined, server: Server
) -> None:
    driver.start("knife", "more")
    seat = joined("seat:teller", "Wu")
    for ask, value in (("first", "a"), ("several", ["c", "e"]), ("many", "12")):
        seat.answer(ask, value=value)
    said = ("✓ you: Option a", "✓ you: Option c · Option e", "✓ you: 12")
    assert [one in asked(seat.get("/seat").text) for one in said] == [True] * 3
    driver.do(c.SetSpeed(60.0))
    wait_for(lambda: "Option a" in before(seat.get("/seat").text))
    page = seat.get("/seat").text
    assert "Option a" not in asked(page), "it can be changed no more"
    assert [one in asked(page) for one in said] == [False, True, True]
    driver.do(c.CloseAsk("several"))
    follows(driver, server)
    page = seat.get("/seat").text
    assert [one in before(page) for one in said] == [True, True, False]
    assert [one in asked(page) for one in said] == [False, False, True]
    driver.do(c.End())
    follows(driver, server)
    assert [one in before(seat.get("/seat").text) for one in said] == [True] * 3
    assert "Option a" not in joined("seat:clerk").get("/seat").text


def test_who_announced_a_report_sees_when_and_is_reminded_until_it_comes(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("reports")
    seat = joined("seat:teller", "Wu")
    page = visible(seat.answer("sitrep", element__facts="x", next="1").text)
    assert "next report at 1:0" in page
    assert re.search(r"You said that you would report again at 1:0\d (1:00|0:5\d) left", page)
    form = seat.get("/seat").text.partition('id="answer.sitrep.teller.next"')[2].partition("</fieldset>")[0]
    assert 'value=""' in form, "a time from now on was meant when it was said, and not when the report is changed"
    assert re.search(r"Announced: 1:0\d. Left empty, it stays so.", form)
    seat.answer("sitrep", element__facts="y", next="")
    [before, after] = [event.next_report_ms for _, event in driver.events("answer_given")]  # type: ignore[attr-defined]
    assert before == after
    driver.do(c.SetSpeed(60.0))
    wait_for(lambda: "over" in visible(seat.get("/seat").text.partition('id="report.teller"')[2].partition("</div>")[0]))
    assert 'data-news-text="The report that you announced is overdue."' in seat.get("/seat").text
    assert seat.send_form("/seat/decision", {"role": "teller", "text": "nobody is hurt"}).status_code == 200
    assert "report again" not in visible(seat.get("/seat").text)
    assert "report again" not in visible(joined("seat:clerk").get("/seat").text)


def words(driver: Driver) -> list[tuple[str, str, str, str]]:
    """Actor, category, role and text of every note that stands."""
    driver.opened.conductor.catch_up()
    return [(note.actor, note.category, note.role, note.text) for note in driver.opened.conductor.state.notes]


def ended(driver: Driver, server: Server) -> None:
    driver.start("knife")
    driver.do(c.End())
    follows(driver, server)


WORD = {"key": "feedback", "role": "teller", "category": "strength", "text": "calm"}


def test_a_word_afterwards_is_recorded_as_the_terminals_is_and_can_be_changed(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife")
    seat = joined("seat:teller", "Wu")
    assert "/seat/feedback" not in seat.get("/seat").text
    assert seat.send_form("/seat/feedback", WORD).status_code == 409
    driver.do(c.End())
    follows(driver, server)
    assert 'action="/seat/feedback"' in seat.get("/seat").text
    page = seat.send_form("/seat/feedback", WORD).text
    assert words(driver) == [("seat:teller", "strength", "teller", "calm")]
    assert "✓ What went well calm" in visible(page)
    seq = re.findall(r'id="feedback\.(\d+)"', page)[0]
    changed = {**WORD, "key": f"feedback.{seq}", "category": "gap", "text": "the <b>door</b>"}
    page = seat.send_form("/seat/feedback", changed).text
    assert words(driver) == [("seat:teller", "gap", "teller", "the <b>door</b>")]
    assert "the &lt;b&gt;door&lt;/b&gt;" in page
    again = re.findall(r'id="feedback\.(\d+)"', page)[0]
    assert seat.send_form("/seat/feedback", {**changed, "key": f"feedback.{again}"}).status_code == 200
    assert len(driver.events("retracted")) == 1, "the same words change nothing"
    assert "calm" not in joined("seat:clerk").get("/seat").text + joined("viewer").get("/wall").text


def test_a_word_afterwards_is_shown_to_nobody_else_at_the_role_and_changed_by_nobody_else(
    driver: Driver, joined: Joined, server: Server
) -> None:
    seat, second, nameless = joined("seat:teller", "Wu"), joined("seat:teller", "Lin"), joined("seat:teller")
    ended(driver, server)
    seq = re.findall(r'id="feedback\.(\d+)"', seat.send_form("/seat/feedback", WORD).text)[0]
    nameless.send_form("/seat/feedback", {**WORD, "text": "hasty"})
    for other in (second, nameless):
        page = other.get("/seat").text
        assert "calm" not in page
        assert f"feedback.{seq}" not in page
        other.send_form("/seat/feedback", {**WORD, "key": f"feedback.{seq}", "text": "over"})
    assert [text for *_, text in words(driver)] == ["calm", "hasty", "over", "over"]
    assert driver.events("retracted") == []
    assert "hasty" not in seat.get("/seat").text + second.get("/seat").text


@pytest.mark.parametrize("wrong", [{"category": ""}, {"category": "ruling"}, {"role": "clerk"}, {"text": "  "}])
def test_a_word_that_is_not_theirs_to_say_comes_back_as_typed(
    driver: Driver, joined: Joined, server: Server, wrong: dict[str, str]
) -> None:
    seat = joined("seat:teller")
    ended(driver, server)
    back = seat.send_form("/seat/feedback", WORD | wrong)
    assert (back.status_code, words(driver)) == (409, [])
    assert (WORD | wrong)["text"] in back.text


def test_once_the_ratings_are_locked_a_word_is_added_but_none_is_changed(driver: Driver, joined: Joined, server: Server) -> None:
    seat = joined("seat:teller", "Wu")
    ended(driver, server)
    page = seat.send_form("/seat/feedback", WORD).text
    seq = re.findall(r'id="feedback\.(\d+)"', page)[0]
    driver.opened.conductor.catch_up()
    driver.do(c.LockRatings())
    follows(driver, server)
    assert f'id="feedback.{seq}"' not in seat.get("/seat").text
    assert seat.send_form("/seat/feedback", {**WORD, "key": f"feedback.{seq}", "text": "hasty"}).status_code == 409
    seat.send_form("/seat/feedback", {**WORD, "text": "thorough"})
    assert [text for *_, text in words(driver)] == ["calm", "thorough"]


def test_a_group_says_in_whose_name_and_a_role_that_was_given_up_too(driver: Driver, joined: Joined, server: Server) -> None:
    seat = joined("seat:teller+clerk")
    driver.start("knife")
    driver.do(c.StaffRole("clerk", "control"), c.End())
    follows(driver, server)
    page = seat.get("/seat").text
    assert '<option value="clerk">' in page
    assert "Nothing is taken from here" not in page
    seat.send_form("/seat/feedback", {**WORD, "role": "clerk"})
    assert words(driver) == [("seat:teller+clerk", "strength", "clerk", "calm")]


@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize("changes", [True, False])
def test_what_failed_and_was_sent_again_is_recorded_once(
    driver: Driver, joined: Joined, server: Server, monkeypatch: pytest.MonkeyPatch, written: bool, changes: bool
) -> None:
    seat, other = joined("seat:teller", "Wu"), joined("seat:clerk")
    ended(driver, server)
    sent: dict[str, object] = {**WORD, "once": "one"}
    if changes:
        page = seat.send_form("/seat/feedback", {**WORD, "text": "first"}).text
        sent["key"] = "feedback." + re.findall(r'id="feedback\.(\d+)"', page)[0]
    log = server.hub._joined.conductor.log  # type: ignore[union-attr]
    append, fails = log.append, [True]

    def doubtful(*given: object, **named: object) -> None:
        if not fails or written:
            append(*given, **named)  # type: ignore[arg-type]
        if fails.pop() if fails else False:
            raise TabletopError("store.disk-error", path="x", reason="y")

    monkeypatch.setattr(log, "append", doubtful)
    back = seat.send_form("/seat/feedback", sent)
    assert (back.status_code, "NOT RECORDED" in back.text) == (503, True)
    assert re.search(r'name="once" value="one"', back.text), "a page without a script sends it under the same name"
    other.send_form("/seat/feedback", {**WORD, "role": "clerk", "text": "meanwhile", "once": "one"})
    assert seat.send_form("/seat/feedback", sent).status_code == 200
    assert seat.send_form("/seat/feedback", sent).status_code == 200
    assert sorted(text for *_, text in words(driver)) == ["calm", "meanwhile"]
    seat.send_form("/seat/feedback", {**sent, "key": "feedback", "text": "another"})
    assert sorted(text for *_, text in words(driver)) == ["another", "calm", "meanwhile"], "other words under that name are another thing"
