"""Problems of a file: what is wrong where, as a code with values, and how that is put into words.

Owns: the problem, its order, the collector that keeps a hopeless file short, the did-you-mean. Refuses to own:
sentences, which come from the word tables, and the decision what a problem is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal, Protocol

from tabletop.errors import Exit, TabletopError
from tabletop.text import clean_line

from .nodes import Found, Loc, Map, Place, locate

Severity = Literal["error", "warning"]

MOST = 500
"""Problems kept of one file; of the rest only the number is told."""

COMPARED = 200
"""Names of about the right length that did-you-mean looks at: comparing is slow, and a file may have thousands."""

LONGEST_VALUE = 120
"""Characters of a key or value from the file that a message repeats."""

LONGEST_LIST = 30
"""Names that a message lists."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file. Lines and columns count characters from 1."""

    path: Path
    line: int
    column: int
    key: str
    """The path of keys, as in `roles.0.duty`; empty where the text could not be read that far."""
    code: str
    """`AREA.NAME` of the word tables."""
    values: tuple[tuple[str, str | int], ...] = ()
    """What the words are filled with, sorted by name."""
    severity: Severity = "error"

    @property
    def value(self) -> dict[str, str | int]:
        """The values by name."""
        return dict(self.values)


class InvalidExercise(TabletopError):
    """A file that cannot be played: `problems` has all of them, in the order of the files."""

    exit_code = Exit.PROBLEMS

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("problems.invalid", n=len(self.problems), path=str(self.problems[0].path) if self.problems else "")


class Wording(Protocol):
    """What puts codes into words: `tabletop.words.Words` in one language."""

    def __call__(self, code: str, /, **values: object) -> str: ...
    def hint(self, code: str, /, **values: object) -> str: ...


def problem(code: str, place: Place, key: str, values: Mapping[str, object], severity: Severity = "error") -> Problem:
    """A problem at a place. Values are cleaned and cut, so that nothing in a file can forge a line."""
    kept = tuple(sorted((name, value if isinstance(value, int) else _shown(value)) for name, value in values.items()))
    return Problem(place.path, place.line, place.column, _shown(key), code, kept, severity)


def _shown(value: object) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        items = [_shown(item) for item in islice(value, LONGEST_LIST + 1)]
        return ", ".join(items if len(items) <= LONGEST_LIST else [*items[:LONGEST_LIST], "…"])
    text = clean_line(str(int(value) if isinstance(value, float) and value.is_integer() else value))
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def message_of(problem: Problem, words: Wording) -> tuple[str, str]:
    """What is wrong, and what to do about it (may be empty)."""
    values = problem.value
    if values.get("known") == "":
        values["known"] = words("problems.none")
    hints = [words("problems.did-you-mean", near=values["near"]) if "near" in values else words.hint(problem.code, **values)]
    if "used" in values:
        hints.append(words("problems.used-at", used=values["used"]))
    return words(problem.code, **values), words("problems.and", first=hints[0], second=hints[1]) if len(hints) > 1 and hints[0] else hints[
        -1
    ]


def worded(problem: Problem, words: Wording) -> str:
    """One line: `PATH:LINE:COL: KEY: message. hint`, with `warning[CODE]: ` before the message of a lint."""
    message, hint = message_of(problem, words)
    said = words("problems.and", first=message, second=hint) if hint else message
    warning = f"warning[{problem.code.partition('.')[2]}]: " if problem.severity == "warning" else ""
    key = f"{problem.key}: " if problem.key else ""
    return f"{clean_line(str(problem.path))}:{problem.line}:{problem.column}: {key}{warning}{said}"


def row(problem: Problem, words: Wording) -> dict[str, object]:
    """The problem as `check --json` prints it."""
    message, hint = message_of(problem, words)
    return {
        "path": clean_line(str(problem.path)),
        "line": problem.line,
        "column": problem.column,
        "key": problem.key,
        "severity": problem.severity,
        "code": problem.code.partition(".")[2],
        "message": message,
        "hint": hint,
    }


class Problems:
    """Collects the problems of one load."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self._more = 0

    def __bool__(self) -> bool:
        return bool(self._found)

    def full(self) -> bool:
        """Whether more problems would only be counted, so that nobody need work out what to say."""
        return len(self._found) >= MOST

    def skip(self) -> None:
        """One more problem that is only counted."""
        self._more += 1

    def add(self, code: str, place: Place, key: str = "", /, **values: object) -> None:
        """A problem at a place. The same one twice (an alias, a deck used twice) counts once."""
        if self.full():
            self._more += 1
        else:
            self._found[problem(code, place, key, values)] = None

    def add_at(self, root: Map, loc: Loc, code: str, *, of_key: bool = False, **values: object) -> None:
        """A problem at a path of keys; at the deepest part of it that is there."""
        if self.full():
            self._more += 1
            return
        self.add_found(locate(root, loc, of_key=of_key), code, **values)

    def add_found(self, found: Found, code: str, **values: object) -> None:
        """A problem at a place that was found; of a deck's part it says who took it."""
        if found.used is not None:
            values["used"] = f"{found.used.path}:{found.used.line}"
        self.add(code, found.place, found.key, **values)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Problems somebody else found."""
        self._found.update(dict.fromkeys(problems))

    def sorted(self) -> tuple[Problem, ...]:
        """All of them, by file, line and column; the number of those not kept comes last."""
        found = sorted(self._found)
        if self._more:
            last = found[-1]
            found.append(problem("problems.more", Place(last.path, last.line, last.column), "", {"n": self._more}))
        return tuple(found)

    def raise_if_any(self) -> None:
        """Raises InvalidExercise with all of them."""
        if self._found:
            raise InvalidExercise(self.sorted())


def near(given: object, known: Iterable[str]) -> dict[str, Any]:
    """`{"near": the known name that `given` comes closest to}`, empty where none is close."""
    if not isinstance(given, str):
        return {}
    name = _nearest(given[:64], tuple(known))
    return {"near": name} if name else {}


@lru_cache(maxsize=512)
def _nearest(given: str, known: tuple[str, ...]) -> str | None:
    plain = given.strip().lower().replace("_", "-")
    for name in known:
        if name.lower().replace("_", "-") == plain:
            return name
    alike = [name for name in known if abs(len(name) - len(given)) <= 2 + len(given) // 3]
    return next(iter(get_close_matches(given, alike[:COMPARED], n=1, cutoff=0.6)), None)
