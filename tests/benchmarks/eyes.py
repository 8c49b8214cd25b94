"""How long a facilitator's eyes are off the people, worked out from what is read, pressed and typed.

Owns: the seconds of each, with their reasons, and which lines of a screen have to be read again. Refuses to own: the play (`facilitator`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

ALOUD_PER_MINUTE = 145
"""Words read aloud in a minute: slower than the 183 of people who read to nobody (Brysbaert 2019), beside the 140 by which the product
reckons a card (semantics: *Reading*), which it rounds down."""

LOOK_S = 1.35
"""Seconds to turn to the screen and find the place: the mental preparation of the keystroke-level model (Card, Moran, Newell 1980)."""

KEY_S = 0.28
"""Seconds a key: who types forty words a minute, in the same model. The digits of a facilitator who stands are no faster."""

CHECK_S = 0.6
"""Seconds to see that what was pressed stands there: two or three fixations of a quarter of a second at a known place."""

LINE_S = 1.2
"""Seconds a line read silently: some five words of it matter, at the 238 words a minute of silent reading (Brysbaert 2019)."""

SILENT_PER_MINUTE = 238
"""Words read silently in a minute; what every word of the same lines would take stands beside the table."""

CHARACTER_S = 0.4
"""Seconds a typed character: a key, and finding the words while somebody speaks."""

_TIME = re.compile(r"\b\d+(?::\d\d)+\b|\b\d+ (?:min|s|more)\b")
_CUT = 40
"""Characters of a row that is cut short by which it is known again: where it is cut depends on the time behind it."""


@dataclass(slots=True)
class Eyes:
    """What kept a facilitator's eyes off the people."""

    aloud: int = 0
    """Words."""
    looks: int = 0
    keys: int = 0
    checks: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    """Lines read silently, by what they were read for."""
    words: int = 0
    """Words of those lines."""
    characters: int = 0

    @property
    def aloud_min(self) -> float:
        return self.aloud / ALOUD_PER_MINUTE

    @property
    def acts_min(self) -> float:
        """Minutes of looks, keys and checks."""
        return (self.looks * LOOK_S + self.keys * KEY_S + self.checks * CHECK_S) / 60

    @property
    def silent_min(self) -> float:
        return sum(self.lines.values()) * LINE_S / 60

    @property
    def typed_min(self) -> float:
        return self.characters * CHARACTER_S / 60

    @property
    def total_min(self) -> float:
        return self.aloud_min + self.acts_min + self.silent_min + self.typed_min

    @property
    def every_word_min(self) -> float:
        """Minutes that the silent lines take who reads every word of them."""
        return self.words / SILENT_PER_MINUTE

    def read(self, lines: Iterable[str], what: str) -> None:
        """Lines read silently."""
        for line in lines:
            self.lines[what] = self.lines.get(what, 0) + 1
            self.words += len(line.split())


def known_by(line: str) -> str:
    """What a line is known by when it is seen again: without times and counts; of a rule or a mark for more, without any number."""
    text = _TIME.sub("", line)
    if "─" in text or text.startswith("…"):
        text = re.sub(r"[\d─]+", "", text)
    before, cut, after = text.partition("…")
    if cut and len(before) > _CUT:
        text = f"{before[:_CUT]}{after}"
    return " ".join(text.split())


def is_read(line: str) -> bool:
    """Whether a line of the lectern view is one that is read silently: not empty, not a rule, not what is spoken or handed over."""
    return bool(line.strip(" ─")) and line.strip()[0] not in "▌┆"
