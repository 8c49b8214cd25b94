"""The simulated people of a practice run: who does what next, from the plan, the log and the seed. Pure.

They talk, answer at their own device, decide, argue, stay silent, speak before the text is read, leave and come back, come
late. They never mark an expected action: that is what the facilitator practises. What they do is a code with ids; the screens
word it in the language of the run.

Owns: what each person does at which moment, and what has been done already. Refuses to own: words, recording.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tabletop.engine import events as e
from tabletop.engine.events import Entry
from tabletop.engine.plan import Plan
from tabletop.engine.rights import PRACTICE
from tabletop.engine.state import State

from .casting import Cast, cast_of
from .chance import chance
from .deeds import Deed, Line
from .reactions import Reaction, reaction_to

MOMENT_MS = 30_000
"""How long a moment lasts, in exercise milliseconds: what could not be done within it is not made up for."""

TALK_MS = 300_000
"""Exercise milliseconds after a release in which people still have something to do about it."""

LET_GO = frozenset({"aside", "question", "choice"})
"""What nobody says any more once the next inject is there: who was about to act still says so."""

PRACTICE_MS = 600_000
"""Exercise milliseconds that a practice run is meant to last."""

SLOT_MS = 18 * 60_000
"""The booking that leaves so much for play: three minutes of briefing before, five of hot wash after (`engine.booking`)."""

TIRED_MS = 5_000
"""Milliseconds after which somebody who was prodded speaks, at least."""


def due(plan: Plan, state: State, entries: Sequence[Entry], now_ms: int, seed: int) -> tuple[Deed, ...]:
    """What people do now, in the order of its moments: nothing before a release, while the clock stands, or after ENDEX."""
    if not lively(state):
        return ()
    cast = cast_of(plan, seed)
    found = [
        deed
        for deed in script(plan, state, entries, now_ms, seed)
        if 0 <= now_ms - deed.at_ms < MOMENT_MS and not state.leapt_over(deed.at_ms) and _may(plan, state, cast, deed)
    ]
    if not found:
        return ()
    done = _done(entries, now_ms)
    return tuple(sorted((deed for deed in found if not _is_done(state, deed, done)), key=lambda deed: deed.at_ms))


def lively(state: State) -> bool:
    """Whether anybody does anything: play runs, something was released, and there is no emergency."""
    return state.phase == "running" and state.clock.running and state.emergency is None and bool(state.released)


def script(plan: Plan, state: State, entries: Sequence[Entry], now_ms: int, seed: int) -> Iterator[Deed]:
    """Everything people do about what was released lately, done or not, in no order."""
    cast = cast_of(plan, seed)
    yield from _comings_and_goings(state, cast, seed)
    where_once = {
        "early": _first(plan, state, cast, seed, "early"),
        "voices": _first(plan, state, cast, seed, "voices"),
        "argument": _first(plan, state, cast, seed, "argument"),
    }
    for ordinal, inject_id in enumerate(state.released):
        released_ms = state.inject(inject_id).released_ms
        if released_ms is None or now_ms - released_ms > TALK_MS or inject_id not in plan.inject_by_id:
            continue
        special = frozenset(name for name, where in where_once.items() if where == inject_id)
        reaction = reaction_to(plan, inject_id, cast, special, ordinal, seed)
        read_ms, over_ms = state.inject(inject_id).read_ms, _over_ms(state, ordinal)
        for deed in reaction.deeds:
            moment = deed.at(released_ms, read_ms)
            if moment.at_ms < over_ms or deed.behaviour not in LET_GO:
                yield moment
        yield from _prodded(entries, released_ms, inject_id, reaction, cast, seed)


def _over_ms(state: State, ordinal: int) -> float:
    """When people turn to the next inject."""
    if ordinal + 1 == len(state.released):
        return float("inf")
    return state.inject(state.released[ordinal + 1]).released_ms or 0


def waiting_for_a_push(plan: Plan, state: State, entries: Sequence[Entry], seed: int) -> bool:
    """Whether somebody has something to say about the inject on the table and waits to be asked: `h` brings it out."""
    if not state.released or state.released[-1] not in plan.inject_by_id:
        return False
    inject_id, cast = state.released[-1], cast_of(plan, seed)
    reaction = reaction_to(plan, inject_id, cast, frozenset(), len(state.released) - 1, seed)
    released_ms = state.inject(inject_id).released_ms or 0
    return len(reaction.waiting) > len(_prods(entries, released_ms, inject_id))


SPECIALS_BEGIN = {"early": (1, 2), "voices": (0, 2), "argument": (0, 2)}
"""From which release on, at the earliest and at the latest, each of these may happen."""


def _first(plan: Plan, state: State, cast: Cast, seed: int, special: str) -> str:
    """The released inject about which that happens, once in a run; empty where none is fit for it yet."""
    least, most = SPECIALS_BEGIN[special]
    begin = least + int(chance(seed, special) * (most - least + 1))
    for inject_id in state.released[begin:]:
        if inject_id in plan.inject_by_id and _fit(plan, inject_id, cast, special):
            return inject_id
    return ""


def _fit(plan: Plan, inject_id: str, cast: Cast, special: str) -> bool:
    inject = plan.inject_by_id[inject_id]
    choices = [ask for ask in inject.asks if ask.answer in ("choice", "choices") and len(ask.options) > 1]
    match special:
        case "early":
            asked = {role for ask in inject.asks for role in (ask.to or inject.to or cast.people)}
            return plan.reading_ms(inject) >= 5000 and bool(asked & set(cast.steady))
        case "argument":
            return bool(choices) and len(cast.steady) > 1
        case _:
            return len(cast.steady) > 2


def _comings_and_goings(state: State, cast: Cast, seed: int) -> Iterator[Deed]:
    """Who comes late, leaves, comes back: said in the room; who sits where is the facilitator's to note."""
    begun_ms = state.inject(state.released[0]).released_ms or 0
    if cast.late:
        yield Deed(max(cast.late_ms, begun_ms + 5000), cast.late, "late", Line("late", role=cast.late))
    if cast.leaver:
        number = 1 + int(chance(seed, "why leave") * 2)
        yield Deed(cast.leaves_ms, cast.leaver, "leaving", Line(f"leaving-{number}"))
        yield Deed(cast.back_ms, cast.leaver, "returning", Line("returning"))
    speaker = next(iter(cast.steady), "")
    if speaker:
        yield Deed(PRACTICE_MS, speaker, "aside", Line("time"))


