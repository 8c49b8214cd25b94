"""Devices, codes, lobby: how people join from a device, and how one falls back to paper cards.

Owns: the numbered ways from here. Refuses to own: making codes (store), what a card on paper looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from textual import events
from textual.content import Content

from tabletop import platform
from tabletop.engine.joining import VIEWER, control_seats, staffed_seats
from tabletop.errors import TabletopError
from tabletop.text import clean_line

from ...crowd import Crowd, Door, serve_again, there_now
from ...look import plain
from .code import CodePanel
from .devices import DevicesPanel
from .frame import Box, Choice, digit_of
from .seats import SeatsPanel

if TYPE_CHECKING:
    from tabletop.words import Words

    from ...app import TabletopApp

NO_CODE = "0000-0000"
"""As long as a code, and none."""

SPARE = 8
"""A page with other codes is longer by less than this part of it: the pattern of a code has more pieces than that of another."""

DOES = ("code", "cards", "room", "devices", "lock", "paper")
"""What the digits do, in order."""


def where_to_join(crowd: Crowd, run: str, words: Words) -> str:
    """At which address people join; where phones reach none, or none any more, what to do for that."""
    if crowd.address:
        return words("door.address", address=crowd.address)
    if crowd.ended is not None:
        return words("door.server-again", address=crowd.ended.address, command=serve_again(run, crowd.ended.address))
    return words("door.own-address", address=crowd.own_address, run=run) if crowd.own_address else words("door.no-address", run=run)


def lobby_lines(crowd: Crowd, run: str, words: Words) -> list[Content]:
    """Where people join, how many phones have said hello, how many devices are there. Holds no code: it may be seen by all."""
    shown = [plain(where_to_join(crowd, run, words))]
    shown.append(plain(" · ".join((words("door.hellos", n=crowd.hellos), *there_now(crowd, words))), "bold"))
    shown += [plain(words(f"door.{name}"), "bold $text-warning") for name, on in (("paper", crowd.paper), ("locked", crowd.locked)) if on]
    return shown


class LobbyPanel(Box[None]):
    """What there is to do about devices, each by its digit; it stays open, so that one sees phones arrive."""

    BINDINGS = [("up", "move(-1)", "up"), ("down", "move(1)", "down"), ("enter", "take", "take")]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.cursor = 0

    @property
    def crowd(self) -> Crowd:
        return self.desk.crowd

    def heading(self) -> Content:
        return plain(self.words("door.title"), "bold")

    def rows(self) -> list[Content]:
        shown = [piece for told in lobby_lines(self.crowd, self.desk.run, self.words) for piece in told.wrap(self.inner)]
        shown.append(Content(""))
        for index, name in enumerate(DOES):
            row = Content.assemble((f" {index + 1} ", "bold $text-accent"), plain(self._told(name))).truncate(self.inner, ellipsis=True)
            shown.append(row.stylize("reverse") if index == self.cursor else row)
        return shown

    def _told(self, name: str) -> str:
        codes = {
            "code": "code-for",
            "cards": "cards",
            "room": "code-room",
            "devices": "devices",
            "lock": "unlock" if self.crowd.locked else "lock",
            "paper": "use-devices" if self.crowd.paper else "use-paper",
        }
        return self.words(f"door.{codes[name]}")

    def keys(self) -> str:
        return self.words("panel.choose")

    def action_move(self, by: int) -> None:
        self.cursor = (self.cursor + by) % len(DOES)
        self.draw()

    def action_take(self) -> None:
        self._do(DOES[self.cursor])

    def on_key(self, event: events.Key) -> None:
        digit = digit_of(event.character)
        if digit is not None:
            event.stop()
            if 1 <= int(digit) <= len(DOES):
                self.cursor = int(digit) - 1
                self._do(DOES[self.cursor])

    def _do(self, name: str) -> None:
        match name:
            case "code":
                self.app.push_screen(SeatsPanel(), self._code_for)
            case "cards":
                print_cards(self.app)
            case "room":
                show_code(self.app, VIEWER)
            case "devices":
                self.app.push_screen(DevicesPanel())
            case "lock":
                turn_lobby(self.app, locked=not self.crowd.locked, then=self.draw)
            case _:
                turn_lobby(self.app, paper=not self.crowd.paper, then=self.draw)

    def _code_for(self, seat: str | None) -> None:
        if seat is not None:
            show_code(self.app, seat)


def turn_lobby(
    app: TabletopApp, *, locked: bool | None = None, paper: bool | None = None, then: Callable[[], object] | None = None
) -> None:
    """Locks or opens the lobby, falls back to paper cards or back to devices, and says so."""
    desk = app.desk
    if desk is None:
        return
    code = ("locked-now" if locked else "unlocked-now") if paper is None else ("paper-now" if paper else "devices-now")

    def done(_: object) -> None:
        app.tell(f"door.{code}")
        if then is not None:
            then()

    desk.at_door(lambda door: door.set_lobby(locked=locked, paper=paper), done, app.say)


def when_dark(app: TabletopApp, show: Callable[[], object]) -> None:
    """What nobody else may read is shown only once somebody has said that nobody else sees this screen."""
    words = app.words

    def chosen(at: int | None) -> None:
        if at == 1:
            show()

    title = Content.styled(words("door.sure"), "bold")
    app.push_screen(Choice(title, [plain(words("door.sure-no")), plain(words("door.sure-yes"))]), chosen)


def show_code(app: TabletopApp, seat: str) -> None:
    """Makes a code for a seat and shows it once; the one for the whole room needs no dark screen."""

    def made(codes: object) -> None:
        if isinstance(codes, dict):
            app.push_screen(CodePanel(seat, str(codes[seat])))

    def make() -> None:
        if app.desk is not None:
            app.desk.at_door(lambda door: door.new_codes([seat]), made, app.say)

    if seat == VIEWER:
        make()
    else:
        when_dark(app, make)


def seats_to_print(app: TabletopApp) -> list[str]:
    """Seats of a card each: roles, what the control team plays, sites, evaluators and recorders who have a code, the room.

    A seat whose code was used has its device already.
    """
    desk = app.desk
    if desk is None:
        return []
    known = {code.seat: code.used for code in desk.crowd.codes}
    sites = tuple(f"site:{site.id}" for site in desk.exercise.sites)
    seats = dict.fromkeys((*staffed_seats(desk.plan, desk.state), *control_seats(desk.plan, desk.state), *sites, *known, VIEWER))
    return [seat for seat in seats if seat == VIEWER or not known.get(seat, False)]


def free_path(folder: Path, stem: str) -> Path:
    """A name for a page that no file has yet: a page with codes is never written over an older one that somebody may be printing."""
    names = (f"{stem}{'' if number == 1 else f'-{number}'}.html" for number in range(1, 1000))
    return next(path for path in map(folder.joinpath, names) if not path.exists())


def reserved(path: Path, page: str) -> IO[str]:
    """A new file that only its owner may read, filled with as many blanks as a page like `page` has bytes at most. Raises OSError."""
    file = platform.create_private(path)
    try:
        size = len(page.encode())
        file.write(" " * (size + size // SPARE))
        file.flush()
    except OSError:
        with suppress(OSError):
            file.close()
        path.unlink(missing_ok=True)
        raise
    return file


def new_page(path: Path, seats: Sequence[str], make: Callable[[Mapping[str, str]], str], door: Door) -> OSError | None:
    """Gives `seats` new codes and writes the page that has them into a new file; why it could not be written, else None.

    A page takes its time to make: not for the app's thread. Raises TabletopError.
    """
    try:
        # Whatever can be wrong is found before the codes that people hold stop working.
        file = reserved(path, make(dict.fromkeys(seats, NO_CODE)))
    except OSError as error:
        return error
    try:
        with file:
            page = make(door.new_codes(seats))
            file.seek(0)
            file.write(page)
            file.truncate()
    except OSError as error:
        path.unlink(missing_ok=True)
        return error
    except TabletopError:
        path.unlink(missing_ok=True)
        raise
    return None


def print_cards(app: TabletopApp) -> None:
    """New codes for all seats as a page to print, in a file that nobody else on this machine can read."""
    desk, words = app.desk, app.words
    if desk is None or app.make_cards is None:
        return
    if not desk.crowd.address:
        app.refuse("door.cards-no-address")
        return
    cards, address = app.make_cards, desk.crowd.address

    def not_written(error: OSError) -> None:
        app.tell("door.cards-not", why=clean_line(error.strerror or str(error)))

    try:
        seats, path = seats_to_print(app), free_path(Path.cwd(), f"{desk.run}-cards")
    except OSError as error:
        not_written(error)
        return

    def chosen(at: int | None) -> None:
        if at == 1 and app.desk is not None:
            plan, state = desk.plan, desk.state
            app.desk.at_door(partial(new_page, path, seats, lambda codes: cards(plan, state, codes, address)), written, app.say)

    def written(error: object) -> None:
        if isinstance(error, OSError):
            not_written(error)
        else:
            app.tell("door.cards-written", file=clean_line(str(path)))

    title = plain(words("door.cards-sure", n=len(seats), file=clean_line(str(path))), "bold")
    app.push_screen(Choice(title, [plain(words("door.cards-no")), plain(words("door.cards-yes"))]), chosen)
