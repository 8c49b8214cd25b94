"""Which screen is which, and which one belongs to a run. A screen is imported when it is first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from tabletop.text import Text

if TYPE_CHECKING:
    from textual.screen import Screen

    from tabletop.engine.state import State

Place = Literal["loading", "start", "briefing", "console", "evaluation", "debrief", "judging", "recording", "rating"]


def screen_for(place: Place, title: Text = "") -> Screen[Any]:
    """A new screen of that name; `title` is what is being opened."""
    match place:
        case "loading":
            from .screens.loading import LoadingScreen

            return LoadingScreen(title)
        case "start":
            from .screens.start import StartScreen

            return StartScreen()
        case "briefing":
            from .screens.briefing import BriefingScreen

            return BriefingScreen()
        case "console":
            from .screens.console import ConsoleScreen

            return ConsoleScreen()
        case "evaluation":
            from .screens.evaluation import EvaluationScreen

            return EvaluationScreen()
        case "debrief":
            from .screens.debrief import DebriefScreen

            return DebriefScreen()
        case "judging":
            from .screens.judging import EvaluatorScreen

            return EvaluatorScreen()
        case "recording":
            from .screens.judging import RecorderScreen

            return RecorderScreen()
        case "rating":
            from .screens.judge_ratings import JudgeRatingsScreen

            return JudgeRatingsScreen()


def place_for(state: State) -> Place:
    """The screen that belongs to a run in this state."""
    if state.phase == "briefing":
        return "briefing"
    if state.phase == "running":
        return "console"
    return "debrief" if state.locked else "evaluation"
