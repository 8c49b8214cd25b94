"""Taking back: says first what it would be; asks for a reason if the room saw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.events import AnyEvent, Entry

from ...look import plain
from ...widgets.log_rows import entry_text
from .frame import Choice, Prompt

if TYPE_CHECKING:
    from ..console import ConsoleScreen
    from ..judging import JudgingScreen

SEEN = (e.InjectReleased, e.AnswersRevealed, e.ProbeShown, e.HintShown, e.AskClosed)


def seen_by_the_room(event: AnyEvent) -> bool:
    """Whether people in the room know of it: then taking it back wants a reason."""
    return isinstance(event, SEEN) or (isinstance(event, e.Noted) and event.category == "ruling")


def take_back(console: ConsoleScreen | JudgingScreen, entry: Entry, *, elsewhere: bool = False) -> None:
    """Asks before `entry` is taken back; one that was entered at another seat always wants a reason (semantics: *taking back*)."""
    words = console.words
    what = plain(entry_text(console.scene(), entry.event, entry.seq), "bold")
    if not isinstance(entry.event, e.TAKEN_BACK_BY_U):
        console.app.refuse("refused.cannot-take-back")
        return
    if seen_by_the_room(entry.event) or elsewhere:
        title = plain(words("panel.take-back-why"), "bold")

        def why(reason: str | None) -> None:
            if reason is not None:
                console.ask(c.Retract(entry, reason), lambda: console.app.tell("panel.taken-back"))

        console.app.push_screen(Prompt(title, hint=words("console.reason"), above=[what]), why)
        return
    choices = [plain(words("panel.take-back-yes")), plain(words("panel.take-back-no"))]

    def chosen(at: int | None) -> None:
        if at == 0:
            console.ask(c.Retract(entry), lambda: console.app.tell("panel.taken-back"))

    console.app.push_screen(Choice(plain(words("panel.take-back-title"), "bold"), choices, above=[what]), chosen)
