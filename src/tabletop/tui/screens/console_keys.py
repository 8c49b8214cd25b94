"""What each key of the console does. Owns the way from a key to a command or a panel; refuses to own drawing and panels."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tabletop.engine import commands as c
from tabletop.engine.rights import DRIVER
from tabletop.engine.schedule import timetable
from tabletop.errors import Refused
from tabletop.exercise.injects import Inject

from ..look import plain
from .panels.frame import Choice, Prompt

if TYPE_CHECKING:
    from .console import ConsoleScreen

TWICE_S = 3.0
"""Seconds within which a second `e` opens ENDEX."""

MORE_MS = 60_000
"""What `+` gives."""


def release(console: ConsoleScreen, key: str) -> None:
    if not console.ready:
        return
    scene = console.scene()
    row = console.target(scene)
    if row is None:
        console.app.refuse("console.nothing-left", stands=lambda: console.target(console.scene()) is None)
        return
    inject, reason_needed = row.inject, row.status == "off_path"
    asked_for, kept_back = row.status == "due", row.record.kept_back is not None
    if row.status == "released":
        console.selected = None
        console.app.say(Refused("refused.already-released", inject=inject.id))
        console.draw()
        return
    if not asked_for and key == "pagedown":
        console.app.refuse("console.page-down-never-early", stands=lambda: not _is_due(console))
    elif not asked_for and (console.armed, console.armed_kept_back) != (inject.id, kept_back):
        console.arm(inject.id)
    elif reason_needed:
        _ask_why(
            console, "console.off-path-why", inject, lambda why: console.ask(c.ReleaseInject(inject.id, why, as_planned=not kept_back))
        )
    else:
        console.ask(c.ReleaseInject(inject.id, as_planned=not kept_back))


def _is_due(console: ConsoleScreen) -> bool:
    """Whether what the release keys mean is due now."""
    row = console.target(console.scene())
    return row is not None and row.status == "due"


def _ask_why(console: ConsoleScreen, code: str, inject: Inject, then: Callable[[str], None], *, needed: bool = True) -> None:
    title = plain(console.words(code, inject=console.scene().title(inject.id)), "bold")
    prompt = Prompt(title, hint=console.words("console.reason"), needed=needed)
    console.app.push_screen(prompt, lambda why: None if why is None else then(why))


def speaker(console: ConsoleScreen, key: str, any_role: bool = False) -> None:
    """Opens the panel of the role with that digit; `0` waits for a second one, `any_role` for a choice of all."""
    if not console.ready:
        return
    from .panels.roles import RolePanel, role_of_digit
    from .panels.speaker import SpeakerPanel

    now_ms = console.app.pressed_ms()

    def opened(role: str | None) -> None:
        if role is not None:
            console.open_panel(SpeakerPanel(role, now_ms))

    if key == "0" or any_role:
        console.app.push_screen(RolePanel(console.words("panel.who-spoke"), zero=not any_role), opened)
        return
    role = role_of_digit(console.desk.exercise, key)
    if role is None:
        console.app.refuse("panel.no-such-role", number=key)
    else:
        opened(role)


def decision(console: ConsoleScreen) -> None:
    if console.ready:
        from .panels.decision import DecisionPanel

        console.open_panel(DecisionPanel(console.app.pressed_ms()))


def actions(console: ConsoleScreen) -> None:
    if console.ready:
        from .panels.marks import MarksPanel

        first = None
        if console.page == "actions":
            shown, at = console.page_actions(console.scene()), console.row - console.asks_on_page
            first = shown[at] if 0 <= at < len(shown) else None
        console.open_panel(MarksPanel(console.app.pressed_ms(), first=first))


def note(console: ConsoleScreen) -> None:
    if console.ready:
        from .panels.note import NotePanel

        console.open_panel(NotePanel(console.app.pressed_ms()))


def add(console: ConsoleScreen) -> None:
    if console.ready:
        from .panels.add import open_add

        open_add(console)


def who(console: ConsoleScreen) -> None:
    if console.ready:
        from .panels.who import WhoPanel

        console.open_panel(WhoPanel())


def message(console: ConsoleScreen) -> None:
    """What a role tells another: of a simulated role, or of people without a device."""
    if console.ready:
        from .panels.message import open_message

        open_message(console, console.app.pressed_ms())


def lobby(console: ConsoleScreen) -> None:
    if console.ready:
        from .panels.door import LobbyPanel

        console.open_panel(LobbyPanel())


def skip(console: ConsoleScreen) -> None:
    if not console.ready:
        return
    from .panels.fit import FitPanel

    row = console.target(console.scene())
    if row is None:
        console.app.refuse("console.nothing-left", stands=lambda: console.target(console.scene()) is None)
        return
    inject = row.inject
    words = console.words
    kept = row.record.kept_back
    last = "keep-back" if kept is None else "keep-back-end"
    choices = [words(f"console.skip-{name}") for name in ("skip", "later", "slide", "fit", "overtaken", last)]
    keys = "123456"

    def chosen(at: int | None) -> None:
        key = "" if at is None else keys[at]
        if key == "1":
            _ask_why(console, "console.skip-why", inject, lambda why: console.ask(c.SkipInject(inject.id, why)))
        elif key == "2":
            console.ask(c.DelayInject(inject.id))
        elif key == "3":
            console.ask(c.SlideInjects())
        elif key == "4":
            console.open_panel(FitPanel())
        elif key == "5":
            _ask_why(console, "console.overtaken-why", inject, lambda why: console.ask(c.SkipInject(inject.id, why, overtaken=True)))
        elif key == "6" and kept is not None:
            no_longer_kept_back(console, kept.seq)
        elif key == "6":
            _ask_why(console, "console.keep-back-why", inject, lambda why: console.ask(c.KeepInjectBack(inject.id, why)), needed=False)

    title = plain(words("console.skip-title", inject=console.scene().title(inject.id)), "bold")
    console.app.push_screen(Choice(title, [plain(choice) for choice in choices], keys=keys), chosen)


def no_longer_kept_back(console: ConsoleScreen, seq: int) -> None:
    """Takes back entry `seq`, which keeps an inject back; somebody else's wants a reason."""
    from .panels.take_back import take_back

    entry = next(entry for entry in reversed(console.desk.entries) if entry.seq == seq)
    take_back(console, entry, elsewhere=entry.actor != str(DRIVER))


