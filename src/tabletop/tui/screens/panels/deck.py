"""An inject from a deck: found by typing, its slots filled by digits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tabletop.engine import commands as c
from tabletop.engine.events import Entry
from tabletop.errors import TabletopError
from tabletop.exercise.injects import Inject
from tabletop.exercise.model import Deck

from ...look import KIND_SIGNS, line, plain, spread
from .add import free_id, id_added
from .frame import Box, Choice, Field
from .roles import RolePanel


@dataclass(frozen=True, slots=True)
class Offer:
    """One inject of one deck."""

    path: Path
    deck: Deck
    inject: Inject

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots that this inject names, in the order of the deck."""
        inject = self.inject
        named = {*inject.to, *(role for ask in inject.asks for role in ask.to), *(action.by for action in inject.expects)}
        named |= {action.objective for action in inject.expects}
        named |= {option.acting for ask in inject.asks for option in ask.options if option.acting is not None}
        return tuple(slot for slot in self.deck.slots if slot in named)


class DeckPanel(Box[str]):
    """Injects of all decks. Gives the id of the added one once it is recorded."""

    AUTO_FOCUS = "Field"
    BINDINGS: ClassVar = [("up", "move(-1)", "up"), ("down", "move(1)", "down")]

    def __init__(self) -> None:
        super().__init__()
        self.offers: list[Offer] = []
        self.loading_decks = True
        self.cursor = 0
        self._filled: dict[str, str] = {}
        self._sending = False

    def fields(self) -> Iterable[Widget]:
        yield Field(self.words("panel.deck-search"))

    def on_mount(self) -> None:
        super().on_mount()
        self._load()

    @work(thread=True, exit_on_error=True)
    def _load(self) -> None:
        library = self.app.library
        if library is None:
            from tabletop.library import Library

            library = Library()
        found = [
            Offer(entry.path, entry.deck, inject)
            for entry in library.deck_entries()
            if entry.deck is not None
            for inject in entry.deck.injects
        ]
        self.app.call_from_thread(self._loaded, found)

    def _loaded(self, offers: list[Offer]) -> None:
        self.offers, self.loading_decks = offers, False
        self.draw()

    def matching(self) -> list[Offer]:
        """The injects that hold every word of the search."""
        typed = self.query_one(Field).value.casefold().split()
        return [offer for offer in self.offers if all(word in _searched(offer, self.language) for word in typed)]

    def heading(self) -> Content:
        return plain(self.words("panel.deck-title"), "bold")

    def rows(self) -> list[Content]:
        if self.loading_decks:
            return [plain(self.words("panel.deck-loading"))]
        found = self.matching()
        if not found:
            return [plain(self.words("panel.deck-nothing"))]
        self.cursor = max(0, min(self.cursor, len(found) - 1))
        return self.listed(len(found), lambda index: self._row(found[index]), self.cursor, self.most_rows - 3)

    def _row(self, offer: Offer) -> Content:
        left = plain(f" {KIND_SIGNS[offer.inject.kind]} {line(offer.inject.title, self.language)}")
        return spread(left, plain(line(offer.deck.title, self.language), "$text-muted"), self.inner)

    def keys(self) -> str:
        return self.words("panel.deck-keys")

    def action_move(self, by: int) -> None:
        self.cursor += by
        self.draw()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.cursor = 0
        self.draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        found = self.matching()
        if found and not self._sending:
            self._filled = {}
            self._fill(found[self.cursor])

    def _fill(self, offer: Offer) -> None:
        """Asks for the next open slot; with all of them filled, adds the inject."""
        missing = next((slot for slot in offer.slots if slot not in self._filled), None)
        if missing is None:
            self._add(offer)
            return
        exercise = self.desk.exercise
        title = self.words("panel.deck-slot", slot=missing, inject=line(offer.inject.title, self.language))
        if offer.deck.slots[missing] == "role":
            self.app.push_screen(RolePanel(title), lambda role: self._filled_with(offer, missing, role))
        else:
            choices = [plain(line(objective.title, self.language)) for objective in exercise.objectives]

            def chosen(at: int | None) -> None:
                self._filled_with(offer, missing, None if at is None else exercise.objectives[at].id)

            self.app.push_screen(Choice(plain(title, "bold"), choices), chosen)

    def _filled_with(self, offer: Offer, slot: str, name: str | None) -> None:
        if name is not None:
            self._filled[slot] = name
            self._fill(offer)

    def _add(self, offer: Offer) -> None:
        from tabletop.exercise.loading import inject_of_deck

        taken = self.desk.plan
        beside: dict[str, object] = {"at": "hold"}
        if offer.inject.id in taken.inject_by_id:
            beside["id"] = free_id(taken.inject_by_id, offer.inject.id[:56])
        try:
            data = inject_of_deck(offer.path, offer.inject.id, self._filled, self.desk.exercise, **beside)
        except TabletopError as error:
            self.app.say(error)
            return
        self._sending = True
        origin = f"{offer.deck.deck}/{offer.inject.id}"
        self.app.ask(c.AddInject(data, origin), then=self._done, failed=self._failed)

    def _done(self, entries: list[Entry]) -> None:
        self.dismiss(id_added(entries))

    def _failed(self, error: TabletopError) -> None:
        self._sending = False


def _searched(offer: Offer, language: str) -> str:
    inject = offer.inject
    return f"{inject.id} {line(inject.title, language)} {line(offer.deck.title, language)} {inject.kind}".casefold()
