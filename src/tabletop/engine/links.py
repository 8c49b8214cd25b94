"""Links between sites: which one is cut off now, since when, and what there was before. Pure.

Owns: reading `cut` and `restore` off the injects that stand as released, so that taking a release back undoes what it did.
Refuses to own: what a seat shows (`seats`) and who is refused (`rights`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .clock import Jump, played_between
from .plan import Plan
from .state import State


@dataclass(frozen=True, slots=True)
class Outage:
    """A time for which a site was cut off."""

    site: str
    since_seq: int
    """The release that cut the link ..."""
    since_ms: int
    """... and its exercise time."""
    until_seq: int | None = None
    """The release that restored it; None: it is cut still."""
    until_ms: int | None = None


def outages(plan: Plan, state: State, site_id: str = "") -> tuple[Outage, ...]:
    """Every time a site, or that site, was cut off, in the order in which they began. What is cut already is not cut anew."""
    return tuple(outage for outage in _outages(plan, state) if not site_id or outage.site == site_id)


_LATEST: list[tuple[Plan, State, list[Outage]]] = []
"""The last outages, with what they were worked out from."""


def _outages(plan: Plan, state: State) -> list[Outage]:
    """The same objects give the same again: every window of every role asks for it."""
    if not plan.has_cuts:
        return []
    for known in _LATEST:
        if known[0] is plan and known[1] is state:
            return known[2]
    found = _worked_out(plan, state)
    _LATEST[:] = [(plan, state, found), *_LATEST[:3]]
    return found


def _worked_out(plan: Plan, state: State) -> list[Outage]:
    found: list[Outage] = []
    open_at: dict[str, int] = {}
    for inject_id in state.released:
        inject, record = plan.inject_by_id.get(inject_id), state.inject(inject_id)
        if inject is None or record.released_ms is None:
            continue
        if inject.restore is not None and (at := open_at.pop(inject.restore.site, None)) is not None:
            found[at] = replace(found[at], until_seq=record.released_seq, until_ms=record.released_ms)
        if inject.cut is not None and inject.cut.site not in open_at:
            open_at[inject.cut.site] = len(found)
            found.append(Outage(inject.cut.site, record.released_seq, record.released_ms))
    return found


def cut_since(plan: Plan, state: State, site_id: str) -> int | None:
    """The log entry that cut the link of a site, while it is cut; None where it has its link, and outside of play."""
    if state.phase != "running" or not site_id:
        return None
    return next((outage.since_seq for outage in outages(plan, state, site_id) if outage.until_ms is None), None)


def cut_off_since(plan: Plan, state: State, role_id: str) -> int | None:
    """The log entry that cut a role off, while it is; None for a role with a link. What control plays has no link to lose."""
    site = plan.role(role_id).site
    if site is None or plan.staffed_by(state, role_id) == "control":
        return None
    return cut_since(plan, state, site)


def cut_now(plan: Plan, state: State) -> Iterator[Outage]:
    """The outages that last, in the order of the sites of the exercise; none outside of play."""
    for site in plan.exercise.sites if plan.has_cuts and state.phase == "running" else ():
        yield from (outage for outage in outages(plan, state, site.id) if outage.until_ms is None)


def outages_of(plan: Plan, state: State, role_id: str) -> tuple[Outage, ...]:
    """Every time a role was cut off; while control plays it, then or now, it has no link to lose."""
    site = plan.role(role_id).site
    found = () if site is None else outages(plan, state, site)
    return tuple(part for outage in found for part in _without_control(plan, state, role_id, outage))


def _without_control(plan: Plan, state: State, role_id: str, outage: Outage) -> Iterator[Outage]:
    """An outage as far as others than control played a role: what control takes over gets its link at that moment, and loses it again."""
    by_control = plan.role(role_id).simulated
    part = outage
    for change in state.staffing.get(role_id, ()):
        if outage.until_seq is not None and change.seq > outage.until_seq:
            break
        takes = change.by == "control"
        if takes != by_control and change.seq > outage.since_seq:
            if takes:
                yield replace(part, until_seq=change.seq, until_ms=change.at_ms)
            else:
                part = replace(outage, since_seq=change.seq, since_ms=change.at_ms)
        by_control = takes
    if not by_control:
        yield part


def reached_ms(plan: Plan, state: State, role_id: str, at_ms: int, seq: int) -> int | None:
    """When what was sent to a role at `at_ms`, by log entry `seq`, got there: at once, or once its link was restored; None: not yet."""
    for outage in outages_of(plan, state, role_id):
        if outage.since_seq <= seq and (outage.until_seq is None or seq < outage.until_seq):
            return outage.until_ms
    return at_ms


def unheard_since(plan: Plan, state: State, role_id: str) -> int | None:
    """Since when, in exercise milliseconds, nothing gets out of a role's site, or got out when play ended; None: it has its link."""
    return next((outage.since_ms for outage in outages_of(plan, state, role_id) if outage.until_ms is None), None)


@dataclass(frozen=True, slots=True)
class Overdue:
    """How late something is, as its role lives through it: a time that is jumped over or without link is none of it.

    It stays the same while the clock runs, so that screens count by themselves.
    """

    from_ms: int
    """The exercise time from which it counts: when it is due, later by what was not lived through since."""
    stands_ms: int | None = None
    """How late it was when the link of its role was cut, while that lasts: it stands still; None: it counts."""

    def late_ms(self, now_ms: int) -> int:
        """Milliseconds; negative: so many are left."""
        return now_ms - self.from_ms if self.stands_ms is None else self.stands_ms


def overdue(plan: Plan, state: State, role_id: str, due_ms: int, now_ms: int) -> Overdue:
    """How late what a role owes by `due_ms` is at `now_ms`, or will be: as the debrief says it when it comes now."""
    if due_ms > now_ms:
        return Overdue(due_ms)
    gaps, silent_ms = not_lived(plan, state, role_id), unheard_since(plan, state, role_id)
    if silent_ms is not None and silent_ms < now_ms:
        return Overdue(due_ms, played_between(gaps, due_ms, max(due_ms, silent_ms)))
    return Overdue(now_ms - played_between(gaps, due_ms, now_ms))


def lateness(plan: Plan, state: State, role_id: str, due_ms: int | None, now_ms: int) -> Overdue | None:
    """The same of what may have no time: then None."""
    return None if due_ms is None else overdue(plan, state, role_id, due_ms, now_ms)


def not_lived(plan: Plan, state: State, role_id: str) -> tuple[Jump, ...]:
    """The times in which a role could do nothing: jumped over, or cut off until the link was restored; apart from each other, in order."""
    cut = (Jump(one.since_ms, one.until_ms - one.since_ms) for one in outages_of(plan, state, role_id) if one.until_ms is not None)
    joined: list[Jump] = []
    for gap in sorted((*state.jumps, *cut), key=lambda one: one.at_ms):
        last = joined[-1] if joined else None
        if last is None or gap.at_ms > last.at_ms + last.by_ms:
            joined.append(gap)
        else:
            joined[-1] = Jump(last.at_ms, max(last.by_ms, gap.at_ms + gap.by_ms - last.at_ms))
    return tuple(joined)