def hint(console: ConsoleScreen) -> None:
    """The next probe of the inject on the table, then its hints: probes are free, a hint shows in the marks."""
    if not console.ready:
        return
    scene = console.scene()
    inject_id = scene.state.released[-1] if scene.state.released else None
    if console.selected is not None and scene.state.inject(console.selected).released_ms is not None:
        inject_id = console.selected
    if inject_id is None:
        console.app.refuse("console.nothing-released", stands=lambda: not console.desk.state.released)
        return
    inject, record = scene.plan.inject_by_id[inject_id], scene.state.inject(inject_id)
    if len(record.probes) < len(inject.probes):
        console.ask(c.ShowProbe(inject_id))
    elif len(record.hints) < len(inject.hints):
        text = console.words("console.hint-sure", n=len(record.hints) + 1, of=len(inject.hints))
        choices = [plain(console.words("console.hint-yes")), plain(console.words("console.hint-no"))]
        console.app.push_screen(Choice(plain(text, "bold"), choices), lambda at: console.ask(c.ShowHint(inject_id)) if at == 0 else None)
    else:
        console.app.refuse("console.no-more-hints")


def pause(console: ConsoleScreen) -> None:
    if not console.ready:
        return
    running = console.desk.state.clock.running if console.clock_asked is None else console.clock_asked
    _run_clock(console, not running)
    if running:
        _ask_pause_reason(console)


def _run_clock(console: ConsoleScreen, running: bool) -> None:
    console.armed, console.clock_asked = None, running

    def settled(_: object) -> None:
        console.clock_asked = None

    console.app.ask(c.Resume() if running else c.Pause(), then=settled, failed=settled)


def _ask_pause_reason(console: ConsoleScreen) -> None:
    from .panels.pause import GO_ON, REASONS, PausePanel

    def chosen(at: int | None) -> None:
        if at is None:
            return
        if at == GO_ON:
            _run_clock(console, True)
        elif REASONS[at] == "other":
            title = plain(console.words("console.pause-why"), "bold")
            other = lambda why: None if why is None else console.ask(c.ExplainPause(why or "other"))  # noqa: E731
            console.app.push_screen(Prompt(title, needed=False), other)
        else:
            console.ask(c.ExplainPause(REASONS[at]))

    console.app.push_screen(PausePanel(console.words), chosen)


def more_time(console: ConsoleScreen) -> None:
    if not console.ready:
        return
    scene = console.scene()
    selected = () if console.selected is None else tuple(ask.id for ask in scene.plan.inject_by_id[console.selected].asks)
    console.ask(c.ExtendAsks(selected, MORE_MS), lambda: console.app.tell("console.more-given"))


