"""Plays a script: what it does not name falls due and is released by itself; the clock is pushed, never waited for.

Everything goes through the same `decide`, append and fold as a real run (semantics: *Scripts*).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from tabletop.conductor import Conductor
from tabletop.engine import commands as c
from tabletop.engine import schedule
from tabletop.engine.decide_injects import releases_itself
from tabletop.engine.events import AnswerValue, Entry, RunCreated
from tabletop.engine.rights import Actor
from tabletop.engine.state import State
from tabletop.errors import Refused, TabletopError
from tabletop.exercise.conditions import Condition, Elapsed, Every, Not, NotDoneWithin, Some
from tabletop.exercise.model import Exercise

from . import script as s
from .memory import MemoryLog

SECOND_MS = 1000


class ScriptRefused(TabletopError):
    """What a script says cannot happen: `where` are the keys to it, `why` says what stands against it."""

    def __init__(self, where: tuple[str | int, ...], why: Refused) -> None:
        super().__init__(why.code)
        self.values = why.values
        self.where = where
        self.why = why


class StepRefused(ScriptRefused):
    """A step of a script cannot happen: `index` counts steps from 0."""

    def __init__(self, index: int, why: Refused) -> None:
        super().__init__(("steps", index), why)
        self.index = index


@dataclass(frozen=True, slots=True)
class Played:
    """A finished rehearsal, in memory."""

    entries: tuple[Entry, ...]
    state: State


class Rehearsal:
    """One playing of a script."""

    def __init__(self, exercise: Exercise, script: s.Script, created: RunCreated, begin_ms: int, new_id: Callable[[], str]) -> None:
        self.exercise = exercise
        self.script = script
        self._wall_ms = float(begin_ms)
        log = MemoryLog()
        log.append([Entry(1, new_id(), begin_ms, 0, "driver", 0, created)], expected_head=0)
        self.conductor = Conductor(exercise, log, "rehearsal", now_ms=lambda: round(self._wall_ms), new_id=new_id)
        self.named = {step.release for step in script.steps if isinstance(step, s.ReleaseStep)}
        self.named |= {step.skip for step in script.steps if isinstance(step, s.SkipStep)}
        self._added = 0

    def play(self) -> Played:
        """From STARTEX to locked ratings. Raises ScriptRefused for the first thing that cannot happen."""
        self._brief()
        self.ask(c.Start())
        closing: list[int] = []
        end = self.exercise.duration if self.script.end is None else self.script.end
        for index, step in enumerate(self.script.steps):
            if isinstance(step, s.ClosingStep):
                closing.append(index)
                continue
            try:
                if step.at > end:
                    raise Refused("script.after-end")
                self.advance_to(step.at * SECOND_MS)
                if any(jump.at_ms < step.at * SECOND_MS < jump.at_ms + jump.by_ms for jump in self.conductor.state.jumps):
                    raise Refused("script.jumped-over")
                self._do(step)
            except Refused as why:
                raise StepRefused(index, why) from why
        self.advance_to(end * SECOND_MS)
        self._release_due()
        self.ask(c.End(self.script.ended))
        for index in closing:
            try:
                self._close(self.script.steps[index])
            except Refused as why:
                raise StepRefused(index, why) from why
        self.ask(c.LockRatings())
        return Played(tuple(self.conductor.entries), self.conductor.state)

    def _brief(self) -> None:
        """What is settled before STARTEX: parameters and people."""
        said: list[tuple[tuple[str, str], c.Command]] = []
        said += [(("parameters", name), c.SetParameter(name, value)) for name, value in self.script.parameters.items()]
        for role, holders in self.script.people.items():
            seats = c.SeatPerson(role, holders.A, "A"), c.SeatPerson(role, holders.B, "B")
            said += [(("people", role), seat) for seat in seats if seat.name]
        for where, command in said:
            try:
                self.ask(command)
            except Refused as why:
                raise ScriptRefused(where, why) from why

    def ask(self, command: c.Command, evaluator: str = "") -> Sequence[Entry]:
        """Ask for something as the facilitator, or as an evaluator."""
        return self.conductor.dispatch(command, Actor("evaluator", evaluator) if evaluator else None)

    def advance_to(self, target_ms: int) -> None:
        """Push the clock to an exercise time; what falls due before it is released at its own moment."""
        while (now_ms := self.conductor.elapsed_ms()) < target_ms:
            self._release_due()
            self._push(min(target_ms, self._next_moment(now_ms, target_ms)) - now_ms)

    def _push(self, exercise_ms: int) -> None:
        self._wall_ms += exercise_ms / self.conductor.state.clock.speed

    def _release_due(self) -> None:
        plan, state, now_ms = self.conductor.plan, self.conductor.state, self.conductor.elapsed_ms()
        while due := [line for line in schedule.due(plan, state, now_ms) if self._releases_itself(state, line)]:
            self.ask(c.ReleaseInject(due[0].inject.id))
            plan, state = self.conductor.plan, self.conductor.state

    def _releases_itself(self, state: State, line: schedule.Line) -> bool:
        """Whether no step names it or took it back, and no jump went over its time (semantics: *Jump*, *Scripts*)."""
        return line.inject.id not in self.named and releases_itself(state, line, all_do=True)

    def _next_moment(self, now_ms: int, target_ms: int) -> int:
        """The next time at which something may fall due; every second while a path depends on time (semantics: *Conditions*)."""
        plan, state = self.conductor.plan, self.conductor.state
        table = schedule.timetable(plan, state)
        moments = [target_ms]
        if state.pace == "discussion":
            turn = next(schedule.upcoming(plan, state, now_ms), None)
            if turn is not None and turn.due_ms is not None and turn.due_ms > now_ms:
                moments.append(turn.due_ms)
            return min(moments)
        moments += [due for due in table.due_times if due > now_ms][:1]
        reached = (inject for due, inject in zip(table.due_times, table.due_injects, strict=True) if due <= now_ms)
        if any(inject.id not in self.named and inject.when is not None and _depends_on_time(inject.when) for inject in reached):
            moments.append((now_ms // SECOND_MS + 1) * SECOND_MS)
        return min(moments)

    def _do(self, step: s.TimedStep) -> None:
        match step:
            case s.PauseStep(pause=seconds, reason=reason):
                self.ask(c.Pause(reason))
                self._wall_ms += seconds * SECOND_MS
                self.ask(c.Resume())
            case s.AddStep(add=added):
                self._added += 1
                inject_id = added.id or f"added-{self._added}"
                data = {"id": inject_id, "at": "hold", "kind": added.kind, "title": added.title, "text": added.text, "to": list(added.to)}
                self.named.add(inject_id)
                self.ask(c.AddInject(data))
                self.ask(c.ReleaseInject(inject_id))
            case s.UndoStep(undo=reason):
                newest = self.conductor.newest_to_take_back()
                if newest is None:
                    raise Refused("refused.cannot-take-back")
                self.ask(c.Retract(newest, reason))
            case s.ActionStep(evaluator=evaluator):
                command = c.MarkAction(step.action, step.state, step.how, step.prompted, step.by, note=step.note)
                self.ask(command, evaluator)
            case s.ObserveStep(observe=observed):
                note = c.AddNote(observed.kind, observed.text, observed.role, observed.objective, observed.evaluator)
                self.ask(note, observed.evaluator)
            case _:
                self.ask(_command(step))

    def _close(self, step: s.Step) -> None:
        match step:
            case s.RateStep(rate=rated):
                self.ask(c.Rate(rated.evaluator, rated.objective, rated.rating, rated.note), rated.evaluator)
            case s.BehaviourStep(behaviour=scored):
                self.ask(c.ScoreBehaviour(scored.evaluator, scored.line, scored.score), scored.evaluator)
            case s.IndicatorStep(indicator=indicator, value=value):
                self.ask(c.MeasureIndicator(indicator, value))
            case s.ConfirmStep(confirm=confirmed):
                self.ask(c.MarkAction(confirmed.action, confirmed.state, note=confirmed.note), confirmed.evaluator)
            case _:
                raise AssertionError(step)


Direct = (
    s.ReleaseStep
    | s.SkipStep
    | s.HoldStep
    | s.DelayStep
    | s.AnswerStep
    | s.AcknowledgeStep
    | s.DecideStep
    | s.BreachStep
    | s.MessageStep
    | s.HintStep
    | s.ProbeStep
    | s.JumpStep
    | s.SpeedStep
    | s.StaffStep
)
"""Steps that are one command of the facilitator."""


def _command(step: Direct) -> c.Command:
    match step:
        case s.ReleaseStep(release=inject, because=because):
            return c.ReleaseInject(inject, because)
        case s.SkipStep(skip=inject, reason=reason, overtaken=overtaken):
            return c.SkipInject(inject, reason, overtaken)
        case s.HoldStep(hold=inject, reason=reason):
            return c.KeepInjectBack(inject, reason)
        case s.DelayStep(delay=inject, by=seconds):
            return c.DelayInject(inject, seconds * SECOND_MS)
        case s.AnswerStep():
            next_ms = None if step.next is None else step.next * SECOND_MS
            return c.GiveAnswer(step.ask, step.role, _value(step), step.person, step.rationale, next_ms)
        case s.AcknowledgeStep(role=role, acknowledge=inject):
            return c.AcknowledgeInject(inject, role)
        case s.DecideStep(decide=made):
            return c.RecordDecision(made.role, made.text, made.rationale, made.options, made.dissent)
        case s.BreachStep(breach=prohibited, role=role, corrected=corrected, note=note):
            return c.RecordBreach(prohibited, role, corrected, note)
        case s.MessageStep(role=role, message=parcel):
            return c.SendMessage(role, parcel.to, parcel.text)
        case s.HintStep(hint=inject):
            return c.ShowHint(inject)
        case s.ProbeStep(probe=inject):
            return c.ShowProbe(inject)
        case s.JumpStep(jump=seconds):
            return c.Jump(seconds * SECOND_MS)
        case s.SpeedStep(speed=speed):
            return c.SetSpeed(speed)
        case s.StaffStep(staff=staffed):
            return c.StaffRole(staffed.role, staffed.by, staffed.with_role)
        case _:
            assert_never(step)


def _value(step: s.AnswerStep) -> AnswerValue:
    """The one answer a step gives; an empty choice where it gives none or several, which the engine refuses."""
    given: list[AnswerValue] = [
        value for value in (step.choose, step.order, step.text, step.number, step.confirm, step.report) if value is not None
    ]
    return given[0] if len(given) == 1 else ()


def _depends_on_time(condition: Condition) -> bool:
    match condition:
        case Elapsed() | NotDoneWithin():
            return True
        case Every(all=parts) | Some(any=parts):
            return any(_depends_on_time(part) for part in parts)
        case Not(not_=part):
            return _depends_on_time(part)
        case _:
            return False
