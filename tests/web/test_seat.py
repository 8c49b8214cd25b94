"""A player's seat: what is asked is answered in every way there is, recorded as that actor and person, and nothing else is seen."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import partial

import pytest

from tabletop.engine import commands as c
from tabletop.store.presence import Here
from tabletop.words import Words

from .served import SECRETS, Browser, Driver, visible

Joined = Callable[..., Browser]

ALL = ("knife", "orders", "more", "reports", "secret")

ANSWERS: dict[str, tuple[dict[str, object], object]] = {
    "first": ({"value": "a"}, ("a",)),
    "several": ({"value": ["c", "e"]}, ("c", "e")),
    "row": ({"place__f": "3", "place__g": "1", "place__h": "2"}, ("g", "h", "f")),
    "words": ({"value": "Stay <b>calm</b>", "rationale": "people first"}, "Stay <b>calm</b>"),
    "many": ({"value": "１２．５"}, 12.5),
    "sure": ({}, True),
    "sitrep": ({"element__facts": "one man", "element__needs": "", "next": "20"}, {"facts": "one man"}),
}


def shows(browser: Browser, path: str, text: str) -> bool:
    return text in visible(browser.get(path).text)


@pytest.mark.parametrize("ask", ANSWERS)
def test_an_answer_of_every_type_is_recorded_with_actor_and_person(driver: Driver, joined: Joined, ask: str) -> None:
    driver.start(*ALL)
    seat = joined("seat:teller", "Wu Min")
    fields, value = ANSWERS[ask]
    answered = seat.answer(ask, "teller", **fields)
    assert answered.status_code == 200
    [(actor, event)] = driver.events("answer_given")
    assert (actor, event.role, event.person, event.value) == ("seat:teller", "teller", "Wu Min", value)  # type: ignore[attr-defined]
    assert "✓" in visible(answered.text)
    assert "<b>calm</b>" not in answered.text


def test_a_report_says_when_the_next_one_comes(driver: Driver, joined: Joined) -> None:
    driver.start(*ALL)
    joined("seat:teller", "Wu").answer("sitrep", element__facts="x", next="20")
    [(_, event)] = driver.events("answer_given")
    assert 20 * 60_000 <= event.next_report_ms < 21 * 60_000  # type: ignore[attr-defined]


def test_a_report_needs_the_name_of_who_gives_it_and_then_the_phone_has_it(driver: Driver, joined: Joined) -> None:
    driver.start(*ALL)
    phone = joined("seat:teller", "")
    assert 'name="reporter"' in phone.get("/seat").text
    refused = phone.answer("sitrep", element__facts="two inside")
    assert refused.status_code == 409
    assert "A report needs the name of who gives it." in visible(refused.text)
    assert "two inside" in refused.text, "nothing that was typed is gone"
    assert driver.events("answer_given") == []
    page = phone.answer("sitrep", element__facts="two inside", reporter=" Wu  Min ")
    assert page.status_code == 200
    wait_for(lambda: "You are Wu Min." in visible(phone.get("/seat").text))
    assert 'name="reporter"' not in phone.get("/seat").text
    [(_, event)] = driver.events("answer_given")
    assert (event.person, event.value) == ("Wu Min", {"facts": "two inside"})  # type: ignore[attr-defined]
    assert [event.name for _, event in driver.events("person_seated")] == ["Wu Min"]  # type: ignore[attr-defined]


def test_who_reports_for_a_role_of_a_group_is_asked_each_time_and_named_with_that_report_alone(driver: Driver, joined: Joined) -> None:
    driver.start(*ALL)
    laptop = joined("seat:teller+guard", "")
    laptop.answer("sitrep", element__facts="two inside", reporter="Wu Min")
    [(_, event)] = driver.events("answer_given")
    assert event.person == "Wu Min"  # type: ignore[attr-defined]
    assert driver.events("person_seated") == []
    assert re.search(r'name="reporter" value="Wu Min"', laptop.get("/seat").text), "a change of it comes with the name"


REFUSED: dict[str, dict[str, str]] = {
    "first": {},
    "row": {"place__f": "1", "place__g": "1", "place__h": "2"},
    "words": {"value": "only words, no reason"},
    "many": {"value": "a dozen"},
    "sitrep": {"element__facts": "  ", "rationale": "because"},
}


@pytest.mark.parametrize("ask", REFUSED)
def test_what_is_refused_comes_back_as_it_was_typed(driver: Driver, joined: Joined, ask: str) -> None:
    driver.start(*ALL)
    back = joined("seat:teller").answer(ask, **REFUSED[ask])
    assert back.status_code == 409
    assert 'class="refused"' in back.text
    assert driver.events("answer_given") == []
    for name, typed in REFUSED[ask].items():
        if not name.startswith("place"):
            assert typed in back.text
    if ask == "row":
        assert len(re.findall(r"<option selected>1</option>", back.text)) == 2


def test_an_answer_is_changed_until_its_time_is_over(driver: Driver, joined: Joined) -> None:
    driver.start(*ALL)
    seat = joined("seat:teller")
    assert 'id="answer.first.teller.change"' not in seat.get("/seat").text
    changed = seat.answer("first", value="a")
    assert 'id="answer.first.teller.change"' in changed.text
    seat.answer("first", value="b")
    assert [event.value for _, event in driver.events("answer_given")] == [("a",), ("b",)]  # type: ignore[attr-defined]
    driver.do(c.SetSpeed(60.0))
    wait_for(lambda: "answer.first.teller.change" not in seat.get("/seat").text)
    assert seat.answer("first", value="a").status_code == 409


def test_a_seat_sees_nothing_that_is_not_its_own(driver: Driver, joined: Joined) -> None:
    driver.start(*ALL)
    for seat in (joined("seat:teller"), joined("seat:clerk"), joined("viewer")):
        for path in ("/", "/seat", "/wall", "/join", "/nothing", "/seat/answer", "/static/page.js", "/events/1"):
            with seat.stream("GET", path) as answer:
                text = str(answer.read(), "utf-8") + str(answer.headers)
            assert not [secret for secret in SECRETS if secret in text], path
        sent = seat.answer("lock", "guard", value="mine")
        assert sent.status_code in (403, 409)
        assert "zebra" not in sent.text
    assert driver.events("answer_given") == []
    guard = joined("seat:guard")
    assert "zebra-guard alone." in guard.get("/seat").text
    assert "many" not in visible(guard.get("/seat").text)


def test_a_seat_cannot_answer_for_another_role(driver: Driver, joined: Joined) -> None:
    driver.start(*ALL)
    assert joined("seat:clerk").answer("first", "teller", value="a").status_code == 409
    assert joined("seat:clerk").answer("words", "teller", value="x", rationale="y").status_code == 409
    assert driver.events("answer_given") == []


def test_a_decision_of_a_group_belongs_to_what_its_role_was_told(driver: Driver, joined: Joined) -> None:
    driver.start("knife", "orders", "secret")
    seat = joined("seat:teller+guard", "Scribe")
    for role in ("teller", "guard"):
        assert seat.send_form("/seat/decision", {"role": role, "text": "we stay"}).status_code == 200
    assert [(event.role, event.inject) for _, event in driver.events("decision_made")] == [("teller", "orders"), ("guard", "secret")]  # type: ignore[attr-defined]


def test_a_group_answers_for_each_of_its_roles(driver: Driver, joined: Joined) -> None:
    driver.start(*ALL)
    seat = joined("seat:teller+clerk", "Scribe")
    page = seat.get("/seat").text
    assert 'id="answer.words.teller"' in page
    assert 'id="answer.words.clerk"' in page
    seat.answer("words", "clerk", value="x", rationale="y")
    [(actor, event)] = driver.events("answer_given")
    assert (actor, event.role, event.person) == ("seat:teller+clerk", "clerk", "Scribe")  # type: ignore[attr-defined]


def test_receipts_messages_and_decisions(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    teller, clerk = joined("seat:teller", "Wu"), joined("seat:clerk", "Lin")
    assert "received.knife.teller" in teller.get("/seat").text
    after = teller.send_form("/seat/received", {"inject": "knife", "role": "teller"})
    assert "received.knife.teller" not in after.text
    assert [(actor, event.role) for actor, event in driver.events("inject_acknowledged")] == [("seat:teller", "teller")]  # type: ignore[attr-defined]
    teller.send_form("/seat/message", {"role": "teller", "to": "clerk", "text": "Lock the <i>door</i>", "once": "one"})
    teller.send_form("/seat/message", {"role": "teller", "to": "clerk", "text": "Lock the <i>door</i>", "once": "one"})
    [(actor, sent)] = driver.events("message_sent")
    assert (actor, sent.to, sent.text) == ("seat:teller", "clerk", "Lock the <i>door</i>")  # type: ignore[attr-defined]
    page = clerk.get("/seat").text
    assert "Lock the &lt;i&gt;door&lt;/i&gt;" in page
    seq = re.findall(r'id="read\.(\d+)"', page)[0]
    clerk.send_form("/seat/read", {"message": seq, "role": "clerk", "text": "door locked"})
    [(actor, back)] = driver.events("message_acknowledged")
    assert (actor, back.text) == ("seat:clerk", "door locked")  # type: ignore[attr-defined]
    assert "door locked" in teller.get("/seat").text
    assert "Lock the" not in joined("seat:guard").get("/seat").text
    clerk.send_form("/seat/decision", {"role": "clerk", "text": "Close", "reason": "safer"})
    [(actor, decided)] = driver.events("decision_made")
    assert (actor, decided.text, decided.person) == ("seat:clerk", "Close", "Lin")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "fields", "kind"),
    [
        ("/seat/message", {"role": "teller", "to": "clerk", "text": "Lock the door"}, "message_sent"),
        ("/seat/decision", {"role": "teller", "text": "We lock the door", "reason": ""}, "decision_made"),
    ],
)
def test_a_page_that_somebody_went_back_to_says_nothing_twice_unless_it_is_meant(
    driver: Driver, joined: Joined, path: str, fields: dict[str, str], kind: str
) -> None:
    driver.start("knife")
    seat = joined("seat:teller", "Wu")
    assert seat.send_form(path, {**fields, "once": "page one"}).status_code == 200
    back = seat.send_form(path, {**fields, "once": "page two"})
    assert back.status_code == 409
    assert "That is recorded already, word for word." in visible(back.text)
    assert 'name="once" value="page two"' in back.text
    assert fields["text"] in back.text
    assert len(driver.events(kind)) == 1
    assert driver.store.drafts.load(driver.run, "seat:teller") == {}, "it stands in no form of the next page"
    assert seat.send_form(path, {**fields, "text": "Nobody", "once": "page two"}).status_code == 200
    assert seat.send_form(path, {**fields, "once": "page two"}).status_code == 200, "once more under that name it is meant"
    assert seat.send_form(path, {**fields, "once": "page two"}).status_code == 200
    assert len(driver.events(kind)) == 3
    # A page with a script names what it sends itself, and empties its forms.
    answer = seat.post(path, data={**fields, "once": "three"}, headers={"origin": seat.address, "x-part": "1"})
    assert (answer.status_code, len(driver.events(kind))) == (200, 4)


def test_a_message_that_is_confirmed_without_words_is_not_called_read_back(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    teller, clerk = joined("seat:teller", "Wu"), joined("seat:clerk", "Lin")
    for words in ("", "door locked"):
        text = "Lock the door again" if words else "Lock the door"
        teller.send_form("/seat/message", {"role": "teller", "to": "clerk", "text": text, "once": f"once{words}"})
        seq = re.findall(r'id="read\.(\d+)"', clerk.get("/seat").text)[0]
        clerk.send_form("/seat/read", {"message": seq, "role": "clerk", "text": words})
    messages = visible(teller.get("/seat").text).partition("MESSAGES")[2]
    assert messages.count("confirmed ✓") == 1
    assert messages.count("read back ✓ door locked") == 1


def test_answers_of_others_are_seen_once_they_are_revealed_and_not_before(driver: Driver, joined: Joined) -> None:
    driver.start("knife", "orders")
    teller, clerk = joined("seat:teller"), joined("seat:clerk")
    teller.answer("words", value="zebra-word", rationale="zebra-why")
    assert "zebra-w" not in clerk.get("/seat").text
    driver.do(c.RevealAnswers("words", names=True))
    wait_for(lambda: "zebra-word" in clerk.get("/seat").text)
    assert "zebra-why" not in clerk.get("/seat").text


def wait_for(done: Callable[[], bool], seconds: float = 5) -> None:
    """Waits until something another thread does is done."""
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_draft_is_kept_and_gone_once_it_is_recorded(driver: Driver, joined: Joined) -> None:
    driver.start(*ALL)
    seat = joined("seat:teller")
    kept = seat.send_form("/draft", {"key": "answer.words.teller", "value": "half a thou", "rationale": ""})
    assert kept.status_code == 200
    assert "half a thou" in seat.get("/seat").text
    assert "half a thou" not in joined("seat:clerk").get("/seat").text
    seat.answer("words", value="a whole thought", rationale="r")
    assert "half a thou" not in seat.get("/seat").text
    assert driver.store.drafts.load(driver.run, "seat:teller") == {}


def test_who_joins_with_a_name_is_on_the_roll(driver: Driver, joined: Joined) -> None:
    first = joined("seat:teller", "Wu")
    joined("seat:teller", "Lin")
    assert [(event.role, event.holder, event.name) for _, event in driver.events("person_seated")] == [  # type: ignore[attr-defined]
        ("teller", "A", "Wu"),
        ("teller", "B", "Lin"),
    ]
    first.send_form("/name", {"name": "Wu\x1b[2J Min "})
    actor, event = driver.events("person_seated")[-1]
    assert (actor, event.holder, event.name) == ("seat:teller", "A", "Wu\ufffd[2J Min")  # type: ignore[attr-defined]
    assert [one.name for one in driver.store.seats.passes(driver.run)] == ["Wu\ufffd[2J Min", "Lin"]


def test_presence_says_who_is_there_and_types(driver: Driver, joined: Joined) -> None:
    driver.start(*ALL)
    seat = joined("seat:teller", "Wu")
    seat.send_form("/here", {})
    seat.send_form("/draft", {"key": "answer.words.teller", "value": "x"})

    def here() -> list[Here]:
        return [one for one in driver.store.presence.all(driver.run) if one.typing_ms]

    wait_for(lambda: bool(here()))
    [one] = here()
    assert (one.seat, one.name, one.device, one.gone) == ("seat:teller", "Wu", "browser", False)


def test_an_emergency_takes_two_presses_and_turns_every_page(driver: Driver, joined: Joined) -> None:
    driver.start(*ALL)
    seat, wall = joined("seat:teller", "Wu"), joined("viewer")
    once = seat.send_form("/emergency", {})
    assert driver.events("emergency_raised")[0][0] == "seat:teller"
    assert "EMERGENCY PRESSED AT Outlet · Teller" in visible(once.text)
    assert "zebra-number" not in once.text
    wait_for(lambda: "EMERGENCY PRESSED" in wall.get("/wall").text)
    twice = wall.send_form("/emergency", {})
    assert driver.events("emergency_confirmed")[0][0] == "viewer"
    for page in (twice.text, seat.get("/seat").text):
        assert "zebra-number 110" in page
        assert "the gate" in page
        assert "Wu · Teller" in visible(page)
        assert not re.search("EXERCISE|exercise|Knife", page)
    assert seat.answer("first", value="a").status_code == 409
    driver.opened.conductor.catch_up()
    driver.do(c.StandDown("false alarm"))
    wait_for(lambda: "EXERCISE" in seat.get("/seat").text)


@pytest.mark.parametrize(("language", "words"), [("en", "at 2 places: maybe 2 people"), ("zh-Hans", "同名见于 2 处，可能是 2 人")])
def test_a_name_at_two_seats_says_that_it_may_be_two_people(driver: Driver, joined: Joined, language: str, words: str) -> None:
    driver.start(*ALL)
    phone = joined("seat:teller", "Wang Wei")
    joined("seat:guard", "Wang Wei")
    driver.do(c.PressEmergency("console"), c.PressEmergency("console"))
    wait_for(lambda: words in visible(phone.get("/seat", params={"lang": language}).text))


def test_a_question_says_what_it_is_about_once_something_else_was_told(driver: Driver, joined: Joined) -> None:
    driver.start("more")
    seat = joined("seat:teller")
    assert 'id="about.many"' not in seat.get("/seat").text
    driver.do(c.ReleaseInject("knife"))
    wait_for(lambda: "A man with a knife" in seat.get("/seat").text)
    page = seat.get("/seat?lang=zh-Hans").text
    assert re.search(r'<details id="about.many"><summary>相关情景：More</summary><div class="text"><p>And more.</p>', page)
    assert 'id="about.first"' not in page


def test_a_trembling_finger_presses_once(driver: Driver, joined: Joined, monkeypatch: pytest.MonkeyPatch) -> None:
    driver.start("knife")
    seat = joined("seat:teller")
    monkeypatch.setattr("tabletop.web.pages.emergency.BOUNCE_S", 10)
    seat.send_form("/emergency", {})
    seat.send_form("/emergency", {})
    assert (len(driver.events("emergency_raised")), driver.events("emergency_confirmed")) == (1, [])
    monkeypatch.setattr("tabletop.web.pages.emergency.BOUNCE_S", 0)
    seat.send_form("/emergency", {})
    assert driver.events("emergency_confirmed")


def test_an_emergency_counts_where_the_record_is_closed(driver: Driver, joined: Joined) -> None:
    driver.start()
    driver.do(c.End(), c.LockRatings())
    seat = joined("seat:teller")
    first = seat.send_form("/emergency", {})
    assert first.status_code == 503
    assert 'name="again"' in first.text
    time.sleep(0.5)
    second = seat.send_form("/emergency", {"again": "1"})
    assert "zebra-number 110" in second.text


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_moment_of_a_run_has_its_page(driver: Driver, joined: Joined, language: str) -> None:
    seat, wall = joined("seat:teller"), joined("viewer")

    def both() -> str:
        shown = [seat.get("/seat", params={"lang": language}), wall.get("/wall", params={"lang": language})]
        assert [page.status_code for page in shown] == [200, 200]
        assert f'<html lang="{language}">' in shown[0].text
        return shown[0].text + shown[1].text

    def turned(has: str) -> bool:
        on_wall = both().partition('<div class="wall">')[2]
        return has in on_wall if has else "<h2>" not in on_wall

    both()
    driver.start("knife")
    wait_for(lambda: "A man with a knife" in both())
    words = Words(language)
    for view in ("rules", "rulings", "parked", "timer", "timeline", "blank", "inject"):
        driver.do(c.TurnWall(view, span_ms=60_000 if view == "timer" else 0))
        has = {"rules": words("briefing.rules"), "inject": "A man with a knife", "blank": ""}
        wait_for(partial(turned, has[view] if view in has else words(f"wall.{view}")))
    driver.do(c.Pause("break"))
    wait_for(lambda: ("休息" if language == "zh-Hans" else "PAUSED") in both())
    driver.do(c.Resume(), c.End())
    wait_for(lambda: ("演练结束" if language == "zh-Hans" else "ENDEX") in both())


def test_while_nobody_drives_the_clock_of_a_page_stands_and_it_says_so(driver: Driver, joined: Joined) -> None:
    seat = joined("seat:teller")
    driver.start("knife")
    wait_for(lambda: 'data-running="1"' in seat.get("/seat").text)
    lease = driver.opened.lease
    assert lease is not None
    lease.release(driver.opened.conductor.elapsed_ms())
    wait_for(lambda: 'data-running="0"' in seat.get("/seat").text)
    page = seat.get("/seat").text
    assert "Nobody drives: the clock stands." in visible(page)
    at_ms = re.findall(r'data-ms="(\d+)"', page)
    time.sleep(1.5)
    assert re.findall(r'data-ms="(\d+)"', seat.get("/seat").text) == at_ms
    seat.answer("first", value="a")
    assert [entry.exercise_ms for entry in driver.opened.conductor.catch_up()] == [int(at_ms[0])]


def test_a_head_count_shows_the_consoles_ticks_and_afterwards_that_the_exercise_stands(driver: Driver, joined: Joined) -> None:
    seat, watching = joined("seat:teller", "Wu"), joined("viewer")
    driver.start("knife")
    driver.do(c.PressEmergency("console"), c.PressEmergency("console"))
    for browser, path in ((seat, "/seat"), (watching, "/wall")):
        wait_for(partial(shows, browser, path, "Head count: 0 of 3"))
        assert "checkbox" not in browser.get(path).text, "ticks are the console's"
    driver.do(c.CountPerson("Wu"))
    wait_for(lambda: "Head count: 1 of 3" in visible(watching.get("/wall").text))
    wait_for(partial(shows, seat, "/seat", "✓ Wu · Teller accounted for"))
    driver.do(c.StandDown("a slip"))
    for browser, path in ((seat, "/seat"), (watching, "/wall")):
        wait_for(partial(shows, browser, path, "The real emergency is over."))
        assert "EXERCISE: the exercise stands paused." in visible(browser.get(path).text)
    driver.do(c.Resume())
    wait_for(lambda: "EXERCISE: the exercise goes on." in visible(seat.get("/seat").text))
