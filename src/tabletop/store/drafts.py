"""Drafts: what somebody has typed and not sent. Outside the log; a closed terminal loses none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .engine import Store


class Drafts:
    """Drafts of every seat, by run, seat and field."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, run: str, seat: str, field: str, text: str) -> None:
        """Keep what stands in a field; an empty text is no draft. Raises what `Store.writing` raises."""
        if not text:
            self.clear(run, seat, field)
            return
        with self._store.writing() as writer:
            writer.execute(
                "INSERT INTO draft (run, seat, field, text) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (run, seat, field) DO UPDATE SET text = excluded.text",
                (run, seat, field, text),
            )

    def load(self, run: str, seat: str) -> dict[str, str]:
        """The drafts of a seat by field."""
        with self._store.reading() as reader:
            return dict(reader.execute("SELECT field, text FROM draft WHERE run = ? AND seat = ? ORDER BY field", (run, seat)))

    def clear(self, run: str, seat: str, field: str | None = None) -> None:
        """Forget the draft of a field, or of the whole seat; costs no write where there is none."""
        where, values = "run = ? AND seat = ?", [run, seat]
        if field is not None:
            where, values = where + " AND field = ?", [*values, field]
        with self._store.reading() as reader:
            if reader.execute(f"SELECT 1 FROM draft WHERE {where}", values).fetchone() is None:
                return
        with self._store.writing() as writer:
            writer.execute(f"DELETE FROM draft WHERE {where}", values)
