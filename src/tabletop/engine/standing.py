"""What stands: windows, and the state of every expected action, worked out from plan and state.

Owns: from when a window runs, whose word stands, when no record is a miss (never). Refuses to own: points.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tabletop.exercise.injects import ExpectedAction, Inject

from .clock import after_played, played_between
from .events import How
from .links import not_lived, reached_ms, unheard_since
from .plan import Plan
from .state import ActionMark, EffectRecord, State

StandingState = Literal["waiting", "open", "done", "partial", "missed", "not_observed", "not_applicable", "no_record", "pending"]
"""`waiting`: its inject is not released. `open`: due, nothing recorded. `no_record`: its time is over, nothing recorded.
`pending`: ENDEX came before its deadline."""

Source = Literal["none", "evaluator", "facilitator", "option", "release"]
"""Whose word it is, the weightier first: an evaluator's, the facilitator's, an option's effect, a later release."""

RECORDED: frozenset[StandingState] = frozenset({"done", "partial", "missed"})
"""States that count for coverage."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one expected action."""

    action: ExpectedAction
    inject: Inject
    state: StandingState
    deadline_ms: int | None = None
    """On the exercise clock, as it ran for whoever did it, else for its owner; None where there is none, or before the release."""
    at_ms: int | None = None
    latency_ms: int | None = None
    """From when the inject was read to when it was done; jumps and pauses excluded, never negative."""
    how: How | None = None
    prompted: bool = False
    other_role: str = ""
    source: Source = "none"
    seq: int = 0
    """The log entry that evidences it; 0: none."""
    note: str = ""

    @property
    def late_ms(self) -> int:
        """How much later than its deadline it was done; 0 where there is none, as in the discussion pace."""
        if self.latency_ms is None or self.action.within is None or self.deadline_ms is None:
            return 0
        return max(0, self.latency_ms - self.action.within * 1000)

    @property
    def due(self) -> bool:
        """Whether it counts as due: its inject was released and its role is played by participants."""
        return self.state not in ("waiting", "not_applicable", "pending", "open")


def read_at(state: State, inject_id: str) -> int | None:
    """From when every window of an inject runs: when it had been read (semantics: *Reading*); None before its release.

    Whatever anybody answered or marked meanwhile: a countdown that jumped would tell one role what another did, and cost it time.
    """
    record = state.inject(inject_id)
    return None if record.released_ms is None else record.released_ms + record.read_ms


def window_end(state: State, inject_id: str, within: int | None, extended_ms: int = 0) -> int | None:
    """When a window of `within` seconds of an inject ends, in exercise milliseconds.

    None where there is none, before the release, and in the discussion pace.
    """
    start = read_at(state, inject_id)
    if start is None or within is None or state.pace == "discussion":
        return None
    return after_played(state.jumps, start, within * 1000 + extended_ms)


def since_read_ms(state: State, inject_id: str, at_ms: int) -> int:
    """Milliseconds lived through from when an inject had been read until `at_ms`; 0 for what came sooner."""
    start = read_at(state, inject_id)
    return 0 if start is None or at_ms <= start else played_between(state.jumps, start, at_ms)


def told_at(plan: Plan, state: State, inject_id: str, role: str) -> int | None:
    """From when the windows of an inject run for a role: when it had been read, or once the link of a role that was cut off was restored.

    None before its release, and while it has not got through.
    """
    record, read = state.inject(inject_id), read_at(state, inject_id)
    if read is None or record.released_ms is None or not plan.has_cuts:
        return read
    reached = reached_ms(plan, state, role, record.released_ms, record.released_seq)
    return None if reached is None else max(read, reached)


def role_window_end(plan: Plan, state: State, inject_id: str, role: str, within: int | None, extended_ms: int = 0) -> int | None:
    """When a window of an inject ends for one role, as `window_end` says: the time for which it was cut off is none of it.

    None, too, while a role is cut off whose window had not ended by then: nothing runs out for it.
    """
    shared = window_end(state, inject_id, within, extended_ms)
    if shared is None or not plan.has_cuts:
        return shared
    start, silent_ms = told_at(plan, state, inject_id, role), unheard_since(plan, state, role)
    if start is None:
        return None
    ends = after_played(not_lived(plan, state, role), start, (within or 0) * 1000 + extended_ms)
    return None if silent_ms is not None and silent_ms <= ends else ends


def since_told_ms(plan: Plan, state: State, inject_id: str, role: str, at_ms: int) -> int:
    """Milliseconds that a role lived through from when an inject had been read to it until `at_ms`; a time without link is none of them."""
    if not plan.has_cuts:
        return since_read_ms(state, inject_id, at_ms)
    start, silent_ms = told_at(plan, state, inject_id, role), unheard_since(plan, state, role)
    until = at_ms if silent_ms is None else min(at_ms, silent_ms)
    return 0 if start is None or until <= start else played_between(not_lived(plan, state, role), start, until)


