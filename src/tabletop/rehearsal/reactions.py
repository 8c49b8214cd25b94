"""How the simulated people take one inject: who speaks in which order, who answers how, who waits to be asked. Pure.

Times are milliseconds from when the inject has been read. People take turns; what they say comes from what the exercise expects
of them, from the options of its questions, and from what people say beside the point.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tabletop.engine.plan import Plan
from tabletop.exercise.asks import Ask
from tabletop.exercise.injects import ExpectedAction, Inject

from .casting import Cast
from .chance import chance, ordered
from .deeds import Deed, Line

FIRST_TURN_MS, TURN_MS = (3_000, 7_000), (9_000, 16_000)
"""When the first voice is heard, and how long after it the next: at least and at most."""

VOICES_MS = (0, 2_500, 6_000)
"""When three people speak nearly at once."""

ARGUING_MS = 5_000
"""How long one answers the other in an argument."""

DEVICE_MS = (9_000, 40_000)
"""When somebody answers at their own device."""

PHRASES = {"action": 4, "part": 3, "other": 3, "choice": 3, "aside": 6, "question": 4, "reason": 3}
"""How many ways of saying it the word tables have: `practice.action-1` and so on."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What follows an inject."""

    deeds: tuple[Deed, ...]
    waiting: tuple[tuple[str, str], ...]
    """Expected actions of which nobody speaks unless asked, with the role that will."""


@dataclass(frozen=True, slots=True)
class _Draw:
    """Chance about one inject."""

    seed: int
    inject: str
    ordinal: int
    """How many were released before it."""

    def at(self, *what: object) -> float:
        return chance(self.seed, self.inject, *what)

    def within(self, span: tuple[int, int], *what: object) -> int:
        """Milliseconds within `span`; odd ones, so that two people seldom do something in the same one."""
        return span[0] + int(self.at(*what) * (span[1] - span[0]))

    def phrase(self, name: str, *what: object) -> str:
        """A way of saying it, drawn."""
        return f"{name}-{1 + int(self.at(*what, 'phrase') * PHRASES[name])}"

    def next_phrase(self, name: str, further: int = 0) -> str:
        """A way of saying it, another with each inject, so that nobody hears the same one soon again."""
        begin = int(chance(self.seed, name) * PHRASES[name])
        return f"{name}-{1 + (begin + self.ordinal + further) % PHRASES[name]}"


@lru_cache(maxsize=512)
def reaction_to(plan: Plan, inject_id: str, cast: Cast, special: frozenset[str], ordinal: int, seed: int) -> Reaction:
    """What people do about an inject, released after `ordinal` others. `special` are the things that happen once and happen here."""
    inject = plan.inject_by_id[inject_id]
    draw = _Draw(seed, inject_id, ordinal)
    spoken, waiting = _about_actions(plan, inject, cast, draw)
    answers, choosing = _answers(inject, cast, "early" in special, draw)
    turns = [*_voices(spoken, cast.steady, draw)] if "voices" in special else []
    quarrel = tuple(_argument(inject, cast.steady, draw)) if "argument" in special else ()
    said = {(turn.role, turn.line) for turn in turns}
    rest = [turn for turn in (*spoken, *choosing) if (turn.role, turn.line) not in said]
    beside = list(_beside(inject, cast.talkers, draw))
    deeds = [
        *_in_turn(turns, [*rest[:1], *beside[:1], *rest[1:], *beside[1:]], quarrel, draw),
        *answers,
        *_receipts(inject, cast.talkers, draw),
    ]
    return Reaction(tuple(deeds), waiting)


