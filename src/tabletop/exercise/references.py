"""Names: which ids a file has, each only once, and what must fit together between its parts.

Owns: the ids of every kind, duplicates, the timing of injects, what an answer type needs. Refuses to own: whether a
reference names something, which is checked where it is read (reading.py). Works on data that may have other problems.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .asks import WITH_OPTIONS
from .model import Exercise, actions_of, asks_of
from .nodes import Map, Seq
from .problems import Problems

MOST_INJECTS = 5000

LISTS = {
    "roles": "role",
    "objectives": "objective",
    "phases": "phase",
    "sites": "site",
    "indicators": "indicator",
    "prohibited": "prohibited",
    "cadence": "cadence",
}
"""Lists of a file whose items have ids, and what the items are."""


@dataclass(frozen=True, slots=True)
class Names:
    """Every id of a file."""

    of_kind: dict[str, dict[str, Map]] = field(default_factory=dict)
    """The map in which each id of each kind stands first."""
    options: dict[str, frozenset[str]] = field(default_factory=dict)
    """The options of each ask."""


def maps_in(parent: Map, key: str) -> Iterator[tuple[int, Map]]:
    """The maps of a list, with their places in it; none where there is no list."""
    items = parent.get(key)
    if isinstance(items, Seq):
        for index, item in enumerate(items):
            if isinstance(item, Map):
                yield index, item


def names_of(root: Map, problems: Problems) -> Names:
    """The ids of a file. A duplicate is a problem at its second place."""
    names = Names({kind: {} for kind in (*LISTS.values(), "line", "inject", "ask", "action", "clause", "parameter")})
    for key, kind in LISTS.items():
        for index, item in maps_in(root, key):
            _keep(names.of_kind[kind], item, problems, root, (key, index))
            for at, line in maps_in(item, "lines"):
                _keep(names.of_kind["line"], line, problems, root, (key, index, "lines", at))
    for index, inject in maps_in(root, "injects"):
        loc = ("injects", index)
        _keep(names.of_kind["inject"], inject, problems, root, loc)
        for at, action in maps_in(inject, "expects"):
            _keep(names.of_kind["action"], action, problems, root, (*loc, "expects", at))
        for at, ask in maps_in(inject, "asks"):
            _keep(names.of_kind["ask"], ask, problems, root, (*loc, "asks", at))
            found: dict[str, dict[str, Map]] = {"options": {}, "elements": {}}
            for part, taken in found.items():
                for number, item in maps_in(ask, part):
                    _keep(taken, item, problems, root, (*loc, "asks", at, part, number))
            if isinstance(name := ask.get("id"), str):
                names.options[name] = frozenset(found["options"])
    plan = root.get("plan")
    clauses = plan.get("clauses") if isinstance(plan, Map) else None
    if isinstance(clauses, Map):
        names.of_kind["clause"] = dict.fromkeys(clauses, clauses)
    parameters = root.get("parameters")
    if isinstance(parameters, Map):
        names.of_kind["parameter"] = dict.fromkeys(parameters, parameters)
    return names


def ids_of(exercise: Exercise) -> dict[str, dict[str, object]]:
    """Every id of an exercise, by kind."""
    found: dict[str, dict[str, object]] = {kind: {part.id: part for part in getattr(exercise, key)} for key, kind in LISTS.items()}
    found["line"] = {line.id: line for objective in exercise.objectives for line in objective.lines}
    found["inject"] = dict(exercise.inject_by_id)
    found["ask"] = dict(asks_of(exercise.injects))
    found["action"] = dict(actions_of(exercise.injects))
    found["clause"] = dict(exercise.plan.clauses) if exercise.plan is not None else {}
    found["parameter"] = dict(exercise.parameters)
    return found


def _keep(taken: dict[str, Map], item: Map, problems: Problems, root: Map, loc: tuple[str | int, ...]) -> None:
    name = item.get("id")
    if isinstance(name, str) and name not in taken:
        taken[name] = item
    elif isinstance(name, str):
        first, here = taken[name].place("id"), item.place("id")
        where = str(first.line) if first.path == here.path else f"{first.path}:{first.line}"
        problems.add_at(root, (*loc, "id"), "problems.duplicate-id", given=name, first=where)


def check_injects(root: Map, problems: Problems, *, timed: bool = True) -> None:
    """What the injects of a file must have beside their shape: one time each (`timed`), answers that fit, no cycle."""
    injects = root.get("injects")
    if isinstance(injects, Seq) and len(injects) > MOST_INJECTS:
        problems.add_at(root, ("injects", MOST_INJECTS), "problems.too-many-injects", limit=MOST_INJECTS)
    for index, inject in maps_in(root, "injects"):
        loc = ("injects", index)
        if "use" in inject:
            continue
        if "at" in inject and "after" in inject:
            problems.add_at(root, (*loc, "after"), "problems.at-and-after", of_key=True)
        elif timed and "at" not in inject and "after" not in inject:
            problems.add_at(root, (*loc, "at"), "problems.at-or-after")
        for at, ask in maps_in(inject, "asks"):
            _check_answer(root, (*loc, "asks", at), ask, problems)
    _check_cycles(root, problems)


def _check_answer(root: Map, loc: tuple[str | int, ...], ask: Map, problems: Problems) -> None:
    answer = ask.get("answer")
    for part, needed in (("options", answer in WITH_OPTIONS), ("elements", answer == "report")):
        given = ask.get(part)
        if needed and (part not in ask or given == []):
            problems.add_at(root, (*loc, part), f"problems.{part}-needed", answer=answer)
        elif not needed and isinstance(answer, str) and given:
            problems.add_at(root, (*loc, part), f"problems.{part}-unwanted", of_key=True)


def _check_cycles(root: Map, problems: Problems) -> None:
    """Injects that wait for each other, or for themselves."""
    waits: dict[str, tuple[str, int]] = {}
    for index, inject in maps_in(root, "injects"):
        after, name = inject.get("after"), inject.get("id")
        if isinstance(name, str) and isinstance(after, Map) and isinstance(before := after.get("inject"), str):
            waits.setdefault(name, (before, index))
    settled: set[str] = set()
    for start in waits:
        path: list[str] = []
        name = start
        while name in waits and name not in settled:
            settled.add(name)
            path.append(name)
            name = waits[name][0]
        if name in path:
            cycle = [*path[path.index(name) :], name]
            problems.add_at(root, ("injects", waits[name][1], "after", "inject"), "problems.cycle", path=" → ".join(cycle))


def check_roles(root: Map, problems: Problems) -> None:
    """Digits of roles, each only once."""
    taken: dict[int, str] = {}
    for index, role in maps_in(root, "roles"):
        number = role.get("number")
        if isinstance(number, int) and not isinstance(number, bool):
            if number in taken:
                problems.add_at(root, ("roles", index, "number"), "problems.duplicate-number", given=number, first=taken[number])
            taken.setdefault(number, str(role.get("id", "")))


def check_languages(root: Map, problems: Problems) -> tuple[str, ...]:
    """The languages a file promises, as far as it says so in a usable way."""
    languages = root.get("languages")
    if not isinstance(languages, Seq):
        return ()
    kept: list[str] = []
    for index, language in enumerate(languages):
        if language in kept:
            problems.add_at(root, ("languages", index), "problems.duplicate-item", given=language)
        elif isinstance(language, str):
            kept.append(language)
    return tuple(kept)
