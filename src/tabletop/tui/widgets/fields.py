"""The fields for words below what a seat is asked: none, one, or one for each element of a report.

Owns: laying fields out and finding them. Refuses to own: what is typed into them (`tasks.Reply`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from .writing import Writing


@dataclass(frozen=True, slots=True)
class Row:
    """A field: its name in the reply, what stands before it, what stands in it."""

    name: str
    label: Content
    text: str
    placeholder: str = ""


class Fields(Vertical):
    """Rows of a label and a field each."""

    DEFAULT_CSS = """
    Fields { height: auto; }
    Fields Horizontal { height: auto; }
    Fields Static { width: auto; max-width: 45%; height: auto; padding: 0 1 0 0; }
    """

    async def lay(self, rows: Sequence[Row]) -> None:
        """Puts these fields in the place of those there were."""
        await self.remove_children()
        made = [Horizontal(Static(row.label), Writing(row.name, row.text, row.placeholder)) for row in rows]
        if made:
            await self.mount_all(made)

    @property
    def all(self) -> list[Writing]:
        return list(self.query(Writing))

    def named(self, name: str) -> Writing | None:
        return next((writing for writing in self.all if writing.field == name), None)

    def beside(self, writing: Writing, by: int) -> Writing | None:
        """The field `by` rows below; None where there is none."""
        fields = self.all
        at = fields.index(writing) + by if writing in fields else -1
        return fields[at] if 0 <= at < len(fields) else None
