"""Which rows an entry of the log touches, without working any of them out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from tabletop.engine import events as e
from tabletop.engine.events import Entry
from tabletop.engine.plan import Plan
from tabletop.engine.state import State


@dataclass(slots=True)
class Changes:
    """The keys of rows to be written; dictionaries stand for ordered sets."""

    decisions: set[int] = field(default_factory=set)
    answers: dict[str, set[int]] = field(default_factory=dict)
    """Sequence numbers of answers by ask."""
    taken_back: set[int] = field(default_factory=set)
    """Sequence numbers of decisions and answers that no longer count."""
    injects: dict[str, None] = field(default_factory=dict)
    actions: dict[str, None] = field(default_factory=dict)
    gone_injects: dict[str, None] = field(default_factory=dict)
    gone_actions: dict[str, None] = field(default_factory=dict)
    summary: bool = False

    def inject(self, plan: Plan, inject_id: str) -> None:
        """The row of an inject and those of its actions."""
        if inject_id in plan.inject_by_id:
            self.injects[inject_id] = None
            self.add_actions(action.id for action in plan.inject_by_id[inject_id].expects)

    def add_actions(self, actions: Iterable[str]) -> None:
        self.actions.update(dict.fromkeys(actions))

    def everything(self, plan: Plan) -> None:
        """The rows of every inject and action, and the run's."""
        self.injects.update(dict.fromkeys(inject.id for inject in plan.injects))
        self.actions.update(dict.fromkeys(plan.actions))
        self.summary = True


def changed_by(plan: Plan, state: State, entry: Entry, changes: Changes) -> None:
    """Add what `entry`, already in `state`, touches. There are rows of injects and actions from STARTEX on."""
    event = entry.event
    if isinstance(event, e.Retracted):
        why = state.retracted.get(event.event)
        if why is not None and why.entry is not None:
            _taken_back(plan, state, why.entry, changes)
        return
    match event:
        case e.ExerciseStarted() | e.ExerciseEnded() | e.ExerciseReopened():
            changes.everything(plan)
        case e.RunCreated() | e.PaceChosen() | e.PersonSeated() | e.PersonLeft() | e.RatingsLocked():
            changes.summary = True
        case e.DecisionMade():
            changes.decisions.add(entry.seq)
        case e.AnswerGiven():
            changes.answers.setdefault(event.ask, set()).add(entry.seq)
            _touched(plan, state, entry, changes)
        case _:
            _touched(plan, state, entry, changes)


def _touched(plan: Plan, state: State, entry: Entry, changes: Changes) -> None:
    """What an entry touches both when it is written and when it is taken back."""
    if not state.started:
        return
    match entry.event:
        case e.InjectReleased(inject=inject_id):
            changes.inject(plan, inject_id)
            changes.add_actions(_bears_on(plan).get(inject_id, ()))
            # With it the time is over for what was on the table before (`standing`): who joins later does not owe that.
            before = [name for name in state.released if state.inject(name).released_seq < entry.seq and name in plan.inject_by_id]
            changes.add_actions(action.id for name in before[-1:] for action in plan.inject_by_id[name].expects)
        case e.InjectSkipped(inject=inject_id):
            changes.inject(plan, inject_id)
        case e.InjectKeptBack(inject=inject_id) if inject_id in plan.inject_by_id:
            changes.injects[inject_id] = None
        case e.PlanFitted(cut=cut):
            for inject_id in cut:
                changes.inject(plan, inject_id)
        case e.HintShown(inject=inject_id) if inject_id in plan.inject_by_id:
            changes.add_actions(action.id for action in plan.inject_by_id[inject_id].expects)
        case e.InjectAdded(inject=data):
            changes.inject(plan, str(data.get("id")))
        case e.AnswerGiven() as given:
            _answer(plan, state, entry, given, changes)
        case e.ActionMarked(action=action) if action in plan.actions:
            changes.add_actions((action,))
        case e.RoleStaffed(role=role):
            _staffing(plan, state, {role}, changes)
        case e.RolesStaffed(people=people, control=control):
            _staffing(plan, state, {*people, *control}, changes)
        case _:
            pass
    if state.phase == "ended" and isinstance(entry.event, e.ActionMarked | e.RoleStaffed | e.RolesStaffed):
        changes.summary = True


