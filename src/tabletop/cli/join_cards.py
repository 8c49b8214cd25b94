"""Cards to join with, as a file to print: codes for seats are made anew, written once, and kept as hashes only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tabletop import platform
from tabletop.cli.output import writing
from tabletop.cli.stored import played
from tabletop.errors import Exit, TabletopError

if TYPE_CHECKING:
    from tabletop.engine.plan import Plan
    from tabletop.engine.state import State
    from tabletop.store import RunRow, Store

ALL_ROLES = "roles"
"""Stands for every role that people play."""


def write_cards(store: Store, row: RunRow, path: Path, seats: Sequence[str], address: str) -> tuple[int, int]:
    """Make codes for seats, for every staffed role and the room's viewers where none is named, and write their cards.

    How many, and for how many of them a code was out that may be used still: it opens nothing any more. Raises TabletopError for what
    is no seat, a file that is there or cannot be written, a missing extra; then no code is made.
    """
    from tabletop.codes import join_link, qr_svg
    from tabletop.engine.joining import VIEWER, seat_asked, staffed_seats
    from tabletop.engine.plan import plan_of
    from tabletop.web.cards import cards_page

    exercise, state, _ = played(store, row)
    plan = plan_of(exercise, state)
    wanted: list[str] = []
    for seat in seats or (ALL_ROLES, VIEWER):
        wanted += staffed_seats(plan, state) if seat == ALL_ROLES else [seat_asked(plan, state, seat)]
    # Whatever can be wrong is found before the codes that are out there stop working.
    qr_svg(join_link(address, "0000-0000"))
    if path.exists():
        raise TabletopError("codes.file-there", exit_code=Exit.USAGE, path=str(path))
    with writing(path), platform.create_private(path) as file:
        unused = {seat for seat, code in store.seats.codes(row.id).items() if code.used_ms is None}
        codes = store.seats.new_codes(row.id, list(dict.fromkeys(wanted)))
        file.write(cards_page(plan, state, codes, address))
    return len(codes), len(unused & codes.keys())


def join_cards(plan: Plan, state: State, codes: Mapping[str, str], address: str) -> str:
    """A page to print with a card for each seat of `codes`. Raises TabletopError where the extra `web` is not installed."""
    from tabletop.web.cards import cards_page

    return cards_page(plan, state, codes, address)
