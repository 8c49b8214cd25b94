"""One entry of the log in words: for the list of the last events, the log page, and the question before something is taken back."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tabletop.engine import events as e
from tabletop.engine.events import Entry
from tabletop.engine.judging import newest_marks
from tabletop.engine.rights import PRACTICE
from tabletop.engine.standing import standing

from ..look import plain, span_text, spread
from ..practice import quoted
from ..scene import Scene
from ..seat_names import site_title
from .log_values import entry_text as entry_text
from .owed import overruled

BESIDE = 60
"""Cells of a row from which on there is room to say whose word stands; the row of the action says it, too."""

QUIET = (e.ParameterSet, e.CheckTicked, e.PaceChosen, e.PauseExplained, e.WallTurned)
"""Events that the short list leaves out."""


def last_rows(scene: Scene, entries: Sequence[Entry], width: int, height: int) -> list[Content]:
    """The newest events, newest first."""
    rows: list[Content] = []
    for entry in reversed(entries):
        if len(rows) == height:
            break
        if not isinstance(entry.event, QUIET):
            rows.append(entry_row(scene, entry, width))
    return rows


def entry_row(scene: Scene, entry: Entry, width: int, *, cursor: bool = False, seq: bool = False) -> Content:
    """When it counts, as every other screen and document has it, and what happened; what was taken back says so."""
    gone = entry.seq in scene.state.retracted
    head = f"{entry.seq:>4}  {span_text(entry.counts_ms):>7} " if seq else f"{span_text(entry.counts_ms):>7} "
    said = said_text(scene, entry) or at_site(scene, entry, entry_text(scene, entry.event, entry.seq))
    text = plain(said, "strike" if gone else "")
    beside = scene.words("log.taken-back") if gone else overruled_text(scene, entry) if width >= BESIDE else ""
    content = spread(Content.assemble((head, "$text-muted"), text), plain(beside, "$text-warning"), width)
    return content.stylize("reverse") if cursor else content


def at_site(scene: Scene, entry: Entry, text: str) -> str:
    """What happened, behind the site from which a controller did it: at its end a short row would have no room for that.

    As it is where the entry says so itself, and for what anybody else did.
    """
    kind, _, site = entry.actor.partition(":")
    says = isinstance(entry.event, e.ClockPaused | e.EmergencyRaised | e.EmergencyConfirmed) and entry.event.site
    if kind != "site" or says:
        return text
    return scene.words("door.by-site", site=site_title(scene.plan, site, scene.language), what=text)


def overruled_text(scene: Scene, entry: Entry) -> str:
    """Whose word stands over a mark, and what it is: the mark itself is kept. Empty where the mark stands, or is no one's last word."""
    event = entry.event
    if not isinstance(event, e.ActionMarked) or event.action not in scene.plan.actions:
        return ""
    own = newest_marks(scene.state, event.action).get(entry.actor)
    known = standing(scene.plan, scene.state, event.action, scene.now_ms)
    found = overruled(scene, known, entry.actor)
    if own is None or own.seq != entry.seq or found is None:
        return ""
    return scene.words("log.overruled", who=found[0], state=scene.words(f"console.standing-{known.state}"))


def said_text(scene: Scene, entry: Entry) -> str:
    """What one of the simulated people of a practice run says; empty for everything else."""
    event = entry.event
    if not isinstance(event, e.Noted) or not entry.actor.startswith(PRACTICE):
        return ""
    return scene.words("practice.says", who=scene.role(event.role), text=quoted(event.text))