def _in_turn(voices: list[Deed], rest: list[Deed], quarrel: tuple[Deed, ...], draw: _Draw) -> Iterator[Deed]:
    """One after the other, at the pace of people who think; the argument after the first one."""
    now = draw.within(FIRST_TURN_MS, "begin")
    for number, deed in enumerate(voices):
        yield _at(deed, now + VOICES_MS[number])
    if voices:
        now += VOICES_MS[-1] + draw.within(TURN_MS, "after voices")
    for number, deed in enumerate(rest):
        yield _at(deed, now)
        now += draw.within(TURN_MS, "turn", number)
        if number == 0:
            for step in quarrel:
                yield _at(step, now)
                now += ARGUING_MS
            now += ARGUING_MS if quarrel else 0
    if not rest:
        yield from (_at(step, now + number * ARGUING_MS) for number, step in enumerate(quarrel))


def _at(deed: Deed, at_ms: int) -> Deed:
    return Deed(at_ms, deed.role, deed.behaviour, deed.line, deed.ask, deed.value)


def _about_actions(plan: Plan, inject: Inject, cast: Cast, draw: _Draw) -> tuple[list[Deed], tuple[tuple[str, str], ...]]:
    """Who speaks of which expected action, and of which nobody does unless asked."""
    spoken: list[Deed] = []
    waiting: list[tuple[str, str]] = []
    for action in inject.expects:
        if action.by not in cast.people:
            continue
        if action.by == cast.silent:
            waiting.append((action.id, action.by))
            continue
        sure = draw.ordinal == 0 and not spoken
        part = 0.0 if sure else draw.at(action.id)
        others = [role for role in ordered(cast.talkers, draw.seed, action.id, "other") if role != action.by]
        if part < 0.55:
            spoken.append(_speech(action, draw, len(spoken)))
        elif part < 0.7 and _divisible(action, plan):
            spoken.append(Deed(0, action.by, "part", Line(draw.next_phrase("part", len(spoken)), action.id, whole=False)))
        elif part < 0.82 and others:
            spoken.append(Deed(0, others[0], "other", Line(draw.next_phrase("other", len(spoken)), action.id, role=action.by)))
        else:
            waiting.append((action.id, action.by))
    return spoken, tuple(waiting)


CLAUSES = frozenset(",;:，；：")
"""Where a title can be broken off."""


def _divisible(action: ExpectedAction, plan: Plan) -> bool:
    """Whether an action can be told in part."""
    title = action.title if isinstance(action.title, str) else action.title.get(plan.language, "")
    return bool(CLAUSES & set(title))


def _speech(action: ExpectedAction, draw: _Draw, further: int) -> Deed:
    decides = action.category == "decide" and draw.at(action.id, "decides") < 0.5
    if decides:
        return Deed(0, action.by, "decision", Line("decision", action.id))
    return Deed(0, action.by, "speech", Line(draw.next_phrase("action", further), action.id))


def _voices(spoken: list[Deed], steady: tuple[str, ...], draw: _Draw) -> Iterator[Deed]:
    """Three different people nearly at once: those who have something to do first."""
    own = [deed for deed in spoken if deed.role in steady and deed.behaviour != "decision"]
    seen: set[str] = set()
    for deed in own:
        if deed.role not in seen and len(seen) < len(VOICES_MS):
            seen.add(deed.role)
            yield Deed(0, deed.role, "voices", deed.line)
    for role in ordered(steady, draw.seed, draw.inject, "voices"):
        if len(seen) == len(VOICES_MS):
            return
        if role not in seen:
            seen.add(role)
            yield Deed(0, role, "voices", Line(draw.next_phrase("aside", 2 + len(seen)), inject=draw.inject))


def _argument(inject: Inject, steady: tuple[str, ...], draw: _Draw) -> Iterator[Deed]:
    """Two roles about two options: the one who is asked, and another."""
    ask = next(ask for ask in inject.asks if ask.answer in ("choice", "choices") and len(ask.options) > 1)
    asked = [role for role in (ask.to or inject.to) if role in steady]
    order = [*asked, *(role for role in ordered(steady, draw.seed, draw.inject, "argue") if role not in asked)]
    one, other = order[0], order[-1] if len(asked) < 2 else order[1]
    options = ordered((option.id for option in ask.options), draw.seed, ask.id, "argue")
    for step, (role, option) in enumerate(((one, options[0]), (other, options[1]), (one, options[0]), (other, options[1])), start=1):
        yield Deed(0, role, "argument", Line(f"argue-{step}", ask=ask.id, option=option))


