"""The line that says what time it is: exercise time, whether it runs, the budget, what is recorded."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from tabletop.exercise.durations import clock

from ..look import join, span_text, spread
from ..scene import Scene

BAR = 8
"""Cells of the budget bar."""


def clock_line(scene: Scene, wall_ms: int, recorded: int, width: int) -> Content:
    """The clock line of the console in `width` cells."""
    state, words = scene.state, scene.words
    speed = "" if state.clock.speed == 1 else f" {state.clock.speed:g}×"
    if state.phase == "ended":
        sign, style = words("console.clock-ended"), "bold"
    elif state.clock.running:
        sign, style = f"▶{speed}", "bold"
    else:
        reason = pause_reason(scene)
        sign, style = join((f"‖ {words('console.clock-paused')}{speed}", reason), " · ").plain, "bold $text-warning reverse"
    left = Content.assemble((f" {clock(scene.now_ms // 1000)} ", "bold"), " ", (f" {sign} ", style))
    wide = width >= 100
    wall = (
        words("console.wall", time=f"{datetime.fromtimestamp(wall_ms / 1000):%H:%M:%S}")
        if wide
        else f"{datetime.fromtimestamp(wall_ms / 1000):%H:%M}"
    )
    parts = [Content(wall), budget(scene, bar=wide), lateness(scene)]
    right = [Content.styled(words("console.recorded", n=recorded), "$text-success")]
    if wide:
        right.append(Content(words("console.heard", heard=_heard(scene), roles=_playing(scene))))
    return spread(join((left, *parts), "   "), Content.assemble(join(right, "   "), " "), width)


def pause_reason(scene: Scene) -> str:
    """Why the clock stands, worded; typed reasons as they are."""
    pauses = scene.state.pauses
    reason = pauses[-1].reason if pauses else ""
    if reason in PAUSE_CODES:
        return scene.words(f"console.pause-{reason}")
    return reason


PAUSE_CODES = frozenset({"discussion", "break", "technical", "safety", "other", "quit", "gap", "recovered", "reopened", "emergency"})
"""Reasons that the log keeps as codes."""


def budget(scene: Scene, *, bar: bool) -> Content:
    """How much of the planned time is used."""
    total_ms = scene.exercise.duration * 1000
    used = min(BAR, scene.now_ms * BAR // max(1, total_ms))
    drawn = f" {'█' * used}{'░' * (BAR - used)}" if bar else ""
    over = scene.now_ms > total_ms
    text = scene.words("console.budget", used=span_text(scene.now_ms), total=span_text(total_ms), bar=drawn)
    return Content.styled(f"{text}{' ' + scene.words('console.over-budget') if over else ''}", "bold $text-warning" if over else "")


def lateness(scene: Scene) -> Content:
    """How far play is behind the plan; empty where it is on time or has no times."""
    if scene.state.pace == "discussion" or scene.state.phase != "running":
        return Content("")
    waiting = scene.due()
    late_ms = waiting[0].late_ms(scene.now_ms) if waiting else 0
    if late_ms < 60_000:
        return Content("")
    return Content.styled(scene.words("console.behind", n=late_ms // 60_000), "$text-warning")


def _playing(scene: Scene) -> int:
    return sum(1 for role in scene.exercise.roles if scene.plan.staffed(scene.state, role.id))


def _heard(scene: Scene) -> int:
    return sum(1 for role in scene.exercise.roles if role.id in scene.state.heard and scene.plan.staffed(scene.state, role.id))
