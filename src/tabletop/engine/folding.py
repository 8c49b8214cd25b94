"""What each event does to a state: one function an event, by what the event is about."""

from __future__ import annotations

from . import folding_injects, folding_room, folding_run  # noqa: F401  # each puts its functions into the table
from .draft import HANDLERS

__all__ = ["HANDLERS"]
