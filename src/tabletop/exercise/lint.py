"""Lints: what can be played and merely looks wrong. Each has a code; `accept:` in the file silences it.

Owns: the looking. Refuses to own: anything that makes a file unplayable, which is a problem.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from tabletop.text import Text, count_han, count_words

from .injects import ExpectedAction, Inject
from .model import Deck, Exercise
from .nodes import Loc, Map, locate
from .problems import Problem, near, problem
from .reach import actions_named, due_times, unreached
from .source import Comment

MOST_OBJECTIVES = 6
MOST_CRITICAL = 6
MOST_CRITICAL_PERCENT = 30
MOST_ASKS = 12
MOST_ASKS_OF_INJECT = 2
MOST_OPEN = 3
MOST_WORDS = 100
MOST_HAN = 200
OPEN_WITHOUT_DEADLINE = 120
"""Seconds an ask without a deadline is thought to stay open."""

TEXT_KEYS = frozenset(
    (
        "title", "text", "summary", "setting", "duty", "short", "meanwhile", "handling", "muster", "question", "notes", "probes", "hints",
        "props", "from", "live_standard", "because",
    )
)  # fmt: skip
"""Keys whose values people read; a comment behind one may be the end of the text."""


class Lint(NamedTuple):
    """One finding: a code, what it is about, and where that is written."""

    code: str
    on: str
    loc: Loc
    values: Mapping[str, object] = MappingProxyType({})


def lint_exercise(exercise: Exercise, data: Map, comments: Sequence[Comment]) -> tuple[Problem, ...]:
    """Every lint of an exercise that it does not accept, in the order of the file."""
    found = [*_of_injects(exercise.injects), *_of_exercise(exercise)]
    told = [(lint.code, lint.on, _problem(lint, data)) for lint in found] + list(_comments(comments, exercise.languages, exercise.id))
    accepted = {(accept.lint, accept.on): index for index, accept in enumerate(exercise.accept)}
    silenced = {accepted[code, on] for code, on, _ in told if (code, on) in accepted}
    kept = {warning for code, on, warning in told if (code, on) not in accepted}
    for index, accept in enumerate(exercise.accept):
        if index not in silenced:
            values = {"given": accept.lint, **({} if accept.lint in CODES else near(accept.lint, CODES))}
            kept.add(_problem(Lint("unused-accept", accept.on, ("accept", index), values), data))
    return tuple(sorted(kept))


def lint_deck(deck: Deck, data: Map, comments: Sequence[Comment]) -> tuple[Problem, ...]:
    """The lints that mean something before an exercise takes the injects."""
    told = [_problem(lint, data) for lint in _of_injects(deck.injects)]
    return tuple(sorted({*told, *(warning for _, _, warning in _comments(comments, deck.languages, deck.deck))}))


def _problem(lint: Lint, data: Map) -> Problem:
    found = locate(data, lint.loc)
    used = {"used": f"{found.used.path}:{found.used.line}"} if found.used is not None else {}
    return problem(f"lint.{lint.code}", found.place, found.key, {"on": lint.on, **lint.values, **used}, "warning")


def _comments(comments: Sequence[Comment], languages: Sequence[str], name: str) -> Iterator[tuple[str, str, Problem]]:
    for comment in comments:
        if comment.key in TEXT_KEYS or comment.key in languages:
            owners = [str(owner["id"]) for owner in comment.owners if isinstance(owner.get("id"), str)]
            on = owners[-1] if owners else name
            yield "comment", on, problem("lint.comment", comment.place, comment.key, {"on": on}, "warning")


def _actions(injects: Iterable[Inject]) -> Iterator[tuple[Loc, ExpectedAction]]:
    for index, inject in enumerate(injects):
        for at, action in enumerate(inject.expects):
            yield ("injects", index, "expects", at), action


def _of_injects(injects: Sequence[Inject]) -> Iterator[Lint]:
    for index, inject in enumerate(injects):
        loc = ("injects", index)
        if len(inject.asks) > MOST_ASKS_OF_INJECT:
            values: dict[str, object] = {"n": len(inject.asks), "limit": MOST_ASKS_OF_INJECT}
            yield Lint("many-asks-of-inject", inject.id, (*loc, "asks"), values)
        if _long(inject.text):
            yield Lint("long-text", inject.id, (*loc, "text"), {"words": MOST_WORDS, "han": MOST_HAN})
        if inject.cue is not None and not inject.held:
            yield Lint("cue-without-hold", inject.id, (*loc, "cue"))
    for where, action in _actions(injects):
        if action.criticality == "critical" and action.within is None:
            yield Lint("no-deadline", action.id, where)


def _long(text: Text) -> bool:
    """Whether a text takes too long to read aloud in any language. Counting is slow, so what cannot be too long is not counted."""
    for said in text.values() if isinstance(text, dict) else (text,):
        if len(said) > MOST_HAN and (
            (len(said.split()) > MOST_WORDS and count_words(said) > MOST_WORDS) or (not said.isascii() and count_han(said) > MOST_HAN)
        ):
            return True
    return False


def _of_exercise(exercise: Exercise) -> Iterator[Lint]:
    yield from _objectives(exercise)
    yield from _critical(exercise)
    yield from _roles(exercise)
    yield from _timing(exercise)
    yield from _links(exercise)
    asks = [(("injects", index, "asks", at), ask) for index, inject in enumerate(exercise.injects) for at, ask in enumerate(inject.asks)]
    if len(asks) > MOST_ASKS:
        yield Lint("many-asks", exercise.id, asks[MOST_ASKS][0], {"n": len(asks), "limit": MOST_ASKS})
    if exercise.real_emergency is None:
        yield Lint("no-emergency", exercise.id, ())
    if not any(inject.kind == "recovery" for inject in exercise.injects):
        yield Lint("no-recovery", exercise.id, ("injects",))
    if any(inject.core for inject in exercise.injects):
        for index, phase in enumerate(exercise.phases):
            played = [inject.core for inject in exercise.injects if inject.phase == phase.id]
            if played and not any(played):
                yield Lint("phase-without-core", phase.id, ("phases", index))


def _objectives(exercise: Exercise) -> Iterator[Lint]:
    if len(exercise.objectives) > MOST_OBJECTIVES:
        values: dict[str, object] = {"n": len(exercise.objectives), "limit": MOST_OBJECTIVES}
        yield Lint("many-objectives", exercise.id, ("objectives", MOST_OBJECTIVES), values)
    resting = Counter(action.objective for _, action in _actions(exercise.injects))
    has_core = any(inject.core for inject in exercise.injects)
    core = {action.objective for inject in exercise.injects if inject.core for action in inject.expects}
    for index, objective in enumerate(exercise.objectives):
        if resting[objective.id] <= 1 and not objective.lines:
            yield Lint("single-action", objective.id, ("objectives", index), {"n": resting[objective.id]})
        if objective.core and has_core and objective.id not in core:
            yield Lint("core-objective", objective.id, ("objectives", index))


def _critical(exercise: Exercise) -> Iterator[Lint]:
    actions = list(_actions(exercise.injects))
    critical = [(loc, action) for loc, action in actions if action.criticality == "critical"]
    if len(critical) > MOST_CRITICAL or len(critical) * 100 > MOST_CRITICAL_PERCENT * len(actions):
        values: dict[str, object] = {"n": len(critical), "total": len(actions), "limit": MOST_CRITICAL, "percent": MOST_CRITICAL_PERCENT}
        yield Lint("many-critical", exercise.id, critical[-1][0], values)
    names = {action.id for _, action in critical}
    cues = (inject.cue for inject in exercise.injects if inject.held and inject.cue is not None)
    if critical and not any(names & actions_named(cue) for cue in cues):
        yield Lint("no-hold", exercise.id, critical[0][0])


def _roles(exercise: Exercise) -> Iterator[Lint]:
    addressed = {cadence.by for cadence in exercise.cadence}
    for inject in exercise.injects:
        addressed |= {*inject.to, *(action.by for action in inject.expects)}
        for ask in inject.asks:
            addressed |= set(ask.to or inject.to or (role.id for role in exercise.roles if not role.simulated))
            addressed |= {option.acting for option in ask.options if option.acting is not None}
    for index, role in enumerate(exercise.roles):
        if role.id not in addressed and role.meanwhile is None and not role.simulated:
            yield Lint("idle-role", role.id, ("roles", index))
    first: dict[tuple[str, str], str] = {}
    for index, role in enumerate(exercise.roles):
        shorts = {language: role.short_name(language) for language in exercise.languages}
        others = [(short, first.setdefault((language, short.casefold()), role.id)) for language, short in shorts.items()]
        shared = next(((short, other) for short, other in others if other != role.id), None)
        if shared is not None:
            yield Lint("same-short", role.id, ("roles", index), {"short": shared[0], "other": shared[1]})


def _links(exercise: Exercise) -> Iterator[Lint]:
    restored = {inject.restore.site for inject in exercise.injects if inject.restore is not None}
    for index, inject in enumerate(exercise.injects):
        if inject.cut is not None and inject.cut.site not in restored:
            yield Lint("cut-stays", inject.id, ("injects", index, "cut"), {"site": inject.cut.site})


def _timing(exercise: Exercise) -> Iterator[Lint]:
    places = {inject.id: index for index, inject in enumerate(exercise.injects)}
    due = due_times(exercise.injects)
    for name, seconds in due.items():
        if seconds > exercise.duration:
            yield Lint("after-end", name, ("injects", places[name], "at"))
    for name in unreached(exercise):
        yield Lint("unreached", name, ("injects", places[name], "when"))
    open_until: dict[str, list[int]] = {}
    told: set[str] = set()
    everybody = tuple(role.id for role in exercise.roles if not role.simulated)
    for inject in sorted((inject for inject in exercise.injects if inject.id in due and inject.when is None), key=lambda one: due[one.id]):
        begins = due[inject.id]
        for at, ask in enumerate(inject.asks):
            ends = begins + (inject.read or 0) + (OPEN_WITHOUT_DEADLINE if ask.within is None else ask.within)
            for role in ask.to or inject.to or everybody:
                still = [end for end in open_until.get(role, ()) if end > begins]
                open_until[role] = [*still, ends]
                if len(still) >= MOST_OPEN and role not in told:
                    told.add(role)
                    values: dict[str, object] = {"n": len(still) + 1, "limit": MOST_OPEN}
                    yield Lint("many-open", role, ("injects", places[inject.id], "asks", at), values)


CODES = (
    "after-end",
    "comment",
    "core-objective",
    "cue-without-hold",
    "cut-stays",
    "idle-role",
    "long-text",
    "many-asks",
    "many-asks-of-inject",
    "many-critical",
    "many-objectives",
    "many-open",
    "no-deadline",
    "no-emergency",
    "no-hold",
    "no-recovery",
    "phase-without-core",
    "same-short",
    "single-action",
    "unreached",
    "unused-accept",
)
"""Every lint there is."""
