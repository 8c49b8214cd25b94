"""What a plan leads to by itself: when injects fall due, and which ones no path reaches. Worked out from the file alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from .conditions import ActionIs, Answered, Breached, Condition, Elapsed, Every, Not, NotDoneWithin, ParameterIs, Released, Some
from .injects import Inject
from .model import Exercise, actions_of, asks_of


def due_times(injects: Iterable[Inject]) -> dict[str, int]:
    """Seconds at which injects fall due if everything before them was released in time; without those that are held back."""
    by_id = {inject.id: inject for inject in injects}
    due: dict[str, int | None] = {}
    for inject in by_id.values():
        chain = [inject]
        while chain[-1].id not in due and chain[-1].after is not None:
            chain.append(by_id[chain[-1].after.inject])
        for link in reversed(chain):
            if link.id not in due:
                before = due[link.after.inject] if link.after is not None else None
                fixed = link.at if isinstance(link.at, int) else None
                due[link.id] = fixed if link.after is None else None if before is None else before + link.after.delay
    return {name: seconds for name, seconds in due.items() if seconds is not None}


def parts_of(condition: Condition) -> Iterator[Condition]:
    """A condition and every condition in it."""
    waiting: list[Condition] = [condition]
    while waiting:
        part = waiting.pop()
        yield part
        match part:
            case Every(all=inner) | Some(any=inner):
                waiting.extend(inner)
            case Not(not_=only):
                waiting.append(only)
            case _:
                pass


def actions_named(condition: Condition) -> set[str]:
    """The expected actions a condition looks at."""
    return {part.action for part in parts_of(condition) if isinstance(part, ActionIs | NotDoneWithin)}


def unreached(exercise: Exercise) -> list[str]:
    """Injects that no path reaches, whatever is answered and done, in file order."""
    source_of = {name: inject.id for name, (inject, _) in asks_of(exercise.injects).items()}
    source_of_action = {name: inject.id for name, (inject, _) in actions_of(exercise.injects).items()}
    waiting: Mapping[str, list[Inject]] = defaultdict(list)
    reached: set[str] = set()

    def possible(condition: Condition) -> bool:
        match condition:
            case Released(released=name):
                return name in reached
            case Answered(answer=name):
                return source_of[name] in reached
            case ActionIs(action=name) | NotDoneWithin(action=name):
                return source_of_action[name] in reached
            case Elapsed(elapsed=seconds):
                return seconds <= exercise.duration
            case ParameterIs() | Breached() | Not():
                return True
            case Every(all=inner):
                return all(possible(part) for part in inner)
            case Some(any=inner):
                return any(possible(part) for part in inner)
            case _:
                assert_never(condition)

    def sources(inject: Inject) -> Iterator[str]:
        if inject.after is not None:
            yield inject.after.inject
        for part in parts_of(inject.when) if inject.when is not None else ():
            if isinstance(part, Released):
                yield part.released
            elif isinstance(part, Answered):
                yield source_of[part.answer]
            elif isinstance(part, ActionIs | NotDoneWithin):
                yield source_of_action[part.action]

    for inject in exercise.injects:
        for name in set(sources(inject)):
            waiting[name].append(inject)
    look = list(exercise.injects)
    while look:
        inject = look.pop()
        if inject.id in reached or (inject.after is not None and inject.after.inject not in reached):
            continue
        if inject.when is None or possible(inject.when):
            reached.add(inject.id)
            look.extend(waiting[inject.id])
    return [inject.id for inject in exercise.injects if inject.id not in reached]
