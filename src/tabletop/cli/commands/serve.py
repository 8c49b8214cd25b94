"""`tabletop serve`: browser seats and a wall in the browser, for people with a code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.stored import open_store, played
from tabletop.errors import Exit, NotFound, TabletopError

if TYPE_CHECKING:
    from tabletop.conductor import Joined
    from tabletop.store import RunRow, Store
    from tabletop.web.server import Server, Where

PORT = 8765
"""Where people look for a run that was never served, unless another port is named."""

EXTRA = ("starlette", "uvicorn", "jinja2", "python_multipart")
"""What the extra `web` brings."""


@tabletop_command("serve")
@click.argument("run")
@click.option("--port", metavar="N", type=click.IntRange(0, 65535))
@click.option("--lan", metavar="ADDRESS")
@click.option("--host", "names", metavar="NAME", multiple=True)
@click.option("--tls-cert", metavar="FILE")
@click.option("--tls-key", metavar="FILE")
@click.option("--site", metavar="ID")
@click.option("--cards", metavar="FILE")
@click.option("--seat", "seats", metavar="SEAT", multiple=True)
@click.pass_obj
def command(
    said: Invocation,
    /,
    run: str,
    port: int | None,
    lan: str | None,
    names: tuple[str, ...],
    tls_cert: str | None,
    tls_key: str | None,
    site: str | None,
    cards: str | None,
    seats: tuple[str, ...],
) -> None:
    """Serves a run until ctrl+c. Raises TabletopError for what cannot be opened or listened on."""
    _require_whole(said, tls_cert, tls_key, cards, seats)
    from tabletop.web.server import Where, host_name, lan_address

    with open_store(said) as store:
        row = store.find_run(run, open_only=True)
        last = _last(store, row)
        if site:
            _require_site(store, row, site)
    # A port that is named is meant; else phones find the run where they found it before.
    before = 0 if port else last.port
    otherwise = last.port if last.lives else PORT
    listens, named = lan_address(lan) if lan else "", tuple(map(host_name, names))
    where = Where(otherwise if port is None else port, before, listens, named, _file(tls_cert), _file(tls_key))
    server = _server(said, row, where, site or "", cards, seats)
    if server is not None:
        server.run(_told(said, row, server, last), said.narration.crash)


@dataclass(frozen=True, slots=True)
class _Last:
    """Where a run was served last."""

    address: str
    """Empty: nowhere."""
    port: int
    lives: bool
    """Whether that server still runs."""


def _last(store: Store, row: RunRow) -> _Last:
    seats = store.seats
    return _Last(seats.lobby(row.id).address, seats.last_port(row.id), seats.served_at(row.id) is not None)


def _require_whole(said: Invocation, cert: str | None, key: str | None, cards: str | None, seats: tuple[str, ...]) -> None:
    """What belongs together was given together, and the extra is installed. Raises UsageError, TabletopError."""
    if (cert is None) != (key is None):
        raise click.UsageError(said.words("serve.cert-and-key"))
    if seats and not cards:
        raise click.UsageError(said.words("serve.seat-and-cards"))
    if any(find_spec(name) is None for name in EXTRA):
        raise TabletopError("serve.not-installed", exit_code=Exit.USAGE)


def _server(said: Invocation, row: RunRow, where: Where, site: str, cards: str | None, seats: tuple[str, ...]) -> Server | None:
    """A server that listens, its cards written; None where another serves the run and cards alone were wanted. Raises TabletopError."""
    from tabletop.web.server import Server

    try:
        server = Server(where, _opening(said, row), site)
    except TabletopError as error:
        with open_store(said) as store:
            last = _last(store, row)
        served = error.code == "serve.cannot-listen" and last.lives and where.port == last.port
        # Cards for a run that is served already: that server goes on, and this one is not needed.
        if cards and served and where.lan in last.address:
            _write(said, row, cards, seats, last.address)
            return None
        if served:
            raise TabletopError("serve.already", exit_code=Exit.USAGE, address=last.address) from error
        raise
    if cards:
        try:
            _write(said, row, cards, seats, server.addresses[0])
        except BaseException:
            server.close()
            raise
    return server


def _opening(said: Invocation, row: RunRow) -> Callable[[], Joined]:
    """What opens the run on the server's own thread."""

    def opened() -> Joined:
        from tabletop.conductor import join
        from tabletop.conductor import open_store as open_to_write
        from tabletop.engine.rights import Actor
        from tabletop.scoring.projection import rows

        kept = open_to_write(said.store, create=False)
        try:
            return join(kept, kept.find_run(row.id), Actor("viewer"), rows=rows)
        except BaseException:
            kept.close()
            raise

    return opened


def _told(said: Invocation, row: RunRow, server: Server, last: _Last) -> Callable[[], None]:
    """What is said once the server listens: also that cards printed for where it was before do not lead there."""

    def tell() -> None:
        said.narration.note("serve.serving", run=row.id)
        if server.where.lan and server.where.cert is None:
            said.narration.note("serve.no-tls")
        if last.address not in ("", *server.addresses) and not last.lives:
            said.narration.note("serve.moved", before=last.address)
        said.narration.note("serve.codes")
        for address in server.addresses:
            said.output.line(address)
        said.output.finish()

    return tell


def _require_site(store: Store, row: RunRow, site: str) -> None:
    """The exercise has that site. Raises NotFound."""
    exercise, _, _ = played(store, row)
    known = [place.id for place in exercise.sites]
    if site not in known:
        raise NotFound("station.no-site" if known else "station.no-sites", name=site, known=", ".join(known))


def _write(said: Invocation, row: RunRow, cards: str, seats: tuple[str, ...], address: str) -> None:
    from tabletop.cli.join_cards import write_cards

    path = Path(cards).expanduser()
    with open_store(said) as store:
        n, replaced = write_cards(store, row, path, seats, address)
    said.narration.note("codes.written", n=n, path=str(path), address=address)
    if replaced:
        said.narration.note("codes.replaced", n=replaced)
    if "//127." in address or "//localhost" in address:
        said.narration.note("codes.loopback", address=address)


def _file(name: str | None) -> Path | None:
    """A file that is there. Raises NotFound."""
    if name is None:
        return None
    path = Path(name).expanduser()
    if not path.is_file():
        raise NotFound("serve.no-file", path=str(path))
    return path
