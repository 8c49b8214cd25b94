"""What is being typed at a desk: known to its screens at once, and to the store a second later.

Owns: what the store has not got yet, and what becomes of it when something is sent. Refuses to own: whose it is (`Source`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

from tabletop.errors import TabletopError

from .desk_parts import Source

DRAFT_S = 1.0
"""Seconds a key of a draft waits at most before it is saved, however long somebody goes on typing (product: nothing typed is lost)."""


def nothing(_: object) -> None:
    """Nobody waits for it."""


class HandedOver:
    """Drafts of a command that is on its way: as they were typed, and as they are to be once it is recorded. For the desk's thread."""

    def __init__(self, source: Source, typed: Mapping[str, str], left: Mapping[str, str]) -> None:
        self._source = source
        self._typed = typed
        self.left = left
        self.recorded = False

    def keep(self) -> None:
        """After the command, and before anybody else sits down here."""
        for name, text in (self.left if self.recorded else self._typed).items():
            with suppress(TabletopError):
                # A seat's source keeps what the store does not take, and tries again.
                self._source.keep_draft(name, text)


class Drafting:
    """The drafts of a desk. For the app's thread."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.drafts: dict[str, str] = {}
        self._changed_drafts: dict[str, float] = {}
        """Since when the store lacks one, in seconds on the monotonic clock."""
        self._handed: list[HandedOver] = []
        """Of commands that are on their way."""

    def _submit(self, work: Callable[[], object], done: Callable[[object], None], failed: Callable[[TabletopError], None] | None) -> None:
        """Has something done on the desk's thread, after what was asked before."""
        raise NotImplementedError

    def keep_draft(self, name: str, text: str) -> None:
        """Remembers what was typed; saved a second after the first key that is not saved yet. Empty: dropped."""
        if self.drafts.get(name, "") != text:
            self.drafts[name] = text
            self._changed_drafts.setdefault(name, time.monotonic())

    def drop_draft(self, name: str) -> None:
        """What was typed has been recorded or thrown away."""
        if self.drafts.pop(name, ""):
            self._changed_drafts.pop(name, None)
            self._submit(lambda: self.source.keep_draft(name, ""), nothing, nothing)

    def save_drafts(self, older_s: float = 0.0) -> None:
        """Saves what the store has lacked for so many seconds."""
        now = time.monotonic()
        for name in [name for name, changed in self._changed_drafts.items() if now - changed >= older_s]:
            self._save_draft(name)

    def _save_draft(self, name: str) -> None:
        text = self.drafts.get(name, "")
        del self._changed_drafts[name]

        def failed(_: TabletopError) -> None:
            # Not saved yet: it is tried again, and until then it is known here alone. What is on its way is kept with its command.
            if self.drafts.get(name) == text and not any(name in handed.left for handed in self._handed):
                self._changed_drafts.setdefault(name, time.monotonic())

        self._submit(partial(self.source.keep_draft, name, text), nothing, failed)

    def _hand_over(self, left: Mapping[str, str]) -> HandedOver:
        """From here on the thread keeps these: as they stand, and as they are to be once the command is recorded."""
        typed = {name: self.drafts.get(name, "") for name in left}
        for name in left:
            self._changed_drafts.pop(name, None)
        return HandedOver(self.source, typed, left)

    def _keep_handed(self, handed: HandedOver) -> None:
        """Right after the command."""

        def kept(_: object) -> None:
            self._handed.remove(handed)

        self._handed.append(handed)
        self._submit(handed.keep, kept, kept)
