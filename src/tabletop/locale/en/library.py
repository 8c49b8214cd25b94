"""What the library cannot find."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "no-exercise": "There is no exercise {name!r}.",
    "no-exercise.hint": "tabletop list shows those there are.",
    "no-exercise-near": "There is no exercise {name!r}.",
    "no-exercise-near.hint": "Did you mean {near!r}? tabletop list shows those there are.",
    "no-file": "There is no file {path!r}.",
    "no-file.hint": "An exercise is named by its file, or by an id that tabletop list shows.",
    "origin.project": "this folder",
    "origin.user": "your folder",
    "origin.shipped": "shipped",
}
