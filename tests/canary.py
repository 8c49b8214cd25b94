"""An exercise in which every string is a token of its own, and who may see each of them from when: what leaks says what it is.

marked = canary(EXERCISE)                       # a shipped exercise, every text and id of it replaced
marked.text                                     # what a run stores; `marked.write(path)` makes a file of it
right = marked.rights[token]                    # alternatives: whose roles, and after what
seat = Watched("teller", frozenset({marked.ids["teller-1"]}), received)
seat.check(marked, {"released:" + marked.ids["knife-at-counter-2"]})     # raises Leak

What a token is for is read off its place in the file alone: a second, independent word on what `engine.seats` gives out. A place that
is not named here belongs to nobody who plays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from tabletop.exercise.asks import AnswerType
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


@dataclass(frozen=True, slots=True)
class Right:
    """Who may see something, and after what."""

    roles: frozenset[str] | None
    """Seats with one of these roles; None: every seat, the wall and viewers."""
    after: str = ""
    """`released:INJECT`, `revealed:ASK`, `named:ASK`, `emergency`, or `never`; empty: always."""


def everybody(after: str = "") -> Right:
    return Right(None, after)


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
        self.rights[token] = rights
        return token

    def may_see(self, token: str, roles: frozenset[str], happened: Iterable[str]) -> bool:
        """Whether a seat of `roles` (none: the wall, a viewer, a device that has not joined) may see a token by now."""
        done = {"", *happened}
        return any(right.after in done and (right.roles is None or right.roles & roles) for right in self.rights[token])


@dataclass
class Watched:
    """Somebody who plays, and every byte that came to them."""

    name: str
    roles: frozenset[str]
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
        leaked = {token: canary.places.get(token, ["?"]) for token in seen if not canary.may_see(token, self.roles, done)}
        if leaked:
            raise Leak(f"{self.name} got {leaked} after {sorted(done)}")
        return seen


def canary(path: Path) -> Canary:
    """The exercise of a file with a token in the place of every text and every id."""
    data = json.loads(load_exercise(path, Library().deck).text)
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
    for name, right in _rights(made.exercise):
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


def _said(*texts: Any) -> Iterator[str]:
    """The tokens of texts: of every language, because a language is chosen, not a right."""
    for text in texts:
        if isinstance(text, dict):
            yield from text.values()
        elif isinstance(text, str):
            yield text


def _rights(exercise: Exercise) -> Iterator[tuple[str, Right]]:
    """Each token with one of the rights to it (issue 4: *seat_view*; safety: T11)."""
    yield from ((token, everybody()) for token in _said(exercise.title, exercise.handling, exercise.setting))
    real = exercise.real_emergency
    if real is not None:
        yield from ((token, everybody("emergency")) for token in _said(real.number, real.muster))
    for site in exercise.sites:
        yield from ((token, everybody()) for token in _said(site.id, site.title))
    for role in exercise.roles:
        yield from ((token, everybody()) for token in _said(role.id, role.title, role.short))
        yield from ((token, Right(frozenset({role.id}))) for token in _said(role.duty))
    for inject in exercise.injects:
        told = frozenset(inject.to) or None
        after = f"released:{inject.id}"
        yield from ((token, Right(told, after)) for token in _said(inject.id, inject.title, inject.text, inject.sender))
        for ask in inject.asks:
            unsimulated = (role.id for role in exercise.roles if not role.simulated)
            asked = frozenset(ask.to or inject.to or unsimulated)
            options = [text for option in ask.options for text in (option.id, option.text)]
            elements = [text for element in ask.elements for text in (element.id, element.title)]
            yield from ((token, Right(asked, after)) for token in _said(ask.id, ask.question, *options, *elements))
            shown = told if told is not None else None
            yield from ((token, Right(shown, f"revealed:{ask.id}")) for token in _said(ask.id, ask.question, *options))