def _newest(marks: tuple[ActionMark, ...]) -> dict[str, ActionMark]:
    """What each person said last."""
    return {mark.actor: mark for mark in marks}


def ask_deadline(plan: Plan, state: State, ask_id: str, extended_ms: int | None = None) -> int | None:
    """When the window of an ask ends, as `window_end` says. `extended_ms`: as somebody knows it who was not told of more."""
    inject, ask = plan.asks[ask_id]
    more_ms = state.ask(ask_id).extended_ms if extended_ms is None else extended_ms
    return window_end(state, inject.id, ask.within, more_ms)


def role_deadline(plan: Plan, state: State, ask_id: str, role: str, extended_ms: int | None = None) -> int | None:
    """When the window of an ask ends for one role, as `ask_deadline` says: the time for which it was cut off is none of it.

    None, too, while a role is cut off that could have answered in time: nothing runs out for it.
    """
    inject, ask = plan.asks[ask_id]
    more_ms = state.ask(ask_id).extended_ms if extended_ms is None else extended_ms
    return role_window_end(plan, state, inject.id, role, ask.within, more_ms)


def next_deadline(plan: Plan, state: State, ask_id: str, now_ms: int) -> int | None:
    """The one time to show of an ask at `now_ms`: the next that runs out for a role that has not answered; else the last that there was.

    None where there is none, and where everybody who has not answered is cut off.
    """
    shared, waiting = ask_deadline(plan, state, ask_id), unanswered(plan, state, ask_id)
    if shared is None or not waiting or not plan.has_cuts:
        return shared
    return soonest((role_deadline(plan, state, ask_id, role) for role in waiting), now_ms)


def soonest(deadlines: Iterable[int | None], now_ms: int) -> int | None:
    """Of several deadlines the next that has not passed by `now_ms`; else the last; None where there is none."""
    known = [one for one in deadlines if one is not None]
    return min((one for one in known if one >= now_ms), default=max(known, default=None))


def soonest_of(ends: Mapping[str, int | None], now_ms: int) -> tuple[str, int | None]:
    """The soonest of the deadlines of several roles, and whose it is; nobody's where there are none."""
    deadline = soonest(ends.values(), now_ms)
    return next((role for role, end in ends.items() if end == deadline), ""), deadline


def prompted_by_hint(plan: Plan, state: State, action_id: str, at_ms: int | None = None, seq: int | None = None) -> bool:
    """Whether a hint of the action's inject, or a contingency inject, gave the action away (scoring: *Prompted*).

    By `at_ms`, or ever; at the same moment, while the clock stands, by log entry `seq`, or by any.
    """
    inject, _ = plan.actions[action_id]
    record = state.inject(inject.id)
    if _before(record.hinted_ms, record.hinted_seq, at_ms, seq):
        return True
    held = (state.inject(name) for name in plan.contingencies.get(action_id, ()))
    return any(_before(given.released_ms, given.released_seq, at_ms, seq) for given in held)


def _before(moment: int | None, entry: int, at_ms: int | None, seq: int | None) -> bool:
    if moment is None or at_ms is None:
        return moment is not None
    return moment < at_ms or (moment == at_ms and (seq is None or entry < seq))


def _by_weight(mark: ActionMark) -> Source:
    return "evaluator" if mark.actor.startswith(("evaluator", "lead")) else "facilitator"


def _standing_mark(marks: tuple[ActionMark, ...]) -> tuple[ActionMark, Source] | None:
    said = [mark for mark in _newest(marks).values() if mark.state != "no_record"]
    for source in ("evaluator", "facilitator"):
        of_source = [mark for mark in said if _by_weight(mark) == source]
        if of_source:
            return max(of_source, key=lambda mark: mark.seq), _by_weight(of_source[0])
    return None


def _standing_effect(effects: tuple[EffectRecord, ...]) -> EffectRecord | None:
    done = [record for record in effects if record.effect.what == "does"]
    if done:
        return min(done, key=lambda record: (record.at_ms, record.seq))
    missed = [record for record in effects if record.effect.what == "misses"]
    return min(missed, key=lambda record: (record.at_ms, record.seq)) if missed else None