def _after_cuts(plan: Plan, state: State, changes: Changes) -> None:
    """Every row with a latency that may leave out a time without link."""
    for inject_id in state.released:
        _latencies(plan, state, inject_id, changes)
    changes.add_actions(name for name in state.effects if name in plan.actions)


def _staffing(plan: Plan, state: State, roles: set[str], changes: Changes) -> None:
    """Who plays these roles, and those that were ever played with them, decides of every action that is theirs or that they did."""
    size = 0
    while size != len(roles):
        size = len(roles)
        roles |= {role for role, said in state.staffing.items() if any(change.with_role in roles for change in said)}
    changes.add_actions(name for name, (_, action) in plan.actions.items() if action.by in roles)
    changes.add_actions(
        name for name, marks in state.marks.items() if name in plan.actions and any(mark.other_role in roles for mark in marks)
    )
    changes.add_actions(
        name for name, effects in state.effects.items() if name in plan.actions and any(each.effect.role in roles for each in effects)
    )
    changes.summary = True
    if plan.has_cuts:
        # What control plays has no link to lose.
        _after_cuts(plan, state, changes)


@lru_cache(maxsize=4)
def _bears_on(plan: Plan) -> dict[str, list[str]]:
    """The actions that the release of each inject evidences, or prompts as a contingency inject."""
    found: dict[str, list[str]] = {}
    for name, (_, action) in plan.actions.items():
        if action.done_by is not None:
            found.setdefault(action.done_by.released, []).append(name)
    for name, held in plan.contingencies.items():
        # The cue of an added inject may name an action of another one, which was taken back.
        for inject_id in held if name in plan.actions else ():
            found.setdefault(inject_id, []).append(name)
    return found


def _answer(plan: Plan, state: State, entry: Entry, given: e.AnswerGiven, changes: Changes) -> None:
    """The actions whose effects an answer brings, withdraws or keeps."""
    targets = [effect.target for effect in given.effects]
    for answer in reversed(state.ask(given.ask).history):
        if answer.role == given.role and answer.seq != entry.seq:
            targets += [record.effect.target for record in answer.effects]
            break
    changes.add_actions(target for target in targets if target in plan.actions)


def _latencies(plan: Plan, state: State, inject_id: str, changes: Changes) -> None:
    """Every row with a latency that counts from an inject."""
    inject = plan.inject_by_id.get(inject_id)
    if inject is None:
        return
    changes.add_actions(action.id for action in inject.expects)
    for ask in inject.asks:
        changes.answers.setdefault(ask.id, set()).update(answer.seq for answer in state.ask(ask.id).history)
    changes.decisions.update(decision.seq for decision in state.decisions if decision.inject == inject_id)


def _taken_back(plan: Plan, state: State, entry: Entry, changes: Changes) -> None:
    """What the retraction of an entry touches."""
    match entry.event:
        case e.DecisionMade():
            changes.taken_back.add(entry.seq)
        case e.AnswerGiven(ask=ask, role=role):
            changes.taken_back.add(entry.seq)
            later = [answer for answer in state.ask(ask).history if answer.role == role]
            changes.answers.setdefault(ask, set()).update(answer.seq for answer in later)
            effects = (record.effect for answer in later for record in answer.effects)
            changes.add_actions(effect.target for effect in effects if effect.target in plan.actions)
        case e.InjectReleased(inject=inject_id) | e.InjectSkipped(inject=inject_id):
            _latencies(plan, state, inject_id, changes)
            if inject_id in plan.inject_by_id and (plan.inject_by_id[inject_id].cut or plan.inject_by_id[inject_id].restore):
                _after_cuts(plan, state, changes)
        case e.InjectAdded(inject=data) if state.started:
            changes.gone_injects[str(data.get("id"))] = None
            changes.gone_actions.update(dict.fromkeys(str(action["id"]) for action in data.get("expects", ())))
        case e.PersonSeated() | e.PersonLeft():
            changes.summary = True
        case _:
            pass
    if state.phase == "ended":
        changes.summary = True
    _touched(plan, state, entry, changes)
