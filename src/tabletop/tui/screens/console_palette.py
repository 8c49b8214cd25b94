"""What the palette and the menu offer beside the keys: jump, speed, find, one question, indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tabletop.engine import commands as c
from tabletop.engine.rights import PRACTICE
from tabletop.engine.schedule import timetable
from tabletop.engine.standing import open_asks
from tabletop.exercise.durations import seconds_of
from tabletop.text import typed_number

from ..look import line, plain
from ..widgets.practice import PracticeStrip
from .panels.frame import Choice, Prompt

if TYPE_CHECKING:
    from tabletop.exercise.asks import Ask

    from ..scene import Scene
    from .console import ConsoleScreen

SPEEDS = (0.5, 1.0, 2.0, 5.0, 10.0, 60.0)
"""Speeds offered by a digit."""


def jump(console: ConsoleScreen) -> None:
    """Moves the clock forward by so many minutes, or by a time like `90s`."""
    if not console.ready:
        return

    def typed(text: str | None) -> None:
        if text is None:
            return
        minutes = typed_number(text)
        seconds = seconds_of(text) if minutes is None else round(minutes * 60)
        if seconds is None:
            console.app.refuse("panel.not-a-number")
        else:
            console.ask(c.Jump(seconds * 1000))

    console.app.push_screen(Prompt(plain(console.words("panel.jump-title"), "bold"), hint=console.words("panel.jump-hint")), typed)


def speed(console: ConsoleScreen) -> None:
    """Exercise seconds for each real second."""
    if not console.ready:
        return
    choices = [plain(f"{value:g}×") for value in SPEEDS]
    current = console.desk.state.clock.speed
    first = SPEEDS.index(current) if current in SPEEDS else 1

    def chosen(at: int | None) -> None:
        if at is not None:
            console.ask(c.SetSpeed(SPEEDS[at]))

    console.app.push_screen(Choice(plain(console.words("console.speed"), "bold"), choices, first=first), chosen)


def find(console: ConsoleScreen) -> None:
    """Selects the first inject whose title, number or id holds what is typed."""
    if not console.ready:
        return

    def typed(text: str | None) -> None:
        if text is None:
            return
        scene, wanted = console.scene(), text.casefold()
        for inject in timetable(scene.plan, scene.state).order:
            titles = f"{inject.id} {line(inject.title, scene.language)}".casefold()
            if wanted in titles or wanted == str(scene.number(inject.id)):
                console.selected, console.armed, console.scrolled = inject.id, None, 0
                console.draw()
                return
        console.app.refuse("panel.not-found", text=text)

    prompt = Prompt(plain(console.words("console.find"), "bold"), hint=console.words("panel.find-hint"), recorded=False)
    console.app.push_screen(prompt, typed)


def ask_state(console: ConsoleScreen) -> None:
    """Closes an open question, or opens a closed one again."""
    if not console.ready:
        return
    scene = console.scene()
    opened = set(open_asks(scene.plan, scene.state))
    asks = [ask for inject in scene.state.released if inject in scene.plan.inject_by_id for ask in scene.plan.inject_by_id[inject].asks]
    if not asks:
        console.app.refuse("panel.no-asks")
        return
    asks.reverse()
    signs = {ask.id: console.words("panel.ask-open" if ask.id in opened else "panel.ask-closed") for ask in asks}
    choices = [plain(f"{signs[ask.id]}  {line(ask.question, scene.language)}") for ask in asks]

    def chosen(at: int | None) -> None:
        if at is not None:
            ask = asks[at].id
            console.ask(c.CloseAsk(ask) if ask in opened else c.ReopenAsk(ask))

    console.app.push_screen(Choice(plain(console.words("console.ask-state"), "bold"), choices), chosen)


def _to_reveal(scene: Scene) -> list[Ask]:
    """Questions with answers that the room has not seen with names, the newest first."""
    asks = [ask for inject in scene.state.released if inject in scene.plan.inject_by_id for ask in scene.plan.inject_by_id[inject].asks]
    return [ask for ask in reversed(asks) if scene.state.ask(ask.id).answers and scene.state.ask(ask.id).revealed != "names"]


def reveal(console: ConsoleScreen) -> None:
    """Shows the answers to a question: first as counts, then with names. That closes it."""
    if not console.ready:
        return
    scene = console.scene()
    waiting = _to_reveal(scene)
    if not waiting:
        console.app.refuse("panel.nothing-to-reveal", stands=lambda: not _to_reveal(console.scene()))
        return
    # What a row says is what it does, whatever happens before it is chosen: nobody's name is shown unawares.
    names = [bool(scene.state.ask(ask.id).revealed) for ask in waiting]
    hows = [console.words("panel.reveal-names" if named else "panel.reveal-counts") for named in names]
    choices = [plain(f"{how}  {line(ask.question, scene.language)}") for how, ask in zip(hows, waiting, strict=True)]

    def chosen(at: int | None) -> None:
        if at is not None:
            console.ask(c.RevealAnswers(waiting[at].id, names=names[at]))

    console.app.push_screen(Choice(plain(console.words("console.reveal"), "bold"), choices), chosen)


def indicators(console: ConsoleScreen) -> None:
    """Takes down an outcome that was measured; reported, never scored."""
    if not console.ready:
        return
    known = console.desk.exercise.indicators
    if not known:
        console.app.refuse("panel.no-indicators")
        return
    measured = console.desk.state.indicators
    choices = []
    for one in known:
        value = f"  {measured[one.id]:g} {one.unit}" if one.id in measured else f"  {one.unit}"
        choices.append(plain(f"{line(one.title, console.language)}{value}"))

    def chosen(at: int | None) -> None:
        if at is None:
            return
        indicator = known[at]

        def typed(text: str | None) -> None:
            value = None if text is None else typed_number(text)
            if value is not None:
                console.ask(c.MeasureIndicator(indicator.id, value))
            elif text is not None:
                console.app.refuse("panel.not-a-number")

        console.app.push_screen(Prompt(plain(line(indicator.title, console.language), "bold"), hint=indicator.unit), typed)

    console.app.push_screen(Choice(plain(console.words("console.indicators"), "bold"), choices), chosen)


def tips(console: ConsoleScreen) -> None:
    """Shows or hides what a practice run says about the keys."""
    if not console.ready or console.desk.kind != PRACTICE:
        console.app.refuse("practice.not-practice")
        return
    console.app.tips = not console.app.tips
    console.query_one(PracticeStrip).draw()
    console.app.tell("practice.coach-on" if console.app.tips else "practice.coach-off")


def take_over(console: ConsoleScreen) -> None:
    """Offers to drive in place of the console that does."""
    if console.ready and console.desk.read_only:
        console.app.offer_to_take_over()
    else:
        console.app.refuse("panel.drives-already", stands=lambda: console.ready and not console.desk.read_only)
