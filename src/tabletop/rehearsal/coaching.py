"""What somebody who learns the console could do now: one thing at a time, from the plan and the log. Pure.

Owns: which advice is due, and about whom. Refuses to own: its words, and which key is called what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tabletop.engine import events as e
from tabletop.engine import schedule
from tabletop.engine.events import Entry
from tabletop.engine.plan import Plan
from tabletop.engine.rights import DRIVER
from tabletop.engine.shuffle import shuffled
from tabletop.engine.standing import open_asks, read_at, unanswered
from tabletop.engine.state import State
from tabletop.exercise.asks import Ask

from .deeds import Behaviour
from .people import PRACTICE_MS, said_by_people, script, waiting_for_a_push
from .reactions import liked

FRESH_MS = 20_000
"""Exercise milliseconds for which a voice is worth a key."""

AT_ONCE_MS = 10_000
"""Voices that close together are several at once."""

IDLE_MS = 15_000
"""After so many milliseconds without a voice, nobody has more to say by himself."""

CARD_MS = 6_000
"""Exercise milliseconds in which a card is handed over."""

LONG_MS = 60_000
"""After so many milliseconds since an inject was read, the next one may come."""

UNHEARD_MS = 180_000
"""After so many milliseconds without a note about a role, it counts as not heard."""

TRIES: tuple[tuple[str, tuple[type[e.AnyEvent], ...]], ...] = (
    ("tip-take-back", (e.Retracted,)),
    ("tip-note", (e.Noted,)),
    ("tip-pause", (e.ClockPaused,)),
    ("tip-skip", (e.InjectSkipped, e.InjectDelayed, e.InjectKeptBack, e.InjectsSlid)),
)
"""What to try in a quiet minute, and how it shows that it was tried."""

ALOUD = frozenset(
    {"speech", "part", "prodded", "other", "choice", "aside", "question", "argument", "voices", "leaving", "returning", "late"}
)


@dataclass(frozen=True, slots=True)
class Advice:
    """One tip: a code of the area `practice`, and whom it is about."""

    code: str
    role: str = ""
    roles: tuple[str, ...] = ()
    minutes: int = 0
    cards: tuple[tuple[str, int], ...] = ()
    """Which number each role holds up."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Something a simulated person said or did, and that nobody has noted yet."""

    role: str
    at_ms: int
    behaviour: Behaviour


def advice(plan: Plan, state: State, entries: Sequence[Entry], now_ms: int, seed: int) -> Advice | None:
    """The tip of this moment; None in an emergency and outside play."""
    if state.phase != "running" or state.emergency is not None:
        return None
    if not state.clock.running:
        return Advice("tip-paused")
    if not state.released:
        return Advice("tip-first")
    return (
        (Advice("tip-end") if now_ms >= PRACTICE_MS else None)
        or _about_a_card(plan, state, now_ms)
        or _about_voices(plan, state, entries, now_ms, seed)
        or _about_reading(plan, state, now_ms)
        or _about_silence(plan, state, entries, now_ms, seed)
        or Advice("tip-listen")
    )


def _about_voices(plan: Plan, state: State, entries: Sequence[Entry], now_ms: int, seed: int) -> Advice | None:
    """What to do about whoever spoke last and was not noted."""
    open_voices = unnoted(plan, state, entries, now_ms, seed)
    if not open_voices:
        return None
    newest = open_voices[-1]
    roles = tuple(dict.fromkeys(voice.role for voice in open_voices if newest.at_ms - voice.at_ms <= AT_ONCE_MS))
    if len(roles) > 2 or (newest.behaviour == "voices" and len(roles) > 1):
        return Advice("tip-voices", newest.role, roles)
    name = "voices-one" if newest.behaviour == "voices" else newest.behaviour
    return Advice(f"tip-{name}", newest.role, roles)


def unnoted(plan: Plan, state: State, entries: Sequence[Entry], now_ms: int, seed: int) -> list[Voice]:
    """What people said lately and the facilitator has not noted, oldest first."""
    why = {(deed.role, deed.at_ms): deed.behaviour for deed in script(plan, state, entries, now_ms, seed)}
    noted: set[str] = set()
    found: list[Voice] = []
    for entry in reversed(entries):
        if entry.exercise_ms < now_ms - FRESH_MS:
            break
        noted.update(_noted_by_facilitator(plan, entry))
        said = said_by_people(entry)
        behaviour = why.get(said) if said is not None else None
        if said is None or behaviour is None or noted & {said[0], behaviour}:
            continue
        if behaviour in ALOUD or behaviour == "early":
            found.append(Voice(*said, behaviour))
    return found[::-1]


