"""Every row and every reason has words, in both languages, with everything they need."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import Any, get_args

import pytest

from tabletop.debrief.model import SuggestionKind
from tabletop.engine.events import (
    EVENTS,
    AnswerGiven,
    EndedHow,
    How,
    MessageAcknowledged,
    NoteCategory,
    RatingLetter,
    StaffedBy,
)
from tabletop.engine.standing import RECORDED, StandingState
from tabletop.engine.state import Answer
from tabletop.report.wording import Wording
from tabletop.scoring.coordination import PARTS
from tabletop.scoring.grades import Grade
from tabletop.scoring.marks import NotPlayed
from tabletop.scoring.timeline import ROWS, Row
from tabletop.words import find
from tests.reports.runs import a_debrief

LANGUAGES = ("en", "zh-Hans")

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "role_staffed": [{"role": "guard", "by": by, "with_role": "teller" if by == "with" else ""} for by in get_args(StaffedBy)],
    "roles_staffed": [{"people": ("guard",), "control": ("teller", "manager")}],
    "exercise_started": [{}],
    "clock_paused": [{"site": "hall"}, {}, {"reason": "discussion"}, {"reason": "somebody fell"}],
    "clock_resumed": [{}],
    "speed_changed": [{"speed": 2.5}],
    "clock_jumped": [{"by_ms": 90_000}],
    "clock_recovered": [{"at_ms": 5}],
    "clock_gap": [{"gap_ms": 70_000, "counted": True}, {"gap_ms": 70_000, "counted": False}],
    "inject_released": [{"inject": "knife"}, {"inject": "knife", "off_path": True, "reason": "to see"}],
    "inject_skipped": [{"inject": "knife"}, {"inject": "knife", "overtaken": True, "reason": "no time"}],
    "inject_delayed": [{"inject": "knife", "by_ms": 120_000}],
    "inject_kept_back": [{"inject": "knife"}, {"inject": "knife", "reason": "the police wait"}],
    "injects_slid": [{"injects": ("knife",), "by_ms": 120_000}, {"injects": ("knife", "demand"), "by_ms": 120_000}],
    "plan_fitted": [{"cut": ("knife",), "ends_ms": 5}, {"cut": ("knife", "demand"), "moved": ("radio",), "moved_ms": (-5,), "ends_ms": 5}],
    "inject_added": [{"inject": {"id": "gone", "title": "Gone"}}],
    "inject_acknowledged": [{"inject": "knife", "role": "guard"}],
    "probe_shown": [{"inject": "knife", "index": 0}],
    "hint_shown": [{"inject": "demand", "index": 0}],
    "answer_given": [
        {"ask": "first-move", "role": "teller", "value": ("comply",)},
        {"ask": "first-move", "role": "teller", "value": True},
        {"ask": "first-move", "role": "teller", "value": ("comply",), "next_report_ms": 900_000},
    ],
    "ask_extended": [{"asks": ("first-move",), "by_ms": 60_000}, {"asks": ("first-move", "b"), "by_ms": 60_000}],
    "answers_revealed": [{"ask": "first-move"}],
    "decision_made": [{"role": "guard", "text": "Go", "said_ms": 5}, {"role": "guard", "text": "Go", "reason": "why not", "said_ms": 5}],
    "role_heard": [{"role": "guard", "said_ms": 5}],
    "action_marked": [
        {"action": "head-count", "state": state, "prompted": prompted}
        for state in ("done", "partial", "missed", "not_observed", "not_applicable", "no_record")
        for prompted in (False, True)
    ],
    "breach_recorded": [
        {"prohibited": "resist", "said_ms": 5},
        {"prohibited": "resist", "role": "teller", "corrected": True, "said_ms": 5},
    ],
    "noted": [{"category": category, "text": "calm", "said_ms": 5} for category in get_args(NoteCategory)],
    "message_sent": [{"role": "guard", "to": "manager", "text": "Here", "said_ms": 5}],
    "message_acknowledged": [{"message": 3, "role": "manager"}, {"message": 3, "role": "manager", "text": "Understood"}],
    "ratings_locked": [{}],
    "exercise_ended": [{"how": how, "note": note} for how in get_args(EndedHow) for note in ("", "tired")],
    "exercise_reopened": [{}, {"reason": "one more"}],
    "emergency_raised": [{"seat": "driver"}, {"seat": "seat:guard", "site": "hall"}],
    "emergency_confirmed": [{"seat": "driver"}],
    "person_counted": [{"person": "Wu Min"}, {"person": "seat:guard", "there": False}],
    "emergency_stood_down": [{"reason": "none"}, {"reason": "none", "missing": ["Wu Min", "seat:guard"]}],
    "retracted": [{"event": 3}, {"event": 3, "reason": "wrong"}],
    "driver_changed": [{"holder": "laptop"}],
}


@pytest.mark.parametrize("kind", sorted(cls.kind for cls in ROWS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_has_words(kind: str, language: str) -> None:
    wording = Wording(a_debrief(), language)
    for values in SAMPLES[kind]:
        event = EVENTS[kind](**values)
        said_ms, code, shown = ROWS[type(event)](event)
        text = wording.row(Row(code, shown, said_ms, 0, 9))
        assert text
        assert not set(text) & set("{}")


@pytest.mark.parametrize(("language", "words"), [("en", "; next report at 0:15:00"), ("zh-Hans", "；下次报告：0:15:00")])
def test_a_report_says_when_the_next_one_comes(language: str, words: str) -> None:
    made = a_debrief()
    line = next(line for line in made.decisions if line.ask)
    assert isinstance(line.decision, Answer)
    wording = Wording(made, language)
    text, why = wording.decided(line)
    assert words not in text
    promised = replace(line, decision=replace(line.decision, next_report_ms=900_000))
    assert wording.decided(promised) == (f"{text}{words}", why)
    event = AnswerGiven(ask=line.ask, role="teller", value=("comply",), next_report_ms=900_000)
    _, code, shown = ROWS[type(event)](event)
    assert words in wording.row(Row(code, shown, 0, 0, 9))


@pytest.mark.parametrize(("language", "words"), [("en", "Branch manager confirmed a message"), ("zh-Hans", "网点负责人确认收到一条消息")])
def test_a_message_that_was_confirmed_without_words_is_not_called_read_back(language: str, words: str) -> None:
    event = MessageAcknowledged(message=3, role="manager")
    _, code, shown = ROWS[type(event)](event)
    assert Wording(a_debrief(), language).row(Row(code, shown, 0, 0, 9)) == words


def test_who_was_missing_is_called_by_name_or_by_seat() -> None:
    row = Row("emergency-over", {"reason": "none", "missing": ("Li: of the guard", "seat:guard")}, 0, 0, 9)
    wording = Wording(a_debrief(), "en")
    assert f"Li: of the guard, {wording.title('role', 'guard')}" in wording.row(row)


@pytest.mark.parametrize("code", ["never", "never-held", "never-off-path"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_never_happened_has_words_too(code: str, language: str) -> None:
    assert Wording(a_debrief(), language).row(Row(code, {"inject": "radio"}, None, None))


def codes() -> set[str]:
    states = {state.replace("_", "-") for state in get_args(StandingState)} | (set(get_args(NotPlayed)) - {""})
    found = {f"marks.{state}" for state in states} | {f"marks.{state}-prompted" for state in RECORDED - {"missed"}}
    found |= {f"marks.state-{state}" for state in get_args(StandingState)} | {f"marks.how-{how}" for how in get_args(How)}
    found |= {f"marks.rating-{letter}" for letter in get_args(RatingLetter)} | {f"marks.grade-{grade}" for grade in get_args(Grade)}
    found |= {f"debrief.suggest-{kind}" for kind in get_args(SuggestionKind)} | {f"marks.part-{name}" for name in PARTS}
    found |= {"marks.closed-loop", "marks.closed-loop-untimed", "marks.no-receipts", "marks.receipts-unrecorded", "marks.completeness"}
    found |= {
        "marks.no-reports",
        "marks.reports-unrecorded",
        "marks.cadence",
        "marks.cadence-announced",
        "marks.no-cadence",
        "marks.cadence-unrecorded",
    }
    found |= {"marks.behaviour", "marks.no-behaviour", "marks.overruled"}
    late = ("action", "answer", "asked-report", "receipt", "receipt-message", "report", "report#one", "report-announced", "announced")
    found |= {f"debrief.late-{name}" for name in late}
    return found


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_state_and_verdict_has_words(code: str) -> None:
    templates = [find(code, language) for language in LANGUAGES]
    assert None not in templates
    names = [{name for _, name, _, _ in string.Formatter().parse(template or "") if name} for template in templates]
    assert names[0] == names[1]


def test_titles_come_in_the_language_asked_for_and_an_unknown_id_stays_an_id() -> None:
    wording = Wording(a_debrief(), "zh-Hans")
    assert wording.title("role", "teller") == "柜员"
    assert wording.title("inject", "knife") == "【演练】2号柜台持刀"
    assert wording.title("role", "nobody-here") == "nobody-here"
    assert Wording(a_debrief(), "zh-Hant").title("role", "teller") == "柜员"
    assert Wording(a_debrief(), "en").title("inject", "knife") == "EXERCISE · Knife at counter 2"


@pytest.mark.parametrize(
    ("seat", "told"),
    [
        ("wall:outlet", "the wall"),
        ("viewer:outlet", "a wall in a browser"),
        ("console", "the facilitator"),
        ("seat:guard", "{guard}"),
        ("guard", "{guard}"),
        ("evaluator:Mo", "Mo"),
    ],
)
def test_where_somebody_pressed_is_said_in_words(seat: str, told: str) -> None:
    wording = Wording(a_debrief(), "en")
    assert wording.seat(seat) == told.format(guard=wording.title("role", "guard"))
