"""What was typed and never sent is on the screen again after a kill."""

from __future__ import annotations

from ...desk import Desk
from .decision import DecisionPanel
from .frame import Box, read_draft
from .message import MessagePanel
from .note import NotePanel
from .speaker import SpeakerPanel


def panel_with_draft(desk: Desk) -> Box[None] | MessagePanel | None:
    """The panel whose text was kept; None where none was."""
    if read_draft(desk.drafts.get(DecisionPanel.DRAFT, "")):
        return DecisionPanel(desk.elapsed_ms())
    if read_draft(desk.drafts.get(NotePanel.DRAFT, "")):
        return NotePanel(desk.elapsed_ms())
    for name, text in desk.drafts.items():
        kind, _, role = name.partition(":")
        if kind == SpeakerPanel.DRAFT and role in desk.exercise.role_by_id and read_draft(text):
            return SpeakerPanel(role, desk.elapsed_ms())
        sender, _, to = role.partition(":")
        if kind == MessagePanel.DRAFT and {sender, to} <= desk.exercise.role_by_id.keys() and read_draft(text):
            return MessagePanel(sender, to, desk.elapsed_ms())
    return None
