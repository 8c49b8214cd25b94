"""Why it is paused, by one digit, once it is paused already."""

from __future__ import annotations

from typing import ClassVar

from tabletop.words import Words

from ...look import plain
from .frame import Choice

REASONS = ("discussion", "break", "technical", "safety", "other")

GO_ON = -1
"""What the panel gives where the clock is to go on and nobody says why it stood."""


class PausePanel(Choice):
    """Opens with the key that pauses, not after the disk: the digit that follows is a reason and never a role. The same key goes on."""

    BINDINGS: ClassVar = [("space,f8", "go_on", "go on")]

    def __init__(self, words: Words) -> None:
        super().__init__(plain(words("console.paused-why"), "bold"), [plain(words(f"console.pause-{reason}")) for reason in REASONS])

    def keys(self) -> str:
        return self.words("panel.pause-keys")

    def action_go_on(self) -> None:
        self.dismiss(GO_ON)
