"""`tabletop serve`: browser seats and a wall in the browser, for people with a code."""

from __future__ import annotations

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

PORT = 8765
"""Where people look for it, unless that is taken or another is named."""

EXTRA = ("starlette", "uvicorn", "jinja2", "python_multipart")
"""What the extra `web` brings."""


@tabletop_command("serve")
@click.argument("run")
@click.option("--port", metavar="N", type=click.IntRange(0, 65535), default=PORT)
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
    port: int,
    lan: str | None,
    names: tuple[str, ...],
    tls_cert: str | None,
    tls_key: str | None,
    site: str | None,
    cards: str | None,
    seats: tuple[str, ...],
) -> None:
    """Serves a run until ctrl+c. Raises TabletopError for what cannot be opened or listened on."""
    words = said.words
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError(words("serve.cert-and-key"))
    if any(find_spec(name) is None for name in EXTRA):
        raise TabletopError("serve.not-installed", exit_code=Exit.USAGE)
    from tabletop.web.server import Server, Where, lan_address

    with open_store(said) as store:
        row = store.find_run(run, open_only=True)
        before = 0 if port else store.seats.last_port(row.id)
        if site:
            _require_site(store, row, site)
    listens = lan_address(lan) if lan else ""
    where = Where(port, before, listens, tuple(name.strip() for name in names), _file(tls_cert), _file(tls_key))

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

    if seats and not cards:
        raise click.UsageError(words("serve.seat-and-cards"))
    try:
        server = Server(where, opened, site or "")
    except TabletopError:
        # Cards for a run that is served already: that server goes on, and this one is not needed.
        address = _served_at(said, row) if cards else ""
        if not cards or not address:
            raise
        _write(said, row, cards, seats, address)
        return
    if cards:
        try:
            _write(said, row, cards, seats, server.addresses[0])
        except BaseException:
            server.close()
            raise

    def tell() -> None:
        said.narration.note("serve.serving", run=row.id)
        if lan and tls_cert is None:
            said.narration.note("serve.no-tls")
        said.narration.note("serve.codes")
        for address in server.addresses:
            said.output.line(address)
        said.output.finish()

    server.run(tell, said.narration.crash)


def _served_at(said: Invocation, row: RunRow) -> str:
    """Where another process serves the run to other devices; empty where none does."""
    with open_store(said) as store:
        return store.seats.served_at(row.id) or ""


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
        n = write_cards(store, row, path, seats, address)
    said.narration.note("codes.written", n=n, path=str(path), address=address)
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
