"""What libyaml complains of, as problems of ours."""

from __future__ import annotations

from dataclasses import dataclass

from yaml.error import MarkedYAMLError

from .nodes import Mark


@dataclass(frozen=True, slots=True)
class _Start:
    line: int = 0
    column: int = 0


_START = _Start()

MOST_DEPTH = 32
"""Levels of lists and maps in each other."""

WORDED = (
    ("exceeded maximum nesting depth", "problems.too-deep"),
    ("mapping values are not allowed", "problems.yaml-colon"),
    ("did not find expected key", "problems.yaml-indent"),
    ("did not find expected '-' indicator", "problems.yaml-indent"),
    ("block sequence entries are not allowed", "problems.yaml-indent"),
    ("mapping keys are not allowed", "problems.yaml-indent"),
    ("did not find expected ',' or", "problems.yaml-bracket"),
    ("did not find expected node content", "problems.yaml-value"),
    ("found a tab character", "problems.yaml-tab"),
    ("unknown escape character", "problems.yaml-escape"),
    ("hexdecimal number", "problems.yaml-escape"),
    ("Unicode character escape", "problems.yaml-escape"),
    ("undefined tag handle", "problems.tag"),
    ("expected alphabetic or numeric character", "problems.yaml-anchor"),
    ("scanning a block scalar", "problems.yaml-block"),
    ("scanning a directive", "problems.directive"),
    ("found unexpected ':'", "problems.yaml-colon"),
)
"""What libyaml says, in part, and our code for it. It has no numbers for its errors; a sentence not listed is `problems.yaml`."""


def syntax_problem(error: MarkedYAMLError, text: str) -> tuple[str, Mark, dict[str, object]]:
    """Code, place and values for an error of libyaml."""
    said, context = str(error.problem or ""), str(error.context or "")
    mark: Mark = error.problem_mark or error.context_mark or _START
    opened = error.context_mark
    if "quoted scalar" in context and "unexpected" in said and opened is not None:
        return "problems.yaml-quote", opened, {}
    if "could not find expected ':'" in said and opened is not None:
        return "problems.yaml-no-colon", opened, {}
    if "tag" in context:
        return "problems.tag", mark, {"tag": "!"}
    if "cannot start any token" in said and error.problem_mark is not None:
        character = text[error.problem_mark.index : error.problem_mark.index + 1]
        return ("problems.yaml-tab", mark, {}) if character == "\t" else ("problems.yaml-character", mark, {"character": character})
    for part, code in WORDED:
        if part in said or part in context:
            values: dict[str, object] = {"tag": "!"} if code == "problems.tag" else {}
            if code == "problems.too-deep":
                # libyaml since 0.2.6 reads no more than a thousand, and says so before it has told us of any.
                values = {"limit": MOST_DEPTH}
            elif code == "problems.yaml-bracket":
                values = {"opened": opened.line + 1 if opened is not None else mark.line + 1}
            return code, mark, values
    return "problems.yaml", mark, {}
