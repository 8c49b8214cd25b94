"""An exercise in which every string is a token of its own, and who may see each of them from when: what leaks says what it is.

marked = canary(EXERCISE)                       # a shipped exercise, every text and id of it replaced
marked.text                                     # what a run stores; `marked.write(path)` makes a file of it
right = marked.rights[token]                    # alternatives: who, and after what
seat = Watched("teller", frozenset({marked.ids["teller-1"]}), received)
seat.check(marked, {"released:" + marked.ids["knife-at-counter-2"]})     # raises Leak

Who may see what is the table `RIGHTS`, read off the place in the file alone: a second, independent word on what `engine.seats` gives
out. A place that is not named there belongs to nobody but the facilitator.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from tabletop.exercise.asks import AnswerType, Ask
from tabletop.exercise.injects import Inject
from tabletop.exercise.loading import bind, canonical, load_exercise
from tabletop.exercise.model import Exercise, Parameter
from tabletop.exercise.parts import Part, Words
from tabletop.library import Library

TOKEN = re.compile(r"qz[0-9]{4}")
"""Six cells, so that the short name of a role holds one; small letters and digits, so that an id is one."""

NEVER = "never"

NO_TOKENS = frozenset({"format", "languages", "subject", "type", "accept", "attachments", "level"})
"""Keys whose strings are no texts and no ids of the file."""

LITERAL = frozenset(
    {"kind", "category", "criticality", "rationale", "release", "alert", "deliver", "state", "at", "every", "within", "delay"}
)
"""Keys whose values mean something to the program: an id that happens to be spelled like one stays."""


EVERYBODY, OUTSIDE, CARDS, BY_NAME, JUDGES, EVALUATORS = "everybody", "outside", "cards", "by name", "judges", "evaluators"
"""Whoever is in the room at all; who is not, but at its door; join cards, which lie about; programs that say which run they opened;
evaluators and recorders; evaluators alone."""

ALWAYS, STARTED, RELEASED, REVEALED, EMERGENCY = "", "started", "released", "revealed", "emergency"
"""From when: at once; from STARTEX; once the inject was released; once the answers to the ask were; once an emergency is confirmed."""

SAID, ENDED = "said", "ended"
"""From when the log has it, for what is typed; from ENDEX."""

TOLD, ASKED, ROLE = "whom it is told", "who is asked", "the role"
SITE, OWNER_SITE = "the controller of the one site it goes to", "the controller of the owner's site"
TOLD_SITES, ASKED_SITES = "the controllers of the sites of those it is told", "the controllers of the sites of those who are asked"

TOLD_KEYS = "injects.*.id injects.*.title injects.*.text injects.*.from"
ASK_KEYS = "injects.*.asks.*.id injects.*.asks.*.question"
OPTION_KEYS = "injects.*.asks.*.options.*.id injects.*.asks.*.options.*.text"
ELEMENT_KEYS = "injects.*.asks.*.elements.*.id injects.*.asks.*.elements.*.title"
ACTION_KEYS = "injects.*.expects.*.id injects.*.expects.*.title"
BEHIND_KEYS = "injects.*.notes injects.*.probes.* injects.*.hints.* injects.*.props.*"

RIGHTS: tuple[tuple[str, str, str], ...] = (
    ("title handling setting", EVERYBODY, ALWAYS),
    ("handling", OUTSIDE, ALWAYS),
    ("handling roles.*.title sites.*.title", CARDS, ALWAYS),
    # The name of a run begins with the exercise's.
    ("id", BY_NAME, ALWAYS),
    ("real_emergency.number real_emergency.muster", EVERYBODY, EMERGENCY),
    ("sites.*.id sites.*.title", EVERYBODY, ALWAYS),
    ("roles.*.id roles.*.title roles.*.short", EVERYBODY, ALWAYS),
    ("roles.*.duty", ROLE, ALWAYS),
    # What is told: to its roles, or the room. Those who judge see it with them, and so does the controller of a site whose roles are told.
    # What is the site's alone its controller handles.
    (TOLD_KEYS, TOLD, RELEASED),
    (TOLD_KEYS, JUDGES, RELEASED),
    (TOLD_KEYS, TOLD_SITES, RELEASED),
    (f"{TOLD_KEYS} {BEHIND_KEYS}", SITE, ALWAYS),
    (BEHIND_KEYS, JUDGES, RELEASED),
    (f"{ASK_KEYS} {OPTION_KEYS} {ELEMENT_KEYS}", ASKED, RELEASED),
    (f"{ASK_KEYS} {OPTION_KEYS} {ELEMENT_KEYS}", JUDGES, RELEASED),
    (ASK_KEYS, SITE, RELEASED),
    (ASK_KEYS, ASKED_SITES, RELEASED),
    (f"{ASK_KEYS} {OPTION_KEYS}", TOLD, REVEALED),
    # What is expected: never a player's.
    (ACTION_KEYS, JUDGES, RELEASED),
    (ACTION_KEYS, OWNER_SITE, RELEASED),
    ("prohibited.*.id prohibited.*.title", EVALUATORS, STARTED),
    ("objectives.*.id objectives.*.title objectives.*.lines.*.id objectives.*.lines.*.title", EVALUATORS, ALWAYS),
)
"""Places of the file, `*` for a number or a name; who may see what stands there; from when (issue 4: *seat_view*, *Site controllers*;
safety: T11; semantics: *Who may append what*). A place that is not here is the facilitator's: summary, plan, parameters, phases,
indicators, cadence, effects of options, conditions, what a role does meanwhile."""


@dataclass(frozen=True, slots=True)
class Right:
    """Who may see something, and after what."""

    who: frozenset[str] | None
    """Seats with one of these roles, and whoever else is named so (`JUDGES`, `controls:SITE`); None: everybody in the room."""
    after: str = ""
    """`started`, `released:INJECT`, `revealed:ASK`, `named:ASK`, `said:TOKEN`, `emergency`, or `never`; empty: always."""

    def gives(self, who: frozenset[str]) -> bool:
        """Whether somebody who is all these has it, in time."""
        return OUTSIDE not in who if self.who is None else bool(self.who & who)


def everybody(after: str = "") -> Right:
    return Right(None, after)


def only(*who: str, after: str = "") -> Right:
    return Right(frozenset(who), after)


def controls(site: str) -> str:
    """How the controller of a site is named in rights."""
    return f"controls:{site}"


class Leak(AssertionError):
    """Somebody got what is not theirs, or not yet."""


@dataclass
class Canary:
    """An exercise of tokens. `ids` and `texts` lead from what the exercise says to its tokens."""

    text: str
    """As a run stores it."""
    ids: dict[str, str]
    places: dict[str, list[str]]
    """Where each token stands in the file, for people."""
    rights: dict[str, tuple[Right, ...]] = field(default_factory=dict)

    @property
    def exercise(self) -> Exercise:
        return bind(self.text, {})

    def write(self, path: Path) -> Path:
        """A file that `tabletop run` takes."""
        path.write_text(self.text, encoding="utf-8", newline="\n")
        return path

    def typed(self, what: str, *rights: Right) -> str:
        """A token for something that is typed in during play."""
        token = f"qz{9000 + sum(name.startswith('qz9') for name in self.places):04}"
        self.places[token] = [what]
        self.rights[token] = tuple(replace(right, after=f"said:{token}") if right.after == SAID else right for right in rights)
        return token

    def may_see(self, token: str, who: frozenset[str], happened: Iterable[str]) -> bool:
        """Whether a seat of the roles `who`, or whoever else is named so, may see a token by now; nobody in particular: the wall."""
        done = {"", *happened}
        return any(right.after in done and right.gives(who) for right in self.rights[token])


@dataclass
class Watched:
    """Somebody who plays, and every byte that came to them."""

    name: str
    who: frozenset[str]
    received: Callable[[], bytes]
    grows: bool = False
    """Whether `received` gives all bytes from the first one on, so that each is looked at once; else what is there now."""
    _seen: set[str] = field(default_factory=set)
    _looked: int = 0

    def seen(self) -> set[str]:
        """Every token that came so far."""
        received = self.received()
        begin = max(0, self._looked - len("qz0000")) if self.grows else 0
        self._seen |= set(TOKEN.findall(received[begin:].decode("utf-8", "replace")))
        self._looked = len(received)
        return self._seen

    def check(self, canary: Canary, happened: Iterable[str]) -> set[str]:
        """The tokens that came so far. Raises Leak, naming where in the exercise each stands that should not have come."""
        done, seen = set(happened), self.seen()
        leaked = {token: canary.places.get(token, ["?"]) for token in seen if not canary.may_see(token, self.who, done)}
        if leaked:
            raise Leak(f"{self.name} got {leaked} after {sorted(done)}")
        return seen


def canary(path: Path) -> Canary:
    """The exercise of a file with a token in the place of every text and every id."""
    return canary_of(load_exercise(path, Library().deck).text)


def canary_of(text: str) -> Canary:
    """The same of an exercise as a run stores it."""
    data = json.loads(text)
    data.pop("accept", None)
    numbers = iter(range(1, 9000))
    places: dict[str, list[str]] = {}

    def token(place: str) -> str:
        name = f"qz{next(numbers):04}"
        places[name] = [place]
        return name

    _mark(Exercise, data, "", token)
    ids = _ids(data, token)
    data = _renamed(data, ids, "")
    made = Canary(canonical(data), ids, places)
    made.rights = dict.fromkeys(places, ())
    exercise = made.exercise
    for place, name in _leaves(data, ()):
        for right in _rights(exercise, place) if name in made.rights else ():
            made.rights[name] = (*made.rights[name], right)
    return made


def _mark(model: type[Part], data: dict[str, Any], at: str, token: Callable[[str], str]) -> None:
    """Put a token in the place of every text of a part of the file."""
    for name, info in model.model_fields.items():
        key = info.alias or name
        a_value = model is Parameter and name in ("default", "options") and data.get("kind", "text") != "text"
        if key in data and key not in NO_TOKENS and not a_value:
            data[key] = _marked(_annotation(info), data[key], f"{at}.{key}", token)


def _annotation(info: FieldInfo) -> Any:
    return Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation


def _marked(annotation: Any, value: Any, at: str, token: Callable[[str], str]) -> Any:
    if annotation == Words or _validator(annotation) is _validator(Words):
        return {language: token(f"{at}.{language}") for language in value} if isinstance(value, dict) else token(at)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        # A pattern or a check makes it a name, which is changed wherever it stands.
        return value if arguments[0] is str and _is_name(arguments) else _marked(arguments[0], value, at, token)
    if origin in (Union, UnionType):
        for each in arguments:
            value = _marked(each, value, at, token) if each is not type(None) and value is not None else value
        return value
    if origin is tuple and isinstance(value, list):
        return [_marked(arguments[0], each, f"{at}.{number}", token) for number, each in enumerate(value)]
    if origin is dict and isinstance(value, dict):
        return {key: _marked(arguments[1], each, f"{at}.{key}", token) for key, each in value.items()}
    if annotation is str and isinstance(value, str):
        return token(at)
    if isinstance(annotation, type) and issubclass(annotation, Part) and isinstance(value, dict):
        _mark(annotation, value, at, token)
    return value


def _is_name(arguments: tuple[Any, ...]) -> bool:
    return any(getattr(each, "pattern", None) is not None or hasattr(each, "func") for each in arguments[1:])


def _validator(annotation: Any) -> object:
    """What reads a value of this annotation: the texts of a file have one of their own."""
    found = (getattr(each, "func", None) for each in get_args(annotation)[1:]) if get_origin(annotation) is Annotated else iter(())
    return next((each for each in found if each is not None), annotation)


def _ids(data: Any, token: Callable[[str], str]) -> dict[str, str]:
    """A token for every id of the file, whatever it names."""
    ids: dict[str, str] = {}

    def look(value: Any, at: str) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                if key in ("id", "measure") and isinstance(each, str) and each not in ids:
                    ids[each] = token(f"{at}.{key}")
                if key == "clauses":
                    ids.update((clause, token(f"{at}.clauses")) for clause in each)
                look(each, f"{at}.{key}")
        elif isinstance(value, list):
            for number, each in enumerate(value):
                look(each, f"{at}.{number}")

    look(data, "")
    return ids


def _renamed(value: Any, ids: dict[str, str], key: str) -> Any:
    if isinstance(value, dict):
        renamed = ids if key == "clauses" else {}
        return {renamed.get(name, name): _renamed(each, ids, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, ids, key) for each in value]
    means_itself = key in LITERAL | NO_TOKENS or (key == "answer" and value in get_args(AnswerType))
    return value if means_itself or not isinstance(value, str) else ids.get(value, value)


def _leaves(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every string of a file with the way to it: a text of several languages is one place, because a language is no right."""
    if isinstance(value, dict):
        languages = bool(value) and value.keys() <= LANGUAGES_OF_FILES
        for key, each in value.items():
            yield from _leaves(each, place if languages else (*place, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _leaves(each, (*place, str(number)))
    elif isinstance(value, str):
        yield place, value


LANGUAGES_OF_FILES = frozenset({"en", "zh-Hans", "zh-Hant"})


def _rights(exercise: Exercise, place: tuple[str, ...]) -> Iterator[Right]:
    """The rights that the table gives to what stands at a place."""
    for places, who, since in RIGHTS:
        if any(_is_at(place, pattern.split(".")) for pattern in places.split()):
            inject = exercise.injects[int(place[1])] if place[0] == "injects" else None
            ask = inject.asks[int(place[3])] if inject is not None and len(place) > 3 and place[2] == "asks" else None
            of = {RELEASED: inject, REVEALED: ask}.get(since)
            meant = _who(exercise, who, place, inject, ask)
            if meant is None or meant:
                yield Right(meant, since if of is None else f"{since}:{of.id}")


def _is_at(place: tuple[str, ...], pattern: list[str]) -> bool:
    return len(place) == len(pattern) and all(wanted in ("*", key) for key, wanted in zip(place, pattern, strict=True))


def _who(exercise: Exercise, who: str, place: tuple[str, ...], inject: Inject | None, ask: Ask | None) -> frozenset[str] | None:
    """Whom a row of the table means at this place."""
    site_of = {role.id: role.site for role in exercise.roles}
    told = frozenset() if inject is None else frozenset(inject.to)
    if who == EVERYBODY or (who == TOLD and not told):
        return None
    if who == TOLD:
        return told
    if who == ASKED:
        assert ask is not None
        return frozenset(ask.to or told or (role.id for role in exercise.roles if not role.simulated))
    if who == ASKED_SITES:
        assert ask is not None
        asked = ask.to or told or tuple(site_of)
        return frozenset(controls(site) for role in asked if (site := site_of[role]) is not None)
    if who == TOLD_SITES:
        return frozenset(controls(site) for role in told if (site := site_of[role]) is not None)
    if who == ROLE:
        return frozenset({exercise.roles[int(place[1])].id})
    if who in (SITE, OWNER_SITE):
        assert inject is not None
        roles = told if who == SITE else {inject.expects[int(place[3])].by}
        sites = {site_of[role] for role in roles}
        return frozenset(controls(site) for site in sites if site is not None and len(sites) == 1)
    return frozenset({who})
