"""What was typed and never sent is on the screen again after a kill."""

from __future__ import annotations

from ...desk import Desk
from .decision import DecisionPanel
from .frame import Box, read_draft
from .note import NotePanel
from .speaker import SpeakerPanel


def panel_with_draft(desk: Desk) -> Box[None] | None:
    """The panel whose text was kept; None where none was."""
    if read_draft(desk.drafts.get(DecisionPanel.DRAFT, "")):
        return DecisionPanel(desk.elapsed_ms())
    if read_draft(desk.drafts.get(NotePanel.DRAFT, "")):
        return NotePanel(desk.elapsed_ms())
    kept = read_draft(desk.drafts.get(SpeakerPanel.DRAFT, ""))
    role, said_ms, text = kept.get("role"), kept.get("said_ms"), kept.get("text")
    if isinstance(role, str) and role in desk.exercise.role_by_id and isinstance(said_ms, int) and isinstance(text, str):
        return SpeakerPanel(role, said_ms, text)
    return None