def _prods(entries: Sequence[Entry], released_ms: int, inject_id: str) -> list[int]:
    """When the facilitator put a probe or gave a hint about an inject since it was released, oldest first."""
    found: list[int] = []
    for entry in reversed(entries):
        if entry.exercise_ms < released_ms:
            break
        if isinstance(entry.event, e.ProbeShown | e.HintShown) and entry.event.inject == inject_id:
            found.append(entry.exercise_ms)
    return found[::-1]


def _prodded(entries: Sequence[Entry], released_ms: int, inject_id: str, reaction: Reaction, cast: Cast, seed: int) -> Iterator[Deed]:
    """One probe or hint brings out one thing that nobody has said."""
    prods = _prods(entries, released_ms, inject_id)
    for number, (action, role) in enumerate(reaction.waiting[: len(prods)]):
        moment = prods[number] + TIRED_MS + int(chance(seed, inject_id, action, "prodded") * 4000)
        yield Deed(moment, role, "prodded", Line("prodded", action=action))


def _may(plan: Plan, state: State, cast: Cast, deed: Deed) -> bool:
    """Whether that person is there to do it, and it can still be done."""
    if deed.behaviour == "returning":
        # Who was noted as gone says so all the same; whether the role is played again is the facilitator's word.
        return True
    if not plan.staffed(state, deed.role) or cast.absent(deed.role, deed.at_ms) or _noted_as_gone(state, cast, deed):
        return False
    if not deed.ask:
        return True
    inject, ask = plan.asks[deed.ask]
    record = state.ask(deed.ask)
    return not record.closed and deed.role not in record.answers and deed.role in plan.addressees(state, inject, ask)


def _noted_as_gone(state: State, cast: Cast, deed: Deed) -> bool:
    """Whether the facilitator noted that everybody of the role has left, and nobody came back."""
    seated = [person for person in state.people if person.role == deed.role]
    if not seated or any(person.left_ms is None for person in seated):
        return False
    return deed.role != cast.leaver or deed.at_ms < cast.back_ms


Done = frozenset[tuple[str, int]]


def _done(entries: Sequence[Entry], now_ms: int) -> Done:
    """What people said and decided lately, by who and when; what was taken back was said all the same."""
    found: set[tuple[str, int]] = set()
    for entry in reversed(entries):
        if entry.exercise_ms < now_ms - 2 * MOMENT_MS:
            break
        if entry.actor.startswith(PRACTICE) and (said := said_by_people(entry)) is not None:
            found.add(said)
    return frozenset(found)


def said_by_people(entry: Entry) -> tuple[str, int] | None:
    """Who of the simulated people did what an entry says, and at which exercise millisecond; None: somebody else did."""
    if not entry.actor.startswith(PRACTICE):
        return None
    match entry.event:
        case e.Noted(role=role, said_ms=said_ms) | e.DecisionMade(role=role, said_ms=said_ms):
            return role, said_ms
        case e.AnswerGiven(role=role, said_ms=said_ms):
            return role, entry.exercise_ms if said_ms is None else said_ms
        case e.InjectAcknowledged(role=role):
            return role, entry.exercise_ms
        case _:
            return None


def _is_done(state: State, deed: Deed, done: Done) -> bool:
    if deed.acknowledges:
        return deed.role in state.inject(deed.acknowledges).acknowledged
    return (deed.role, deed.at_ms) in done
