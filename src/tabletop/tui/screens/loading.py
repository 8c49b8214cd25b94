"""What stands on the screen until a run is open: nothing private, and every key is kept for the screen that follows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget

from tabletop.text import Text

from ..actions import Action
from ..input_method import renewed
from ..look import line
from ..widgets.banner import Banner
from ..widgets.lines import Lines
from .base import TabletopScreen

LONGEST = 500
"""Keys kept at most: more is nobody typing."""


class LoadingScreen(TabletopScreen[None]):
    """Names what is being opened, and keeps what is typed meanwhile in its order."""

    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    CSS_PATH = "loading.tcss"

    takes_typing = True
    """The screen that follows says what it makes of a key."""

    def __init__(self, title: Text = "", *, run: bool = True, handling: Text = "") -> None:
        super().__init__()
        self._what, self._run, self._handling = title, run, handling
        self._kept: list[events.Key] = []

    def body(self) -> Iterable[Widget]:
        yield Lines(id="opening")

    def on_mount(self) -> None:
        words = self.words
        title = line(self._what, self.language)
        self.query_one(Banner).tell(line(self._handling, self.language) or words("start.handling"), title)
        self.query_one("#opening", Lines).show(
            (
                Content.styled(words("start.loading.run" if self._run else "start.loading.exercise"), "bold"),
                Content(title),
                Content(""),
                Content.styled(words("start.loading.keys"), "$text-muted"),
            )
        )

    def on_key(self, event: events.Key) -> None:
        """Keeps the key: it is played to the screen that follows, in order."""
        event.stop()
        event.prevent_default()
        if len(self._kept) < LONGEST:
            self._kept.append(event)

    def take_keys(self) -> list[events.Key]:
        """The keys typed so far, as new events; they are no longer kept here."""
        kept, self._kept = self._kept, []
        return [renewed(event) for event in kept]
