"""A code as something to scan: the link behind it, and its QR as terminal text or as an image for paper.

Owns: the form of the link. Refuses to own: making codes (store), where they are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import TabletopError

if TYPE_CHECKING:
    import segno

QUIET = 4
"""Modules of white around a QR: what scanners are promised."""

QUIET_CELLS = 2
"""The same on a terminal, where the screen around the white goes on being dark."""

HALVES = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
"""Two modules above each other in one cell, by whether they are dark."""


def join_link(address: str, code: str) -> str:
    """Where a code is taken: what the QR of a card says. `address` as the server prints it, `code` as it is shown.

    In capital letters, which make a QR a third smaller; scheme and host are the same in either, the server takes the path in either.
    """
    return f"{address.rstrip('/')}/J/{code.replace('-', '')}".upper()


def qr_lines(link: str) -> tuple[str, ...]:
    """The QR of a link as lines of text, two modules in one cell, quiet zone included, dark modules drawn.

    To be shown black on white whatever the theme: scanners want dark on light. 29 cells by 15 lines for a link to an IPv4 address.
    Raises TabletopError where the extra `web` is not installed.
    """
    matrix = [tuple(bool(module) for module in row) for row in _qr(link).matrix_iter(border=QUIET_CELLS)]
    if len(matrix) % 2:
        matrix.append((False,) * len(matrix[0]))
    pairs = zip(matrix[::2], matrix[1::2], strict=True)
    return tuple("".join(HALVES[pair] for pair in zip(above, below, strict=True)) for above, below in pairs)


def qr_svg(link: str) -> str:
    """The QR of a link as an SVG element that scales with its box. Raises TabletopError where the extra `web` is not installed."""
    return str(_qr(link).svg_inline(border=QUIET, omitsize=True, svgclass="qr", lineclass=None, light="#fff"))


def _qr(link: str) -> segno.QRCode:
    try:
        import segno
    except ModuleNotFoundError as missing:
        raise TabletopError("codes.no-qr") from missing
    return segno.make_qr(link, error="m", boost_error=False)
