"""The debrief as Markdown: a first page for a leader, then the three blocks and the records they rest on."""

from __future__ import annotations

from tabletop.debrief.model import Debrief

from .markdown_front import front, handling
from .markdown_sections import actions, appendix, decisions, evaluation, happened, suggestions, timeline
from .wording import Wording

SECTIONS = (front, happened, evaluation, suggestions, timeline, actions, decisions, appendix)


def render(debrief: Debrief, language: str = "en") -> bytes:
    """UTF-8 Markdown in `language`; the same bytes for the same log, template and language."""
    wording = Wording(debrief, language)
    lines = [line for section in SECTIONS for line in section(debrief, wording)]
    lines += handling(debrief, wording)
    return ("\n".join(lines).rstrip("\n") + "\n").encode("utf-8")
