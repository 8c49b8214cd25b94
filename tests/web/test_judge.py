"""Pages of evaluators and recorders: marks in their own name, notes, ratings, taking back, and nothing that is not theirs to do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.engine.standing import standing
from tabletop.web.server import Server

from .served import Browser, Driver, visible
from .test_faults import follows
from .test_seat import wait_for

Joined = Callable[..., Browser]


def mark(browser: Browser, **fields: object) -> object:
    return browser.send_form("/judge/mark", {"expected": "press", "state": "done", **fields})


def test_an_evaluator_marks_in_their_own_name_and_it_stands_over_the_facilitators(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    driver.do(c.MarkAction("press", "missed"))
    judge = joined("evaluator:E1")
    assert "zebra-action" in visible(judge.get("/judge").text)
    page = judge.send_form("/judge/mark", {"expected": "press", "state": "done", "prompted": "1", "other": "clerk", "note": "late <b>"})
    assert page.status_code == 200
    (_, first), (actor, event) = driver.events("action_marked")
    assert (first.state, actor) == ("missed", "evaluator:E1")  # type: ignore[attr-defined]
    assert (event.state, event.prompted, event.other_role, event.note) == ("done", True, "clerk", "late <b>")  # type: ignore[attr-defined]
    conductor = driver.opened.conductor
    known = standing(conductor.plan, conductor.state, "press", conductor.elapsed_ms())
    assert (known.state, known.source) == ("done", "evaluator")
    assert "you: Done" in visible(page.text)
    assert len(conductor.state.marks["press"]) == 2


MARKED_BY = {
    "driver": ("by the facilitator", "主持人标记"),
    "site:outlet": ("by the site controller of Outlet", "Outlet的现场控制员标记"),
    "recorder:R1": ("by recorder R1", "记录员 R1 标记"),
    "evaluator:E2": ("by an evaluator", "评估人员标记"),
}


@pytest.mark.parametrize("seat", MARKED_BY)
def test_a_mark_says_whose_it_is(driver: Driver, joined: Joined, server: Server, seat: str) -> None:
    judges = [joined(one) for one in ("evaluator:E1", "recorder:R2")]
    driver.start("knife")
    driver.opened.conductor.dispatch(c.MarkAction("press", "done"), Actor.parse(seat))
    follows(driver, server)
    for judge in judges:
        for language, said in zip(("en", "zh-Hans"), MARKED_BY[seat], strict=True):
            page = visible(judge.get(f"/judge?lang={language}").text)
            assert [one in page for both in MARKED_BY.values() for one in both].count(True) == 1
            assert said in page


def test_of_the_marks_only_the_one_that_was_given_looks_chosen(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    judge = joined("evaluator:E1")

    def marks() -> dict[str, str]:
        form = judge.get("/judge?role=teller").text.partition('<form id="mark.press"')[2].partition("</p>")[0]
        return dict(re.findall(r'<button type="submit" name="state" value="(\w+)"(.*?)</button>', form))

    assert [state for state, rest in marks().items() if 'class="main"' in rest or "✓" in rest or "aria-pressed" in rest] == []
    mark(judge, state="partial")
    given = marks()
    assert [state for state, rest in given.items() if "✓" in rest or "aria-pressed" in rest or 'class="main"' in rest] == ["partial"]
    assert 'aria-pressed="true"><span aria-hidden="true">✓ </span>' in given["partial"]


def test_what_was_said_a_while_ago_has_that_time(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    driver.do(c.Jump(120_000))
    now_ms = driver.opened.conductor.elapsed_ms()
    mark(joined("evaluator:E1"), ago="60")
    [(_, event)] = driver.events("action_marked")
    assert 0 <= event.said_ms - (now_ms - 60_000) < 10_000  # type: ignore[attr-defined]


def test_a_mark_made_after_the_fact_counts_at_the_time_that_was_typed_and_the_page_says_so(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    driver.do(c.Jump(120_000))
    judge = joined("evaluator:E1")
    page = judge.send_form("/judge/mark", {"expected": "press", "state": "done", "at": "0:40"})
    [(_, event)] = driver.events("action_marked")
    assert event.said_ms == 40_000  # type: ignore[attr-defined]
    assert "you: Done, counts at 0:40" in visible(page.text)
    assert "(entered 2:0" in visible(page.text)
    late = judge.send_form("/judge/mark", {"expected": "press", "state": "done", "at": "59:00"})
    assert late.status_code == 409
    assert "has not got that far" in visible(late.text)
    assert len(driver.events("action_marked")) == 1


@pytest.mark.parametrize(
    ("heard", "ago", "said_ms"), [("1:50", "0", 110_000), ("1:50", "15", 95_000), ("9:00", "0", None), ("no", "0", None)]
)
def test_what_is_written_counts_from_its_first_key(driver: Driver, joined: Joined, heard: str, ago: str, said_ms: int | None) -> None:
    driver.start("knife")
    driver.do(c.Jump(120_000))
    fields = {"open": "clerk", "role": "clerk", "text": "They waited", "heard": heard, "ago": ago}
    joined("evaluator:E1").send_form("/judge/words", fields)
    [(_, event)] = driver.events("noted")
    assert (event.said_ms >= 120_000) if said_ms is None else (event.said_ms == said_ms)  # type: ignore[attr-defined]


def test_before_the_lock_the_lead_sees_who_has_not_rated_what(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    joined("evaluator:E1").send_form("/judge/rate", {"objective": "calm", "rating": "P"})
    driver.do(c.End("played"))
    lead = joined("lead:Zoe")
    page = visible(lead.get("/judge").text)
    assert "E1: 5 behaviour lines" in page, "the one objective is rated"
    assert "Lock although ratings are missing" in page


def test_before_the_lock_the_lead_sees_who_sits_there_and_has_recorded_nothing(
    driver: Driver, joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tabletop.conductor.watching.QUIET_DEVICES_S", 0.2)
    driver.start("knife")
    joined("evaluator:Quiet").get("/judge")
    driver.do(c.End("played"))
    lead = joined("lead:Zoe")
    missing = "Quiet: 1 objective, 5 behaviour lines"
    wait_for(lambda: missing in visible(lead.get("/judge").text))


def test_an_evaluator_sees_what_was_told_and_nothing_that_is_to_come(driver: Driver, joined: Joined) -> None:
    driver.start("knife", "secret")
    page = joined("evaluator:E1").get("/judge").text
    assert "zebra-guard alone" in page
    for later in ("zebra-later", "Orders", "Reports"):
        assert later not in page
    assert "inject=orders" not in joined("evaluator:E2").get("/judge?inject=orders").text


def test_a_cut_link_is_told_to_those_who_judge_and_to_the_controller_of_that_site_alone(driver: Driver, joined: Joined) -> None:
    driver.start("knife", "dark")
    cut = "NO LINK · EXERCISE: Outlet since 0:00. Nothing gets to its seats, or out of them."
    for seat, path, told in (
        ("evaluator:E1", "/judge", 1),
        ("recorder:R1", "/judge", 1),
        ("site:outlet", "/site", 1),
        ("site:vault", "/site", 0),
    ):
        assert visible(joined(seat).get(path).text).count(cut) == told, seat
    driver.do(c.ReleaseInject("light", "test"))
    assert "NO LINK" not in joined("evaluator:E2").get("/judge").text


def test_an_evaluator_notes_rates_scores_and_takes_back_the_newest(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    judge = joined("evaluator:E1")
    judge.send_form("/judge/note", {"text": "They waited", "category": "gap", "about": "clerk", "objective": "calm"})
    judge.send_form("/judge/breach", {"prohibited": "shout", "about": "teller", "corrected": "1", "text": "once"})
    judge.send_form("/judge/rate", {"objective": "calm", "rating": "M", "text": "slow"})
    page = judge.send_form("/judge/behaviour", {"line": "calm", "score": "4"})
    [(_, note)], [(_, breach)] = driver.events("noted"), driver.events("breach_recorded")
    assert (note.category, note.role, note.objective, note.evaluator) == ("gap", "clerk", "calm", "E1")  # type: ignore[attr-defined]
    assert (breach.prohibited, breach.role, breach.corrected) == ("shout", "teller", True)  # type: ignore[attr-defined]
    state = driver.opened.conductor.state
    assert state.ratings["E1", "calm"].rating == "M"
    assert state.behaviour["E1", "calm"].score == 4
    newest = re.search(r'name="seq" value="(\d+)"', page.text)
    assert newest is not None
    assert page.text.count('name="seq"') == 1
    after = judge.send_form("/judge/back", {"seq": newest[1]})
    driver.opened.conductor.catch_up()
    assert ("E1", "calm") not in driver.opened.conductor.state.behaviour
    assert "taken back" in visible(after.text)


def test_a_rating_below_p_wants_a_reason_and_comes_back_as_typed(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    page = joined("evaluator:E1").send_form("/judge/rate", {"objective": "calm", "rating": "S", "text": " "})
    assert page.status_code == 409
    assert "needs a reason" in page.text
    assert re.search(r'value="S" required checked', page.text)
    assert driver.events("rated") == []


def test_nobody_takes_back_or_rates_for_another(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    first, second = joined("evaluator:E1"), joined("evaluator:E2")
    first.send_form("/judge/note", {"text": "Mine", "category": "gap"})
    driver.opened.conductor.catch_up()
    seq = driver.opened.conductor.entries[-1].seq
    assert second.send_form("/judge/back", {"seq": str(seq)}).status_code == 409
    assert driver.events("retracted") == []
    second.send_form("/judge/rate", {"objective": "calm", "rating": "P", "evaluator": "E1"})
    assert [actor for actor, _ in driver.events("rated")] == ["evaluator:E2"]
    assert [event.evaluator for _, event in driver.events("rated")] == ["E2"]  # type: ignore[attr-defined]


def test_a_recorder_writes_decisions_and_that_somebody_spoke_but_does_not_rate(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    recorder = joined("recorder:Ann")
    page = recorder.get("/judge?role=clerk").text
    assert 'action="/judge/rate"' not in page
    recorder.send_form("/judge/words", {"open": "clerk", "role": "clerk", "text": "Lock the door", "reason": "safe"})
    recorder.send_form("/judge/words", {"open": "clerk", "role": "clerk", "text": "", "only": "heard"})
    [(actor, event)] = driver.events("decision_made")
    assert (actor, event.role, event.text, event.reason) == ("recorder:Ann", "clerk", "Lock the door", "safe")  # type: ignore[attr-defined]
    assert [event.role for _, event in driver.events("role_heard")] == ["clerk"]  # type: ignore[attr-defined]
    assert recorder.send_form("/judge/rate", {"objective": "calm", "rating": "P"}).status_code == 403
    assert recorder.send_form("/judge/breach", {"prohibited": "shout"}).status_code == 403
    assert driver.events("rated") == []


@pytest.mark.parametrize("seat", ["seat:teller", "viewer"])
def test_players_and_viewers_get_nowhere_near(driver: Driver, joined: Joined, seat: str) -> None:
    driver.start("knife")
    player = joined(seat)
    for path in ("/judge", "/site"):
        page = player.get(path)
        assert page.url.path not in ("/judge", "/site")
        assert "zebra-action" not in page.text
    for name in ("mark", "words", "note", "rate", "behaviour", "lock", "back", "release", "skip", "later", "pause"):
        sent = player.send_form(f"/judge/{name}", {"expected": "press", "state": "done", "text": "x", "inject": "later"})
        assert sent.status_code == 403
        assert "zebra" not in sent.text
    assert driver.events("action_marked") == []


def test_a_ruling_is_the_facilitators(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    assert joined("evaluator:E1").send_form("/judge/note", {"text": "No camera", "category": "ruling"}).status_code == 409
    assert driver.events("noted") == []


def test_after_endex_a_time_may_be_typed_and_the_lead_locks(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    driver.do(c.Jump(300_000), c.End())
    lead = joined("lead:L")
    assert mark(lead, at="4:70").status_code == 409  # type: ignore[attr-defined]
    mark(lead, at="４：２０")
    [(_, event)] = driver.events("action_marked")
    assert event.said_ms == 260_000  # type: ignore[attr-defined]
    assert lead.send_form("/judge/lock", {}).status_code == 409
    page = lead.send_form("/judge/lock", {"sure": "1"})
    driver.opened.conductor.catch_up()
    assert driver.opened.conductor.state.locked
    assert "nothing changes any more" in page.text
    assert 'action="/judge/mark"' not in page.text


def test_the_same_thing_sent_twice_is_recorded_once(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    judge = joined("evaluator:E1")
    for _ in range(2):
        judge.send_form("/judge/note", {"text": "Once", "category": "gap", "once": "a1"})
    assert len(driver.events("noted")) == 1


def test_a_draft_of_a_note_comes_back_and_is_forgotten_when_it_is_recorded(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    judge = joined("evaluator:E1")
    judge.send_form("/draft", {"key": "note", "text": "Half a sen", "category": "gap"})
    page = judge.get("/judge").text
    assert ">Half a sen</textarea>" in page
    assert '<option value="gap" selected>' in page
    judge.send_form("/judge/note", {"key": "note", "text": "Half a sentence", "category": "gap"})
    assert "Half a sen<" not in judge.get("/judge").text
