"""The order in which the options of an ask are shown: shuffled by the run's seed, the same on every screen, seat and card. Pure.

Made of SHA-256, so that the order is the same on every system and in every version of Python.
"""

from __future__ import annotations

from hashlib import sha256

from tabletop.exercise.asks import Ask, Option

from .state import State


def seed_of(state: State) -> int:
    """The seed of a run; 0 where it was not made yet."""
    return 0 if state.created is None else state.created.seed


def shuffled(ask: Ask, seed: int) -> tuple[Option, ...]:
    """The options of `ask` in the order of this run (semantics: *Answers*); of an `order` never the one that solves it, the file's."""
    mixed = tuple(sorted(ask.options, key=lambda option: (sha256(f"{seed}/{ask.id}/{option.id}".encode()).digest(), option.id)))
    return (*mixed[1:], mixed[0]) if ask.answer == "order" and mixed == ask.options else mixed
