"""Reports: one module a format, one row each in `FORMATS`. A report lays a debrief out and works nothing out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tabletop.debrief.model import Debrief

from . import to_json, to_markdown


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a debrief."""

    render: Callable[[Debrief, str], bytes]
    """Takes the debrief and the language of the document."""
    suffix: str


FORMATS: dict[str, Format] = {
    "md": Format(to_markdown.render, ".md"),
    "json": Format(to_json.render, ".json"),
}
"""Every format by the name that `--format` takes."""
