"""The score: state and plan give marks, a scorecard, a timeline and the rows leaders query. Pure: no clock, no store, no sentence."""

from __future__ import annotations

from .scorecard import Scorecard, score

__all__ = ["Scorecard", "score"]
