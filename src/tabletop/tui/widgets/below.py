"""What lies below a panel, drawn as it is.

Textual draws it anew through Rich for every key; here the strips of the screen below are taken as they are, which keeps
typing in a panel as quick as in a plain field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

if TYPE_CHECKING:
    from textual.screen import Screen


class Below(Visual):
    """The screen below as a picture, without anything that could be clicked."""

    def __init__(self, screen: Screen[object]) -> None:
        self._screen = screen

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        return [strip for strip in self._screen._compositor.render_strips() if strip.cell_length == width]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._screen.size.height