def _noted_by_facilitator(plan: Plan, entry: Entry) -> Iterator[str]:
    """The roles of which the facilitator noted something, and what else is seen to by that: a question, an argument."""
    if entry.actor != str(DRIVER):
        return
    match entry.event:
        case (
            e.RoleHeard(role=role)
            | e.AnswerGiven(role=role)
            | e.PersonSeated(role=role)
            | e.PersonLeft(role=role)
            | e.RoleStaffed(role=role)
        ):
            yield role
        case e.DecisionMade(role=role):
            yield from (role, "argument")
        case e.ClockPaused():
            yield "argument"
        case e.Noted(role=role):
            yield from (role, "question")
        case e.ActionMarked(other_role=other) if other:
            yield other
        case e.ActionMarked(action=action) if action in plan.actions:
            yield plan.actions[action][1].by
        case _:
            return


def _about_a_card(plan: Plan, state: State, now_ms: int) -> Advice | None:
    """A private inject is handed over before anything else."""
    inject = plan.inject_by_id.get(state.released[-1])
    released_ms = state.inject(state.released[-1]).released_ms or 0
    return Advice("tip-private", roles=inject.to) if inject is not None and inject.private and now_ms < released_ms + CARD_MS else None


def _about_reading(plan: Plan, state: State, now_ms: int) -> Advice | None:
    read_ms = read_at(state, state.released[-1])
    if state.released[-1] not in plan.inject_by_id or read_ms is None:
        return None
    return Advice("tip-reading") if now_ms < read_ms else None


def _about_silence(plan: Plan, state: State, entries: Sequence[Entry], now_ms: int, seed: int) -> Advice | None:
    """What to do while nobody speaks."""
    read_ms = read_at(state, state.released[-1]) or 0
    spoken_ms = max((note.at_ms for note in state.notes if note.actor != str(DRIVER)), default=0)
    quiet_ms = now_ms - max(read_ms, spoken_ms)
    if quiet_ms < IDLE_MS:
        return None
    if hands := _for_hands(plan, state, seed):
        return hands
    if waiting_for_a_push(plan, state, entries, seed) and _can_prod(plan, state):
        return Advice("tip-push")
    if now_ms - read_ms >= LONG_MS:
        if schedule.due(plan, state, now_ms):
            return Advice("tip-release")
        return Advice("tip-release-shown") if next(schedule.upcoming(plan, state, now_ms), None) is not None else Advice("tip-end")
    return _to_try(entries) or _unheard(plan, state, now_ms)


def _can_prod(plan: Plan, state: State) -> bool:
    inject, record = plan.inject_by_id[state.released[-1]], state.inject(state.released[-1])
    return len(record.probes) < len(inject.probes) or len(record.hints) < len(inject.hints)


def _for_hands(plan: Plan, state: State, seed: int) -> Advice | None:
    """A question to several roles that most have not answered."""
    for ask_id in reversed(open_asks(plan, state)):
        inject, ask = plan.asks[ask_id]
        missing = tuple(role for role in unanswered(plan, state, ask_id) if plan.staffed(state, role))
        if inject.id == state.released[-1] and ask.answer == "choice" and len(missing) > 1:
            return Advice("tip-hands", missing[0], missing, cards=_cards(plan, state, ask, seed))
    return None


def _cards(plan: Plan, state: State, ask: Ask, seed: int) -> tuple[tuple[str, int], ...]:
    """What everybody who was asked holds up, in the order of the name tents: what they answered, or would."""
    inject = plan.asks[ask.id][0]
    numbers = plan.exercise.number_of_role
    options = [option.id for option in shuffled(ask, seed)]
    found = []
    for role in sorted(plan.addressees(state, inject, ask), key=lambda role: numbers.get(role, 0)):
        given = state.ask(ask.id).answers.get(role)
        chosen = given.value[0] if given is not None and isinstance(given.value, tuple) else liked(ask, inject.id, role, seed)
        if plan.staffed(state, role):
            found.append((role, options.index(chosen) + 1))
    return tuple(found)


def _to_try(entries: Sequence[Entry]) -> Advice | None:
    tried = {type(entry.event) for entry in entries if entry.actor == str(DRIVER)}
    return next((Advice(code) for code, shown_by in TRIES if not tried.intersection(shown_by)), None)


def _unheard(plan: Plan, state: State, now_ms: int) -> Advice | None:
    """The role of which nothing was noted for the longest time."""
    times = {role.id: state.heard.get(role.id, 0) for role in plan.exercise.roles if plan.staffed(state, role.id)}
    role = min(times, key=times.__getitem__, default="")
    if not role or now_ms - times[role] < UNHEARD_MS:
        return None
    return Advice("tip-unheard", role, minutes=(now_ms - times[role]) // 60_000)
