"""Join codes as something to scan: the link, and its QR on a terminal and on paper, read back module by module."""

from __future__ import annotations

import re
import sys

import pytest
import segno

from tabletop.codes import HALVES, QUIET, QUIET_CELLS, join_link, qr_lines, qr_svg
from tabletop.errors import TabletopError
from tabletop.text import cells

LINK = join_link("http://192.168.100.200:8765/", "7K2M-9QXD")


def modules(link: str, border: int) -> list[list[bool]]:
    return [[bool(module) for module in row] for row in segno.make_qr(link, error="m", boost_error=False).matrix_iter(border=border)]


def test_the_link_leads_to_the_door_with_the_code_in_it() -> None:
    assert LINK == "HTTP://192.168.100.200:8765/J/7K2M9QXD"


def test_the_terminal_shows_every_module_in_a_square_that_fits_a_small_window() -> None:
    lines = qr_lines(LINK)
    assert {cells(line) for line in lines} == {29}
    assert len(lines) == 15
    pairs = {char: pair for pair, char in HALVES.items()}
    read = [[half for char in line for half in (pairs[char][row],)] for line in lines for row in (0, 1)]
    wanted = modules(LINK, QUIET_CELLS)
    assert read[: len(wanted)] == wanted
    assert not any(any(row) for row in read[len(wanted) :])


def test_the_image_for_paper_draws_the_same_modules() -> None:
    svg = qr_svg(LINK)
    assert re.search(r'viewBox="0 0 (\d+) \1"', svg)
    drawn = set()
    path = re.search(r'stroke="#000" d="([^"]+)"', svg)
    assert path is not None
    x, y = 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]+)", path[1]):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "h":
            drawn |= {(int(x) + step, int(y)) for step in range(int(values[0]))}
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    wanted = {(x, y) for y, row in enumerate(modules(LINK, QUIET)) for x, dark in enumerate(row) if dark}
    assert drawn == wanted


def test_where_the_extra_is_missing_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    with pytest.raises(TabletopError) as raised:
        qr_lines(LINK)
    assert raised.value.code == "codes.no-qr"
