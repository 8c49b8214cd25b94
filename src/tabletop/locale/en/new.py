"""What `tabletop new` says."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "not-an-id": "{name!r} cannot be the id of an exercise.",
    "not-an-id.hint": "An id has lower-case letters, digits and hyphens, 64 at most, and begins with a letter or digit: night-burglary.",
    "exists": "There is a file {path} already; it was left alone.",
    "exists.hint": "Choose another id, or move that file away.",
    "no-id-line": "{path} has no line that begins with id:, so it cannot be copied under another id.",
    "no-id-line.hint": "Write its keys one a line, as tabletop new does.",
    "written": "Written: {path}. Next: tabletop check --strict {path}, then tabletop run {id}.",
}
