"""Folding: state and an event give the next state. Never sees an event that was taken back.

`fold` copies the containers of a state once and applies any number of entries to the copy, so that replaying a log takes
time in proportion to its length, and a state that was handed out never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from . import events as e
from .draft import NAMES, VALUES, Draft, freeze
from .events import Entry
from .folding import HANDLERS
from .state import State
from .unadded import without_what_is_gone


def fold(entries: Iterable[Entry], start: State | None = None) -> State:
    """The state after `entries`, which must all stand."""
    begin = start if start is not None else State()
    draft = Draft(**dict(zip(NAMES, VALUES(begin), strict=True)))
    for entry in entries:
        HANDLERS[type(entry.event)](draft, entry, entry.event)
        if entry.exercise_ms > draft.last_ms:
            draft.last_ms = entry.exercise_ms
    return freeze(draft)


def evolve(state: State, entry: Entry) -> State:
    """The state after one more entry."""
    return fold((entry,), state)


def standing(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that were not taken back, retractions included; what spoke of an added inject that was taken back fell with it."""
    gone = {entry.event.event for entry in entries if isinstance(entry.event, e.Retracted)}
    if any(entry.seq in gone and isinstance(entry.event, e.InjectAdded) for entry in entries):
        return without_what_is_gone(entries, gone)
    return [entry for entry in entries if entry.seq not in gone] if gone else list(entries)


def replay(entries: Sequence[Entry]) -> State:
    """The state of a whole log: folded without what was taken back (semantics: *taking back*)."""
    state = fold(standing(entries))
    if not state.retracted:
        return state
    by_seq = {entry.seq: entry for entry in entries}
    return replace(state, retracted={seq: replace(why, entry=by_seq.get(seq)) for seq, why in state.retracted.items()})


def advance(state: State, past: Sequence[Entry], fresh: Sequence[Entry]) -> State:
    """The state after `fresh` entries that follow `past`: folded on, or from the start where something was taken back."""
    if any(isinstance(entry.event, e.Retracted) for entry in fresh):
        return replay([*past, *fresh])
    return fold(fresh, state)
