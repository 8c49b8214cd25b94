"""Runs for the screens before and after play."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tabletop.conductor import Conductor
from tabletop.engine import commands as c
from tabletop.engine.events import Event
from tabletop.engine.rights import Actor
from tabletop.exercise.model import Exercise

from .conftest import FakeTime
from .exercises import bank, t

BRACKETS = "[/nope] [b"
"""What breaks every screen that takes text for markup."""

DURATIONS = ("duration", "at", "within", "read", "delay", "not_done_within", "every")

LINES = [{"id": "voices", "title": t("One voice at a time", "一个人一个人说")}]


def judged_bank(**changes: Any) -> Exercise:
    """The exercise with lines to look at, settings and a plan."""
    objectives = [
        {"id": "calm", "title": t("Stay calm", "沉着应对"), "core": True, "lines": LINES},
        {"id": "covert", "title": t("Covert alarm", "隐蔽报警")},
    ]
    parameters = {
        "branch": {"title": t("Name of the outlet", "网点名称"), "default": t("Qiaoxi", "桥西支行")},
        "first-report": {"title": t("First report within", "首报时限"), "kind": "duration", "default": "5m"},
        "weather": {"title": t("Weather", "天气"), "kind": "choice", "options": ["sun", "rain"], "default": "sun"},
    }
    return bank(objectives=objectives, parameters=parameters, **changes)


def bracketed(exercise: Exercise) -> Exercise:
    """The same exercise with brackets in place of every text people read."""

    def put(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            if value and set(value) <= {"en", "zh-Hans"}:
                return BRACKETS
            return {name: put(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [put(inner, key) for inner in value]
        if key in DURATIONS and isinstance(value, int):
            return f"{value}s"
        return BRACKETS if key in ("unit", "text", "title", "duty", "summary", "setting") and isinstance(value, str) else value

    return Exercise.model_validate(put(exercise.model_dump(mode="json", by_alias=True, exclude_defaults=True)))


def play(time: FakeTime, *, rated: bool = False, locked: bool = False, ended: bool = True) -> Callable[[Conductor], None]:
    """A short play: one answer, one decision, a gap, a breach; the silent alarm is never recorded.

    `rated`: somebody who did not facilitate has rated; `locked`: the ratings stand.
    """

    def prepare(conductor: Conductor) -> None:
        ask = conductor.dispatch
        ask(c.SeatPerson("manager", "陈洁"))
        ask(c.ReleaseInject("knife"))
        time.wait(30)
        ask(c.GiveAnswer("first-move", "teller", ("comply",), rationale=f"he is nervous {BRACKETS}"))
        time.wait(40)
        ask(c.RecordDecision("manager", f"Stall for time {BRACKETS}", "police are coming"))
        time.wait(110)
        ask(c.AddNote("gap", "Nobody knew the number of the centre", objective="covert"))
        ask(c.ReleaseInject("signal"))
        time.wait(60)
        ask(c.RecordBreach("heroics", "guard", corrected=True))
        ask(c.MarkAction("call-police", "done"))
        time.wait(240)
        if ended:
            ask(c.End("time"))
        if rated:
            lead = Actor("lead", "Wu Min")
            ask(c.MarkAction("silent-alarm", "missed"), lead)
            ask(c.Rate("Wu Min", "calm", "M", f"two spoke at once {BRACKETS}"), lead)
            ask(c.Rate("Wu Min", "covert", "P"), lead)
            ask(c.ScoreBehaviour("Wu Min", "calm", 4), lead)
            ask(c.MeasureIndicator("minutes", 3.5))
        if locked:
            ask(c.LockRatings())

    return prepare


def events(stage: Any, kind: type[Event]) -> list[Any]:
    """The events of a kind that the log holds, oldest first."""
    return [entry.event for entry in stage.source.log.entries if isinstance(entry.event, kind)]
