"""The line that says what time it is: exercise time, whether it runs, the budget, what is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from tabletop.engine.emergency import pause_now
from tabletop.exercise.durations import clock

from ..crowd import there_now
from ..look import column, join, line, span_text, spread
from ..scene import Scene
from .digits import HEIGHT, digits

if TYPE_CHECKING:
    from ..desk import Desk

BAR = 8
"""Cells of the budget bar."""

MINUTE_MS = 60_000


def clock_line(scene: Scene, wall_ms: int, recorded: int, width: int, notice: str = "") -> Content:
    """The clock line of the sitting view in `width` cells; `notice`, what nobody may miss, takes the place of all but the time."""
    words = scene.words
    left = Content.assemble((f" {clock(scene.now_ms // 1000)} ", "bold"), " ", going(scene))
    if notice:
        return _noticed(Content.styled(f" {clock(scene.now_ms // 1000)} ", "bold"), notice, width)
    wide = width >= 100
    wall = words("lectern.wall", time=_wall(wall_ms, "%H:%M:%S")) if wide else _wall(wall_ms, "%H:%M")
    parts = [Content(wall), budget(scene, wall_ms, bar=wide), lateness(scene, wall_ms)]
    right = [_recorded(scene, recorded)]
    if wide:
        right.append(_present(scene))
    return spread(join((left, *parts), "   "), Content.assemble(join(right, "   "), " "), width)


def lectern_clock(scene: Scene, wall_ms: int, recorded: int, width: int, height: int, notice: str = "") -> list[Content]:
    """The clock of the lectern view: in digits three lines high where there are so many, else on one line.

    Beside the time: whether it runs, minutes left, minutes behind plan, what is recorded. What does not fit is left out from the
    end, never cut in the middle of a number.
    """
    text = clock(scene.now_ms // 1000)
    facts = [going(scene), remaining(scene, wall_ms), lateness(scene, wall_ms)]
    kept = Content.assemble(_recorded(scene, recorded), " ")
    if height < HEIGHT:
        time = Content.styled(f" {text} ", "bold")
        if notice:
            return [_noticed(time, notice, width)]
        return [spread(_fitting((time, *facts), width - kept.cell_length - 1), kept, width)]
    big = [Content.assemble(" ", line, "   ") for line in digits(text)]
    room = width - big[0].cell_length
    wall = Content.assemble(scene.words("lectern.wall", time=_wall(wall_ms, "%H:%M")), " ")
    heard = Content.assemble(_present(scene), " ")
    beside = [
        _noticed(Content(""), notice, room) if notice else spread(facts[0], kept, room),
        spread(_fitting(facts[1:], room - wall.cell_length - 1), wall, room),
        spread(Content.styled(used_bar(scene, wall_ms, max(4, min(32, room - heard.cell_length - 2))), "$text-muted"), heard, room),
    ]
    return [Content.assemble(line, right) for line, right in zip(big, beside, strict=True)]


def _fitting(parts: Sequence[Content], room: int) -> Content:
    """As many of the parts, from the first on, as stand side by side in `room` cells."""
    shown = [part for part in parts if part]
    while len(shown) > 1 and join(shown, "   ").cell_length > room:
        shown.pop()
    return join(shown, "   ")


def _noticed(before: Content, notice: str, width: int) -> Content:
    return Content.assemble(before, column(f" {notice}", max(0, width - before.cell_length), "bold reverse $text-error"))


def _recorded(scene: Scene, recorded: int) -> Content:
    return Content.styled(scene.words("console.recorded", n=recorded), "$text-success")


def _wall(wall_ms: int, form: str) -> str:
    return f"{datetime.fromtimestamp(wall_ms / 1000):{form}}"


def stands(desk: Desk) -> bool:
    """Whether the clock, though the log has it running, stands because nobody drives."""
    around = desk.conductor.around
    return around.held or not around.driven


def going(scene: Scene, *, stands: bool = False) -> Content:
    """Whether the clock runs; if not, why not. `stands`: nobody drives, so that it stands though the log has it running."""
    state, words = scene.state, scene.words
    speed = "" if state.clock.speed == 1 else f" {state.clock.speed:g}×"
    if state.phase == "ended":
        return Content.styled(f" {words('console.clock-ended')} ", "bold")
    if state.clock.running and stands:
        return Content.styled(f" ‖ {words('wall.not-driven')} ", "bold $text-warning reverse")
    if state.clock.running:
        return Content.styled(f"▶{speed}", "bold")
    told = join((f"‖ {words('console.clock-paused')}{speed}", pause_reason(scene)), " · ").plain
    return Content.styled(f" {told} ", "bold $text-warning reverse")


def remaining(scene: Scene, wall_ms: int) -> Content:
    """Minutes left until the end of the booking, on the wall; where nothing is booked, of the time the exercise takes."""
    words, booking = scene.words, scene.booking(wall_ms)
    if scene.state.phase == "ended":
        return Content("")
    if booking is not None:
        time, left_ms = _wall(booking.ends_wall_ms, "%H:%M"), booking.left_ms
        if left_ms < 0:
            return Content.styled(words("lectern.past", time=time, over=-left_ms // MINUTE_MS), "bold $text-error")
        return Content(words("lectern.until", time=time, left=-(-left_ms // MINUTE_MS)))
    total_ms = scene.exercise.duration * 1000
    left_ms = total_ms - scene.now_ms
    if left_ms < 0:
        told = words("lectern.over-of", over=-left_ms // MINUTE_MS, total=total_ms // MINUTE_MS)
        return Content.styled(told, "bold $text-warning")
    return Content(words("lectern.left-of", left=-(-left_ms // MINUTE_MS), total=total_ms // MINUTE_MS))


def used_bar(scene: Scene, wall_ms: int, width: int) -> str:
    """How much of the time there is has been used, in `width` cells: of the booking, else of what the exercise takes."""
    used_ms, total_ms = scene.used_ms(wall_ms)
    used = min(width, used_ms * width // max(1, total_ms))
    return "█" * used + "░" * (width - used)


def pause_reason(scene: Scene) -> str:
    """Why the clock stands, worded, and where that came from; typed reasons as they are."""
    paused = pause_now(scene.plan, scene.state)
    reason = scene.words(f"console.pause-{paused.reason}") if paused.reason in PAUSE_CODES else paused.reason
    site = scene.words("door.paused-by", site=line(paused.place, scene.language)) if paused.place else ""
    return join((site, reason), " · ").plain


PAUSE_CODES = frozenset({"discussion", "break", "technical", "safety", "other", "quit", "gap", "recovered", "reopened", "emergency"})
"""Reasons that the log keeps as codes."""


def budget(scene: Scene, wall_ms: int, *, bar: bool) -> Content:
    """How much of the planned time is used; in a booked room, what of the booking is left."""
    total_ms = scene.exercise.duration * 1000
    drawn = f" {used_bar(scene, wall_ms, BAR)}" if bar else ""
    if scene.booking(wall_ms) is not None and scene.state.phase != "ended":
        return Content.assemble(remaining(scene, wall_ms), drawn)
    over = scene.now_ms > total_ms
    text = scene.words("console.budget", used=span_text(scene.now_ms), total=span_text(total_ms), bar=drawn)
    return Content.styled(f"{text}{' ' + scene.words('console.over-budget') if over else ''}", "bold $text-warning" if over else "")


def lateness(scene: Scene, wall_ms: int) -> Content:
    """How far play is behind the plan; empty where it is on time or has no times."""
    late_ms = scene.behind_ms(wall_ms)
    if late_ms < MINUTE_MS:
        return Content("")
    return Content.styled(scene.words("console.behind", n=late_ms // MINUTE_MS), "$text-warning")


def _present(scene: Scene) -> Content:
    """How many roles were heard; where devices are used, how many are there before it."""
    heard = scene.words("console.heard", heard=_heard(scene), roles=_playing(scene))
    here = there_now(scene.crowd, scene.words) if scene.crowd.expects_devices else []
    return join((*here, heard), " · ")


def _playing(scene: Scene) -> int:
    return sum(1 for role in scene.exercise.roles if scene.plan.staffed(scene.state, role.id))


def _heard(scene: Scene) -> int:
    heard = scene.heard_ms()
    return sum(1 for role in scene.exercise.roles if role.id in heard and scene.plan.staffed(scene.state, role.id))
