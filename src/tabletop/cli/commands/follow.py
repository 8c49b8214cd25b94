"""`tabletop follow`: a run as plain appended lines, for a screen reader or a log; whole, or what one seat may see."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from tabletop import platform
from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.output import SCHEMA_VERSION
from tabletop.errors import Exit, NotFound, TabletopError

if TYPE_CHECKING:
    from tabletop.conductor import Conductor, Joined
    from tabletop.engine.views import SeatView
    from tabletop.tui.told_seat import Said

LOOK_S = 0.05
"""Seconds between two looks at what others wrote."""

NOBODY_LOCKS = frozenset({"rehearsal", "collected"})
"""Sorts of runs that nobody goes on with: what stands in their log is all there will be."""

Line = tuple["Said", dict[str, object]]
"""A line, and what `--json` says beside its words."""


@tabletop_command("follow")
@click.argument("run")
@click.option("--role", "roles", multiple=True, metavar="ROLE")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(said: Invocation, run: str, roles: tuple[str, ...], as_json: bool) -> Exit:
    """Prints what came before, then what is new, until the ratings of an ended run are locked; a run that was left is printed whole.

    Raises NotFound, TabletopError.
    """
    from tabletop.conductor import join, open_store
    from tabletop.engine.rights import Actor

    with open_store(said.store, create=False) as store:
        joined = join(store, store.find_run(run, open_only=True), Actor("viewer"))
        if roles:
            tell = _seat(joined.conductor, _known_roles(joined.conductor, roles), said)
        else:
            tell = _whole(joined.conductor, said)
            said.narration.note("follow.holds-everything")
        _follow(said, joined, tell, as_json=as_json)
    return Exit.OK


def _known_roles(conductor: Conductor, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of roles that are named as `role_named` knows them. Raises NotFound for one that there is not."""
    from tabletop.engine.roles import role_named

    known = conductor.exercise.role_by_id
    roles: list[str] = []
    for name in asked:
        role = role_named(conductor.plan, name)
        if role is None:
            raise NotFound("follow.no-role", name=name, known=", ".join(get_close_matches(name, known, 1) or known))
        roles.append(role)
    return tuple(roles)


def _seat(conductor: Conductor, roles: tuple[str, ...], said: Invocation) -> Callable[[], Iterator[Line]]:
    """What these roles, and those played with them, may see: nothing that `seat_view` does not give is said."""
    from tabletop.engine.around import Around
    from tabletop.engine.evolve import standing
    from tabletop.engine.moments import Course, Moment
    from tabletop.engine.roles import roles_at_seat
    from tabletop.engine.seats import seat_view
    from tabletop.tui.told_seat import SeatTeller

    teller, course = SeatTeller(said.words), Course(conductor.exercise)

    def view(moment: Moment, around: Around) -> SeatView:
        own = roles_at_seat(moment.state, moment.plan, roles)
        return seat_view(moment.plan, moment.state, own, moment.now_ms, around=around)

    def told(now_ms: int) -> Iterator[Said]:
        # What was taken back before anybody asked is told to nobody who did not see it.
        entries = conductor.entries if course.begun else standing(conductor.entries)
        around = conductor.around if course.begun else Around(conductor.devices)
        for moment in course.moments(entries, now_ms, lambda then: teller.keys(view(then, around))):
            yield from teller.told(view(moment, around if moment.entry is None else around.then(moment.entry.wall_ms)))
        course.go_on(conductor.state, len(conductor.entries))
        yield from teller.told(view(Moment(conductor.plan, conductor.state, now_ms), conductor.around))

    def tell() -> Iterator[Line]:
        for line in told(conductor.elapsed_ms()):
            yield line, {"exercise_s": line.at_ms / 1000, "kind": line.kind, "text": line.text, **line.about}

    return tell


def _whole(conductor: Conductor, said: Invocation) -> Callable[[], Iterator[Line]]:
    """Every entry, and what falls due."""
    from tabletop.cli.commands.log import event_row
    from tabletop.tui.told import RunTeller

    teller = RunTeller(said.words)

    def tell() -> Iterator[Line]:
        for line, entry in teller.told(conductor):
            beside = {"exercise_s": line.at_ms / 1000, "kind": line.kind} if entry is None else event_row(entry)
            yield line, {**beside, **line.about, "text": line.text}

    return tell


def _follow(said: Invocation, joined: Joined, tell: Callable[[], Iterator[Line]], *, as_json: bool) -> None:
    """Prints what `tell` says, and goes on until there can be nothing more. Raises BrokenPipeError where nobody reads any more."""
    from tabletop.conductor.watching import Watch
    from tabletop.tui.told_seat import shown

    output, conductor = said.output, joined.conductor
    watch, waiting = Watch(conductor, joined.store), False
    watch.look()
    left = _left(joined)
    while True:
        for line, beside in tell():
            if as_json:
                output.json_line({"schema_version": SCHEMA_VERSION, **beside})
            else:
                output.line(shown(line), line.style)
        output.finish()
        if left or _over(conductor, joined.kind):
            return
        time.sleep(LOOK_S)
        if platform.reader_gone(output.stream):
            raise BrokenPipeError
        conductor.clockwork.look()
        try:
            conductor.follow()
            watch.look()
            waiting = False
        except TabletopError as error:
            if error.exit_code != Exit.IN_USE:
                raise
            if not waiting:
                said.narration.note("follow.waiting", why=said.words(error.code, **error.values))
            waiting = True


def _left(joined: Joined) -> bool:
    """Whether the exercise had ended before anybody asked, and no console is there any more: what stands in the log is all."""
    from tabletop.store.lease import Lease

    last = Lease.look(joined.store, joined.conductor.run)
    return joined.conductor.state.phase == "ended" and (last is None or not last.alive)


def _over(conductor: Conductor, kind: str) -> bool:
    """Whether the exercise has ended and its ratings stand, or nobody will ever go on with the run."""
    state = conductor.state
    return state.phase == "ended" and (state.locked or kind in NOBODY_LOCKS)