def standing(plan: Plan, state: State, action_id: str, now_ms: int) -> Standing:
    """What is known of an expected action at exercise time `now_ms`."""
    inject, action = plan.actions[action_id]
    record = state.inject(inject.id)
    deadline = role_window_end(plan, state, inject.id, action.by, action.within)
    until = now_ms if state.ended_ms is None else state.ended_ms
    known = _known(plan, state, inject, action, deadline)
    if known is not None:
        known = _attributed(plan, state, known, until) if _of_the_room(plan, state, known, until) else None
    if record.released_ms is None:
        if known is not None and (record.gone == "overtaken" or state.phase != "ended") and record.gone != "skipped":
            return known
        over = bool(record.gone) or state.phase == "ended"
        return Standing(action, inject, "not_applicable" if over else "waiting")
    if known is not None:
        return known
    if not owes(plan, state, action.by, _owed_until(state, inject, action, deadline), until):
        return Standing(action, inject, "not_applicable", deadline)
    if state.phase == "ended":
        pending = _stands_still(state, inject, action, deadline) or (deadline is not None and until < deadline)
        return Standing(action, inject, "pending" if pending else "no_record", deadline)
    over = deadline is not None and now_ms > deadline
    return Standing(action, inject, "no_record" if over else "open", deadline)


def _stands_still(state: State, inject: Inject, action: ExpectedAction, deadline: int | None) -> bool:
    """Whether an action has a window that does not run out, for its role is cut off."""
    return deadline is None and window_end(state, inject.id, action.within) is not None


def _owed_until(state: State, inject: Inject, action: ExpectedAction, deadline: int | None) -> int | None:
    """When the time for an action is over; None: not yet, or it stands still."""
    return None if _stands_still(state, inject, action, deadline) else _over(state, inject, deadline)


def _over(state: State, inject: Inject, deadline: int | None) -> int | None:
    """When the time for an action of an inject is over: at its deadline; without one, when the room was told the next thing.

    Who joins after that does not owe what was talked about before (scoring: *An unstaffed role owes nothing*).
    """
    released_ms = state.inject(inject.id).released_ms
    if deadline is not None or released_ms is None:
        return deadline
    # In order of release; several may have come at one moment.
    after = bisect_right(state.released, released_ms, key=lambda name: state.inject(name).released_ms or 0)
    if state.released[after - 1] != inject.id:
        return released_ms
    return state.inject(state.released[after]).released_ms if after < len(state.released) else None


def owes(plan: Plan, state: State, role: str, over_ms: int | None, now_ms: int) -> bool:
    """Whether participants play the role, or played it when its time was over (scoring: *An unstaffed role owes nothing*)."""
    if role not in state.staffing:
        return not plan.role(role).simulated
    if over_ms is not None and over_ms < now_ms:
        return plan.staffed_at(state, role, over_ms)
    return plan.staffed(state, role)


def _of_the_room(plan: Plan, state: State, known: Standing, now_ms: int) -> bool:
    """Whether what is recorded counts (scoring: *An unstaffed role owes nothing*): participants did it, or owed it."""
    if not state.staffing and not known.other_role:
        return not plan.role(known.action.by).simulated
    if known.at_ms is None:
        by_other = bool(known.other_role) and plan.staffed(state, known.other_role)
        return by_other or owes(plan, state, known.action.by, _owed_until(state, known.inject, known.action, known.deadline_ms), now_ms)
    return any(plan.staffed_at(state, role, known.at_ms) for role in (known.other_role, known.action.by) if role)


def owner_there(plan: Plan, state: State, action_id: str, at_ms: int | None) -> bool:
    """Whether participants played an action's owner when it was done, or owed it where nobody knows when that was."""
    inject, action = plan.actions[action_id]
    if at_ms is not None:
        return plan.staffed_at(state, action.by, at_ms)
    over_ms = _owed_until(state, inject, action, role_window_end(plan, state, inject.id, action.by, action.within))
    return owes(plan, state, action.by, over_ms, state.last_ms if state.ended_ms is None else state.ended_ms)


def could_stand_in(plan: Plan, state: State, action_id: str, at_ms: int | None) -> tuple[str, ...]:
    """The roles that may have done what nobody played the owner for: those that participants played then, in the order of the file."""
    others = (role.id for role in plan.exercise.roles if role.id != plan.actions[action_id][1].by)
    return tuple(role for role in others if (plan.staffed(state, role) if at_ms is None else plan.staffed_at(state, role, at_ms)))


def stood_in(plan: Plan, state: State, action_id: str, at_ms: int | None) -> str:
    """The role of which somebody recorded that it did an action whose owner nobody played then; empty: the owner was there, or none."""
    if owner_there(plan, state, action_id, at_ms):
        return ""
    said = [mark.other_role for mark in reversed(state.marks.get(action_id, ())) if mark.state in ("done", "partial")]
    said += [record.effect.role for record in state.effects.get(action_id, ()) if record.effect.what == "does"]
    able = could_stand_in(plan, state, action_id, at_ms)
    return next((role for role in said if role in able), "")


