"""Builders for tests: an exercise in a few lines, and a run of it through `decide`, with a clock the test sets.

exercise = (
    ExerciseDraft("small").role("teller").objective("alarm", core=True)
    .inject("knife", read="0s").expects("press", by="teller", objective="alarm", within="60s", criticality="critical")
    .build()
)
play = Play(exercise).start().release("knife").at("50s").mark("press").end("10m").rate("E1", "alarm", "P").lock()
play.state, play.entries, play.plan
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from tabletop.engine import commands as c
from tabletop.engine.decide import decide
from tabletop.engine.events import AnyEvent, Entry, Pace, RunCreated
from tabletop.engine.evolve import advance, fold
from tabletop.engine.plan import Plan, plan_of
from tabletop.engine.rights import DRIVER, Actor
from tabletop.engine.state import State
from tabletop.exercise.durations import seconds_of
from tabletop.exercise.loading import load_exercise
from tabletop.exercise.model import Exercise

BEGIN_MS = round(datetime(2026, 11, 19, 1, 0, tzinfo=UTC).timestamp() * 1000)
"""When every run of these tests is made: nine in the morning at UTC+8."""

RUN_ID = "small-20261119-0900-00aa"


def ms(time: str | float) -> int:
    """`"50s"`, `"2m"` or a number of seconds, in milliseconds."""
    if isinstance(time, str):
        whole = seconds_of(time)
        if whole is None:
            raise ValueError(f"{time!r} is no duration")
        return whole * 1000
    return round(time * 1000)


def evaluator(name: str) -> Actor:
    """An evaluator at a station."""
    return Actor("evaluator", name)


class ExerciseDraft:
    """An exercise while it is put together; `expects` and `asks` go to the inject added last."""

    def __init__(self, exercise_id: str = "small", **changes: Any) -> None:
        self.data: dict[str, Any] = {
            "format": 1,
            "id": exercise_id,
            "title": {"en": f"Exercise {exercise_id}", "zh-Hans": f"演练 {exercise_id}"},
            "version": "1.0",
            "languages": ["en", "zh-Hans"],
            "subject": "hostage",
            "duration": "1h",
            "summary": {"en": "A small exercise.", "zh-Hans": "一个小演练。"},
            "setting": {"en": "A branch.", "zh-Hans": "一个网点。"},
            "roles": [],
            "objectives": [],
            "injects": [],
            **changes,
        }

    def _add(self, where: str, thing_id: str, fields: dict[str, Any]) -> Self:
        self.data.setdefault(where, []).append({"id": thing_id, "title": thing_id.replace("-", " ").capitalize(), **fields})
        return self

    def role(self, role_id: str, **fields: Any) -> Self:
        return self._add("roles", role_id, {"duty": "Does its part.", **fields})

    def objective(self, objective_id: str, **fields: Any) -> Self:
        return self._add("objectives", objective_id, fields)

    def prohibited(self, act_id: str, **fields: Any) -> Self:
        return self._add("prohibited", act_id, fields)

    def indicator(self, indicator_id: str, **fields: Any) -> Self:
        return self._add("indicators", indicator_id, fields)

    def inject(self, inject_id: str, at: str = "0s", **fields: Any) -> Self:
        due = {} if "after" in fields else {"at": at}
        return self._add("injects", inject_id, {"kind": "situation", "text": "Something happens.", "read": "0s", **due, **fields})

    def expects(self, action_id: str, *, by: str, objective: str, criticality: str = "major", **fields: Any) -> Self:
        expected = self.data["injects"][-1].setdefault("expects", [])
        title = action_id.replace("-", " ").capitalize()
        expected.append(
            {"id": action_id, "title": title, "by": by, "objective": objective, "criticality": criticality, "category": "notify", **fields}
        )
        return self

    def asks(self, ask_id: str, *, answer: str = "choice", **fields: Any) -> Self:
        asked = self.data["injects"][-1].setdefault("asks", [])
        asked.append({"id": ask_id, "question": f"{ask_id}?", "answer": answer, **fields})
        return self

    def build(self) -> Exercise:
        return Exercise.model_validate(self.data)


class Play:
    """A run of an exercise: every step is decided as in a real one and kept in `entries`."""

    def __init__(self, exercise: Exercise, *, pace: Pace = "timed", language: str = "en", **created: Any) -> None:
        self.exercise = exercise
        self.wall_ms = BEGIN_MS
        self.entries: list[Entry] = []
        self.state = State()
        self._keep(RunCreated(exercise=exercise.id, version=exercise.version, pace=pace, language=language, seed=7, **created), str(DRIVER))

    @property
    def plan(self) -> Plan:
        return plan_of(self.exercise, self.state)

    @property
    def now_ms(self) -> int:
        """Exercise milliseconds now."""
        return self.state.now(self.wall_ms)

    @property
    def last(self) -> Entry:
        """The newest entry."""
        return self.entries[-1]

    def _keep(self, event: AnyEvent, actor: str) -> None:
        number = len(self.entries) + 1
        self.take(Entry(number, f"00000000-0000-4000-8000-{number:012d}", self.wall_ms, self.state.now(self.wall_ms), actor, 0, event))

    def take(self, entry: Entry) -> None:
        """Keep an entry that was decided before."""
        self.state = advance(self.state, self.entries, [entry]) if self.entries else fold([entry])
        self.entries.append(entry)

    def do(self, command: c.Command, actor: Actor = DRIVER) -> Self:
        """Decide a command and keep what comes of it. Raises Refused."""
        for event in decide(self.plan, self.state, command, self.wall_ms, actor):
            self._keep(event, str(actor))
        return self

    def at(self, time: str | float) -> Self:
        """Let real time pass until the exercise clock, which must run, shows `time`."""
        ahead = ms(time) - self.now_ms
        if ahead < 0 or (ahead and not self.state.clock.running):
            raise ValueError(f"the clock stands at {self.now_ms} ms")
        self.wall_ms += round(ahead / self.state.clock.speed)
        return self

    def wait(self, time: str | float) -> Self:
        """Let real time pass, whatever the exercise clock does."""
        self.wall_ms += ms(time)
        return self

    def start(self) -> Self:
        return self.do(c.Start())

    def end(self, time: str | float | None = None, **how: Any) -> Self:
        """ENDEX, at `time` on the exercise clock if given."""
        return (self if time is None else self.at(time)).do(c.End(**how))

    def lock(self) -> Self:
        return self.do(c.LockRatings())

    def release(self, inject: str, reason: str = "") -> Self:
        return self.do(c.ReleaseInject(inject, reason))

    def skip(self, inject: str, reason: str = "", **how: Any) -> Self:
        return self.do(c.SkipInject(inject, reason, **how))

    def mark(self, action: str, state: str = "done", *, actor: Actor = DRIVER, said: str | float | None = None, **how: Any) -> Self:
        return self.do(c.MarkAction(action, state, said_ms=None if said is None else ms(said), **how), actor)

    def answer(self, ask: str, role: str, *value: str, actor: Actor | None = None, **how: Any) -> Self:
        """Choose options; for other answers use `do`."""
        return self.do(c.GiveAnswer(ask, role, value, **how), actor or Actor("seat", roles=(role,)))

    def decision(self, role: str, text: str, reason: str = "", **how: Any) -> Self:
        return self.do(c.RecordDecision(role, text, reason, **how))

    def note(self, category: Any, text: str, *, actor: Actor = DRIVER, **how: Any) -> Self:
        return self.do(c.AddNote(category, text, **how), actor)

    def hint(self, inject: str) -> Self:
        return self.do(c.ShowHint(inject))

    def breach(self, prohibited: str, role: str = "", **how: Any) -> Self:
        return self.do(c.RecordBreach(prohibited, role, **how))

    def rate(self, name: str, objective: str, rating: Any, note: str = "", *, actor: Actor | None = None) -> Self:
        """A rating by evaluator `name`, at a station of their own unless another actor is given."""
        return self.do(c.Rate(name, objective, rating, note), actor or evaluator(name))

    def take_back(self, entry: Entry | None = None, reason: str = "") -> Self:
        """Retract an entry: the newest unless given."""
        return self.do(c.Retract(entry or self.last, reason))


WORKED_VECTOR = Path(__file__).parent / "exercises" / "worked-vector.yaml"
WORKED_VECTOR_SCRIPT = Path(__file__).parent / "scripts" / "worked-vector.yaml"


def worked_vector() -> Exercise:
    """The exercise of the worked vector (scoring 2.7)."""
    return load_exercise(WORKED_VECTOR).exercise


def played_vector() -> Play:
    """The worked vector after locked ratings: 4 of 5 confirmed, 3 of 5 elements reported, behaviour 4 and 3 of 5."""
    play = Play(worked_vector()).start().release("knife")
    play.at("50s").mark("silent-alarm").at("90s").mark("stop-entry").at("100s").mark("tell-centre", "partial")
    play.mark("take-notes", "not_applicable", actor=evaluator("E1")).at("150s").hint("knife")
    play.at("200s").mark("head-count").mark("clear-hall", "missed", actor=evaluator("E1"))
    play.at("5m").release("police-arrive")
    for at, role in (("5m10s", "teller"), ("5m20s", "guard"), ("5m30s", "manager"), ("5m40s", "security")):
        play.at(at).do(c.AcknowledgeInject("police-arrive", role), Actor("seat", roles=(role,)))
    stated = {"what": "a man with a knife holds a customer", "where": "counter two", "number": "nine people inside"}
    play.at("6m").do(c.GiveAnswer("first-report", "security", stated), Actor("seat", roles=("security",))).at("12m").release(
        "all-clear"
    ).end("15m")
    for name, alarm in (("E1", "P"), ("E2", "S"), ("E3", "S")):
        play.rate(name, "alarm", alarm)
    for line, score in (("division", 4), ("calm", 3)):
        play.do(c.ScoreBehaviour("E1", line, score), evaluator("E1"))  # type: ignore[arg-type]  # two of the lines
    return play.rate("E1", "people", "M").rate("E2", "people", "U").lock()