def _beside(inject: Inject, talkers: tuple[str, ...], draw: _Draw) -> Iterator[Deed]:
    """What is said beside the point, and what the facilitator is asked."""
    busy = {action.by for action in inject.expects}
    idle = [role for role in ordered(talkers, draw.seed, draw.inject, "beside") if role not in busy] or list(talkers)
    if draw.at("aside") < 0.75 and idle:
        yield Deed(0, idle[0], "aside", Line(draw.next_phrase("aside"), inject=draw.inject))
    if draw.at("question") < 0.45 and idle:
        yield Deed(0, idle[-1], "question", Line(draw.next_phrase("question"), inject=draw.inject))


def _answers(inject: Inject, cast: Cast, early: bool, draw: _Draw) -> tuple[list[Deed], list[Deed]]:
    """Who answers at their own device, and who says aloud what they choose; the rest stay silent."""
    own: list[Deed] = []
    aloud: list[Deed] = []
    for ask in inject.asks:
        for role in ask.to or inject.to or cast.people:
            if role not in cast.people:
                continue
            part = draw.at(ask.id, role, "how")
            if early and role in cast.steady:
                early = False
                own.append(_answer(ask, role, "early", draw))
            elif role == cast.silent:
                own.extend([_answer(ask, role, "answer", draw)] if part < 0.5 else [])
            elif part < 0.45:
                own.append(_answer(ask, role, "answer", draw))
            elif part < 0.75 and ask.answer == "choice":
                line = Line(draw.phrase("choice", ask.id, role), ask=ask.id, option=liked(ask, draw.inject, role, draw.seed))
                aloud.append(Deed(0, role, "choice", line))
    return own, aloud


def _answer(ask: Ask, role: str, behaviour: str, draw: _Draw) -> Deed:
    at_ms = draw.within(DEVICE_MS, ask.id, role, "when")
    reason = Line(draw.phrase("reason", ask.id, role), ask=ask.id)
    value: tuple[str, ...] | float | bool | None
    match ask.answer:
        case "choice":
            value = (liked(ask, draw.inject, role, draw.seed),)
        case "choices":
            value = ordered((option.id for option in ask.options), draw.seed, ask.id, role)[: 1 + int(draw.at(ask.id, role, "n") * 2)]
        case "order":
            value = ordered((option.id for option in ask.options), draw.seed, ask.id, role)
        case "number":
            value = float(1 + int(draw.at(ask.id, role, "number") * 20))
        case "confirm":
            value = True
        case "report":
            value = tuple(element.id for element in ask.elements if draw.at(ask.id, role, element.id) < 0.7) or (ask.elements[0].id,)
        case "text":
            value, reason = None, Line("written", ask=ask.id, inject=draw.inject)
    if behaviour == "early":
        return Deed(0, role, "early", reason, ask.id, value, of_release=0.3 + 0.4 * draw.at("early"))
    return Deed(at_ms, role, "answer", reason, ask.id, value)


def liked(ask: Ask, inject_id: str, role: str, seed: int) -> str:
    """The option somebody is for: as often as not one that does something expected."""
    good = [option.id for option in ask.options if option.does]
    every = [option.id for option in ask.options]
    prefers = good and chance(seed, inject_id, ask.id, role, "good") < 0.5
    return ordered(good if prefers else every, seed, ask.id, role, "likes")[0]


def _receipts(inject: Inject, talkers: tuple[str, ...], draw: _Draw) -> Iterator[Deed]:
    """Most confirm receipt, where it is asked for."""
    if inject.acknowledge is None:
        return
    for role in inject.to or talkers:
        if role in talkers and draw.at(role, "receipt") < 0.8:
            yield Deed(draw.within((4_000, 20_000), role, "receipt when"), role, "receipt", acknowledges=inject.id)
