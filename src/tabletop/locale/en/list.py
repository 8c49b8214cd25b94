"""What `tabletop list` says about the shelf."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "empty": "There is no exercise on any shelf. tabletop new ID begins one.",
    "no-decks": "There is no deck of injects on any shelf.",
    "broken": "With problems",
    "problems": "{n} problems: tabletop check {path}",
    "problems#one": "1 problem: tabletop check {path}",
    "injects": "{n} injects",
    "injects#one": "1 inject",
    "core": "{n} core",
    "from": " ({origin})",
    "hides": "hides {path}",
    "overlay": " (an overlay: taken whole)",
}