def take_back(console: ConsoleScreen) -> None:
    if not console.ready:
        return
    from .panels.take_back import take_back

    entries = console.desk.entries
    if console.page == "log" and entries:
        take_back(console, entries[len(entries) - 1 - console.row], elsewhere=True)
        return
    newest = console.desk.newest_to_take_back
    if newest is None:
        console.app.refuse("console.nothing-to-take-back", stands=lambda: console.desk.newest_to_take_back is None)
    else:
        take_back(console, newest)


def menu(console: ConsoleScreen) -> None:
    if console.armed is not None or console.selected is not None:
        console.armed = console.selected = None
        console.draw()
        return
    if console.page != console.home:
        console.turn(console.home)
        return
    from .panels.menu import open_menu

    open_menu(console)


def endex(console: ConsoleScreen) -> None:
    now = time.monotonic()
    if now - console.ending_at > TWICE_S:
        console.ending_at = now
        again = lambda: console.ending_at > 0  # noqa: E731
        console.app.refuse("console.endex-again", stands=again, seconds=TWICE_S)
    else:
        console.end()


def end(console: ConsoleScreen) -> None:
    """ENDEX: asks how it ended."""
    if not console.ready:
        return
    from .panels.endex import EndexPanel, end_as

    console.ending_at = 0.0

    def chosen(at: int | None) -> None:
        if at is not None:
            console.ask(end_as(at), lambda: console.app.go("evaluation"))

    console.app.push_screen(EndexPanel(console.words), chosen)


def next_page(console: ConsoleScreen) -> None:
    _turn_by(console, 1)


def previous_page(console: ConsoleScreen) -> None:
    _turn_by(console, -1)


def _turn_by(console: ConsoleScreen, by: int) -> None:
    pages = console.pages
    console.turn(pages[(pages.index(console.page) + by) % len(pages)])


def select_up(console: ConsoleScreen) -> None:
    _select(console, -1)


def select_down(console: ConsoleScreen) -> None:
    _select(console, 1)


def _select(console: ConsoleScreen, by: int) -> None:
    if not console.ready:
        return
    if console.page in ("actions", "room", "log"):
        console.row += by
        console.draw_choice()
        return
    scene = console.scene()
    table = timetable(scene.plan, scene.state)
    if console.selected is not None:
        at = table.place[console.selected] + by
    else:
        row = scene.next_line()
        at = table.place[row.inject.id] if row is not None else len(table.listed) - 1
    console.armed, console.scrolled = None, 0
    console.selected = table.listed[max(0, min(at, len(table.listed) - 1))].id
    console.draw_choice()


def scroll_up(console: ConsoleScreen) -> None:
    """One line up; from where the notes begin, to the top, and they are folded again."""
    lectern = console.lectern
    if _unfolded(console) and console.scrolled <= lectern.notes_at:
        lectern.unfolded, console.scrolled = None, 0
    else:
        console.scrolled -= 1
    console.draw_choice()


def scroll_down(console: ConsoleScreen) -> None:
    """Unfolds the notes, with their first line in sight; then one line down."""
    lectern = console.lectern
    if console.ready and console.page == "lectern" and lectern.holds_back:
        lectern.unfolded, console.scrolled = console.on_table(console.scene()), 0
        console.draw_choice()
        console.scrolled = lectern.notes_at
    else:
        console.scrolled += 1
    console.draw_choice()


def _unfolded(console: ConsoleScreen) -> bool:
    """Whether the notes of the card in sight were unfolded."""
    unfolded = console.lectern.unfolded
    return console.ready and console.page == "lectern" and unfolded is not None and unfolded == console.on_table(console.scene())


def restore_draft(console: ConsoleScreen) -> None:
    """Opens the panel whose text was left by a kill, once after opening; while a real emergency stands it waits.

    What is being typed at a console that drives is not for here; whoever takes over finds it where it was begun.
    """
    raised = console.desk.state.emergency
    if console.draft_looked_at:
        return
    if console.app.screen is not console or (raised is not None and raised.confirmed):
        console.draft_waits = True
        return
    console.draft_looked_at = True
    if console.desk.state.phase != "running" or console.desk.read_only:
        return
    from .panels.restore import panel_with_draft

    panel = panel_with_draft(console.desk)
    if panel is not None:
        if console.draft_waits:
            # Hands are at work on what stood above: the key that ended it, pressed once more, sends no draft.
            console.app.unasked.opens(panel)
        console.open_panel(panel)
        console.app.tell("console.draft-back")