def _attributed(plan: Plan, state: State, known: Standing, now_ms: int) -> Standing:
    """*Other role* is said only where somebody else's people did what the owner's people were there to do.

    Nobody falls short where a post that nobody plays is filled by a colleague, or by the one who plays both.
    """
    owner, other = known.action.by, known.other_role
    if not other or (not state.staffing and not plan.role(owner).simulated):
        return known
    at_ms = now_ms if known.at_ms is None else known.at_ms
    same_people = plan.played_with(state, owner, at_ms)[-1] == plan.played_with(state, other, at_ms)[-1]
    return known if plan.staffed_at(state, owner, at_ms) and not same_people else replace(known, other_role="")


def _known(plan: Plan, state: State, inject: Inject, action: ExpectedAction, deadline: int | None) -> Standing | None:
    """What somebody or something recorded, by the weight of the word; None: nothing."""
    marks = state.marks.get(action.id)
    by_person = _standing_mark(marks) if marks else None
    if by_person is not None:
        mark, source = by_person
        deadline = _deadline_of(plan, state, inject, action, mark.other_role, deadline)
        at_ms = mark.at_ms if mark.state in ("done", "partial") else None
        return Standing(
            action,
            inject,
            mark.state,  # type: ignore[arg-type]  # the events hold only these states
            deadline,
            at_ms,
            None if at_ms is None else since_told_ms(plan, state, inject.id, mark.other_role or action.by, at_ms),
            mark.how,
            _prompted(plan, state, mark, action.id),
            mark.other_role,
            source,
            mark.seq,
            mark.note,
        )
    effects = state.effects.get(action.id)
    chosen = _standing_effect(effects) if effects else None
    if chosen is not None and chosen.effect.what == "does":
        other = chosen.effect.role if chosen.effect.other_role else ""
        deadline = _deadline_of(plan, state, inject, action, other, deadline)
        latency = _effect_latency_ms(plan, state, inject.id, chosen)
        prompted = prompted_by_hint(plan, state, action.id, chosen.at_ms, chosen.seq)
        return Standing(action, inject, "done", deadline, chosen.at_ms, latency, "chosen", prompted, other, "option", chosen.seq)
    if action.done_by is not None:
        later = state.inject(action.done_by.released)
        if later.released_ms is not None:
            latency = since_told_ms(plan, state, inject.id, action.by, later.released_ms)
            return Standing(action, inject, "done", deadline, later.released_ms, latency, "seen", False, "", "release", later.released_seq)
    if chosen is not None:
        return Standing(action, inject, "missed", deadline, how="chosen", source="option", seq=chosen.seq)
    return None


def _deadline_of(plan: Plan, state: State, inject: Inject, action: ExpectedAction, other: str, owners: int | None) -> int | None:
    """The deadline of an action that another role may have done: that one's own, where a link was cut."""
    return role_window_end(plan, state, inject.id, other, action.within) if other and plan.has_cuts else owners


def _effect_latency_ms(plan: Plan, state: State, inject_id: str, chosen: EffectRecord) -> int:
    """How long after an inject had been read an answer brought an effect about: as whoever answered lived through it."""
    if not plan.has_cuts:
        return since_read_ms(state, inject_id, chosen.at_ms)
    given = (answer for record in state.asks.values() for answer in record.history if answer.seq == chosen.seq)
    answered = next((answer.role for answer in given), chosen.effect.role)
    return since_told_ms(plan, state, inject_id, answered, chosen.at_ms)


def _prompted(plan: Plan, state: State, mark: ActionMark, action_id: str) -> bool:
    """A hint that was taken back gives nothing away, unless a person said of the mark that something did."""
    if mark.prompted_said:
        return mark.prompted
    return mark.state in ("done", "partial") and prompted_by_hint(plan, state, action_id, mark.at_ms, mark.seq)


def open_asks(plan: Plan, state: State) -> tuple[str, ...]:
    """The asks that take answers, in the order in which their injects were released (semantics: *An ask is open*)."""
    if state.phase != "running":
        return ()
    return tuple(
        ask.id
        for inject_id in state.released
        if inject_id in plan.inject_by_id
        for ask in plan.inject_by_id[inject_id].asks
        if not state.ask(ask.id).closed
    )


def unanswered(plan: Plan, state: State, ask_id: str) -> tuple[str, ...]:
    """The addressed roles that have not answered an ask."""
    inject, ask = plan.asks[ask_id]
    answers = state.ask(ask_id).answers
    return tuple(role for role in plan.addressees(state, inject, ask) if role not in answers)
