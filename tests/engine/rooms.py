# ruff: noqa: E501  # the exercise reads best as a table
"""A room for tests of the engine: an exercise, a log in memory and a clock the test pushes."""

from __future__ import annotations

from typing import Any

from tabletop.conductor import Conductor
from tabletop.engine import commands as c
from tabletop.engine.events import Entry, Pace, RunCreated
from tabletop.engine.rights import DRIVER, Actor
from tabletop.engine.state import State
from tabletop.exercise.loading import canonical
from tabletop.exercise.model import Exercise
from tabletop.rehearsal.memory import MemoryLog

BEGIN_MS = 1_790_000_000_000

DATA: dict[str, Any] = {
    "format": 1,
    "id": "small",
    "title": "A small exercise",
    "version": "1",
    "languages": ["en"],
    "subject": "fire",
    "duration": "30m",
    "summary": "Small.",
    "setting": "A room.",
    "parameters": {"place": {"default": "here"}},
    "sites": [{"id": "hall", "title": "Hall"}],
    "roles": [
        {"id": "head", "title": "Head", "duty": "leads"},
        {"id": "guard", "title": "Guard", "duty": "guards", "site": "hall", "holders": 2},
        {"id": "clerk", "title": "Clerk", "duty": "serves"},
        {"id": "police", "title": "Police", "duty": "helps", "simulated": True},
    ],
    "objectives": [{"id": "act", "title": "Act", "core": True}, {"id": "tell", "title": "Tell"}],
    "indicators": [{"id": "out", "title": "Out", "unit": "min"}],
    "prohibited": [{"id": "run-in", "title": "Run in", "safety_critical": True}],
    "injects": [
        {
            "id": "smoke", "at": "0s", "kind": "situation", "core": True, "title": "Smoke", "text": "Smoke.", "read": "10s",
            "probes": ["Who?", "Why?"], "hints": ["Look up.", "Look down."],
            "asks": [
                {
                    "id": "first", "to": ["head", "clerk"], "question": "What now?", "answer": "choice", "within": "60s",
                    "options": [
                        {"id": "alarm", "text": "Alarm", "does": ["raise-alarm"]},
                        {"id": "look", "text": "Look", "misses": ["raise-alarm"], "breaks": ["run-in"]},
                        {"id": "both", "text": "Both", "does": ["raise-alarm", "call-out"], "for": "guard"},
                    ],
                }
            ],
            "expects": [
                {"id": "raise-alarm", "title": "Alarm", "by": "clerk", "within": "60s", "criticality": "critical", "category": "notify", "objective": "act"},
                {"id": "call-out", "title": "Call", "by": "guard", "within": "2m", "criticality": "major", "category": "notify", "objective": "tell"},
            ],
        },
        {
            "id": "order", "at": "3m", "kind": "order", "core": True, "to": ["guard", "head"], "title": "Order", "text": "Go.", "acknowledge": True,
            "asks": [
                {"id": "in-order", "question": "Order?", "answer": "order", "options": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]},
                {"id": "why", "to": ["guard"], "question": "Why?", "answer": "text", "rationale": "required"},
            ],
            "expects": [{"id": "go", "title": "Go", "by": "guard", "criticality": "normal", "category": "safety", "objective": "act"}],
        },
        {"id": "alarmed", "at": "5m", "when": {"answer": "first", "is": ["alarm"]}, "kind": "alarm", "title": "Alarmed", "text": "Bells.",
         "expects": [{"id": "listen", "title": "Listen", "by": "head", "within": "60s", "criticality": "normal", "category": "safety", "objective": "act",
                      "done_by": {"released": "late"}}]},
        {"id": "quiet", "at": "5m", "when": {"not": {"answer": "first", "is": ["alarm", "both"]}}, "kind": "rumour", "title": "Quiet", "text": "Hush."},
        {"id": "late", "after": {"inject": "order", "delay": "2m"}, "kind": "call", "core": True, "title": "Late", "text": "Ring ring."},
        {"id": "push", "at": "hold", "cue": {"action": "raise-alarm", "not_done_within": "2m"}, "kind": "call", "title": "Push", "text": "Somebody rings."},
        {"id": "soon", "at": "8m", "release": "auto", "kind": "media", "title": "Soon", "text": "On air.",
         "asks": [{"id": "sum", "to": ["head"], "question": "How many?", "answer": "number"},
                  {"id": "state", "to": ["clerk"], "question": "Report", "answer": "report", "elements": [{"id": "what", "title": "What"}, {"id": "where", "title": "Where"}]}]},
        {"id": "end", "at": "20m", "kind": "recovery", "core": True, "title": "End", "text": "Over.",
         "asks": [{"id": "ready", "to": ["head"], "question": "Ready?", "answer": "confirm"},
                  {"id": "some", "to": ["head"], "question": "Which?", "answer": "choices", "options": [{"id": "x", "text": "X"}, {"id": "y", "text": "Y"}]}]},
    ],
}  # fmt: skip

TEXT = canonical(DATA)
"""The same as a run keeps it."""


class Room:
    """Drives a run as a test wants it."""

    def __init__(
        self, data: dict[str, Any] | None = None, *, pace: Pace = "timed", auto: bool = False, start: bool = True, site: str = ""
    ) -> None:
        self.exercise = Exercise.model_validate(data or DATA)
        self.log = MemoryLog()
        self.wall_ms = BEGIN_MS
        counter = iter(range(1, 10_000_000))
        self.conductor = Conductor(
            self.exercise,
            self.log,
            "small-run",
            now_ms=lambda: self.wall_ms,
            new_id=lambda: f"00000000-0000-4000-8000-{next(counter):012d}",
        )
        created = RunCreated(exercise="small", version="1", pace=pace, language="en", seed=7, auto=auto, site=site)
        entry = Entry(1, self.conductor._new_id(), self.wall_ms, 0, "driver", 0, created)
        self.log.append([entry], expected_head=0)
        self.conductor.catch_up()
        if start:
            self.ask(c.Start())

    @property
    def state(self) -> State:
        return self.conductor.state

    @property
    def now_ms(self) -> int:
        return self.conductor.elapsed_ms()

    def ask(self, command: c.Command, actor: Actor = DRIVER) -> list[Entry]:
        return self.conductor.dispatch(command, actor)

    def wait(self, seconds: float) -> None:
        """Real seconds pass."""
        self.wall_ms += round(seconds * 1000)

    def undo(self, reason: str = "") -> list[Entry]:
        entry = self.conductor.newest_to_take_back()
        assert entry is not None
        return self.ask(c.Retract(entry, reason))
